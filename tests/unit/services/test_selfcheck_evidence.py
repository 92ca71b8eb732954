from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from meti_desk.domain import events as ev
from meti_desk.domain.selfcheck import AnswerValue, EvidenceSpec
from meti_desk.services.selfcheck_evidence import COLLECTORS, Found, collect, collect_all
from tests.unit.services.selfcheck_world import DURING, JST, World, label, undecided

if TYPE_CHECKING:
    from collections.abc import Callable

CONTRADICTS = (AnswerValue.DONE, AnswerValue.NOT_DONE, AnswerValue.NOT_APPLICABLE)
GRANTED = ev.PermitEntry(ev.PERMIT_GRANTED, id="p1")


def found(world: World, collector: str, *, year: int = 2026) -> Found:
    spec = EvidenceSpec(collector, prefill=True, contradicts=CONTRADICTS)
    return collect(spec, world.store.ledger.events(), year=year)


def counts(result: Found) -> dict[str, int]:
    prefix = f"{result.collector}."
    return {figure.code.removeprefix(prefix): figure.number for figure in result.figures}


def test_provided_without_removal_is_counted_and_named() -> None:
    world = World()
    for number in range(11):
        world.handle("provide", "remove-metadata", document=f"d{number}")
    bad = world.handle("provide", "remove-metadata=open", document="d11")
    world.handle("publish", "remove-metadata")
    result = found(world, "provided-scrubbed")
    assert counts(result) == {"total": 12, "scrubbed": 11, "not-scrubbed": 1}
    assert result.figures[-1].severity == "bad"
    assert result.figures[-1].events == (bad.id,)
    assert len(result.events) == 12
    assert result.suggested is AnswerValue.PARTLY
    assert result.against == {AnswerValue.DONE, AnswerValue.NOT_APPLICABLE}


def test_distributing_to_an_outside_person_is_providing() -> None:
    world = World()
    world.handle("distribute", "remove-metadata", acts=("distribute", "provide"))
    assert counts(found(world, "provided-scrubbed")) == {"total": 1, "scrubbed": 1}


def test_an_empty_record_proves_nothing() -> None:
    for collector in COLLECTORS:
        result = found(World(), collector)
        assert counts(result) == {"total": 0}
        assert result.suggested is None
        assert not result.against


def test_only_the_fiscal_year_counts() -> None:
    world = World()
    moments = [(2026, 3, 31, 23), (2026, 4, 1, 0), (2027, 3, 31, 23), (2027, 4, 1, 0)]
    held = [
        world.handle("provide", "remove-metadata", at=datetime(*moment, tzinfo=JST))
        for moment in moments
    ]
    result = found(world, "provided-scrubbed")
    assert result.events == (held[1].id, held[2].id)
    assert (str(result.first), str(result.last)) == ("2026-04-01", "2027-03-31")
    everything = collect(
        EvidenceSpec("provided-scrubbed", window="all"), world.store.ledger.events(), year=2026
    )
    assert (everything.total, everything.first) == (4, None)


def test_permissions_are_told_apart() -> None:
    world = World()
    for kind in ("granted", "granted", "exempt", "noted", ""):
        world.handle("transfer", permit=ev.PermitEntry(kind))
    world.handle("transfer", label=label(1), permit=ev.PermitEntry())
    result = found(world, "permitted")
    assert counts(result) == {
        "total": 5, "granted": 2, "exempt": 1, "noted": 1, "without-permit": 1,
    }  # fmt: skip
    assert {f.code: f.severity for f in result.figures}["permitted.noted"] == "warn"


def test_a_noted_permit_alone_contradicts_nothing_but_there_was_such_work() -> None:
    world = World()
    world.handle("provide", permit=ev.PermitEntry(ev.PERMIT_NOTED))
    result = found(world, "permitted")
    assert result.suggested is AnswerValue.DONE
    assert result.against == {AnswerValue.NOT_APPLICABLE, AnswerValue.NOT_DONE}


@pytest.mark.parametrize(
    ("measure", "figure"),
    [
        ("encryption", "done"),
        ("encryption=declined:庁内便で手渡し", "declined"),
        ("encryption=declined", "not-considered"),
        ("encryption=open", "not-considered"),
        ("password", "not-considered"),
    ],
)
def test_a_decision_against_encryption_counts_only_with_its_reason(
    measure: str, figure: str
) -> None:
    world = World()
    world.handle("transfer", measure)
    world.handle("transfer", "encryption", label=label(1, i=2))
    assert counts(found(world, "encryption-considered")) == {"total": 1, figure: 1}


