"""The decision screen tells how files are closed for those who receive them, and why."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from meti_desk.ui.classify.page import DecidePage
from meti_desk.ui.jobs import Jobs
from meti_desk.ui.main.window import MainWindow
from tests.ui.conftest import Open
from tests.ui.fake_desk import FakeDesk
from tests.ui.screenshots import settle
from tests.ui.test_flows import _provide, paths, type_in


def name(window: MainWindow, jobs: Jobs, page: DecidePage, mail: str) -> None:
    """Name another recipient in the place of those before."""
    edit = page.next.giving.to.edit
    edit.selectAll()
    QTest.keyClick(edit, Qt.Key.Key_Delete)
    if mail:
        type_in(edit, mail)
    settle(jobs, window)


def test_certificates_leave_no_password_to_ask(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window = open_window(desk, paths())
    settle(jobs, window)
    page = _provide(window, jobs).decide
    giving = page.next.giving
    assert giving.method.isVisibleTo(window)
    assert "パスワードを伝える必要がありません" in giving.method.text()
    assert not giving.keys.isVisibleTo(window)
    name(window, jobs, page, "tanaka@example.jp")
    assert giving.keys.isVisibleTo(window)
    assert "ふだんのアプリケーションで開けます" in giving.method.text()
    name(window, jobs, page, "keiri@example.co.jp")
    assert "暗号化した添付ファイルを止め" in giving.method.text()
    name(window, jobs, page, "")
    assert not giving.method.isVisibleTo(window)
    assert giving.keys.isVisibleTo(window)


def test_a_password_that_was_chosen_stays(open_window: Open, desk: FakeDesk, jobs: Jobs) -> None:
    window = open_window(desk, paths())
    settle(jobs, window)
    page = _provide(window, jobs).decide
    giving = page.next.giving
    name(window, jobs, page, "tanaka@example.jp")
    QTest.mouseClick(giving.password_kind.button("own"), Qt.MouseButton.LeftButton)
    type_in(giving.password.edit, "Kanaria-4711-zebra")
    name(window, jobs, page, "iin@example.com")
    assert giving.keys.isVisibleTo(window)
    assert page.draft.handle_request().password == "Kanaria-4711-zebra"
    giving.password.edit.selectAll()
    QTest.keyClick(giving.password.edit, Qt.Key.Key_Delete)
    settle(jobs, window)
    assert not giving.keys.isVisibleTo(window)
    assert giving.password_kind.value == "made"
