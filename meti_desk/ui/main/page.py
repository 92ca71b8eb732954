"""The common shape of a page: it is told when it is shown, so that it asks for fresh figures."""

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from meti_desk.ui.main.context import Desktop
from meti_desk.ui.widgets.banner import Banner


class Page(QWidget):
    """A page of the window; `shown` is called each time that the person comes to it."""

    renews = False
    """Whether it is read anew when a task above it is done; its place in it is kept."""

    def __init__(self, desktop: Desktop) -> None:
        super().__init__()
        self.desktop = desktop
        self.banner = Banner()

    def hideEvent(self, event: QHideEvent) -> None:
        """Let what was said go with the page; a window that is minimised only waits."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.banner.hide()

    def shown(self) -> None:
        """Ask for what the page shows; pages override it."""
