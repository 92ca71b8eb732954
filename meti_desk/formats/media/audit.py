"""Proving a scrubbed media file: nothing is left that tells, and what is heard and seen stayed.

Shares no code with the removal, on purpose: it reads both files by readers of its own.
"""

import struct
from typing import BinaryIO

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.base import ScrubOrder
from meti_desk.formats.image.audit_view import Blob, View
from meti_desk.formats.media.audit_film import avi, bmff
from meti_desk.formats.media.audit_sound import bitmap, flac, mpeg, ogg, wave

_GROUPS = {"media.location": "12", "media.trailing": "12", "bmp.trailing": "12",
           "media.timed-metadata": "12", "media.path": "6", "bmp.linked-profile": "6"}  # fmt: skip
"""Classes of the kinds; those that are not named are of class 14."""


def verify_scrub(source: BinaryIO, result: BinaryIO, order: ScrubOrder) -> None:
    """Raise where the result still tells what it should not, or sounds or shows otherwise.

    `InvalidInput("scrub.left-behind", kind=…)`, `InvalidInput("scrub.text-changed", what=…)`.
    Kinds that a person chose to keep are not looked for.
    """
    try:
        after = _view(Blob(result))
        for one in after.extras:
            if one.kind not in order.keep and _GROUPS.get(one.kind, "14") not in order.keep:
                raise InvalidInput("scrub.left-behind", kind=one.kind)
        before = _view(Blob(source))
    except (struct.error, IndexError, ValueError, RecursionError) as bad:
        raise InvalidInput("scrub.left-behind", kind="document.damaged") from bad
    if not after.image or before.image != after.image:
        raise InvalidInput("scrub.text-changed", what="media")


def _view(blob: Blob) -> View:
    head = blob[:12]
    if head[:4] in (b"RIFF", b"RF64", b"BW64"):
        return avi(blob) if head[8:] == b"AVI " else wave(blob)
    if head[:4] == b"OggS":
        return ogg(blob)
    if head[:2] == b"BM":
        return bitmap(blob)
    if head[:1] == b"\xff":
        return mpeg(blob)
    if head[:4] == b"fLaC" or (head[:3] == b"ID3" and _is_flac(blob)):
        return flac(blob)
    return mpeg(blob) if head[:3] == b"ID3" or head[:8] == b"APETAGEX" else bmff(blob)


def _is_flac(blob: Blob) -> bool:
    at = 10 + _small(blob[6:10])
    return blob[at : at + 4] == b"fLaC"


def _small(four: bytes) -> int:
    return four[0] << 21 | four[1] << 14 | four[2] << 7 | four[3]
