"""A small font program for the mark: only the glyphs it needs, cut out of the shipped font by hand.

A general subsetter takes 0.2 s for each text because it reads all of a font with 12,000 glyphs.
The mark needs some twenty outlines, so this module copies just these from `glyf`, renumbers them
and drops the hinting, which takes a few milliseconds and gives the same bytes for the same text.
"""

import hashlib
import struct
from collections.abc import Iterable
from dataclasses import dataclass

from meti_desk.data import read_bytes

_FONT = "fonts/BIZUDGothic-Regular.ttf"
_ARGS_ARE_WORDS = 0x0001
_HAS_SCALE = 0x0008
_MORE = 0x0020
_HAS_TWO_SCALES = 0x0040
_HAS_MATRIX = 0x0080
_HAS_INSTRUCTIONS = 0x0100
_CHECKSUM_MAGIC = 0xB1B0AFBA


@dataclass(frozen=True, slots=True)
class Subset:
    """A cut-out font: its program, the code of each character, and widths in 1/1000 em by code."""

    program: bytes
    codes: dict[str, int]
    widths: tuple[int, ...]
    tag: str
    """Six capitals that tell this subset from others of the same font, as PDF wants them."""
    ascent: int
    descent: int
    box: tuple[int, int, int, int]


class _Source:
    """The tables of the shipped font that the cut needs, read where they stand."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.tables: dict[bytes, tuple[int, int]] = {}
        for index in range(int.from_bytes(data[4:6], "big")):
            tag, _, offset, length = struct.unpack_from(">4sIII", data, 12 + 16 * index)
            self.tables[tag] = (offset, length)
        self.metrics = struct.unpack_from(">H", self.table(b"hhea"), 34)[0]
        self.long_offsets = struct.unpack_from(">h", self.table(b"head"), 50)[0] == 1

    def table(self, tag: bytes) -> bytes:
        """Give one table."""
        offset, length = self.tables[tag]
        return self.data[offset : offset + length]

    def glyphs_of(self, characters: Iterable[str]) -> dict[str, int]:
        """Look characters up in the full Unicode map (format 12); what is missing is glyph 0."""
        start = self.tables[b"cmap"][0]
        found: dict[str, int] = {}
        for index in range(struct.unpack_from(">H", self.data, start + 2)[0]):
            place = start + struct.unpack_from(">I", self.data, start + 8 + 8 * index)[0]
            if struct.unpack_from(">H", self.data, place)[0] != 12:  # noqa: PLR2004 - a format
                continue
            count = struct.unpack_from(">I", self.data, place + 12)[0]
            groups = list(
                struct.iter_unpack(">III", self.data[place + 16 : place + 16 + 12 * count])
            )
            for character in characters:
                found[character] = _glyph_in(groups, ord(character))
            break
        return found

    def advance(self, glyph: int) -> tuple[int, int]:
        """Give advance width and left side bearing in font units."""
        start = self.tables[b"hmtx"][0]
        last = start + 4 * (self.metrics - 1)
        if glyph < self.metrics:
            width, bearing = struct.unpack_from(">Hh", self.data, start + 4 * glyph)
            return int(width), int(bearing)
        width = struct.unpack_from(">H", self.data, last)[0]
        bearing = struct.unpack_from(">h", self.data, last + 4 + 2 * (glyph - self.metrics))[0]
        return int(width), int(bearing)

    def outline(self, glyph: int) -> bytes:
        """Give a glyph's description without its hinting program."""
        loca, _ = self.tables[b"loca"]
        if self.long_offsets:
            first, end = struct.unpack_from(">II", self.data, loca + 4 * glyph)
        else:
            first, end = (2 * n for n in struct.unpack_from(">HH", self.data, loca + 2 * glyph))
        start = self.tables[b"glyf"][0]
        return _without_hints(self.data[start + first : start + end])


def _glyph_in(groups: list[tuple[int, ...]], code: int) -> int:
    for first, last, glyph in groups:
        if first <= code <= last:
            return glyph + code - first
    return 0


def _without_hints(outline: bytes) -> bytes:
    if not outline:
        return outline
    contours = struct.unpack_from(">h", outline)[0]
    if contours < 0:
        return outline
    place = 10 + 2 * contours
    length = struct.unpack_from(">H", outline, place)[0]
    return outline[:place] + b"\0\0" + outline[place + 2 + length :]


