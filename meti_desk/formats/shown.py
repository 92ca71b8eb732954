"""Names of files inside other files, made safe to show: they come from outside and may be hostile.

They are for people to read and never lead anywhere.
"""

import unicodedata

_LONGEST = 400
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_UP = "_"
"""Stands for a component that would lead out of a folder."""


def shown_path(name: str) -> str:
    """Give a relative path with `/`; control characters and direction marks become U+FFFD.

    An absolute path loses its beginning, `..` becomes `_`.
    """
    plain = "".join("\ufffd" if unicodedata.category(c) in _HIDDEN else c for c in name)
    parts = plain.replace("\\", "/").split("/")
    if len(parts[0]) == 2 and parts[0][1] == ":" and len(parts) > 1:  # noqa: PLR2004 - a drive
        parts = parts[1:]
    kept = [_UP if one.strip(" .") == "" and ".." in one else one for one in parts]
    path = "/".join(one for one in kept if one not in ("", "."))
    return path if len(path) <= _LONGEST else "…" + path[-_LONGEST:]


def is_plain(name: str) -> bool:
    """Tell whether a name shows all that it is made of: no control characters, no direction marks.

    Those let `exe.fdp` look like another kind of file (Art. 14-7).
    """
    return not any(unicodedata.category(one) in _HIDDEN for one in name)
