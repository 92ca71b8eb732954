"""Sources are found by the passages a document has in common with what was seen (Art. 6)."""

import shutil
from pathlib import Path

import docx
import pytest

from meti_desk.domain.errors import EnvironmentProblem, InvalidInput, RuleViolation
from meti_desk.domain.kept_text import KeptDocument, KeptText
from meti_desk.domain.label import Undecided
from meti_desk.services.batch import AT_ONCE
from meti_desk.services.classify import classify
from meti_desk.services.comparing import COMMON
from meti_desk.services.facts import opened
from meti_desk.services.inspect import inspect
from meti_desk.services.messages import ClassifyRequest, FoundSource, SuggestedFile
from meti_desk.services.remembering import READING, catch_up, remember
from meti_desk.services.sources import found, ignore, label_of
from meti_desk.services.suggest import suggest
from tests.unit.evidence.made_texts import words

from .fakes import Watch, World

SECRET = words("secret", 200)
OTHER = words("other", 400)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def label(world: World, path: Path, c: int, **more: object) -> str:
    """Decide a label and give the document's id."""
    request = ClassifyRequest(paths=(str(path),), c=c, **more)  # type: ignore[arg-type] # by name
    (row,) = classify(world.ctx, request).files
    assert row.error is None
    record = world.store.documents.recent(1)[0]
    assert record.path == str(path)
    return record.id


def proposed(world: World, path: Path, *sources: str) -> SuggestedFile:
    (row,) = suggest(world.ctx, [str(path)], sources)
    assert row.error is None
    return row


def only(row: SuggestedFile) -> FoundSource:
    (source,) = row.sources
    return source


def test_a_copied_passage_names_its_source_and_gives_a_floor(world: World) -> None:
    source = label(world, world.word("元.docx", words("a", 300) + SECRET + words("b", 50)), 3)
    row = proposed(world, world.word("案.docx", OTHER + SECRET))
    one = only(row)
    assert (one.id, one.title, one.kind) == (source, "元.docx", "passage")
    assert one.label is not None
    assert one.label.c == 3
    assert 0.3 < one.covered < 0.35
    (passage,) = one.passages
    assert passage.length == 200
    assert passage.text == SECRET[:120]
    assert row.label is not None
    assert (row.label.c, row.label.decided) == (3, False)
    (evidence,) = (one for one in row.evidence if one.source == "source")
    assert (evidence.part, evidence.value, evidence.ref) == ("c", "3", "元.docx")
    assert evidence.shown == SECRET[:120]


def test_a_source_that_was_only_seen_makes_the_proposal_undecided(world: World) -> None:
    proposed(world, world.word("元.docx", SECRET))
    row = proposed(world, world.word("案.docx", OTHER + SECRET))
    one = only(row)
    assert one.title == "元.docx"
    assert one.label is None or not one.label.decided
    assert row.label is None or not row.label.decided
    assert [e.value for e in row.evidence if e.source == "source"] == ["?"]


def test_a_text_in_another_file_is_a_copy_and_has_the_label_at_once(world: World) -> None:
    label(world, world.word("元.docx", SECRET), 2, restrictions=("複製禁止",))
    row = proposed(world, world.text("写し.txt", SECRET[:90] + "\n" + SECRET[90:]))
    assert only(row).kind == "copy"
    assert row.label is not None
    assert (row.label.c, row.label.decided, row.label.restrictions) == (2, True, ("複製禁止",))


def test_another_version_is_a_near_copy(world: World) -> None:
    label(world, world.word("元.docx", OTHER + SECRET), 2)
    row = proposed(world, world.word("次.docx", OTHER + "追加" + SECRET + words("new", 60)))
    assert only(row).kind == "near-copy"
    assert only(row).covered > 0.85


def test_versions_are_found_however_many_there_are(world: World) -> None:
    long = words("long", 2000)
    texts = [long[: 50 * n] + f"第{n}版" + long[50 * n :] for n in range(COMMON + 5)]
    for number, text in enumerate(texts):
        keep(world, f"v{number}", text)
    row = proposed(world, world.word("次.docx", long))
    assert len(row.sources) == 10
    assert row.sources[0].kind == "near-copy"


