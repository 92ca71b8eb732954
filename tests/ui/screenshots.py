"""Draws every page in both themes.

`python -m tests.ui.screenshots docs/screenshots [name…]`
"""
# ruff: noqa: E402 - platform and time zone are chosen before Qt is imported

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["TZ"] = "Asia/Tokyo"
time.tzset()

from msgspec.structs import replace
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from meti_desk.ui import theme
from meti_desk.ui.bulk.task import BulkTask
from meti_desk.ui.classify.picker import SourcePicker
from meti_desk.ui.emergency.page import EmergencyPage
from meti_desk.ui.findings.look import Look
from meti_desk.ui.findings.task import FindingsTask
from meti_desk.ui.handle.remaining import Remaining
from meti_desk.ui.jobs import Jobs
from meti_desk.ui.main.task import Task
from meti_desk.ui.main.window import MainWindow
from meti_desk.ui.redaction.task import RedactionTask
from meti_desk.ui.selfcheck.page import SelfCheckPage
from meti_desk.ui.settings.page import SettingsPage
from meti_desk.ui.splitting.task import JoinTask, SplitTask
from meti_desk.ui.welcome.unlock import UnlockPage
from meti_desk.ui.widgets.scroll import Scroll
from tests.ui import shots_permits, shots_recipients, shots_signing
from tests.ui.fake_desk import FakeDesk, paths
from tests.ui.fake_sync import CODE, URL

Step = Callable[[MainWindow, FakeDesk], None]


_SHORT = 2000
"""Milliseconds: timers up to this are pauses after typing, longer ones are not waited for."""


def settle(jobs: Jobs, *windows: QWidget) -> None:
    """Let the window work until nothing is under way and its short pauses are over."""
    loop = QEventLoop()
    timer = QTimer()
    timer.setInterval(5)
    quiet = [0]

    def pausing() -> bool:
        shown = windows or QApplication.topLevelWidgets()
        timers = [one for window in shown for one in window.findChildren(QTimer)]
        return any(t.isActive() and t.isSingleShot() and t.interval() < _SHORT for t in timers)

    def look() -> None:
        quiet[0] = 0 if jobs.busy or pausing() else quiet[0] + 1
        if quiet[0] > 2:
            loop.quit()

    timer.timeout.connect(look)
    timer.start()
    loop.exec()


def task(window: MainWindow) -> Task:
    """Find the task that is shown."""
    return window.findChildren(Task)[-1]


def _decide(window: MainWindow, _desk: FakeDesk) -> None:
    window.open_files(list(paths()))


def _provide(window: MainWindow, desk: FakeDesk) -> None:
    _decide(window, desk)
    settle(window._jobs)
    panel = task(window).decide.next
    panel.giving.to.edit.setText("iin@example.com")
    panel.giving._read()
    panel._choose("provide")
    settle(window._jobs)
    panel.measures.decided.emit("split", "no:一通で足りるため")


def _provide_password(window: MainWindow, desk: FakeDesk) -> None:
    """Give to somebody without a certificate: a password is asked about."""
    _provide(window, desk)
    giving = task(window).decide.next.giving
    giving.to.edit.setText("press@example.org")
    giving._read()


def _result(window: MainWindow, desk: FakeDesk) -> None:
    _provide(window, desk)
    settle(window._jobs)
    shown = task(window)
    shown._carry(shown.decide.draft)


def _working(window: MainWindow, _desk: FakeDesk) -> None:
    window.open_files(list(paths()))
    settle(window._jobs)
    shown = task(window)
    shown.setCurrentWidget(shown.working)
    shown.working.begin("保護しています")
    shown.working.step(1, 3, paths()[1])


def _check(window: MainWindow, _desk: FakeDesk) -> None:
    window.open_page("selfcheck")
    settle(window._jobs)
    page = window._pages["selfcheck"]
    assert isinstance(page, SelfCheckPage)
    page._go("give-1")
    page.question.answers.press(2)


