"""Changing a label on the command line, over the real store and workers: 相談, answer, 周知."""

import json
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import docx
import pytest

from meti_desk.app import make_desk
from meti_desk.cli.run import run
from meti_desk.services.messages import Person
from tests.e2e.conftest import PASSPHRASE, Cli

OTHER = Person("佐藤花子", "課長補佐", "政策課", "sato@meti.go.jp")
ANSWER = "鈴木課長, 2026年11月20日, 見直してよい"
NOTED = "鈴木課長, 2026年11月20日, 口頭"


def sit_down(cli: Cli, person: Person) -> None:
    """Let this person work with the store."""
    desk = make_desk(str(cli.store))
    try:
        desk.unlock(PASSPHRASE)
        desk.set_person(person)
    finally:
        desk.close()


def test_another_persons_label_from_the_question_to_the_notice(
    cli: Cli, document: Callable[..., Path], tmp_path: Path
) -> None:
    path, out = document("元.docx"), tmp_path / "out"
    assert cli("classify", path, "-c", "2", "--reason", "審査中")[0] == 0
    child = document("子.docx", "元の文書を使って作った資料")
    assert cli("classify", child, "-c", "2", "--source", path, "--reason", "審査中")[0] == 0
    code, done = cli(
        "handle", "provide", path, "--to", "iin@example.com", "--permit-noted", NOTED,
        "--decide", "split=no:少量のため", "--decide", "password=yes", "--decide", "encryption=yes",
        "--decide", "area-class=yes", "--out", tmp_path / "given",
    )  # fmt: skip
    assert code == 0, done
    sit_down(cli, OTHER)
    code, refused = cli("classify", path, "-c", "3", "--reason", "個別の評価を含む")
    assert code == 3
    assert refused["files"][0]["error"]["code"] == "label.decided-by-other"
    code, asked = cli("consult", path, "-c", "3", "--reason", "個別の評価を含む", "--out", out)
    assert code == 0, asked
    letter = docx.Document(asked["letter"])
    cells = [cell.text for table in letter.tables for row in table.rows for cell in row.cells]
    assert {"元.docx", "山田太郎", "個別の評価を含む"} <= set(cells)
    draft = message_from_bytes(Path(asked["mail"]).read_bytes(), policy=default)
    assert draft["X-Unsent"] == "1"
    code, done = cli(
        "classify", path, "-c", "3", "--reason", "個別の評価を含む", "--consulted", ANSWER
    )
    assert code == 0, done
    notes = done["files"][0]["notes"]
    assert "label.consulted" in notes
    assert any(note.startswith("notice.recipients:") for note in notes)
    assert any(note.startswith("notice.descendants:") for note in notes)
    code, told = cli("notice", path, "--out", out / "周知")
    assert code == 0, told
    assert told["letter"].endswith(".docx")
    drafts = [
        message_from_bytes(Path(one).read_bytes(), policy=default)
        for one in told["files"][0]["out"]
    ]
    assert "iin@example.com" in [one["To"] for one in drafts]
    kinds = [one["kind"] for one in cli("ledger", "list")[1]["events"]]
    assert kinds[:3] == ["notice", "classify", "consult"]
    assert cli("ledger", "verify")[0] == 0


def test_a_clue_is_shown_masked_and_decides_nothing(
    cli: Cli, document: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = document(text="個人番号 1234 5678 9018")
    code, answer = cli("suggest", path)
    assert code == 0
    [row] = answer["files"]
    assert (row["label"]["c"], row["label"]["decided"]) == (2, False)
    [evidence] = [one for one in row["evidence"] if one["from"] == "detector"]
    assert (evidence["ref"], evidence["shown"], evidence["count"]) == (
        "my-number",
        "********9018",
        1,
    )
    assert "5678" not in json.dumps(answer)
    capsys.readouterr()
    run(
        ["suggest", str(path), "--store", str(cli.store), "--passphrase-file", str(cli.passphrase)],
        make_desk,
    )
    assert (
        "個人番号（マイナンバー）と思われる番号があります: ********9018" in capsys.readouterr().out
    )


def test_libreoffices_classification_is_written_on_request(
    cli: Cli, document: Callable[..., Path]
) -> None:
    path = document()
    assert cli("classify", path, "-c", "2", "--export-tscp")[0] == 0
    code, answer = cli("suggest", path)
    assert code == 0
    foreign = [one for one in answer["files"][0]["evidence"] if one["from"] == "foreign-label"]
    assert [(one["ref"], one["value"]) for one in foreign] == [
        ("機密性2情報", "2"), ("機密性2情報", "1"), ("機密性2情報", "1"),
    ]  # fmt: skip
