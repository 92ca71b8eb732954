"""Where a proposal comes from, sources taken at one press, and the 相談 about another's label."""

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from meti_desk.domain.errors import RuleViolation
from meti_desk.services.messages import Evidence
from meti_desk.ui import theme
from meti_desk.ui.classify.page import DecidePage
from meti_desk.ui.classify.picker import SourcePicker
from meti_desk.ui.jobs import Jobs
from meti_desk.ui.ledger.dragging import MIME, Carried, pack, unpack
from meti_desk.ui.ledger.page import LedgerPage
from meti_desk.ui.lineage.page import LineagePage
from meti_desk.ui.main.window import MainWindow
from meti_desk.ui.strings import reasons
from tests.ui import screenshots
from tests.ui.conftest import Open
from tests.ui.fake_desk import FakeDesk, paths
from tests.ui.screenshots import settle, task
from tests.ui.test_accessibility import check_labels_and_tables, check_names, takes_tab, walk
from tests.ui.test_flows import click, named, type_in
from tests.ui.test_whole_words import cut


def decided(open_window: Open, desk: FakeDesk, jobs: Jobs) -> tuple[MainWindow, DecidePage]:
    window = open_window(desk, paths())
    settle(jobs, window)
    return window, task(window).decide


@pytest.mark.parametrize(
    ("item", "what", "said", "found"),
    [
        (
            Evidence("c", "2", "source", "要領.docx", "page 3", "評価の観点は次のとおり"),
            "機密性2",
            "元の文書「要領.docx」から受け継ぎます。",
            "「評価の観点は次のとおり」（3ページ）",
        ),
        (
            Evidence("c", "?", "source", "下書き.docx", "", "同じ文"),
            "未決定",
            "元の文書「下書き.docx」は、格付が決まっていません。",
            "「同じ文」",
        ),
        (
            Evidence("c", "3", "detector", "my-number", "page 2", "1234****", 3),
            "機密性3",
            "個人番号（マイナンバー）と思われる番号があります。",
            "「1234****」（2ページ）　ほか2か所",
        ),
        (
            Evidence("c", "2", "foreign-label", "Confidential"),
            "機密性2",
            "ほかの製品の分類「Confidential」が付いています。",
            "",
        ),
        (
            Evidence("c", "?", "foreign-label", "Geheim"),
            "未決定",
            "ほかの製品の分類「Geheim」は方針になく、格付が決まりません。",
            "",
        ),
        (
            Evidence("c", "2", "mark", "機密性２情報", "header"),
            "機密性2",
            "文書に「機密性２情報」と表示されています（ヘッダー）。",
            "",
        ),
        (
            Evidence("restriction", "複製禁止", "record", "x"),
            "複製禁止",
            "取扱記録では、この文書は複製禁止です。",
            "",
        ),
        (
            Evidence("c", "1", "policy"),
            "機密性1",
            "方針により機密性1を提案します。",
            "",
        ),
    ],
)
def test_each_origin_is_said_in_words(item: Evidence, what: str, said: str, found: str) -> None:
    reason = reasons((item,))[0]
    assert (reason.what, reason.said, reason.found) == (what, said, found)


def test_more_evidence_opens_at_a_press(open_window: Open, desk: FakeDesk, jobs: Jobs) -> None:
    desk.said = tuple(Evidence("c", "2", "source", f"文書{at}.docx") for at in range(9))
    window, page = decided(open_window, desk, jobs)

    def shown() -> int:
        QApplication.processEvents()
        labels = page.label.evidence.findChildren(QLabel)
        return sum(1 for one in labels if one.isVisible() and one.text().startswith("元の文書"))

    assert shown() == 4
    click(window, "ほかの手がかり5件")
    assert shown() == 9
    assert not page.label.evidence.more.isVisible()