def _review(window: MainWindow, _desk: FakeDesk) -> None:
    window.open_page("selfcheck")
    settle(window._jobs)
    page = window._pages["selfcheck"]
    assert isinstance(page, SelfCheckPage)
    page._go("_review")


def _ledger(window: MainWindow, _desk: FakeDesk) -> None:
    window.open_page("ledger")
    settle(window._jobs)
    page = window._pages["ledger"]
    page.table.selectRow(0)  # type: ignore[attr-defined]
    page._verify()  # type: ignore[attr-defined]


def many(count: int) -> list[str]:
    """Name many files in a few folders."""
    kinds = ("議事録.docx", "予算資料.xlsx", "説明資料.pptx", "通知.pdf", "名簿.csv")
    return [f"/home/sato/文書/部会{at % 3 + 1}/{at + 1:03d}_{kinds[at % 5]}" for at in range(count)]


def bulk_task(window: MainWindow) -> BulkTask:
    """Find the run over many files that is shown."""
    return window.findChildren(BulkTask)[-1]


def _bulk(window: MainWindow, desk: FakeDesk) -> None:
    desk.folders["/home/sato/文書"] = many(128)
    desk.labelled = frozenset(many(128)[3::5])
    window._open_many(("/home/sato/文書",))
    settle(window._jobs)
    page = bulk_task(window).decide
    page.label.confidentiality.button(2).click()
    page.report.setChecked(True)


def _bulk_working(window: MainWindow, desk: FakeDesk) -> None:
    _bulk(window, desk)
    shown = bulk_task(window)
    shown.setCurrentWidget(shown.working)
    shown.working.begin("まとめて格付を付けています")
    ticks = iter(range(1000))
    shown.working._remaining = Remaining(lambda: next(ticks) * 1.9)
    for done in range(41):
        shown.working.step(done, 128, many(128)[done])


def _bulk_result(window: MainWindow, desk: FakeDesk) -> None:
    _bulk(window, desk)
    settle(window._jobs)
    shown = bulk_task(window)
    shown._start(shown.decide.order())
    settle(window._jobs)
    shown.result.table.selectRow(5)


def _lineage(window: MainWindow, desk: FakeDesk) -> None:
    _ledger(window, desk)
    window.desktop.task_wanted.emit("lineage", "doc-0")


def _consult(window: MainWindow, desk: FakeDesk) -> None:
    _decide(window, desk)
    settle(window._jobs)
    page = task(window).decide
    page.add_source("id:doc-7", "令和7年度_評価の観点.docx")
    page.ask_consult()
    page.next.consult.reason.edit.setText("審査が終わり、結果を公表するため")
    page.next.consult._ask()


def _picker(window: MainWindow, desk: FakeDesk) -> None:
    _decide(window, desk)
    settle(window._jobs)
    task(window).decide._open_record()
    settle(window._jobs)
    window.findChildren(SourcePicker)[0].table.selectRow(1)


def findings(window: MainWindow) -> FindingsTask:
    """Find the look at 付加情報 that is shown."""
    return window.findChildren(FindingsTask)[-1]


def _findings(window: MainWindow, _desk: FakeDesk) -> None:
    names = ("補助金審査_結果案.docx", "審査委員_意見.pdf", "採点表.xlsx", "通知書_案.docx")
    window.desktop.task_wanted.emit("findings", Look(paths(*names)))
    settle(window._jobs)
    page = findings(window).page
    page.files.selectRow(1)
    page.tree.expandAll()
    page.tree.setCurrentIndex(page.model.index(0, 0, page.model.index(0, 0)))
    page.preview.ask()


def _findings_result(window: MainWindow, desk: FakeDesk) -> None:
    _findings(window, desk)
    settle(window._jobs)
    page = findings(window).page
    page.model.choose(("docx.author", "pdf.info"))
    page.report.setChecked(True)
    page._start()
    settle(window._jobs)
    result = findings(window).result
    result.tree.setCurrentIndex(result.model.index(2, 0))


def redaction(window: MainWindow) -> RedactionTask:
    """Find the redaction that is shown."""
    return window.findChildren(RedactionTask)[-1]


