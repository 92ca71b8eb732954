"""The navigation at the left: only what works is listed, with how many things wait."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from meti_desk.ui.main.nav import NavLink
from meti_desk.ui.main.notices import Notices, Waiting
from meti_desk.ui.strings import tr
from meti_desk.ui.theme import active
from meti_desk.ui.widgets.build import Text, column, panel
from meti_desk.ui.widgets.dates import shown_when
from meti_desk.ui.widgets.order import set_reading_order
from meti_desk.ui.widgets.scroll import Scroll

if TYPE_CHECKING:
    from meti_desk.services.syncing import SyncView
    from meti_desk.ui.main.context import Desktop

_EDGE = 12


class Sidebar(QWidget):
    """Name of the product, pages, the state of the sync, and 設定 at the bottom."""

    chosen = Signal(str)

    def __init__(self, desktop: "Desktop") -> None:
        super().__init__()
        self.setProperty("ground", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(active().pixels(215))
        # No group of buttons: its arrows would follow each link, and one opens a task above all.
        self._buttons: dict[str, NavLink] = {}
        pages = (
            ("home", tr("ホーム"), "home"),
            ("documents", tr("格付して保護"), "document"),
            ("permits", tr("申請・許可"), "stamp"),
            ("review", tr("許可・確認"), "review"),
            ("protecting", tr("保護と署名"), "shield"),
            ("recipients", tr("宛先"), "user"),
            ("selfcheck", tr("自己点検"), "check-square"),
            ("ledger", tr("取扱記録"), "list"),
            ("register", tr("機密性3管理簿"), "book"),
        )
        links = [self._link(*page) for page in pages]
        settings = self._link("settings", tr("設定"), "gear")
        brand = column(
            Text(tr("情報取扱いデスク"), "brand"),
            Text("meti-desk", "small", wrap=False),
            spacing=0,
            margins=(_EDGE * 2, 18, _EDGE, 0),
        )
        inner = panel(column(*links, None, spacing=2, margins=(_EDGE, 0, _EDGE, 0)))
        self.sync = Text("", "small")
        self.sync.hide()
        below = column(
            column(self.sync, margins=(_EDGE, 0, 0, 0)), settings, spacing=9,
            margins=(_EDGE, 4, _EDGE, 12),
        )  # fmt: skip
        whole = column(brand, 10, spacing=2)
        self._scroll = Scroll(inner, tr("画面の一覧"))
        whole.addWidget(self._scroll, 1)
        whole.addLayout(below)
        self.setLayout(whole)
        for name in ("permits", "review", "register"):
            self._buttons[name].hide()
        self.notices = Notices(desktop)
        self.notices.setParent(self)
        self.notices.counted.connect(self.show_waiting)
        self.chosen.connect(self.notices.went)
        QShortcut(QKeySequence("F6"), self).activated.connect(self._change_sides)

    def _link(self, page: str, text: str, icon_name: str) -> NavLink:
        button = NavLink(text, icon_name)
        button.clicked.connect(lambda: self.chosen.emit(page))
        self._buttons[page] = button
        return button

    def _change_sides(self) -> None:
        """Take the keyboard from the page to the navigation, and back to the page (F6)."""
        from meti_desk.ui.main.above import enter

        held, body = QApplication.focusWidget(), self.parentWidget()
        stack = body.findChild(QStackedWidget) if body is not None else None
        page = stack.currentWidget() if stack is not None else None
        if held is not None and self.isAncestorOf(held) and page is not None:
            enter(page)
            return
        links = self._buttons.values()
        next((one for one in links if one.isChecked()), self._buttons["home"]).setFocus()

    def mark(self, page: str) -> None:
        """Show which page is open."""
        for name, button in self._buttons.items():
            button.setChecked(name == page)
            if name == page and name != "settings":
                self._scroll.ensureWidgetVisible(button)

    def show_waiting(self, waiting: Waiting) -> None:
        """Offer the pages that are for this person, with how many things wait there."""
        offered = {
            "permits": waiting.sync is not None or waiting.any_permit,
            "review": waiting.decides,
            "register": waiting.registers,
        }
        for name, there in offered.items():
            self._buttons[name].setVisible(there or self._buttons[name].isChecked())
        self._buttons["permits"].show_count(waiting.own)
        self._buttons["review"].show_count(waiting.others)
        self.sync.tell(sync_line(waiting.sync) if waiting.sync is not None else "")
        set_reading_order(self)


def sync_line(view: "SyncView") -> str:
    """Say in few words how far the server knows the records."""
    last = shown_when(view.last) if view.last else tr("まだありません")
    lines = [tr("最終同期 {when}", when=last), tr("未送信 {n}件", n=view.unsent)]
    if view.trouble == "sync.unreachable":
        lines.append(tr("サーバーに届きません"))
    elif view.trouble:
        lines.append(tr("同期できません。設定を見てください"))
    return "\n".join(lines)
