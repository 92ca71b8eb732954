"""The page beside the list: leaf through it, draw an area on it, or type one in millimetres."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from meti_desk.formats.redaction import RedactionArea
from meti_desk.services.preview_messages import PageView
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.redaction.canvas import PageCanvas
from meti_desk.ui.redaction.places import read_area
from meti_desk.ui.strings import tr
from meti_desk.ui.widgets.banner import Banner
from meti_desk.ui.widgets.build import Text, column, row
from meti_desk.ui.widgets.buttons import Button, Segmented
from meti_desk.ui.widgets.fields import Field

Boxes = Callable[[str, int], list[RedactionArea]]


class Sheet(QWidget):
    """ページ: before, and as it will look."""

    added = Signal(object)
    """An area that was drawn or typed."""

    def __init__(self, desktop: Desktop, banner: Banner, boxes: Boxes) -> None:
        super().__init__()
        self._desktop, self._banner, self._boxes = desktop, banner, boxes
        self._path, self._page, self._pages, self._asked = "", 1, 0, 0
        self.canvas = PageCanvas(tr("ページの見本"))
        self.look = Segmented(
            tr("見本"), [("before", tr("消す前")), ("after", tr("消した後"))], small=True
        )
        self.look.set_value("before")
        self._said = Text("", "small")
        self._number = Text("", "small", wrap=False)
        self.back = Button("‹", small=True, name=tr("前のページ"), on=lambda: self._turn(-1))
        self.on = Button("›", small=True, name=tr("次のページ"), on=lambda: self._turn(1))
        self.typed = Field(
            tr("範囲（ページ, 左, 上, 幅, 高さ mm）"), small=True, hint=tr("例：1, 20, 35, 80, 10")
        )
        add = Button(tr("範囲を加える"), small=True, icon_name="plus", on=self._type)
        self.setLayout(
            column(
                Text(tr("ページ"), "h2"),
                row(self.look, None, self.back, self._number, self.on),
                self._said,
                self.canvas,
                self.typed,
                row(add, None),
                None,
                spacing=8,
                margins=(20, 20, 20, 20),
            )
        )
        self.canvas.drawn.connect(self.added)
        self.look.chosen.connect(lambda _one: self.repaint_boxes())
        self.typed.edit.returnPressed.connect(self._type)
        self.show_document("")

    def show_document(self, path: str) -> None:
        """Show the first page of a document."""
        self._path, self._page, self._pages = path, 1, 0
        self._ask()

    def show_page(self, page: int) -> None:
        """Go to a page."""
        if page != self._page and 1 <= page <= self._pages:
            self._page = page
            self._ask()

    def _turn(self, step: int) -> None:
        self.show_page(self._page + step)

    def _ask(self) -> None:
        self._asked += 1
        asked, path, page = self._asked, self._path, self._page
        if not path:
            self._shown(None)
            return
        desk = self._desktop.desk

        def done(view: PageView | None) -> None:
            if asked == self._asked:
                self._shown(view)

        def failed(_error: Exception) -> None:
            self._shown(None)

        self._desktop.ask(self, lambda _job: desk.page_view(path, page), done, self._banner, failed)

    def _shown(self, view: PageView | None) -> None:
        self._pages = view.pages if view is not None else 0
        self.canvas.show_page(view, self._page)
        self.canvas.setVisible(self.canvas.filled)
        for one in (self.look, self.typed):
            one.setEnabled(self.canvas.filled)
        self._number.setText(f"{self._page} / {self._pages}" if self._pages else "")
        self.back.setEnabled(self._page > 1)
        self.on.setEnabled(self._page < self._pages)
        if self.canvas.filled:
            said = tr("マウスで囲むか、下に数字を入れて、消す範囲を加えます。")
        elif self._path:
            said = tr("この形式は、ページを表示できません。語句と検出で消します。")
        else:
            said = ""
        self._said.tell(said)
        self.repaint_boxes()

    def repaint_boxes(self) -> None:
        """Show what becomes black on this page now."""
        solid = self.look.value == "after"
        self.canvas.show_boxes(self._boxes(self._path, self._page), solid=solid)

    def _type(self) -> None:
        area = read_area(self.typed.text)
        if area is None:
            self.typed.refuse(tr("5つの数字を , で区切って入れてください。"))
            return
        self.typed.refuse("")
        self.typed.edit.clear()
        self.added.emit(area)
