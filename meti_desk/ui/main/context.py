"""What every page is given: the desk, the jobs, and the few things that all pages share."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from meti_desk.ui.jobs import Job, Jobs
from meti_desk.ui.strings import Told, told
from meti_desk.ui.widgets.banner import Banner

if TYPE_CHECKING:
    from meti_desk.ui.ports import Desk

T = TypeVar("T")


class Desktop(QObject):
    """The window's own state: where the person is, and the ways to other pages."""

    place_changed = Signal()
    page_wanted = Signal(str)
    """Ask for a page by its name: `home`, `documents`, `findings`, `selfcheck`, `ledger`, …"""
    files_wanted = Signal(list)
    """Ask for the decision screen with these paths."""
    records_wanted = Signal(object)
    """Ask for 取扱記録, with these entries alone."""
    task_wanted = Signal(str, object)
    """Ask for a task above the page, by its name in `ui.main.tasks`, and what it is about."""
    watching_changed = Signal()
    """Other folders are watched from now on."""
    waiting_changed = Signal()
    """What waits for this person may be another now: asked, decided, reported, synced."""
    lock_wanted = Signal()
    appearance_wanted = Signal()
    """The person changed theme, language or text size: show everything anew."""

    def __init__(self, desk: "Desk", jobs: Jobs) -> None:
        super().__init__()
        self.desk = desk
        self.jobs = jobs
        self._inside = False

    @property
    def inside(self) -> bool:
        """Tell whether the person declared to be inside the 要管理対策区域; outside by default."""
        return self._inside

    def declare(self, *, inside: bool) -> None:
        """Keep what the person declares about the place, until the window closes."""
        self._inside = inside
        self.place_changed.emit()

    def ask(
        self,
        owner: QObject,
        work: Callable[[Job], T],
        done: Callable[[T], None],
        banner: Banner,
        failed: Callable[[Exception], None] | None = None,
        heard: Callable[[int, int, str], None] | None = None,
    ) -> Job:
        """Call the desk in the background; an error goes to the banner, then to `failed`.

        A desk that locked itself meanwhile asks for the passphrase again.
        """

        def lost(error: Exception) -> None:
            if getattr(error, "code", "") == "store.locked":
                self.lock_wanted.emit()
                return
            self.show_error(banner, told(error))
            if failed is not None:
                failed(error)

        return self.jobs.start(owner, work, done, lost, heard)

    def show_error(self, banner: Banner, said: Told) -> None:
        """Show an error in the page's banner."""
        banner.tell(said, "error")
