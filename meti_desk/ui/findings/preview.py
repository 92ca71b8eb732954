"""Page 1 before and after, drawn from pixels that a confined process made of the document."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from meti_desk.services.messages import ScrubRequest
from meti_desk.services.preview_messages import PageView, ScrubPreview
from meti_desk.ui.findings.words import kind_word
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.strings import told, tr
from meti_desk.ui.theme import active, colour
from meti_desk.ui.widgets.banner import Banner
from meti_desk.ui.widgets.build import Text, column, row
from meti_desk.ui.widgets.buttons import Button

_HEIGHT = 205


class PagePicture(QWidget):
    """One page; says in words where there is no picture."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._image = QImage()
        self._pixels = b""
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(active().pixels(_HEIGHT))

    def show_page(self, page: PageView | None) -> None:
        """Show a page, or nothing; sizes that do not fit the pixels show nothing."""
        self._image, self._pixels = QImage(), b""
        if page is not None and page.width > 0 and page.height > 0:
            line = 3 * page.width
            if len(page.pixels) == line * page.height:
                self._pixels = page.pixels  # the image only points at them
                self._image = QImage(
                    self._pixels, page.width, page.height, line, QImage.Format.Format_BGR888
                )
        self.update()

    @property
    def filled(self) -> bool:
        """Tell whether a page is shown."""
        return not self._image.isNull()

    def sizeHint(self) -> QSize:
        """Ask for little width."""
        return QSize(active().pixels(160), active().pixels(_HEIGHT))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the page in the middle, with a line around it."""
        if self._image.isNull():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        left = (self.width() - size.width()) / 2
        box = QRectF(left, 0, size.width(), size.height())
        painter.drawImage(box, self._image)
        painter.setPen(colour("line"))
        painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()


class PreviewPanel(QWidget):
    """1ページ目: before, and after a removal that is tried and not kept."""

    def __init__(
        self, desktop: Desktop, banner: Banner, order: Callable[[str], ScrubRequest]
    ) -> None:
        super().__init__()
        self._desktop, self._banner, self._order = desktop, banner, order
        self._path = ""
        self._asked = 0
        self.before = PagePicture(tr("1ページ目、取り除く前"))
        self.after = PagePicture(tr("1ページ目、取り除いた後"))
        self._says = Text("", "small")
        self._first = Text(tr("取り除く前"), "small")
        self._then = Text(tr("取り除いた後"), "small")
        self.try_out = Button(tr("結果を確かめる"), small=True, on=self.ask)
        self.setLayout(
            column(
                Text(tr("1ページ目"), "h2"),
                row(self.try_out, None),
                self._says,
                self._first,
                self.before,
                self._then,
                self.after,
                None,
                spacing=6,
                margins=(20, 20, 20, 20),
            )
        )
        self.show_document("")

    def show_document(self, path: str) -> None:
        """Offer to look at another document."""
        self._path = path
        self.try_out.setEnabled(bool(path))
        self.forget()

    def forget(self) -> None:
        """Show nothing: the choices changed."""
        self._asked += 1
        self._show(None, None)
        self._says.setText(
            tr("保存せずに試し、1ページ目を比べます。止めるものがあれば、ここに示します。")
        )

    def _show(self, before: PageView | None, after: PageView | None) -> None:
        for name, picture, page in (
            (self._first, self.before, before),
            (self._then, self.after, after),
        ):
            picture.show_page(page)
            picture.setVisible(picture.filled)
            name.setVisible(picture.filled)

    def ask(self) -> None:
        """Try the removal on the document and compare the first page."""
        if not self._path:
            return
        desk, order = self._desktop.desk, self._order(self._path)
        self._asked += 1
        asked = self._asked
        self._says.setText(tr("試しています…"))

        def done(tried: ScrubPreview) -> None:
            if asked == self._asked:
                self.show_tried(tried)

        self._desktop.ask(
            self, lambda _job: desk.scrub_preview(order), done, self._banner, self._failed
        )

    def _failed(self, _error: Exception) -> None:
        self.forget()

    def show_tried(self, tried: ScrubPreview) -> None:
        """Show what a removal would give."""
        self._show(tried.before, tried.after)
        if tried.error is not None:
            said = told(tried.error)
            kind = str(tried.error.params.get("kind", ""))
            stops = tr("止めるもの：{what}", what=kind_word(kind)) if kind else ""
            self._says.setText("\n".join(filter(None, (said.cause, stops, said.remedy))))
            return
        lines = [
            tr("取り除けることを確かめました：{n}件。", n=sum(one.count for one in tried.removed))
        ]
        if tried.left:
            lines.append(tr("残るもの：{n}件。", n=sum(one.count for one in tried.left)))
        if tried.before is None:
            lines.append(_no_picture(tried.picture))
        elif tried.by_office:
            lines.append(tr("LibreOffice で描いた1ページ目です。"))
        self._says.setText("\n".join(lines))


def _no_picture(why: str) -> str:
    """Say why page 1 is not shown."""
    words = {
        "not-installed": tr("LibreOffice を入れると、1ページ目を比べられます。"),
        "not-confined": tr(
            "この環境では LibreOffice を隔離できないため、1ページ目を表示しません。"
        ),
        "too-large": tr("大きいため、1ページ目を表示しません。"),
        "failed": tr("1ページ目を描けませんでした。"),
    }
    return words.get(why, tr("この形式は、1ページ目を表示できません。"))
