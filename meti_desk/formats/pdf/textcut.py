"""Leaving glyphs out of a shown text: the others stay where they are.

All that goes in a row becomes one move of the pen, so that the width of a single letter is not
told.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pikepdf import Array, String

from meti_desk.formats.pdf.penstate import Tracker
from meti_desk.formats.pdf.planes import number

Goes = Callable[[Tracker, float], bool]
"""Tells whether the glyph at the pen, of this width, has to go."""


@dataclass(slots=True)
class Shown:
    """What is left of a shown text, as the operand of `TJ`, and the codes that went, by run."""

    kept: list[Any] = field(default_factory=list)
    gone: list[bytes] = field(default_factory=list)
    count: int = 0
    _letters: bytearray = field(default_factory=bytearray)
    _run: bytearray = field(default_factory=bytearray)
    _room: float = 0.0

    def _write_letters(self) -> None:
        if self._letters:
            self.kept.append(String(bytes(self._letters)))
            self._letters.clear()

    def _write_room(self) -> None:
        if self._room:
            self.kept.append(Decimal(f"{self._room:.4f}"))
            self._room = 0.0
        if self._run:
            self.gone.append(bytes(self._run))
            self._run.clear()

    def move(self, thousandths: float) -> None:
        """Keep a move of the pen."""
        self._write_letters()
        self._room += thousandths

    def keep(self, code: bytes) -> None:
        """Keep a glyph."""
        self._write_room()
        self._letters += code

    def drop(self, code: bytes, thousandths: float) -> None:
        """Leave a glyph out and move on by as much."""
        self.move(-thousandths)
        self._run += code
        self.count += 1

    def end(self) -> None:
        """Write what is still held."""
        self._write_letters()
        self._write_room()


def divide(tracker: Tracker, pieces: list[bytes | float], goes: Goes) -> Shown | None:
    """Follow a shown text with the pen; `None` when nobody can tell how far its font moves it."""
    pen, shown = tracker.pen, Shown()
    if pen.font is None:
        return None
    for piece in pieces:
        if not isinstance(piece, bytes):
            shown.move(piece)
            tracker.forth(-piece / 1000 * pen.size)
            continue
        for code in pen.font.cut(piece):
            width = pen.font.advance(code)
            if width is None:
                return None
            length = width * pen.size + pen.letters + (pen.blanks if code == b" " else 0.0)
            if goes(tracker, width):
                shown.drop(code, 1000 * length / pen.size if pen.size else 0.0)
            else:
                shown.keep(code)
            tracker.forth(length)
    shown.end()
    return shown


def pieces_of(instruction: Any) -> Iterator[bytes | float]:
    """Give what a text operator shows: strings, and moves between them in thousandths."""
    operands = list(instruction.operands)
    if not operands:
        return
    shown = operands[-1]
    for piece in shown if isinstance(shown, Array) else [shown]:
        if isinstance(piece, String):
            yield bytes(piece)
        else:
            yield number(piece, 0.0)
