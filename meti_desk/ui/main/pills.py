"""The pills at the top: where the person declares to be, and the lock."""

from PySide6.QtWidgets import QWidget

from meti_desk.ui.main.context import Desktop
from meti_desk.ui.strings import tr
from meti_desk.ui.widgets.build import row
from meti_desk.ui.widgets.buttons import Button


class PlacePill(Button):
    """Shows and changes what the person declares: 区域内 or 区域外 (Art. 2 (36)).

    Reaching a server proves nothing about the place, so that only a press changes it.
    """

    def __init__(self, desktop: Desktop) -> None:
        super().__init__("", "pill", icon_name="place", on=self._swap)
        self._desktop = desktop
        self.setToolTip(tr("押すと、今いる場所の申告を切り替えます。"))
        desktop.place_changed.connect(self._show)
        self._show()

    def _swap(self) -> None:
        desktop, inside = self._desktop, not self._desktop.inside
        desktop.declare(inside=inside)
        # The command line asks for it too. Where it cannot be kept, that asks for the passphrase.
        desktop.jobs.start(
            self,
            lambda _job: desktop.desk.declare_place(inside=inside),
            lambda _nothing: None,
            lambda _error: None,
        )

    def _show(self) -> None:
        if self._desktop.inside:
            self.rename(tr("区域内（申告）"))
            self.set_tone("success", "check")
        else:
            self.rename(tr("区域外"))
            self.set_tone("warning", "place")
        self.setAccessibleDescription(tr("押すと、今いる場所の申告を切り替えます。"))


class Pills(QWidget):
    """Place and lock, side by side."""

    def __init__(self, desktop: Desktop) -> None:
        super().__init__()
        lock = Button(tr("ロック"), "pill", icon_name="lock", on=desktop.lock_wanted.emit)
        self.setLayout(row(PlacePill(desktop), lock, spacing=8))
