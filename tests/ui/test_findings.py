"""付加情報: shown by class, chosen by check box, tried, removed into copies, and told."""

import time
from pathlib import Path
from threading import Event
from typing import Literal

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from meti_desk.domain.errors import RuleViolation
from meti_desk.formats.base import Finding
from meti_desk.services.preview_messages import PageView, ScrubPreview
from meti_desk.ui.findings.look import Look
from meti_desk.ui.findings.model import FindingsModel
from meti_desk.ui.findings.page import FindingsPage
from meti_desk.ui.findings.preview import PagePicture
from meti_desk.ui.findings.task import FindingsTask
from meti_desk.ui.jobs import Jobs
from meti_desk.ui.main.window import MainWindow
from tests.ui.conftest import Open
from tests.ui.fake_desk import FINDINGS, FOLDER, FakeDesk, page_of_lines, paths
from tests.ui.screenshots import findings, settle, task
from tests.ui.test_flows import click

PAPER = f"{FOLDER}/審査委員_意見.pdf"


def opened(window: MainWindow, jobs: Jobs, look: Look) -> FindingsTask:
    window.desktop.task_wanted.emit("findings", look)
    settle(jobs, window)
    return findings(window)


def rows(model: FindingsModel, above: QModelIndex | None = None) -> list[str]:
    held = above or QModelIndex()
    found = []
    for at in range(model.rowCount(held)):
        here = model.index(at, 0, held)
        found.append(str(model.data(here)))
    return found


def test_the_model_keeps_the_rules_of_qt_and_shows_what_blocks_first(qapp: QApplication) -> None:
    model = FindingsModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, qapp)
    model.show_findings(FINDINGS["pdf"])
    assert rows(model) == [
        "先に解決が必要なもの",
        "添付・スクリプト・注釈",
        "作成者などの名前と属性",
    ]
    assert rows(model, model.index(1, 0)) == ["添付ファイル", "注釈"]
    kind = model.index(0, 0, model.index(1, 0))
    assert rows(model, kind) == ["採点表.xlsx"]
    leaf = model.index(0, 1, kind)
    assert model.data(leaf) == "1ページ"
    assert "重大" in str(model.data(kind, Qt.ItemDataRole.AccessibleTextRole))
    assert model.data(model.index(0, 3, model.index(1, 0))) == "重大"


def test_what_stays_whatever_is_chosen_has_no_check_box(qapp: QApplication) -> None:
    model = FindingsModel()
    model.show_findings(FINDINGS["xlsx"])
    kept = model.index(1, 0)
    assert not model.flags(kept) & Qt.ItemFlag.ItemIsUserCheckable
    assert model.data(kept, Qt.ItemDataRole.CheckStateRole) is None
    blocked = model.index(0, 0, model.index(0, 0))
    assert model.data(blocked, Qt.ItemDataRole.CheckStateRole) is Qt.CheckState.Checked


