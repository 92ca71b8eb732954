"""The window: a gate (first run, unlock), then the pages with their navigation, or one task."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from meti_desk.ui.icons import begin_drawing, drawing
from meti_desk.ui.jobs import Jobs
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.main.page import Page
from meti_desk.ui.main.pages import makers
from meti_desk.ui.strings import Told, told, tr
from meti_desk.ui.widgets.banner import Banner
from meti_desk.ui.widgets.build import panel, row, rule

if TYPE_CHECKING:
    from meti_desk.services.messages import StoreState
    from meti_desk.ui.bulk.task import BulkTask
    from meti_desk.ui.main.asleep import SleepLock
    from meti_desk.ui.main.background import Background
    from meti_desk.ui.main.idle import IdleLock
    from meti_desk.ui.main.task import Task
    from meti_desk.ui.ports import Desk
    from meti_desk.ui.widgets.focus import FocusRing

SIZE = (1280, 820)
LEAST = (800, 560)
_UNPAINTED = 1500
"""Milliseconds after which the first page counts as painted in any case."""


class MainWindow(QWidget):
    """Shows one thing at a time; pages are made when they are first wanted."""

    ready = Signal()
    """The first thing that the person can use stands there, painted."""

    def __init__(
        self,
        desk: "Desk",
        jobs: Jobs,
        paths: tuple[str, ...] = (),
        known: "StoreState | None" = None,
    ) -> None:
        super().__init__()
        self.setWindowTitle(tr("情報取扱いデスク"))
        self.setProperty("ground", "page")
        self.setMinimumSize(*LEAST)
        self.resize(*SIZE)
        self.desktop = Desktop(desk, jobs)
        self._jobs = jobs
        self._paths = paths
        self._known = known
        self._painted = self._entered = self._told = self._closing = False
        self._pages: dict[str, Page] = {}
        self._notice = Banner()
        self._outer = QStackedWidget()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._notice)
        whole.addWidget(self._outer, 1)
        self._idle: IdleLock | None = None
        self.asleep: SleepLock | None = None
        self._ring: FocusRing | None = None
        self.background: Background | None = None
        self.desktop.page_wanted.connect(self._go_to)
        self.desktop.files_wanted.connect(self.open_files)
        self.desktop.records_wanted.connect(self._open_records)
        self.desktop.task_wanted.connect(self.open_task)
        self.desktop.lock_wanted.connect(self.lock)
        jobs.busy_changed.connect(self._busy)
        # A page without a gap leaves the window itself unpainted; nothing may wait for good.
        QTimer.singleShot(_UNPAINTED, self, self._first_painted)

    @property
    def idle(self) -> "IdleLock":
        """The lock after a time without input; made when the first page stands there."""
        if self._idle is None:
            from meti_desk.ui.main.idle import IdleLock

            self._idle = IdleLock(self)
            self._idle.expired.connect(self.lock)
        return self._idle

    def begin(self) -> None:
        """Show what follows from the state of the store, which is asked for if it is not known."""
        if self._known is not None:
            self.enter(self._known)
            return
        desk = self.desktop.desk
        self.desktop.ask(self, lambda _job: desk.state(), self.enter, self._notice)

    def enter(self, state: "StoreState") -> None:
        """Show first run, unlocking, or the work."""
        if state == "open":
            self._opened()
        elif state == "new":
            from meti_desk.ui.welcome.first_run import FirstRunPage

            first = FirstRunPage(self.desktop)
            first.opened.connect(self._opened)
            self._show_only(first)
        else:
            from meti_desk.ui.welcome.unlock import UnlockPage

            gate = UnlockPage(self.desktop)
            gate.opened.connect(self._unlocked)
            self._show_only(gate)
        self._entered = True
        self._tell_ready()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Let the background work begin when the first page has been painted."""
        super().paintEvent(event)
        if not self._painted:
            QTimer.singleShot(0, self, self._first_painted)

    def _first_painted(self) -> None:
        if not self._painted:
            self._painted = True
            self._tell_ready()

    def _tell_ready(self) -> None:
        if not self._painted:
            return
        if self._entered and not self._told:
            self._told = True
            self.ready.emit()
            QTimer.singleShot(0, self, self._complete)
        if not self._entered:
            self._jobs.release()

    def _complete(self) -> None:
        """Add what the first page could do without: focus indicator, icons, watch for idleness."""
        from meti_desk.ui.widgets.focus import FocusRing

        if self._ring is None and self.isVisible():
            self._ring = FocusRing(self)
            handle = self.windowHandle()
            if handle is not None:
                self.idle.watch(handle)
            self._watch_sleep()
        if not drawing():
            begin_drawing()
            self.retint()
        self._jobs.release()

    def _watch_sleep(self) -> None:
        from meti_desk.ui.main.asleep import SleepLock

        self.asleep = SleepLock(self)
        self.asleep.asleep.connect(self._slept)
        self.asleep.begin()

    def _slept(self) -> None:
        if self.desktop.desk.state() == "open":
            self.lock()

    def retint(self) -> None:
        """Draw all icons anew, after the first page was shown or the theme changed."""
        from meti_desk.ui.widgets.buttons import Button

        for button in self.findChildren(Button):
            button.tint()
        self.update()

    def _show_only(self, shown: QWidget) -> None:
        while (gone := self._outer.widget(0)) is not None:
            self._outer.removeWidget(gone)
            gone.deleteLater()
        self._pages = {}
        self._outer.addWidget(shown)
        if isinstance(shown, Page):
            shown.shown()

    def _opened(self) -> None:
        from meti_desk.ui.main.sidebar import Sidebar

        self.sidebar = Sidebar(self.desktop)
        self.sidebar.chosen.connect(self.open_page)
        self.sidebar.notices.told.connect(self._tell_news)
        self._stack = QStackedWidget()
        body = row(self.sidebar, rule("v"), spacing=0)
        body.addWidget(self._stack, 1)
        self._show_only(panel(body, "page"))
        self._read_idle()
        self.open_page("home")
        self.sidebar.notices.begin()
        self._begin_background()
        if self._paths:
            paths, self._paths = self._paths, ()
            self.open_files(list(paths))

    def _unlocked(self) -> None:
        """Open the work; somebody who tried passphrases meanwhile is told of."""
        self._opened()
        desk = self.desktop.desk

        def told_of(n: int) -> None:
            said = tr("前回から、誤ったパスフレーズが{n}回入力されました。", n=n)
            if n:
                self._notice.tell(Told(said), "warn")

        self.desktop.ask(self, lambda _job: desk.failed_before(), told_of, self._notice)

    def _begin_background(self) -> None:
        from meti_desk.ui.main.background import Background

        if self.background is None:
            self.background = Background(self, self.desktop)
            self.background.found.connect(self._found)
            self.background.wanted.connect(self._see)
        self.background.begin(self.sidebar.notices)

    def _rest(self) -> None:
        if self.background is not None:
            self.background.rest()

    def _see(self, page: str) -> None:
        """Show what a message told of; nothing while locked, or above work that is under way."""
        if not self._pages or self._outer.currentIndex() > 0:
            return
        if page == "corrections":
            self.open_page("home")
            self.open_task(page)
        else:
            self.open_page(page)

    def _found(self) -> None:
        """Show on ホーム what was found, when that is what is looked at."""
        page = self._pages.get("home")
        if page is not None and page.isVisible():
            page.shown()

    def _tell_news(self, said: str) -> None:
        if said:
            self._notice.tell(Told(said), "well")
        else:
            self._notice.hide()

    def _read_idle(self) -> None:
        from meti_desk.ui.settings.page import IDLE, IDLE_STANDARD

        desk = self.desktop.desk

        def done(minutes: str) -> None:
            self.idle.set_minutes(int(minutes) if minutes.isdigit() else IDLE_STANDARD)

        self.desktop.ask(
            self, lambda _job: desk.setting(IDLE, str(IDLE_STANDARD)), done, self._notice
        )

    def open_page(self, name: str) -> None:
        """Show a page, made now if it was not shown before."""
        if name == "documents":
            self.sidebar.mark(self._current())
            self.open_files([])
            return
        page = self._pages.get(name)
        if page is None:
            page = makers()[name](self.desktop)
            self._pages[name] = page
            self._stack.addWidget(page)
        self._outer.setCurrentIndex(0)
        self._stack.setCurrentWidget(page)
        self.sidebar.mark(name)
        page.shown()

    def _go_to(self, name: str) -> None:
        """Show a page that something else led to, and give it the keyboard."""
        from meti_desk.ui.main.above import enter

        self.open_page(name)
        if name in self._pages:
            enter(self._pages[name])

    def _open_records(self, events: tuple[str, ...]) -> None:
        from meti_desk.ui.ledger.page import LedgerPage

        self.open_page("ledger")
        page = self._pages["ledger"]
        if isinstance(page, LedgerPage):
            page.show_only(events)

    def open_task(self, name: str, about: object = None) -> None:
        """Show a task above what is shown now, and go back there when the person is done."""
        from meti_desk.ui.main import tasks
        from meti_desk.ui.main.above import open_above

        task = tasks.makers()[name](self.desktop, about)
        open_above(self._outer, task, tasks.left_of(task))

    def _current(self) -> str:
        shown = self._stack.currentWidget()
        return next((name for name, page in self._pages.items() if page is shown), "home")

    def open_files(self, paths: list[str]) -> None:
        """Show the decision screen; with no paths the person adds them there.

        Folders and many files get a decision of their own kind: one for all of them.
        """
        from meti_desk.ui.main.drop import are_many

        if are_many(paths):
            self._open_many(tuple(paths))
            return
        from meti_desk.ui.main.task import Task

        task = Task(self.desktop, tuple(paths))
        task.many_wanted.connect(lambda paths: self._many_instead(task, paths))
        task.more_wanted.connect(lambda: self._again(task))
        self._put_above(task)

    def _open_many(self, paths: tuple[str, ...]) -> None:
        from meti_desk.ui.bulk.task import BulkTask

        self._put_above(BulkTask(self.desktop, paths))

    def _put_above(self, task: "Task | BulkTask") -> None:
        from meti_desk.ui.main.above import enter

        task.left.connect(lambda: self._leave(task))
        self._outer.addWidget(task)
        self._outer.setCurrentWidget(task)
        enter(task)

    def _many_instead(self, task: QWidget, paths: tuple[str, ...]) -> None:
        self._leave(task)
        self._open_many(paths)

    def _leave(self, task: QWidget) -> None:
        self._outer.removeWidget(task)
        task.deleteLater()
        below = self._outer.widget(self._outer.count() - 1)
        if self._outer.count() > 1 and below is not None:  # opened from another one: back to that
            self._outer.setCurrentWidget(below)
            return
        self.open_page(self._current())

    def _again(self, task: QWidget) -> None:
        from meti_desk.ui.main.drop import choose_files

        self._leave(task)
        paths = choose_files(self)
        if paths:
            self.open_files(paths)

    def lock(self) -> None:
        """Drop the key and ask for the passphrase; not in the midst of work."""
        if self._jobs.busy:
            self._notice.tell(Told(tr("作業が終わってからロックします。")), "warn")
            self._lock_later = True
            return
        self._lock_later = False
        self.idle.set_minutes(0)
        self._rest()
        desk = self.desktop.desk
        self.desktop.ask(
            self, lambda _job: desk.lock(), lambda _n: self.enter("locked"), self._notice
        )

    _lock_later = False

    def _busy(self, busy: bool) -> None:  # noqa: FBT001 - the signal's own argument
        if busy:
            return
        if self._closing:
            self.close()
        elif self._lock_later:
            self._notice.hide()
            self.lock()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close at once, or stop the work at its next safe point and close then."""
        if self._jobs.busy:
            self._closing = True
            self._jobs.cancel_all()
            self._notice.tell(
                Told(tr("作業を中止しています。今のファイルが終わりしだい閉じます。")), "warn"
            )
            event.ignore()
            return
        self._rest()
        if self._ring is not None:
            self._ring.stop()
            self._ring = None
        super().closeEvent(event)

    def rebuild(self, page: str) -> None:
        """Make everything anew, after the look or the language changed, and show a page."""
        self.setWindowTitle(tr("情報取扱いデスク"))
        self._opened()
        self.open_page(page)

    def tell_error(self, error: Exception) -> None:
        """Show an error above everything."""
        self._notice.tell(told(error))
