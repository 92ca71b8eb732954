"""What programs that read only the contract of the command line rely on."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import docx
import pikepdf
import pytest

from meti_desk.app import make_desk
from meti_desk.cli.run import run
from tests.e2e.conftest import Cli

NOTED = ("--permit-noted", "鈴木課長, 2026年11月20日, 口頭")
TO = ("--to", "someone@example.com")
PASSWORD = "  空白 と 絵文字🎌 long enough 9x  "

Maker = Callable[..., Path]


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "password"
    path.write_text(PASSWORD + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), "command.missing"),
        (("classify", "x.docx"), "usage.missing"),
        (("classify", "x.docx", "-c", "4"), "usage.choice"),
        (("classify", "x.docx", "-c", "two"), "usage.value"),
        (("classify", "x.docx", "-c", "2", "--out", ""), "usage.value"),
        (("scrub", "x.docx"), "usage.missing"),
        (("inspect", "x.docx", "--no-such"), "usage.unknown"),
        (("plan", "burn", "x.docx"), "usage.choice"),
        (("protect", "x.docx", "--out", "o", "--method", "rot13"), "usage.choice"),
        (("selfcheck", "answer", "label-mark"), "answer.value-missing"),
        (("plan", "provide", "x.docx", "--decide", "encryption"), "decision.invalid"),
        (("plan", "provide", "x.docx", "--decide", "encription=yes"), "decision.unknown"),
        (("plan", "provide", "x.docx", "--decide", "encryption=no"), "decision.needs-reason"),
        (("handle", "provide", "x.docx", "--out", "o"), "handle.no-recipient"),
        (("handle", "copy", "x.docx"), "handle.no-folder"),
        (("classify", "x.docx", "-c", "2", "-r", "変な制限"), "label.unknown-restriction"),
        (("handle", "provide", "x.docx", "--out", "o", *TO, "--permit-noted", "課長"),
         "permit.noted-incomplete"),
    ],
)  # fmt: skip
def test_wrong_usage_is_one_object_and_exit_two(
    cli: Cli, words: tuple[str, ...], code: str
) -> None:
    exit_code, answer = cli(*words)
    assert exit_code == 2
    assert answer["error"]["code"] == code
    message = answer["error"]["message"]
    assert message
    assert "{" not in message
    assert code not in message


def test_wrong_usage_is_told_in_lines_without_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["classify", "x.docx"], make_desk) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "-c の指定がありません。" in told.err
    assert run(["--lang", "en", "classify", "x.docx"], make_desk) == 2
    assert "-c is missing." in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"\xef\xbb\xbf%s\r\n", b"%s", b"%s\nsecond line\n"])
def test_a_password_file_as_editors_write_it(
    cli: Cli, document: Maker, secret: Path, content: bytes
) -> None:
    path = document()
    assert cli("protect", path, "--out", cli.folder / "p", "--password-file", secret)[0] == 0
    secret.write_bytes(content % PASSWORD.encode())
    code, answer = cli(
        "open", cli.folder / "p" / path.name, "--out", cli.folder / "o", "--password-file", secret
    )
    assert code == 0, answer
    assert Path(answer["files"][0]["out"][0]).read_bytes() == path.read_bytes()


def test_an_empty_password_is_never_replaced_by_another(cli: Cli, document: Maker) -> None:
    empty = cli.folder / "empty"
    empty.write_bytes(b"\n")
    out = cli.folder / "p"
    for words in (
        ("protect", document(), "--out", out),
        ("open", document(), "--out", out),
        ("handle", "copy", document(), "-c", "1", "--out", out),
    ):
        code, answer = cli(*words, "--password-file", empty)
        assert (code, answer["error"]["code"]) == (5, "secret.empty")
    cli.passphrase.write_bytes(b"")
    assert cli("ledger", "verify")[1]["error"]["code"] == "secret.empty"
    assert not out.exists()


def test_a_password_file_that_cannot_be_read(cli: Cli, document: Maker) -> None:
    given = ("protect", document(), "--out", cli.folder / "p", "--password-file")
    for name, expected in ((cli.folder / "none", "missing"), (cli.folder, "unreadable")):
        code, answer = cli(*given, name)
        assert (code, answer["error"]["code"]) == (4, f"secret.{expected}")
    code, answer = cli("open", document(), "--out", cli.folder / "o")
    assert (code, answer["error"]["code"]) == (4, "secret.needed")


def test_a_generated_password_is_never_lost(cli: Cli, document: Maker) -> None:
    code, answer = cli("protect", document(), "--out", cli.folder / "p")
    assert code == 0
    assert Path(answer["password_slip"]).is_file()
    assert Path(answer["password_slip"]).parent == cli.folder / "p"
    assert "password" not in answer


def test_listed_algorithms_are_told_by_the_table(cli: Cli, document: Maker, secret: Path) -> None:
    word, made = document(), cli.folder / "案.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(made)
    out = cli.folder / "p"
    cli("protect", word, made, "--out", out, "--password-file", secret)
    cli("protect", word, "--out", out, "--method", "zip", "--password-file", secret)
    _, seen = cli("inspect", out / word.name, out / made.name, out / f"{word.name}.zip")
    office, pdf_row, archive = (row["protection"] for row in seen["files"])
    assert (office["method"], office["listed"]) == ("office", True)
    assert {"aes-256", "cbc", "sha-512"} <= set(office["algorithms"])
    assert (pdf_row["method"], pdf_row["listed"]) == ("pdf", True)
    assert {"aes-256", "cbc"} <= set(pdf_row["algorithms"])
    assert (archive["method"], archive["listed"]) == ("zip", False)


def test_a_file_named_twice_is_done_once(cli: Cli, document: Maker) -> None:
    path = document()
    link = path.with_name("別名.docx")
    link.symlink_to(path)
    code, answer = cli("classify", path, link, os.path.relpath(path), "-c", "2")
    assert code == 0
    assert [row["path"] for row in answer["files"]] == [str(path)]
    assert len(answer["events"]) == 1


def test_the_longest_name_can_be_looked_at(cli: Cli, document: Maker) -> None:
    path = document("あ" * 83 + ".docx")
    assert len(os.fsencode(path.name)) == 254
    code, seen = cli("inspect", path)
    assert code == 0
    assert seen["files"][0]["format"] == "docx"
    code, done = cli("classify", path, "-c", "2")
    assert code == 0, done


def test_a_name_that_is_no_text_breaks_nothing(cli: Cli, document: Maker) -> None:
    good = document()
    bad = os.fsdecode(os.fsencode(cli.folder) + b"/\xff.docx")
    document("x.docx").rename(bad)
    code, seen = cli("inspect", bad, good)
    assert code in (0, 5)
    assert [row["error"] for row in seen["files"]][1] is None
    code, done = cli("classify", bad, good, "-c", "2", "--out", cli.folder / "o")
    assert code == 5
    assert done["files"][0]["error"]["code"] == "file.name-not-text"
    assert done["files"][1]["error"] is None


def test_refusals_name_measures_by_their_titles(cli: Cli, document: Maker) -> None:
    out = ("--out", cli.folder / "o")
    give = ("handle", "provide", document(), *TO, *NOTED, *out)
    code, answer = cli(*give, "-c", "2", "-r", "複製禁止")
    error = answer["files"][0]["error"]
    assert (code, error["code"]) == (3, "restriction.forbids")
    assert "取扱制限「複製禁止」" in error["message"]
    assert "restriction:" not in error["message"]
    _, answer = cli(*give, "-c", "2", "-i", "2")
    message = answer["files"][0]["error"]["message"]
    assert "電子署名" in message
    assert "--decide signature=yes" in message
    _, answer = cli(*give, "-c", "2", "--audience", "審査委員")
    assert "取扱制限「○○限り」" in answer["files"][0]["error"]["message"]


def test_a_permission_may_be_noted_without_commas(cli: Cli, document: Maker) -> None:
    give = ("handle", "provide", document(), *TO, "-c", "2", "--out", cli.folder / "o")
    code, answer = cli(*give, "--permit-noted", "山田課長 2026-05-01 口頭")
    assert code == 0, answer


def test_options_stand_before_and_behind_the_command(
    cli: Cli, document: Maker, capsys: pytest.CaptureFixture[str]
) -> None:
    store = ["--store", str(cli.store), "--passphrase-file", str(cli.passphrase)]
    for argv in (
        ["--json", *store, "inspect", str(document())],
        ["inspect", "--json", *store, "--", str(document())],
        [*store, "inspect", str(document()), "--json"],
    ):
        assert run(argv, make_desk) == 0
        assert json.loads(capsys.readouterr().out)["files"][0]["format"] == "docx"


def test_a_mark_is_evidence_only_of_what_it_says(cli: Cli, document: Maker) -> None:
    for text, parts in (("機密性２情報", {"c"}), ("C2I2A1", {"c", "i", "a"})):
        path = document()
        made = docx.Document(str(path))
        made.sections[0].header.paragraphs[0].text = text
        made.save(str(path))
        _, answer = cli("suggest", path)
        row = answer["files"][0]
        assert row["label"]["c"] == 2
        assert {one["part"] for one in row["evidence"]} == parts
        assert {one["place"] for one in row["evidence"]} == {"header"}


def test_refusals_name_places_and_deciders_in_words(cli: Cli, document: Maker) -> None:
    path = document()
    made = docx.Document(str(path))
    made.sections[0].header.paragraphs[0].text = "極秘"
    made.save(str(path))
    code, answer = cli("classify", path, "-c", "2")
    assert (code, answer["files"][0]["error"]["articles"]) == (3, ["5-2"])
    assert "（ヘッダー）" in answer["files"][0]["error"]["message"]
    other = document("他.docx", "他の人が決めた文書")
    cli("classify", other, "-c", "2")
    cli.store = cli.folder / "another"
    assert cli("init", "--name", "佐藤")[0] == 0
    code, answer = cli("classify", other, "-c", "1")
    assert (code, answer["files"][0]["error"]["articles"]) == (3, ["7-1"])
    assert "決定者: 不明" in answer["files"][0]["error"]["message"]


def test_counts_of_words_are_no_grave_finding(cli: Cli, document: Maker) -> None:
    _, seen = cli("inspect", document(), locked=True)
    grave = {
        one["value"].partition(":")[0]: one["severity"]
        for one in seen["files"][0]["findings"]
        if one["class"] == "docx.property"
    }
    assert grave["creator"] == "high"
    assert {grave[name] for name in ("Words", "Pages", "Paragraphs")} == {"low"}


def test_what_to_keep_is_named_rightly(cli: Cli, document: Maker) -> None:
    out = ("--out", cli.folder / "o")
    code, answer = cli("scrub", document(), *out, "--keep", "docx.coment")
    assert (code, answer["error"]["code"]) == (2, "keep.unknown")
    code, answer = cli("scrub", document(), *out, "--keep", "docx.comment")
    assert code == 0
    assert [one["class"] for one in answer["files"][0]["left"]] == ["docx.comment"]


def test_a_blank_page_can_be_protected(cli: Cli, secret: Path) -> None:
    made = cli.folder / "白紙.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(made)
    code, answer = cli("protect", made, "--out", cli.folder / "p", "--password-file", secret)
    assert code == 0, answer


def test_doctor_says_how_to_mend_it(cli: Cli) -> None:
    code, answer = cli("doctor")
    assert code == 0
    for check in answer["checks"]:
        assert check["message"]
        assert bool(check["remedy"]) is not check["ok"], check
    ill = {check["code"] for check in answer["checks"] if not check["ok"]} - {"keyring.ready"}
    assert answer["ok"] is (not ill)


def test_lines_for_people_hold_no_codes(
    cli: Cli, document: Maker, capsys: pytest.CaptureFixture[str]
) -> None:
    path = document("【機密性2情報】案.docx")
    assert run(["suggest", str(path)], make_desk) == 0
    assert "機密性 2 ← 表示 【機密性2情報】（ファイルの名前）" in capsys.readouterr().out
    assert run(["inspect", str(path), "--store", str(cli.store)], make_desk) == 0
    told = capsys.readouterr().out
    assert "重大 コメント (1) [本文] 佐藤花子: 内緒のコメント" in told
    assert "[properties]" not in told


def test_a_copy_of_any_file_keeps_the_label_decided_with_it(cli: Cli) -> None:
    path = cli.folder / "メモ.txt"
    path.write_text("会議のメモ", encoding="utf-8")
    code, answer = cli(
        "handle", "copy", path, "-c", "2", "-r", "印刷禁止", "--out", cli.folder / "o"
    )
    assert code == 0, answer
    copy, sidecar = map(Path, answer["files"][0]["out"])
    assert copy.read_bytes() == path.read_bytes()
    assert sidecar == copy.with_name(copy.name + ".metilabel.json")
    _, seen = cli("inspect", copy, locked=True)
    assert seen["files"][0]["label"]["c"] == 2
    assert seen["files"][0]["label"]["restrictions"] == ["印刷禁止"]
    assert seen["files"][0]["seal"] == "sealed"


def test_a_terminal_without_japanese_breaks_nothing(cli: Cli) -> None:
    command = [sys.executable, "-m", "meti_desk", "--store", str(cli.store), "ledger", "verify",
               "--passphrase-file", str(cli.passphrase)]  # fmt: skip
    for more, expected in (((), b"\\u"), (("--json",), b'{"events":0')):
        done = subprocess.run(
            [*command, *more], capture_output=True, check=False,
            env={**os.environ, "PYTHONIOENCODING": "ascii"},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith(expected)
