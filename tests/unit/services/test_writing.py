"""Between two steps anything may end: what is found afterwards is whole and told once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.domain.ledger import first_bad
from meti_desk.services import writing
from meti_desk.services.classify import classify
from meti_desk.services.facts import opened, sidecar_of
from meti_desk.services.messages import ClassifyRequest, ScrubRequest
from meti_desk.services.scrub import scrub
from meti_desk.services.suggest import QUICK
from tests.unit.services.fakes import World


class PowerCutError(BaseException):
    """The program ended here: nothing after it is done, no handler either."""


Cut = Callable[[World, pytest.MonkeyPatch], None]


def _raising(*_: Any, **__: Any) -> Any:
    raise PowerCutError


def _dead(world: World, patch: pytest.MonkeyPatch) -> None:
    """Let the program do nothing more once it was cut: not even settle."""
    patch.setattr(writing, "_recover_one", _raising)
    del world


def at_journal(world: World, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(world.store.journal, "begin", _raising)


def before_the_file(world: World, patch: pytest.MonkeyPatch) -> None:
    for name in ("publish", "replace", "put"):
        patch.setattr(world.files, name, _raising)


def after_the_file(world: World, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(writing, "_end", _raising)


CUTS = pytest.mark.parametrize("cut", [at_journal, before_the_file, after_the_file])


def killed(world: World, cut: Cut, work: Callable[[], object]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        _dead(world, patch)
        cut(world, patch)
        with pytest.raises(PowerCutError):
            work()


def started_again(world: World) -> None:
    """Recover as at the next start, when the process that began it is gone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writing, "own_name", lambda: "another process")
        patch.setattr(writing, "is_running", lambda _: False)
        writing.recover(world.ctx)
    assert world.store.journal.rows == {}
    assert first_bad(world.store.ledger.held) is None


def decide(world: World, path: Path, **more: Any) -> Any:
    return classify(world.ctx, ClassifyRequest(paths=(str(path),), c=2, **more))


@CUTS
@pytest.mark.parametrize("kind", ["word", "text"])
def test_labelling_in_place_is_all_or_nothing(world: World, cut: Cut, kind: str) -> None:
    path: Path = getattr(world, kind)()
    before = path.read_bytes()
    killed(world, cut, lambda: decide(world, path))
    started_again(world)
    with opened(world.locked(), path, QUICK) as facts:
        labelled = facts.label is not None
    assert labelled == (cut is after_the_file)
    assert len(world.records("classify")) == labelled
    assert len(world.store.documents.rows) == labelled
    if labelled:
        [body] = world.records("classify")
        assert body["recovered"] is True
        [record] = world.store.documents.rows.values()
        assert record.path == str(path)
        assert body["document"] == record.id
    else:
        assert path.read_bytes() == before
        assert not sidecar_of(path).exists()
    started_again(world)
    assert len(world.records("classify")) == labelled
    assert decide(world, path).files[0].error is None


@CUTS
def test_a_copy_with_its_sidecar_is_both_or_none(world: World, cut: Cut) -> None:
    path = world.text()
    killed(world, cut, lambda: decide(world, path, out=str(world.out)))
    started_again(world)
    there = sorted(one.name for one in world.out.iterdir())
    done = cut is after_the_file
    assert there == (["メモ.txt", "メモ.txt.metilabel.json"] if done else [])
    assert len(world.records("classify")) == done


def test_a_cut_between_file_and_sidecar_is_mended(world: World) -> None:
    path = world.text()

    def no_sidecar(_: World, patch: pytest.MonkeyPatch) -> None:
        patch.setattr(world.files, "put", _raising)
        patch.setattr(world.files, "withdraw", _raising)

    killed(world, no_sidecar, lambda: decide(world, path, out=str(world.out)))
    assert [one.name for one in world.out.iterdir()] == ["メモ.txt"]
    started_again(world)
    there = sorted(one.name for one in world.out.iterdir())
    assert there == ["メモ.txt", "メモ.txt.metilabel.json"]
    with opened(world.ctx, world.out / "メモ.txt", QUICK) as facts:
        assert facts.seal == "sealed"
        assert facts.record is not None


def test_what_lay_there_before_is_never_taken_for_the_result(world: World) -> None:
    path = world.word()
    scrub(world.ctx, ScrubRequest(paths=(str(path),), out=str(world.out)))
    [before] = [*world.out.iterdir()]
    request = ScrubRequest(paths=(str(path),), out=str(world.out))
    killed(world, before_the_file, lambda: scrub(world.ctx, request))
    started_again(world)
    assert [*world.out.iterdir()] == [before]
    assert len(world.records("scrub")) == 1


def test_what_another_running_program_began_is_left_to_it(world: World) -> None:
    path = world.word()
    killed(world, after_the_file, lambda: decide(world, path))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writing, "own_name", lambda: "another process")
        assert writing.recover(world.ctx) == 1
    assert len(world.store.journal.rows) == 1
    assert world.records("classify") == []
    started_again(world)
    assert len(world.records("classify")) == 1


def test_an_error_settles_itself_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    path = world.word()
    before = path.read_bytes()

    def full(*_: Any, **__: Any) -> Any:
        raise EnvironmentProblem("disk.full")

    monkeypatch.setattr(world.files, "replace", full)
    error = decide(world, path).files[0].error
    assert error is not None
    assert error.code == "disk.full"
    assert world.store.journal.rows == {}
    assert path.read_bytes() == before
    assert world.records() == []


def test_a_store_that_takes_no_more_is_noticed_before_any_file(world: World) -> None:
    path = world.word()
    before = path.read_bytes()
    world.store.ledger.failing = EnvironmentProblem("store.full")
    error = decide(world, path).files[0].error
    assert error is not None
    assert error.code == "store.full"
    assert path.read_bytes() == before
    assert world.store.journal.rows == {}
    world.store.ledger.failing = None
    assert decide(world, path).files[0].error is None


def test_a_rehearsal_leaves_nothing(world: World) -> None:
    decide(world, world.word())
    assert [event.seq for event in world.store.ledger.held] == [1]


def test_a_place_that_is_gone_waits_for_the_next_start(world: World) -> None:
    path = world.word("共有/案.docx")
    killed(world, after_the_file, lambda: decide(world, path))

    def away(*_: Any) -> Any:
        raise OSError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writing, "own_name", lambda: "another process")
        patch.setattr(writing, "is_running", lambda _: False)
        patch.setattr(writing, "_placed", away)
        writing.recover(world.ctx)
    assert len(world.store.journal.rows) == 1
    started_again(world)
    assert len(world.records("classify")) == 1
