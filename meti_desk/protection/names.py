"""Which names of files inside a protected file are followed, and which are refused."""

import re

_MOST = 255
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\\u202a-\u202e\u2066-\u2069]')


def is_safe_name(name: str) -> bool:
    """Tell whether a relative name stays inside its folder on every system.

    Refused are absolute names, drives, `..`, back slashes, device names of Windows, control and
    direction characters (a `fdp.exe` that reads `exe.pdf`), and parts over 255 bytes.
    """
    if not name or _FORBIDDEN.search(name):
        return False
    try:
        parts = [(part, len(part.encode("utf-8"))) for part in name.split("/")]
    except UnicodeEncodeError:
        return False
    return all(
        part not in {"", ".", ".."}
        and length <= _MOST
        and part == part.strip(" ")
        and not part.endswith(".")
        and not _DEVICES.match(part)
        for part, length in parts
    )
