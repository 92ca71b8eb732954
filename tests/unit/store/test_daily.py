"""The record is copied once a day by itself, and it is told when that was last (設定, doctor)."""

import os
import threading
import time
from pathlib import Path

import pytest

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.store import local
from meti_desk.store.backups import KEPT, backups, newest
from meti_desk.store.vault import FolderVault

DAY = 86_400


def _vault(store: local.LocalStore, passphrase: str) -> FolderVault:
    store.close()
    vault = FolderVault(store.folder)
    vault.open(passphrase).settings.put("a", "b")
    return vault


def _health(vault: FolderVault) -> tuple[bool, str]:
    return next((ok, told) for code, ok, told in vault.health() if code == "store.backup")


def _age(path: Path, days: int) -> None:
    then = time.time() - days * DAY
    os.utime(path, (then, then))


def test_one_copy_a_day_and_the_newest_stay(store: local.LocalStore, passphrase: str) -> None:
    vault = _vault(store, passphrase)
    assert newest(vault.folder) is None
    assert _health(vault) == (True, "")  # it is not a week old
    first = vault.back_up_daily()
    assert first is not None
    assert vault.back_up_daily() is None
    for days in range(KEPT + 2, 0, -1):
        _age(backups(vault.folder)[0], days)
        assert vault.back_up_daily() is not None
    assert len(backups(vault.folder)) == KEPT
    assert first not in backups(vault.folder)
    ok, told = _health(vault)
    assert ok
    assert told == time.strftime("%Y-%m-%d")
    assert vault.places()["backups"] == str(vault.folder / "backups")


def test_a_record_that_was_not_copied_for_a_week_is_told(
    store: local.LocalStore, passphrase: str
) -> None:
    vault = _vault(store, passphrase)
    assert vault.back_up_daily() is not None
    _age(backups(vault.folder)[0], 8)
    assert not _health(vault)[0]
    backups(vault.folder)[0].unlink()
    _age(vault.folder / "store.key", 8)
    assert _health(vault) == (False, "")


def test_a_copy_can_be_opened_and_a_locked_record_is_not_copied(
    store: local.LocalStore, passphrase: str
) -> None:
    with pytest.raises(EnvironmentProblem, match="locked"):
        FolderVault(store.folder).back_up_daily()
    vault = _vault(store, passphrase)
    vault.back_up_daily()
    assert vault._last is not None
    vault._last.settings.put("a", "c")
    vault._last.close()
    local.restore_last_backup(vault.folder, passphrase)
    assert FolderVault(vault.folder).open(passphrase).settings.get("a") == "b"


def test_who_works_does_not_wait_for_the_copy(store: local.LocalStore) -> None:
    """A transaction that is open in this thread does not hold the copy up, nor it the other."""
    store.settings.put("a", "before")
    made: list[Path] = []
    with store.transaction():
        store.settings.put("a", "within")
        copying = threading.Thread(target=lambda: made.append(store.back_up()))
        copying.start()
        copying.join(20)
        assert made, "the copy waited for the transaction"
    assert store.settings.get("a") == "within"
