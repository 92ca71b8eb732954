"""The auditor's own readers of films: AVI, and boxes of MP4 and QuickTime."""

import bisect
import struct
from array import array
from collections.abc import Iterator

from meti_desk.formats.image.audit_view import Blob, Span, View

_OPEN = {"hdrl", "strl", "odml", "movi", "rec "}
_HEADS = {"avih", "strh", "strf", "vprp", "indx", "dmlh", "idx1"}
_BRANCHES = {
    "moov": "mvhd trak mvex iods ctab clip udta",
    "trak": "tkhd edts tref mdia tapt load matt clip trgr imap udta",
    "mdia": "mdhd hdlr minf elng udta",
    "minf": "vmhd smhd gmhd nmhd hmhd sthd dinf stbl hdlr udta",
    "stbl": "stsd stts ctts cslg stsc stsz stz2 stco co64 stss stps stsh sdtp sbgp sgpd subs padb "
            "stdp",
    "gmhd": "gmin text tmcd", "dinf": "dref", "edts": "elst", "mvex": "mehd trex leva trep",
    "moof": "mfhd traf", "traf": "tfhd tfdt trun sbgp sgpd subs sdtp", "mfra": "tfra mfro",
    "tapt": "clef prof enof", "clip": "crgn", "matt": "kmat", "udta": "",
    "": "ftyp styp moov mdat moof mfra sidx ssix pdin",
}  # fmt: skip
_ALLOWED = {name: set(kinds.split()) for name, kinds in _BRANCHES.items()}
_STREAMS = {"vide", "soun", "subt", "sbtl", "text", "clcp", "tmcd", "auxv", "pict"}
_POSITIONS = {"\xa9xyz", "loci", "GPS ", "gps0", "gsen"}
_PICTURES = {"thmb", "PICT", "pnot", "THMB", "jpeg", "covr"}
_TAGS = {"udta", "meta", "uuid", "ilst", "Xtra", "XMP_", "keys"}


def avi(blob: Blob) -> View:
    """Read an AVI: all chunks that are no stream must be blank."""
    view = View()
    at = 0
    while blob[at : at + 4] == b"RIFF":
        end = at + 8 + blob.unpack("<L", at + 4)[0]
        _avi_list(blob, view, at + 12, min(end, len(blob)))
        at = end + (end - at) % 2
    if at < len(blob):
        view.tell("media.trailing")
    return view


def _avi_list(blob: Blob, view: View, at: int, end: int) -> None:
    while at + 8 <= end:
        name, length = blob.unpack("<4sL", at)
        word, stop = name.decode("latin-1"), at + 8 + length
        inner = blob[at + 8 : at + 12].decode("latin-1") if word == "LIST" else ""
        if inner in _OPEN:
            _avi_list(blob, view, at + 12, stop)
        elif word in _HEADS or _is_stream(word):
            view.show(name, Span(blob, at + 8, stop))
            if word == "strh" and blob[at + 8 : at + 12] not in (
                b"vids",
                b"auds",
                b"iavs",
                b"txts",
            ):
                view.tell("media.timed-metadata")
        elif word not in ("JUNK", "junk", "PAD ", "FLLR") or blob.tells(at + 8, stop, b"\0"):
            kinds = {"IDIT": "media.time", "ISMP": "media.time", "strn": "media.part-name",
                     "LIST": "media.tag", "id3 ": "media.tag", "ID3 ": "media.tag",
                     "DISP": "media.tag"}  # fmt: skip
            studio = ("strd", "JUNK", "junk", "PAD ", "FLLR", "bext", "iXML", "cart", "aXML",
                      "axml", "_PMX")  # fmt: skip
            plain = "media.application-data" if word in studio else "media.unknown-part"
            view.tell(kinds.get(word, plain))
        at = stop + length % 2
    if at < end and blob.tells(at, end, b"\0"):
        view.tell("media.unused-bytes")


def _is_stream(word: str) -> bool:
    digits = set("0123456789abcdefABCDEF")
    if word[:2] == "ix":
        return set(word[2:]) <= digits
    return set(word[:2]) <= digits and word[2:] in ("db", "dc", "ds", "wb", "pc", "tx", "iv")


