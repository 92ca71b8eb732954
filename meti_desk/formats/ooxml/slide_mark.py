"""The visible mark (明示, Art. 5) in PowerPoint documents: a text box at the top right of slides.

It stands on every slide itself, hidden ones too, and not on the master, because a slide or layout
may hide the master's shapes. It is the last shape of its slide and so lies above all others, on a
nearly opaque white ground, so that it can be read over a picture; no animation refers to it. Notes
pages and handouts show a picture of the slide, mark included, and get none of their own.
"""

import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from xml.sax.saxutils import escape

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.base import LabelReport, SkippedPage
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.properties import NOT_XML
from meti_desk.formats.ooxml.slide_bytes import MARK_NAME, View, cut, view
from meti_desk.formats.ooxml.slide_deck import Deck

TOO_SMALL = "mark.page-too-small"
NO_SLIDES = "pptx.no-slides"
_POINT = 12700
"""EMU."""
_SIZES = (1100, 1000, 900, 800, 700, 600)
"""Hundredths of a point, on a slide of the usual height."""
_LEGIBLE_ALONE = 900
"""A mark is broken into lines before it becomes smaller than this."""
_USUAL = 6858000
_MARGIN = 72000
_INSET_X, _INSET_Y = 54000, 18000
_LINE = 1.25
_NARROW, _WIDE, _GAP, _SPARE = 0.65, 1.0, 0.3, 0.6
"""Widths in em: of a character, of the gap that programs leave between Japanese and Latin letters,
and of the rest; a little more than our font needs, for fonts put in its place."""
_MOST_OF_HEIGHT = 0.5
_IDS = 0x7FFFFFFF
_TRANSITIONAL = "http://schemas.openxmlformats.org/"
_STRICT = "http://purl.oclc.org/ooxml/"
_FONT = "BIZ UDGothic"
_SHAPE = (
    '<p:sp xmlns:p="{p}" xmlns:a="{a}"><p:nvSpPr><p:cNvPr id="{id}" name="{name}"/>'
    '<p:cNvSpPr txBox="1"/><p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr><a:xfrm>'
    '<a:off x="{x}" y="{y}"/><a:ext cx="{cx}" cy="{cy}"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
    '<a:solidFill><a:srgbClr val="FFFFFF"><a:alpha val="{alpha}"/></a:srgbClr></a:solidFill>'
    "<a:ln><a:noFill/></a:ln></p:spPr><p:txBody>"
    '<a:bodyPr wrap="square" lIns="{ix}" tIns="{iy}" rIns="{ix}" bIns="{iy}" rtlCol="0" '
    'anchor="ctr"><a:noAutofit/></a:bodyPr><a:lstStyle/><a:p>'
    '<a:pPr marL="0" indent="0" algn="r"><a:lnSpc><a:spcPct val="{full}"/></a:lnSpc>'
    '<a:spcBef><a:spcPts val="0"/></a:spcBef><a:spcAft><a:spcPts val="0"/></a:spcAft><a:buNone/>'
    '</a:pPr><a:r><a:rPr lang="ja-JP" altLang="en-US" sz="{size}" b="0" i="0" u="none" '
    'strike="noStrike" cap="none" baseline="0"><a:solidFill><a:srgbClr val="000000"/>'
    '</a:solidFill><a:effectLst/><a:latin typeface="{font}"/><a:ea typeface="{font}"/></a:rPr>'
    "<a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
)


@dataclass(frozen=True, slots=True)
class Box:
    """Where the mark stands, in EMU, and its letters' size in hundredths of a point."""

    x: int
    y: int
    width: int
    height: int
    size: int


