"""申請・許可: asking, withdrawing, reporting, and what the person is told of all that."""

from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from meti_desk.domain.errors import RuleViolation
from meti_desk.services.messages import ErrorView, LabelView
from meti_desk.services.permit_messages import HomePermits, PermitRow, PermitsView
from meti_desk.ui.handle.result import OTHERS
from meti_desk.ui.jobs import Jobs
from meti_desk.ui.main.notices import SEEN, gather, gather_again
from meti_desk.ui.main.window import MainWindow
from meti_desk.ui.permits.page import PermitsPage, part_of
from meti_desk.ui.permits.task import AskTask
from meti_desk.ui.permits.wish import Wish
from meti_desk.ui.widgets.days import read_day
from tests.ui.conftest import Open
from tests.ui.fake_desk import FakeDesk, paths
from tests.ui.fake_permits import day, document, wish
from tests.ui.fake_sync import ENROLLED
from tests.ui.screenshots import settle, task
from tests.ui.shots_permits import as_staff, asking, permits
from tests.ui.test_flows import click, named, type_in


def staff(open_window: Open, desk: FakeDesk, jobs: Jobs) -> tuple[MainWindow, PermitsPage]:
    """Open 申請・許可 of one who asked for several things."""
    window = open_window(desk)
    as_staff(window, desk)
    window.sidebar.chosen.emit("permits")
    settle(jobs, window)
    return window, permits(window)


def choose(page: PermitsPage, permit_id: str) -> None:
    page.table.selectRow(page.model.place_of(permit_id))


def shown(window: QWidget) -> str:
    return "\n".join(one.text() for one in window.findChildren(QLabel) if one.isVisible())


@pytest.mark.parametrize(
    ("typed", "iso"),
    [
        ("2026-11-30", "2026-11-30"),
        ("11月30日", "2026-11-30"),
        ("１１／３０", "2026-11-30"),
        ("令和8年11月30日", "2026-11-30"),
        ("R8.11.30", "2026-11-30"),
        ("令和元年5月1日", "2019-05-01"),
        ("1月10日", "2027-01-10"),
        ("10月1日", "2026-10-01"),
        ("13月1日", ""),
        ("2月30日", ""),
        ("来週", ""),
        ("", ""),
    ],
)
def test_days_are_read_as_people_write_them(typed: str, iso: str) -> None:
    assert read_day(typed, date(2026, 11, 23)) == iso


def test_every_entry_stands_under_its_part(open_window: Open, desk: FakeDesk, jobs: Jobs) -> None:
    window, page = staff(open_window, desk, jobs)
    parts = {one.id: part_of(one) for one in page._entries}
    assert parts == {
        "p1": "open", "p2": "open", "p3": "active", "p4": "active", "p5": "over",
        "p6": "report", "p7": "over", "p8": "over", "n1": "open",
    }  # fmt: skip
    assert page._entries[0].id == "p6", "what is due comes first"
    click(window, "要報告（1件）")
    assert [one.id for one in page.model.rows] == ["p6"]
    assert named(window, "終了を報告する").isVisible()


