"""Databases of every version become databases of today, and their chains hold before and after."""

import contextlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.server import auditing, commands, keys, storage
from meti_desk.server.storage import Database, Place, entry_hash
from meti_desk.server.storage.places import engine_of
from meti_desk.server.storage.schema import NEWEST
from meti_desk.sync.wire import GENESIS, follow
from tests.postgres import empty
from tests.unit.server.first_release import FIRST

VERSIONS = [f"{number:04}" for number in range(1, int(NEWEST) + 1)]


def first_release(folder: Path, events: int = 3) -> None:
    """Make a database as the first release did, with a device and what it sent."""
    with closing(sqlite3.connect(folder / storage.DATABASE)) as made, made:
        for statement in FIRST:
            made.execute(statement)
        made.execute("PRAGMA user_version = 1")
        _fill(made.execute, events)


def _fill(run: object, events: int) -> None:
    assert callable(run)
    run(
        "INSERT INTO people (id, name, unit, mail, role) VALUES (?, ?, ?, ?, ?)",
        ("y1", "山田", "政策課", "y@example.go.jp", "staff"),
    )
    seq, head, prev = 0, GENESIS, GENESIS
    for entry in range(1, events + 1):
        event = follow(seq, head, "classify", 1, b"%d" % entry)
        seq, head = event.seq, event.hash
        run(
            "INSERT INTO events (device, seq, kind, version, body, prev, hash, received_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            ("d1", seq, "classify", 1, event.body, event.prev, event.hash, 1_790_000_000_000),
        )
        told = {"what": "log", "device": "d1", "from": seq - 1, "to": seq, "head": head}
        what = msgspec.msgpack.encode(told)
        digest = entry_hash(prev, entry, 7, what)
        values = (entry, 7, what, prev, digest)
        run("INSERT INTO chain (entry, at, what, prev, hash) VALUES (?, ?, ?, ?, ?)", values)
        prev = digest
    run(
        "INSERT INTO devices (id, person, name, public, enrolled_at, last_seq, head)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        ("d1", "y1", "PC", bytes(32), 7, seq, head),
    )


def shape(place: Place) -> dict[str, list[str]]:
    engine = engine_of(place)
    connection = engine.connect(writes=False)
    with contextlib.closing(connection):
        return engine.tables(connection)


def checked(place: Place) -> None:
    """Look at what was migrated, and go on with it."""
    database = Database(place)
    try:
        state = auditing.verify(database)
        assert (state.intact, state.entries, state.events, state.devices) == (True, 3, 3, 1)
        assert database.run("SELECT name, mailed FROM people") == [("山田", 0)]
        entry = database.together(lambda: database.record(9, {"what": "next"}))
        assert (entry.lane, entry.entry) == (0, 4)
        assert auditing.verify(database).intact
        with pytest.raises(storage.DatabaseFault):
            database.run("DELETE FROM chain")
    finally:
        database.close()


def test_the_first_release_is_brought_up_to_date(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first_release(tmp_path)
    keys.make(tmp_path)
    assert commands.main(["audit", "verify", "--data", str(tmp_path), "--json"]) == 4
    assert '"code": "server.older"' in capsys.readouterr().out
    word, kept = tmp_path / "word", tmp_path / "kept"
    word.write_text("long enough to keep\n", "utf-8")
    told = ["--passphrase-file", str(word), "--json"]
    assert commands.main(["backup", str(kept), "--data", str(tmp_path), *told]) == 0
    assert '"schema": "0001"' in capsys.readouterr().out
    assert commands.main(["migrate", "--data", str(tmp_path), "--json"]) == 0
    assert f'{{"from": "0001", "to": "{NEWEST}"}}' in capsys.readouterr().out
    assert storage.migrate(tmp_path) == (NEWEST, NEWEST)
    checked(tmp_path)
    restored = tmp_path / "restored"
    assert commands.main(["restore", str(kept), "--data", str(restored), *told]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["schema"], found["audit"]["intact"], found["rows"]["events"]) == ("0001", True, 3)
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    storage.make(fresh)
    assert shape(tmp_path) == shape(fresh)


@pytest.mark.parametrize("version", VERSIONS[:2])
@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_both_engines_go_the_same_way(
    engine: str, version: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    place = empty(engine, tmp_path, request)
    storage.make(place, version)
    connection = engine_of(place).connect(writes=True)
    with contextlib.closing(connection):
        _fill(connection.execute, 3)
    assert storage.migrate(place) == (version, NEWEST)
    checked(place)
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    storage.make(fresh)
    assert shape(place) == shape(fresh)


def test_a_step_that_fails_changes_nothing(tmp_path: Path) -> None:
    first_release(tmp_path)
    with closing(sqlite3.connect(tmp_path / storage.DATABASE)) as held, held:
        held.execute("CREATE TABLE mail (x)")
    with pytest.raises(EnvironmentProblem, match=r"server\.migration"):
        storage.migrate(tmp_path)
    with closing(sqlite3.connect(tmp_path / storage.DATABASE)) as held, held:
        assert held.execute("PRAGMA user_version").fetchone() == (1,)
        assert held.execute("SELECT count(*) FROM chain").fetchone() == (3,)
        held.execute("DROP TABLE mail")
    assert storage.migrate(tmp_path) == ("0001", NEWEST)
    checked(tmp_path)


def test_what_a_newer_program_made_is_left_alone(place: Place) -> None:
    database = Database(place)
    database.run("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    with pytest.raises(EnvironmentProblem, match=r"server\.version"):
        Database(place)
    with pytest.raises(EnvironmentProblem, match=r"server\.version"):
        storage.migrate(place)
