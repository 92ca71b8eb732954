"""Looks at many files little by little, so that nothing else has to wait for it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from meti_desk.services.messages import InspectedFile
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.widgets.banner import Banner

if TYPE_CHECKING:
    from meti_desk.ui.jobs import Job

_AT_ONCE = 24
"""Files that one job looks at; between two of them the desk hears other questions."""


@dataclass
class Counts:
    """How far the look is."""

    total: int = 0
    seen: int = 0
    labelled: int = 0
    unread: int = 0

    @property
    def open(self) -> int:
        """Count the files without a label so far."""
        return self.seen - self.labelled - self.unread


class Counting(QObject):
    """Counts which files have a label already; stops when asked."""

    def __init__(self, desktop: Desktop, banner: Banner, told: Callable[[Counts], None]) -> None:
        super().__init__()
        self._desktop, self._banner, self._told = desktop, banner, told
        self._left: tuple[str, ...] = ()
        self._job: Job | None = None
        self.counts = Counts()

    def begin(self, paths: tuple[str, ...]) -> None:
        """Look at these files."""
        self.counts = Counts(total=len(paths))
        self._left = paths
        self._next()

    def stop(self) -> None:
        """Look no further."""
        self._left = ()
        if self._job is not None:
            self._job.cancel()

    def _next(self) -> None:
        part, self._left = self._left[:_AT_ONCE], self._left[_AT_ONCE:]
        self._told(self.counts)
        if not part:
            self._job = None
            return
        desk = self._desktop.desk
        self._job = self._desktop.ask(
            self, lambda job: desk.inspect(part, job), self._seen, self._banner
        )

    def _seen(self, rows: tuple[InspectedFile, ...]) -> None:
        counts = self.counts
        counts.seen += len(rows)
        counts.unread += sum(1 for one in rows if one.error is not None)
        counts.labelled += sum(1 for one in rows if one.label is not None and one.label.decided)
        self._next()
