import base64
import stat
import sys
import threading
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from keyring.backends.SecretService import Keyring as SecretService

from meti_desk.domain.errors import EnvironmentProblem, InvalidInput
from meti_desk.store import keys, local
from meti_desk.store.backups import KEPT, backups
from meti_desk.store.database import connect

if TYPE_CHECKING:
    from meti_desk.services import ports


class Remembering(SecretService):
    """A real backend whose service is a dictionary."""

    priority = 1.0

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.held[service, username]


def listed(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def code_of_opening(folder: Path, passphrase: str) -> str:
    with pytest.raises(EnvironmentProblem) as error:
        local.open_with_passphrase(folder, passphrase)
    return error.value.code


def test_a_store_is_made_once_and_fulfils_its_port(tmp_path: Path, passphrase: str) -> None:
    folder = tmp_path / "a" / "b"
    assert not local.exists(folder)
    store: ports.Store = local.create(folder, passphrase, iterations=keys.FLOOR)
    assert store.ledger.verify().intact
    store.close()
    store.close()
    assert local.exists(folder)
    assert listed(folder) == ["device.pub", "store.db", "store.key"]
    with pytest.raises(EnvironmentProblem) as error:
        local.create(folder, passphrase)
    assert error.value.code == "store.exists"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no mode bits for this")
def test_only_the_owner_may_enter(store: local.LocalStore) -> None:
    store.settings.put("a", "b")
    store.back_up()
    for path in (store.folder, *store.folder.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_a_short_passphrase_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as error:
        local.create(tmp_path / "store", "short")
    assert error.value.code == "store.passphrase-too-short"
    assert listed(tmp_path) == []


def test_a_database_without_its_key_is_never_written_over(folder: Path, passphrase: str) -> None:
    (folder / "store.key").unlink()
    before = (folder / "store.db").read_bytes()
    with pytest.raises(EnvironmentProblem) as error:
        local.create(folder, passphrase)
    assert error.value.code == "store.key-missing"
    assert (folder / "store.db").read_bytes() == before


def test_a_wrong_passphrase_and_a_missing_store_have_their_codes(
    folder: Path, tmp_path: Path, passphrase: str
) -> None:
    assert code_of_opening(folder, passphrase + "x") == "store.wrong-passphrase"
    assert code_of_opening(tmp_path / "nowhere", passphrase) == "store.missing"
    (folder / "store.db").unlink()
    assert code_of_opening(folder, passphrase) == "store.missing"


def test_a_folder_in_the_place_of_a_file_is_unreadable(folder: Path, passphrase: str) -> None:
    (folder / "store.key").unlink()
    (folder / "store.key").mkdir()
    assert code_of_opening(folder, passphrase) == "store.unreadable"


def test_a_locked_store_says_so(store: local.LocalStore, at: datetime) -> None:
    store.ledger.append("a", {}, at)
    reading = store.ledger.events()
    store.close()
    for use in (
        lambda: store.settings.get("a"),
        lambda: store.settings.put("a", "b"),
        lambda: store.sealer.sign(b""),
        lambda: next(reading),
        store.back_up,
    ):
        with pytest.raises(EnvironmentProblem) as error:
            use()
        assert error.value.code == "store.locked"


def test_a_transaction_is_all_or_nothing(store: local.LocalStore, at: datetime) -> None:
    def failing() -> None:
        with store.transaction():
            store.settings.put("a", "1")
            store.ledger.append("a", {"title": "麒麟"}, at)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing()
    assert store.settings.get("a") == ""
    assert store.ledger.verify().events == 0
    assert store.ledger.search("麒麟") == ()


def test_an_inner_block_takes_back_its_own_writes_only(store: local.LocalStore) -> None:
    def failing() -> None:
        with store.transaction():
            store.settings.put("a", "2")
            raise ZeroDivisionError

    with store.transaction():
        store.settings.put("a", "1")
        with pytest.raises(ZeroDivisionError):
            failing()
        store.settings.put("b", "3")
    assert (store.settings.get("a"), store.settings.get("b")) == ("1", "3")


def test_another_thread_never_sees_half_a_transaction(store: local.LocalStore) -> None:
    seen: list[str] = []
    reader = threading.Thread(target=lambda: seen.append(store.settings.get("a")))
    with store.transaction():
        store.settings.put("a", "half")
        reader.start()
        store.settings.put("a", "whole")
    reader.join()
    assert seen == ["whole"]


def test_neither_key_nor_content_lies_on_the_disk_in_clear(
    store: local.LocalStore, at: datetime, passphrase: str
) -> None:
    marker = "機密の目印MARKER"
    store.settings.put("me", marker)
    store.ledger.append("a", {"title": marker}, at)
    store.answers.save("f", "q", marker.encode())
    store.back_up()
    key = store._database.key()
    private = store._database.run("SELECT private FROM device_key")[0][0]
    secrets = [passphrase.encode(), "MARKER".encode("utf-16-le"), b"MARKER", marker.encode()]
    for secret in (bytes(key), bytes(private)):
        secrets += [secret, secret.hex().encode(), base64.b64encode(secret)]

    def search() -> None:
        files = [path for path in store.folder.rglob("*") if path.is_file()]
        assert len(files) >= 4
        for path in files:
            content = path.read_bytes()
            assert not [path for secret in secrets if secret in content]

    search()  # while the log is there
    store.close()
    search()
    assert not any(store._database._key)


def test_no_error_carries_the_key(folder: Path, passphrase: str) -> None:
    key = keys.unlock_with_passphrase(folder / "store.key", passphrase)
    wrong = bytearray(reversed(key))
    with pytest.raises(Exception, match="not a database") as error:
        connect(folder / "store.db", wrong)
    told = repr(error.value) + str(error.value.__context__)
    assert wrong.hex() not in told


@pytest.mark.parametrize("place", [0, 16, 100, 2000, 4090])
def test_a_flipped_byte_of_the_first_page_is_damage(
    folder: Path, passphrase: str, place: int
) -> None:
    content = bytearray((folder / "store.db").read_bytes())
    content[place] ^= 1
    (folder / "store.db").write_bytes(content)
    assert code_of_opening(folder, passphrase) == "store.damaged"


@pytest.mark.parametrize("keep", [0, 100, 4096, 4097, 40_960])
def test_a_truncated_database_is_damage(folder: Path, passphrase: str, keep: int) -> None:
    content = (folder / "store.db").read_bytes()
    assert len(content) > keep
    (folder / "store.db").write_bytes(content[:keep])
    assert code_of_opening(folder, passphrase) == "store.damaged"


def test_a_flipped_byte_of_any_page_is_named_and_the_backup_brings_all_back(
    store: local.LocalStore, at: datetime, passphrase: str
) -> None:
    with store.transaction():
        for number in range(200):
            store.ledger.append("a", {"title": f"会議資料{number}"}, at)
    assert store.damage() == ()
    backup = store.back_up()
    store.close()
    path = store.folder / "store.db"
    good = path.read_bytes()
    for page in range(2, len(good) // 4096 + 1):
        content = bytearray(good)
        content[4096 * (page - 1) + 77] ^= 0x80
        path.write_bytes(content)
        try:
            opened = local.open_with_passphrase(store.folder, passphrase)
        except EnvironmentProblem as problem:
            assert problem.code == "store.damaged"  # noqa: PT017 - either is right
            continue
        assert any(told.endswith(f"page {page}") for told in opened.damage())
        opened.close()
    assert local.restore_last_backup(store.folder, passphrase) == backup
    assert (store.folder / "damaged-000001" / "store.db").read_bytes() == bytes(content)
    again = local.open_with_passphrase(store.folder, passphrase)
    assert (again.ledger.verify().events, again.ledger.verify().intact) == (200, True)
    assert again.damage() == ()
    again.close()


def test_reading_a_damaged_page_is_told_as_damage(
    store: local.LocalStore, at: datetime, passphrase: str
) -> None:
    with store.transaction():
        for number in range(300):
            store.ledger.append("a", {"title": "会議資料" * 20 + str(number)}, at)
    store.close()
    path = store.folder / "store.db"
    content = bytearray(path.read_bytes())
    for page in range(40, len(content) // 4096):
        content[4096 * page + 9] ^= 1
    path.write_bytes(content)
    opened = local.open_with_passphrase(store.folder, passphrase)
    with pytest.raises(EnvironmentProblem) as error:
        opened.ledger.verify()
    assert error.value.code == "store.damaged"
    opened.close()


def test_only_good_backups_are_put_back(store: local.LocalStore, passphrase: str) -> None:
    store.settings.put("a", "1")
    first = store.back_up()
    store.settings.put("a", "2")
    second = store.back_up()
    store.close()
    second.write_bytes(second.read_bytes()[:-1000])
    (store.folder / "store.db").write_bytes(b"")
    assert local.restore_last_backup(store.folder, passphrase) == first
    again = local.open_with_passphrase(store.folder, passphrase)
    assert again.settings.get("a") == "1"
    again.close()


def test_without_a_good_backup_nothing_is_moved(folder: Path, passphrase: str) -> None:
    (folder / "backups").mkdir()
    (folder / "backups" / "store-000001.db").write_bytes(b"")
    (folder / "backups" / "other.db").write_bytes(b"")
    before = listed(folder)
    with pytest.raises(EnvironmentProblem) as error:
        local.restore_last_backup(folder, passphrase)
    assert error.value.code == "store.no-backup"
    assert listed(folder) == before


def test_the_newest_backups_stay(store: local.LocalStore) -> None:
    made = [store.back_up() for _ in range(KEPT + 2)]
    assert backups(store.folder) == list(reversed(made))[:KEPT]
    assert sorted(path.name for path in (store.folder / "backups").iterdir()) == sorted(
        path.name for path in made[-KEPT:]
    )


def test_the_keyring_opens_until_it_may_no_longer(folder: Path, passphrase: str) -> None:
    backend = Remembering()
    store = local.open_with_passphrase(folder, passphrase)
    store.enable_keyring(backend=backend)
    store.close()
    assert local.has_keyring(folder)
    opened = local.open_with_keyring(folder, backend=backend)
    assert opened.ledger.verify().intact
    opened.disable_keyring(backend=backend)
    opened.close()
    assert not local.has_keyring(folder)


def test_a_new_passphrase_opens_the_same_store(
    store: local.LocalStore, passphrase: str, at: datetime
) -> None:
    event = store.ledger.append("a", {}, at)
    new = "a wholly new passphrase"
    local.change_passphrase(store.folder, passphrase, new, iterations=keys.FLOOR)
    store.ledger.append("a", {}, at)  # an open store stays open
    store.close()
    assert code_of_opening(store.folder, passphrase) == "store.wrong-passphrase"
    opened = local.open_with_passphrase(store.folder, new)
    assert next(opened.ledger.events()) == event
    opened.close()


def test_the_key_store_of_the_system_costs_nothing_unless_it_is_used() -> None:
    import subprocess

    code = (
        "import sys, meti_desk.store.local\n"
        "heavy = {'keyring', 'cryptography', 'sqlcipher3', 'msgspec'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
