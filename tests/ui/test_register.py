"""機密性3情報管理簿: searched, corrected, copies handed over and returned, stock taken."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from meti_desk.ui.jobs import Jobs
from meti_desk.ui.main.window import MainWindow
from meti_desk.ui.register.page import RegisterPage
from meti_desk.ui.register.stock import StockPage
from tests.ui.conftest import Open
from tests.ui.fake_desk import FakeDesk
from tests.ui.fake_permits import day
from tests.ui.screenshots import settle
from tests.ui.shots_permits import register
from tests.ui.test_flows import click, type_in

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(open_window: Open, desk: FakeDesk, jobs: Jobs) -> MainWindow:
    desk.register.fill(responsible=True)
    made = open_window(desk)
    made.sidebar.chosen.emit("register")
    settle(jobs, made)
    return made


@pytest.fixture
def page(window: MainWindow) -> RegisterPage:
    return register(window)


def shown(window: QWidget) -> str:
    return "\n".join(one.text() for one in window.findChildren(QLabel) if one.isVisible())


def choose(page: RegisterPage, entry: str) -> None:
    page.table.selectRow(page.model.place_of(entry))


def test_an_entry_says_who_has_what_and_what_is_to_be_done(page: RegisterPage, jobs: Jobs) -> None:
    choose(page, "e12")
    settle(jobs, page)
    texts = shown(page)
    assert "2026-0012-2　高橋 次郎　11月19日までに返却" in texts
    assert "返却の期限を過ぎています。" in texts
    choose(page, "e14")
    settle(jobs, page)
    assert "アクセスを認める者の範囲が未記入です（第11条第2項）。" in shown(page)
    assert "3（仮）" in shown(page)


def test_it_is_searched(page: RegisterPage, jobs: Jobs) -> None:
    page.search.edit.setText("人事")
    page.search.edit.returnPressed.emit()
    settle(jobs, page)
    assert [one.id for one in page.model.rows] == ["e13"]
    page.search.edit.setText("どこにもない")
    page.search.edit.returnPressed.emit()
    settle(jobs, page)
    assert "合うものはありません。" in shown(page)
    assert not page.entry.isVisible()


def test_an_entry_is_corrected_with_a_reason(
    page: RegisterPage, desk: FakeDesk, jobs: Jobs
) -> None:
    choose(page, "e14")
    click(page, "記載を直す…")
    assert page.entry.location.edit.hasFocus()
    type_in(page.entry.access.edit, "課長、係長")
    click(page, "記録する")
    assert desk.register.notes == []
    type_in(page.entry.reason.edit, "記載もれのため")
    click(page, "記録する")
    settle(jobs, page)
    (made,) = desk.register.notes
    assert (made.entry, made.access, made.reason) == ("e14", ("課長", "係長"), "記載もれのため")
    assert not page.entry.reason.isVisible()


def test_a_copy_is_handed_over_and_comes_back(
    page: RegisterPage, desk: FakeDesk, jobs: Jobs
) -> None:
    choose(page, "e13")
    click(page, "写しを渡す…")
    click(page, "記録する")
    assert page.entry.holder.edit.property("bad") == "true"
    type_in(page.entry.holder.edit, "審査 一郎")
    page.entry.due.show_iso(day(14))
    type_in(page.entry.permit.edit, "p3")
    type_in(page.entry.reason.edit, "審査のため")
    click(page, "記録する")
    settle(jobs, page)
    (made,) = desk.register.notes
    assert (made.new_copies, made.holders, made.due, made.permit) == (
        1, ("審査 一郎",), day(14), "p3",
    )  # fmt: skip
    choose(page, "e12")
    settle(jobs, page)
    click(page, "2026-0012-2の返却を記録する")
    settle(jobs, page)
    ((what, end),) = desk.register.ends
    assert (what, end.entry, end.copy) == ("return", "e12", "c2")


def test_erasure_is_recorded_with_its_way(page: RegisterPage, desk: FakeDesk, jobs: Jobs) -> None:
    choose(page, "e13")
    click(page, "消去・廃棄を記録する…")
    type_in(page.entry.how.edit, "専用ソフトで消去")
    type_in(page.entry.reason.edit, "不要になったため")
    click(page, "記録する")
    settle(jobs, page)
    ((what, end),) = desk.register.ends
    assert (what, end.entry, end.how, end.copy) == ("dispose", "e13", "専用ソフトで消去", "")
    assert page.model.place_of("e13") < 0
    page.ended.setChecked(True)
    settle(jobs, page)
    assert page.model.place_of("e13") >= 0


def test_it_is_exported(page: RegisterPage, desk: FakeDesk, jobs: Jobs, tmp_path: Path) -> None:
    page.export_to(str(tmp_path / "管理簿.csv"))
    settle(jobs, page)
    ((path, ended),) = desk.register.written
    assert (path.name, ended) == ("管理簿.csv", False)


def test_stock_is_taken_by_keyboard(
    window: MainWindow, page: RegisterPage, desk: FakeDesk, jobs: Jobs
) -> None:
    assert page.stock.isVisible()
    click(window, "棚卸しをする")
    settle(jobs, window)
    part = window.findChildren(StockPage)[-1].part
    assert not part.go.isEnabled()

    def press(key: Qt.Key) -> None:
        held = QApplication.focusWidget()
        assert held is not None
        QTest.keyClick(held, key, CTRL)

    press(Qt.Key.Key_A)
    press(Qt.Key.Key_1)
    part.choose((2,))
    press(Qt.Key.Key_3)
    assert part.note.edit.hasFocus(), "what is missing needs a word"
    type_in(part.note.edit, "金庫と棚を探した")
    press(Qt.Key.Key_3)
    assert part.model.text(2, 0) == "なし"
    click(window, "棚卸しを記録する")
    settle(jobs, window)
    (made,) = desk.register.stock
    assert [(one.entry, one.result) for one in made] == [
        ("e12", "present"), ("e13", "present"), ("e14", "missing"),
    ]  # fmt: skip
    banner = window.findChildren(StockPage)[-1].banner
    assert "交渉方針_案.docx" in banner.accessibleName()
    assert "第99条" in banner.accessibleName()


def test_staff_see_their_own_and_take_no_stock(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    desk.register.fill()
    window = open_window(desk)
    window.open_page("register")
    settle(jobs, window)
    assert not register(window).stock.isVisible()
    assert "自分が持つ分を示しています。" in shown(window)
