"""Walks over sources end and are right, with cycles, against a model that tries all ways (6)."""

from collections.abc import Mapping, Sequence
from itertools import pairwise, product

from hypothesis import given
from hypothesis import strategies as st

from meti_desk.domain.classification import Confidentiality
from meti_desk.domain.label import AnyLabel, Label, Undecided, effective, inherit, join
from meti_desk.domain.lineage import ancestors, descendants, inherited_floor, turned
from tests.properties.strategies import any_labels, exact

NAMES = "abcdefg"
names = st.sampled_from(NAMES)
graphs = st.dictionaries(names, st.lists(names, max_size=4), max_size=len(NAMES))
labelled = st.dictionaries(names, any_labels, max_size=len(NAMES))


def model(edges: Mapping[str, Sequence[str]], start: str) -> dict[str, int]:
    """Find distances by powers of the relation: steps of length 1, 2, … up to all names."""
    steps = {(one, other) for one, others in edges.items() for other in others}
    reached: dict[str, int] = {}
    ways = {(start, start)}
    for distance in range(1, len(NAMES) + 1):
        ways = {(a, d) for (a, b), (c, d) in product(ways, steps) if b == c}
        for _, end in ways:
            if end != start:
                reached.setdefault(end, distance)
    return reached


@exact
@given(graphs, names)
def test_the_walk_finds_what_trying_all_ways_finds(edges: dict[str, list[str]], start: str) -> None:
    found = ancestors(edges, start)
    assert found == model(edges, start)
    assert list(found.values()) == sorted(found.values())


@exact
@given(graphs, names, names)
def test_a_descendant_is_one_whose_ancestor_it_is(
    edges: dict[str, list[str]], one: str, other: str
) -> None:
    back = turned(edges)
    assert descendants(back, one).get(other) == ancestors(edges, other).get(one)


@exact
@given(graphs, labelled, names)
def test_the_floor_is_the_join_over_all_sources(
    edges: dict[str, list[str]], labels: dict[str, AnyLabel], start: str
) -> None:
    reached = sorted(model(edges, start))
    floor = inherited_floor(edges, labels, start)
    if not reached:
        assert floor is None
        return
    assert floor == inherit([labels.get(one, Undecided()) for one in reached])
    assert isinstance(floor, Undecided) == any(
        not isinstance(labels.get(one), Label) for one in reached
    )
    for one in reached:
        held = labels.get(one)
        if isinstance(held, Label):
            assert effective(floor).confidentiality >= held.confidentiality
            assert join([floor, held.inherited()]) == floor


@exact
@given(graphs, labelled, names, names, names)
def test_one_more_source_never_lowers_the_floor(
    edges: dict[str, list[str]],
    labels: dict[str, AnyLabel],
    start: str,
    made: str,
    source: str,
) -> None:
    more = {**edges, made: [*edges.get(made, ()), source]}
    before, after = (inherited_floor(held, labels, start) for held in (edges, more))
    if before is not None:
        assert after is not None
        assert join([before, after]) == after


def test_three_generations_and_a_ring_end_with_the_nearest_first() -> None:
    edges = {"d": ("c",), "c": ("b", "a"), "b": ("a",), "a": ("d",)}
    assert list(ancestors(edges, "d").items()) == [("c", 1), ("b", 2), ("a", 2)]
    assert ancestors({"a": ("a",)}, "a") == {}
    labels = {
        name: Label(Confidentiality(level)) for name, level in zip("abc", (3, 1, 2), strict=True)
    }
    floor = inherited_floor(edges, labels, "d")
    assert floor == Label(Confidentiality.C3)


def test_a_chain_of_a_hundred_thousand_is_walked() -> None:
    chain = [str(number) for number in range(100_001)]
    edges = {made: (source,) for made, source in pairwise(chain)}
    assert ancestors(edges, "0")["100000"] == 100_000
