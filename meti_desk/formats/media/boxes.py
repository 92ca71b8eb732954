"""Boxes of films (ISO/IEC 14496-12, QuickTime): which are seen, which only tell."""

from collections.abc import Iterator
from typing import NamedTuple

from meti_desk.formats.image.data import Data, damaged

_WIDE_HEAD = 16
_HEAD = 8
_MOST = 1 << 20


class Box(NamedTuple):
    """One box: its kind, and where it, its content and its end stand."""

    kind: bytes
    start: int
    body: int
    stop: int


CONTAINERS = frozenset(
    (
        *(b"moov", b"trak", b"mdia", b"minf", b"stbl", b"dinf", b"edts", b"mvex", b"moof"),
        *(b"traf", b"mfra", b"gmhd", b"tapt", b"udta", b"tref", b"clip", b"matt"),
    )
)
SEEN: dict[bytes, frozenset[bytes]] = {
    b"": frozenset((b"ftyp", b"styp", b"moov", b"mdat", b"moof", b"mfra", b"sidx", b"ssix",
                    b"pdin")),
    b"moov": frozenset((b"mvhd", b"trak", b"mvex", b"iods", b"ctab", b"clip")),
    b"trak": frozenset((b"tkhd", b"edts", b"tref", b"mdia", b"tapt", b"load", b"matt", b"clip",
                        b"trgr", b"imap")),
    b"mdia": frozenset((b"mdhd", b"hdlr", b"minf", b"elng")),
    b"minf": frozenset((b"vmhd", b"smhd", b"gmhd", b"nmhd", b"hmhd", b"sthd", b"dinf", b"stbl",
                        b"hdlr")),
    b"gmhd": frozenset((b"gmin", b"text", b"tmcd")),
    b"dinf": frozenset((b"dref",)),
    b"stbl": frozenset((b"stsd", b"stts", b"ctts", b"cslg", b"stsc", b"stsz", b"stz2", b"stco",
                        b"co64", b"stss", b"stps", b"stsh", b"sdtp", b"sbgp", b"sgpd", b"subs",
                        b"padb", b"stdp")),
    b"edts": frozenset((b"elst",)),
    b"mvex": frozenset((b"mehd", b"trex", b"leva", b"trep")),
    b"moof": frozenset((b"mfhd", b"traf")),
    b"traf": frozenset((b"tfhd", b"tfdt", b"trun", b"sbgp", b"sgpd", b"subs", b"sdtp")),
    b"mfra": frozenset((b"tfra", b"mfro")),
    b"tapt": frozenset((b"clef", b"prof", b"enof")),
    b"clip": frozenset((b"crgn",)),
    b"matt": frozenset((b"kmat",)),
    b"udta": frozenset(),
}  # fmt: skip
"""What a player needs of each container; of `tref` all is needed."""
FREE = (b"free", b"skip", b"wide")


def boxes(data: Data, start: int, stop: int) -> Iterator[Box]:
    """Give the boxes of a span; what is left at its end and is no whole box is not given."""
    at = start
    for _ in range(_MOST):
        head = data[at : min(at + _WIDE_HEAD, stop)]
        if len(head) < _HEAD:
            return
        size, body = int.from_bytes(head[:4], "big"), at + _HEAD
        if size == 1 and len(head) == _WIDE_HEAD:
            size, body = int.from_bytes(head[8:], "big"), at + _WIDE_HEAD
        elif size == 0 and start == 0 and head[4:].strip(b"\0"):
            size = stop - at
        if size < body - at or at + size > stop:
            return
        yield Box(head[4:8], at, body, at + size)
        at += size
    raise damaged("boxes")
