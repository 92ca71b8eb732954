"""Puts a picture on a sheet, at the place where an embedded file showed it."""

from dataclasses import dataclass

from meti_desk.formats.ooxml.book_sheet import behind
from meti_desk.formats.ooxml.names import OFFICE_RELATIONSHIPS, STRICT_RELATIONSHIPS, short
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.xml import Element, child, namespace, parse, remove

_TYPE = "application/vnd.openxmlformats-officedocument.drawing+xml"
_SPACES = {
    False: ("http://schemas.openxmlformats.org/drawingml/2006/", OFFICE_RELATIONSHIPS),
    True: ("http://purl.oclc.org/ooxml/drawingml/", STRICT_RELATIONSHIPS),
}
_BEHIND = (
    *("x:legacyDrawing", "x:legacyDrawingHF", "x:drawingHF", "x:picture", "x:oleObjects"),
    *("x:controls", "x:webPublishItems", "x:tableParts", "x:extLst"),
)
_LINE = (
    '<a:ln w="9525"><a:solidFill><a:srgbClr val="000000"/></a:solidFill>'
    '<a:miter lim="800000"/></a:ln>'
)
_PIXEL = 9525
"""EMU."""
_ENDS = 8


@dataclass(frozen=True, slots=True)
class Place:
    """Where a picture begins and ends: column, distance, row, distance, twice; in EMU."""

    start: tuple[int, int, int, int]
    end: tuple[int, int, int, int]

    @classmethod
    def of_pixels(cls, told: str) -> "Place | None":
        """Read the place of an old drawing: eight numbers, distances in pixels."""
        try:
            numbers = [int(float(one)) for one in told.split(",")]
        except ValueError:
            return None
        if len(numbers) != _ENDS or min(numbers) < 0:
            return None
        a, b, c, d, e, f, g, h = numbers
        return cls((a, b * _PIXEL, c, d * _PIXEL), (e, f * _PIXEL, g, h * _PIXEL))


def anchor_of(told: Element | None) -> Place | None:
    """Read the place of an embedded file."""
    ends = []
    for one in told if told is not None else ():
        numbers = []
        for name in ("xdr:col", "xdr:colOff", "xdr:row", "xdr:rowOff"):
            held = child(one, name)
            text = ((held.text or "") if held is not None else "").strip()
            numbers.append(int(text) if text.isascii() and text.isdigit() else 0)
        ends.append((numbers[0], numbers[1], numbers[2], numbers[3]))
    return Place(ends[0], ends[1]) if len(ends) == 2 else None  # noqa: PLR2004 - from and to


def drop_stand_in(package: Package, part: str, shape: str) -> None:
    """Drop the unseen shape by which newer programs find an object of the old drawing."""
    for drawing in package.targets(part, "drawing"):
        for one in list(package.xml(drawing).iter()):
            if short(one.tag).endswith(":compatExt") and one.get("spid") == f"_x0000_s{shape}":
                _drop_anchor(one)
                package.touch(drawing)


def _drop_anchor(one: Element) -> None:
    """Drop the anchor that holds a shape, with the alternatives that it leaves empty."""
    for outer in one.iterancestors():
        if short(outer.tag).endswith("Anchor"):
            holder = outer.getparent()
            above = holder.getparent() if holder is not None else None
            if holder is not None and short(holder.tag) == "mc:Choice" and above is not None:
                remove(above)
            else:
                remove(outer)
            return


def add_picture(
    package: Package, part: str, root: Element, image: str, place: Place, *, framed: bool
) -> None:
    """Put a picture on the sheet whose frame is `root`, in a thin black line if it is `framed`."""
    line = _LINE if framed else ""
    a, relations = _SPACES[package.strict()]
    drawing = package.target(part, "drawing") or _make(package, part, root)
    link = package.add_link(drawing, f"{relations}/image", image)
    tree = package.xml(drawing)
    number = 1 + max(
        (int(n) for e in tree.iter("{*}cNvPr") if (n := str(e.get("id") or "")).isdigit()),
        default=0,
    )
    ends = "".join(
        f"<xdr:{name}><xdr:col>{at[0]}</xdr:col><xdr:colOff>{at[1]}</xdr:colOff>"
        f"<xdr:row>{at[2]}</xdr:row><xdr:rowOff>{at[3]}</xdr:rowOff></xdr:{name}>"
        for name, at in (("from", place.start), ("to", place.end))
    )
    made = parse(
        (
            f'<xdr:twoCellAnchor xmlns:xdr="{a}spreadsheetDrawing" xmlns:a="{a}main" '
            f'xmlns:r="{relations}" editAs="oneCell">{ends}<xdr:pic><xdr:nvPicPr><xdr:cNvPr '
            f'id="{number}" name="Picture {number}"/><xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill>'
            f'<a:blip r:embed="{link}"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill>'
            '<xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></a:xfrm>'
            f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>{line}</xdr:spPr></xdr:pic>'
            "<xdr:clientData/></xdr:twoCellAnchor>"
        ).encode(),
        drawing,
    )
    tree.append(made)
    package.touch(drawing)


def _make(package: Package, part: str, root: Element) -> str:
    """Make an empty drawing for a sheet that has none."""
    a, relations = _SPACES[package.strict()]
    number = 1
    while package.find(f"xl/drawings/drawing{number}.xml") is not None:
        number += 1
    name = f"xl/drawings/drawing{number}.xml"
    space = f'xmlns:xdr="{a}spreadsheetDrawing" xmlns:a="{a}main"'
    package.add_xml(name, parse(f"<xdr:wsDr {space}/>".encode(), name), _TYPE)
    link = package.add_link(part, f"{relations}/drawing", name)
    one = root.makeelement(f"{{{namespace(root)}}}drawing", {}, None)
    one.set(f"{{{relations}}}id", link)
    root.insert(behind(root, _BEHIND), one)
    return name