def bmff(blob: Blob) -> View:
    """Read the boxes of a film."""
    film = _Film(blob)
    film.level("", 0, len(blob))
    film.media()
    return film.view


class _Film:
    """What one film shows and tells."""

    def __init__(self, blob: Blob) -> None:
        self.blob = blob
        self.view = View()
        self._data: list[tuple[int, int]] = []
        self._used: list[tuple[int, int]] = []
        self._stepless: list[int] = []
        self._tables: dict[str, tuple[int, int]] = {}
        self._fragments = False
        self._handler = ""

    def _each(self, at: int, end: int) -> Iterator[tuple[str, int, int]]:
        whole = end == len(self.blob)
        while at + 8 <= end:
            size, word = self.blob.unpack(">L4s", at)
            body = at + 8
            if size == 1:
                (size,) = self.blob.unpack(">Q", body)
                body += 8
            elif size == 0 and whole and word.strip(b"\0"):
                size = end - at
            if size < body - at or at + size > end:
                break
            yield word.decode("latin-1"), body, at + size
            at += size
        if at < end and (whole or self.blob.tells(at, end, b"\0")):
            self.view.tell("media.trailing")

    def level(self, parent: str, at: int, end: int) -> None:
        """Look at the boxes of one level."""
        for word, body, stop in self._each(at, end):
            if word in ("free", "skip", "wide"):
                if self.blob.tells(body, stop, b"\0"):
                    self.view.tell("media.unused-bytes")
            elif word == "mdat" and not parent:
                self._data.append((body, stop))
            elif word not in _ALLOWED.get(parent, ()):
                if parent != "tref":
                    self.view.tell(_extra(word))
                else:
                    self.view.show(self.blob[body:stop])
            elif word in _ALLOWED or word == "tref":
                self._fragments |= word == "moof"
                self._tables = {} if word == "trak" else self._tables
                self.level(word, body, stop)
                if word == "stbl":
                    self._track()
            else:
                self._leaf(parent, word, body, stop)

    def _leaf(self, parent: str, word: str, body: int, stop: int) -> None:
        blob, view = self.blob, self.view
        if word in ("mvhd", "tkhd", "mdhd"):
            rest = body + (20 if blob[body : body + 1] != b"\0" else 12)
            view.show(word.encode(), blob[rest:stop])
            if blob.tells(body + 4, rest, b"\0"):
                view.tell("media.time")
        elif word == "hdlr":
            view.show(word.encode(), blob[body : body + 12])
            # A handler of data (`alis`, `url `) stands between that of the track and the tables.
            if parent == "mdia":
                self._handler = blob[body + 8 : body + 12].decode("latin-1")
                if self._handler not in _STREAMS:
                    view.tell("media.timed-metadata")
            if blob.tells(body + 12, stop, b"\0"):
                view.tell("media.part-name")
        elif word == "dref":
            self._references(body, stop)
        elif word == "stsd":
            self._tables[word] = (body, stop)
            self._descriptions(body, stop)
        else:
            if word in ("stsc", "stsz", "stz2", "stco", "co64"):
                self._tables[word] = (body, stop)
            view.show(word.encode(), Span(blob, body, stop))

    def _references(self, body: int, stop: int) -> None:
        for word, at, end in self._each(body + 8, stop):
            own = self.blob[at : at + 4][-1:] == b"\1"
            self.view.show(word.encode(), self.blob[at : at + 4])
            if not own:
                self.view.tell("media.path")
            elif self.blob.tells(at + 4, end, b"\0"):
                self.view.tell("media.unused-bytes")

    def _descriptions(self, body: int, stop: int) -> None:
        """Show the descriptions with the places of names blanked, in both files alike."""
        block = bytearray(self.blob[body:stop])
        handler = self._handler
        for _, at, end in self._each(body + 8, stop):
            start = at - 8 - body
            if handler not in ("vide", "soun") or end - at < 28:  # noqa: PLR2004
                continue
            if block[start + 20 : start + 24].strip(b"\0"):
                self.view.tell("media.encoder")
            block[start + 20 : start + 24] = bytes(4)
            name = block[start + 50 : start + 82]
            if handler != "vide" or end - at < 78 or name[0] > 31:  # noqa: PLR2004
                continue
            if name[1 + name[0] :].strip(b"\0") or (not name[1:].strip(b"\0") and not name[0]):
                continue
            if not name[1 : 1 + name[0]].isascii():
                continue
            if name[1:7] != b"Planar" and name[1:9] != b"Sorenson":
                self.view.tell("media.encoder")
                block[start + 50 : start + 82] = bytes(32)
        self.view.show(b"stsd", bytes(block))

    def _track(self) -> None:
        """Work out the spans that a track uses, sample by sample."""
        word = "stco" if "stco" in self._tables else "co64"
        if word not in self._tables:
            return
        places = self._numbers(word, 8, 4 if word == "stco" else 8)
        if not places:
            return
        runs = self._numbers("stsc", 8, 4)
        body = self._tables.get("stsz", (0, 0))[0]
        same = self.blob.unpack(">L", body + 4)[0] if body else 0
        if same and self._old_sound(same):
            self._stepless.extend(places)
            return
        sizes = array("Q") if same else self._sizes(body)
        at, run = 0, 0
        for number, place in enumerate(places, 1):
            while 3 * run + 3 < len(runs) and runs[3 * run + 3] <= number:
                run += 1
            count = runs[3 * run + 1]
            length = same * count if same else sum(sizes[at : at + count])
            at += count
            self._used.append((place, place + length))

    def _sizes(self, body: int) -> "array[int]":
        if body:
            return self._numbers("stsz", 12, 4)
        width = self.blob.unpack("B", self._tables["stz2"][0] + 7)[0]
        if width in (8, 16):
            return self._numbers("stz2", 12, width // 8)
        found = array("Q")
        for byte in self._numbers("stz2", 12, 1):
            found.extend((byte >> 4, byte & 15))
        return found

    def _numbers(self, word: str, skip: int, width: int) -> "array[int]":
        body, stop = self._tables[word]
        block = self.blob[body + skip : stop]
        block = block[: len(block) // width * width]
        if width == 1:
            return array("Q", block)
        form = {2: "H", 4: "L", 8: "Q"}[width]
        return array("Q", struct.unpack(f">{len(block) // width}{form}", block))

    def _old_sound(self, same: int) -> bool:
        entry = self._tables["stsd"][0] + 8
        version, channels, bits = self.blob.unpack(">H6xHH", entry + 16)
        return bool(version == 1 or same in (1, *range(1, channels * -(-bits // 8))))

    def media(self) -> None:
        """Show what is used of the data; the rest must be blank."""
        if self._fragments:
            self.view.show(*(Span(self.blob, *one) for one in self._data))
            return
        edges = sorted({*(a for a, _ in self._used), *self._stepless, *(b for _, b in self._data)})
        for place in self._stepless:
            self._used.append((place, edges[bisect.bisect_right(edges, place)]))
        self._used.sort()
        shown: list[Span] = []
        for low, high in self._data:
            at = low
            first = max(0, bisect.bisect_left(self._used, (low, 0)) - 1)
            for start, stop in self._used[first:]:
                if start >= high:
                    break
                start, stop = max(start, at), min(stop, high)  # noqa: PLW2901 - within the data
                if start >= stop:
                    continue
                if start > at and self.blob.tells(at, start, b"\0"):
                    self.view.tell("media.unused-bytes")
                shown.append(Span(self.blob, start, stop))
                at = stop
            if at < high and self.blob.tells(at, high, b"\0"):
                self.view.tell("media.unused-bytes")
        self.view.show(*shown)


def _extra(word: str) -> str:
    if word in _POSITIONS:
        return "media.location"
    if word in _PICTURES:
        return "media.picture"
    if word in _TAGS or word[:1] == "\xa9" or (word.isascii() and word[:1].isupper()):
        return "media.tag"
    return "media.unknown-part"
