import os
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.store import keys, local, rekeying, upkeep
from meti_desk.store.backups import backups
from meti_desk.store.header import read_header
from meti_desk.store.wrapping import wipe


def key_of(folder: Path, passphrase: str) -> bytes:
    key = keys.unlock_with_passphrase(folder / "store.key", passphrase)
    try:
        return bytes(key)
    finally:
        wipe(key)


def filled(folder: Path, passphrase: str, at: datetime) -> bytes:
    store = local.open_with_passphrase(folder, passphrase)
    store.ledger.append("a", {"title": "麒麟"}, at)
    store.settings.put("person.name", "経済 太郎")
    store.back_up()
    public = store.sealer.public_key()
    store.close()
    return public


def test_everything_is_there_under_another_key(folder: Path, passphrase: str, at: datetime) -> None:
    public = filled(folder, passphrase, at)
    old, database = key_of(folder, passphrase), (folder / "store.db").read_bytes()
    rekeying.rekey(folder, passphrase, iterations=keys.FLOOR)
    assert key_of(folder, passphrase) != old
    assert sorted(path.name for path in folder.iterdir()) == [
        "backups", "device.pub", "store.db", "store.key",
    ]  # fmt: skip
    assert backups(folder) == []
    assert (folder / "store.db").read_bytes()[:64] != database[:64]
    store = local.open_with_passphrase(folder, passphrase)
    try:
        assert store.ledger.verify().intact
        assert len(store.ledger.search("麒麟")) == 1
        assert store.settings.get("person.name") == "経済 太郎"
        assert store.sealer.public_key() == public
        assert store.damage() == ()
    finally:
        store.close()


def test_the_old_key_opens_nothing_any_more(folder: Path, passphrase: str, at: datetime) -> None:
    filled(folder, passphrase, at)
    old_header = (folder / "store.key").read_bytes()
    rekeying.rekey(folder, passphrase, iterations=keys.FLOOR)
    (folder / "store.key").write_bytes(old_header)
    with pytest.raises(EnvironmentProblem) as error:
        local.open_with_passphrase(folder, passphrase)
    assert error.value.code == "store.damaged"


def test_a_store_that_somebody_has_open_is_left_alone(
    folder: Path, passphrase: str, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("meti_desk.store.database.PATIENCE", 50)
    filled(folder, passphrase, at)
    old = key_of(folder, passphrase)
    other = local.open_with_passphrase(folder, passphrase)
    try:
        with pytest.raises(EnvironmentProblem) as error:
            rekeying.rekey(folder, passphrase, iterations=keys.FLOOR)
        assert error.value.code == "store.busy"
        other.settings.put("b", "c")
    finally:
        other.close()
    assert key_of(folder, passphrase) == old
    assert not list(folder.glob(".rekey-*"))
    again = local.open_with_passphrase(folder, passphrase)
    try:
        assert again.settings.get("b") == "c"
    finally:
        again.close()


def test_a_wrong_passphrase_changes_nothing(folder: Path, passphrase: str) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    with pytest.raises(EnvironmentProblem) as error:
        rekeying.rekey(folder, passphrase + "x")
    assert error.value.code == "store.wrong-passphrase"
    after = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert after == before


def test_what_was_never_committed_is_taken_away(
    folder: Path, tmp_path: Path, passphrase: str
) -> None:
    stray = folder / ".rekey-0123"
    stray.mkdir()
    shutil.copyfile(folder / "store.db", stray / "store.db")
    local.open_with_passphrase(folder, passphrase).close()
    assert not stray.exists()


def test_the_header_names_the_change_that_made_it(folder: Path, passphrase: str) -> None:
    rekeying.rekey(folder, passphrase, iterations=keys.FLOOR)
    mark = read_header(folder / "store.key").wraps[keys.PASSPHRASE][keys.MARK]
    assert str(mark).startswith(".rekey-")
    keys.change_passphrase(
        folder / "store.key", passphrase, passphrase + "2", iterations=keys.FLOOR
    )
    assert keys.MARK not in read_header(folder / "store.key").wraps[keys.PASSPHRASE]


def left_by_a_crash(folder: Path, passphrase: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave a change of key that was committed, and no more."""
    with monkeypatch.context() as crash:
        crash.setattr(rekeying, "finish", lambda _folder: None)
        crash.setattr(rekeying, "_emptied", lambda _folder, _header: None)
        rekeying.rekey(folder, passphrase, iterations=keys.FLOOR)
    (building,) = folder.glob(".rekey-*")
    assert (building / "store.db").is_file()


def _change(folder: Path, passphrase: str, _code: str) -> None:
    local.change_passphrase(folder, passphrase, "another passphrase", iterations=keys.FLOOR)


def _again(folder: Path, passphrase: str, _code: str) -> None:
    rekeying.rekey(folder, passphrase, iterations=keys.FLOOR)
    local.change_passphrase(folder, passphrase, "another passphrase", iterations=keys.FLOOR)


def _old_backup(folder: Path, passphrase: str, code: str) -> None:
    with pytest.raises(EnvironmentProblem) as error:
        upkeep.restore_key(folder, folder.parent / "key", code, "another passphrase")
    assert error.value.code == "store.backup-foreign"
    _change(folder, passphrase, code)


@pytest.mark.parametrize("step", [_change, _again, _old_backup])
def test_whatever_is_done_with_the_key_after_a_crash_nothing_is_lost(
    folder: Path,
    passphrase: str,
    at: datetime,
    monkeypatch: pytest.MonkeyPatch,
    step: Callable[[Path, str, str], None],
) -> None:
    filled(folder, passphrase, at)
    code = upkeep.back_up_key(folder, passphrase, folder.parent / "key", iterations=keys.FLOOR)
    left_by_a_crash(folder, passphrase, monkeypatch)
    os.truncate(folder / "store.db", 0)  # as an earlier version did before it moved the copy
    step(folder, passphrase, code)
    store = local.open_with_passphrase(folder, "another passphrase")
    try:
        assert len(store.ledger.search("麒麟")) == 1
    finally:
        store.close()


@pytest.mark.skipif(os.name == "nt", reason="nothing is moved over an open file there")
def test_another_process_that_clears_up_too_early_costs_nothing(
    folder: Path, passphrase: str, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(folder, passphrase, at)
    old = key_of(folder, passphrase)

    def other(point: str) -> None:
        if point == "store.rekey.committed":
            (building,) = folder.glob(".rekey-*")
            shutil.rmtree(building)

    monkeypatch.setattr(rekeying, "fault", other)
    with pytest.raises(EnvironmentProblem) as error:
        rekeying.rekey(folder, passphrase, iterations=keys.FLOOR)
    assert error.value.code == "store.backup-failed"
    assert key_of(folder, passphrase) == old
    store = local.open_with_passphrase(folder, passphrase)
    try:
        assert len(store.ledger.search("麒麟")) == 1
    finally:
        store.close()
