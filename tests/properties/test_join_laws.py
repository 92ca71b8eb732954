"""The join of labels is a semilattice, and inheritance keeps what serves 機密性 (Art. 6)."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from meti_desk.domain.classification import Availability, Integrity
from meti_desk.domain.label import (
    AnyLabel,
    Label,
    Undecided,
    at_least_as_strict,
    effective,
    inherit,
    join,
)
from meti_desk.domain.restriction import Serves
from tests.properties.strategies import any_labels, exact, few_names, labels

decided = labels(few_names)


@exact
@given(any_labels)
def test_join_is_idempotent(one: AnyLabel) -> None:
    once = join([one])
    assert join([one, one]) == once
    assert join([once]) == once


@exact
@given(any_labels, any_labels)
def test_join_is_commutative(one: AnyLabel, two: AnyLabel) -> None:
    assert join([one, two]) == join([two, one])


@exact
@given(any_labels, any_labels, any_labels)
def test_join_is_associative(one: AnyLabel, two: AnyLabel, three: AnyLabel) -> None:
    whole = join([one, two, three])
    assert join([join([one, two]), three]) == whole
    assert join([one, join([two, three])]) == whole


@exact
@given(decided, decided, decided)
def test_join_is_monotone(one: Label, two: Label, three: Label) -> None:
    more = join([one, two])
    assert isinstance(more, Label)
    assert at_least_as_strict(more, one)
    low, high = join([one, three]), join([more, three])
    assert isinstance(low, Label)
    assert isinstance(high, Label)
    assert at_least_as_strict(high, low)


@exact
@given(st.lists(any_labels, min_size=1, max_size=5), any_labels)
def test_one_more_source_never_lowers(sources: list[AnyLabel], more: AnyLabel) -> None:
    before, after = join(sources), join([*sources, more])
    held = before if isinstance(before, Label) else before.at_least
    raised = after if isinstance(after, Label) else after.at_least
    if held is not None:
        assert raised is not None
        assert at_least_as_strict(raised, held)
    if isinstance(before, Undecided):
        assert isinstance(after, Undecided)
    assert effective(after).confidentiality >= effective(before).confidentiality


@exact
@given(st.lists(any_labels, max_size=4))
def test_an_undecided_source_makes_the_result_undecided(sources: list[AnyLabel]) -> None:
    everything = join([*sources, Undecided()])
    assert isinstance(everything, Undecided)
    assert effective(everything).youhogo
    floors = [one if isinstance(one, Label) else one.at_least for one in sources]
    known = [one for one in floors if one is not None]
    assert everything.at_least == (join(known) if known else None)


@exact
@given(st.lists(decided, min_size=1, max_size=4))
def test_only_confidentiality_and_what_serves_it_is_inherited(sources: list[Label]) -> None:
    result = inherit(sources)
    assert isinstance(result, Label)
    assert result.confidentiality == max(one.confidentiality for one in sources)
    assert (result.integrity, result.availability) == (1, 1)
    assert {one.serves for one in result.restrictions} <= {Serves.CONFIDENTIALITY}
    assert (result.terms.keep_until, result.terms.restore_hours) == (None, None)
    verbs = {r.verb for one in sources for r in one.restrictions if r.serves == "confidentiality"}
    assert {one.verb for one in result.restrictions} == verbs
    named = [one.audience for one in sources if one.audience is not None]
    assert result.audience == (frozenset.intersection(*named) if named else None)
    embargoes = [one.terms.embargo for one in sources if one.terms.embargo]
    assert result.terms.embargo == max(embargoes, default=None)
    ends = [one.terms.use_until for one in sources if one.terms.use_until]
    assert result.terms.use_until == min(ends, default=None)


@exact
@given(st.lists(decided, min_size=1, max_size=4))
def test_policy_may_widen_what_is_inherited_but_not_the_levels(sources: list[Label]) -> None:
    whole, wide = join(sources), inherit(sources, widen=True)
    assert isinstance(whole, Label)
    assert wide == replace(whole, integrity=Integrity.I1, availability=Availability.A1)


@exact
@given(st.lists(any_labels, min_size=1, max_size=4))
def test_inheriting_from_what_was_inherited_changes_nothing(sources: list[AnyLabel]) -> None:
    once = inherit(sources)
    assert inherit([once]) == once
    assert inherit([once, *sources]) == once
