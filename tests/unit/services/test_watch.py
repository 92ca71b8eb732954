import os
from datetime import timedelta
from pathlib import Path

import pytest

from meti_desk.domain import events
from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.services import watch
from meti_desk.services.classify import classify
from meti_desk.services.home import home
from meti_desk.services.messages import ClassifyRequest
from meti_desk.services.public import mark_published
from tests.unit.services.fakes import World


@pytest.fixture
def inbox(world: World) -> Path:
    """Watch a folder with a file that was there before."""
    folder = world.folder / "受信"
    folder.mkdir()
    put(folder, "昔.txt")
    # Files carry the real time: the folder is watched from a moment after the old one was made.
    changed = (folder / "昔.txt").stat().st_ctime
    now = world.clock.now()
    world.clock.moment = now + timedelta(seconds=changed - now.timestamp() + 2)
    watch.watch(world.ctx, str(folder))
    return folder


def put(folder: Path, name: str, text: str = "") -> Path:
    path = folder / name
    path.write_text(text or f"本文 {name}", encoding="utf-8")
    return path


def receive(
    world: World, folder: Path, name: str, text: str = "", *, raw: bytes | None = None
) -> Path:
    """Put a file that is newer than the watch."""
    path = put(folder, name, text)
    if raw is not None:
        path.write_bytes(raw)
    moment = world.clock.now().timestamp() + 5
    os.utime(path, (moment, moment))
    return path


def waiting(world: World) -> list[str]:
    return [one.title for one in home(world.ctx).to_decide]


def test_nothing_is_watched_at_first(world: World) -> None:
    assert watch.watched(world.ctx) == ()
    assert watch.look_around(world.ctx) == 0


def test_what_is_new_and_has_no_label_waits(world: World, inbox: Path) -> None:
    assert watch.look_around(world.ctx) == 0
    receive(world, inbox, "届いた.txt")
    assert watch.look_around(world.ctx) == 1
    assert waiting(world) == ["届いた.txt"]
    assert home(world.ctx).undecided == 1


def test_what_was_decided_waits_no_longer(world: World, inbox: Path) -> None:
    path = receive(world, inbox, "届いた.txt")
    watch.look_around(world.ctx)
    classify(world.ctx, ClassifyRequest(paths=(str(path),), c=2))
    assert waiting(world) == []
    assert watch.look_around(world.ctx) == 0


def test_what_is_gone_waits_no_longer(world: World, inbox: Path) -> None:
    path = receive(world, inbox, "届いた.txt")
    watch.look_around(world.ctx)
    path.unlink()
    assert waiting(world) == []
    assert watch.look_around(world.ctx) == 0


def test_what_is_published_forces_nothing(world: World, inbox: Path) -> None:
    path = receive(world, inbox, "白書.txt")
    watch.look_around(world.ctx)
    world.desk().mark_published([str(path)])
    assert waiting(world) == []
    assert watch.look_around(world.ctx) == 0
    assert world.store.ledger.held[-1].kind == events.PUBLIC
    # A copy is the same bytes; a changed one is not.
    receive(world, inbox, "写し.txt", "本文 白書.txt")
    assert watch.look_around(world.ctx) == 0
    receive(world, inbox, "案.txt", "本文 白書.txt 加筆")
    assert watch.look_around(world.ctx) == 1


def test_noting_twice_records_once(world: World, inbox: Path) -> None:
    path = put(inbox, "白書.txt")
    mark_published(world.ctx, [str(path)])
    mark_published(world.ctx, [str(path)])
    assert [one.kind for one in world.store.ledger.held].count(events.PUBLIC) == 1


def test_each_file_is_looked_at_once(world: World, inbox: Path) -> None:
    path = receive(world, inbox, "届いた.txt")
    classify(world.ctx, ClassifyRequest(paths=(str(path),), c=2))
    watch.look_around(world.ctx)
    before = len(world.workers.ran)
    watch.look_around(world.ctx)
    assert len(world.workers.ran) == before


def test_what_cannot_be_read_counts_as_undecided(world: World, inbox: Path) -> None:
    receive(world, inbox, "壊れた.docx", raw=b"PK\x03\x04word/ and no end")
    receive(world, inbox, "空.txt", raw=b"")
    assert watch.look_around(world.ctx) == 1


def test_a_folder_that_is_away_keeps_its_list(world: World, inbox: Path) -> None:
    receive(world, inbox, "届いた.txt")
    watch.look_around(world.ctx)
    inbox.rename(inbox.with_name("外した"))
    assert watch.look_around(world.ctx) == 1
    inbox.with_name("外した").rename(inbox)
    assert waiting(world) == ["届いた.txt"]


def test_a_folder_that_is_no_longer_watched_is_forgotten(world: World, inbox: Path) -> None:
    receive(world, inbox, "届いた.txt")
    watch.look_around(world.ctx)
    watch.unwatch(world.ctx, str(inbox))
    assert watch.watched(world.ctx) == ()
    assert waiting(world) == []


def test_watching_twice_is_watching_once(world: World, inbox: Path) -> None:
    before = watch.watched(world.ctx)
    watch.watch(world.ctx, str(inbox))
    assert watch.watched(world.ctx) == before


def test_only_a_folder_can_be_watched(world: World) -> None:
    with pytest.raises(EnvironmentProblem) as caught:
        watch.watch(world.ctx, str(world.folder / "なし"))
    assert caught.value.code == "folder.missing"
