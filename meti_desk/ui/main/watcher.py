"""Looks around in the watched folders while nobody waits: at changes, and every minute.

Changes are told by the system for the folder itself; what lies deeper, or on a drive that tells
nothing, is found by the next look of the minute.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from meti_desk.services.messages import Watched
from meti_desk.ui.main.context import Desktop

if TYPE_CHECKING:
    from meti_desk.ui.jobs import Job

EVERY = 60_000
"""Milliseconds between two looks."""
_AFTER = 2_500
"""Milliseconds after a change: programs write a file in several steps."""


class Watcher(QObject):
    """Runs as long as the store is open; does nothing while no folder is watched."""

    found = Signal(int)
    """How many documents wait for a decision, when that changed."""

    def __init__(self, desktop: Desktop) -> None:
        super().__init__()
        self._desktop = desktop
        self._count: int | None = None
        self._looking: Job | None = None
        self._system: QFileSystemWatcher | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self.look)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_AFTER)
        self._soon.timeout.connect(self.look)
        desktop.watching_changed.connect(self.read)

    @property
    def watching(self) -> bool:
        """Tell whether any folder is watched."""
        return self._timer.isActive()

    def read(self) -> None:
        """Ask which folders are watched, and look at them once."""
        desk = self._desktop.desk
        self._desktop.jobs.start(
            self, lambda _job: desk.watched(), self._follow, lambda _error: self.stop(), idle=True
        )

    def stop(self) -> None:
        """Watch nothing: the store is locked, or the window closes."""
        self._timer.stop()
        self._soon.stop()
        if self._looking is not None:
            self._looking.cancel()
        if self._system is not None:
            self._system.deleteLater()
            self._system = None

    def _follow(self, folders: tuple[Watched, ...]) -> None:
        self.stop()
        if not folders:
            return
        self._system = QFileSystemWatcher([one.folder for one in folders], self)
        self._system.directoryChanged.connect(self._changed)
        self._timer.start()
        self.look()

    def _changed(self, _folder: str) -> None:
        self._soon.start()

    def look(self) -> None:
        """Look now, unless the last look still goes on."""
        if self._looking is not None:
            return
        desk = self._desktop.desk
        self._looking = self._desktop.jobs.start(
            self, lambda _job: desk.look_around(), self._looked, self._failed, idle=True
        )

    def _looked(self, waiting: int) -> None:
        self._looking = None
        if waiting != self._count:
            self._count = waiting
            self.found.emit(waiting)

    def _failed(self, _error: Exception) -> None:
        # A folder that cannot be read now is looked at again in a minute.
        self._looking = None