def _redaction(window: MainWindow, _desk: FakeDesk) -> None:
    window.desktop.task_wanted.emit(
        "redaction", paths("審査委員_意見.pdf", "補助金審査_結果案.docx")
    )
    settle(window._jobs)
    page = redaction(window).page
    page.words.setPlainText("株式会社甲乙\n山田 太郎")
    page.detectors["phone"].setChecked(True)
    page.sheet.typed.edit.setText("1, 20, 90, 120, 14")
    page.sheet._type()
    settle(window._jobs)
    page.tree.setCurrentIndex(page.model.index(0, 0))


def _redaction_result(window: MainWindow, desk: FakeDesk) -> None:
    _redaction(window, desk)
    redaction(window).page._start()


def splitting(window: MainWindow) -> SplitTask:
    """Find the task 分割する that is shown."""
    return window.findChildren(SplitTask)[-1]


def joining(window: MainWindow) -> JoinTask:
    """Find the task 結合する that is shown."""
    return window.findChildren(JoinTask)[-1]


def _split(window: MainWindow, _desk: FakeDesk) -> None:
    window.desktop.task_wanted.emit("split", paths("補助金審査_結果案.docx"))
    settle(window._jobs)
    rows = splitting(window).page.routes.rows
    rows[1].detail.setText("書留")
    rows[2].kind._choose("paper")


def _split_result(window: MainWindow, desk: FakeDesk) -> None:
    _split(window, desk)
    splitting(window).page._start()


def _join(window: MainWindow, _desk: FakeDesk) -> None:
    names = ("分割-3f2a9c1b-1of3.metipart", "届いたもの_changed.metipart")
    window.desktop.task_wanted.emit("join", paths(*names))
    settle(window._jobs)
    box = joining(window).page.words
    box.edit.setPlainText("babise badare bagagj bagide")


def _join_result(window: MainWindow, desk: FakeDesk) -> None:
    names = [f"分割-3f2a9c1b-{n}of3.metipart" for n in (1, 2, 3)]
    window.desktop.task_wanted.emit("join", paths(*names))
    settle(window._jobs)
    joining(window).page._start()


def _home_waiting(window: MainWindow, desk: FakeDesk) -> None:
    names = ("委託契約書_案.docx", "会議録_11月.docx", "見積書.pdf", "白書_公表版.pdf")
    desk.waiting = list(paths(*names))
    window.open_page("home")


def _settings_watch(window: MainWindow, desk: FakeDesk) -> None:
    desk.watching = ["/home/sato/文書/補助金", "/home/sato/ダウンロード"]
    window.open_page("settings")
    settle(window._jobs)
    page = window._pages["settings"]
    assert isinstance(page, SettingsPage)
    scroll = page.findChildren(Scroll)[0]
    QApplication.processEvents()
    scroll.ensureWidgetVisible(page.watching, 0, 200)


def _emergency(window: MainWindow, desk: FakeDesk) -> None:
    desk.emergency.take_notice("notice.json")
    desk.emergency.states["審査結果.csv"] = "replaced"
    window.desktop.task_wanted.emit("emergency", None)
    settle(window._jobs)
    page = window.findChildren(EmergencyPage)[-1]
    page.table.selectRow(len(page.algorithms.rows) - 1)
    page._ask_removal()


def _settings_keys(window: MainWindow, desk: FakeDesk) -> None:
    window.open_page("settings")
    settle(window._jobs)
    page = window._pages["settings"]
    assert isinstance(page, SettingsPage)
    page.keys.now.edit.setText(desk.passphrase)
    page.keys.back_up_to("/home/sato/鍵の控え.json")
    settle(window._jobs)
    QApplication.processEvents()
    page.findChildren(Scroll)[0].ensureWidgetVisible(page.keys, 0, 500)


