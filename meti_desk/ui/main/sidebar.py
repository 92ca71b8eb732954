"""The navigation at the left: only what works is listed."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from meti_desk.ui.strings import tr
from meti_desk.ui.theme import active
from meti_desk.ui.widgets.build import Text, column
from meti_desk.ui.widgets.buttons import Button


class Sidebar(QWidget):
    """Name of the product, pages, and 設定 at the bottom."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("ground", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(active().pixels(215))
        # No group of buttons: its arrows would follow each link, and one opens a task above all.
        self._buttons: dict[str, Button] = {}
        pages = (
            ("home", tr("ホーム"), "home"),
            ("documents", tr("格付して保護"), "document"),
            ("protecting", tr("保護と署名"), "shield"),
            ("recipients", tr("宛先"), "user"),
            ("selfcheck", tr("自己点検"), "check-square"),
            ("ledger", tr("取扱記録"), "list"),
        )
        links = [self._link(*page) for page in pages]
        settings = self._link("settings", tr("設定"), "gear")
        brand = column(
            Text(tr("情報取扱いデスク"), "brand"),
            Text("meti-desk", "small", wrap=False),
            spacing=0,
            margins=(12, 0, 0, 0),
        )
        self.setLayout(
            column(brand, 10, *links, None, settings, spacing=2, margins=(12, 18, 12, 12))
        )

    def _link(self, page: str, text: str, icon_name: str) -> Button:
        button = Button(f"  {text}", "nav", icon_name=icon_name, name=text)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda: self.chosen.emit(page))
        self._buttons[page] = button
        return button

    def mark(self, page: str) -> None:
        """Show which page is open."""
        for name, button in self._buttons.items():
            button.setChecked(name == page)
