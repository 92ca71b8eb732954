"""The key of the store as an area of the desk: what is recorded, and what stays locked."""

from pathlib import Path

import pytest

from meti_desk.domain.errors import EnvironmentProblem, InvalidInput, MetiDeskError
from meti_desk.domain.events_store import STORE, what_of
from tests.unit.services.fakes import CODE, PASSPHRASE, World

NEW = "あたらしい 合言葉 です"


def recorded(world: World) -> list[str]:
    return [what_of(one.data()) for one in world.store.ledger.events(kinds=(STORE,))]


def test_what_is_done_with_the_key_is_recorded_and_nothing_secret(world: World) -> None:
    desk = world.desk()
    keys = desk.store_keys
    keys.change_passphrase(PASSPHRASE, NEW)
    assert keys.back_up(NEW, "/home/sato/控え") == CODE
    world.vault.ring = True
    keys.rekey(NEW)
    assert recorded(world) == ["passphrase", "backup", "rekey"]
    assert world.vault.ring
    assert desk.state() == "open"
    held = world.store.everything()
    assert not [secret for secret in (PASSPHRASE, NEW, CODE) if secret in held]
    assert keys.status().backed_up == world.clock.now().isoformat()


def test_a_wrong_passphrase_leaves_a_change_of_key_undone(world: World) -> None:
    desk = world.desk()
    with pytest.raises(EnvironmentProblem) as caught:
        desk.store_keys.rekey("違う 合言葉 です")
    assert caught.value.code == "store.wrong-passphrase"
    assert (desk.state(), world.vault.keys) == ("locked", 1)


def test_a_backup_leads_back_in_and_a_wrong_code_does_not(world: World) -> None:
    desk = world.desk()
    desk.store_keys.back_up(PASSPHRASE, "/home/sato/控え")
    desk.lock()
    with pytest.raises(InvalidInput) as caught:
        desk.store_keys.restore("/home/sato/控え", "another", NEW)
    assert (caught.value.code, desk.state()) == ("store.wrong-code", "locked")
    desk.store_keys.restore("/home/sato/控え", CODE, NEW)
    assert desk.state() == "open"
    assert recorded(world) == ["backup", "restored"]


def test_wrong_passphrases_before_the_right_one_are_recorded(world: World) -> None:
    desk = world.desk()
    desk.lock()
    world.vault.failed_before = 3
    desk.unlock(PASSPHRASE)
    assert desk.failed_before() == 3
    (event,) = world.store.ledger.events(kinds=(STORE,))
    assert event.data() == {"what": "unlock-failures", "count": 3}


@pytest.mark.parametrize("content", [b"-----BEGIN CERTIFICATE-----\n!\n-----END", b"x" * 70_000])
def test_what_is_no_certificate_recovers_nothing(
    world: World, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "c.pem").write_bytes(content)
    with pytest.raises(MetiDeskError) as caught:
        world.desk().store_keys.set_recovery(PASSPHRASE, str(tmp_path / "c.pem"))
    assert caught.value.code == "store.recovery-certificate"
    assert world.vault.recovery == b""


def test_a_certificate_is_taken_from_pem_and_from_der(world: World, tmp_path: Path) -> None:
    pem = b"Subject: x\n-----BEGIN CERTIFICATE-----\nMAMCAQA=\n-----END CERTIFICATE-----\n"
    (tmp_path / "c.pem").write_bytes(pem)
    (tmp_path / "c.der").write_bytes(b"\x30\x03\x02\x01\x00")
    keys = world.desk().store_keys
    shown = keys.set_recovery(PASSPHRASE, str(tmp_path / "c.pem"))
    assert world.vault.recovery == b"\x30\x03\x02\x01\x00"
    assert keys.set_recovery(PASSPHRASE, str(tmp_path / "c.der")) == shown
    assert len(shown) == 95
    assert keys.set_recovery(PASSPHRASE, "") == ""
    assert recorded(world) == ["recovery-set", "recovery-set", "recovery-unset"]
