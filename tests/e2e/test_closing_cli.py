"""`handle` closes files by what the address book knows, over the real store and workers."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from tests.e2e.conftest import Cli
from tests.unit.protection.keys.key_material import DAY, Authority, ec_key, make, p12, pem, rsa_key

LATER = dt.datetime.now(dt.UTC) + 300 * DAY
ROOT = Authority(ends=LATER + 300 * DAY)
SECRET = "canary-鍵のパスワード"
NOTED = ("--permit-noted", "鈴木課長, 2026年11月20日, 口頭")
OUT, OTHER = "taro@example.jp", "jiro@example.com"


@pytest.fixture(autouse=True)
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the office trust one root."""
    roots = tmp_path / "office" / "certificates" / "roots"
    roots.mkdir(parents=True)
    (roots / "root.pem").write_bytes(pem(ROOT.certificate))
    monkeypatch.setattr("meti_desk.services.trust.office_folder", lambda: tmp_path / "office")


def issue(folder: Path, mail: str, key: object, issuer: Authority | None = ROOT) -> Path:
    """Write a certificate, and a key file of the same name."""
    made = make("宛先", key, issuer, ends=LATER, mail=mail)  # type: ignore[arg-type]
    path = folder / f"{mail}.pem"
    path.write_bytes(pem(made))
    path.with_suffix(".p12").write_bytes(p12(key, made, SECRET))  # type: ignore[arg-type]
    (folder / "secret").write_text(SECRET, encoding="utf-8")
    return path


@pytest.fixture
def given(cli: Cli, document: Callable[..., Path]) -> tuple[object, ...]:
    """Give the words of `handle provide` for a document that has its label."""
    path = document()
    code, answer = cli("classify", path, "-c", "2")
    assert code == 0, answer
    return ("handle", "provide", path, "--out", cli.folder / "out", *NOTED)


def opened(cli: Cli, path: str, certificate: Path) -> str:
    """Open as the recipient does; gives the text of the document inside."""
    code, answer = cli(
        "open", path, "--key", certificate.with_suffix(".p12"),
        "--key-password-file", certificate.parent / "secret", "--out", cli.folder / "back",
    )  # fmt: skip
    assert code == 0, answer
    [back] = answer["files"][0]["out"]
    return "\n".join(one.text for one in docx.Document(back).paragraphs)


def test_for_all_who_have_certificates(cli: Cli, tmp_path: Path, given: tuple[object, ...]) -> None:
    certs = [issue(tmp_path, OUT, ec_key()), issue(tmp_path, OTHER, rsa_key())]
    for path in certs:
        assert cli("recipients", "import-cert", path)[0] == 0
    code, answer = cli(*given, "--to", OUT, "--to", OTHER)
    assert code == 0, answer
    [row] = answer["files"]
    assert (row["method"], answer["password_slip"]) == ("cms", "")
    [out] = row["out"]
    assert not list((cli.folder / "out").glob("*パスワード*"))
    first, second = (opened(cli, out, path) for path in certs)
    assert first == second != ""
    assert "証明書で暗号化しています" in "\n".join(
        one.text for one in docx.Document(answer["letter"]).paragraphs
    )


def test_a_password_for_who_has_none(cli: Cli, tmp_path: Path, given: tuple[object, ...]) -> None:
    assert cli("recipients", "import-cert", issue(tmp_path, OUT, ec_key()))[0] == 0
    code, answer = cli(*given, "--to", OUT, "--to", OTHER)
    assert code == 0, answer
    assert answer["files"][0]["method"] == "office"
    assert Path(answer["password_slip"]).is_file()


def test_a_certificate_for_one_time(cli: Cli, tmp_path: Path, given: tuple[object, ...]) -> None:
    cert = issue(tmp_path, OUT, ec_key(), None)
    code, answer = cli(*given, "--to", OUT, "--cert", cert)
    assert (code, answer["error"]["code"]) == (3, "certificate.unconfirmed")
    code, answer = cli(*given, "--to", OUT, "--cert", cert, "--compared", "--method", "metienc")
    assert code == 0, answer
    [row] = answer["files"]
    assert (row["method"], answer["password_slip"]) == ("metienc", "")
    assert opened(cli, row["out"][0], cert)


def test_the_book_says_what_arrives(cli: Cli, given: tuple[object, ...]) -> None:
    assert cli("recipients", "add", OUT, "--accepts", "html")[0] == 0
    code, answer = cli(*given, "--to", OUT)
    assert code == 0, answer
    assert answer["files"][0]["method"] == "html"


def test_protecting_inside(cli: Cli, tmp_path: Path) -> None:
    plain = tmp_path / "一覧.txt"
    plain.write_text("試験の一覧", encoding="utf-8")
    mail = "hanako@meti.go.jp"
    assert cli("recipients", "import-cert", issue(tmp_path, mail, ec_key()))[0] == 0
    code, answer = cli("protect", plain, "--to", mail, "--out", cli.folder / "out")
    assert code == 0, answer
    assert answer["files"][0]["method"] == "metienc"