def test_a_found_source_is_taken_at_one_press_and_given_back(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window, page = decided(open_window, desk, jobs)
    click(window, "令和7年度_評価の観点.docxを元の文書にする")
    settle(jobs, window)
    assert page.draft.classify_request().sources == ("id:doc-7",)
    assert desk.suggested[-1] == ("id:doc-7",)
    click(window, "令和7年度_評価の観点.docxを元の文書から外す")
    settle(jobs, window)
    assert page.draft.sources == ()
    assert named(window, "令和7年度_評価の観点.docxを元の文書にする")


def test_a_passage_that_everybody_uses_is_set_aside(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window, page = decided(open_window, desk, jobs)
    click(window, "令和7年度_評価の観点.docxと一致する文は定型文なので除く")
    settle(jobs, window)
    assert desk.ignored[0].startswith("採点は")
    assert not [one for one in page._suggested if one.sources]


def test_a_row_of_the_record_is_dragged_onto_the_decision(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window, page = decided(open_window, desk, jobs)
    click(window, "取扱記録から元の文書を選ぶ")
    settle(jobs, window)
    picker = page.findChildren(SourcePicker)[0]
    row = next(
        at
        for at in range(picker.model.rowCount())
        if (entry := picker.model.row(at)) is not None and entry.title == "人事異動案.xlsx"
    )
    data = picker.model.mimeData([picker.model.index(row, 0), picker.model.index(row, 2)])
    where, none = page.rect().center(), Qt.KeyboardModifier.NoModifier
    action, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    enter = QDragEnterEvent(where, action, data, left, none)
    QApplication.sendEvent(page, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(page, QDropEvent(QPointF(where), action, data, left, none))
    settle(jobs, window)
    assert page.draft.sources == ("id:doc-5",)
    assert named(window, "人事異動案.xlsxを元の文書から外す")


def test_the_picker_takes_a_document_by_keyboard(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window, page = decided(open_window, desk, jobs)
    click(window, "取扱記録から元の文書を選ぶ")
    settle(jobs, window)
    picker = page.findChildren(SourcePicker)[0]
    assert not picker.take.isEnabled()
    type_in(picker.search.edit, "統計")
    settle(jobs, window, picker)
    assert picker.model.rowCount() == 2
    picker.table.selectRow(0)
    QTest.keyClick(picker.take, Qt.Key.Key_Space)
    settle(jobs, window)
    assert page.draft.titles == {"id:doc-3": "統計公表資料.pdf"}
    picker.close()


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_picker_is_whole_named_and_walked_by_tab(jobs: Jobs, scale: float) -> None:
    window, _desk = screenshots.make("picker", theme.Theme("light", scale), jobs)
    try:
        picker = window.findChildren(SourcePicker)[0]
        picker.activateWindow()
        QApplication.processEvents()
        check_names(picker)
        check_labels_and_tables(picker)
        assert cut(picker) == []
        wanted = {one for one in picker.findChildren(QWidget) if takes_tab(one)}
        assert wanted <= walk(picker, Qt.Key.Key_Tab)
    finally:
        window.close()
        window.deleteLater()


def test_a_document_is_copied_in_the_record_and_pasted_as_a_source(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window = open_window(desk)
    click(window, "取扱記録")
    settle(jobs, window)
    ledger = window._pages["ledger"]
    assert isinstance(ledger, LedgerPage)
    ledger.table.selectRow(0)
    ledger.table.setFocus()
    QTest.keyClick(ledger.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().mimeData().hasFormat(MIME)
    window.open_files(list(paths()))
    settle(jobs, window)
    page = task(window).decide
    page._go.setFocus()
    QTest.keyClick(page._go, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    settle(jobs, window)
    assert page.draft.sources == ("id:doc-0",)


def test_what_is_carried_comes_back_and_anything_else_is_nothing() -> None:
    held = (Carried("doc-1", "名前「改行\nあり」.docx"), Carried("doc-2", ""))
    assert unpack(pack(held)) == held
    assert unpack(None) == ()
    assert unpack(QMimeData()) == ()
    damaged = QMimeData()
    damaged.setData(MIME, b'[{"id": 1}]')
    assert unpack(damaged) == ()


def test_a_refused_change_offers_the_consultation_and_goes_on_with_its_answer(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window, page = decided(open_window, desk, jobs)
    desk.failing = RuleViolation("label.decided-by-other", articles=("7-1",), decider="高橋 次郎")
    click(window, "格付して保存する")
    settle(jobs, window)
    assert "高橋 次郎" in page.banner.accessibleName()
    form = page.next.consult
    assert form.isVisible()
    click(window, "相談を作成")
    assert desk.consulted == []
    type_in(form.reason.edit, "公表が済んだため")
    click(window, "相談を作成")
    settle(jobs, window)
    path, reason, proposed = desk.consulted[0]
    assert (path, reason, proposed.c) == (paths()[0], "公表が済んだため", 2)
    assert named(window, "相談書を開く")
    for field, text in zip(form._fields, ("高橋 次郎", "11月20日", "見直してよい"), strict=True):
        type_in(field.edit, text)
    settle(jobs, window)
    assert desk.planned[-1].label is not None
    assert desk.planned[-1].label.consulted == "高橋 次郎, 11月20日, 見直してよい"


def test_a_document_with_a_label_leads_to_its_picture(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    desk.labelled = frozenset(paths())
    window, _page = decided(open_window, desk, jobs)
    click(window, "元の文書と作られた文書を図で見る")
    settle(jobs, window)
    assert window.findChildren(LineagePage)[0].isVisible()
    click(window, "戻る")
    settle(jobs, window)
    assert task(window).isVisible()


def test_those_who_hold_a_changed_document_are_told_by_drafts(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    desk.notes = ("notice.descendants:3", "notice.recipients:2", "mark.page-too-small:4")
    window, _page = decided(open_window, desk, jobs)
    click(window, "格付して保存する")
    settle(jobs, window)
    result = task(window).result
    shown = [one.text() for one in result.findChildren(QLabel)]
    assert any("元に作られた文書の数" in one and one.endswith(" 3") for one in shown)
    assert any(one.endswith("（4ページ）") for one in shown)
    click(window, "補助金審査_結果案.docxの格付の変更を周知する下書きを作る")
    settle(jobs, window)
    assert [path for path, _out in desk.noticed] == [paths()[0]]
    assert any("周知先の一覧.docx" in one.text() for one in result.findChildren(QLabel))
