"""The ways to the pages 宛先, 保護する and 開く, for their screenshots and checks."""

from typing import TYPE_CHECKING

from meti_desk.ui.opening.task import OpenTask
from meti_desk.ui.protect.task import ProtectTask
from meti_desk.ui.recipients.page import RecipientsPage
from tests.ui.fake_desk import FakeDesk, paths

if TYPE_CHECKING:
    from meti_desk.ui.main.window import MainWindow


def recipients(window: "MainWindow") -> RecipientsPage:
    """Find the page 宛先."""
    page = window._pages["recipients"]
    assert isinstance(page, RecipientsPage)
    return page


def protecting(window: "MainWindow") -> ProtectTask:
    """Find the task 保護する that is shown."""
    return window.findChildren(ProtectTask)[-1]


def opening(window: "MainWindow") -> OpenTask:
    """Find the task 開く that is shown."""
    return window.findChildren(OpenTask)[-1]


def show_recipients(window: "MainWindow", _desk: FakeDesk) -> None:
    """Choose a recipient whose certificate no root vouches for."""
    window.open_page("recipients")
    _settle(window)
    page = recipients(window)
    page.table.selectRow(page.model.place_of("keiri@example.co.jp"))


def show_protect(window: "MainWindow", _desk: FakeDesk) -> None:
    """Protect two files for a recipient with a certificate."""
    window.desktop.task_wanted.emit("protect", paths("補助金審査_結果案.docx", "採点表.xlsx"))
    _settle(window)
    protecting(window).page.to.take("iin@example.com")


def show_protect_password(window: "MainWindow", _desk: FakeDesk) -> None:
    """Protect a file for somebody who stops encrypted attachments, by an own password."""
    window.desktop.task_wanted.emit("protect", paths("補助金審査_結果案.docx"))
    _settle(window)
    page = protecting(window).page
    page.to.take("keiri@example.co.jp")
    _settle(window)
    page.how.by.button("own").click()
    page.how.password.edit.setText("kanji-2026")


def show_protected(window: "MainWindow", desk: FakeDesk) -> None:
    """Show what came of it, with the password."""
    window.desktop.task_wanted.emit("protect", paths("補助金審査_結果案.docx"))
    _settle(window)
    del desk
    protecting(window).page._start()


def show_open(window: "MainWindow", desk: FakeDesk) -> None:
    """Open a file with the own key, at a wrong password."""
    desk.own_key.use_p12("/home/sato/鍵/sato.p12", "once")
    window.desktop.task_wanted.emit("open", paths("回答.xlsx.p7m"))
    _settle(window)
    page = opening(window).page
    page.way.button("key").click()
    page.secret.edit.setText("違う")
    page._start()


def show_opened(window: "MainWindow", _desk: FakeDesk) -> None:
    """Show what was taken out."""
    window.desktop.task_wanted.emit("open", paths("回答.xlsx.p7m"))
    _settle(window)
    page = opening(window).page
    page.secret.edit.setText("正しい")
    page._start()


def _settle(window: "MainWindow") -> None:
    from tests.ui.screenshots import settle

    settle(window._jobs)
