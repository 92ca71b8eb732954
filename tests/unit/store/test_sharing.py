"""Writes of several threads in one commit: each durable, each whole, none at another's cost."""

import contextlib
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.store import local
from meti_desk.store.database import Database
from tests.unit.store.conftest import AT


@pytest.fixture
def commits(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Count the commits that reach the disk."""
    seen: list[str] = []
    monkeypatch.setattr("meti_desk.store.database.fault", seen.append)
    return seen


def _append(store: local.LocalStore, number: int) -> Callable[[], str]:
    return lambda: store.ledger.append("open", {"number": number}, AT).id


def _at_once(store: local.LocalStore, works: list[Callable[[], str]]) -> list[object]:
    """Bring works from threads of their own while the database is busy; gives what came of each."""
    database: Database = store._database

    def outcome(work: Callable[[], str]) -> object:
        try:
            return store.together(work)
        except (EnvironmentProblem, ValueError) as error:
            return error

    with ThreadPoolExecutor(len(works)) as pool:
        with store.transaction():  # the first to come waits here, the others behind it
            found = []
            for number, work in enumerate(works):
                found.append(pool.submit(outcome, work))
                while _asked(database) < number + 1:
                    os.sched_yield()
        return [one.result(20) for one in found]


def _asked(database: Database) -> int:
    shared = database._shared
    return len(shared._waiting) + shared._turn.locked()


def test_what_threads_write_at_once_is_committed_together(
    store: local.LocalStore, commits: list[str]
) -> None:
    done = _at_once(store, [_append(store, number) for number in range(6)])
    assert sorted(map(str, done)) == [event.id for event in store.ledger.events()]
    assert store.ledger.verify().intact
    # One for the transaction that kept them waiting, one for the first, one for the five others.
    assert commits.count("store.commit") == 3


def test_one_that_fails_takes_back_its_own_writes_only(store: local.LocalStore) -> None:
    def failing() -> str:
        store.ledger.append("open", {"number": 99}, AT)
        raise ValueError

    works = [_append(store, 0), _append(store, 1), failing, _append(store, 2)]
    done = _at_once(store, works)
    assert isinstance(done[2], ValueError)
    assert [event.data()["number"] for event in store.ledger.events()] == [0, 1, 2]
    assert store.ledger.verify().intact


def test_a_commit_that_fails_for_all_is_tried_for_each(
    store: local.LocalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed: list[str] = []

    def fault(point: str) -> None:
        if point == "store.commit" and not failed and len(list(store.ledger.events())) > 2:
            failed.append(point)
            raise EnvironmentProblem("store.full")

    monkeypatch.setattr("meti_desk.store.database.fault", fault)
    done = _at_once(store, [_append(store, number) for number in range(4)])
    assert failed
    assert not [one for one in done if not isinstance(one, str)]
    assert sorted(event.data()["number"] for event in store.ledger.events()) == [0, 1, 2, 3]  # type: ignore[type-var]
    assert store.ledger.verify().intact


def test_inside_a_transaction_it_is_part_of_that(store: local.LocalStore) -> None:
    def failing() -> None:
        with store.transaction():
            store.together(_append(store, 1))
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - raised just above
        failing()
    assert list(store.ledger.events()) == []


def test_what_was_written_together_is_there_after_opening_anew(
    store: local.LocalStore, folder: Path, passphrase: str
) -> None:
    store.together(_append(store, 7))
    other = local.open_with_passphrase(folder, passphrase)
    try:
        assert [event.data()["number"] for event in other.ledger.events()] == [7]
    finally:
        other.close()


def test_half_of_what_belongs_together_is_never_committed(store: local.LocalStore) -> None:
    database: Database = store._database

    def half() -> None:
        with database.joined():
            store.settings.put("half", "1")
            raise KeyError

    def caught_inside() -> None:
        with store.transaction():
            with contextlib.suppress(KeyError):
                half()
            store.settings.put("whole", "2")

    with pytest.raises(EnvironmentProblem) as caught:
        caught_inside()
    assert caught.value.code == "store.failed"
    assert store.settings.get("half") == store.settings.get("whole") == ""
    with store.transaction():
        store.settings.put("after", "3")
    assert store.settings.get("after") == "3"
