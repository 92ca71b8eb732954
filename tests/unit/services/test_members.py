"""The label of an archive or a mail is the join of what lies in it (Art. 6, rule 8)."""

from dataclasses import replace
from pathlib import Path

import pytest
from msgspec.structs import replace as with_fields

from meti_desk.domain.classification import Confidentiality
from meti_desk.domain.label import Label, Undecided
from meti_desk.formats.base import ForeignLabel, MarkFound, Member
from meti_desk.services.classify import classify
from meti_desk.services.members import join_of, least_of, voices_of
from meti_desk.services.messages import ClassifyRequest, SuggestedFile
from meti_desk.services.suggest import suggest
from tests.formats.mail.mails import mail, zipped
from tests.unit.services.fakes import World

C1, C2, C3 = (Label(level) for level in Confidentiality)


def member(place: str, label: str = "", **more: object) -> Member:
    properties = {"jp.go.meti.label": label} if label else {}
    return Member(place=place, properties=properties, format="txt", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ((), Undecided()),
        ((member("a", "C2;I1;A1"), member("b", "C3;I1;A1")), C3),
        ((member("a", "C1;I1;A1"), member("b", "C1;I1;A1")), C1),
        ((member("a", "C3;I1;A1"), member("b")), Undecided(C3)),
        ((member("a", "C2;I1;A1"), member("b", obstacle="encrypted")), Undecided(C2)),
        ((member("a", "U;C3;I1;A1"), member("b", "C1;I1;A1")), Undecided(C3)),
        # A zip without label is what it holds; a labelled one covers what has none.
        ((member("z.zip"), member("z.zip/a", "C2;I1;A1")), C2),
        ((member("z.zip"), member("z.zip/a", "C2;I1;A1"), member("b")), Undecided(C2)),
        ((member("m.eml", "C2;I1;A1"), member("m.eml/body")), C2),
        ((member("m.eml", "C2;I1;A1"), member("m.eml/a.docx", "C3;I1;A1")), C3),
        ((member("m.eml", "U;C2;I1;A1"), member("m.eml/body")), Undecided(C2)),
        # Marks are a floor, in the file or in its name.
        ((member("a", marks=(MarkFound("機密性3情報", "top"),)),), Undecided(C3)),
        ((member("【機密性2情報】案.txt"),), Undecided(C2)),
        ((member("a", "C1;I1;A1", marks=(MarkFound("機密性2情報", "top", own=True),)),), C1),
        ((member("a", foreign=(ForeignLabel(scheme="msip", id="x"),)),), Undecided()),
    ],
)
def test_the_join_of_what_lies_inside(
    world: World, members: tuple[Member, ...], expected: object
) -> None:
    assert join_of(world.ctx, members) == expected


def test_an_empty_file_says_nothing(world: World) -> None:
    empty = with_fields(member("e.txt"), format="empty")
    assert join_of(world.ctx, (member("a", "C2;I1;A1"), empty)) == C2


def test_each_label_is_named_once_with_its_first_place(world: World) -> None:
    members = (member("a", "C2;I1;A1"), member("b", "C2;I1;A1"), member("c"), member("d"))
    told = [(one.label, one.place, one.times) for one in voices_of(world.ctx, members)]
    assert told == [(C2, "a", 2), (Undecided(), "c", 2)]
    assert least_of(world.ctx, ()) is None


def decide(world: World, path: Path, c: int, code: str = "") -> Path:
    [row] = classify(world.ctx, ClassifyRequest(paths=(str(path),), c=c, reason="x")).files
    assert (row.error.code if row.error else "") == code
    return path


def proposed(world: World, path: Path, *sources: Path) -> SuggestedFile:
    [told] = suggest(world.ctx, (str(path),), tuple(map(str, sources)))
    assert told.error is None, told.error
    return told


def put(world: World, name: str, data: bytes) -> Path:
    path = world.folder / name
    path.write_bytes(data)
    return path


def level(told: SuggestedFile) -> tuple[int | None, bool]:
    assert told.label is not None
    return told.label.c, told.label.decided


