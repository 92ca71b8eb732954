from datetime import datetime
from pathlib import Path

import pytest

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.domain.ledger import follow
from meti_desk.store import keys, local
from meti_desk.store.backups import backups
from meti_desk.store.database import Database
from meti_desk.store.migrations import STEPS, migrate, version
from meti_desk.store.sealer import DeviceSealer
from meti_desk.store.words import index_one

SEARCHABLE = 2
"""The version since which words are indexed as events are written."""


def of_version(folder: Path, passphrase: str, number: int, at: datetime) -> None:
    """Put a database of an earlier version with two events in the place of the present one."""
    (folder / "store.db").unlink()
    (folder / "store.db").touch(mode=0o600)
    key = keys.unlock_with_passphrase(folder / "store.key", passphrase)
    database = Database(folder / "store.db", key)
    migrate(database, upto=number)
    DeviceSealer(database).make()
    last = None
    for title in ("会議資料", "麒麟"):
        last = follow(last, event_id=title, kind="a", at=at.isoformat(), body={"title": title})
        database.run(
            "INSERT INTO events (id, seq, kind, version, at, body, prev_hash, hash)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (last.id, last.seq, "a", 1, last.at, last.body, last.prev_hash, last.hash),
        )
        if number >= SEARCHABLE:
            index_one(database, last.seq, last.body)
    assert version(database) == number
    database.close()


@pytest.mark.parametrize("number", range(1, len(STEPS)))
def test_every_earlier_version_is_brought_forward_after_a_backup(
    folder: Path, passphrase: str, at: datetime, number: int
) -> None:
    of_version(folder, passphrase, number, at)
    store = local.open_with_passphrase(folder, passphrase)
    assert store.ledger.verify().intact
    assert [event.id for event in store.ledger.search("会議資料")] == ["会議資料"]
    assert [event.id for event in store.ledger.search("麟")] == ["麒麟"]
    assert version(store._database) == len(STEPS)
    assert len(backups(folder)) == 1
    store.close()
    local.open_with_passphrase(folder, passphrase).close()
    assert len(backups(folder)) == 1


def test_the_backup_of_a_migration_is_the_earlier_version(
    folder: Path, passphrase: str, at: datetime
) -> None:
    of_version(folder, passphrase, 1, at)
    local.open_with_passphrase(folder, passphrase).close()
    key = keys.unlock_with_passphrase(folder / "store.key", passphrase)
    backup = Database(backups(folder)[0], key, log=False)
    assert version(backup) == 1
    backup.close()


def test_a_step_that_fails_leaves_the_version_before_it(
    folder: Path, passphrase: str, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_version(folder, passphrase, 1, at)

    def failing(database: Database) -> None:
        database.run("CREATE TABLE half (x)")
        raise EnvironmentProblem("store.full")

    monkeypatch.setattr("meti_desk.store.migrations.STEPS", (STEPS[0], failing))
    with pytest.raises(EnvironmentProblem) as error:
        local.open_with_passphrase(folder, passphrase)
    assert error.value.code == "store.full"
    monkeypatch.undo()
    store = local.open_with_passphrase(folder, passphrase)
    assert not store._database.run("SELECT * FROM sqlite_schema WHERE name = 'half'")
    assert store.ledger.verify().events == 2
    store.close()


def test_a_later_version_is_not_touched(store: local.LocalStore, passphrase: str) -> None:
    store._database.run(f"PRAGMA user_version = {len(STEPS) + 1}")
    store.close()
    before = (store.folder / "store.db").read_bytes()
    with pytest.raises(EnvironmentProblem) as error:
        local.open_with_passphrase(store.folder, passphrase)
    assert error.value.code == "store.newer"
    assert error.value.params == {"found": len(STEPS) + 1, "known": len(STEPS)}
    assert (store.folder / "store.db").read_bytes() == before