def _settings_sync(window: MainWindow, desk: FakeDesk) -> None:
    desk.syncing.enrol(CODE, URL)
    desk.syncing.view = replace(
        desk.syncing.view, last="2026-11-20T09:12:00+09:00", trouble="sync.unreachable"
    )
    shots_permits.look(window)
    window.open_page("settings")
    settle(window._jobs)
    page = window._pages["settings"]
    assert isinstance(page, SettingsPage)
    page.sync.show_outgoing.click()
    settle(window._jobs)
    QApplication.processEvents()
    page.findChildren(Scroll)[0].ensureWidgetVisible(page.sync, 0, 400)


def _unlock_back(window: MainWindow, _desk: FakeDesk) -> None:
    window.findChildren(UnlockPage)[0].lost.click()


def _open(name: str) -> Step:
    return lambda window, _desk: window.open_page(name)


PAGES: dict[str, tuple[str, Step]] = {
    "welcome": ("new", lambda _w, _d: None),
    "unlock": ("locked", lambda _w, _d: None),
    "home": ("open", lambda _w, _d: None),
    "decide": ("open", _decide),
    "provide": ("open", _provide),
    "provide-password": ("open", _provide_password),
    "working": ("open", _working),
    "result": ("open", _result),
    "selfcheck": ("open", _check),
    "selfcheck-review": ("open", _review),
    "ledger": ("open", _ledger),
    "lineage": ("open", _lineage),
    "bulk": ("open", _bulk),
    "bulk-working": ("open", _bulk_working),
    "bulk-result": ("open", _bulk_result),
    "protecting": ("open", _open("protecting")),
    "settings": ("open", _open("settings")),
    "emergency": ("open", _emergency),
    "settings-sync": ("open", _settings_sync),
    "settings-keys": ("open", _settings_keys),
    "unlock-back": ("locked", _unlock_back),
    "consult": ("open", _consult),
    "findings": ("open", _findings),
    "findings-result": ("open", _findings_result),
    "redaction": ("open", _redaction),
    "redaction-result": ("open", _redaction_result),
    "sign": ("open", shots_signing.show_sign),
    "sign-result": ("open", shots_signing.show_sign_result),
    "verify": ("open", shots_signing.show_verify),
    "verify-nothing": ("open", shots_signing.show_verify_nothing),
    "split": ("open", _split),
    "split-result": ("open", _split_result),
    "join": ("open", _join),
    "join-result": ("open", _join_result),
    "home-waiting": ("open", _home_waiting),
    "settings-watch": ("open", _settings_watch),
    "recipients": ("open", shots_recipients.show_recipients),
    "protect": ("open", shots_recipients.show_protect),
    "protect-password": ("open", shots_recipients.show_protect_password),
    "protect-result": ("open", shots_recipients.show_protected),
    "open": ("open", shots_recipients.show_open),
    "open-result": ("open", shots_recipients.show_opened),
    **shots_permits.PAGES,
}


DIALOGS: dict[str, tuple[str, Step]] = {"picker": ("open", _picker)}
"""Windows of their own beside the window; each has its tests where what it does is tested."""


def make(name: str, look: theme.Theme, jobs: Jobs) -> tuple[MainWindow, FakeDesk]:
    """Show one page in one look."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, look)
    state, step = PAGES.get(name) or DIALOGS[name]
    desk = FakeDesk(state)  # type: ignore[arg-type]
    window = MainWindow(desk, jobs)
    window.show()
    window.begin()
    settle(jobs)
    step(window, desk)
    settle(jobs)
    return window, desk


def main(folder: Path, names: list[str]) -> None:
    """Draw pages into a folder."""
    app = QApplication([])
    jobs = Jobs()
    folder.mkdir(parents=True, exist_ok=True)
    scale = float(os.environ.get("SHOT_SCALE", "1"))
    for name in names or [*PAGES, *DIALOGS]:
        for look in ("light", "dark"):
            window, _desk = make(name, theme.Theme(look, scale), jobs)
            focused = app.focusWidget()
            if isinstance(focused, QWidget):
                focused.clearFocus()
            dialogs = [one for one in window.findChildren(QDialog) if one.isVisible()]
            surface: QWidget = dialogs[0] if dialogs else window
            surface.grab().save(str(folder / f"{name}-{look}.png"))
            window.close()
            window.deleteLater()
    jobs.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
