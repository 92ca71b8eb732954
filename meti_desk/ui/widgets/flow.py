"""A row of widgets that wraps, as words in a text do.

A widget rather than a layout: a layout written in Python has to answer Qt's `itemAt` with `None`
past its end, which the binding counts wrongly.
"""

from PySide6.QtCore import QEvent, QPoint, QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget


class Flow(QWidget):
    """Places widgets in lines; its height follows its width."""

    def __init__(self, gap: int = 8) -> None:
        super().__init__()
        self._held: list[QWidget] = []
        self._gap = gap
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def add(self, widget: QWidget) -> None:
        """Put a widget at the end."""
        widget.setParent(self)
        widget.show()
        self._held.append(widget)
        self._place()

    def clear(self) -> None:
        """Let everything go."""
        for widget in self._held:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
        self._held = []
        self._place()

    def parts(self) -> list[QWidget]:
        """Give the widgets in their order."""
        return list(self._held)

    def heightForWidth(self, width: int) -> int:
        """Give the height that a width needs."""
        return self._arrange(width, move=False)

    def sizeHint(self) -> QSize:
        """Give the size at the width that the widget has now."""
        width = self.width() if self.width() > 0 else 400
        return QSize(width, self._arrange(width, move=False))

    def minimumSizeHint(self) -> QSize:
        """Be as wide as the widest part and as high as the lines need now."""
        shown = (one for one in self._held if not one.isHidden())
        widest = max((one.sizeHint().width() for one in shown), default=0)
        return QSize(widest, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the lines anew."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._place()

    def event(self, event: QEvent) -> bool:
        """Break the lines anew when a part asks for another size."""
        done = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest:
            self._place()
        return done

    def _place(self) -> None:
        self._arrange(self.width(), move=True)
        self.updateGeometry()

    def _arrange(self, width: int, *, move: bool) -> int:
        x, y, line = 0, 0, 0
        for widget in self._held:
            if widget.isHidden():
                continue
            hint = widget.sizeHint()
            taken = min(hint.width(), width) if width > 0 else hint.width()
            if x > 0 and x + taken > width:
                x, y, line = 0, y + line + self._gap, 0
            if move:
                widget.setGeometry(QRect(QPoint(x, y), QSize(taken, hint.height())))
            x += taken + self._gap
            line = max(line, hint.height())
        return y + line
