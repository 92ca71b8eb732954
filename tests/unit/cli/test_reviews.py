"""What `review` and `register` take and print, from the decision to the stock-taking."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from meti_desk.cli.run import run
from tests.unit.services.fakes import PASSPHRASE
from tests.unit.services.unit_office import CANARY, HEAD, STAFF, Device, Ministry

Say = Callable[..., str]


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Device, Device]:
    made = Ministry(tmp_path)
    head = made.device(HEAD)
    return made.device(STAFF), head


@pytest.fixture
def say(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Say:
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE, encoding="utf-8")

    def spoken(device: Device, *words: str, code: int = 0) -> str:
        argv = [*words, "--passphrase-file", str(secret)]
        capsys.readouterr()
        assert run(argv, lambda _: device.world.desk()) == code, capsys.readouterr()
        device.ctx.store = device.world.store  # type: ignore[assignment] # locked by the command
        told = capsys.readouterr()
        return told.out + told.err

    return spoken


def asked(say: Say, device: Device, *words: str) -> Any:
    return json.loads(say(device, *words, "--json"))


def test_a_label_is_judged_corrected_and_answered(pair: tuple[Device, Device], say: Say) -> None:
    staff, head = pair
    path = staff.document(c=2)
    staff.sync()
    told = say(staff, "review", "list", "--open")
    assert "確認待ち" in told
    head.sync()
    told = say(head, "review", "list", "--open")
    for words in ("確認待ち", "C2 I2 A1", "山田太郎", path.name, str(path), f"{CANARY}のため"):
        assert words in told
    (row,) = asked(say, head, "review", "list", "--open")["reviews"]
    short = row["id"][:8]
    told = say(head, "review", "judge", short, "--correct", "-c", "3", "-r", "複製禁止",
               "--note", "審査の資料です")  # fmt: skip
    assert "送信を待っています" in told
    head.sync()
    staff.sync()
    told = say(staff, "review", "tasks")
    for words in (path.name, "C2 I2 A1", "→", "C3 I2 A1 複製禁止", "鈴木課長", "審査の資料です"):
        assert words in told
    (task,) = asked(say, staff, "review", "tasks")["tasks"]
    assert (task["ordered"]["c"], task["by"]) == (3, "鈴木課長")
    told = say(staff, "review", "answer", task["review"], "--reason", "公開資料の写しです")
    assert "要修正" in told
    staff.sync()
    head.sync()
    told = say(head, "review", "list", "--lang", "en")
    for words in ("Objected", "Correction ordered", "公開資料の写しです"):
        assert words in told
    say(head, "review", "judge", short, "--valid")
    head.sync()
    view = asked(say, head, "review", "list")
    assert [one["state"] for one in view["judged"]] == ["valid"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("judge", "abcdef12", "--valid", "-c", "3"), "usage.invalid"),
        (("judge", "abcdef12", "--correct", "--note", "x"), "usage.missing"),
    ],
)
def test_what_contradicts_itself_is_not_understood(
    pair: tuple[Device, Device], say: Say, words: tuple[str, ...], code: str
) -> None:
    told = json.loads(say(pair[1], "review", *words, "--json", code=2))
    assert told["error"]["code"] == code


def test_a_refusal_has_its_sentence(pair: tuple[Device, Device], say: Say) -> None:
    told = say(pair[1], "review", "judge", "abcdef12", "--valid", code=3)
    assert "この番号の確認はありません" in told


def test_the_register_from_entry_to_stock_taking(
    pair: tuple[Device, Device], say: Say, tmp_path: Path
) -> None:
    staff, head = pair
    for number in range(3):
        staff.document(f"{CANARY}{number}.docx", c=3)
    told = say(staff, "register", "list")
    assert told.count("仮-") == 3
    staff.sync()
    say(staff, "register", "note", "2026-0001", "--reason", "印刷した", "--copies", "2", "--permit",
        "p-10-4", "--holder", "佐藤花子", "--holder", "田中")  # fmt: skip
    staff.sync()
    told = say(staff, "register", "note", "2026-0001", "--reason", "期限", "--copy", "2", "--due",
               "2026-12-01")  # fmt: skip
    for words in ("2026-0001-1", "佐藤花子", "2026-0001-2", "2026-12-01", "手で登録"):
        assert words in told
    say(staff, "register", "return", "2026-0001", "--copy", "1", "--reason", "返却")
    say(staff, "register", "dispose", "2026-0003", "--how", "復元できない消去")
    staff.sync()
    head.sync()
    say(head, "register", "note", "2026-0001", "--access", "政策課", "--reason", "範囲を定める")
    entry = asked(say, head, "register", "show", "2026-0001")["entry"]
    assert entry["access"] == ["政策課"]
    assert [one["state"] for one in entry["copies"]] == ["returned", "held"]
    told = say(head, "register", "stocktake", "--result", "2026-0002=missing:見当たらない",
               "--rest-present")  # fmt: skip
    assert "記録した件数: 2" in told
    assert "第99条" in told
    head.sync()
    assert "棚卸し" in say(head, "register", "show", "2026-0002")
    assert f"{CANARY}1" in say(head, "register", "list", CANARY + "1")
    assert CANARY + "0" not in say(head, "register", "list", CANARY + "1")
    listed = asked(say, head, "register", "list", "--ended")["register"]
    assert [one["number"] for one in listed["entries"]] == ["2026-0001", "2026-0002", "2026-0003"]
    out = asked(say, head, "register", "export", "--out", str(tmp_path / "管理簿.csv"))["out"]
    assert Path(out).read_bytes().count(b"\n") == 5


def test_a_result_that_is_none_is_not_understood(pair: tuple[Device, Device], say: Say) -> None:
    told = say(pair[1], "register", "stocktake", "--result", "2026-0001", code=2)
    assert "--result" in told
