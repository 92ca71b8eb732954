"""Reading presentations for the auditor, by the standard library alone: parts, links, places."""

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, NamedTuple
from urllib.parse import unquote

from meti_desk.formats.audit_xml import LOCAL, parsed
from meti_desk.formats.audit_zip import AuditedZip
from meti_desk.formats.base import ScrubOrder

if TYPE_CHECKING:
    from lxml import etree

_OFF = frozenset({"0", "false"})
_NOWHERE = -1e30


class Link(NamedTuple):
    """A relationship: the last word of its type, and the member or address it leads to."""

    kind: str
    target: str
    outside: bool


@dataclass(frozen=True, slots=True)
class Area:
    """The way from a group's measures to the slide's, and the slide's size."""

    width: float
    height: float
    x: float = 1.0
    y: float = 1.0
    dx: float = 0.0
    dy: float = 0.0


class Deck:
    """One presentation, read by the standard library."""

    def __init__(self, source: BinaryIO, order: ScrubOrder) -> None:
        self.box = AuditedZip(source)
        self.order = order
        self.keep = frozenset(order.keep)
        self.names = {name.casefold(): name for name in self.box.namelist()}
        self._links: dict[str, dict[str, Link]] = {}
        main = self.named("", "officeDocument")
        self.main = main[0] if main else ""
        root = self.parsed(self.main)
        size = next((one for one in root if local(one) == "sldSz"), None)
        self.area = Area(_float(size, "cx", 9144000.0), _float(size, "cy", 6858000.0))
        ids = [one for holder in root if local(holder) == "sldIdLst" for one in holder]
        links = self.links(self.main)
        found = [links[one] for one in map(link_id, ids) if one in links]
        parts = [one.target for one in found if one.kind == "slide" and not one.outside]
        self.slides = [one for one in dict.fromkeys(parts) if one in self.box.NameToInfo]

    def parsed(self, part: str) -> "etree._Element":
        """Parse a member."""
        return parsed(self.box.read(part))

    def links(self, part: str) -> dict[str, Link]:
        """Give the relationships of a part by their ids."""
        held = self._links.get(part)
        if held is None:
            held = self._links[part] = self._read_links(part)
        return held

    def _read_links(self, part: str) -> dict[str, Link]:
        folder, _, last = part.rpartition("/")
        rels = self.names.get(posixpath.join(folder, "_rels", last + ".rels").casefold())
        found: dict[str, Link] = {}
        for one in () if rels is None else self.parsed(rels):
            target = str(one.get("Target") or "")
            outside = one.get("TargetMode") == "External"
            if not outside:
                plain = unquote(target).partition("#")[0]
                path = plain[1:] if plain.startswith("/") else posixpath.join(folder, plain)
                target = self.names.get(posixpath.normpath(path).casefold(), "")
            kind = str(one.get("Type")).rpartition("/")[2]
            found.setdefault(str(one.get("Id")), Link(kind, target, outside))
        return found

    def named(self, part: str, kind: str) -> list[str]:
        """Give the members that a part leads to by relationships of one kind."""
        return [one.target for one in self.links(part).values() if one.kind == kind and one.target]

    def unreachable(self) -> list[str]:
        """Give the members that no relationship leads to, and the slides that are in no list."""
        found, waiting = {""}, [""]
        while waiting:
            for link in self.links(waiting.pop()).values():
                if link.target and not link.outside and link.target not in found:
                    found.add(link.target)
                    waiting.append(link.target)
        lost = [
            name
            for name in self.box.namelist()
            if name not in found and not name.endswith(".rels") and name != "[Content_Types].xml"
        ]
        slides = {
            link.target
            for part in found
            for link in self.links(part).values()
            if link.kind == "slide" and link.target
        }
        return lost + sorted(slides - set(self.slides))

    def seen_slides(self) -> list[str]:
        """Give the slides that are shown, or all where a person keeps the hidden ones."""
        if {"pptx.hidden-slide", "7"} & self.keep:
            return self.slides
        shown = [one for one in self.slides if self.parsed(one).get("show") not in _OFF]
        return self.slides if self.hidden_alone and not shown else shown

    @property
    def hidden_alone(self) -> bool:
        """Whether a person keeps the slides of a presentation in which all are hidden."""
        return "pptx.hidden-slides-only" in self.keep


def local(one: "etree._Element") -> str:
    """Give the name of an element without its namespace."""
    return LOCAL[one.tag]


def link_id(one: "etree._Element") -> str:
    """Give the relationship that an element names as its `id`."""
    return next((str(v) for k, v in one.attrib.items() if str(k).endswith("relationships}id")), "")


def embed_id(one: "etree._Element") -> str:
    """Give the relationship that an element embeds."""
    return next((str(v) for k, v in one.attrib.items() if LOCAL[k] == "embed"), "")


def name_of(shape: "etree._Element") -> str:
    """Give the name of a shape."""
    for holder in shape:
        for one in holder if local(holder).startswith("nv") else ():
            if local(one) == "cNvPr":
                return str(one.get("name") or "")
    return ""


def _float(one: "etree._Element | None", key: str, usual: float) -> float:
    try:
        return float(str(one.get(key))) if one is not None else usual
    except ValueError:
        return usual


def _frame(shape: "etree._Element") -> dict[str, tuple[float, float]]:
    """Give place and size of a shape as it names them: `off`, `ext`, `chOff`, `chExt`."""
    depths = list(shape), [held for inner in shape for held in inner]
    one = next((one for depth in depths for one in depth if local(one) == "xfrm"), None)
    found = {}
    for held in () if one is None else one:
        first, second = ("cx", "cy") if "xt" in local(held) else ("x", "y")
        values = _float(held, first, _NOWHERE), _float(held, second, _NOWHERE)
        if _NOWHERE not in values:
            found[local(held)] = values
    return found


def is_beside(shape: "etree._Element", area: Area) -> bool:
    """Tell whether a shape's rectangle lies wholly outside the slide."""
    frame = _frame(shape)
    if "off" not in frame or "ext" not in frame:
        return False
    left, top = (frame["off"][0] * area.x + area.dx, frame["off"][1] * area.y + area.dy)
    right, bottom = left + frame["ext"][0] * area.x, top + frame["ext"][1] * area.y
    return right <= 0 or bottom <= 0 or left >= area.width or top >= area.height


def inner_area(group: "etree._Element", area: Area) -> Area:
    """Give the measures inside a group."""
    frame = _frame(group)
    if "off" not in frame or "ext" not in frame:
        return area
    start, size = frame.get("chOff"), frame.get("chExt")
    if start is None or size is None:
        start, size = frame["off"], (0.0, 0.0)
    x = frame["ext"][0] / size[0] if size[0] else 1.0
    y = frame["ext"][1] / size[1] if size[1] else 1.0
    return Area(
        area.width,
        area.height,
        area.x * x,
        area.y * y,
        area.dx + area.x * (frame["off"][0] - start[0] * x),
        area.dy + area.y * (frame["off"][1] - start[1] * y),
    )
