"""Each part of a proposal has its evidence, and what only a detector says decides nothing."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import docx
import pytest
from msgspec.structs import replace

from meti_desk.domain.classification import Confidentiality
from meti_desk.domain.foreign import ForeignRule
from meti_desk.domain.label import Label, Undecided
from meti_desk.domain.restriction import Restriction, Serves, Strength
from meti_desk.formats.base import ForeignLabel, Inspection, Wants
from meti_desk.services.classify import classify
from meti_desk.services.evidence_of import Said, evidence, proposal
from meti_desk.services.messages import ClassifyRequest, SuggestedFile
from meti_desk.services.suggest import suggest
from tests.unit.evidence.clue_lines import my_number
from tests.unit.services.fakes import World

NUMBER = my_number(random.Random(3))
GUID, TENANT = "11111111-2222-3333-4444-555555555555", "99999999-8888-7777-6666-555555555555"
NO_COPY = Restriction("copy", Strength.FORBIDDEN, "複製禁止", Serves.CONFIDENTIALITY)


def proposed(world: World, path: Path, *sources: Path) -> SuggestedFile:
    [told] = suggest(world.ctx, (str(path),), tuple(map(str, sources)))
    assert told.error is None, told.error
    return told


def level(told: SuggestedFile) -> tuple[int | None, bool]:
    assert told.label is not None
    return told.label.c, told.label.decided


def decide(world: World, path: Path, c: int, **more: Any) -> Path:
    request = ClassifyRequest(paths=(str(path),), c=c, **more)
    assert classify(world.ctx, request).files[0].error is None
    return path


def speaks(told: SuggestedFile, kind: str) -> list[tuple[str, str, str, str, int]]:
    return [
        (one.part, one.value, one.ref, one.shown, one.count)
        for one in told.evidence
        if one.source == kind
    ]


# ---- clues


def test_a_clue_alone_gives_a_floor_and_no_decision(world: World) -> None:
    told = proposed(world, world.word(text=f"個人番号 {NUMBER}"))
    assert level(told) == (2, False)
    assert speaks(told, "detector") == [("c", "2", "my-number", f"********{NUMBER[8:]}", 1)]
    assert NUMBER not in repr(told)


def test_a_clue_is_evidence_beside_a_label_that_somebody_decided(world: World) -> None:
    path = decide(world, world.word(text=f"個人番号 {NUMBER}"), 1)
    told = proposed(world, path)
    assert level(told) == (1, True)
    assert [one[2] for one in speaks(told, "detector")] == ["my-number"]


def test_after_a_modification_a_clue_counts_again(world: World) -> None:
    path = decide(world, world.word(), 1)
    made = docx.Document(str(path))
    made.add_paragraph(f"個人番号 {NUMBER}")
    made.save(str(path))
    assert level(proposed(world, path)) == (2, False)


def test_what_is_more_than_the_sources_say_is_not_decided(world: World) -> None:
    low, high = (
        decide(world, world.word("低.docx", "低"), 1),
        decide(world, world.word("高.docx", "高"), 3),
    )
    path = world.word(text=f"個人番号 {NUMBER}")
    assert level(proposed(world, path, low)) == (2, False)
    assert level(proposed(world, path, high)) == (3, True)


def test_one_telephone_number_speaks_for_nothing_and_a_list_does(world: World) -> None:
    one = "電話 03-3501-1511"
    assert level(proposed(world, world.word("一.docx", one))) == (None, False)
    numbers = "\n".join(f"電話 03-3501-{number}" for number in range(1500, 1512))
    told = proposed(world, world.word("多.docx", numbers))
    assert level(told) == (2, False)
    assert speaks(told, "detector") == [("c", "2", "phone", "03-3501-1500", 12)]


def test_words_of_the_policy_are_clues(world: World) -> None:
    told = proposed(world, world.word(text="本件の入札予定価格は次のとおり。"))
    assert speaks(told, "detector") == [("c", "2", "word.bidding", "入札予定価格", 1)]
    assert level(told) == (2, False)
    assert level(proposed(world, world.word("公.docx", "予定価格の公表について"))) == (None, False)


def test_classifying_looks_for_no_clues(world: World) -> None:
    seen: list[Wants] = []
    inspect = world.workers.jobs["inspect"]

    def watched(wants: Wants, files: Any) -> Any:
        seen.append(wants)
        return inspect(wants, files)

    world.workers.jobs["inspect"] = watched
    decide(world, world.word(text=f"個人番号 {NUMBER}"), 2)
    assert {wants.clues for wants in seen} == {None}


# ---- labels of other products


def found(world: World, path: Path, *foreign: ForeignLabel) -> SuggestedFile:
    """Propose for a document in which these labels stand."""
    inspect = world.workers.jobs["inspect"]

    def with_labels(wants: Wants, files: Any) -> Inspection:
        told: Inspection = inspect(wants, files)
        return replace(told, foreign=foreign)

    world.workers.jobs["inspect"] = with_labels
    try:
        return proposed(world, path)
    finally:
        world.workers.jobs["inspect"] = inspect


def microsoft(method: str = "Privileged", owner: str = TENANT) -> ForeignLabel:
    return ForeignLabel(
        scheme="msip", id=GUID, owner=owner, name="社外秘", place="docProps/custom.xml",
        details={"Method": method},
    )  # fmt: skip


@pytest.fixture
def mapped(world: World) -> World:
    rule = ForeignRule(
        scheme="msip", id=GUID.upper(), owner=TENANT, name="社外秘", c=2, restrictions=("複製禁止",)
    )
    world.rules(foreign_labels=(rule,))
    return world


def test_a_known_label_is_proposed(mapped: World) -> None:
    told = found(mapped, mapped.word(), microsoft())
    assert level(told) == (2, True)
    assert told.label is not None
    assert told.label.restrictions == ("複製禁止",)
    parts = {(one.part, one.value, one.ref, one.place) for one in told.evidence}
    assert ("c", "2", "社外秘", "docProps/custom.xml") in parts
    assert ("restriction", "複製禁止", "社外秘", "docProps/custom.xml") in parts


def test_a_label_that_a_program_chose_decides_nothing(mapped: World) -> None:
    assert level(found(mapped, mapped.word(), microsoft("Standard"))) == (2, False)


def test_an_unknown_label_is_undecided_and_never_c1(mapped: World) -> None:
    for unknown in (
        microsoft(owner=GUID),
        ForeignLabel(scheme="tscp", id="Confidential"),
        ForeignLabel(scheme="nato", id="NATO SECRET"),
    ):
        told = found(mapped, mapped.word(), unknown)
        assert level(told) == (None, False)
        assert [one[:2] for one in speaks(told, "foreign-label")] == [("c", "?")]
        assert level(found(mapped, mapped.word(), unknown, microsoft())) == (2, False)


def test_our_own_label_stands_above_all_others(mapped: World) -> None:
    path = decide(mapped, mapped.word(), 1)
    assert level(found(mapped, path, microsoft())) == (1, True)
    assert level(found(mapped, path, microsoft(owner=""))) == (1, True)


def test_a_mark_in_the_subject_of_a_mail_counts(world: World) -> None:
    path = world.folder / "連絡.eml"
    path.write_bytes(
        "From: a@meti.go.jp\r\nTo: b@meti.go.jp\r\nSubject: 【機密性2情報】会議の件\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\n本文\r\n".encode()
    )
    told = proposed(world, path)
    assert level(told) == (2, False)
    assert ("c", "2", "subject") in {(one.part, one.value, one.place) for one in told.evidence}


# ---- each part has its evidence

LABELS: Sequence[Label | Undecided] = (
    Label(Confidentiality.C1),
    Label(Confidentiality.C2, restrictions=frozenset({NO_COPY})),
    Label(Confidentiality.C3, audience=frozenset({"局長", "審査委員"})),
    Label(Confidentiality.C2, audience=frozenset({"局長"})),
    Undecided(),
    Undecided(Label(Confidentiality.C2)),
)


def test_each_part_of_a_proposal_names_its_evidence() -> None:
    r = random.Random(11)
    for _ in range(500):
        said = [
            Said(
                r.choice(LABELS),
                "source",
                f"文書{n}",
                weight=r.choice(["decides", "joins", "hints"]),
            )
            for n in range(r.randint(0, 5))
        ]
        label = proposal(said)
        held = label if isinstance(label, Label) else label.at_least
        shown = {(one.part, one.value) for one in evidence(said)}
        if held is None:
            assert not any(part == "c" for part, _ in shown)
            continue
        assert ("c", str(int(held.confidentiality))) in shown
        assert {("restriction", one.name) for one in held.restrictions} <= shown
        assert {("audience", name) for name in held.audience or ()} <= shown


def test_only_a_label_or_a_source_decides() -> None:
    r = random.Random(12)
    for _ in range(300):
        said = [
            Said(r.choice(LABELS), "detector", "x", weight=r.choice(["joins", "hints", "tells"]))
            for _ in range(r.randint(0, 4))
        ]
        assert isinstance(proposal(said), Undecided)
