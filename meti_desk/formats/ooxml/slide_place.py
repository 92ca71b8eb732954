"""Where shapes stand on a slide: for those beside it, and those that others cover.

All lengths are in EMU (914,400 to the inch).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from meti_desk.formats.ooxml.names import short
from meti_desk.formats.ooxml.slide_shapes import tree_of
from meti_desk.formats.ooxml.xml import Element, child, find_all

SHAPES = frozenset(
    {"p:sp", "p:pic", "p:cxnSp", "p:graphicFrame", "p:grpSp", "p:contentPart", "?:contentPart"}
)
_POINT = 12700
_USUAL = 1800
"""Hundredths of a point: letters whose size nothing nearby tells."""
_LINE = 1.5
_ON = frozenset({"1", "true"})


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    def grown(self, by: float) -> "Box":
        """Give the rectangle with a margin around it."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def beside(self, width: float, height: float) -> bool:
        """Tell whether nothing of it lies on a slide of this size."""
        return self.right <= 0 or self.bottom <= 0 or self.left >= width or self.top >= height

    def within(self, other: "Box") -> bool:
        """Tell whether it lies wholly inside another one."""
        return (
            self.left >= other.left
            and self.top >= other.top
            and self.right <= other.right
            and self.bottom <= other.bottom
        )

    @property
    def area(self) -> float:
        """Its area."""
        return (self.right - self.left) * (self.bottom - self.top)


@dataclass(frozen=True, slots=True)
class Placed:
    """A shape that is no group, its rectangle, its groups from the outermost, whether turned.

    `box` is empty where nothing says where the shape stands.
    """

    shape: Element
    box: Box | None
    groups: tuple[Element, ...]
    turned: bool
    own: bool = True
    """Whether the shape itself says where it stands, and not its layout."""
    unused: bool = False
    """Whether it is the second rendering of alternate content, which programs of today pass by."""


@dataclass(frozen=True, slots=True)
class _Scale:
    x: float = 1.0
    y: float = 1.0
    dx: float = 0.0
    dy: float = 0.0
    turned: bool = False
    unused: bool = False


Inherited = Callable[[Element], Box | None]
"""Gives the rectangle that a placeholder takes from its layout."""


def placed(root: Element, inherited: Inherited) -> list[Placed]:
    """Give all shapes of a slide, from the lowest to the uppermost, with their places."""
    tree = tree_of(root)
    return [] if tree is None else list(_walk(tree, (), _Scale(), inherited))


def _walk(
    parent: Element, groups: tuple[Element, ...], scale: _Scale, inherited: Inherited
) -> Iterator[Placed]:
    chosen = False
    for one in parent:
        name = short(one.tag)
        if name == "mc:AlternateContent":
            yield from _walk(one, groups, scale, inherited)
        elif name in {"mc:Choice", "mc:Fallback"}:
            unused = scale.unused or chosen
            chosen = True
            inner = _Scale(scale.x, scale.y, scale.dx, scale.dy, scale.turned, unused)
            yield from _walk(one, groups, inner, inherited)
        elif name == "p:grpSp":
            yield from _walk(one, (*groups, one), _inner(one, scale), inherited)
        elif name in SHAPES:
            frame = frame_of(one)
            box = _box(frame)
            turned = scale.turned or (frame is not None and is_turned(frame))
            own = box is not None
            box = inherited(one) if box is None else _scaled(box, scale)
            yield Placed(one, box, groups, turned, own, scale.unused)


def frame_of(shape: Element) -> Element | None:
    """Find the element that says where a shape stands."""
    for holder in ("p:spPr", "p:grpSpPr"):
        found = child(child(shape, holder), "a:xfrm")
        if found is not None:
            return found
    found = child(shape, "p:xfrm")
    if found is not None:
        return found
    return next((one for one in shape if short(one.tag).endswith(":xfrm")), None)


def is_turned(frame: Element) -> bool:
    """Tell whether a shape is turned, so that its rectangle says little of where it stands."""
    return frame.get("rot") not in {None, "", "0"}


def box_of_frame(shape: Element) -> Box | None:
    """Give the rectangle that a shape itself names, in the measures of its parent."""
    return _box(frame_of(shape))


def _box(frame: Element | None) -> Box | None:
    x, y = _pair(child(frame, "a:off"), "x", "y")
    wide, high = _pair(child(frame, "a:ext"), "cx", "cy")
    if x is None or y is None or wide is None or high is None:
        return None
    return Box(x, y, x + wide, y + high)


def _pair(one: Element | None, *names: str) -> tuple[float | None, float | None]:
    if one is None:
        return None, None
    try:
        return float(one.get(names[0]) or ""), float(one.get(names[1]) or "")
    except ValueError:
        return None, None


def _scaled(box: Box, scale: _Scale) -> Box:
    return Box(
        box.left * scale.x + scale.dx,
        box.top * scale.y + scale.dy,
        box.right * scale.x + scale.dx,
        box.bottom * scale.y + scale.dy,
    )


def _inner(group: Element, scale: _Scale) -> _Scale:
    """Give what turns the measures inside a group into those of the slide."""
    frame = frame_of(group)
    outer = _box(frame)
    x, y = _pair(child(frame, "a:chOff"), "x", "y")
    wide, high = _pair(child(frame, "a:chExt"), "cx", "cy")
    if frame is None or outer is None:
        return scale
    turned = scale.turned or is_turned(frame) or {frame.get("flipH"), frame.get("flipV")} & _ON
    if x is None or y is None or wide is None or high is None:
        x, y, wide, high = outer.left, outer.top, 0.0, 0.0
    own_x = (outer.right - outer.left) / wide if wide else 1.0
    own_y = (outer.bottom - outer.top) / high if high else 1.0
    return _Scale(
        scale.x * own_x,
        scale.y * own_y,
        scale.dx + scale.x * (outer.left - x * own_x),
        scale.dy + scale.y * (outer.top - y * own_y),
        bool(turned),
        scale.unused,
    )


def reach(shape: Element, box: Box, *, turned: bool) -> float:
    """Estimate how far a shape can be seen outside its rectangle; rather too far than too near.

    Lines, shadows, a text that is longer than its box, corners of what is turned.
    """
    far = 2.0 * _POINT
    for one in find_all(shape, "a:ln"):
        far = max(far, _whole(one.get("w")))
    for one in find_all(shape, "a:outerShdw", "a:glow", "a:softEdge", "a:reflection", "a:blur"):
        far += _whole(one.get("dist")) + _whole(one.get("blurRad")) + _whole(one.get("rad"))
        if short(one.tag) == "a:reflection":
            far += box.bottom - box.top
    if turned:
        far += max(box.right - box.left, box.bottom - box.top)
    return far + _text_reach(shape, box)


def _text_reach(shape: Element, box: Box) -> float:
    lines = [
        "".join(one.text or "" for one in find_all(paragraph, "a:t"))
        for paragraph in find_all(shape, "a:p")
    ]
    longest = max(map(len, lines), default=0)
    if not longest:
        return 0.0
    sizes = [_whole(one.get("sz")) for one in find_all(shape, "a:rPr", "a:defRPr")]
    em = max(max(sizes, default=0), _USUAL) / 100 * _POINT
    if any(one.get("wrap") == "none" for one in find_all(shape, "a:bodyPr")):
        return longest * em
    room = max(box.right - box.left, em)
    high = sum(1 + len(line) * em / room for line in lines) * em * _LINE
    return max(0.0, high - (box.bottom - box.top)) + em


def _whole(text: str | None) -> float:
    plain = text or ""
    return float(plain) if plain.isascii() and plain.isdigit() else 0.0