def keep(world: World, name: str, text: str) -> None:
    """Keep a text as if a document had been seen."""
    with opened(world.ctx, world.word(f"{name}.docx", text), READING) as facts:
        remember(world.ctx, facts)


def test_what_many_have_is_custom_and_names_nobody(world: World) -> None:
    custom = words("custom", 300)
    for number in range(COMMON + 1):
        keep(world, str(number), words(f"own {number}", 900) + custom)
    row = proposed(world, world.word("案.docx", OTHER * 2 + custom))
    assert row.sources == ()
    keep(world, "元", words("own", 900) + custom + SECRET)
    row = proposed(world, world.word("本案.docx", words("x", 900) + custom + SECRET))
    assert only(row).title == "元.docx"


def test_what_the_person_takes_for_custom_names_nobody(world: World) -> None:
    custom = words("custom", 300)
    keep(world, "元", words("own", 300) + custom)
    document = world.word("案.docx", OTHER + custom)
    assert only(proposed(world, document)).title == "元.docx"
    ignore(world.ctx, custom)
    assert proposed(world, document).sources == ()


def test_a_document_is_no_source_of_itself_nor_of_what_it_was_made_from(world: World) -> None:
    first = world.word("元.docx", OTHER + SECRET)
    source = label(world, first, 2)
    second = world.word("案.docx", SECRET + words("x", 200))
    label(world, second, 2, sources=(f"id:{source}",))
    third = world.word("本案.docx", SECRET + words("y", 200))
    label(world, third, 2, sources=(str(second),))
    assert proposed(world, first).sources == ()
    assert {one.title for one in proposed(world, third).sources} == {"元.docx", "案.docx"}


def test_a_changed_file_is_no_source_of_itself(world: World) -> None:
    path = world.text("メモ.txt", SECRET)
    proposed(world, path)
    path.write_text(SECRET + "追記", encoding="utf-8")
    assert proposed(world, path).sources == ()
    assert len(world.store.prints.held) == 1


def test_copies_stand_for_each_other_unless_their_labels_differ(world: World) -> None:
    for name, c in (("a.docx", 2), ("b.docx", 2), ("c.docx", 3)):
        label(world, world.word(name, OTHER + SECRET), c)
    row = proposed(world, world.word("案.docx", words("x", 200) + SECRET))
    assert sorted(one.label.c or 0 for one in row.sources if one.label) == [2, 3]


def test_what_was_found_is_named_by_its_id_in_the_decision(world: World) -> None:
    label(world, world.word("元.docx", SECRET), 2, restrictions=("複製禁止",))
    document = world.word("案.docx", OTHER + SECRET)
    source = only(proposed(world, document))
    named = label(world, document, 2, sources=(f"id:{source.id}",))
    record = world.store.documents.get(named)
    assert record is not None
    assert record.sources == (source.id,)
    assert "複製禁止" in record.handling
    (low,) = classify(
        world.ctx,
        ClassifyRequest(
            paths=(str(world.word("低.docx", "短い")),), c=1, sources=(f"id:{source.id}",)
        ),
    ).files
    assert low.error is not None
    assert low.error.code == "label.below-sources"


def test_a_source_that_was_only_seen_is_named_too(world: World) -> None:
    proposed(world, world.word("元.docx", SECRET))
    document = world.word("案.docx", OTHER + SECRET)
    source = only(proposed(world, document))
    assert label_of(world.ctx, source.id) == Undecided()
    named = label(world, document, 2, sources=(f"id:{source.id}",))
    record = world.store.documents.get(named)
    assert record is not None
    assert record.sources == (source.id,)


