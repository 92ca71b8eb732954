"""What a colour profile (ICC) tells of the device that it was made on, apart from its colours.

A screenshot carries the profile of the screen that it was taken on: its maker, model and serial
number, and the calibration that only this one screen has. One that a program makes when it saves
(Little CMS: GIMP, Krita, Pillow …) carries that moment. None of it is used to draw.
"""

import struct
from typing import NamedTuple

_DEVICE = frozenset(
    {
        *(b"mmod", b"ndin", b"vcgt", b"vcgp", b"meta"),
        *(b"targ", b"calt", b"devs", b"CIED", b"DevD"),
    }
)
"""Make, model and serial number; the screen's measurements; when and by what it was calibrated."""
_HEAD, _ENTRY = 128, 12
_MOST_TAGS = 1024
_MAGIC = slice(36, 40)
_TIME, _ID = slice(24, 36), slice(84, 100)
_MAKERS = (slice(4, 8), slice(80, 84))
_MADE_ON_SAVING = b"lcms"
_NO_TIME = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)


class _Tag(NamedTuple):
    name: bytes
    start: int
    stop: int


def without_device(profile: bytes) -> bytes:
    """Take out of a profile what tells its device, and when it was made; all else stays in place.

    The length stays, so that it fits where it stood. One that tells nothing of the kind - those
    that everybody has keep their time, by which programs know them -, and one that cannot be read,
    is given back as it is. Doing it twice changes nothing more.
    """
    tags = _tags(profile)
    gone = [one for one in tags if one.name in _DEVICE]
    if not gone and not _tells_time(profile, tags):
        return profile
    kept = [one for one in tags if one.name not in _DEVICE]
    left = bytearray(profile)
    for one in gone:
        left[one.start : one.stop] = bytes(one.stop - one.start)
    # Two tags may share their data: what one that stays needs comes back.
    for one in kept:
        left[one.start : one.stop] = profile[one.start : one.stop]
    table = b"".join(struct.pack(">4sLL", one.name, one.start, one.stop - one.start)
                     for one in kept)  # fmt: skip
    written = struct.pack(">L", len(kept)) + table + bytes(_ENTRY * len(gone))
    left[_HEAD : _HEAD + len(written)] = written
    left[_TIME] = _NO_TIME
    left[_ID] = bytes(16)
    return bytes(left)


def told_by(profile: bytes) -> str:
    """Name the tags that tell the device, as a person can look them up, or give the moment."""
    tags = _tags(profile)
    names = dict.fromkeys(one.name.decode("latin-1") for one in tags if one.name in _DEVICE)
    if names or not _tells_time(profile, tags):
        return " ".join(names)
    return "{}-{:02}-{:02} {:02}:{:02}:{:02}".format(*struct.unpack(">6H", profile[_TIME]))


def _tells_time(profile: bytes, tags: list[_Tag]) -> bool:
    made = any(profile[place] == _MADE_ON_SAVING for place in _MAKERS)
    return bool(tags) and made and profile[_TIME] != _NO_TIME


def _tags(profile: bytes) -> list[_Tag]:
    """Read the table of a profile; none where it is not whole."""
    if len(profile) < _HEAD + 4 or profile[_MAGIC] != b"acsp":
        return []
    (count,) = struct.unpack_from(">L", profile, _HEAD)
    first = _HEAD + 4 + _ENTRY * count
    if count > _MOST_TAGS or first > len(profile):
        return []
    found = []
    for name, start, size in struct.iter_unpack(">4sLL", profile[_HEAD + 4 : first]):
        if start < first or start + size > len(profile):
            return []
        found.append(_Tag(name, start, start + size))
    return found
