"""The mark on slides and drawings: a frame on every one, on top, at the top right.

Not on the master pages: a slide may hide their objects, and its own pictures lie above them. The
frame has a white ground, because black words on a dark slide are no mark.
"""

from meti_desk.formats.base import OWN_PREFIX
from meti_desk.formats.odf.layouts import page_size
from meti_desk.formats.odf.lengths import width_of, written
from meti_desk.formats.odf.mark import (
    MARK_NAME,
    Sheet,
    drop_styles,
    frames,
    mark_content,
    mark_text,
    masters,
    text_properties,
)
from meti_desk.formats.odf.names import declarations
from meti_desk.formats.odf.package import OdfFile
from meti_desk.formats.odf.xml import Element, find_all, get, name_of

_POINTS = {"presentation": 12.0, "graphics": 9.0}
_EDGE = 0.4
"""Centimetres between the slide's edges and the mark."""
_FRAME = OWN_PREFIX + "frame"
_PARAGRAPH = OWN_PREFIX + "paragraph"
_DEFAULT_WIDTH = {"presentation": 28.0, "graphics": 21.0}
_LAST = frozenset({"presentation:animations", "presentation:notes"})
_LINE_HEIGHT = 1.5


def write(file: OdfFile, text: str) -> int:
    """Put the mark on every slide and give their number."""
    if stands(file, text):
        return len(slides(file))
    part = file.part("content.xml")
    found = slides(file)
    if part is None or not found:
        return 0
    points = _POINTS[file.kind]
    sheet = Sheet(part)
    sheet.style(_FRAME, _frame_style())
    sheet.style(_PARAGRAPH, _paragraph_style(points))
    for number, slide in enumerate(found, start=1):
        held = _own(slide)
        if held:
            if _text(held[0]) != text or len(held) > 1:
                part.edits.replace(held[0], _frame(file, slide, text, number))
            for one in held[1:]:
                part.edits.remove(one)
            continue
        made = _frame(file, slide, text, number)
        following = next((one for one in slide if _is_behind(one)), None)
        if following is None:
            part.edits.append(slide, made)
        else:
            part.edits.before(following, made)
    sheet.flush()
    return len(found)


def remove(file: OdfFile) -> None:
    """Take our mark from every slide."""
    part = file.part("content.xml")
    if part is None:
        return
    for slide in slides(file):
        for one in _own(slide):
            part.edits.remove(one)
    drop_styles(part)


def stands(file: OdfFile, text: str) -> bool:
    """Tell whether every slide carries exactly this mark, or none does."""
    wanted = [text] if text else []
    return all([_text(one) for one in _own(slide)] == wanted for slide in slides(file))


def slides(file: OdfFile) -> list[Element]:
    """Give the slides, or the pages of a drawing."""
    body = file.body()
    return [] if body is None else [one for one in body if name_of(one) == "draw:page"]


def _own(slide: Element) -> list[Element]:
    return [one for one in frames(slide) if one.getparent() is slide]


def _is_behind(element: Element) -> bool:
    name = name_of(element)
    return name in _LAST or name.startswith("anim:")


def _text(frame: Element) -> str:
    paragraph = next(find_all(frame, "text:p"), None)
    return "" if paragraph is None else mark_text(paragraph)


def _frame(file: OdfFile, slide: Element, text: str, number: int) -> str:
    points = _POINTS[file.kind]
    page = _page_width(file, slide)
    width = min(width_of(text, points), max(page - 2 * _EDGE, 1.0))
    height = points * 2.54 / 72 * _LINE_HEIGHT
    layer = ' draw:layer="layout"'
    return (
        f'<draw:frame{declarations("draw", "text", "svg")} draw:style-name="{_FRAME}"'
        f' draw:name="{MARK_NAME}.{number}"{layer} svg:width="{written(width)}"'
        f' svg:height="{written(height)}" svg:x="{written(page - _EDGE - width)}"'
        f' svg:y="{written(_EDGE)}"><draw:text-box><text:p text:style-name="{_PARAGRAPH}">'
        f"{mark_content(text)}</text:p></draw:text-box></draw:frame>"
    )


def _page_width(file: OdfFile, slide: Element) -> float:
    part = file.part("styles.xml")
    wanted = get(slide, "draw:master-page-name")
    found = [one for one in masters(part) if get(one, "style:name") == wanted]
    width = None if part is None or not found else page_size(part, found[0])[0]
    return width or _DEFAULT_WIDTH[file.kind]


def _frame_style() -> str:
    return (
        f'<style:style{declarations("style", "fo", "draw", "svg")} style:name="{_FRAME}"'
        ' style:family="graphic"><style:graphic-properties draw:stroke="none" draw:fill="solid"'
        ' draw:fill-color="#ffffff" draw:opacity="100%" draw:shadow="hidden"'
        ' draw:textarea-horizontal-align="right" draw:textarea-vertical-align="middle"'
        ' draw:auto-grow-height="true" draw:auto-grow-width="false" fo:wrap-option="wrap"'
        ' fo:padding-top="0.05cm" fo:padding-bottom="0.05cm" fo:padding-left="0.1cm"'
        ' fo:padding-right="0.1cm" fo:min-height="0cm" fo:min-width="0cm"'
        ' style:writing-mode="lr-tb"/></style:style>'
    )


def _paragraph_style(points: float) -> str:
    return (
        f'<style:style{declarations("style", "fo", "text")} style:name="{_PARAGRAPH}"'
        ' style:family="paragraph"><style:paragraph-properties fo:text-align="right"'
        ' fo:margin-left="0cm" fo:margin-right="0cm" fo:margin-top="0cm" fo:margin-bottom="0cm"'
        ' fo:text-indent="0cm" fo:line-height="100%" style:text-autospace="none"'
        ' style:writing-mode="lr-tb"/>' + text_properties(points) + "</style:style>"
    )
