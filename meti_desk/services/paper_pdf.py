"""The paper of `services.paper` as PDF: A4 sheets with the shipped font, for what is only printed.

Lines, headings, tables and a QR code from top to bottom. The font is embedded as the characters
that occur, so that the sheet looks alike everywhere and needs no program of an office.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from io import BytesIO

from meti_desk.services.plain import plain

_WIDE, _HIGH, _EDGE = 595.28, 841.89, 64.0
_SIZE, _LEADING = 10.5, 1.6
_CELL = 5.0


@dataclass(frozen=True, slots=True)
class _Run:
    """A line of text at a place, in points from the lower left corner."""

    x: float
    y: float
    size: float
    text: str


@dataclass(slots=True)
class _Sheet:
    runs: list[_Run] = field(default_factory=list)
    boxes: list[tuple[float, float, float, float, bool]] = field(default_factory=list)
    """x, y, width, height, and whether it is filled."""


class Paper:
    """A document that grows downwards and turns the page where it is full."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._sheets = [_Sheet()]
        self._y = _HIGH - _EDGE
        self.line(title, size=18)
        self.gap(6)

    def line(self, text: str, *, size: float = _SIZE, right: bool = False) -> None:
        """Add a text, broken where it is too long."""
        for part in _broken(plain(text), (_WIDE - 2 * _EDGE) / size):
            self._room(size * _LEADING)
            self._y -= size * _LEADING
            x = _WIDE - _EDGE - _width(part) * size if right else _EDGE
            self._sheets[-1].runs.append(_Run(x, self._y, size, part))

    def heading(self, text: str) -> None:
        """Add a heading."""
        self.gap(8)
        self._room(60)
        self.line(text, size=13)
        self.gap(2)

    def gap(self, points: float) -> None:
        """Leave some room."""
        self._y -= points

    def table(
        self, rows: Iterable[Sequence[str]], shares: Sequence[float], *, size: float = _SIZE
    ) -> None:
        """Add a table with lines around its cells; `shares` are the widths of its columns."""
        unit = (_WIDE - 2 * _EDGE) / sum(shares)
        widths = [share * unit for share in shares]
        for row in rows:
            cells = [
                _broken(plain(text), (width - 2 * _CELL) / size)
                for text, width in zip(row, widths, strict=True)
            ]
            high = max(map(len, cells)) * size * 1.4 + _CELL
            self._room(high)
            top, x = self._y, _EDGE
            for lines, width in zip(cells, widths, strict=True):
                self._sheets[-1].boxes.append((x, top - high, width, high, False))
                for number, text in enumerate(lines):
                    y = top - (number + 1) * size * 1.4 + size * 0.25
                    self._sheets[-1].runs.append(_Run(x + _CELL, y, size, text))
                x += width
            self._y -= high

    def code(self, rows: Sequence[Sequence[int]], side: float) -> None:
        """Draw a QR code, `side` points wide, with the quiet zone that it needs."""
        module = side / len(rows)
        self._room(side + 8 * module)
        top = self._y - 4 * module
        for line, row in enumerate(rows):
            y = top - (line + 1) * module
            for at, length in _stretches(row):
                box = (_EDGE + at * module, y, length * module, module, True)
                self._sheets[-1].boxes.append(box)
        self._y = top - side - 4 * module

    def _room(self, points: float) -> None:
        if self._y - points < _EDGE:
            self._sheets.append(_Sheet())
            self._y = _HIGH - _EDGE

    def saved(self) -> bytes:
        """Give the bytes of the PDF; it has no author, no date and no program's name."""
        import pikepdf
        from pikepdf import Array, Dictionary, Name

        from meti_desk.formats.pdf.marks import font_of
        from meti_desk.formats.pdf.subset import make_subset

        text = "".join(run.text for sheet in self._sheets for run in sheet.runs)
        subset = make_subset(text)
        made = BytesIO()
        with pikepdf.new() as pdf:
            font = font_of(pdf, subset)
            for sheet in self._sheets:
                page = pdf.add_blank_page(page_size=(_WIDE, _HIGH))
                page.Resources = Dictionary(Font=Dictionary(F0=font))
                page.Contents = pdf.make_stream(_drawn(sheet, subset.codes))
            pdf.Root.Lang = pikepdf.String("ja-JP")
            pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
            pdf.docinfo[Name.Title] = pikepdf.String(self._title)
            pdf.trailer.ID = Array([pikepdf.String("0" * 16)] * 2)
            pdf.save(made, deterministic_id=True)
        return made.getvalue()


def _drawn(sheet: _Sheet, codes: dict[str, int]) -> bytes:
    parts = ["0.7 w 0 g 0 G"]
    parts += [
        f"{x:.2f} {y:.2f} {wide:.2f} {high:.2f} re {'f' if filled else 'S'}"
        for x, y, wide, high, filled in sheet.boxes
    ]
    for run in sheet.runs:
        shown = "".join(f"{codes[one]:04X}" for one in run.text)
        parts.append(f"BT /F0 {run.size:g} Tf {run.x:.2f} {run.y:.2f} Td <{shown}> Tj ET")
    return "\n".join(parts).encode("ascii")


def _stretches(row: Sequence[int]) -> list[tuple[int, int]]:
    """Give where dark modules stand together: drawn as one, they show no gaps."""
    found: list[tuple[int, int]] = []
    for at, dark in enumerate(row):
        if not dark:
            continue
        if found and sum(found[-1]) == at:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((at, 1))
    return found


def _width(text: str) -> float:
    """Give the width of a text at one point of size: the shipped font is as wide as its cells."""
    return sum(0.5 if _half(one) else 1.0 for one in text)


def _half(one: str) -> bool:
    return one.isascii() or "\uff61" <= one <= "\uff9f"


def _broken(text: str, room: float) -> list[str]:
    """Break a text into lines, at spaces where there are some."""
    lines, line = [], ""
    for one in text:
        if line and _width(line + one) > room:
            head, space, tail = line.rpartition(" ")
            lines.append(head if space and head else line)
            line = tail if space and head else ""
        line += one
    return [*lines, line]
