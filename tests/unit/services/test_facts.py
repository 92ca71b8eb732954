"""What is known of a file: its seal, its record, and whether it is a copy of another (Art. 6-2)."""

import os
import shutil
from pathlib import Path

import docx
import pytest

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.domain.label import Label
from meti_desk.services.classify import classify
from meti_desk.services.facts import opened, require_unchanged, sidecar_of, sources_of
from meti_desk.services.messages import ClassifyRequest, DoneFile
from meti_desk.services.suggest import QUICK
from meti_desk.system import label_cache
from tests.unit.services.fakes import World


def decide(world: World, path: Path, c: int = 2, **more: object) -> DoneFile:
    [row] = classify(world.ctx, ClassifyRequest(paths=(str(path),), c=c, **more)).files  # type: ignore[arg-type]
    return row


def document(world: World, path: Path) -> str:
    with opened(world.ctx, path, QUICK) as facts:
        return facts.document_id


def resaved(path: Path, target: Path, text: str = "") -> Path:
    """Save a document anew, as a word processor does, perhaps with a sentence more."""
    made = docx.Document(str(path))
    if text:
        made.add_paragraph(text)
    made.save(str(target))
    return target


def test_the_seal_tells_what_was_changed_since(world: World) -> None:
    path = world.word()
    with opened(world.ctx, path, QUICK) as facts:
        assert facts.seal == "none"
    decide(world, path)
    with opened(world.ctx, path, QUICK) as facts:
        assert facts.seal == "sealed"
    with opened(world.ctx, resaved(path, world.folder / "新.docx", "追記"), QUICK) as facts:
        assert facts.seal == "content-changed"
    world.ctx.known_keys.clear()
    with opened(world.ctx, path, QUICK) as facts:
        assert facts.seal == "label-changed"


@pytest.mark.parametrize("kind", ["word", "text"])
def test_a_renamed_file_stays_the_document_it_was(world: World, kind: str) -> None:
    path: Path = getattr(world, kind)()
    decide(world, path)
    first = document(world, path)
    moved = path.rename(world.folder / f"改名{path.suffix}")
    if sidecar_of(path).exists():
        sidecar_of(path).rename(sidecar_of(moved))
    assert document(world, moved) == first
    decide(world, moved, restrictions=("複製禁止",))
    assert document(world, moved) == first
    assert list(world.store.documents.rows) == [first]


@pytest.mark.parametrize("kind", ["word", "text"])
def test_a_copy_gets_an_id_of_its_own_and_inherits(world: World, kind: str) -> None:
    path: Path = getattr(world, kind)()
    decide(world, path, restrictions=("印刷禁止",))
    first = document(world, path)
    copy = world.folder / f"写し{path.suffix}"
    shutil.copy(path, copy)
    with opened(world.ctx, copy, QUICK) as facts:
        assert facts.document_id == ""
        assert facts.copied_from == first
        assert isinstance(facts.label, Label)
        assert int(facts.label.confidentiality) == 2
        told = sources_of(world.ctx, facts)
        assert told is not None
        assert [source.id for source in told] == [first]
    row = decide(world, copy)
    assert row.error is None
    second = document(world, copy)
    assert second not in ("", first)
    record = world.store.documents.get(second)
    assert record is not None
    assert record.sources == (first,)
    assert "印刷禁止" in record.handling
    assert document(world, path) == first
    assert world.records("classify")[-1]["sources"] == [first]


def test_a_copy_whose_sidecar_was_copied_along_is_a_copy_all_the_same(world: World) -> None:
    path = world.text()
    decide(world, path)
    copy = world.folder / "写し.txt"
    shutil.copy(path, copy)
    shutil.copy(sidecar_of(path), sidecar_of(copy))
    first = document(world, path)
    decide(world, copy)
    assert document(world, copy) != first
    assert document(world, path) == first


def test_a_copy_is_never_lower_than_its_original(world: World) -> None:
    path = world.word()
    decide(world, path, c=3, reason="審査前")
    copy = Path(shutil.copy(path, world.folder / "写し.docx"))
    row = decide(world, copy, c=2)
    assert row.error is not None
    assert (row.error.code, row.error.params) == ("label.below-sources", {"chosen": 2, "needed": 3})


def test_a_changed_copy_is_decided_anew_with_its_source(world: World) -> None:
    path = world.word()
    decide(world, path, c=3, reason="審査前")
    first = document(world, path)
    changed = resaved(path, world.folder / "派生.docx", "公表用に書き改めた。")
    assert decide(world, changed, c=1).error is None
    record = world.store.documents.get(document(world, changed))
    assert record is not None
    assert (record.label, record.sources) == ("C1;I1;A1", (first,))


def test_the_same_words_written_twice_may_be_decided_by_the_one_who_decided_them(
    world: World,
) -> None:
    first, second = world.word(), world.word("別.docx")
    decide(world, first)
    assert decide(world, second, c=1).error is None
    assert document(world, second) != document(world, first)
    third = world.word("三つ目.docx")
    world.another()
    row = decide(world, third, c=3)
    assert row.error is not None
    assert row.error.code == "label.decided-by-other"


def test_another_name_of_the_same_file_is_the_same_document(world: World) -> None:
    path = world.word()
    decide(world, path)
    link, hard = world.folder / "別名.docx", world.folder / "別名2.docx"
    link.symlink_to(path)
    os.link(path, hard)
    assert document(world, link) == document(world, hard) == document(world, path) != ""


def test_the_record_is_found_by_id_by_hash_and_by_digest(world: World) -> None:
    path = world.word()
    decide(world, path)
    first = document(world, path)
    plain = world.word("無印.docx")
    path.unlink()
    with opened(world.ctx, plain, QUICK) as facts:
        assert (facts.document_id, facts.from_record, facts.copied_from) == (first, True, "")
    memo = world.text()
    decide(world, memo)
    sidecar_of(memo).unlink()
    label_cache.forget(memo)
    with opened(world.ctx, memo, QUICK) as facts:
        assert facts.record is not None
        assert facts.from_record
    with opened(world.locked(), memo, QUICK) as facts:
        assert (facts.record, facts.label, facts.document_id) == (None, None, "")


def test_what_changes_while_it_is_worked_on_is_noticed(world: World) -> None:
    path = world.text()
    with opened(world.ctx, path, QUICK) as facts:
        require_unchanged(facts)
        path.write_text("別の中身", encoding="utf-8")
        with pytest.raises(EnvironmentProblem) as caught:
            require_unchanged(facts)
    assert caught.value.code == "file.changed"
