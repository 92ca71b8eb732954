"""The state of the pen while a page's content is followed: matrices, font, spacing, line width."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pikepdf
from pikepdf import Dictionary

from meti_desk.formats.pdf.geometry import Matrix
from meti_desk.formats.pdf.glyphs import Glyphs, glyphs_of
from meti_desk.formats.pdf.graph import entry
from meti_desk.formats.pdf.planes import IDENTITY, matrix_of, number, times


@dataclass(slots=True)
class Pen:
    """What `q` saves and `Q` restores."""

    ctm: Matrix = IDENTITY
    font: Glyphs | None = None
    size: float = 0.0
    letters: float = 0.0
    """Tc: room behind each glyph."""
    blanks: float = 0.0
    """Tw: room behind each blank."""
    stretch: float = 1.0
    leading: float = 0.0
    rise: float = 0.0
    line: float = 1.0


class Fonts:
    """The fonts of a document, each read once."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        """Begin with none."""
        self._pdf = pdf
        self._known: dict[tuple[int, int], Glyphs | None] = {}

    def of(self, font: Any) -> Glyphs | None:
        """Give a font; `None` when nobody can tell how it writes."""
        if not isinstance(font, Dictionary):
            return None
        held = font if font.is_indirect else self._pdf.make_indirect(font)
        key = held.objgen
        if key not in self._known:
            self._known[key] = glyphs_of(held)
        return self._known[key]


@dataclass(slots=True)
class Tracker:
    """Follows the operators that move the pen and draw nothing."""

    fonts: Fonts
    resources: Any
    pen: Pen
    saved: list[Pen] = field(default_factory=list)
    text: Matrix = IDENTITY
    row: Matrix = IDENTITY

    def follow(self, operator: str, operands: list[Any]) -> None:
        """Take an operator in; those that are not known change nothing here."""
        done = _FOLLOWED.get(operator)
        if done is not None:
            done(self, operands)

    def next_line(self) -> None:
        """Begin the next line, as `T*` does."""
        self.move(0.0, -self.pen.leading)

    def move(self, across: float, up: float) -> None:
        """Begin a line elsewhere."""
        self.row = times((1.0, 0.0, 0.0, 1.0, across, up), self.row)
        self.text = self.row

    def forth(self, length: float) -> None:
        """Move the pen along the writing, in text units."""
        font = self.pen.font
        down = font is not None and font.vertical
        across, up = (0.0, length) if down else (length * self.pen.stretch, 0.0)
        self.text = times((1.0, 0.0, 0.0, 1.0, across, up), self.text)

    def glyph_matrix(self) -> Matrix:
        """Give the way from a glyph, one unit high, to the page."""
        pen = self.pen
        own = (pen.size * pen.stretch, 0.0, 0.0, pen.size, 0.0, pen.rise)
        return times(times(own, self.text), pen.ctm)

    def save(self, _: list[Any]) -> None:
        """Remember the pen (`q`)."""
        self.saved.append(replace(self.pen))

    def restore(self, _: list[Any]) -> None:
        """Take back what was remembered (`Q`)."""
        if self.saved:
            self.pen = self.saved.pop()

    def concat(self, operands: list[Any]) -> None:
        """Move what is drawn from here on (`cm`)."""
        self.pen.ctm = times(_matrix(operands), self.pen.ctm)

    def begin(self, _: list[Any]) -> None:
        """Begin a text (`BT`)."""
        self.text = self.row = IDENTITY

    def font(self, operands: list[Any]) -> None:
        """Choose font and size (`Tf`)."""
        fonts = entry(self.resources, "/Font", Dictionary)
        named = fonts.get(operands[0]) if fonts is not None else None
        self.pen.font, self.pen.size = self.fonts.of(named), number(operands[1], 0.0)

    def state(self, operands: list[Any]) -> None:
        """Take what a graphics state says of the pen (`gs`)."""
        states = entry(self.resources, "/ExtGState", Dictionary)
        state = states.get(operands[0]) if states is not None else None
        if not isinstance(state, Dictionary):
            return
        pair = state.get("/Font")
        if isinstance(pair, pikepdf.Array) and len(pair) > 1:
            self.pen.font, self.pen.size = self.fonts.of(pair[0]), number(pair[1], 0.0)
        self.pen.line = number(state.get("/LW"), self.pen.line)

    def shift(self, operands: list[Any]) -> None:
        """Begin a line elsewhere (`Td`)."""
        self.move(number(operands[0], 0.0), number(operands[1], 0.0))

    def shift_leading(self, operands: list[Any]) -> None:
        """Begin a line elsewhere and take the distance for the leading (`TD`)."""
        self.pen.leading = -number(operands[1], 0.0)
        self.shift(operands)

    def place(self, operands: list[Any]) -> None:
        """Put the text somewhere (`Tm`)."""
        self.text = self.row = _matrix(operands)


def _matrix(operands: list[Any]) -> Matrix:
    return matrix_of(pikepdf.Array(operands))


def _setter(name: str, scale: float = 1.0) -> Callable[[Tracker, list[Any]], None]:
    def put(tracker: Tracker, operands: list[Any]) -> None:
        setattr(tracker.pen, name, number(operands[0], 0.0) * scale)

    return put


_FOLLOWED: dict[str, Callable[[Tracker, list[Any]], None]] = {
    "q": Tracker.save,
    "Q": Tracker.restore,
    "cm": Tracker.concat,
    "BT": Tracker.begin,
    "Tf": Tracker.font,
    "gs": Tracker.state,
    "Td": Tracker.shift,
    "TD": Tracker.shift_leading,
    "Tm": Tracker.place,
    "T*": lambda tracker, _: tracker.next_line(),
    "Tc": _setter("letters"),
    "Tw": _setter("blanks"),
    "Tz": _setter("stretch", 0.01),
    "TL": _setter("leading"),
    "Ts": _setter("rise"),
    "w": _setter("line"),
}
