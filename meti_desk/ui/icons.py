"""Line icons, tinted with a colour of the theme at the moment they are painted.

Drawing them loads `Qt` with its hundred enumerations, so that the first page is shown without; its
icons come right after it.
"""

from PySide6.QtGui import QIcon, QPaintEvent
from PySide6.QtWidgets import QWidget

from meti_desk.ui.theme import active

_SMALL = 18
"""Up to this size the ground is a little larger than the icon, beyond it twice as large."""


class _Drawing:
    begun = False


def drawing() -> bool:
    """Tell whether icons are drawn already; before the first page stands there they are not."""
    return _Drawing.begun


def begin_drawing() -> None:
    """Draw icons from now on; what is shown already has to be told."""
    _Drawing.begun = True


def icon(name: str, role: str, size: int = 20) -> QIcon:
    """Give a button's icon in the colour of a role of the theme shown now."""
    from meti_desk.ui.drawing import pixmap

    drawn = pixmap(name, active().value(role), active().pixels(size), 2.0)
    made = QIcon(drawn)
    made.addPixmap(drawn, QIcon.Mode.Selected)  # a chosen row keeps the colour that means something
    return made


class IconMark(QWidget):
    """An icon that stands beside text, on a round ground if `ground` names a role.

    It carries no meaning alone: the text beside it says the same, so that it has no accessible
    name and takes no focus.
    """

    def __init__(self, name: str, role: str = "text", size: int = 20, ground: str = "") -> None:
        super().__init__()
        self._name, self._role, self._size, self._ground = name, role, size, ground
        self._fit()

    def show_icon(self, name: str, role: str, ground: str = "") -> None:
        """Show another icon in the same place."""
        self._name, self._role, self._ground = name, role, ground
        self._fit()
        self.update()

    def _fit(self) -> None:
        grown = self._size * 2 if self._size > _SMALL else self._size + 8
        box = active().pixels(grown if self._ground else self._size)
        self.setFixedSize(box, box)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground and icon in the colours of the theme shown now."""
        if drawing():
            from meti_desk.ui.drawing import paint_mark

            paint_mark(self, self._name, self._role, self._ground, active().pixels(self._size))
