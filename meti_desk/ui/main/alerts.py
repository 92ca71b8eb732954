"""Tells what came while another window is used: in the tray, or where there is none by the window.

Anybody may look at a screen, and messages stand on it when nobody asked for them: they name kinds
and numbers alone, never a document, a person or a reason.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEvent, QObject, Signal, SignalInstance
from PySide6.QtWidgets import QApplication, QWidget

from meti_desk.ui.strings import tr

if TYPE_CHECKING:
    from PySide6.QtWidgets import QSystemTrayIcon

    from meti_desk.ui.main.notices import News


class Tray(Protocol):
    """The place of the desktop where programs leave messages."""

    clicked: SignalInstance
    """The person pressed a message, or the icon."""

    def say(self, title: str, text: str) -> bool:
        """Show a message; tells whether there is a place for it."""

    def hide(self) -> None:
        """Take the icon away."""


class SystemTray(QObject):
    """The tray of the desktop; the icon is there from a message until the person is back."""

    clicked = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._icon: QSystemTrayIcon | None = None

    def say(self, title: str, text: str) -> bool:
        """Show a message; a desktop without a tray says so now, and may have one later."""
        from PySide6.QtWidgets import QSystemTrayIcon

        if not (QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages()):
            return False
        if self._icon is None:
            self._icon = self._made()
        self._icon.show()
        self._icon.showMessage(title, text, QSystemTrayIcon.MessageIcon.Information)
        return True

    def _made(self) -> "QSystemTrayIcon":
        from PySide6.QtWidgets import QSystemTrayIcon

        from meti_desk.ui.icons import icon

        made = QSystemTrayIcon(icon("shield", "primary", 32), self)
        made.setToolTip(tr("情報取扱いデスク"))
        made.messageClicked.connect(self.clicked)
        made.activated.connect(lambda _reason: self.clicked.emit())
        return made

    def hide(self) -> None:
        """Take the icon away: it would outlive the window."""
        if self._icon is not None:
            self._icon.hide()


class Alerts(QObject):
    """Watches one window; says nothing while it, or a dialog of it, is used."""

    wanted = Signal(str)
    """The person wants to see what came: the page where it stands."""

    def __init__(
        self,
        window: QWidget,
        tray: Tray | None = None,
        away: Callable[[], bool] | None = None,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._tray = tray if tray is not None else SystemTray(self)
        self._away = away or (lambda: QApplication.activeWindow() is None)
        self._page = ""
        self._tray.clicked.connect(self._clicked)
        window.installEventFilter(self)

    def tell(self, news: "News") -> None:
        """Tell what came, unless the person looks at the window, which tells it itself."""
        if not self._away():
            return
        self._page = news.page
        if not self._tray.say(tr("情報取扱いデスク"), news.said):
            QApplication.alert(self._window)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the icon away as soon as the person is back: the window tells the rest."""
        if event.type() == QEvent.Type.WindowActivate:
            self.stop()
        return super().eventFilter(watched, event)

    def _clicked(self) -> None:
        """Bring the window up, and tell the page where it stands what came."""
        window, page = self._window, self._page
        self.stop()
        if window.isMinimized():
            window.showNormal()
        window.show()
        window.raise_()
        window.activateWindow()
        if page:
            self.wanted.emit(page)

    def stop(self) -> None:
        """Take the icon away: the person is back, the window closes, or the store is locked."""
        self._page = ""
        self._tray.hide()
