"""Signing and verifying from the command line, through the confined workers, into the record."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from meti_desk.app import make_desk
from meti_desk.cli.run import run
from tests.e2e.conftest import Cli
from tests.unit.protection.signing.signing_world import ME, pem_files, pkcs12_of, plain_pdf

Maker = Callable[..., Path]


@pytest.fixture
def key(cli: Cli) -> tuple[str, ...]:
    path = pkcs12_of(cli.folder)
    secret = cli.folder / "secret"
    secret.write_text("かぎ\n", encoding="utf-8")
    return ("--key", str(path), "--key-password-file", str(secret))


@pytest.fixture
def agreement(cli: Cli) -> Path:
    path = cli.folder / "合意.pdf"
    path.write_bytes(plain_pdf())
    code, answer = cli("classify", path, "-c", "2", "-i", "2")
    assert code == 0, answer
    return path


def test_a_pdf_goes_the_whole_way(cli: Cli, agreement: Path, key: tuple[str, ...]) -> None:
    given = ("--reason", "承認", "--visible", "1:330,40", "--out", cli.folder / "out")
    code, answer = cli("sign", agreement, *key, *given)
    assert code == 0, answer
    row = answer["files"][0]
    assert (row["path"], row["method"], row["error"]) == (str(agreement), "pades", None)
    made = Path(row["out"][0])
    assert made == cli.folder / "out" / "合意.pdf"
    code, answer = cli("verify", made, locked=True)
    assert code == 0, answer
    one = answer["files"][0]["signatures"][0]
    assert (one["signer"], one["intact"], one["chain"]) == (ME, True, "untrusted")
    assert one["time"].startswith("20")
    assert one["label"] == "same"
    code, _ = cli("verify", made, "--require-trusted", locked=True)
    assert code == 3
    _, found = cli("ledger", "list")
    assert found["events"][0]["kind"] == "sign"
    assert "かぎ" not in str(found)
    told = subprocess.run(["pdfsig", made], capture_output=True, check=False).stdout.decode()
    assert "Signature is Valid" in told


def test_a_word_file_goes_the_whole_way(cli: Cli, document: Maker, key: tuple[str, ...]) -> None:
    path = document()
    assert cli("classify", path, "-c", "2")[0] == 0
    code, answer = cli("sign", path, *key)
    assert code == 0, answer
    signature = Path(answer["files"][0]["out"][0])
    assert signature == path.with_name("案.docx.p7s")
    *_, root = pem_files(cli.folder, "p256")
    done = subprocess.run(
        ["openssl", "cms", "-verify", "-binary", "-content", path, "-inform", "DER", "-in",
         signature, "-CAfile", root, "-out", "/dev/null"],
        capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert cli("verify", path, locked=True)[0] == 0
    path.write_bytes(path.read_bytes() + b"\0")
    code, answer = cli("verify", signature, locked=True)
    assert code == 5
    one = answer["files"][0]["signatures"][0]
    assert (one["intact"], one["problems"]) == (False, ["signature.content-changed"])


def test_each_file_is_told_of(cli: Cli, agreement: Path, document: Maker) -> None:
    code, answer = cli("verify", agreement, document(), cli.folder / "none.pdf", locked=True)
    assert code == 5
    assert [row["error"]["code"] for row in answer["files"]] == [
        "verify.no-signature", "verify.no-signature", "file.missing",
    ]  # fmt: skip


def test_refusals(cli: Cli, document: Maker, key: tuple[str, ...]) -> None:
    code, answer = cli("sign", document(), *key)
    assert (code, answer["files"][0]["error"]["code"]) == (3, "sign.label-first")
    code, answer = cli("sign", document(), "--key", key[1])
    assert (code, answer["error"]["code"]) == (4, "key.password-missing")
    code, answer = cli("sign", document(), *key, "--visible", "x")
    assert (code, answer["error"]["code"]) == (2, "usage.value")
    wrong = cli.folder / "wrong"
    wrong.write_text("falsch")
    code, answer = cli("sign", document(), "--key", key[1], "--key-password-file", wrong)
    assert (code, answer["error"]["code"]) == (5, "key.wrong-password")
    two = (document("一.docx"), document("二.docx"))
    code, _ = cli("verify", *two, "--content", two[0], locked=True)
    assert code == 2


@pytest.mark.parametrize("language", ["ja", "en"])
def test_people_get_clear_words(
    cli: Cli, agreement: Path, key: tuple[str, ...], capsys: pytest.CaptureFixture[str],
    language: str,
) -> None:  # fmt: skip
    _, answer = cli("sign", agreement, *key)
    made = answer["files"][0]["out"][0]
    capsys.readouterr()
    assert run(["verify", made, "--store", str(cli.store), "--lang", language], make_desk) == 0
    told = capsys.readouterr().out
    assert ME in told
    assert {"ja": "改ざんはありません", "en": "Nothing was changed"}[language] in told
    data = Path(made).read_bytes().replace(b"Agreement 100", b"Agreement 900")
    Path(made).write_bytes(data)
    assert run(["verify", made, "--store", str(cli.store), "--lang", language], make_desk) == 5
    told = capsys.readouterr().out
    assert {"ja": "内容が署名の後に変わっています", "en": "changed after it was signed"}[
        language
    ] in told
