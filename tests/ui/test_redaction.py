"""墨消し: words, areas and personal data chosen, found, seen on the page, and carried out."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication

from meti_desk.domain.clues import DETECTORS
from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.redaction import RedactionArea, RedactionPlace
from meti_desk.services.redaction_messages import RedactionPreview
from meti_desk.ui.findings.look import Look
from meti_desk.ui.jobs import Jobs
from meti_desk.ui.main.window import MainWindow
from meti_desk.ui.redaction.places import PlacesModel, area_words, detector_words, read_area
from meti_desk.ui.redaction.task import RedactionTask
from tests.ui.conftest import Open
from tests.ui.fake_desk import FOLDER, FakeDesk, paths
from tests.ui.screenshots import redaction, settle
from tests.ui.test_flows import click

PAPER, WORD = f"{FOLDER}/意見.pdf", f"{FOLDER}/案.docx"


def opened(window: MainWindow, jobs: Jobs, *named: str) -> RedactionTask:
    window.desktop.task_wanted.emit("redaction", named or (PAPER, WORD))
    settle(jobs, window)
    return redaction(window)


def roots(model: PlacesModel) -> list[tuple[str, str]]:
    cells = range(model.rowCount())
    return [(str(model.data(model.index(r, 0))), str(model.data(model.index(r, 2)))) for r in cells]


def test_every_detector_has_a_word() -> None:
    assert set(detector_words()) == set(DETECTORS)


@pytest.mark.parametrize(
    "text", ["", "1", "1,2,3,4", "0,1,1,1,1", "1,1,1,0,1", "1,-1,1,1,1", "1.5,1,1,1,1", "a,1,1,1,1"]
)
def test_what_is_no_area_is_refused(text: str) -> None:
    assert read_area(text) is None


def test_an_area_is_read_in_millimetres_also_when_typed_wide() -> None:
    area = read_area("２、２５.4, 0, 50.8, 25.4")
    assert area == RedactionArea(2, 72, 0, 144, 72)
    assert area_words(area) == "2, 25, 0, 51, 25"


def test_places_belong_to_what_was_asked_for(qapp: QApplication) -> None:
    model = PlacesModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, qapp)
    box = RedactionArea(1, 10, 10, 50, 12)
    found = (
        RedactionPlace(place="page 1", reason="word", text="山　田", boxes=(box,)),
        RedactionPlace(place="page 2", reason="word", text="山田 太郎"),
        RedactionPlace(place="page 2", reason="phone", text="03-****-1511", count=3),
    )
    row = RedactionPreview(path=PAPER, places=found)
    model.show_places(("山田", "山田太郎", "甲乙"), ("phone",), (), (row,))
    assert roots(model) == [
        ("語句「山田」", "1"),
        ("語句「山田太郎」", "1"),
        ("語句「甲乙」", "0"),
        ("電話番号", "3"),
    ]
    assert model.boxes(PAPER, 1) == [box]
    model.setData(model.index(0, 0), None, Qt.ItemDataRole.CheckStateRole)
    assert model.boxes(PAPER, 1) == []
    assert model.off == {"word:山田"}


def test_words_and_data_are_found_unchecked_and_carried_out(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window = open_window(desk)
    shown = opened(window, jobs)
    page = shown.page
    assert not page._go.isEnabled()
    for word in ("kou", "otsu"):
        QTest.keyClicks(page.words, word)
        QTest.keyClick(page.words, Qt.Key.Key_Return)
    page.detectors["phone"].setChecked(True)
    click(window, "見つける")
    settle(jobs, window)
    assert roots(page.model) == [("語句「kou」", "2"), ("語句「otsu」", "2"), ("電話番号", "4")]
    page.tree.setCurrentIndex(page.model.index(1, 0))
    QTest.keyClick(page.tree, Qt.Key.Key_Space)
    click(window, "墨消しした写しを作る")
    settle(jobs, window)
    (order,) = desk.redacted
    assert (order.words, order.detectors, order.areas) == (("kou",), ("phone",), ())
    assert order.out == f"{FOLDER}/墨消し"
    assert shown.currentWidget() is shown.result
    told = shown.result.model
    black = told.index(0, 0, told.index(0, 0))
    assert told.data(black) == "墨消しした箇所"
    assert told.data(told.index(1, 0, black)) == "電話番号"
    assert "消した箇所 6か所" in shown.result._says.text()


def test_an_area_is_drawn_or_typed_and_taken_back(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window = open_window(desk)
    page = opened(window, jobs).page
    canvas = page.sheet.canvas
    assert canvas.filled
    middle = canvas.width() // 2
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(middle - 40, 100))
    QTest.mouseMove(canvas, QPoint(middle, 110))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(middle + 40, 130))
    settle(jobs, window)
    (area,) = page.order().areas
    scale = canvas.height() / 842
    assert area.page == 1
    assert area.width == pytest.approx(80 / scale, abs=1)
    assert area.y == pytest.approx(100 / scale, abs=1)
    page.sheet.typed.edit.setFocus()
    QTest.keyClicks(page.sheet.typed.edit, "2, 10, 10, 50, 20")
    QTest.keyClick(page.sheet.typed.edit, Qt.Key.Key_Return)
    settle(jobs, window)
    assert [one.page for one in page.order().areas] == [1, 2]
    assert page.sheet._page == 2
    QTest.keyClicks(page.sheet.typed.edit, "nothing")
    click(window, "範囲を加える")
    assert page.sheet.typed._wrong.isVisible()
    page.tree.setCurrentIndex(page.model.index(0, 0))
    click(window, "範囲を外す")
    settle(jobs, window)
    assert [one.page for one in page.order().areas] == [2]


def test_the_page_is_shown_as_it_will_look(open_window: Open, desk: FakeDesk, jobs: Jobs) -> None:
    window = open_window(desk)
    page = opened(window, jobs).page
    page.add_area(RedactionArea(1, 0, 0, 595, 842))
    settle(jobs, window)
    canvas = page.sheet.canvas
    centre = QPoint(canvas.width() // 2, canvas.height() - 20)
    assert canvas.grab().toImage().pixelColor(centre).lightness() > 100
    click(window, "見本: 消した後")
    assert canvas.grab().toImage().pixelColor(centre).lightness() == 0
    page.files.selectRow(1)
    settle(jobs, window)
    assert not canvas.isVisible()
    assert "表示できません" in page.sheet._said.text()


def test_a_refusal_leads_back_and_the_look_leads_here(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window = open_window(desk)
    window.desktop.task_wanted.emit("findings", Look(paths()))
    settle(jobs, window)
    click(window, "墨消しする")
    settle(jobs, window)
    shown = redaction(window)
    assert shown.page.names.paths == paths()
    QTest.keyClicks(shown.page.words, "x")
    desk.failing = InvalidInput("redact.too-many-words", limit=1000)
    click(window, "墨消しした写しを作る")
    settle(jobs, window)
    assert shown.currentWidget() is shown.page
    assert shown.page.banner.isVisible()


def test_word_lists_of_the_policy_are_offered_as_detectors(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window = open_window(desk)
    page = opened(window, jobs).page
    page.detectors["word.hr"].setChecked(True)
    page._find()
    settle(jobs, window)
    assert desk.previewed[-1].detectors == ("word.hr",)
    assert roots(page.model)[0][0] == "人事に関する語"
    assert page.order().detectors == ("word.hr",)
