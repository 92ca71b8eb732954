"""The mark in workbooks: a line at the right of every page header."""

from meti_desk.formats.odf.layouts import ADDED, COPY, add_header, bare_layout, take_header
from meti_desk.formats.odf.mark import (
    HEADERS,
    REGIONS,
    TEXT_STYLE,
    Sheet,
    drop_styles,
    lines,
    mark_content,
    mark_text,
    masters,
    shown,
    text_properties,
)
from meti_desk.formats.odf.names import declarations
from meti_desk.formats.odf.package import OdfFile, is_new_part
from meti_desk.formats.odf.splice import Part
from meti_desk.formats.odf.xml import Element, child, get, name_of

_POINTS = 9.0
_HEIGHT = 0.5
"""Centimetres that a header made by us takes; as much goes from the margin."""
_DEFAULT = "Default"
_RIGHT = "style:region-right"

_STYLE = (
    f'<style:style{declarations("style", "fo", "text")} style:name="{TEXT_STYLE}"'
    f' style:family="text">{text_properties(_POINTS)}</style:style>'
)


def write(file: OdfFile, text: str) -> int:
    """Put the mark into every page header and give the number of page styles."""
    if stands(file, text):
        return len(masters(file.part("styles.xml")))
    part = file.made("styles.xml")
    sheet = Sheet(part)
    sheet.style(TEXT_STYLE, _STYLE)
    found = masters(part)
    for master in found:
        headers = shown(master, HEADERS, text=False)
        if not headers:
            add_header(sheet, master, _region(text), _HEIGHT)
        for header in headers:
            _mark(part, header, text)
    if not found:
        layout = bare_layout(sheet, _HEIGHT)
        sheet.master(
            f'<style:master-page{declarations("style", "text")} style:name="{_DEFAULT}"'
            f' style:page-layout-name="{layout}">'
            f"<style:header>{_region(text)}</style:header></style:master-page>"
        )
    sheet.flush()
    return max(1, len(found))


def remove(file: OdfFile) -> None:
    """Take our mark out of every header, and the headers and layouts away that we added."""
    part = file.part("styles.xml")
    for master in masters(part):
        assert part is not None  # noqa: S101 - there were master pages in it
        if get(master, "style:page-layout-name") == ADDED and lines(master):
            part.edits.remove(master)
            continue
        ours = []
        for header in master:
            held = [one for one in lines(header) if name_of(header) in HEADERS]
            region = None if not held else held[0].getparent()
            if region is not None and len(region) == len(held):
                if len(header) == 1 and _has_copied_layout(master):
                    ours.append(header)
                else:
                    part.edits.remove(region)
                continue
            for one in held:
                part.edits.remove(one)
        if ours:
            take_header(part, master, ours)
    drop_styles(part)
    if part is not None and is_new_part(part.name, part.result()):
        file.drop(part.name)


def stands(file: OdfFile, text: str) -> bool:
    """Tell whether every header that a page shows carries exactly this mark, or none does."""
    found = masters(file.part("styles.xml"))
    if not text:
        return not any(lines(master) for master in found)
    headers = [shown(master, HEADERS, text=False) for master in found]
    texts = [[mark_text(one) for one in lines(header)] for held in headers for header in held]
    return bool(found) and all(headers) and all(held == [text] for held in texts)


def _has_copied_layout(master: Element) -> bool:
    return get(master, "style:page-layout-name").startswith(COPY)


def _mark(part: Part, header: Element, text: str) -> None:
    held = lines(header)
    if held:
        if mark_text(held[0]) != text:
            part.edits.replace(held[0], _line(text))
        for one in held[1:]:
            part.edits.remove(one)
        return
    right = child(header, _RIGHT)
    if right is None:
        _add_region(part, header, text)
    elif len(right) == 1 and not mark_text(right[0]).strip() and not len(right[0]):
        part.edits.replace(right[0], _line(text))
    else:
        part.edits.prepend(right, _line(text))


def _add_region(part: Part, header: Element, text: str) -> None:
    """Add the right third; what stands without a region is shown in the middle."""
    plain = [one for one in header if name_of(one) not in REGIONS and name_of(one)]
    if plain and len(plain) == len([one for one in header if name_of(one)]):
        part.edits.prepend(header, f"<style:region-center{declarations('style')}>")
        part.edits.append(header, "</style:region-center>" + _region(text))
    else:
        part.edits.append(header, _region(text))


def _region(text: str) -> str:
    return f"<{_RIGHT}{declarations('style')}>{_line(text)}</{_RIGHT}>"


def _line(text: str) -> str:
    return (
        f'<text:p{declarations("text")}><text:span text:style-name="{TEXT_STYLE}">'
        f"{mark_content(text)}</text:span></text:p>"
    )
