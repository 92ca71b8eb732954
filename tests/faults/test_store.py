"""The store when the power fails: killed at every point of no return, and at any instant."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.store import keys, local

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX's")

PASSPHRASE = "correct horse 電池 staple"
NEW = "a wholly new passphrase"
AT = datetime(2026, 4, 1, 9, 30, tzinfo=UTC)
KILLED = -9
FULL = bool(os.environ.get("METI_DESK_FULL"))
START = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from meti_desk.store import keys, local
folder = Path(sys.argv[1])
passphrase, new = sys.stdin.buffer.readline().decode().split("|")
new = new.strip()
at = datetime(2026, 4, 1, tzinfo=UTC)
"""
CREATE = START + "local.create(folder, passphrase, iterations=keys.FLOOR).close()"
CHANGE = START + "local.change_passphrase(folder, passphrase, new, iterations=keys.FLOOR)"
BACK_UP = START + "store = local.open_with_passphrase(folder, passphrase); store.back_up()"
RESTORE = START + "local.restore_last_backup(folder, passphrase)"
REKEY = (
    "from meti_desk.store import rekeying\n"
    + START
    + "rekeying.rekey(folder, passphrase, iterations=keys.FLOOR)"
)
APPEND = (
    START
    + """
store = local.open_with_passphrase(folder, passphrase)
for number in range(int(sys.argv[2])):
    event = store.ledger.append("a", {"title": f"会議資料{number}", "by": sys.argv[3]}, at)
    print(event.seq, flush=True)
store.close()
"""
)


def started(code: str, folder: Path, *args: str, at: int = 0) -> subprocess.Popen[bytes]:
    """Start a program that dies at its `at`-th fault point (0: never)."""
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(folder), *args],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "METI_DESK_FAULT_AT": str(at)},
    )
    assert process.stdin is not None
    process.stdin.write(f"{PASSPHRASE}|{NEW}\n".encode())
    process.stdin.close()
    return process


def run(code: str, folder: Path, *args: str, at: int = 0) -> int:
    process = started(code, folder, *args, at=at)
    assert process.stdout is not None
    with process.stdout:
        process.stdout.read()
    return process.wait()


def deaths(code: str, folders: Iterator[Path]) -> Iterator[Path]:
    """Kill at each point in turn, in a fresh folder each; ends when a run is through."""
    for point in range(1, 100):
        folder = next(folders)
        ended = run(code, folder, at=point)
        if ended == 0:
            assert point > 1, "no fault point was passed"
            return
        assert ended == KILLED
        yield folder


def fresh(tmp_path: Path, *, events: int, backup: bool = False) -> Iterator[Path]:
    """Give folder after folder, each with a store that has some events; `events` 0: no store."""
    number = 0
    while True:
        number += 1
        folder = tmp_path / f"store-{number}"
        if events:
            store = local.create(folder, PASSPHRASE, iterations=keys.FLOOR)
            fill(store, events)
            if backup:
                store.back_up()
            store.close()
        yield folder


def fill(store: local.LocalStore, number: int) -> None:
    for each in range(number):
        store.ledger.append("a", {"title": str(each)}, AT)


def events_of(folder: Path, passphrase: str = PASSPHRASE) -> int:
    """Open, check everything and count the events."""
    store = local.open_with_passphrase(folder, passphrase)
    state = store.ledger.verify()
    assert state.intact
    assert store.damage() == ()
    assert store.sealer.public_key() == local.device_public_key(folder)
    store.close()
    return state.events


