"""The key of the store on the command line, over a real store."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from tests.e2e.conftest import PASSPHRASE, Cli

NEW = "まったく別の パスフレーズ です"


def secret(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_forgotten_passphrase_is_found_back_by_the_backup(cli: Cli, tmp_path: Path) -> None:
    backup, code_file = tmp_path / "控え.json", tmp_path / "番号.txt"
    code, told = cli("store", "backup-key", "--out", str(backup), "--code-file", str(code_file))
    assert (code, told["out"]) == (0, str(backup))
    number = code_file.read_text(encoding="utf-8").strip()
    assert len(number) == 35
    assert number not in json.dumps(told) + backup.read_text(encoding="utf-8")
    (cli.store / "store.key").unlink()
    new = secret(tmp_path, "new", NEW)
    code, told = cli(
        "store", "restore-key", str(backup), "--code-file", str(code_file),
        "--new-passphrase-file", new,
    )  # fmt: skip
    assert code == 0, told
    code, told = cli("ledger", "verify")
    assert (code, told["error"]["code"]) == (4, "store.wrong-passphrase")
    cli.passphrase.write_text(NEW, encoding="utf-8")
    code, told = cli("ledger", "list")
    assert code == 0
    assert [row["kind"] for row in told["events"]] == ["store", "store", "store"]


def test_a_new_key_keeps_all_records(cli: Cli, tmp_path: Path) -> None:
    before = (cli.store / "store.key").read_bytes()
    code, told = cli("store", "rekey")
    assert code == 0, told
    assert (cli.store / "store.key").read_bytes() != before
    code, told = cli("ledger", "verify")
    assert (code, told["intact"], told["events"]) == (0, True, 1)
    new = secret(tmp_path, "new", NEW)
    assert cli("store", "passphrase", "--new-passphrase-file", new)[0] == 0
    code, told = cli("ledger", "verify")
    assert (code, told["error"]["code"]) == (4, "store.wrong-passphrase")


def test_the_ministry_recovers_a_store(cli: Cli, tmp_path: Path) -> None:
    pem, p12 = _ministry(tmp_path)
    code, told = cli("store", "recovery", "--cert", str(pem))
    assert code == 0, told
    assert len(told["store"]["recovery"]) == 95
    password = secret(tmp_path, "p12-password", "復旧用の鍵のパスワード")
    new = secret(tmp_path, "new", NEW)
    code, told = cli(
        "store", "recover", "--key", str(p12), "--key-password-file", password,
        "--new-passphrase-file", new,
    )  # fmt: skip
    assert code == 0, told
    cli.passphrase.write_text(NEW, encoding="utf-8")
    assert cli("ledger", "verify")[0] == 0


def test_whoever_guesses_has_to_wait_and_is_told_of(cli: Cli) -> None:
    codes = []
    cli.passphrase.write_text("これは違う パスフレーズ", encoding="utf-8")
    for _ in range(7):
        code, told = cli("ledger", "verify")
        assert code == 4
        codes.append(told["error"]["code"])
    assert codes[:5] == ["store.wrong-passphrase"] * 5
    assert "store.wait" in codes
    code, told = cli("store", "status")
    assert told["error"]["code"] in {"store.wait", "store.wrong-passphrase"}
    (cli.store / "attempts.json").write_text('{"failed": 4, "last": 0}', encoding="ascii")
    cli.passphrase.write_text(PASSPHRASE, encoding="utf-8")
    code, told = cli("store", "status")
    assert (code, told["store"]["failed"]) == (0, 4)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_without_a_terminal_the_code_needs_a_file(cli: Cli, tmp_path: Path, lang: str) -> None:
    code, told = cli("store", "backup-key", "--out", str(tmp_path / "b"), "--lang", lang)
    assert (code, told["error"]["code"]) == (4, "secret.nowhere-to-show")
    assert not (tmp_path / "b").exists()


def _ministry(folder: Path) -> tuple[Path, Path]:
    private = rsa.generate_private_key(65537, 3072)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "復旧用")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name)
        .public_key(private.public_key()).serial_number(1)
        .not_valid_before(now).not_valid_after(now + timedelta(days=1))
        .sign(private, hashes.SHA256())
    )  # fmt: skip
    pem, p12 = folder / "復旧.pem", folder / "復旧.p12"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    lock = serialization.BestAvailableEncryption("復旧用の鍵のパスワード".encode())
    p12.write_bytes(pkcs12.serialize_key_and_certificates(None, private, made, None, lock))
    return pem, p12
