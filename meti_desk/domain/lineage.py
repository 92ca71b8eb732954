"""From what a document was made, and what was made from it, over generations (Art. 6).

The edges are what the records name: a document and its direct sources. Nothing keeps two documents
from naming each other - text goes back and forth -, so every walk ends at what it has seen.
"""

from collections.abc import Mapping, Sequence

from meti_desk.domain.label import AnyLabel, Undecided, inherit

Edges = Mapping[str, Sequence[str]]
"""Ids that lie one step away from each id; an id without a step may be left out."""


def ancestors(edges: Edges, start: str) -> dict[str, int]:
    """Give all sources of a document with their distance: 1 is a direct source (Art. 6-1).

    `edges` lead from what was made to its sources. Nearest first, of one distance in the order
    in which they are named; `start` itself is never among them, also where it lies on a cycle.
    Takes time linear in the edges that are reached.
    """
    return _walk(edges, start)


def descendants(edges: Edges, start: str) -> dict[str, int]:
    """Give all that was made from a document with its distance, to be told when it changes (7-2).

    `edges` lead from a source to what was made of it (`turned` makes them of the others); order
    and `start` as with `ancestors`.
    """
    return _walk(edges, start)


def turned(edges: Edges) -> dict[str, tuple[str, ...]]:
    """Turn the edges round: of made -> sources it makes source -> made, and back."""
    back: dict[str, dict[str, None]] = {}
    for one, others in edges.items():
        for other in others:
            back.setdefault(other, {})[one] = None
    return {one: tuple(others) for one, others in back.items()}


def inherited_floor(
    edges: Edges, labels: Mapping[str, AnyLabel], start: str, *, widen: bool = False
) -> AnyLabel | None:
    """Join what all sources of a document hand down, however far away; `None` without a source.

    `edges` lead from what was made to its sources. A source without a label here - never decided,
    or not known on this device - makes the result undecided with the floor of the others; it never
    lowers (rule 6). `widen` is the policy's `widen_inheritance`. An audience that became empty is
    kept: `label.check_audience` refuses it.
    """
    found = ancestors(edges, start)
    if not found:
        return None
    return inherit((labels.get(one, Undecided()) for one in found), widen=widen)


def _walk(edges: Edges, start: str) -> dict[str, int]:
    """Walk in breadth, one generation after the other, into what was not seen."""
    found = {start: 0}
    generation, distance = [start], 0
    while generation:
        distance += 1
        following: list[str] = []
        for one in generation:
            for other in edges.get(one, ()):
                if other not in found:
                    found[other] = distance
                    following.append(other)
        generation = following
    del found[start]
    return found