def _parts(outline: bytes) -> list[tuple[int, int]]:
    """List where a composite glyph names its parts, with their numbers."""
    if not outline or struct.unpack_from(">h", outline)[0] >= 0:
        return []
    found, place, flags = [], 10, _MORE
    while flags & _MORE:
        flags, part = struct.unpack_from(">HH", outline, place)
        found.append((place, part))
        place += 4 + (4 if flags & _ARGS_ARE_WORDS else 2)
        if flags & _HAS_SCALE:
            place += 2
        elif flags & _HAS_TWO_SCALES:
            place += 4
        elif flags & _HAS_MATRIX:
            place += 8
    return found


def _renumbered(outline: bytes, numbers: dict[int, int]) -> bytes:
    changed = bytearray(outline)
    end = 0
    for place, part in _parts(outline):
        flags = struct.unpack_from(">H", changed, place)[0] & ~_HAS_INSTRUCTIONS
        struct.pack_into(">HH", changed, place, flags, numbers[part])
        end = place
    return bytes(changed) if end else outline


def _checksum(data: bytes) -> int:
    padded = data + b"\0" * (-len(data) % 4)
    return int(sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF)


def _assemble(tables: dict[bytes, bytes]) -> bytes:
    count = len(tables)
    power = count.bit_length() - 1
    head = struct.pack(">IHHHH", 0x00010000, count, 16 << power, power, 16 * (count - (1 << power)))
    place = 12 + 16 * count
    directory, body = b"", b""
    for tag, data in sorted(tables.items()):
        directory += struct.pack(">4sIII", tag, _checksum(data), place + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    program = bytearray(head + directory + body)
    place_of_head = next(
        struct.unpack_from(">I", directory, at + 8)[0]
        for at in range(0, len(directory), 16)
        if directory[at : at + 4] == b"head"
    )
    whole = (_CHECKSUM_MAGIC - _checksum(bytes(program))) & 0xFFFFFFFF
    struct.pack_into(">I", program, place_of_head + 8, whole)
    return bytes(program)


def _with_parts(source: _Source, wanted: list[int]) -> list[int]:
    """Add the glyphs that composite glyphs are made of, behind those that are wanted."""
    glyphs = list(wanted)
    for glyph in glyphs:
        glyphs += [part for _, part in _parts(source.outline(glyph)) if part not in glyphs]
    return glyphs


def make_subset(text: str) -> Subset:
    """Cut the shipped font down to the characters of `text`; the same text gives the same bytes."""
    source = _Source(read_bytes("resources", _FONT))
    characters = sorted(set(text))
    of_character = source.glyphs_of(characters)
    # Each character has a code of its own, even where two share an outline: else a search for
    # one would find the other.
    glyphs = _with_parts(source, [0, *(of_character.get(one, 0) for one in characters)])
    numbers = {glyph: number for number, glyph in reversed(list(enumerate(glyphs)))}
    outlines = [_renumbered(source.outline(glyph), numbers) for glyph in glyphs]
    glyf, loca = b"", [0]
    for outline in outlines:
        glyf += outline + b"\0" * (-len(outline) % 4)
        loca.append(len(glyf))
    head, hhea, maxp = (bytearray(source.table(tag)) for tag in (b"head", b"hhea", b"maxp"))
    struct.pack_into(">I", head, 8, 0)
    struct.pack_into(">h", head, 50, 1)
    struct.pack_into(">H", hhea, 34, len(glyphs))
    struct.pack_into(">H", maxp, 4, len(glyphs))
    advances = [source.advance(glyph) for glyph in glyphs]
    em: int = struct.unpack_from(">H", head, 18)[0]
    program = _assemble(
        {
            b"head": bytes(head),
            b"hhea": bytes(hhea),
            b"maxp": bytes(maxp),
            b"hmtx": b"".join(struct.pack(">Hh", *one) for one in advances),
            b"loca": struct.pack(f">{len(loca)}I", *loca),
            b"glyf": glyf,
        }
    )
    digest = hashlib.sha256("".join(characters).encode()).digest()

    def scaled(value: int) -> int:
        return round(value * 1000 / em)

    ascent, descent = (scaled(n) for n in struct.unpack_from(">hh", hhea, 4))
    x0, y0, x1, y1 = (scaled(n) for n in struct.unpack_from(">hhhh", head, 36))
    return Subset(
        program=program,
        codes={character: number for number, character in enumerate(characters, 1)},
        widths=tuple(scaled(width) for width, _ in advances),
        tag="".join(chr(65 + byte % 26) for byte in digest[:6]),
        ascent=ascent,
        descent=descent,
        box=(x0, y0, x1, y1),
    )
