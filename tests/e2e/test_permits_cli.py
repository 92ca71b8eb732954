"""申請から報告まで: two people with real stores and a real server, all by the command line."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
import pytest

from tests.e2e.conftest import Cli
from tests.e2e.test_sync import Ministry

ANSWERS = tuple(
    word
    for measure in ("password", "encryption", "signature", "backup", "split")
    for word in ("--decide", f"{measure}=no:封をして手渡しします")
)
AWAY = ("--decide", "takeout-purpose=yes", "--decide", "safety-measures=yes")


@pytest.fixture
def ministry(tmp_path: Path) -> Ministry:
    made = Ministry(tmp_path / "ministry")
    made("init")
    staff = tmp_path / "staff.csv"
    staff.write_text(
        "id,name,unit,mail,role\n"
        "y1,山田太郎,政策課,yamada@meti.go.jp,staff\n"
        "s1,鈴木課長,政策課,suzuki@meti.go.jp,responsible\n",
        encoding="utf-8",
    )
    made("people", str(staff))
    return made


@pytest.fixture
def head(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Cli]:
    folder = tmp_path / "head"
    folder.mkdir()
    made = Cli(folder, capsys)
    assert made("init", "--name", "鈴木課長", "--unit", "政策課")[0] == 0
    return made


def enrol(cli: Cli, ministry: Ministry, person: str) -> None:
    code = str(ministry("enroll", "--person", person)["code"])
    assert cli("enroll", code, "--server", ministry.url)[0] == 0
    assert cli("sync", "now")[0] == 0


def test_taking_a_document_out_from_request_to_record(
    cli: Cli, head: Cli, ministry: Ministry, document: Callable[..., Path]
) -> None:
    path = document()
    assert cli("classify", path, "-c", "2", "-i", "2", "--reason", "審査中のため")[0] == 0
    ask = ("permit", "request", "take-out", path, "--area", "0", "--reason", "出張先で直すため")
    code, told = cli(*ask)
    assert (code, told["error"]["code"]) == (3, "sync.not-enrolled")
    with ministry.running():
        enrol(cli, ministry, "y1")
        code, told = cli(*ask)
        assert (code, told["error"]["code"]) == (3, "sealed.no-readers")
        enrol(head, ministry, "s1")
        assert cli("sync", "now")[0] == 0
    code, told = cli(*ask)  # the server is away: it waits
    assert code == 0
    permit = told["permit"]["id"]
    assert (told["permit"]["state"], told["permit"]["articles"]) == ("requested", ["13", "77-1"])
    take = ("handle", "take-out", path, "--area", "0", "--out", cli.folder / "out", *ANSWERS, *AWAY)
    code, told = cli(*take)
    assert (code, told["files"][0]["error"]["code"]) == (3, "permission.waiting")
    with ministry.running():
        assert cli("sync", "now")[0] == 0
        assert head("sync", "now")[0] == 0
        code, told = head("permit", "list", "--to-decide")
        (row,) = told["permits"]
        assert (row["id"], row["reason"], row["decidable"]) == (permit, "出張先で直すため", True)
        code, told = cli("permit", "decide", permit, "--grant")
        assert (code, told["error"]["code"]) == (3, "permit.own-request")
        assert head("permit", "decide", permit, "--grant", "--note", "一日だけ")[0] == 0
        assert head("sync", "now")[0] == 0
        assert cli("sync", "now")[0] == 0
    code, told = cli(*take)  # away again: the permission holds
    assert code == 0
    code, told = cli("ledger", "list")
    handled = next(one for one in told["events"] if one["kind"] == "handle")
    assert handled["detail"]["permit"] == {"kind": "granted", "note": "", "id": permit}
    assert cli("permit", "report", permit, "--text", "持ち帰り、消去しました")[0] == 0
    with ministry.running():
        assert cli("sync", "now")[0] == 0
        assert head("sync", "now")[0] == 0
    code, told = head("permit", "show", permit)
    assert (told["permit"]["state"], told["permit"]["report"]) == (
        "reported", "持ち帰り、消去しました",
    )  # fmt: skip
    _records(cli, head, permit)
    assert ministry("audit", "verify")["intact"]


def _records(cli: Cli, head: Cli, permit: str) -> None:
    code, told = head("permit", "record", "--out", head.folder / "記録.csv")
    assert code == 0
    with Path(told["out"]).open(encoding="utf-8-sig", newline="") as file:
        (line,) = csv.DictReader(file)
    assert (line["番号"], line["状態"], line["決定した者"]) == (
        permit, "終了報告済", "鈴木課長（課室情報セキュリティ責任者）",
    )  # fmt: skip
    code, told = cli("permit", "record", "--out", cli.folder / "記録.docx")
    assert code == 0
    text = "\n".join(
        cell.text
        for table in docx.Document(told["out"]).tables
        for row in table.rows
        for cell in row.cells
    )
    assert "持ち出す" in text
    assert "案.docx" in text
    code, told = cli("permit", "record", "--out", cli.folder / "記録.pdf")
    assert (code, told["error"]["code"]) == (5, "permit.record-suffix")


def test_what_is_missing_is_wrong_usage(cli: Cli) -> None:
    assert cli("permit", "decide", "x")[0] == 2
    assert cli("permit", "decide", "x", "--grant", "--refuse")[0] == 2
    assert cli("permit", "request", "lend", "x")[0] == 2
    assert cli("permit", "noted", "confirm")[0] == 2
    assert cli("permit", "standing", "add")[0] == 2
    code, told = cli("permit", "show", "no-such")
    assert (code, told["error"]["code"]) == (3, "permit.unknown")
    assert cli("permit", "list") == (0, {"permits": []})


def test_a_locked_store_asks_nothing(cli: Cli, document: Callable[..., Path]) -> None:
    code, told = cli(
        "plan", "provide", document(), "--to", "a@example.com", "--permit", "x", locked=True
    )
    assert (code, told["error"]["code"]) == (4, "store.locked")
