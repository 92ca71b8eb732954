"""The mark in text documents: a frame in every header that some page shows.

As in Word documents it stands at the top right of the paper, anchored in the header but placed by
the page, so that it takes no room and no line moves to another page.
"""

from itertools import takewhile

from meti_desk.formats.base import OWN_PREFIX
from meti_desk.formats.odf.hidden import HiddenStyles
from meti_desk.formats.odf.layouts import ADDED, add_header, bare_layout, page_size, take_header
from meti_desk.formats.odf.lengths import width_of, written
from meti_desk.formats.odf.mark import (
    HEADERS,
    MARK_NAME,
    Sheet,
    drop_styles,
    frames,
    is_shown,
    mark_content,
    mark_text,
    masters,
    shown,
    text_properties,
)
from meti_desk.formats.odf.names import declarations
from meti_desk.formats.odf.package import OdfFile, is_new_part
from meti_desk.formats.odf.splice import Part
from meti_desk.formats.odf.xml import Element, find_all, get, name_of

_POINTS = 9.0
_FROM_TOP = 0.6
"""Centimetres between the paper's edge and the mark."""
_HEIGHT = 0.1
"""Centimetres that a header made by us takes; as much goes from the margin."""
_FRAME = OWN_PREFIX + "frame"
_PARAGRAPH = OWN_PREFIX + "paragraph"
_LINE = OWN_PREFIX + "line"
_STANDARD = "Standard"
_ENDNOTE = "Endnote"
"""What LibreOffice uses where a document says nothing."""

_OPEN = frozenset(
    {
        *("text:list", "text:list-item", "text:list-header", "table:table", "table:table-row"),
        *("table:table-rows", "table:table-header-rows", "table:table-cell"),
    }
)
"""What a paragraph may stand in and still hold a frame that is placed by the page."""

_STYLES = {
    _FRAME: (
        f'<style:style{declarations("style", "fo", "draw", "svg")} style:name="{_FRAME}"'
        ' style:family="graphic"><style:graphic-properties style:wrap="run-through"'
        ' style:run-through="foreground" style:number-wrapped-paragraphs="no-limit"'
        ' style:vertical-pos="from-top" style:vertical-rel="page" style:horizontal-pos="right"'
        ' style:horizontal-rel="page-content" style:flow-with-text="false"'
        ' fo:margin-left="0cm" fo:margin-right="0cm" fo:margin-top="0cm" fo:margin-bottom="0cm"'
        ' fo:padding="0cm" fo:border="none" fo:background-color="transparent" draw:fill="none"'
        ' draw:stroke="none" style:writing-mode="lr-tb"/></style:style>'
    ),
    _PARAGRAPH: (
        f'<style:style{declarations("style", "fo", "text")} style:name="{_PARAGRAPH}"'
        ' style:family="paragraph"><style:paragraph-properties fo:text-align="right"'
        ' fo:margin-left="0cm" fo:margin-right="0cm" fo:margin-top="0cm" fo:margin-bottom="0cm"'
        ' fo:text-indent="0cm" fo:line-height="100%" fo:padding="0cm" fo:border="none"'
        ' style:text-autospace="none" style:writing-mode="lr-tb"/>'
        + text_properties(_POINTS) + "</style:style>"
    ),
    _LINE: (
        f'<style:style{declarations("style", "fo", "text")} style:name="{_LINE}"'
        ' style:family="paragraph"><style:paragraph-properties fo:margin-left="0cm"'
        ' fo:margin-right="0cm" fo:margin-top="0cm" fo:margin-bottom="0cm" fo:text-indent="0cm"'
        f' fo:line-height="{written(_HEIGHT)}" fo:padding="0cm" fo:border="none"/>'
        + text_properties(2.0) + "</style:style>"
    ),
}  # fmt: skip


def write(file: OdfFile, text: str) -> int:
    """Put the mark into every header and give the number of page styles."""
    if stands(file, text):
        return len(masters(file.part("styles.xml")))
    part = file.made("styles.xml")
    hidden = HiddenStyles.of(file)
    sheet = Sheet(part)
    for name in (_FRAME, _PARAGRAPH):
        sheet.style(name, _STYLES[name])
    names = _Names(part)
    found = masters(part)
    for master in found:
        headers = shown(master, HEADERS, text=True)
        width = _width(part, master, text)
        if not headers:
            sheet.style(_LINE, _STYLES[_LINE])
            add_header(sheet, master, _own_line(_frame(text, names.next(), width)), _HEIGHT)
        for header in headers:
            if not is_shown(header):
                part.edits.set(header, "style:display", "true")
            _mark(sheet, header, hidden, names, (text, width))
    missing = _missing(file)
    for name in missing:
        sheet.style(_LINE, _STYLES[_LINE])
        frame = _frame(text, names.next(), width_of(text, _POINTS))
        sheet.master(
            f'<style:master-page{declarations("style", "text")} style:name="{name}"'
            f' style:page-layout-name="{bare_layout(sheet, _HEIGHT)}">'
            f"<style:header>{_own_line(frame)}</style:header></style:master-page>"
        )
    sheet.flush()
    return len(found) + len(missing)


