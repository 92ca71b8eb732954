"""Films and sound in ISO and QuickTime boxes (MP4, M4A, MOV): what tells becomes free space.

A box that goes becomes `free` of the same length, full of zeros: no byte moves, so that every
table of places stays true. What no track uses of the data is overwritten with zeros, too.
"""

from collections.abc import Iterator

from meti_desk.formats.image.data import Data, damaged
from meti_desk.formats.media.boxes import CONTAINERS, FREE, SEEN, Box, boxes
from meti_desk.formats.media.cleaner import Cleaner, is_blank, unsupported
from meti_desk.formats.media.kinds import (
    ENCODER,
    LOCATION,
    NAME,
    PATH,
    PICTURE,
    TAG,
    TIME,
    TIMED,
    TRAILING,
    UNKNOWN,
    UNUSED,
)

_DEEPEST = 12
_TIMED = (b"mvhd", b"tkhd", b"mdhd")
_PLACES = (b"\xa9xyz", b"loci", b"GPS ", b"gps0", b"gsen")
_PICTURES = (b"thmb", b"PICT", b"pnot", b"THMB", b"jpeg", b"covr")
_TAGS = (b"udta", b"meta", b"uuid", b"ilst", b"Xtra", b"XMP_", b"keys")
_HANDLERS = frozenset((b"vide", b"soun", b"subt", b"sbtl", b"text", b"clcp", b"tmcd", b"auxv",
                       b"pict"))  # fmt: skip
_PROTECTED = (b"encv", b"enca", b"enct", b"encs", b"drms", b"drmi", b"p608")
_REFUSED = {b"cmov": "packed", b"rmra": "elsewhere", b"pssh": "protected", b"senc": "protected"}
_OWN_FILE = 1
_NAME_AT, _NAME_SIZE = 50, 32
_KEPT_NAMES = (b"Planar", b"Sorenson")
_VENDOR_AT, _SHORTEST, _PICTURE_ENTRY = 20, 36, 86
_HANDLER_HEAD = 24
_HANDLER_TOLD = 12
_ENTRY_HEAD = 8