def test_an_unknown_id_is_refused(world: World) -> None:
    request = ClassifyRequest(paths=(str(world.word()),), c=2, sources=("id:何か",))
    with pytest.raises(InvalidInput) as error:
        classify(world.ctx, request)
    assert error.value.code == "document.unknown"
    with pytest.raises(InvalidInput):
        suggest(world.ctx, [str(world.word())], ["id:何か"])


def test_while_locked_nothing_is_found_and_nothing_taken(world: World) -> None:
    document = world.word("案.docx", SECRET)
    (row,) = suggest(world.locked(), [str(document)])
    assert (row.sources, row.unread) == ((), 0)
    with opened(world.locked(), document, READING) as facts:
        assert found(world.locked(), facts) == ()


def test_deciding_notes_and_asking_reads(world: World) -> None:
    document = label(world, world.word("元.docx", SECRET), 2)
    assert [one.document for one in world.store.prints.waiting(9)] == [document]
    assert world.store.prints.kept(document) is None
    assert catch_up(world.ctx) == 0
    assert world.store.prints.kept(document) is not None


def test_files_that_are_gone_or_are_others_are_waited_for_no_longer(world: World) -> None:
    gone = world.word("無.docx", SECRET)
    label(world, gone, 2)
    gone.unlink()
    changed = world.word("替.docx", words("x", 300))
    held = label(world, changed, 2)
    shutil.copy(world.word("別.docx", words("y", 300)), changed)
    assert catch_up(world.ctx) == 0
    assert world.store.prints.kept(held) is None
    assert world.store.prints.waiting(9) == []


def test_reading_can_be_stopped_and_goes_on(world: World) -> None:
    more = AT_ONCE + 1  # than are read at the same time
    for number in range(more):
        label(world, world.word(f"{number}.docx", words(number, 200)), 2)
    left = catch_up(world.ctx, Watch(stop_after=1))
    assert 0 < left < more
    assert catch_up(world.ctx, seconds=1e-9) == left
    assert proposed(world, world.word()).unread == 0
    assert catch_up(world.ctx) == 0


def test_what_is_marked_as_special_is_never_kept(world: World) -> None:
    path = world.word("案.docx", SECRET, header="特定秘密")
    with opened(world.ctx, path, READING) as facts:
        remember(world.ctx, facts)
    with pytest.raises(RuleViolation):
        raise_of(suggest(world.ctx, [str(path)])[0])
    assert SECRET[:50] not in world.store.everything()
    assert world.store.prints.held == {}


def raise_of(row: SuggestedFile) -> None:
    assert row.error is not None
    raise RuleViolation(row.error.code)


def test_a_short_text_is_not_kept(world: World) -> None:
    proposed(world, world.word("短.docx", "短い文"))
    assert world.store.prints.held == {}


