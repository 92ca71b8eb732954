"""Taking glyphs, drawings and parts of pictures out of a page's content (墨消し).

The content is followed operator by operator. A glyph that lies in a zone is left out and the pen
moved on by as much, all glyphs of a run together, so that nothing else moves and the width of a
single letter is not told. Forms on the page are followed too; what changes is written as a copy,
since other pages may use the same form. What cannot be followed is refused, never guessed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from pikepdf import Array, ContentStreamInstruction, Dictionary, Name, Operator, Stream

from meti_desk.domain.errors import RuleViolation
from meti_desk.formats.pdf import drawings
from meti_desk.formats.pdf.blacking import blackened
from meti_desk.formats.pdf.content import parsed
from meti_desk.formats.pdf.geometry import Box, Matrix
from meti_desk.formats.pdf.graph import entry
from meti_desk.formats.pdf.penstate import Fonts, Pen, Tracker
from meti_desk.formats.pdf.planes import (
    holds,
    inherited,
    joined,
    matrix_of,
    moved,
    number,
    point,
    shared,
    times,
)
from meti_desk.formats.pdf.textcut import divide, pieces_of

_DEPTH = 16
_SHOWING = frozenset({"Tj", "TJ", "'", '"'})
_TOUCHED = 0.05
"""In an area goes each glyph of which more than this part lies in it."""
_SLACK = 0.05
_SPOKEN = ("/ActualText", "/Alt", "/E")
"""Words that stand for what is drawn."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A place that is made black, in page units.

    In an area (`whole`) all goes that touches it; of a word the glyphs whose middle lies in it.
    `ink` is where the letters of a word reach beyond that.
    """

    box: Box
    whole: bool = False
    ink: Box | None = None

    @property
    def cover(self) -> Box:
        """Give the box that is drawn black."""
        return self.box if self.ink is None else joined(self.box, self.ink)


@dataclass(slots=True)
class _Marked:
    """Marked content that is open: where it begins in what is written, and whether any went."""

    index: int
    touched: bool = False


@dataclass(slots=True)
class _Sheet:
    """What belongs to one stream: its resources, which may change, and what is written."""

    resources: Any
    tracker: Tracker
    written: list[Any] = field(default_factory=list)
    path: list[Any] = field(default_factory=list)
    marked: list[_Marked] = field(default_factory=list)
    added: dict[str, Any] = field(default_factory=dict)
    changed: bool = False


@dataclass(slots=True)
class Cut:
    """What was taken out of one page: ids of marked content, codes, and what went as a whole."""

    ids: set[int] = field(default_factory=set)
    codes: list[bytes] = field(default_factory=list)
    notes: set[str] = field(default_factory=set)
    glyphs: int = 0


class Cutter:
    """Cuts the zones out of pages of one document.

    `says` tells whether a text holds a word that has to go. Raises
    `RuleViolation("redact.not-possible", place=…, reason=…)`.
    """

    def __init__(self, pdf: pikepdf.Pdf, says: Callable[[str], bool]) -> None:
        """Take the document that is changed."""
        self._pdf = pdf
        self._says = says
        self._fonts = Fonts(pdf)
        self._zones: Sequence[Zone] = ()
        self._cut = Cut()
        self._page = 0

    def page(self, page: pikepdf.Page, index: int, zones: Sequence[Zone]) -> Cut:
        """Take out of a page what lies in the zones; gives what went."""
        self._zones, self._cut, self._page = zones, Cut(), index + 1
        resources = inherited(page.obj, "/Resources")
        resources = resources if isinstance(resources, Dictionary) else Dictionary()
        tracker = Tracker(self._fonts, resources, Pen())
        sheet = _Sheet(resources, tracker)
        self._follow(sheet, parsed(page), 0)
        if sheet.changed:
            page.obj.Contents = self._pdf.make_stream(_bytes(sheet))
            page.obj.Resources = _resources(sheet)
        return self._cut

    def _refused(self, reason: str) -> RuleViolation:
        place = f"page {self._page}"
        return RuleViolation("redact.not-possible", articles=("14-7",), place=place, reason=reason)

    # ---- one stream

    def _follow(self, sheet: _Sheet, instructions: list[Any], depth: int) -> None:
        if self._zones:
            self._measure(sheet, instructions)
        for one in instructions:
            operator = str(one.operator)
            if operator in drawings.BUILDING:
                sheet.path.append(one)
                continue
            if sheet.path:
                self._paint(sheet, operator)
            sheet.written.append(one)
            self._take(sheet, one, operator, depth)
        sheet.written += sheet.path
        while sheet.marked:
            self._end_marked(sheet)

    def _take(self, sheet: _Sheet, one: Any, operator: str, depth: int) -> None:
        if operator in _SHOWING:
            self._show(sheet, one, operator)
        elif operator == "Do":
            self._do(sheet, one, depth)
        elif operator == "INLINE IMAGE":
            self._inline(sheet)
        elif operator in {"BMC", "BDC"}:
            sheet.marked.append(_Marked(len(sheet.written) - 1))
        elif operator == "EMC":
            self._end_marked(sheet)
        else:
            sheet.tracker.follow(operator, list(one.operands))

    def _measure(self, sheet: _Sheet, instructions: list[Any]) -> None:
        """Have the widths of all codes measured at once that the fonts do not tell."""
        fonts = entry(sheet.resources, "/Font", Dictionary)
        font = sheet.tracker.pen.font
        shown: dict[int, tuple[Any, list[bytes]]] = {}
        for one in instructions:
            operator = str(one.operator)
            if operator == "Tf" and fonts is not None and len(one.operands) == 2:  # noqa: PLR2004
                font = self._fonts.of(fonts.get(one.operands[0]))
            elif operator in _SHOWING and font is not None:
                strings = shown.setdefault(id(font), (font, []))[1]
                strings += [piece for piece in pieces_of(one) if isinstance(piece, bytes)]
        for held, strings in shown.values():
            held.measure(strings)

    def _touch(self, sheet: _Sheet) -> None:
        sheet.changed = True
        for one in sheet.marked:
            one.touched = True

    # ---- text

    def _show(self, sheet: _Sheet, one: Any, operator: str) -> None:
        tracker = sheet.tracker
        pieces = list(pieces_of(one))
        if operator == '"' and len(one.operands) == 3:  # noqa: PLR2004 - two distances, a string
            tracker.follow("Tw", [one.operands[0]])
            tracker.follow("Tc", [one.operands[1]])
        if operator in {"'", '"'}:
            tracker.next_line()
        if not self._zones:
            return
        shown = divide(tracker, pieces, self._goes)
        if shown is None:
            raise self._refused("font")
        if not shown.count:
            return
        self._cut.codes += shown.gone
        self._cut.glyphs += shown.count
        sheet.written.pop()
        if operator == '"':
            sheet.written += [
                ContentStreamInstruction([one.operands[0]], Operator("Tw")),
                ContentStreamInstruction([one.operands[1]], Operator("Tc")),
            ]
        if operator in {"'", '"'}:
            sheet.written.append(ContentStreamInstruction([], Operator("T*")))
        sheet.written.append(ContentStreamInstruction([Array(shown.kept)], Operator("TJ")))
        self._touch(sheet)

    def _goes(self, tracker: Tracker, width: float) -> bool:
        """Tell whether a glyph at the pen lies in a zone."""
        font = tracker.pen.font
        low, high = (font.low, font.high) if font is not None else (0.0, 1.0)
        down = font is not None and font.vertical
        matrix = tracker.glyph_matrix()
        corner: Box = (-0.5, width, 0.5, 0.0) if down else (0.0, low, width, high)
        middle = point(matrix, (corner[0] + corner[2]) / 2, (corner[1] + corner[3]) / 2)
        box = moved(matrix, corner)
        slack = _SLACK * max(box[3] - box[1], box[2] - box[0])
        area = (box[2] - box[0]) * (box[3] - box[1])
        for zone in self._zones:
            if holds(zone.box, middle, slack):
                return True
            if zone.whole and area > 0 and shared(zone.box, box) > _TOUCHED * area:
                return True
        return False

    # ---- drawings and pictures

    def _paint(self, sheet: _Sheet, operator: str) -> None:
        """Write a path that was gathered, without what lies in a zone."""
        built, sheet.path = sheet.path, []
        if not self._zones or operator not in drawings.PAINTING:
            sheet.written += built
            return
        pen = sheet.tracker.pen
        stretch = max(abs(number) for number in pen.ctm[:4])
        swelling = pen.line * stretch / 2 if operator in drawings.STROKING else 0.0
        kept = drawings.without(built, pen.ctm, self._zones, swelling)
        if kept is None:
            raise self._refused("drawing")
        if len(kept) != len(built):
            self._touch(sheet)
            self._cut.notes.add("redact.drawing-removed")
        sheet.written += kept

    def _hits(self, matrix: Matrix) -> list[Box]:
        """Give the zones that lie on the unit square as it was moved."""
        place = moved(matrix, (0.0, 0.0, 1.0, 1.0))
        return [zone.box for zone in self._zones if shared(place, zone.box) > 0]

    def _inline(self, sheet: _Sheet) -> None:
        if self._hits(sheet.tracker.pen.ctm):
            sheet.written.pop()
            self._touch(sheet)
            self._cut.notes.add("redact.image-removed")

    def _do(self, sheet: _Sheet, one: Any, depth: int) -> None:
        held = entry(sheet.resources, "/XObject", Dictionary)
        target = held.get(one.operands[0]) if held is not None and len(one.operands) else None
        if not isinstance(target, Stream):
            return
        made: Any = None
        if target.get("/Subtype") == Name.Image:
            zones = self._hits(sheet.tracker.pen.ctm)
            if not zones:
                return
            made = blackened(self._pdf, target, sheet.tracker.pen.ctm, zones)
            if made is None:
                self._cut.notes.add("redact.image-removed")
                sheet.written.pop()
                self._touch(sheet)
                return
        elif target.get("/Subtype") == Name.Form:
            made = self._form(sheet, target, depth)
        if made is not None:
            self._rename(sheet, one, made)

    def _rename(self, sheet: _Sheet, one: Any, made: Any) -> None:
        held = entry(sheet.resources, "/XObject", Dictionary)
        taken = set(held.keys()) if held is not None else set()
        count = len(sheet.added) + 1
        while (name := f"/MetiCut{count}") in taken or name in sheet.added:
            count += 1
        sheet.added[name] = made
        sheet.written[-1] = ContentStreamInstruction([Name(name)], one.operator)
        self._touch(sheet)

    def _form(self, outer: _Sheet, form: Any, depth: int) -> Any:
        """Follow a form; give a copy without what lies in the zones, or nothing."""
        if depth >= _DEPTH:
            raise self._refused("depth")
        tracker = outer.tracker
        pen = Pen(ctm=times(matrix_of(form.get("/Matrix")), tracker.pen.ctm))
        box = form.get("/BBox")
        if self._zones and isinstance(box, Array) and len(box) == 4:  # noqa: PLR2004 - a box
            numbers = [number(one, 0.0) for one in box]
            place = moved(pen.ctm, (numbers[0], numbers[1], numbers[2], numbers[3]))
            if not any(shared(place, zone.box) > 0 for zone in self._zones) and not self._speaks(
                form
            ):
                return None
        for name in ("font", "size", "letters", "blanks", "stretch", "leading", "rise", "line"):
            setattr(pen, name, getattr(tracker.pen, name))
        resources = form.get("/Resources")
        resources = resources if isinstance(resources, Dictionary) else outer.resources
        sheet = _Sheet(resources, Tracker(self._fonts, resources, pen))
        self._follow(sheet, parsed(form), depth + 1)
        if not sheet.changed:
            return None
        made = self._pdf.make_stream(_bytes(sheet))
        for key, value in form.items():
            if key not in {"/Length", "/Filter", "/DecodeParms", "/Resources"}:
                made[key] = value
        made.Resources = _resources(sheet)
        return made

    @staticmethod
    def _speaks(form: Any) -> bool:
        return b"ActualText" in form.read_bytes()

    # ---- marked content

    def _end_marked(self, sheet: _Sheet) -> None:
        if not sheet.marked:
            return
        one = sheet.marked.pop()
        instruction = sheet.written[one.index]
        operands = list(instruction.operands)
        if len(operands) < 2:  # noqa: PLR2004 - a tag and its properties
            return
        properties = operands[1]
        if isinstance(properties, Name):
            lists = entry(sheet.resources, "/Properties", Dictionary)
            properties = lists.get(properties) if lists is not None else None
        if not isinstance(properties, Dictionary):
            return
        spoken = [key for key in _SPOKEN if key in properties]
        says = any(self._says(str(properties[key])) for key in spoken)
        if says and not one.touched:
            # The words stand for something drawn that was not found.
            raise self._refused("actual-text")
        if not one.touched:
            return
        if isinstance(properties.get("/MCID"), int):
            self._cut.ids.add(int(properties.MCID))
        if spoken:
            bare = Dictionary({k: v for k, v in properties.items() if k not in _SPOKEN})
            operands[1] = bare
            sheet.written[one.index] = ContentStreamInstruction(operands, instruction.operator)
            for key in spoken:
                del properties[key]


def _bytes(sheet: _Sheet) -> bytes:
    return pikepdf.unparse_content_stream(sheet.written)


def _resources(sheet: _Sheet) -> Any:
    """Copy a stream's resources: with what was made anew, without what it no longer draws."""
    resources = Dictionary(sheet.resources)
    held = entry(resources, "/XObject", Dictionary)
    used = {
        str(one.operands[0])
        for one in sheet.written
        if str(one.operator) == "Do" and len(one.operands)
    }
    forms = {**(dict(held.items()) if held is not None else {}), **sheet.added}
    resources.XObject = Dictionary({key: one for key, one in forms.items() if key in used})
    return resources
