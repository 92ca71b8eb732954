"""Recognising paths of a computer or a server in text and links."""

import re

from lxml import etree

_PATH = re.compile(
    r"""(?:
      (?<![A-Za-z])[A-Za-z]:\\{1,2}[^\s"'<>|*?]        # C:\…
    | (?<![A-Za-z])[A-Za-z]:/[^/\s"'<>|*?]             # C:/… but not http://
    | (?<![\\\w])\\\\{1,3}[\w.$-]+\\                   # \\server\…
    | file:[/\\]
    | /(?:home|Users|Volumes|mnt)/[\w.-]
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_WHOLE = re.compile(
    r"""(?:file:[/\\]+|(?<![A-Za-z])[A-Za-z]:[\\/]|(?<![\\\w])\\\\|/(?:home|Users|Volumes|mnt)/)"""
    r"""[^"'<>|*?\r\n]*""",
    re.IGNORECASE,
)

_FOLDERS = (b"/home/", b"/users/", b"/volumes/", b"/mnt/")
_LONG_S = "\u017f".encode()
"""Counts as an s where small and large letters count as the same."""
_HEAD = 256
_UTF8 = re.compile(
    rb"""<\?xml\s+version\s*=\s*["'][\d.]+["']\s+encoding\s*=\s*["'](?:utf-8|us-ascii)["']""",
    re.IGNORECASE,
)
_DRIVE = re.compile(rb":/(?:(?!/)|(?<=file:/))")
"""A colon with one slash, or with any number of them behind `file`."""


def has_path(text: str) -> bool:
    """Tell whether text names a file on a drive, a share or a home folder."""
    # Every path has a slash of one kind or the other; most values have none, and are many.
    return ("/" in text or "\\" in text) and bool(_PATH.search(text))


def may_hold_path(root: "etree._Element", data: bytes | None = None) -> bool:
    """Tell whether any attribute or text of a part may name such a file; `False` is certain.

    Written out, a part can be searched as a whole; one by one its attributes take much longer.
    `data` are the bytes that the tree was read from, if it only lost something since: they need not
    be written again.
    """
    if data is None or b"&#" in data or not is_literal(data):
        data = etree.tostring(root, encoding="UTF-8")
    written = data.lower()
    if b"\\" in written or _DRIVE.search(written) is not None:
        return True
    if any(word in written for word in _FOLDERS):
        return True
    return not written.isascii() and _LONG_S in written


def is_literal(data: bytes) -> bool:
    """Tell whether the names in a part stand in its bytes letter by letter, as in UTF-8.

    Its values do so as well, unless a letter is written by its number (`&#`).
    """
    head = data[:_HEAD].removeprefix(b"\xef\xbb\xbf")
    if head[:1] != b"<" or b"\0" in head:
        return False
    return b"encoding" not in head or _UTF8.match(head) is not None


def is_path_target(target: str) -> bool:
    """Tell whether the target of an outside link is a file of a computer or a share."""
    lowered = target.strip().lower()
    if lowered.startswith(("file:", "\\\\", "//")) or has_path(target):
        return True
    return ":" not in lowered.partition("/")[0].partition("#")[0] and not lowered.startswith("#")


def without_path(text: str) -> str:
    """Cut paths out of a text and keep the rest."""
    return " ".join(_WHOLE.sub("", text).split()) if has_path(text) else text
