"""署名欄: whether a PDF shows its signature, on which page and where."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from meti_desk.services.preview_messages import PageView
from meti_desk.services.signing_messages import StampPlace
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.signing.canvas import StampCanvas
from meti_desk.ui.strings import tr
from meti_desk.ui.widgets.banner import Banner
from meti_desk.ui.widgets.build import Text, column, row
from meti_desk.ui.widgets.buttons import Button, Segmented
from meti_desk.ui.widgets.check import Check

Lines = Callable[[], tuple[str, ...]]

_MARGIN = 36.0
"""Points between the stamp and the edge of the page: half an inch."""
_A4 = (595.0, 842.0)


class StampPanel(QWidget):
    """Chosen by corners from the keyboard, or by a click on the page."""

    changed = Signal()

    def __init__(self, desktop: Desktop, banner: Banner, lines: Lines) -> None:
        super().__init__()
        self._desktop, self._banner, self._lines = desktop, banner, lines
        self._path, self._page, self._pages, self._asked = "", 1, 0, 0
        self._at: tuple[float, float] | None = None
        self.seen = Check(tr("PDFに署名欄を見せる"))
        self.corner = Segmented(
            tr("署名欄の場所"),
            [("tl", tr("左上")), ("tr", tr("右上")), ("bl", tr("左下")), ("br", tr("右下"))],
            small=True,
        )
        self.corner.set_value("tr")
        self.canvas = StampCanvas(tr("署名欄の見本"))
        self._said = Text("", "small")
        self._number = Text("", "small", wrap=False)
        self.back = Button("‹", small=True, name=tr("前のページ"), on=lambda: self._turn(-1))
        self.on = Button("›", small=True, name=tr("次のページ"), on=lambda: self._turn(1))
        self.setLayout(
            column(
                Text(tr("署名欄"), "h2"), self.seen, row(self.corner, None),
                row(None, self.back, self._number, self.on), self._said, self.canvas, None,
                spacing=10, margins=(20, 20, 20, 20),
            )
        )  # fmt: skip
        self.seen.toggled.connect(self._choose)
        self.corner.chosen.connect(lambda _one: self._cornered())
        self.canvas.placed.connect(self._placed)
        self.show_document("")

    @property
    def place(self) -> StampPlace | None:
        """Give where the stamp is wanted; nothing where it is not seen."""
        if not self.seen.isChecked() or not self._path:
            return None
        empty = StampPlace(page=self._page, x=0, y=0)
        x, y = self._at or self._corner_of(empty)
        return StampPlace(page=self._page, x=x, y=y)

    def _corner_of(self, stamp: StampPlace) -> tuple[float, float]:
        wide, high = self.canvas.size_in_points if self.canvas.filled else _A4
        chosen = str(self.corner.value)
        x = _MARGIN if chosen.endswith("l") else wide - stamp.width - _MARGIN
        y = _MARGIN if chosen.startswith("t") else high - stamp.height - _MARGIN
        return max(round(x, 1), 0), max(round(y, 1), 0)

    def show_document(self, path: str) -> None:
        """Show the first page of a PDF; nothing: there is none among the files."""
        if path and path == self._path:
            return
        self._path, self._page, self._pages, self._at = path, 1, 0, None
        self.seen.setEnabled(bool(path))
        self._ask()

    def refresh(self) -> None:
        """Show the words of the stamp as they are now."""
        self.canvas.show_stamp(self.place, self._lines())

    def _choose(self, _on: bool) -> None:  # noqa: FBT001 - the signal's own signature
        self._tell()
        self.changed.emit()

    def _cornered(self) -> None:
        self._at = None
        self._tell()
        self.changed.emit()

    def _placed(self, x: float, y: float) -> None:
        self._at = (x, y)
        self.corner.set_value(None)
        self._tell()
        self.changed.emit()

    def _turn(self, step: int) -> None:
        if 1 <= self._page + step <= self._pages:
            self._page += step
            self._ask()
            self.changed.emit()

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
        self._number.setText(f"{self._page} / {self._pages}" if self._pages else "")
        self._tell()

    def _tell(self) -> None:
        on = self.seen.isChecked() and bool(self._path)
        self.canvas.setVisible(on and self.canvas.filled)
        for one in (self.corner, self.back, self.on):
            one.setVisible(on)
        self._number.setVisible(on)
        self.back.setEnabled(self._page > 1)
        self.on.setEnabled(self._page < self._pages)
        if not self._path:
            said = tr("PDFを選ぶと、署名欄を見せられます。")
        elif not on:
            said = tr("見せなくても、署名はPDFの中に付きます。")
        elif not self.canvas.filled:
            said = tr("このPDFは、ページを表示できません。")
        else:
            said = tr("四隅から選ぶか、ページの上で場所を押します。")
        self._said.tell(said)
        self.refresh()