def test_a_full_index_keeps_nobody_from_a_proposal(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise EnvironmentProblem("store.prints-full", most=3)

    monkeypatch.setattr(world.store.prints, "put", full)
    assert proposed(world, world.word("案.docx", SECRET)).error is None
    label(world, world.word("元.docx", OTHER), 2)
    assert catch_up(world.ctx) == 0


def test_fingerprints_that_are_none_are_an_error(world: World) -> None:
    from msgspec.structs import replace

    real = world.workers.jobs["inspect"]
    world.workers.jobs["inspect"] = lambda params, files: replace(
        real(params, files), prints=b"\x07"
    )
    (row,) = suggest(world.ctx, [str(world.word("案.docx", SECRET))])
    assert row.error is not None
    assert row.error.code == "document.unreadable"


def test_places_are_told_on_both_sides(world: World) -> None:
    parts = KeptText((("page 1", OTHER), ("page 2", "前 置き\n" + SECRET)))
    with opened(world.ctx, world.word("元.docx", OTHER + SECRET), READING) as facts:
        remember(world.ctx, facts)
    (number,) = world.store.prints.texts
    world.store.prints.texts[number] = parts, world.store.prints.texts[number][1]
    made = docx.Document()
    made.add_paragraph("始め " + words("x", 90))
    made.add_paragraph(SECRET[:60] + "　 " + SECRET[60:])
    path = world.folder / "案.docx"
    made.save(str(path))
    (passage,) = only(proposed(world, path)).passages
    assert passage.source_place == "page 2"
    assert passage.length == 200
    assert passage.text == (SECRET[:60] + " " + SECRET[60:])[:120]


def test_a_text_that_is_forgotten_meanwhile_is_left_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(world, "元", SECRET)
    monkeypatch.setattr(world.store.prints, "text", lambda _number: None)
    assert proposed(world, world.word("案.docx", SECRET + OTHER)).sources == ()


def test_two_records_at_one_path_are_read_once(world: World) -> None:
    path = world.word("案.docx", SECRET)
    held = label(world, path, 2)
    old = KeptDocument(document="old", title="案.docx", path=str(path), file_hash="x")
    world.store.prints.wanted = {"old": old} | world.store.prints.wanted
    assert catch_up(world.ctx) == 0
    assert [*world.store.prints.held] == [held]


def test_what_was_only_looked_at_is_found_too(world: World) -> None:
    inspect(world.ctx, [str(world.word("元.docx", SECRET))])
    special = world.word("特.docx", OTHER, header="特定秘密")
    inspect(world.ctx, [str(special)])
    label(world, world.word("済.docx", words("z", 100)), 2)
    inspect(world.ctx, [str(world.folder / "済.docx")])
    assert [one.title for one in world.store.prints.waiting(9)] == ["済.docx", "元.docx"]
    assert only(proposed(world, world.word("案.docx", OTHER + SECRET))).title == "元.docx"


def test_looking_writes_nothing_while_locked(world: World) -> None:
    (row,) = inspect(world.locked(), [str(world.word("元.docx", SECRET))])
    assert row.error is None
    assert world.store.prints.waiting(9) == []


def test_the_desk_reads_and_takes_passages_for_custom(world: World) -> None:
    desk = world.desk()
    label(world, world.word("元.docx", words("own", 300) + SECRET), 2)
    assert desk.catch_up() == 0
    document = str(world.word("案.docx", OTHER + SECRET))
    assert len(desk.suggest([document])[0].sources) == 1
    desk.ignore_passage(SECRET)
    assert desk.suggest([document])[0].sources == ()


def test_no_more_is_kept_than_is_looked_at(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("meti_desk.evidence.folding.MOST", 150)
    keep(world, "元", SECRET)
    ((text, _),) = world.store.prints.texts.values()
    assert text.whole == SECRET[:150]


@pytest.mark.parametrize("code", ["store.full", "store.busy", "store.unwritable"])
def test_a_store_that_cannot_be_written_keeps_nobody_from_a_proposal(
    world: World, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    label(world, world.word("元.docx", OTHER), 2)

    def refused(*_: object) -> None:
        raise EnvironmentProblem(code)

    for name in ("put", "skip"):
        monkeypatch.setattr(world.store.prints, name, refused)
    row = proposed(world, world.word("案.docx", SECRET))
    assert (row.sources, row.unread) == ((), 1)


def test_what_the_store_could_not_take_waits_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> None:
        raise EnvironmentProblem("store.busy")

    with monkeypatch.context() as patched:
        label(world, world.word("元.docx", OTHER), 2)
        patched.setattr(world.store.prints, "put", busy)
        assert catch_up(world.ctx) == 1
    assert catch_up(world.ctx) == 0
    assert len(world.store.prints.held) == 1


def test_a_damaged_store_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(*_: object) -> None:
        raise EnvironmentProblem("store.damaged")

    monkeypatch.setattr(world.store.prints, "put", damaged)
    (row,) = suggest(world.ctx, [str(world.word("案.docx", SECRET))])
    assert row.error is not None
    assert row.error.code == "store.damaged"
    monkeypatch.setattr(world.store.prints, "to_read", damaged)
    with pytest.raises(EnvironmentProblem):
        suggest(world.ctx, [str(world.folder / "案.docx")])