def box_of(text: str, width: int, height: int) -> Box | None:
    """Find the box for a text on a slide of this size; nothing where 6 pt does not fit.

    Slides that are larger than usual, as posters are, get larger letters: they are shown smaller.
    """
    scale = max(1.0, min(width / _USUAL, height / _USUAL))
    inset_x, inset_y = 2 * _INSET_X, 2 * _INSET_Y
    room = width - 2 * _MARGIN - inset_x
    ems = _ems(text)
    for lines in (1, 2, 3, 4, 6, 8):
        for size in _SIZES:
            if lines == 1 and size < _LEGIBLE_ALONE:
                continue
            scaled = round(size * scale / 50) * 50
            em = scaled / 100 * _POINT
            # A line may end up to one character early.
            per_line = ems / lines + (_WIDE if lines > 1 else 0)
            high = round(lines * em * _LINE) + inset_y
            if per_line * em <= room and high + _MARGIN <= height * _MOST_OF_HEIGHT:
                wide = min(round(per_line * em), room) + inset_x
                return Box(width - _MARGIN - wide, _MARGIN, wide, high, scaled)
    return None


def _ems(text: str) -> float:
    wide = [unicodedata.east_asian_width(one) in "WFA" for one in text]
    changes = sum(one != two for one, two in pairwise(wide))
    return sum(_WIDE if one else _NARROW for one in wide) + changes * _GAP + _SPARE


def write_mark(package: Package, deck: Deck, text: str) -> LabelReport:
    """Put the mark on every slide; `""` removes it. Slides that hold it already are not touched.

    Raises `InvalidInput("mark.text-not-storable")` for text that XML cannot hold, and
    `document.damaged` for a slide that cannot be read.
    """
    if NOT_XML.search(text) or "\n" in text or "\r" in text:
        raise InvalidInput("mark.text-not-storable")
    box = box_of(text, deck.width, deck.height) if text else None
    for part in deck.slides:
        data = package.data(part)
        if box is None and not _may_hold(data):
            continue
        changed = marked(data, part, text, box)
        if changed != data:
            package.set_data(part, changed)
    if not text:
        return LabelReport()
    if box is None:
        numbers = range(1, len(deck.slides) + 1)
        return LabelReport(skipped=tuple(SkippedPage(TOO_SMALL, number) for number in numbers))
    return LabelReport(marked=len(deck.slides), notes=() if deck.slides else (NO_SLIDES,))


def _may_hold(data: bytes) -> bool:
    """Tell by a look at the bytes whether our mark may be in a slide."""
    return MARK_NAME.encode() in data or b"\0" in data or b"&#" in data


def marked(data: bytes, part: str, text: str, box: Box | None) -> bytes:
    """Give a slide's bytes with exactly this mark, above all its shapes; no box: without one."""
    seen = view(data, part)
    place = seen.place - sum(h.end - h.start for h in seen.marks if h.end <= seen.place)
    bare = cut(seen.text, seen.marks)
    if box is None:
        return seen.encoded(bare)
    shape = _shape(seen, text, box)
    return seen.encoded(bare[:place] + shape + bare[place:])


def _shape(seen: View, text: str, box: Box) -> bytes:
    base = _STRICT if seen.strict else _TRANSITIONAL
    source = _SHAPE.format(
        p=base + ("presentationml/main" if seen.strict else "presentationml/2006/main"),
        a=base + ("drawingml/main" if seen.strict else "drawingml/2006/main"),
        id=_free_id(seen), name=MARK_NAME, x=box.x, y=box.y, cx=box.width, cy=box.height,
        ix=_INSET_X, iy=_INSET_Y, size=box.size, font=_FONT, text=escape(text),
        alpha="85%" if seen.strict else 85000, full="100%" if seen.strict else 100000,
    )  # fmt: skip
    return source.encode() if seen.plain else source.encode("ascii", "xmlcharrefreplace")


def _free_id(seen: View) -> int:
    """Keep the id that the mark had, else take one behind all others."""
    for held in seen.marks:
        if held.id and held.id not in seen.ids:
            return held.id
    above = max((one for one in seen.ids if one < _IDS), default=1) + 1
    if above < _IDS:
        return above
    return next(number for number in range(2, _IDS) if number not in seen.ids)
