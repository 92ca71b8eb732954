"""Headers for pages that have none, without moving a line of the text.

The page gets a copy of its layout in which the header's height is taken from the margin above. The
layout itself stays for others to use, and the page goes back to it when the mark is removed.
"""

from meti_desk.formats.base import OWN_PREFIX
from meti_desk.formats.odf.lengths import centimetres, written
from meti_desk.formats.odf.mark import HEADERS, Sheet, is_kept, is_shown
from meti_desk.formats.odf.names import declarations
from meti_desk.formats.odf.splice import Edits, Part, escaped
from meti_desk.formats.odf.xml import Element, child, find_all, get, name_of

COPY = OWN_PREFIX + "layout."
"""How the layouts begin that we gave to pages, before the name of the one they had."""

ADDED = OWN_PREFIX + "page"
"""The layout of pages that we added ourselves."""

_OFF = "meti:off"
_USUAL_MARGIN = 2.0
"""Centimetres above the text where nothing else is said, as LibreOffice has it."""


def layout_of(part: Part, master: Element) -> Element | None:
    """Find the page layout of a master page."""
    wanted = get(master, "style:page-layout-name")
    for one in find_all(part.root, "style:page-layout"):
        if wanted and get(one, "style:name") == wanted:
            return one
    return None


def page_size(part: Part, master: Element | None) -> tuple[float | None, float | None]:
    """Give width and height of a page in centimetres, as far as its layout says."""
    layout = None if master is None else layout_of(part, master)
    properties = child(layout, "style:page-layout-properties")
    return (
        centimetres(get(properties, "fo:page-width")),
        centimetres(get(properties, "fo:page-height")),
    )


def add_header(sheet: Sheet, master: Element, content: str, height: float) -> None:
    """Give a master page a header of so many centimetres with this content.

    Headers that are there but switched off are kept inside an element that readers skip.
    """
    edits = sheet.part.edits
    off = [one for one in master if name_of(one) in HEADERS and not is_kept(one)]
    for one in off:
        edits.before(one, f"<{_OFF}{declarations('meti')}>")
        edits.after(one, f"</{_OFF}>")
    made = f"<style:header{declarations('style', 'text')}>{content}</style:header>"
    first = any(name_of(one).endswith(":footer-first") and is_shown(one) for one in master)
    if first:
        made += f"<style:header-first{declarations('style', 'text')}>{content}</style:header-first>"
    edits.prepend(master, made)
    edits.set(master, "style:page-layout-name", _copied(sheet, master, height))


def bare_layout(sheet: Sheet, height: float, name: str = ADDED) -> str:
    """Add a layout that says nothing but how high a header of ours is; give its name."""
    xml = (
        f'<style:page-layout{declarations("style", "fo")} style:name="{escaped(name)}">'
        f'<style:page-layout-properties fo:margin-top="{written(_USUAL_MARGIN - height)}"/>'
        f"{_header_style(height)}</style:page-layout>"
    )
    return sheet.style(name, xml)


def _copied(sheet: Sheet, master: Element, height: float) -> str:
    name = COPY + get(master, "style:page-layout-name")
    layout = layout_of(sheet.part, master)
    if layout is None:
        return bare_layout(sheet, height, name)
    if name in sheet.names:
        return name
    sheet.names.add(name)
    copy = Edits(sheet.part)
    copy.set(layout, "style:name", name)
    style = _header_style(height)
    properties = child(layout, "style:page-layout-properties")
    held = child(layout, "style:header-style")
    if held is not None:
        copy.replace(held, style)
    elif properties is not None:
        copy.after(properties, style)
    else:
        copy.prepend(layout, style)
    if properties is not None:
        top = centimetres(get(properties, "fo:margin-top") or get(properties, "fo:margin"))
        if top is None and child(sheet.styles, "style:default-page-layout") is None:
            top = _USUAL_MARGIN
        if top is not None:
            copy.set(properties, "fo:margin-top", written(max(0.0, top - height)))
    sheet.part.edits.after(layout, copy.render(layout).decode())
    return name


def _header_style(height: float) -> str:
    return (
        f"<style:header-style{declarations('style', 'fo')}><style:header-footer-properties"
        f' fo:min-height="{written(height)}" fo:margin-left="0cm" fo:margin-right="0cm"'
        ' fo:margin-bottom="0cm" fo:padding="0cm" fo:border="none"/></style:header-style>'
    )


def take_header(part: Part, master: Element, headers: list[Element]) -> None:
    """Take away headers that we added, and have the page as it was."""
    for one in headers:
        part.edits.remove(one)
    if len(headers) == len(master):
        part.edits.empty(master)
    for one in master:
        if name_of(one) == _OFF:
            part.edits.unwrap(one)
    held = get(master, "style:page-layout-name")
    if held.startswith(COPY):
        part.edits.set(master, "style:page-layout-name", held.removeprefix(COPY) or None)
