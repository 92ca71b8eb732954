"""The server's command line tells people words and their own time, and programs what it did."""

import json
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from meti_desk.server import commands, telling
from meti_desk.wording import wording

Say = Callable[..., str]
LOCAL = re.compile(r"20\d\d-\d\d-\d\d \d\d:\d\d")


@pytest.fixture
def say(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Say:
    def said(*words: str, code: int = 0) -> str:
        assert commands.main([*words, "--data", str(tmp_path)]) == code
        return capsys.readouterr().out

    assert "サーバーの鍵の指紋: " in said("init")
    staff = tmp_path / "staff.csv"
    staff.write_text("id,name,unit,mail,role\ny1,山田,政策課,y@example.jp,staff\n", "utf-8")
    assert "新しい職員: 1\n" in said("people", str(staff))
    return said


def test_a_code_is_told_with_the_time_of_this_place(say: Say) -> None:
    lines = dict(one.split(": ", 1) for one in say("enroll", "--person", "y1").splitlines())
    assert set(lines) == {"番号", "有効期限"}
    assert LOCAL.fullmatch(lines["有効期限"])
    told = json.loads(say("enroll", "--person", "y1", "--json"))
    assert set(told) == {"code", "expires"}
    assert telling.local(told["expires"])[:10] == lines["有効期限"][:10]


def test_the_proof_and_the_figures_are_told_in_words(say: Say) -> None:
    told = say("audit", "verify")
    assert "正しい: はい\n" in told
    assert "壊れた端末の記録: なし\n" in told
    told = say("report")
    assert "現在: 課室 政策課、状態 端末のない職員、件数 1\n" in told
    assert "端末: なし\n" in say("devices")
    assert LOCAL.search(say("report").splitlines()[0])


def test_rows_are_told_one_by_one() -> None:
    row = {"id": "d1", "seen_at": 1_795_000_000_000, "revoked_at": None, "other": False}
    here = datetime.fromtimestamp(1_795_000_000).astimezone()
    (told,) = telling.lines({"devices": [row]}, wording("ja"))
    assert told == f"端末: 番号 d1、最後の同期 {here:%Y-%m-%d %H:%M}、使用停止 なし、other いいえ"


def test_a_figure_without_a_word_is_shown_as_it_is() -> None:
    rows = [{"kind": "act", "name": "take-out", "n": 2}, {"kind": "odd", "name": "form", "n": 1}]
    told = [*telling.lines({"total": rows}, wording("ja"))]
    assert told[0] == "合計: 種類 取扱い、名前 持ち出す、件数 2"
    assert told[1] == "合計: 種類 odd、名前 form、件数 1"
    state = [{"unit": "政策課", "what": "permit.requested", "n": 1}]
    (held,) = telling.lines({"now": state}, wording("ja"))
    assert held == "現在: 課室 政策課、状態 申請・許可（申請中）、件数 1"