def test_ten_thousand_findings_are_shown_and_scrolled_at_once(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    desk.found = tuple(
        Finding("pptx.path", 6, "high", f"slide {at}", f"file:///X:/{at}", 1)
        for at in range(10_000)
    )
    shown = opened(open_window(desk), jobs, Look(paths("案.pptx")))
    page = shown.page
    began = time.perf_counter()
    page._show_document()
    page.tree.expandAll()
    QApplication.processEvents()
    for _ in range(20):
        QTest.keyClick(page.tree, Qt.Key.Key_PageDown)
    page.tree.scrollToBottom()
    QApplication.processEvents()
    assert time.perf_counter() - began < 3
    last = page.tree.indexAt(page.tree.viewport().rect().bottomLeft())
    assert not last.isValid() or page.model.branch(last) is not None
    assert page.model.rowCount(page.model.index(0, 0, page.model.index(0, 0))) == 10_000


def test_a_kind_is_kept_by_the_space_bar_and_goes_into_the_order(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window = open_window(desk)
    shown = opened(window, jobs, Look(paths()))
    page = shown.page
    comment = page.model.index(0, 2, page.model.index(1, 0))
    page.tree.setCurrentIndex(comment)
    QTest.keyClick(page.tree, Qt.Key.Key_Space)
    assert page.model.keep == {"docx.comment"}
    assert page.model.data(comment.siblingAtColumn(4)) == "残します"
    assert "1種類を残します" in page._note.text()
    click(window, "目的: 公表")
    click(window, "変更履歴: 元に戻す")
    page.report.setChecked(True)
    click(window, "取り除いた写しを作る")
    settle(jobs, window)
    (order,) = desk.scrubbed
    assert (order.purpose, order.revisions, order.keep) == ("publish", "reject", ("docx.comment",))
    assert order.out == f"{FOLDER}/公表用"
    assert order.report == f"{FOLDER}/公表用/付加情報の除去の結果.csv"
    assert shown.currentWidget() is shown.result
    first = shown.result.model.index(0, 0)
    below = [shown.result.model.data(shown.result.model.index(at, 0, first)) for at in (0, 1)]
    assert below == ["取り除いたもの", "残ったもの"]
    page._reset.click()
    assert page.model.keep == set()


def test_a_folder_is_listed_and_goes_to_the_service_as_a_folder(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    whole = "/home/sato/文書/部会"
    desk.folders[whole] = [f"{whole}/{at:03d}.docx" for at in range(30)] + [f"{whole}/表.xlsx"]
    window = open_window(desk)
    shown = opened(window, jobs, Look((whole,)))
    assert shown.page.documents.rowCount() == 31
    assert shown.page.documents.unseen == ()
    click(window, "取り除いた写しを作る")
    settle(jobs, window)
    assert desk.scrubbed[0].paths == (whole,)
    assert desk.scrubbed[0].out == "/home/sato/文書/提供用"
    told = shown.result.model
    assert told.rowCount() == 31
    assert told.data(told.index(30, 2)) == "できなかった"
    reason = str(told.data(told.index(0, 0, told.index(30, 0))))
    assert "止めるもの" in reason


def test_a_removal_is_tried_and_page_one_compared(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window = open_window(desk)
    page = opened(window, jobs, Look((PAPER, f"{FOLDER}/採点表.xlsx"))).page
    assert not page.preview.after.isVisible()
    click(window, "結果を確かめる")
    settle(jobs, window)
    assert desk.tried[0].paths == (PAPER,)
    assert page.preview.before.filled
    assert page.preview.after.isVisible()
    click(window, "目的: 公表")
    assert not page.preview.after.isVisible()
    page.files.selectRow(1)
    click(window, "結果を確かめる")
    settle(jobs, window)
    assert "止めるもの" in page.preview._says.text()


@pytest.mark.parametrize(
    ("picture", "said"),
    [
        ("format", "この形式は"),
        ("not-installed", "LibreOffice を入れると"),
        ("not-confined", "隔離できない"),
        ("too-large", "大きいため"),
        ("failed", "描けませんでした"),
    ],
)
def test_why_page_one_is_not_shown_is_said(
    open_window: Open,
    desk: FakeDesk,
    jobs: Jobs,
    picture: Literal["format", "not-installed", "not-confined", "too-large", "failed"],
    said: str,
) -> None:
    window = open_window(desk)
    shown = opened(window, jobs, Look((PAPER,))).page.preview
    shown.show_tried(ScrubPreview(path=PAPER, picture=picture))
    assert said in shown._says.text()
    page = page_of_lines()
    shown.show_tried(ScrubPreview(path=PAPER, before=page, after=page, by_office=True))
    assert "LibreOffice で描いた" in shown._says.text()
    assert shown.before.filled


def test_what_stops_publishing_is_seen_before_it_is_tried(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window = open_window(desk)
    paper = f"{FOLDER}/人事.docx"
    page = opened(window, jobs, Look((paper,))).page
    assert "先に解決が必要なもの" not in rows(page.model)
    click(window, "目的: 公表")
    settle(jobs, window)
    assert desk.inspected[-1] == ("publish", (paper,))
    assert rows(page.model)[0] == "先に解決が必要なもの"
    looked = len(desk.inspected)
    click(window, "目的: 提供")
    settle(jobs, window)
    assert "先に解決が必要なもの" not in rows(page.model)
    assert len(desk.inspected) == looked  # what was seen before is remembered


def test_pixels_that_do_not_fit_are_not_shown(qtbot: QtBot) -> None:
    picture = PagePicture("頁")
    qtbot.addWidget(picture)
    picture.show_page(page_of_lines())
    assert picture.filled
    picture.show_page(PageView(10, 10, b"\xff" * 299))
    assert not picture.filled


def test_the_choice_goes_into_the_decision(open_window: Open, desk: FakeDesk, jobs: Jobs) -> None:
    window = open_window(desk)
    window.open_files(list(paths()))
    settle(jobs, window)
    decide = task(window).decide
    decide.next._choose("provide")
    settle(jobs, window)
    click(window, "見つかった付加情報を見る")
    settle(jobs, window)
    page = findings(window).page
    page.model.choose(("docx.comment",))
    click(window, "変更履歴: あれば断る")
    click(window, "この選択で戻る")
    settle(jobs, window)
    assert decide.isVisible()
    order = decide.draft.handle_request()
    assert (order.keep, order.revisions) == (("docx.comment",), "refuse")
    assert "1種類を残します" in decide.next._kept.text()
    assert desk.scrubbed == []


def test_a_refusal_and_a_cancel_lead_back_to_the_choice(
    open_window: Open, desk: FakeDesk, jobs: Jobs, qtbot: QtBot
) -> None:
    window = open_window(desk)
    shown = opened(window, jobs, Look(paths()))
    desk.failing = RuleViolation("scrub.blocked", articles=("14-7",))
    click(window, "取り除いた写しを作る")
    settle(jobs, window)
    assert shown.currentWidget() is shown.page
    assert shown.page.banner.isVisible()
    desk.failing, desk.gate = None, Event()
    click(window, "取り除いた写しを作る")
    qtbot.waitUntil(lambda: shown.working._now.text() == Path(paths()[0]).name)
    click(window, "中止する")
    settle(jobs, window)
    assert shown.currentWidget() is shown.page
    assert desk.scrubbed == []


def test_it_opens_from_the_navigation_and_takes_what_is_added(
    open_window: Open, desk: FakeDesk, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(desk)
    click(window, "保護と署名")
    settle(jobs, window)
    click(window, "付加情報を調べる")
    settle(jobs, window)
    page = findings(window).page
    assert isinstance(page, FindingsPage)
    assert not page._go.isEnabled()
    monkeypatch.setattr("meti_desk.ui.findings.page.choose_files", lambda _p: [PAPER])
    click(window, "ファイルを加える")
    settle(jobs, window)
    assert page.documents.paths == (PAPER,)
    assert page._go.isEnabled()
    click(window, "やめる")
    settle(jobs, window)
    assert window._pages["protecting"].isVisible()
