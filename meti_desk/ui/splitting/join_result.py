"""The document that was put together, whose label it has and who had signed the parts."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from meti_desk.services.splitting_messages import JoinDone
from meti_desk.ui.handle.result import open_place
from meti_desk.ui.icons import IconMark
from meti_desk.ui.strings import label_line, term, tr
from meti_desk.ui.widgets.build import Part, Text, card, column, empty, panel, row, tag
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.elided import Elided
from meti_desk.ui.widgets.order import set_reading_order
from meti_desk.ui.widgets.scroll import Scroll


class JoinResult(QWidget):
    """One document."""

    finished = Signal()

    def __init__(self, opener: Callable[[str], None] = open_place) -> None:
        super().__init__()
        self._open = opener
        self._body = QVBoxLayout()
        self._body.setSpacing(12)
        mark = IconMark("check", "success", 24, "success-soft")
        top = row(mark, spacing=16, margins=(32, 26, 32, 6))
        top.addWidget(Text(tr("元の文書に戻しました"), "h1"), 1)
        inner = panel(column(self._body, None, margins=(32, 8, 32, 24)))
        self._end = Button(tr("終わる"), "primary", on=self.finished.emit)
        whole = column(top, spacing=0)
        whole.addWidget(Scroll(inner, tr("結果")), 1)
        whole.addLayout(row(None, self._end, spacing=12, margins=(32, 12, 32, 20)))
        self.setLayout(whole)

    def show_done(self, done: JoinDone) -> None:
        """Show the document and what is to be known of it."""
        empty(self._body)
        path = done.out
        label = next((one.label for one in done.files if one.label is not None), None)
        head = row(IconMark("document", "primary", 20), spacing=10)
        head.addWidget(Elided(Path(path).name, "h3"), 1)
        if label is not None:
            head.addWidget(tag(label_line(label), "primary"))
        where = row(spacing=12)
        where.addWidget(Elided(path, "small"), 1)
        where.addWidget(
            Button(
                tr("フォルダを開く"), small=True,
                name=tr("{name}のフォルダを開く", name=Path(path).name),
                on=lambda: self._open(str(Path(path).parent)),
            )
        )  # fmt: skip
        sure = tr("分割したときの内容と一致することを確かめました（SHA-256）。")
        parts: list[Part] = [head, panel(where), Text(sure, "body")]
        parts.append(Text(term(f"join.signer-{done.view.signer}"), "small"))
        self._body.addWidget(card(column(*parts, spacing=8, margins=(20, 14, 20, 14))))
        self._end.setFocus()
        set_reading_order(self)