class Film:
    """One pass over the boxes."""

    def __init__(self, data: Data, cleaner: Cleaner) -> None:
        self._data = data
        self._cleaner = cleaner
        from meti_desk.formats.media.samples import Used  # with numpy, for films alone

        self._used = Used(data)
        self._movie = False
        self._handler_kind = b""

    def run(self) -> None:
        """Look at everything; `RuleViolation("scrub.unsupported-format")` says what is in the way.

        What no track refers to can be told only when all of the tracks are known.
        """
        end, data = 0, self._data
        media: list[Box] = []
        for box in boxes(data, 0, data.size):
            end = box.stop
            if box.kind == b"mdat":
                media.append(box)
            else:
                self._box(box, b"", 0)
        if end < data.size:
            self._rest(end)
        if not self._movie:
            raise damaged("moov")
        spans = self._used.spans([(one.body, one.stop) for one in media])
        self._cleaner.seen("media", *spans)
        for box in media:
            gaps = []
            inside = [one for one in spans if box.body <= one[0] < box.stop]
            at = box.body
            for start, stop in (*inside, (box.stop, box.stop)):
                if start > at and not is_blank(data, at, start):
                    gaps.append((at, start))
                at = stop
            lost = sum(stop - start for start, stop in gaps)
            if gaps and self._cleaner.found(UNUSED, "mdat", f"{lost}"):
                for start, stop in gaps:
                    self._cleaner.zero(start, stop)

    def _rest(self, end: int) -> None:
        """Take out what stands behind the last box, unless it is a box that was cut off."""
        head = self._data[end : end + 8]
        if head[4:] in SEEN[b""] or end == 0:
            raise damaged("box")
        if self._cleaner.found(TRAILING, "end", f"{self._data.size - end}"):
            self._cleaner.cut(end, self._data.size)

    def _unused(self, start: int, stop: int, place: str) -> None:
        if is_blank(self._data, start, stop):
            return
        if self._cleaner.found(UNUSED, place, f"{stop - start}"):
            self._cleaner.zero(start, stop)

    def _box(self, box: Box, parent: bytes, depth: int) -> None:
        if box.kind in _REFUSED or depth > _DEEPEST:
            raise unsupported("mp4", _REFUSED.get(box.kind, "boxes"))
        if box.kind in FREE:
            self._unused(box.body, box.stop, "free")
        elif box.kind == b"udta":
            self._user_data(box, depth)
        elif parent != b"tref" and box.kind not in SEEN.get(parent, ()):
            self._free(box)
        elif box.kind in CONTAINERS:
            self._inside(box, depth)
        else:
            self._leaf(box, parent)

    def _inside(self, box: Box, depth: int) -> None:
        self._cleaner.seen("box", box.kind)
        self._movie |= box.kind == b"moov"
        if box.kind in (b"trak", b"moof"):
            self._used.add(box)
        end = box.body
        for one in boxes(self._data, box.body, box.stop):
            self._box(one, box.kind, depth + 1)
            end = one.stop
        if end < box.stop and not is_blank(self._data, end, box.stop):
            raise damaged("box")

    def _user_data(self, box: Box, depth: int) -> None:
        """Free what stands in user data one by one, where it is made of boxes."""
        inside = list(boxes(self._data, box.body, box.stop))
        end = inside[-1].stop if inside else box.body
        if not is_blank(self._data, end, box.stop):
            self._free(box)
            return
        for one in inside:
            self._box(one, b"udta", depth + 1)

    def _free(self, box: Box) -> None:
        """Make free space of a box that only tells."""
        kind = UNKNOWN
        if box.kind in _PLACES:
            kind = LOCATION
        elif box.kind in _PICTURES:
            kind = PICTURE
        elif box.kind in _TAGS or box.kind[:1] == b"\xa9" or box.kind[:1].isupper():
            kind = TAG
        told = self._data[box.body : min(box.stop, box.body + 400)]
        if self._cleaner.found(kind, box.kind.decode("latin-1"), _readable(told)):
            self._cleaner.cut(box.start + 4, box.start + 8, b"free")
            self._cleaner.zero(box.body, box.stop)

    def _leaf(self, box: Box, parent: bytes) -> None:
        name = box.kind.decode("latin-1")
        if box.kind in _TIMED:
            size = 8 if self._data.number(box.body, 1) else 4
            start, stop = box.body + 4, box.body + 4 + 2 * size
            self._overwrite(TIME, name, start, stop)
            self._cleaner.seen(name, (stop, box.stop))
        elif box.kind == b"hdlr":
            self._handler(box, parent)
        elif box.kind == b"dref":
            self._references(box)
        elif box.kind == b"stsd":
            self._descriptions(box)
        else:
            self._cleaner.seen(name, (box.body, box.stop))

    def _overwrite(self, kind: str, place: str, start: int, stop: int) -> None:
        told = self._data.exact(start, stop - start, place)
        value = told if kind in (NAME, ENCODER) else ""
        if told.strip(b"\0") and self._cleaner.found(kind, place, value):
            self._cleaner.zero(start, stop)

    def _handler(self, box: Box, parent: bytes) -> None:
        head = self._data.exact(box.body, _HANDLER_HEAD, "hdlr")
        self._cleaner.seen("hdlr", head[:_HANDLER_TOLD])
        if parent == b"mdia":
            self._handler_kind = head[8:12]
            if head[8:12] not in _HANDLERS:
                self._cleaner.found(TIMED, "trak", head[8:12])
        # Behind the kind stand the maker's letters, and the name.
        self._overwrite(NAME, "hdlr", box.body + _HANDLER_TOLD, box.stop)

    def _references(self, box: Box) -> None:
        """Look where the media lie: in this file nothing else is needed, elsewhere it is a path."""
        self._cleaner.seen("dref", self._data[box.body : box.body + 8])
        for one in boxes(self._data, box.body + 8, box.stop):
            self._cleaner.seen("reference", one.kind)
            flags = self._data.number(one.body, 4)
            if flags & _OWN_FILE:
                self._unused(one.body + 4, one.stop, "dref")
            elif one.kind in (b"alis", b"url ", b"urn "):
                self._cleaner.found(PATH, "dref", _readable(self._data[one.body + 4 : one.stop]))
            else:
                raise unsupported("mp4", "elsewhere")

    def _descriptions(self, box: Box) -> None:
        """Blank the names that an encoder gave itself in the descriptions of pictures and sound."""
        at = box.body
        for one in boxes(self._data, box.body + _ENTRY_HEAD, box.stop):
            if one.kind in _PROTECTED:
                raise unsupported("mp4", "protected")
            for kind, start, stop in self._names(one):
                self._overwrite(kind, "stsd", start, stop)
                self._cleaner.seen("stsd", (at, start))
                at = stop
        self._cleaner.seen("stsd", (at, box.stop))

    def _names(self, entry: Box) -> Iterator[tuple[str, int, int]]:
        if self._handler_kind not in (b"vide", b"soun") or entry.stop - entry.start < _SHORTEST:
            return
        yield ENCODER, entry.start + _VENDOR_AT, entry.start + _VENDOR_AT + 4
        start = entry.start + _NAME_AT
        name = self._data[start : start + _NAME_SIZE]
        # A Pascal string: its length comes first. Some decoders go by two of the names.
        long_enough = entry.stop - entry.start >= _PICTURE_ENTRY
        if self._handler_kind != b"vide" or not long_enough or not _is_name(name):
            return
        if not name[1:].startswith(_KEPT_NAMES):
            yield ENCODER, start, start + _NAME_SIZE


def _is_name(block: bytes) -> bool:
    length = block[0]
    return (
        length < _NAME_SIZE
        and not block[1 + length :].strip(b"\0")
        and block[1 : 1 + length].isascii()
    )


def _readable(block: bytes) -> str:
    """Give the words among lengths and numbers."""
    text = block.decode("utf-8", "replace").replace("\ufffd", " ")
    return "".join(one if one.isprintable() else " " for one in text)


def clean(data: Data, cleaner: Cleaner) -> None:
    """Note what a film tells besides its tracks, and take it out where it stands."""
    Film(data, cleaner).run()


def variant_of(data: Data, head: bytes) -> str | None:
    """Name `mov` or `mp4` by the brand, or an old QuickTime film by its first boxes."""
    if head[4:8] == b"ftyp":
        return "mov" if head[8:12] == b"qt  " else "mp4"
    if head[4:8] not in (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"):
        return None
    kinds = [one.kind for one in boxes(data, 0, data.size)]
    return "mov" if b"moov" in kinds else None
