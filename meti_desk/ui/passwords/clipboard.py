"""A password on the clipboard for thirty seconds, and no longer than it is still there."""

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication

CLEAR_AFTER = 30_000
"""Milliseconds until a copied password leaves the clipboard."""


class Clipboard(QObject):
    """Copies a secret and takes it away again, unless something else lies there by then."""

    cleared = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._secret = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(CLEAR_AFTER)
        self._timer.timeout.connect(self.clear)
        application = QCoreApplication.instance()
        if application is not None:
            # Nobody would be there any more to clear it.
            application.aboutToQuit.connect(self.clear)

    def copy(self, secret: str) -> None:
        """Put a secret there."""
        self._secret = secret
        QGuiApplication.clipboard().setText(secret)
        self._timer.start()

    def clear(self) -> None:
        """Take it away if it still lies there."""
        self._timer.stop()
        held, self._secret = self._secret, ""
        clipboard = QGuiApplication.clipboard()
        if held and clipboard.text() == held:
            clipboard.clear()
            self.cleared.emit()
