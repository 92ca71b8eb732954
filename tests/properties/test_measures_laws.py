"""Raising a label never removes or weakens a measure, and no act slips through."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from meti_desk.domain.circumstances import Choice
from meti_desk.domain.classification import Availability, Confidentiality, Integrity
from meti_desk.domain.handling import Action, Circumstances, measures_for
from meti_desk.domain.label import AnyLabel, Label, Undecided, effective
from meti_desk.domain.measures import Measure, MeasureState, MeasureStrength, ready, refusal
from meti_desk.domain.permit import NotedPermit
from meti_desk.domain.policy import Exemption, Policy
from meti_desk.standard.articles import exists
from meti_desk.standard.policy_file import shipped_policy
from tests.properties.strategies import exact, few_names, terms

POLICY = shipped_policy()
TODAY = date(2026, 11, 22)
WORDS = sorted(POLICY.vocabulary.by_name.values())

labels = st.builds(
    Label,
    st.sampled_from(Confidentiality),
    st.sampled_from(Integrity),
    st.sampled_from(Availability),
    st.frozensets(st.sampled_from(WORDS), max_size=4),
    st.none() | few_names,
    terms,
)
any_label: st.SearchStrategy[AnyLabel] = labels | st.builds(Undecided, st.none() | labels)
choices = st.builds(Choice, st.booleans(), st.sampled_from(["", "理由"]))
answers = st.dictionaries(
    st.sampled_from(["password", "encryption", "split", "backup", "store-backup", "c3-place"]),
    choices,
    max_size=3,
)
situations = st.builds(
    Circumstances,
    electronic=st.booleans(),
    recipients=st.lists(st.sampled_from(["a@meti.go.jp", "x@mof.go.jp", "y@example.com"])).map(
        tuple
    ),
    contractor=st.booleans(),
    area=st.sampled_from([None, 0, 1, 2, 3, 9]),
    carried=st.sampled_from(["", "medium", "paper"]),
    system_carried=st.booleans(),
    device_issued=st.booleans(),
    via=st.sampled_from(["", "mail", "file-service", "social-media", "general-terms"]),
    sender=st.sampled_from(["", "a@meti.go.jp", "a@gmail.com"]),
    recipient_knows_sender=st.booleans(),
    received=st.sampled_from([None, True, False]),
    leaves_second_copy=st.sampled_from([None, True, False]),
    reconnects=st.booleans(),
    encrypted_at_rest=st.booleans(),
    erases=st.sampled_from(["information", "medium", "paper"]),
    official_record=st.sampled_from([None, True, False]),
    record_released=st.booleans(),
    on_hold=st.booleans(),
    retention_until=st.none() | st.dates(date(2026, 1, 1), date(2028, 1, 1)),
    today=st.sampled_from([None, TODAY]),
    permits=st.sampled_from([(), (NotedPermit(who="課長", when="昨日", how="口頭"),)]),
    decisions=answers,
)
actions = st.sampled_from(Action)


def by_id(measures: tuple[Measure, ...]) -> dict[str, Measure]:
    found = {one.id: one for one in measures}
    assert len(found) == len(measures)
    return found


def raised(label: Label, c: int, i: int, a: int) -> Label:
    return replace(
        label,
        confidentiality=Confidentiality(max(label.confidentiality, c)),
        integrity=Integrity(max(label.integrity, i)),
        availability=Availability(max(label.availability, a)),
    )


@exact
@given(actions, labels, situations, st.integers(1, 3), st.integers(1, 2), st.integers(1, 2))
def test_raising_a_label_never_removes_or_weakens_a_measure(
    action: Action, label: Label, about: Circumstances, c: int, i: int, a: int
) -> None:
    low = by_id(measures_for(action, label, about, POLICY))
    high = by_id(measures_for(action, raised(label, c, i, a), about, POLICY))
    for measure in low.values():
        assert measure.id in high
        assert high[measure.id].strength >= measure.strength
        assert high[measure.id].met <= measure.met
        assert set(high[measure.id].articles) >= set(measure.articles)


def exempting() -> Policy:
    ruled = {"reference": "細則", "ruled_by": "課長", "ruled_on": date(2026, 4, 1)}
    return replace(
        POLICY,
        exemptions=(
            Exemption(article="13", scope="both", confidentiality=(2,), **ruled),
            Exemption(article="77-1", confidentiality=(2,), **ruled),
        ),
    )  # type: ignore[arg-type]  # the fields above


@exact
@given(actions, labels, situations, st.integers(1, 3), st.integers(1, 2), st.integers(1, 2))
def test_the_only_exception_is_c1_to_c2_under_a_ruling_of_13_or_77_1(
    action: Action, label: Label, about: Circumstances, c: int, i: int, a: int
) -> None:
    policy, higher = exempting(), raised(label, c, i, a)
    low = by_id(measures_for(action, label, about, policy))
    high = by_id(measures_for(action, higher, about, policy))
    for measure in low.values():
        assert high[measure.id].strength >= measure.strength
        if high[measure.id].met and not measure.met:
            assert measure.id in {"permission", "offsite-permission"}
            assert (label.confidentiality, higher.confidentiality) == (1, 2)
            assert label.youhogo
            assert high[measure.id].why == "exempt"


def test_the_exception_by_name_c1_with_i2_to_c2_may_bring_a_ruled_exemption() -> None:
    about = Circumstances(today=TODAY)
    for action, measure in (
        (Action.TRANSFER, "permission"),
        (Action.TAKE_OUT, "offsite-permission"),
    ):
        states = []
        for level in (Confidentiality.C1, Confidentiality.C2, Confidentiality.C3):
            label = Label(level, Integrity.I2)
            states.append(by_id(measures_for(action, label, about, exempting()))[measure].state)
        assert states == [MeasureState.OPEN, MeasureState.DONE, MeasureState.OPEN]


@exact
@given(actions, any_label, situations)
def test_every_article_of_every_measure_exists(
    action: Action, label: AnyLabel, about: Circumstances
) -> None:
    for measure in measures_for(action, label, about, POLICY):
        assert measure.articles
        assert [one for one in measure.articles if not exists(one)] == []


@exact
@given(actions, any_label, situations)
def test_an_act_is_either_ready_or_refused_with_an_article(
    action: Action, label: AnyLabel, about: Circumstances
) -> None:
    measures = measures_for(action, label, about, POLICY)
    error = refusal(measures)
    assert ready(measures) is (error is None)
    assert error is None or error.articles


@exact
@given(any_label, situations)
def test_nothing_but_a_decided_c1_is_ever_published(label: AnyLabel, about: Circumstances) -> None:
    if ready(measures_for(Action.PUBLISH, label, about, POLICY)):
        assert isinstance(label, Label)
        assert label.confidentiality is Confidentiality.C1


@exact
@given(actions, any_label, situations)
def test_protected_information_leaves_only_with_a_permission(
    action: Action, label: AnyLabel, about: Circumstances
) -> None:
    leaves = action in {Action.TRANSFER, Action.PROVIDE, Action.TAKE_OUT}
    if leaves and effective(label).youkimitsu and not about.permits:
        assert not ready(measures_for(action, label, about, POLICY))


@exact
@given(actions, labels, situations)
def test_undecided_is_handled_at_least_as_strictly_as_its_floor(
    action: Action, label: Label, about: Circumstances
) -> None:
    floor = by_id(measures_for(action, label, about, POLICY))
    unknown = by_id(measures_for(action, Undecided(label), about, POLICY))
    for measure in floor.values():
        assert unknown[measure.id].strength >= measure.strength
        assert unknown[measure.id].met <= measure.met


@exact
@given(actions, labels, situations, st.sampled_from(WORDS))
def test_one_more_restriction_never_removes_a_measure(
    action: Action, label: Label, about: Circumstances, word: object
) -> None:
    low = by_id(measures_for(action, label, about, POLICY))
    more = replace(label, restrictions=label.restrictions | {word})  # type: ignore[arg-type]
    high = by_id(measures_for(action, more, about, POLICY))
    for measure in low.values():
        assert high[measure.id].strength >= measure.strength


@exact
@given(actions, any_label, situations)
def test_a_declined_consideration_has_a_reason(
    action: Action, label: AnyLabel, about: Circumstances
) -> None:
    for measure in measures_for(action, label, about, POLICY):
        if measure.state is MeasureState.DECLINED:
            assert measure.strength is MeasureStrength.CONSIDER
            assert measure.reason
