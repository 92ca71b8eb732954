"""自己点検 and 取扱記録 on the command line, over a real store."""

import csv
import json
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from meti_desk.app import make_desk
from meti_desk.cli.run import run
from meti_desk.cli.table import columns, width
from meti_desk.services.selfcheck_views import AnswerRequest
from tests.e2e.conftest import PASSPHRASE, Cli

DURING = datetime(2026, 11, 20, 10, 0, tzinfo=timezone(timedelta(hours=9)))
"""A day on which the shipped form can be handed in, whenever the tests run."""

FORM = "urn:meti-desk:selfcheck:staff"


class DuringClock:
    """Stands still within the period of the form."""

    def now(self) -> datetime:
        return DURING


@pytest.fixture(autouse=True)
def during(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("meti_desk.system.clock.SystemClock", DuringClock)


def told(cli: Cli, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Run a command for people and give what it printed."""
    capsys.readouterr()
    code = run(
        [*words, "--store", str(cli.store), "--passphrase-file", str(cli.passphrase)], make_desk
    )
    assert code == 0
    return capsys.readouterr().out


def items(cli: Cli) -> dict[str, dict[str, Any]]:
    code, shown = cli("selfcheck", "show")
    assert code == 0
    return {one["link_id"]: one for one in shown["items"]}


def answer_all(cli: Cli) -> None:
    """Answer whatever applies, until nothing is missing; unlocked once, which takes its time."""
    desk = make_desk(str(cli.store))
    try:
        desk.unlock(PASSPHRASE)
        while link_id := desk.selfcheck.show().next:
            item = next(one for one in desk.selfcheck.show().items if one.link_id == link_id)
            values = [option.value for option in item.options]
            value = "not-applicable" if "not-applicable" in values else "done"
            desk.selfcheck.answer(AnswerRequest(form="", link_id=link_id, value=value))
    finally:
        desk.close()


def test_the_list_tells_how_far_each_form_is(cli: Cli, capsys: pytest.CaptureFixture[str]) -> None:
    code, answer = cli("selfcheck", "list")
    assert code == 0
    row = answer["forms"][0]
    assert row["form"] == FORM
    assert row["answered"] == 0
    assert row["applicable"] >= 25
    assert row["state"] == "open"
    assert f"回答 0/{row['applicable']}" in told(cli, capsys, "selfcheck", "list")


def test_an_answer_is_kept_and_says_what_it_lacks(
    cli: Cli, capsys: pytest.CaptureFixture[str]
) -> None:
    code, answered = cli("selfcheck", "answer", "label-mark", "not-done", "--reason", "多忙のため")
    assert code == 0
    assert answered["item"]["answer"]["lacks"] == ["plan", "by-when"]
    assert "△ label-mark" in told(cli, capsys, "selfcheck", "show")
    rest = ("--reason", "多忙のため", "--plan", "様式を直す", "--by", "2027-01-31")
    code, answered = cli("selfcheck", "answer", "label-mark", "not-done", *rest)
    assert code == 0
    assert answered["answered"] == 1
    kept = items(cli)["label-mark"]["answer"]
    assert (kept["value"], kept["plan"], kept["by_when"]) == (
        "not-done",
        "様式を直す",
        "2027-01-31",
    )
    text = told(cli, capsys, "selfcheck", "show")
    assert "○ label-mark" in text
    assert "計画: 様式を直す" in text


@pytest.mark.parametrize(
    ("words", "exit_code", "code"),
    [
        (("no-such", "done"), 5, "selfcheck.no-item"),
        (("no-such", "--confirm"), 5, "selfcheck.no-item"),
        (("label-mark", "maybe"), 5, "answer.unknown-value"),
        (("label-mark", "done", "--form", "other"), 5, "selfcheck.no-form"),
        (("label-mark", "not-done", "--by", "soon"), 5, "answer.by-when"),
        (("label-mark", "--confirm"), 5, "answer.not-suggested"),
        (("label-mark", "done", "--confirm"), 5, "answer.not-suggested"),
    ],
)
def test_a_wrong_answer_is_refused(
    cli: Cli, words: tuple[str, ...], exit_code: int, code: str
) -> None:
    got, answer = cli("selfcheck", "answer", *words)
    assert (got, answer["error"]["code"]) == (exit_code, code)
    assert answer["error"]["message"]
    assert code not in answer["error"]["message"]
    assert not any(one["answer"] for one in items(cli).values())


def test_an_answer_without_a_value_is_a_usage_error(
    cli: Cli, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--store", str(cli.store), "--passphrase-file", str(cli.passphrase)]
    assert run(["selfcheck", "answer", "label-mark", *words], make_desk) == 2
    caught = capsys.readouterr()
    assert "--confirm" in caught.err


@pytest.mark.parametrize("value", [("done",), ()])
def test_what_the_records_suggest_can_be_confirmed(
    cli: Cli, document: Callable[..., Path], value: tuple[str, ...]
) -> None:
    assert cli("classify", document(), "-c", "2")[0] == 0
    evidence = items(cli)["label-mark"]["evidence"]
    assert evidence["suggested"] == "done"
    assert evidence["events"]
    code, answered = cli("selfcheck", "answer", "label-mark", *value, "--confirm")
    assert code == 0
    assert answered["item"]["answer"]["value"] == "done"
    assert answered["item"]["answer"]["origin"] == "confirmed-from-evidence"


def test_an_answer_against_the_records_needs_a_reason(
    cli: Cli, document: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    cli("classify", document(), "-c", "2", "--no-mark")
    assert "done" in items(cli)["label-mark"]["evidence"]["against"]
    _, answered = cli("selfcheck", "answer", "label-mark", "done")
    assert answered["item"]["answer"]["origin"] == "against-evidence"
    assert answered["item"]["answer"]["lacks"] == ["against-reason"]
    assert "不足: 記録と異なる理由" in told(cli, capsys, "selfcheck", "show")


def test_handing_in_taking_back_and_the_record_of_both(cli: Cli) -> None:
    code, refused = cli("selfcheck", "submit")
    assert (code, refused["error"]["code"]) == (3, "selfcheck.incomplete")
    assert (cli("selfcheck", "withdraw")[1])["error"]["code"] == "selfcheck.not-submitted"
    answer_all(cli)
    code, done = cli("selfcheck", "submit")
    assert code == 0
    assert done["state"] == "submitted"
    assert len(done["receipt"]) == 64
    code, refused = cli("selfcheck", "answer", "label-mark", "done")
    assert (code, refused["error"]["code"]) == (3, "selfcheck.submitted")
    code, back = cli("selfcheck", "withdraw")
    assert (code, back["state"]) == (0, "open")
    kinds = [row["kind"] for row in cli("ledger", "list")[1]["events"]]
    assert kinds == ["selfcheck-withdraw", "selfcheck-submit"]
    assert cli("ledger", "verify")[1]["intact"] is True


@pytest.mark.parametrize("suffix", [".docx", ".csv", ".json"])
def test_a_form_is_written_out_and_never_over_another_file(cli: Cli, suffix: str) -> None:
    cli("selfcheck", "answer", "label-mark", "done")
    wished = cli.folder / f"点検{suffix}"
    wished.write_text("先にあったもの", encoding="utf-8")
    code, made = cli("selfcheck", "export", "--out", wished)
    assert code == 0
    assert made["out"] == str(cli.folder / f"点検 (2){suffix}")
    assert wished.read_text(encoding="utf-8") == "先にあったもの"
    raw = Path(made["out"]).read_bytes()
    if suffix == ".docx":
        with zipfile.ZipFile(made["out"]) as archive:
            raw = archive.read("word/document.xml")
    if suffix == ".json":
        json.loads(raw)
    assert "明示" in raw.decode("utf-8-sig") or "表示しましたか" in raw.decode("utf-8-sig")


def test_the_procedure_is_written_out_as_docx_only(cli: Cli) -> None:
    code, made = cli("selfcheck", "export", "--procedure", "--out", cli.folder / "手順.docx")
    assert code == 0
    assert zipfile.is_zipfile(made["out"])
    code, refused = cli("selfcheck", "export", "--procedure", "--out", cli.folder / "手順.csv")
    assert (code, refused["error"]["code"]) == (5, "export.format")


def test_the_self_check_speaks_the_language_asked_for(
    cli: Cli, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "Self-check FY2026 (staff)" in told(cli, capsys, "selfcheck", "show", "--lang", "en")
    assert cli("selfcheck", "list", "--lang", "en")[1]["forms"][0]["title"].startswith("Self-check")


def test_the_record_is_listed_searched_and_limited(
    cli: Cli, document: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("予算案.docx", "名簿.docx", "予算の内訳.docx"):
        assert cli("classify", document(name), "-c", "2", "-r", "複製禁止")[0] == 0
    _, listed = cli("ledger", "list")
    assert [row["title"] for row in listed["events"]] == [
        "予算の内訳.docx",
        "名簿.docx",
        "予算案.docx",
    ]
    assert [row["seq"] for row in cli("ledger", "list", "--limit", "2")[1]["events"]] == [3, 2]
    _, found = cli("ledger", "search", "予算")
    assert [row["seq"] for row in found["events"]] == [3, 1]
    assert [row["seq"] for row in cli("ledger", "search", "予算", "--limit", "1")[1]["events"]] == [
        3
    ]
    assert cli("ledger", "search", "無い言葉")[1] == {"events": []}
    lines = told(cli, capsys, "ledger", "list").splitlines()
    assert len(lines) == 3
    starts = {width(line[: line.index("C2 I1 A1")]) for line in lines}
    assert len(starts) == 1


def test_the_record_is_exported_and_the_name_told_is_the_files(
    cli: Cli, document: Callable[..., Path]
) -> None:
    cli("classify", document("=SUM(A1).docx"), "-c", "2")
    names = []
    for _ in range(2):
        code, made = cli("ledger", "export", "--out", cli.folder / "記録.csv")
        assert code == 0
        names.append(made["out"])
    assert names == [str(cli.folder / "記録.csv"), str(cli.folder / "記録 (2).csv")]
    with Path(names[1]).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == 2
    assert "'=SUM(A1).docx" in rows[1]


def test_columns_stand_straight_beside_kanji() -> None:
    lines = columns([("1", "格付の決定", "x"), ("12", "保護", "y"), ("3", "abc", "")])
    assert lines == ["1   格付の決定  x", "12  保護        y", "3   abc"]
    assert columns([]) == []
