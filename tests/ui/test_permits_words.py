"""What the pages say of requests that nobody decided, and of what an earlier server was told."""

import pytest

from meti_desk.services.permit_messages import NotedRow, PermitRow, PermitsView, StandingRow
from meti_desk.ui.main.notices import new_answers
from meti_desk.ui.permits.page import part_of
from meti_desk.ui.permits.words import answer_facts, noted_tone, noted_word, state_tone, state_word
from meti_desk.ui.review.standing import _state


def permit(state: str, **more: object) -> PermitRow:
    row = {"id": "p1", "state": state, "revision": 1, "articles": ("13",), "actions": ()} | more
    return PermitRow(**row)  # type: ignore[arg-type] # fields


@pytest.mark.parametrize(
    ("row", "word", "part"),
    [
        (permit("requested"), "申請中", "open"),
        (permit("lapsed"), "期限切れ（決定なし）", "over"),
        (permit("lapsed", pending="permit-asked"), "期限切れ（決定なし）", "over"),
        (permit("lapsed", left=True), "期限切れ（決定なし）（登録を外す前）", "over"),
        (permit("withdrawn"), "取下げ", "over"),
    ],
)
def test_a_request_that_is_over_waits_for_nobody(row: PermitRow, word: str, part: str) -> None:
    assert (state_word(row), part_of(row)) == (word, part)
    assert (state_tone(row) == "warning") == (row.state == "requested")


def test_who_asked_is_told_of_the_end_once_the_server_has_said_so() -> None:
    ended = permit("lapsed", ended_at="2026-11-21T01:00:00+00:00", mine=True)
    view = PermitsView(enrolled=True, mine=(permit("lapsed"), ended, permit("withdrawn")))
    assert new_answers(view, "") == (ended,)
    assert new_answers(view, ended.ended_at) == ()


def test_a_report_that_never_came_is_named() -> None:
    row = permit("expired", left=True, unreported=True)
    assert "終了の報告がありません" in dict(answer_facts(row)).values()
    assert state_word(row) == "期限切れ（登録を外す前）"
    assert not answer_facts(permit("expired", left=True))


@pytest.mark.parametrize(
    ("row", "word", "part"),
    [
        (NotedRow(id="n", state="waiting"), "要確認", "open"),
        (NotedRow(id="n", state="left", left=True), "返事なし（登録を外す前）", "over"),
        (NotedRow(id="n", state="confirmed", left=True), "確認済（登録を外す前）", "over"),
        (NotedRow(id="n", state="denied"), "許可なしとの回答", "open"),
    ],
)
def test_a_note_of_an_earlier_server_waits_for_nobody(row: NotedRow, word: str, part: str) -> None:
    assert (noted_word(row), part_of(row)) == (word, part)
    assert bool(noted_tone(row)) == (not row.left)


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"in_force": True}, "有効"),
        ({"in_force": False}, "終了"),
        ({"in_force": False, "pending": True}, "決定（未送信）"),
        ({"in_force": True, "pending": True}, "取消し（未送信）"),
        ({"in_force": False, "left": True}, "返事なし（登録を外す前）"),
        ({"in_force": False, "left": True, "decider": "課長"}, "終了（登録を外す前）"),
    ],
)
def test_a_decision_in_advance_says_where_it_stands(more: dict[str, object], word: str) -> None:
    row = StandingRow(id="s", measure="split", answer="no", **more)  # type: ignore[arg-type] # fields
    assert _state(row) == word
