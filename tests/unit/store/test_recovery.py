from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from meti_desk.domain.errors import EnvironmentProblem, InvalidInput, MetiDeskError
from meti_desk.store import keys, local, recovery, upkeep
from meti_desk.store.header import read_header

NEW = "a wholly new passphrase"
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def certificate(private: PrivateKey) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "復旧用")])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(private, hashes.SHA256())
    )
    return built.public_bytes(serialization.Encoding.DER)


@pytest.fixture(scope="module")
def ministry() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 3072)


def decrypt_with(private: rsa.RSAPrivateKey) -> recovery.Decrypt:
    oaep = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
    return lambda encrypted: bytearray(private.decrypt(encrypted, oaep))


def opens(folder: Path, passphrase: str) -> bool:
    try:
        local.open_with_passphrase(folder, passphrase).close()
    except EnvironmentProblem as problem:
        if problem.code != "store.wrong-passphrase":
            raise
        return False
    return True


def code_of(error: pytest.ExceptionInfo[MetiDeskError]) -> str:
    return error.value.code


@given(st.text("23456789ABCDEFGHJKMNPQRSTUVWXYZ", min_size=30, max_size=30), st.booleans())
def test_a_code_is_read_as_people_type_it(letters: str, small: bool) -> None:  # noqa: FBT001
    code = recovery.plain_code(letters)
    typed = code.replace("-", " ")
    assert recovery.plain_code(typed.lower() if small else typed) == code
    assert code.count("-") == 5


def test_codes_are_long_and_never_the_same() -> None:
    codes = {recovery.new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(recovery.plain_code(code) == code and len(code) == 35 for code in codes)


def test_a_backup_of_the_key_lets_a_new_passphrase_in(
    folder: Path, tmp_path: Path, passphrase: str
) -> None:
    backup = tmp_path / "鍵の控え.json"
    code = upkeep.back_up_key(folder, passphrase, backup, iterations=keys.FLOOR)
    assert code not in backup.read_text(encoding="utf-8")
    (folder / "store.key").unlink()
    upkeep.restore_key(folder, backup, code.lower(), NEW, iterations=keys.FLOOR)
    assert opens(folder, NEW)
    assert not opens(folder, passphrase)


def test_a_backup_is_never_written_over_another_file(
    folder: Path, tmp_path: Path, passphrase: str
) -> None:
    held = tmp_path / "held"
    held.write_bytes(b"mine")
    with pytest.raises(InvalidInput) as error:
        upkeep.back_up_key(folder, passphrase, held, iterations=keys.FLOOR)
    assert code_of(error) == "store.backup-exists"
    assert held.read_bytes() == b"mine"


def test_a_wrong_code_a_foreign_and_a_damaged_backup_change_nothing(
    folder: Path, tmp_path: Path, passphrase: str
) -> None:
    backup, foreign = tmp_path / "b", tmp_path / "f"
    code = upkeep.back_up_key(folder, passphrase, backup, iterations=keys.FLOOR)
    other = tmp_path / "other"
    local.create(other, NEW, iterations=keys.FLOOR).close()
    other_code = upkeep.back_up_key(other, NEW, foreign, iterations=keys.FLOOR)
    before = (folder / "store.key").read_bytes()
    for path, typed, expected in (
        (backup, recovery.new_code(), "store.wrong-code"),
        (foreign, other_code, "store.backup-foreign"),
        (folder / "store.db", code, "store.backup-damaged"),
        (folder / "store.key", code, "store.backup-damaged"),
        (tmp_path / "nowhere", code, "store.missing"),
    ):
        with pytest.raises(MetiDeskError) as error:
            upkeep.restore_key(folder, path, typed, NEW, iterations=keys.FLOOR)
        assert code_of(error) == expected
    assert (folder / "store.key").read_bytes() == before
    (folder / "store.key").unlink()
    with pytest.raises(EnvironmentProblem) as lost:
        upkeep.restore_key(folder, foreign, other_code, NEW, iterations=keys.FLOOR)
    assert code_of(lost) == "store.backup-foreign"
    assert not (folder / "store.key").exists()


def test_the_ministry_recovers_a_store_and_nobody_else(
    folder: Path, passphrase: str, ministry: rsa.RSAPrivateKey
) -> None:
    with pytest.raises(EnvironmentProblem) as error:
        upkeep.recover(folder, decrypt_with(ministry), NEW, iterations=keys.FLOOR)
    assert code_of(error) == "store.no-recovery"
    held = certificate(ministry)
    upkeep.set_recovery(folder, passphrase, held)
    header = read_header(folder / "store.key")
    assert recovery.certificate_of(header) == held
    assert len(recovery.fingerprint(held)) == 95
    with pytest.raises(EnvironmentProblem) as refused:
        upkeep.recover(folder, lambda _encrypted: bytearray(32), NEW, iterations=keys.FLOOR)
    assert code_of(refused) == "store.recovery-refused"
    assert opens(folder, passphrase)
    upkeep.recover(folder, decrypt_with(ministry), NEW, iterations=keys.FLOOR)
    assert opens(folder, NEW)
    upkeep.set_recovery(folder, NEW, b"")
    assert recovery.certificate_of(read_header(folder / "store.key")) == b""


def test_a_change_of_key_keeps_the_recovery(
    folder: Path, passphrase: str, ministry: rsa.RSAPrivateKey
) -> None:
    from meti_desk.store import rekeying

    upkeep.set_recovery(folder, passphrase, certificate(ministry))
    rekeying.rekey(folder, passphrase, iterations=keys.FLOOR)
    upkeep.recover(folder, decrypt_with(ministry), NEW, iterations=keys.FLOOR)
    assert opens(folder, NEW)


@pytest.mark.parametrize("kind", ["short", "curve", "rubbish"])
def test_only_a_long_rsa_key_may_recover(folder: Path, passphrase: str, kind: str) -> None:
    weak: dict[str, bytes] = {"rubbish": b"\x30\x03\x02\x01\x00"}
    if kind == "short":
        weak[kind] = certificate(rsa.generate_private_key(65537, 2048))
    if kind == "curve":
        weak[kind] = certificate(ec.generate_private_key(ec.SECP256R1()))
    with pytest.raises(InvalidInput) as error:
        upkeep.set_recovery(folder, passphrase, weak[kind])
    assert code_of(error) == "store.recovery-certificate"
    assert opens(folder, passphrase)
