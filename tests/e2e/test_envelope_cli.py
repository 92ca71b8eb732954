"""Envelopes for certificates from the command line, through confined workers and real store."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

from tests.e2e.conftest import Cli

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "protection"))
from protection_people import person

Maker = Callable[..., Path]
KEY_PASSWORD = "Kanaria-key-4711"


@pytest.fixture(params=["p-256", "rsa-3072"])
def keys(cli: Cli, request: pytest.FixtureRequest) -> Path:
    """Write somebody's certificate, key file and its password into a folder."""
    folder = cli.folder / "keys"
    folder.mkdir()
    somebody = person(request.param)
    read = x509.load_der_x509_certificate(somebody.certificate)
    (folder / "cert.pem").write_bytes(read.public_bytes(Encoding.PEM))
    locked = BestAvailableEncryption(KEY_PASSWORD.encode())
    (folder / "own.p12").write_bytes(
        serialize_key_and_certificates(b"own", somebody.key, read, None, locked)
    )
    (folder / "password").write_text(KEY_PASSWORD, encoding="utf-8")
    (folder / "key.pem").write_bytes(
        somebody.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return folder


@pytest.mark.parametrize("method", ["cms", "metienc"])
def test_for_a_certificate_and_back(cli: Cli, document: Maker, keys: Path, method: str) -> None:
    path = document()
    words = ("protect", path, "--out", cli.folder / "out", "--method", method)
    code, answer = cli(*words, "--cert", keys / "cert.pem")
    assert (code, answer["error"]["code"]) == (3, "certificate.unconfirmed")
    code, answer = cli(*words, "--cert", keys / "cert.pem", "--compared")
    assert code == 0, answer
    [row] = answer["files"]
    assert (row["method"], answer["password_slip"]) == (method, "")
    [out] = row["out"]
    opening = ("open", out, "--out", cli.folder / "back", "--key", keys / "own.p12")
    code, answer = cli(*opening, "--key-password-file", keys / "password")
    assert code == 0, answer
    [opened] = answer["files"][0]["out"]
    assert Path(opened).name == path.name
    assert Path(opened).read_bytes() == path.read_bytes()
    code, seen = cli("inspect", out)
    assert code == 0
    protection = seen["files"][0]["protection"]
    assert (protection["method"], protection["listed"]) == (method, True)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_what_openssl_makes_is_opened(cli: Cli, keys: Path) -> None:
    content = bytes(range(256)) * 500
    (keys / "content").write_bytes(content)
    subprocess.run(
        ["openssl", "cms", "-encrypt", "-binary", "-stream", "-outform", "DER", "-aes-256-cbc",
         "-recip", "cert.pem", "-keyopt",
         "rsa_padding_mode:oaep" if _is_rsa(keys) else "ecdh_kdf_md:sha256",
         "-in", "content", "-out", "名簿.csv.p7m"],
        cwd=keys, check=True,
    )  # fmt: skip
    opening = ("open", keys / "名簿.csv.p7m", "--out", cli.folder / "back")
    code, answer = cli(
        *opening, "--key", keys / "own.p12", "--key-password-file", keys / "password"
    )
    assert code == 0, answer
    [row] = answer["files"]
    assert row["notes"] == ["open.no-integrity"]
    [opened] = row["out"]
    assert Path(opened).name == "名簿.csv"
    assert Path(opened).read_bytes() == content


def _is_rsa(keys: Path) -> bool:
    return b"RSA" in (keys / "key.pem").read_bytes() or len((keys / "key.pem").read_bytes()) > 1000


def test_a_wrong_key_password_is_named(cli: Cli, document: Maker, keys: Path) -> None:
    words = ("protect", document(), "--out", cli.folder / "out", "--cert", keys / "cert.pem")
    code, answer = cli(*words, "--compared", "--hide-name")
    assert code == 0, answer
    [out] = answer["files"][0]["out"]
    assert Path(out).name == "保護ファイル.p7m"
    (keys / "password").write_text("wrong", encoding="utf-8")
    opening = ("open", out, "--out", cli.folder / "back", "--key", keys / "own.p12")
    code, answer = cli(*opening, "--key-password-file", keys / "password")
    assert (code, answer["error"]["code"]) == (5, "key.wrong-password")
    assert [*(cli.folder / "back").iterdir()] == []