def visible(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_store_is_made_or_not_whenever_the_power_fails(tmp_path: Path) -> None:
    seen = set()
    for folder in deaths(CREATE, fresh(tmp_path, events=0)):
        seen.add(local.exists(folder))
        if local.exists(folder):
            assert events_of(folder) == 0
        else:
            local.create(folder, PASSPHRASE, iterations=keys.FLOOR).close()
        assert events_of(folder) == 0
        assert visible(folder) == {"store.key", "store.db", "device.pub"}
    assert seen == {False, True}


def test_the_passphrase_is_the_old_or_the_new_one(tmp_path: Path) -> None:
    opened_by = set()
    for folder in deaths(CHANGE, fresh(tmp_path, events=1)):
        try:
            assert events_of(folder) == 1
            opened_by.add(PASSPHRASE)
        except EnvironmentProblem as problem:
            assert problem.code == "store.wrong-passphrase"  # noqa: PT017 - either may open
            assert events_of(folder, NEW) == 1
            opened_by.add(NEW)
    assert opened_by == {PASSPHRASE, NEW}


def test_a_backup_counts_only_when_it_is_whole(tmp_path: Path) -> None:
    for folder in deaths(BACK_UP, fresh(tmp_path, events=2)):
        store = local.open_with_passphrase(folder, PASSPHRASE)
        assert store.ledger.verify().events == 2
        store.back_up()
        store.close()
        assert not [name for name in visible(folder) if name.endswith(".new")]
        local.restore_last_backup(folder, PASSPHRASE)
        assert events_of(folder) == 2


def test_a_restore_that_was_cut_off_can_be_done_again(tmp_path: Path) -> None:
    for folder in deaths(RESTORE, fresh(tmp_path, events=2, backup=True)):
        local.restore_last_backup(folder, PASSPHRASE)
        assert events_of(folder) == 2


def test_a_change_of_key_is_whole_or_did_not_begin(tmp_path: Path) -> None:
    changed = set()
    for folder in deaths(REKEY, fresh(tmp_path, events=2, backup=True)):
        header = (folder / "store.key").read_text(encoding="ascii")
        assert events_of(folder) == 2
        changed.add(keys.MARK in header)
        assert not [name for name in visible(folder) if name.startswith(".rekey")]
        assert ("backups/store-000001.db" in visible(folder)) is (keys.MARK not in header)
    assert changed == {False, True}


@pytest.mark.parametrize("point", range(1, 9))
def test_an_event_is_there_whole_or_not_at_all(tmp_path: Path, point: int) -> None:
    folder = next(fresh(tmp_path, events=1))
    assert run(APPEND, folder, "4", "x", at=point) == KILLED
    # Odd points lie before a commit, even ones after it.
    assert events_of(folder) == 1 + point // 2


@pytest.mark.parametrize("lines", range(1, 60 if FULL else 9))
def test_killed_at_any_instant_no_told_event_is_lost(tmp_path: Path, lines: int) -> None:
    folder = next(fresh(tmp_path, events=1))
    process = started(APPEND, folder, "100000", "x")
    assert process.stdout is not None
    with process.stdout:
        told = [int(process.stdout.readline()) for _ in range(lines)][-1]
        process.kill()
        told = max([told, *map(int, process.stdout.read().split()[:-1])])
    assert process.wait() == KILLED
    count = events_of(folder)
    assert count >= told
    store = local.open_with_passphrase(folder, PASSPHRASE)
    fill(store, 1)
    assert store.ledger.verify().events == count + 1
    store.close()


def test_two_processes_append_to_one_chain_without_gaps(tmp_path: Path) -> None:
    folder = next(fresh(tmp_path, events=1))
    number = 300 if FULL else 60
    processes = [started(APPEND, folder, str(number), name) for name in ("left", "right")]
    told: list[int] = []
    for process in processes:
        assert process.stdout is not None
        with process.stdout:
            told += map(int, process.stdout.read().split())
        assert process.wait() == 0
    assert sorted(told) == list(range(2, 2 * number + 2))
    assert events_of(folder) == 2 * number + 1
    store = local.open_with_passphrase(folder, PASSPHRASE)
    authors = [event.data().get("by") for event in store.ledger.events()]
    assert authors.count("left") == authors.count("right") == number
    assert len(store.ledger.search(f"会議資料{number - 1}")) == 2
    store.close()
