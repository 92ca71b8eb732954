"""Folders, what is skipped, and the report of a run."""

import csv
from pathlib import Path

import pytest

from meti_desk.services import classify as service
from meti_desk.services.classify import classify
from meti_desk.services.messages import ClassifyRequest, Done, DoneFile, ErrorView, LabelView
from meti_desk.services.report import outcome, write
from tests.unit.services.fakes import OTHER, World


def request(world: World, *paths: Path, **more: object) -> ClassifyRequest:
    named = tuple(map(str, paths)) or (str(world.folder / "束"),)
    return ClassifyRequest(**({"paths": named, "c": 2} | more))  # type: ignore[arg-type] # by name


@pytest.fixture
def bundle(world: World) -> Path:
    folder = world.folder / "束"
    for name in ("a.txt", "下/b.txt", "下/c.txt"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"本文 {name}", encoding="utf-8")
    return folder


def notes(done: Done) -> list[tuple[str, ...]]:
    return [row.notes for row in done.files]


def test_a_folder_is_labelled_whole(world: World, bundle: Path) -> None:
    done = classify(world.ctx, request(world))
    assert [Path(row.path).name for row in done.files] == ["a.txt", "b.txt", "c.txt"]
    assert all(row.error is None for row in done.files)
    assert (bundle / "下" / "b.txt.metilabel.json").is_file()


def test_copies_lie_in_the_same_folders(world: World, bundle: Path) -> None:
    classify(world.ctx, request(world, out=str(world.out)))
    assert sorted(p.relative_to(world.out).as_posix() for p in world.out.rglob("*.txt")) == [
        "a.txt", "下/b.txt", "下/c.txt",
    ]  # fmt: skip


def test_a_run_goes_on_where_it_stopped(world: World, bundle: Path) -> None:
    classify(world.ctx, request(world, bundle / "a.txt"))
    before = len(world.store.ledger.held)
    done = classify(world.ctx, request(world, resume=True))
    assert notes(done)[0] == ("batch.already-done",)
    assert [outcome(row) for row in done.files] == ["skipped", "done", "done"]
    assert len(world.store.ledger.held) == before + 2


def test_another_label_or_another_content_is_not_done(world: World, bundle: Path) -> None:
    classify(world.ctx, request(world))
    (bundle / "a.txt").write_text("別の本文", encoding="utf-8")
    again = classify(world.ctx, request(world, resume=True))
    assert [outcome(row) for row in again.files] == ["done", "skipped", "skipped"]
    higher = classify(world.ctx, request(world, resume=True, c=3, reason="必要"))
    assert [outcome(row) for row in higher.files] == ["done"] * 3


def test_what_somebody_else_decided_is_refused_and_not_skipped(world: World, bundle: Path) -> None:
    classify(world.ctx, request(world))
    world.store.documents.rows = {
        key: service.replace(row, decided_by=OTHER)
        for key, row in world.store.documents.rows.items()
    }
    done = classify(world.ctx, request(world, resume=True, c=3))
    assert {row.error.code for row in done.files if row.error} == {"label.decided-by-other"}


def test_copies_that_were_made_are_not_made_again(world: World, bundle: Path) -> None:
    out = request(world, out=str(world.out), resume=True)
    classify(world.ctx, out)
    again = classify(world.ctx, out)
    assert [outcome(row) for row in again.files] == ["skipped"] * 3
    assert len(list(world.out.rglob("*.txt"))) == len(again.files)


def test_only_what_has_no_label_is_labelled(world: World, bundle: Path) -> None:
    classify(world.ctx, request(world, bundle / "a.txt", c=3, reason="必要"))
    done = classify(world.ctx, request(world, undecided_only=True))
    assert notes(done)[0] == ("batch.already-labelled",)
    assert done.files[0].label is not None
    assert done.files[0].label.c == 3


def test_the_report_names_every_file(world: World, bundle: Path) -> None:
    (bundle / "空.txt").write_bytes(b"")
    done = classify(world.ctx, request(world, report=str(world.out / "結果.csv")))
    raw = Path(done.report).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(raw.decode("utf-8-sig").splitlines()))
    told = {Path(row["report.file"]).name: row for row in rows}
    assert [told[name]["report.outcome"] for name in ("a.txt", "b.txt", "c.txt", "空.txt")] == [
        "outcome.done", "outcome.done", "outcome.done", "outcome.refused",
    ]  # fmt: skip
    assert told["空.txt"]["report.code"] == "document.empty"
    # A second report never takes the place of the first.
    again = classify(world.ctx, request(world, report=str(world.out / "結果.csv"), resume=True))
    assert again.report != done.report


@pytest.mark.parametrize("name", ["=SUM(A1).docx", "＝1", "@x", "-1", "ファイル\ud800.txt"])
def test_no_name_is_a_formula_or_breaks_the_report(world: World, name: str) -> None:
    rows = [DoneFile(path=name, label=LabelView(2, 1, 1, decided=True))]
    placed = write(world.ctx, rows, world.out / "r.csv")
    cell = list(csv.reader(placed.read_text("utf-8-sig").splitlines()))[1][0]
    assert cell[0] not in "=＝@-"
    assert cell.endswith(name[-3:].encode(errors="replace").decode())


def test_a_reason_stands_in_words(world: World) -> None:
    row = DoneFile(path="a", error=ErrorView("file.missing", {"path": "a"}, ("4-1",)))
    placed = write(world.ctx, [row], world.out / "r.csv")
    assert "file.missing a 4-1" in placed.read_text("utf-8-sig")
