"""What goes on while nobody waits, as long as the store is open: sync, watched folders, news."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from meti_desk.ui.main.alerts import Alerts
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.main.learning import Learning
from meti_desk.ui.main.watcher import Watcher

if TYPE_CHECKING:
    from meti_desk.ui.main.notices import Notices


class Background(QObject):
    """Made when the store is opened first; rests while it is locked."""

    found = Signal()
    """Other documents wait for a decision than before."""
    wanted = Signal(str)
    """The person pressed a message and wants to see what came: the page where it stands."""

    def __init__(self, window: QWidget, desktop: Desktop) -> None:
        super().__init__(window)
        self.learning, self.watcher = Learning(desktop), Watcher(desktop)
        for one in (self.learning, self.watcher):
            one.setParent(self)
        self.alerts = Alerts(window)
        self.watcher.found.connect(lambda _count: self.found.emit())
        self.alerts.wanted.connect(self.wanted)

    def begin(self, notices: "Notices") -> None:
        """Begin; `notices` are new each time, as is the sidebar that shows them."""
        notices.arrived.connect(self.alerts.tell)
        self.learning.begin()
        self.watcher.read()

    def rest(self) -> None:
        """End all of it: the store is locked, or the window closes."""
        for one in (self.learning, self.watcher, self.alerts):
            one.stop()