def test_an_archive_of_labelled_documents_is_what_they_are(world: World) -> None:
    low = decide(world, world.word("低.docx", "低"), 1)
    high = decide(world, world.word("高.docx", "高"), 3)
    archive = put(
        world, "束.zip", zipped(("低.docx", low.read_bytes()), ("高.docx", high.read_bytes()))
    )
    told = proposed(world, archive)
    assert level(told) == (3, True)
    assert ("c", "3", "高.docx", "高.docx") in {
        (one.part, one.value, one.ref, one.place) for one in told.evidence if one.source == "source"
    }
    # As a source it hands down what lies in it; and its own label is no lower.
    assert level(proposed(world, world.word("新.docx", "新"), archive)) == (3, True)
    decide(world, archive, 2, "label.below-sources")
    decide(world, archive, 3)
    assert level(proposed(world, archive)) == (3, True)


def test_a_file_in_an_archive_is_known_by_its_content(world: World) -> None:
    text = decide(world, put(world, "記録.txt", "本文です。".encode()), 2)
    archive = put(world, "束.zip", zipped(("写し.txt", text.read_bytes())))
    assert level(proposed(world, archive)) == (2, True)
    other = put(world, "別.zip", zipped(("写し.txt", text.read_bytes()), ("他.txt", b"x")))
    told = proposed(world, other)
    assert level(told) == (2, False)
    # And it says for which of them nobody has decided.
    assert ("c", "?", "他.txt", "他.txt", 1) in [
        (one.part, one.value, one.ref, one.place, one.count) for one in told.evidence
    ]


def test_a_mail_without_label_is_undecided_with_the_floor_of_its_attachments(world: World) -> None:
    high = decide(world, world.word("高.docx", "高"), 3)
    path = put(world, "送付.eml", mail(attached=(("高.docx", high.read_bytes()),)))
    assert level(proposed(world, path)) == (3, False)
    decide(world, path, 2, "label.below-sources")
    decide(world, path, 3)
    assert b"X-METI-Label: C3;I1;A1" in path.read_bytes()
    assert level(proposed(world, path)) == (3, True)


def test_a_mark_of_c3_inside_is_named_with_its_place(world: World) -> None:
    archive = put(world, "束.zip", zipped(("機密性3情報.txt", b"x")))
    request = ClassifyRequest(paths=(str(archive),), c=2)
    [row] = classify(world.ctx, request).files
    assert row.error is not None
    assert row.error.code == "label.c3-mark-on-lower"
    special = put(world, "特.zip", zipped(("特定秘密.txt", b"x")))
    [refused] = suggest(world.ctx, (str(special),))
    assert refused.error is not None
    assert refused.error.code == "label.special-secret"


def test_the_subject_of_a_mail_is_marked_where_policy_wants_it(world: World) -> None:
    path = put(world, "送付.eml", mail("予算の件"))
    decide(world, path, 2)
    assert b"X-METI-Subject-Mark" not in path.read_bytes()
    plain = world.policy.marks
    world.rules(marks=replace(plain, in_subject=True))
    decide(world, path, 3)
    assert b"X-METI-Subject-Mark" in path.read_bytes()
    world.rules(marks=plain)
    decide(world, path, 2)
    assert b"X-METI-Subject-Mark" not in path.read_bytes()


def test_beside_a_decided_label_only_what_is_more_counts(world: World) -> None:
    plain = put(world, "束.zip", zipped(("他.txt", b"x")))
    decide(world, plain, 2)
    told = proposed(world, plain)
    assert level(told) == (2, True)
    assert not [one for one in told.evidence if one.source == "source"]
    floor = mail().replace(b"\r\n\r\n", b"\r\nX-METI-Label: U;C3;I1;A1\r\n\r\n", 1)
    outer = put(world, "外.eml", mail(attached=(("内.eml", floor),)))
    decide(world, outer, 3)
    marked = outer.read_bytes().replace(b"X-METI-Label: C3", b"X-METI-Label: C2")
    outer.write_bytes(marked)
    assert level(proposed(world, outer)) == (3, True)
