"""The focus indicator: 2 px yellow and 4 px black drawn outside the box, without moving anything.

A child of the window above all else follows the focused widget. It shows when the focus came by
keyboard, and always for fields that take text.
"""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QWidget,
)
from shiboken6 import isValid

from meti_desk.ui.theme import colour

_GAP, _INNER, _OUTER = 1, 2, 4
_REACH = _GAP + _INNER + _OUTER
_MOVES = frozenset(
    {
        QEvent.Type.Move,
        QEvent.Type.Resize,
        QEvent.Type.Show,
        QEvent.Type.Hide,
        QEvent.Type.ParentChange,
    }
)


def _scroll_to(area: QScrollArea, target: QWidget) -> None:
    """Scroll up or down so that all of a widget and its indicator can be seen, if that is possible.

    Qt's own `ensureWidgetVisible` brings of a field its cursor alone into sight.
    """
    inner, bar, room = area.widget(), area.verticalScrollBar(), area.viewport().height()
    if inner is None or not inner.isAncestorOf(target) or target.height() > room:
        return
    top = target.mapTo(inner, QPoint(0, 0)).y() - _REACH
    bottom = top + target.height() + 2 * _REACH
    if top < bar.value():
        bar.setValue(top)
    elif bottom > bar.value() + room:
        bar.setValue(bottom - room)


class FocusRing(QWidget):
    """Draws the indicator around whatever has the focus in `window`."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._followed: list[QWidget] = []
        self._target: QWidget | None = None
        self._before: QWidget | None = None
        self._clip = QRect()
        self._stopped = False
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._changed)
            self._changed(None, app.focusWidget())

    def stop(self) -> None:
        """Follow nothing any more: the window closes, and what it held may be gone next."""
        app = QApplication.instance()
        if isinstance(app, QApplication) and not self._stopped:
            app.focusChanged.disconnect(self._changed)
        self._stopped = True
        self._let_go()
        self.hide()

    def _let_go(self) -> None:
        for one in self._followed:
            if isValid(one):
                one.removeEventFilter(self)
        self._followed = []
        self._target = None

    def _changed(self, old: QWidget | None, new: QWidget | None) -> None:
        self._let_go()
        by_mouse = QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton
        typed = isinstance(new, QLineEdit | QPlainTextEdit)
        if new is None or new.window() is not self.window() or (by_mouse and not typed):
            self.hide()
            return
        back = old is None and new is self._before
        self._target = self._before = new
        walk: QWidget | None = new
        while walk is not None and walk is not self.window():
            walk.installEventFilter(self)
            self._followed.append(walk)
            walk = walk.parentWidget()
        self._place()
        if not back:
            QTimer.singleShot(0, self, self._bring_into_sight)

    def _bring_into_sight(self) -> None:
        """Scroll to what has the keyboard; Qt does so for Tab alone, not where a page gives it.

        Who comes back from another window finds the page as it was left.
        """
        target = self._target
        if target is None or not isValid(target):
            return
        walk = target.parentWidget()
        while walk is not None and walk is not self.window():
            if isinstance(walk, QScrollArea):
                _scroll_to(walk, target)
            walk = walk.parentWidget()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow when the focused widget, or anything that holds it, moves."""
        if event.type() in _MOVES:
            self._place()
        if event.type() == QEvent.Type.Resize and isinstance(watched, QScrollArea):
            QTimer.singleShot(0, self, self._bring_into_sight)  # a banner took some of the room
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        target = self._target
        window = self.window()
        if target is None or not isValid(target) or not target.isVisible():
            self.hide()
            return
        box = QRect(target.mapTo(window, QPoint(0, 0)), target.size())
        seen = window.rect()
        walk = target.parentWidget()
        while walk is not None and walk is not window:
            if isinstance(walk, QAbstractScrollArea):
                port = walk.viewport()
                clip = QRect(port.mapTo(window, QPoint(0, 0)), port.size())
                seen &= clip.adjusted(-_REACH, -_REACH, _REACH, _REACH)
            walk = walk.parentWidget()
        ring = box.adjusted(-_REACH, -_REACH, _REACH, _REACH) & seen
        if ring.isEmpty():
            self.hide()
            return
        self._clip = box.translated(-ring.topLeft())
        self.setGeometry(ring)
        self.raise_()
        self.show()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint both lines around the box."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for width, reach, role in (
            (_OUTER, _GAP + _INNER + _OUTER / 2, "focus-outer"),
            (_INNER, _GAP + _INNER / 2, "focus"),
        ):
            painter.setPen(QPen(colour(role), width))
            box = QRectF(self._clip).adjusted(-reach, -reach, reach, reach)
            painter.drawRoundedRect(box, 8 + reach, 8 + reach)
        painter.end()
