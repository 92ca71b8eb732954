"""Kinds of what archives tell besides the files in them (Arts. 14-7, 15-2)."""

import re
from pathlib import PurePosixPath

from meti_desk.formats.inner import Kinds
from meti_desk.formats.noting import Kind

COMMENT = "zip.comment"
EXTRA = "zip.extra-field"
TIME = "zip.time"
SYSTEM = "zip.system"
SLACK = "zip.slack"
SYSTEM_FILE = "zip.system-file"
LINK = "zip.link"
HIDDEN_NAME = "zip.hidden-name"
UNSUPPORTED = "zip.member-unsupported"
REFUSED = "zip.member-refused"
OWNER = "zip.owner"
PACKED_NAME = "zip.packed-name"

KINDS: dict[str, Kind] = {
    UNSUPPORTED: Kind(3, "high", "blocks", "blocks"),
    REFUSED: Kind(3, "high", "blocks", "blocks"),
    LINK: Kind(6, "high", "blocks", "blocks"),
    HIDDEN_NAME: Kind(7, "high", "blocks", "blocks"),
    SYSTEM_FILE: Kind(8, "high"),
    SLACK: Kind(13, "high"),
    COMMENT: Kind(13, "high"),
    EXTRA: Kind(13, "medium"),
    OWNER: Kind(13, "high"),
    PACKED_NAME: Kind(13, "medium"),
    TIME: Kind(13, "low"),
    SYSTEM: Kind(13, "low"),
}
INSIDE = Kinds(UNSUPPORTED, REFUSED)

_SYSTEM_NAMES = frozenset(
    {
        *(".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini", ".apdisk", ".localized"),
        *(".directory", ".volumeicon.icns"),
    }
)
_SYSTEM_FOLDERS = frozenset({"__macosx", ".spotlight-v100", ".trashes", ".fseventsd"})
_LOCK = re.compile(r"~\$|\._|\.~lock\.")


def is_system_file(name: str) -> bool:
    """Tell what systems and programs leave in folders, and nobody means to send.

    Lock files (`~$…`, `.~lock…#`) hold the name of who has the document open.
    """
    path = PurePosixPath(name.replace("\\", "/").lower())
    if _SYSTEM_FOLDERS.intersection(path.parts):
        return True
    return path.name in _SYSTEM_NAMES or _LOCK.match(path.name) is not None
