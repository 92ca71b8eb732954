"""Places the documents of a picture: a column for each generation, few crossings, cycles drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from meti_desk.services.messages import LineageNode, LineageView

WIDTH, HEIGHT = 216, 92
"""Size of a document's box, in pixels at 100 %."""
GAP_X, GAP_Y = 60, 22
TOP, EDGE = 44, 24
"""Room above for the heads of the columns, and around everything."""
_PASSES = 3


@dataclass(frozen=True, slots=True)
class Placed:
    """A document and the left upper corner of its box."""

    node: LineageNode
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Link:
    """An arrow from a source to what was made; `back` where it runs against the generations."""

    source: Placed
    made: Placed
    back: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that is painted, in pixels at 100 %."""

    root: str
    placed: tuple[Placed, ...]
    links: tuple[Link, ...]
    columns: tuple[tuple[int, int], ...]
    """Left edge and generation of each column."""
    width: int
    height: int

    def at(self, document: str) -> Placed | None:
        """Give the place of a document."""
        return next((one for one in self.placed if one.node.id == document), None)


def lay_out(view: LineageView) -> Picture:
    """Place every document: sources at the left, what was made at the right.

    Within a column each stands near those that it is linked with, so that few arrows cross.
    """
    levels = sorted({node.level for node in view.nodes})
    columns = {level: [n for n in view.nodes if n.level == level] for level in levels}
    near = _neighbours(view.edges)
    for turn in range(_PASSES):
        _order(columns, levels if turn % 2 else levels[::-1], near)
    tallest = max((len(column) for column in columns.values()), default=0)
    height = TOP + 2 * EDGE + tallest * (HEIGHT + GAP_Y) - GAP_Y
    placed = tuple(
        Placed(node, EDGE + at * (WIDTH + GAP_X), _top(height, len(columns[level]), row))
        for at, level in enumerate(levels)
        for row, node in enumerate(columns[level])
    )
    return Picture(
        root=view.root,
        placed=placed,
        links=_links(view.edges, {one.node.id: one for one in placed}),
        columns=tuple((EDGE + at * (WIDTH + GAP_X), level) for at, level in enumerate(levels)),
        width=2 * EDGE + len(levels) * (WIDTH + GAP_X) - GAP_X,
        height=height,
    )


def _top(height: int, count: int, row: int) -> int:
    taken = count * (HEIGHT + GAP_Y) - GAP_Y
    return TOP + (height - TOP - taken) // 2 + row * (HEIGHT + GAP_Y)


def _neighbours(edges: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    near: dict[str, list[str]] = {}
    for source, made in edges:
        near.setdefault(source, []).append(made)
        near.setdefault(made, []).append(source)
    return near


def _order(
    columns: dict[int, list[LineageNode]], levels: Sequence[int], near: Mapping[str, list[str]]
) -> None:
    """Sort each column by the mean height of those that its documents are linked with."""
    heights = {
        node.id: (row + 0.5) / len(column)
        for column in columns.values()
        for row, node in enumerate(column)
    }
    for level in levels:

        def mean(node: LineageNode) -> tuple[float, str, str]:
            known = [heights[one] for one in near.get(node.id, ()) if one in heights]
            return (
                sum(known) / len(known) if known else heights[node.id],
                node.title,
                node.id,
            )

        columns[level].sort(key=mean)
        for row, node in enumerate(columns[level]):
            heights[node.id] = (row + 0.5) / len(columns[level])


def _links(edges: Sequence[tuple[str, str]], placed: Mapping[str, Placed]) -> tuple[Link, ...]:
    return tuple(
        Link(placed[source], placed[made], back=placed[source].x >= placed[made].x)
        for source, made in dict.fromkeys(edges)
        if source in placed and made in placed and source != made
    )
