"""Taking out of a JPEG what is not picture: whole segments, and what lies behind its end."""

from meti_desk.formats.image import clean_exif, clean_xmp, iptc
from meti_desk.formats.image.cleaner import (
    APPLICATION,
    COMMENT,
    FURTHER_PICTURE,
    IPTC,
    THUMBNAIL,
    TRAILING,
    XMP,
    Cleaner,
)
from meti_desk.formats.image.cleaner import EXIF as EXIF_FOUND
from meti_desk.formats.image.data import Data, Splice
from meti_desk.formats.image.jpeg_pointers import Pictures, afcp_fixes
from meti_desk.formats.image.jpeg_segments import (
    ADOBE,
    APP0,
    APP1,
    APP2,
    APP13,
    APP14,
    COM,
    EXIF,
    EXTENSION,
    MPF,
    PROFILE,
    Segment,
    end_of,
    segments,
)
from meti_desk.formats.image.jpeg_segments import APPLICATION as MARKERS
from meti_desk.formats.image.jpeg_segments import XMP as XMP_HEAD

_JFIF = b"JFIF\0"
_JFIF_SIZE = 14
_EXIF_HEAD = b"Exif\0\0"


class JpegCleaner:
    """One pass over the segments."""

    def __init__(self, data: Data, cleaner: Cleaner) -> None:
        self._data = data
        self._cleaner = cleaner
        self._standing: set[bytes] = set()
        self._pictures: list[Segment] = []
        self._profile: list[Segment] = []

    def run(self) -> list[Splice]:
        """Look at every segment; gives the changes."""
        found = list(segments(self._data))
        for one in found:
            if one.kind == COM:
                if self._cleaner.found(COMMENT, "COM", self._body(one)):
                    self._cleaner.cut(one.start, one.stop)
            elif one.kind in MARKERS:
                self._application(one)
        self._device()
        self._behind(end_of(found))
        splices = self._cleaner.splices
        if self._cleaner.keeps(FURTHER_PICTURE):
            for one in self._pictures:
                splices += Pictures(self._data, one).fixes(splices)
        if self._cleaner.keeps(TRAILING):
            splices += afcp_fixes(self._data, splices)
        return splices

    def _body(self, one: Segment, skip: int = 0) -> bytes:
        return self._data[one.body + skip : one.stop]

    def _application(self, one: Segment) -> None:
        body = self._body(one)
        if one.kind == APP0 and body.startswith(_JFIF):
            self._jfif(one, body)
        elif one.kind == APP1 and body.startswith(EXIF):
            self._exif(one, body)
        elif one.kind == APP1 and body.startswith(XMP_HEAD):
            first = XMP_HEAD not in self._standing
            self._standing.add(XMP_HEAD)
            block = body[len(XMP_HEAD) :]
            left = clean_xmp.clean(self._cleaner, block, "APP1", first=first)
            self._replace(one, XMP_HEAD, block, left)
        elif one.kind == APP2 and body.startswith(PROFILE):
            self._profile.append(one)
        elif not (one.kind == APP14 and body.startswith(ADOBE)):
            # Adobe's colour transform is needed to draw.
            kind, value = self._kind(one, body)
            if kind == FURTHER_PICTURE:
                self._pictures.append(one)
            if self._cleaner.found(kind, f"APP{one.kind - APP0}", value):
                self._cleaner.cut(one.start, one.stop)

    def _device(self) -> None:
        """Look into the colour profile, whose pieces are numbered; they keep their lengths."""
        head = len(PROFILE) + 2
        pieces = sorted(self._profile, key=lambda one: self._body(one, len(PROFILE))[:1])
        whole = b"".join(self._body(one, head) for one in pieces)
        left = self._cleaner.profile(whole, "APP2")
        if left == whole:
            return
        for one in pieces:
            start = min(one.body + head, one.stop)
            size = one.stop - start
            self._cleaner.cut(start, one.stop, left[:size])
            left = left[size:]

    def _kind(self, one: Segment, body: bytes) -> tuple[str, bytes | str]:
        if one.kind == APP1 and body.startswith(EXTENSION):
            return XMP, "ExtendedXMP"
        if one.kind == APP2 and body.startswith(MPF):
            return FURTHER_PICTURE, ""
        if one.kind == APP0 and body.startswith(b"JFXX"):
            return THUMBNAIL, "JFXX"
        if one.kind == APP13 and body.startswith(iptc.PHOTOSHOP):
            texts = iptc.texts_of(body[len(iptc.PHOTOSHOP) :])
            return IPTC, " / ".join(text for _, text in texts)
        return APPLICATION, body.split(b"\0")[0]

    def _replace(self, one: Segment, head: bytes, old: bytes, new: bytes) -> None:
        if new == old:
            return
        body = head + new
        whole = b"\xff" + bytes([one.kind]) + (len(body) + 2).to_bytes(2, "big") + body
        self._cleaner.cut(one.start, one.stop, whole if new else b"")

    def _jfif(self, one: Segment, body: bytes) -> None:
        """Take the small picture out of JFIF's head."""
        if len(body) > _JFIF_SIZE and self._cleaner.found(THUMBNAIL, "JFIF"):
            head = body[: _JFIF_SIZE - 2] + bytes(2)
            self._replace(one, b"", body, head)

    def _exif(self, one: Segment, body: bytes) -> None:
        block = body[len(_EXIF_HEAD) :]
        if not block:
            if self._cleaner.found(EXIF_FOUND, "Exif"):
                self._cleaner.cut(one.start, one.stop)
            return
        left = clean_exif.clean(self._cleaner, block, "Exif")
        # Of several blocks a reader believes the first.
        if EXIF in self._standing and not any(note.kept for note in self._cleaner.notes):
            left = b""
        self._standing.add(EXIF)
        self._replace(one, _EXIF_HEAD, block, left)

    def _behind(self, end: int) -> None:
        size = self._data.size
        if self._cleaner.keeps(FURTHER_PICTURE):
            for one in self._pictures:
                named = Pictures(self._data, one).entries
                end = min(max([end, *(at + length for _, length, at in named)]), size)
        if end < size and self._cleaner.found(TRAILING, "end", f"{size - end}"):
            self._cleaner.cut(end, size)


def clean(data: Data, cleaner: Cleaner) -> list[Splice]:
    """Note what a JPEG tells besides its picture; gives the changes that take it out."""
    return JpegCleaner(data, cleaner).run()