def test_an_answer_says_what_was_designated_and_a_refusal_why(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window, page = staff(open_window, desk, jobs)
    choose(page, "p3")
    settle(jobs, window)
    assert "暗号化、電子署名、渡した後に電話で確かめる" in shown(window)
    choose(page, "p5")
    settle(jobs, window)
    assert "却下の理由" in shown(window)
    assert "要旨で足りるため" in shown(window)
    choose(page, "p8")
    settle(jobs, window)
    assert page.card._wrong.isVisible()
    desk.permits.held = replace(
        desk.permits.held, mine=(wish(3, mine=True, state="granted", verified=False),)
    )
    page.shown()
    settle(jobs, window)
    assert "署名を確かめられません" in shown(window)


def test_a_request_is_withdrawn_after_a_question(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window, page = staff(open_window, desk, jobs)
    choose(page, "p2")
    click(window, "申請を取り下げる…")
    assert not any(one.pending == "permit-withdrawn" for one in desk.permits.held.mine)
    click(window, "取り下げるのをやめる")
    click(window, "申請を取り下げる…")
    click(window, "取り下げる")
    settle(jobs, window)
    held = {one.id: one for one in desk.permits.held.mine}
    assert held["p2"].pending == "permit-withdrawn"
    assert "取下げ（未送信）" in shown(window)
    assert not page.card.withdraw.isVisible()


def test_the_end_is_reported_with_words(open_window: Open, desk: FakeDesk, jobs: Jobs) -> None:
    window, page = staff(open_window, desk, jobs)
    choose(page, "p6")
    click(window, "終了を報告する")
    assert page.card.report._wrong.text() == "終了の状況を書いてください。"
    page.card.report.edit.setPlainText("持ち帰り、消去した。")
    click(window, "終了を報告する")
    settle(jobs, window)
    held = {one.id: one for one in desk.permits.held.mine}
    assert held["p6"].report == "持ち帰り、消去した。"
    assert named(window, "要報告")
    choose(page, "p4")
    click(window, "終了を報告する…")
    assert page.card.report.edit.hasFocus()


def test_records_are_written(open_window: Open, desk: FakeDesk, jobs: Jobs, tmp_path: Path) -> None:
    window, page = staff(open_window, desk, jobs)
    page.export_to(str(tmp_path / "許可の記録.docx"))
    settle(jobs, window)
    assert [one.name for one in desk.permits.written] == ["許可の記録.docx"]
    page.export_to(str(tmp_path / "許可の記録.txt"))
    settle(jobs, window)
    assert page.banner.isVisible()
    assert len(desk.permits.written) == 1


def test_without_a_server_the_page_says_what_to_do(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window = open_window(desk)
    window.open_page("permits")
    settle(jobs, window)
    assert not named(window, "新しく申請する").isEnabled()
    click(window, "設定を開いて登録する")
    assert window.sidebar._buttons["settings"].isChecked()
    assert not window.sidebar._buttons["review"].isVisible()


def ask(window: MainWindow, jobs: Jobs) -> None:
    page = asking(window).page
    page.reason.edit.setPlainText("審査委員会のため")
    click(window, "申請する")
    settle(jobs, window)


def test_a_request_is_made_for_files(open_window: Open, desk: FakeDesk, jobs: Jobs) -> None:
    window, page = staff(open_window, desk, jobs)
    click(window, "新しく申請する")
    form = asking(window).page
    click(window, "申請する")
    assert form.about._wrong.text() == "文書を選んでください。"
    form.about.add_paths(paths("案.docx", "表.xlsx"))
    settle(jobs, window)
    click(window, "表.xlsxを外す")
    click(window, "申請する")
    assert form.to.edit.property("bad") == "true"
    type_in(form.to.edit, "iin@example.com、@example.go.jp")
    type_in(form.until.edit, "来週")
    click(window, "申請する")
    assert form.until.edit.property("bad") == "true"
    click(window, "期間を1週間にする")
    click(window, "申請する")
    assert form.reason._wrong.text() == "理由を書いてください。"
    form.measures.checks["encryption"].setChecked(True)
    type_in(form.measures.other.edit, "手渡しする")
    ask(window, jobs)
    (made,) = desk.permits.asked
    assert made.paths == paths("案.docx")
    assert made.recipients == ("iin@example.com", "@example.go.jp")
    assert (made.action, made.area, made.until) == ("provide", None, day(6))
    assert made.measures == ("encryption", "手渡しする")
    assert "申請中（未送信）" in shown(window)
    desk.syncing.view = replace(ENROLLED, unsent=1)
    click(window, "今すぐ同期する")
    settle(jobs, window)
    assert desk.syncing.view.unsent == 0
    click(window, "申請・許可を見る")
    settle(jobs, window)
    assert page.model.place_of("p101") >= 0


def test_a_period_that_ends_before_it_begins_is_refused(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window, _page = staff(open_window, desk, jobs)
    window.desktop.task_wanted.emit("ask", Wish(paths=paths("案.docx"), to=("a@example.com",)))
    form = asking(window).page
    form.since.show_iso(day(5))
    form.until.show_iso(day(4))
    ask(window, jobs)
    assert desk.permits.asked == []
    assert form.until.edit.property("bad") == "true"


def test_a_kind_of_document_and_a_device_are_asked_for(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window, _page = staff(open_window, desk, jobs)
    click(window, "新しく申請する")
    form = asking(window).page
    click(window, "対象: 種類ごと（包括許可）")
    click(window, "申請する")
    assert form.about.blanket.edit.property("bad") == "true"
    type_in(form.about.blanket.edit, "審査委員に渡す会議資料")
    type_in(form.to.edit, "iin@example.com")
    ask(window, jobs)
    assert (desk.permits.asked[0].blanket, desk.permits.asked[0].paths) == (
        "審査委員に渡す会議資料", (),
    )  # fmt: skip
    click(window, "戻る")
    click(window, "新しく申請する")
    form = asking(window).page
    click(window, "対象: 機器・サービス")
    assert not form.to.isVisible()
    form.about.system._choose("own-device")
    ask(window, jobs)
    assert (desk.permits.asked[1].articles, desk.permits.asked[1].action) == (("82-1",), "use")


def test_what_the_desk_refuses_is_told_and_can_be_mended(
    open_window: Open, desk: FakeDesk, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, _page = staff(open_window, desk, jobs)

    def refuse(_request: object) -> PermitRow:
        raise RuleViolation("permit.not-needed", articles=("13",))

    monkeypatch.setattr(desk.permits, "ask", refuse)
    window.desktop.task_wanted.emit("ask", Wish(paths=paths("案.docx"), to=("a@example.com",)))
    ask(window, jobs)
    form = asking(window).page
    assert form.banner.isVisible()
    assert form.go.isEnabled()


def test_where_a_permit_is_missing_it_is_asked_for_with_everything_filled_in(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    desk.permits.as_staff()
    blanket = wish(
        20, mine=True, state="granted", blanket="会議資料", documents=(), until="2027-03-31"
    )
    desk.permits.held = replace(desk.permits.held, mine=(blanket,))
    window = open_window(desk, paths())
    settle(jobs, window)
    click(window, "省外に提供")
    type_in(task(window).decide.next.giving.to.edit, "iin@example.com")
    settle(jobs, window)
    click(window, "許可を申請する")
    form = asking(window).page
    assert (form.about.paths, form.to.text) == (paths(), "iin@example.com")
    asked = len(desk.planned)
    ask(window, jobs)
    click(window, "戻る")
    settle(jobs, window)
    assert len(desk.planned) > asked, "the measures are asked for anew"
    choice = named(window, "使う包括許可: 包括許可を使わない")
    choice._choose("p20")  # type: ignore[attr-defined]
    settle(jobs, window)
    assert desk.planned[-1].permit == "p20"


def test_counts_and_news_come_and_go(
    open_window: Open, desk: FakeDesk, jobs: Jobs, qtbot: QtBot
) -> None:
    window = open_window(desk)
    link = window.sidebar._buttons["permits"]
    qtbot.waitUntil(lambda: window.sidebar.notices._last is not None)
    assert not link.isVisible()
    assert not window.sidebar.sync.isVisible()
    desk.syncing.view = replace(ENROLLED, unsent=2, trouble="sync.unreachable")
    desk.permits.as_staff()
    window.desktop.waiting_changed.emit()
    qtbot.waitUntil(lambda: link.count == 4)
    assert link.accessibleName() == "申請・許可（4件）"
    assert "未送信 2件" in window.sidebar.sync.text()
    assert "サーバーに届きません" in window.sidebar.sync.text()
    assert "回答が3件" in window._notice.accessibleName()
    assert window._notice.isVisible()
    QTest.keyClick(link, Qt.Key.Key_Space)
    settle(jobs, window)
    assert not window._notice.isVisible()
    qtbot.waitUntil(lambda: link.count == 1)
    assert desk.kept[SEEN] == "2026-11-20T15:02:00+09:00"


def test_nothing_is_counted_anew_while_the_sync_brings_nothing(desk: FakeDesk) -> None:
    desk.syncing.view = ENROLLED
    before = gather(desk)
    desk.permits.as_staff()
    assert gather_again(desk, before) is before
    assert gather_again(desk, before._replace(day="2026-01-01")).reports == 1
    desk.syncing.view = replace(ENROLLED, last="2026-11-23T10:00:00+09:00")
    assert gather_again(desk, before).answers == 3


def test_the_clock_lets_it_look(
    open_window: Open, desk: FakeDesk, jobs: Jobs, qtbot: QtBot
) -> None:
    window = open_window(desk)
    notices = window.sidebar.notices
    qtbot.waitUntil(lambda: notices._last is not None and notices._under_way is None)
    desk.syncing.view = replace(ENROLLED, unsent=7)
    notices._timer.timeout.emit()
    qtbot.waitUntil(lambda: "未送信 7件" in window.sidebar.sync.text())
    settle(jobs, window)


def ask_from_the_decision(window: MainWindow, jobs: Jobs) -> AskTask:
    """Go from the decision of a label to the form of a request."""
    window.open_files(list(paths("案.docx", "表.xlsx")))
    settle(jobs, window)
    click(window, "機密性: 機密性2")
    click(window, "省外に提供")
    type_in(task(window).decide.next.giving.to.edit, "iin@example.com")
    settle(jobs, window)
    click(window, "許可を申請する")
    return asking(window)


def test_the_label_that_was_decided_is_given_before_it_is_asked_for(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    desk.permits.as_staff()
    window = open_window(desk)
    form = ask_from_the_decision(window, jobs).page
    assert form._labelling.isVisible()
    assert "機密性2" in form._labelling.text()
    assert "先に文書に付け" in form._labelling.text()
    click(window, "表.xlsxを外す")
    click(window, "対象: 種類ごと（包括許可）")
    assert not form._label_card.isVisible()
    click(window, "対象: 文書ごと")
    assert form._label_card.isVisible()
    ask(window, jobs)
    (order,) = desk.classified
    assert (order.paths, order.c, order.resume) == (paths("案.docx"), 2, True)
    (made,) = desk.permits.asked
    assert made.paths == paths("案.docx")


def test_nothing_is_asked_for_where_the_label_cannot_be_given(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    desk.permits.as_staff()
    window = open_window(desk)
    form = ask_from_the_decision(window, jobs).page
    refused = ErrorView(OTHERS, {"decider": "高橋 次郎"}, ("7-1",), exit=3)
    desk.unwilling = {paths("案.docx")[0]: refused}
    ask(window, jobs)
    assert form.isVisible()
    assert desk.permits.asked == []
    assert form.banner.accessibleName().startswith("案.docx：")
    assert form.go.isEnabled()
    assert form.banner.isAncestorOf(QApplication.focusWidget())


def test_nothing_is_written_where_nothing_can_be_asked(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window = open_window(desk)
    form = ask_from_the_decision(window, jobs).page
    ask(window, jobs)
    assert "登録" in form.banner.accessibleName()
    assert desk.classified == []


def test_a_label_that_stands_already_is_not_given_again(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    desk.permits.as_staff()
    desk.stands = LabelView(2, 1, 1, ("複製禁止",), ("審査委員",), decided=True)
    window = open_window(desk)
    form = ask_from_the_decision(window, jobs).page
    assert not form._label_card.isVisible()
    ask(window, jobs)
    assert desk.classified == []
    assert len(desk.permits.asked) == 1


def test_the_reason_of_a_label_is_asked_for_before_the_permit(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    desk.permits.as_staff()
    window = open_window(desk)
    window.open_files(list(paths("案.docx")))
    settle(jobs, window)
    click(window, "機密性: 機密性3")
    click(window, "省外に提供")
    type_in(task(window).decide.next.giving.to.edit, "iin@example.com")
    settle(jobs, window)
    click(window, "許可を申請する")
    assert task(window).isVisible()
    assert task(window).decide.label.reason.edit.hasFocus()
    assert "理由を書いてください" in shown(window)


def test_home_leads_to_what_is_due(open_window: Open, desk: FakeDesk, jobs: Jobs) -> None:
    desk.permits.as_staff()
    window = open_window(desk)
    settle(jobs, window)
    assert "期限を2日過ぎています" in shown(window)
    click(window, "許可の終了を報告する")
    settle(jobs, window)
    page = permits(window)
    assert page.isVisible()
    assert page._chosen == "p6"


def test_home_tells_what_is_rare(open_window: Open, desk: FakeDesk, jobs: Jobs) -> None:
    desk.permits.as_staff()
    desk.reminded = HomePermits(
        ending=(("p4", day(5), 5),), denied=("ev-3",), refused=("p8",), unreported=("p91",)
    )
    window = open_window(desk)
    settle(jobs, window)
    texts = shown(window)
    assert "「懇談会_論点.docx」" in texts
    assert "（あと5日）" in texts
    assert "終了の報告がない許可が1件あります" in texts
    click(window, "許可なしとされた記録を見る")
    settle(jobs, window)
    assert window.sidebar._buttons["ledger"].isChecked()
    assert window._pages["ledger"].model.rowCount() == 1  # type: ignore[attr-defined]


def test_a_document_whose_title_cannot_be_read_is_named_by_its_id() -> None:
    from meti_desk.ui.permits.words import documents_line, state_word

    row = wish(1, documents=(replace(document("x"), id="0123456789abcdef", title=""),))
    assert documents_line(row) == "題名を読めない文書（01234567）"
    many = wish(1, documents=tuple(document(f"{n}.docx") for n in range(6)))
    assert documents_line(many) == "0.docx、1.docx、2.docx、ほか3件"
    unknown = wish(1, state="new-word-of-a-later-version")
    assert state_word(unknown) == "new-word-of-a-later-version"
    assert PermitsView(enrolled=False).mine == ()
