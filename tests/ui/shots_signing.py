"""The ways to the pages 署名する and 署名を確かめる, for their screenshots and checks."""

from typing import TYPE_CHECKING

from meti_desk.ui.signing.task import SignTask
from meti_desk.ui.verifying.task import VerifyTask
from tests.ui.fake_desk import FOLDER, FakeDesk, paths

if TYPE_CHECKING:
    from meti_desk.ui.main.window import MainWindow


def signing(window: "MainWindow") -> SignTask:
    """Find the task 署名する that is shown."""
    return window.findChildren(SignTask)[-1]


def verifying(window: "MainWindow") -> VerifyTask:
    """Find the task 署名を確かめる that is shown."""
    return window.findChildren(VerifyTask)[-1]


def show_sign(window: "MainWindow", desk: FakeDesk) -> None:
    """Sign a PDF with a stamp that is seen, and a Word file."""
    desk.own_key.use_p12("/home/sato/sato.p12")
    wanted = paths("審査委員_意見.pdf", "補助金審査_結果案.docx")
    window.desktop.task_wanted.emit("sign", wanted)
    _settle(window)
    page = signing(window).page
    page.reason.edit.setText("承認します")
    page.secret.edit.setText(desk.signatures.SECRET)
    page.stamp.seen.setChecked(True)


def show_sign_result(window: "MainWindow", desk: FakeDesk) -> None:
    """Carry it out."""
    show_sign(window, desk)
    _settle(window)
    signing(window).page._start()


def show_verify(window: "MainWindow", _desk: FakeDesk) -> None:
    """Verify one of each kind."""
    names = ("合意書.pdf", "契約書.docx.p7s", "変更後.pdf", "失効.pdf", "未署名.docx")
    window.desktop.task_wanted.emit("verify", tuple(f"{FOLDER}/{name}" for name in names))


def show_verify_nothing(window: "MainWindow", _desk: FakeDesk) -> None:
    """Show the page before any file is there."""
    window.desktop.task_wanted.emit("verify", None)


def _settle(window: "MainWindow") -> None:
    from tests.ui.screenshots import settle

    settle(window._jobs)
