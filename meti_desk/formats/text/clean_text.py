"""Plain texts (txt, csv, md, json): what cannot be seen in them is found; they are copied as is.

What a reader of such a text sees is all of its characters, comments and settings of editors
included. Hidden are only characters without a shape, and zeros behind the end.
"""

import codecs
import re
import unicodedata
from collections.abc import Iterator
from typing import BinaryIO

from meti_desk.formats.noting import Notes
from meti_desk.formats.text.encoding import decode
from meti_desk.formats.text.kinds import CONTROL, INVISIBLE, TRAILING

_PIECE = 8 << 20
_WIDE = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_JOINERS = "\u200c\u200d"
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f]")
_PICTOGRAPHS = frozenset({"So", "Sk", "Mn", "Me"})
_NEEDS_JOINERS = range(0x0590, 0x1000)
"""Scripts that spell with joiners, Arabic and those of India among them."""


def clean_text(
    source: BinaryIO, target: BinaryIO | None, notes: Notes, place: str = "text"
) -> None:
    """Copy the text, without a target only look at it; zeros behind its end go."""
    source.seek(0)
    end = _end(source)
    source.seek(0)
    head = source.read(4)
    wide = next((name for bom, name in _WIDE if head.startswith(bom)), "")
    size = source.seek(0, 2)
    keep = size
    if end < size and not wide and notes.add(TRAILING, place, f"{size - end} bytes"):
        keep = end
    for text in _texts(source, end if not wide else size, wide):
        note_unseen(text, place, notes)
    source.seek(0)
    while target is not None and keep > 0 and (piece := source.read(min(_PIECE, keep))):
        target.write(piece)
        keep -= len(piece)


def note_unseen(text: str, place: str, notes: Notes) -> None:
    """Note characters without a shape, and those that only programs read."""
    for found in _UNSEEN.finditer(text):
        if not _is_spelling(text, found.start()):
            char = found.group()
            notes.add(INVISIBLE, place, f"U+{ord(char):04X} {unicodedata.name(char, '')}".strip())
    for found in _CONTROLS.finditer(text):
        notes.add(CONTROL, place, f"U+{ord(found.group()):04X}")


def _is_spelling(text: str, at: int) -> bool:
    """Tell a joiner inside a pictograph or a script that needs it, and a byte order mark."""
    before = text[at - 1 : at]
    if text[at] == "\ufeff":
        return at == 0
    if text[at] not in _JOINERS or not before:
        return False
    pictograph = unicodedata.category(before) in _PICTOGRAPHS or before >= "\U0001f000"
    return pictograph or ord(before) in _NEEDS_JOINERS


def _end(source: BinaryIO) -> int:
    """Tell where the text ends and nothing but zeros follows."""
    at = source.seek(0, 2)
    while at:
        start = max(0, at - _PIECE)
        source.seek(start)
        piece = source.read(at - start).rstrip(b"\0")
        if piece:
            return start + len(piece)
        at = start
    return 0


def _texts(source: BinaryIO, end: int, wide: str) -> Iterator[str]:
    """Give the text in pieces that end with a line, or with the last whole character."""
    if wide:
        reader = codecs.getincrementaldecoder(wide)("replace")
        source.seek(0)
        first = True
        while piece := source.read(_PIECE):
            text = reader.decode(piece)
            yield text if first else text.replace("\ufeff", "\u2060")
            first = False
        return
    source.seek(0)
    rest, at = b"", 0
    first = True
    while at < end:
        piece = source.read(min(_PIECE, end - at))
        if not piece:
            break
        at += len(piece)
        data = rest + piece
        cut = data.rfind(b"\n") + 1 if at < end else len(data)
        if cut == 0 and len(data) < 2 * _PIECE:
            rest = data
            continue
        cut = cut or len(data)
        text = decode(data[:cut])
        yield text if not first or not text.startswith("\ufeff") else text[1:]
        rest, first = data[cut:], False