def _missing(file: OdfFile) -> list[str]:
    """Name the page styles that pages have though the document does not define them."""
    part = file.part("styles.xml")
    held = {get(one, "style:name") for one in masters(part)}
    wanted = [] if held else [_STANDARD]
    notes = find_all(file.body(), "text:note")
    if any(get(one, "text:note-class") == "endnote" for one in notes):
        settings = find_all(None if part is None else part.root, "text:notes-configuration")
        named = [
            get(one, "text:master-page-name")
            for one in settings
            if get(one, "text:note-class") == "endnote"
        ]
        wanted.append(next((name for name in named if name), _ENDNOTE))
    return [name for name in dict.fromkeys(wanted) if name not in held]


def remove(file: OdfFile) -> None:
    """Take our mark out of every header, and the headers and layouts away that we added."""
    part = file.part("styles.xml")
    if part is None:
        return
    for master in masters(part):
        if get(master, "style:page-layout-name") == ADDED and _is_ours(master):
            part.edits.remove(master)
            continue
        ours = []
        for header in master:
            held = [one for one in frames(header) if name_of(header) in HEADERS]
            if held and _is_own_header(header):
                ours.append(header)
                continue
            for one in held:
                line = one.getparent()
                own = line is not None and line.getparent() is header and _is_own_line(line)
                part.edits.remove(line if own and line is not None else one)
        if ours:
            take_header(part, master, ours)
    drop_styles(part)
    if is_new_part(part.name, part.result()):
        file.drop(part.name)


def stands(file: OdfFile, text: str) -> bool:
    """Tell whether every header that a page shows carries exactly this mark, or none does."""
    found = masters(file.part("styles.xml"))
    if not text:
        return not any(frames(master) for master in found)
    headers = [shown(master, HEADERS, text=True) for master in found]
    texts = [[_text(one) for one in frames(header)] for held in headers for header in held]
    if not found or _missing(file):
        return False
    if not all(is_shown(one) for held in headers for one in held):
        return False
    return all(headers) and all(held == [text] for held in texts)


def _text(frame: Element) -> str:
    paragraph = next(find_all(frame, "text:p"), None)
    return "" if paragraph is None else mark_text(paragraph)


class _Names:
    """Gives names that no frame has yet: a program renames those that stand twice."""

    def __init__(self, part: Part) -> None:
        self._taken = {get(one, "draw:name") for one in find_all(part.root, "draw:frame")}
        self._number = 0

    def next(self) -> str:
        while True:
            self._number += 1
            name = f"{MARK_NAME}.{self._number}"
            if name not in self._taken:
                return name


def _mark(
    sheet: Sheet, header: Element, hidden: HiddenStyles, names: _Names, wanted: tuple[str, float]
) -> None:
    text, width = wanted
    edits = sheet.part.edits
    held = frames(header)
    if held:
        if _text(held[0]) != text:
            name = get(held[0], "draw:name")
            name = name if name.startswith(MARK_NAME) else names.next()
            edits.replace(held[0], _frame(text, name, width))
        for one in held[1:]:
            edits.remove(one)
        return
    frame = _frame(text, names.next(), width)
    anchor = _anchor(header, hidden)
    if anchor is not None:
        edits.prepend(anchor, frame)
        return
    sheet.style(_LINE, _STYLES[_LINE])
    edits.append(header, _own_line(frame))


def _anchor(header: Element, hidden: HiddenStyles) -> Element | None:
    """Find a paragraph to hold the frame: one of the header itself, else one in a list or table."""
    found = [one for one in find_all(header, "text:p", "text:h") if not hidden.hides(one)]
    found.sort(key=lambda one: one.getparent() is not header)
    for one in found:
        holders = {
            name_of(up) for up in takewhile(lambda up: up is not header, one.iterancestors())
        }
        if holders <= _OPEN:
            return one
    return None


def _width(part: Part, master: Element, text: str) -> float:
    """Give the width of the frame: that of the text, as far as the page has room."""
    page, _ = page_size(part, master)
    width = width_of(text, _POINTS)
    return width if page is None else min(width, max(page - 1.0, 1.0))


def _frame(text: str, name: str, width: float) -> str:
    return (
        f'<draw:frame{declarations("draw", "text", "svg", "fo")} draw:style-name="{_FRAME}"'
        f' draw:name="{name}" text:anchor-type="paragraph" svg:y="{written(_FROM_TOP)}"'
        f' svg:width="{written(width)}" draw:z-index="0"><draw:text-box fo:min-height="0.4cm">'
        f'<text:p text:style-name="{_PARAGRAPH}">{mark_content(text)}</text:p>'
        "</draw:text-box></draw:frame>"
    )


def _own_line(frame: str) -> str:
    return f'<text:p{declarations("text")} text:style-name="{_LINE}">{frame}</text:p>'


def _is_ours(master: Element) -> bool:
    return len(master) == 1 and name_of(master[0]) in HEADERS and _is_own_header(master[0])


def _is_own_line(paragraph: Element) -> bool:
    return (
        get(paragraph, "text:style-name") == _LINE
        and not (paragraph.text or "").strip()
        and len(paragraph) == len(frames(paragraph))
        and not any((one.tail or "").strip() for one in paragraph)
    )


def _is_own_header(header: Element) -> bool:
    return len(header) == 1 and _is_own_line(header[0])