def test_what_was_put_right_later_is_no_fault() -> None:
    world = World()
    world.classify("d1", marked=False)
    world.classify("d1", marked=True)
    world.classify("d2", marked=False)
    assert counts(found(world, "marked")) == {"total": 2, "marked": 1, "unmarked": 1}
    world.handle("store", document="d3", label=undecided())
    assert counts(found(world, "decided")) == {"total": 3, "decided": 2, "undecided": 1}


def test_a_label_below_its_source_is_found_even_when_the_source_is_older() -> None:
    world = World()
    world.classify("old", label=label(3), at=datetime(2025, 6, 1, tzinfo=JST))
    world.classify("good", label=label(3), sources=("old",))
    low = world.classify("low", label=label(2), sources=("old",))
    world.classify("alone", label=label(1))
    result = found(world, "inherited")
    assert counts(result) == {"total": 2, "kept": 1, "lower": 1}
    assert result.figures[-1].events == (low.id,)


def test_each_further_collector_tells_good_from_bad() -> None:
    cases: list[tuple[str, Callable[[World], object], Callable[[World], object]]] = [
        ("c3-needed", lambda w: w.classify(label=label(3), reason="審査"),
         lambda w: w.classify(label=label(3))),
        ("c3-copies-approved", lambda w: w.handle("copy", "copy-approval", label=label(3)),
         lambda w: w.handle("copy", "copy-approval=waiting", label=label(3))),
        ("distribution-needed",
         lambda w: w.handle("distribute", "minimum-recipients", recipients=("総務課",)),
         lambda w: w.handle("distribute", "minimum-recipients")),
        ("recipient-measures", lambda w: w.handle("provide", "recipient-measures"),
         lambda w: w.handle("provide")),
        ("published-c1", lambda w: w.handle("publish", "confirm-c1", label=label(1)),
         lambda w: w.handle("publish", "confirm-c1", label=label(2))),
        ("published-scrubbed", lambda w: w.handle("publish", "remove-metadata", label=label(1)),
         lambda w: w.handle("publish", label=label(1))),
        ("contractor-minimum", lambda w: w.handle("provide", "contractor"),
         lambda w: w.handle("provide", "contractor=open")),
        ("offsite-permitted", lambda w: w.handle("take-out", permit=GRANTED),
         lambda w: w.handle("take-out")),
        ("signature-considered", lambda w: w.handle("transfer", "signature", label=label(1, i=2)),
         lambda w: w.handle("transfer", label=label(1, i=2))),
        ("backup-considered", lambda w: w.handle("transfer", "backup", label=label(1, i=2)),
         lambda w: w.handle("transfer", label=label(1, i=2))),
        ("password-considered", lambda w: w.handle("transfer", "password"),
         lambda w: w.handle("transfer")),
        ("split-considered", lambda w: w.handle("transfer", "split=declined:一つで足りる"),
         lambda w: w.handle("transfer")),
        ("copies-inherit", lambda w: w.handle("copy"),
         lambda w: w.handle("copy", label=undecided())),
        ("algorithms-listed", lambda w: protect(w, listed=True),
         lambda w: protect(w, listed=False)),
    ]  # fmt: skip
    for collector, good, bad in cases:
        world = World()
        good(world)
        result = found(world, collector)
        assert (result.total, result.suggested) == (1, AnswerValue.DONE), collector
        bad(world)
        result = found(world, collector)
        assert (result.total, result.suggested) == (2, AnswerValue.PARTLY), collector
        world = World()
        bad(world)
        assert found(world, collector).suggested is AnswerValue.NOT_DONE, collector


def protect(world: World, *, listed: bool) -> None:
    body = ev.protect_body(
        document="d1",
        title="d1",
        label=label(2),
        method="zip",
        algorithms=("AES-256" if listed else "ZipCrypto",),
        listed=listed,
    )
    world.store.ledger.append(ev.PROTECT, body, DURING)


def test_many_questions_read_the_record_once_with_the_same_result() -> None:
    world = World()
    world.classify("d1")
    world.handle("provide", "remove-metadata")
    specs = {name: EvidenceSpec(name, prefill=True) for name in COLLECTORS}
    together = collect_all(specs, world.store.ledger.events(), year=2026)
    for name, spec in specs.items():
        assert together[name] == collect(spec, world.store.ledger.events(), year=2026)
