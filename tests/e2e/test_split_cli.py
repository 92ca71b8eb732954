"""Splitting and agreed passwords from the command line, through confined workers and real store."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import which

import pytest

from meti_desk.app import make_desk
from meti_desk.cli.run import run
from tests.e2e.conftest import Cli

Maker = Callable[..., Path]


def split(cli: Cli, path: Path, *more: str) -> list[str]:
    code, answer = cli("split", path, "--out", cli.folder / "out", *more)
    assert code == 0, answer
    assert answer["files"][0]["out"]
    assert len(answer["events"]) == 1
    return [part["path"] for part in answer["parts"]]


def test_split_and_join(cli: Cli, document: Maker) -> None:
    path = document()
    parts = split(cli, path, "--parts", "3", "--route", "mail", "--route", "hand",
                  "--route", "medium:書留")  # fmt: skip
    out = cli.folder / "戻した.docx"
    code, answer = cli("join", *parts, "--out", out)
    assert code == 0, answer
    assert out.read_bytes() == path.read_bytes()
    assert answer["files"][0]["out"] == [str(out)]
    assert answer["view"]["signer"] == "known"
    _, found = cli("ledger", "list")
    assert [one["kind"] for one in found["events"][:2]] == ["join", "split"]
    assert found["events"][1]["detail"]["routes"][2] == {"kind": "medium", "detail": "書留"}


def test_what_is_missing_is_named_and_nothing_written(cli: Cli, document: Maker) -> None:
    parts = split(cli, document(), "--parts", "3")
    out = cli.folder / "戻した.docx"
    code, answer = cli("join", parts[0], parts[2], "--out", out)
    assert (code, answer["error"]["code"]) == (5, "join.incomplete")
    assert answer["error"]["params"]["missing"] == "2"
    assert "2" in answer["error"]["message"]
    assert not out.exists()
    code, answer = cli("join", parts[0], "--look")
    assert (code, answer["view"]["missing"]) == (0, [2, 3])


def test_two_of_three_with_a_sheet(cli: Cli, document: Maker) -> None:
    path = document()
    code, answer = cli(
        "split", path, "--parts", "3", "--threshold", "2", "--out", cli.folder / "out",
        "--route", "mail", "--route", "hand", "--route", "paper",
    )  # fmt: skip
    assert code == 0, answer
    sheet = answer["parts"][2]["pdf"]
    back = cli.folder / "戻し先"
    back.mkdir()
    code, answer = cli("join", answer["parts"][1]["path"], sheet, "--out", back)
    assert code == 0, answer
    assert (back / path.name).read_bytes() == path.read_bytes()


@pytest.mark.skipif(which("pdftoppm") is None, reason="pdftoppm is not installed")
@pytest.mark.parametrize("kind", ["png", "jpeg"])
def test_a_picture_of_the_sheet_is_read_in_a_confined_worker(
    cli: Cli, document: Maker, kind: str
) -> None:
    path = document()
    code, answer = cli(
        "split", path, "--parts", "2", "--out", cli.folder / "out",
        "--route", "mail", "--route", "paper",
    )  # fmt: skip
    assert code == 0, answer
    first, sheet = answer["parts"][0]["path"], answer["parts"][1]["pdf"]
    target = cli.folder / "写真"
    subprocess.run(["pdftoppm", "-r", "110", f"-{kind}", "-singlefile", sheet, target], check=True)
    picture = next(cli.folder.glob("写真.*"))
    out = cli.folder / "戻した.docx"
    code, answer = cli("join", first, picture, "--out", out)
    assert code == 0, answer
    assert out.read_bytes() == path.read_bytes()


@pytest.mark.parametrize(
    ("words", "exit_code", "code"),
    [
        (("--parts", "1", "--out", "o"), 5, "split.bad-count"),
        (("--parts", "2", "--out", "o", "--route", "mail"), 5, "route.count"),
        (
            ("--parts", "2", "--out", "o", "--route", "mail", "--route", "general-service"),
            3,
            "route.general-service",
        ),
        (("--parts", "2", "--out", "o", "--route", "mail", "--route", "mail"), 3, "route.twice"),
    ],
)
def test_refusals(
    cli: Cli, document: Maker, words: tuple[str, ...], exit_code: int, code: str
) -> None:
    found, answer = cli("split", document(), *words)
    assert (found, answer["files"][0]["error"]["code"]) == (exit_code, code)
    assert not list(Path(cli.folder).glob("o/*"))


def test_join_needs_a_name(cli: Cli, document: Maker) -> None:
    code, answer = cli("join", document())
    assert (code, answer["error"]["code"]) == (2, "usage.missing")


def test_the_book_of_passwords(cli: Cli, document: Maker) -> None:
    who = "iin@example.com"
    code, answer = cli("passwords", "agree", who)
    assert code == 0, answer
    assert "password" not in answer
    _, listed = cli("passwords", "list")
    assert [one["recipient"] for one in listed["passwords"]] == [who]
    _, revealed = cli("passwords", "reveal", who)
    password = revealed["password"]
    code, answer = cli("protect", document(), "--out", cli.folder / "out", "--password-of", who)
    assert code == 0, answer
    assert answer["password_slip"] == ""
    code, opened = cli(
        "open", answer["files"][0]["out"][0], "--out", cli.folder / "back", "--password-of", who
    )
    assert code == 0, opened
    code, _ = cli("passwords", "rotate", who, "--told-by", "in-person")
    assert code == 0
    _, again = cli("passwords", "reveal", who)
    assert again["password"] != password
    _, before = cli("passwords", "reveal", who, "--former", "1")
    assert before["password"] == password
    _, phone = cli("passwords", "phone", who)
    assert phone["telephone"][0].startswith("全部で")
    code, slip = cli("passwords", "slip", who, "--out", cli.folder / "通知書.pdf")
    assert (code, Path(slip["password_slip"]).exists()) == (0, True)
    assert cli("passwords", "agree", who, "--told-by", "mail")[0] == 3
    assert cli("passwords", "forget", who)[0] == 0
    assert cli("passwords", "reveal", who)[0] == 5


def test_a_password_goes_to_a_terminal_or_into_json_and_nowhere_else(
    cli: Cli, capsys: pytest.CaptureFixture[str]
) -> None:
    cli("passwords", "agree", "iin@example.com")
    argv = ["passwords", "reveal", "iin@example.com", "--store", str(cli.store)]
    code = run([*argv, "--passphrase-file", str(cli.passphrase)], make_desk)
    told = capsys.readouterr()
    assert code == 4
    assert told.out == ""
    assert "端末" in told.err
    _, made = cli("passwords", "make", "--words")
    assert len(made["password"].split("-")) == 7
    assert not sys.stdout.isatty()


def test_an_act_splits_its_result(cli: Cli, document: Maker) -> None:
    path = document()
    code, answer = cli(
        "handle", "transfer", path, "-c", "2", "--to", "iin@example.com", "--out",
        cli.folder / "out", "--permit-noted", "課長, 11/19, 口頭", "--decide", "split=yes",
        "--decide", "encryption=no:分割で暗号化するため", "--decide", "password=no:同じ",
        "--split-parts", "2", "--split-route", "mail", "--split-route", "hand",
    )  # fmt: skip
    assert code == 0, answer
    parts = answer["files"][0]["out"]
    assert [Path(one).suffix for one in parts] == [".metipart"] * 2
    code, answer = cli("join", *parts, "--out", cli.folder)
    assert code == 0, answer
    assert answer["out"].endswith(".docx")


def test_a_document_that_says_the_password_does_not_go_with_it(cli: Cli, document: Maker) -> None:
    password = "かめ-9147-marigold-Qx"
    secret = cli.folder / "pw"
    secret.write_text(password, encoding="utf-8")
    path = document(text=f"パスワードは {password} です")
    given = (
        "handle", "provide", path, "-c", "2", "--to", "iin@example.com", "--out",
        cli.folder / "out", "--permit-noted", "課長, 11/19, 口頭", "--password-file", secret,
    )  # fmt: skip
    code, answer = cli(*given)
    assert (code, answer["error"]["code"]) == (3, "mail.password-with-file")
    assert password not in str(answer)
    code, answer = cli(*given, "--same-route-reason", "見本のため")
    assert code == 0, answer
