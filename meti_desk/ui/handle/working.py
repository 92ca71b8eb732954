"""While it is carried out: what is being done now, how far it is, and a way to stop."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from meti_desk.ui.handle.remaining import Remaining
from meti_desk.ui.icons import IconMark
from meti_desk.ui.strings import tr
from meti_desk.ui.widgets.build import Text, card, column, panel, row
from meti_desk.ui.widgets.buttons import Button


class WorkingView(QWidget):
    """Progress with cancel; stopping leaves originals as they were."""

    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._title = Text(tr("行っています"), "h1")
        self._now = Text("", "body")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("進み具合"))
        self._count = Text("", "small")
        self._remaining = Remaining()
        self.stop = Button(tr("中止する"), on=self._cancel)
        safe = Text(
            tr("中止しても、元のファイルは変わりません。終わった分はそのまま残ります。"), "small"
        )
        inner = column(
            row(IconMark("shield", "primary", 24, "soft"), self._title, None, spacing=16),
            8,
            self._now,
            self._bar,
            self._count,
            8,
            safe,
            4,
            row(None, self.stop),
            spacing=8,
            margins=(32, 28, 32, 28),
        )
        middle = panel(column(None, card(inner), None), width=640)
        self.setLayout(row(None, middle, None))

    def begin(self, title: str) -> None:
        """Start anew."""
        self._title.setText(title)
        self._now.setText(tr("準備しています…"))
        self._count.setText("")
        self._remaining = Remaining()
        self._bar.setRange(0, 0)
        self.stop.setEnabled(True)
        self.stop.setFocus()

    def step(self, done: int, total: int, code: str) -> None:
        """Show how far the work is; `code` is the path of the file that is worked on."""
        if total > 0:
            self._bar.setRange(0, total)
            self._bar.setValue(done)
            self._remaining.step(done)
            counted = tr("{total}件のうち{n}件", total=total, n=done)
            left = self._remaining.words(total)
            self._count.setText("　".join(filter(None, (counted, left))))
        self._now.setText(Path(code).name if code else "")

    def _cancel(self) -> None:
        self.stop.setEnabled(False)
        self._now.setText(tr("中止しています。今のファイルが終わるまでお待ちください。"))
        self.cancelled.emit()
