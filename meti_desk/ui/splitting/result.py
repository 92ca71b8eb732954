"""What to send where: one card for each part, with the rule of its way."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from meti_desk.services.splitting_messages import PartView, SplitDone
from meti_desk.ui.handle.result import open_place
from meti_desk.ui.icons import IconMark
from meti_desk.ui.splitting.routes import rule_line
from meti_desk.ui.strings import article, term, tr
from meti_desk.ui.widgets.build import Part, Text, card, column, empty, panel, row, tag
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.elided import Elided
from meti_desk.ui.widgets.order import set_reading_order
from meti_desk.ui.widgets.scroll import Scroll

_ICONS = {
    "mail": "letter", "medium": "folder", "transfer-service": "export", "hand": "user",
    "paper": "document", "general-service": "export",
}  # fmt: skip


class SplitResult(QWidget):
    """The parts that were made, in the order of their numbers."""

    finished = Signal()
    again = Signal()

    def __init__(self, opener: Callable[[str], None] = open_place) -> None:
        super().__init__()
        self._open = opener
        self._title = Text("", "h1")
        self._says = Text("", "body")
        self._body = QVBoxLayout()
        self._body.setSpacing(12)
        mark = IconMark("check", "success", 24, "success-soft")
        top = row(mark, spacing=16, margins=(32, 26, 32, 6))
        top.addWidget(self._title, 1)
        inner = panel(column(self._says, self._body, None, spacing=14, margins=(32, 8, 32, 24)))
        again = Button(tr("ほかのファイルを分割する"), on=self.again.emit)
        self._end = Button(tr("終わる"), "primary", on=self.finished.emit)
        whole = column(top, spacing=0)
        whole.addWidget(Scroll(inner, tr("結果")), 1)
        whole.addLayout(row(None, again, self._end, spacing=12, margins=(32, 12, 32, 20)))
        self.setLayout(whole)

    def show_done(self, done: SplitDone) -> None:
        """Show what was made."""
        empty(self._body)
        count = len(done.parts)
        self._title.setText(tr("{n}個に分割しました", n=count))
        meets = term(done.files[0].meets) if done.files else ""
        self._says.setText("\n".join(filter(None, (meets, tr("組の番号 {set}", set=done.set)))))
        for one in done.parts:
            self._body.addWidget(self._part(one, count))
        self._end.setFocus()
        set_reading_order(self)

    def _part(self, one: PartView, count: int) -> QWidget:
        kind = one.route.kind if one.route else ""
        way = term(f"route.{kind}") if kind else tr("移送経路は未定")
        if one.route and one.route.detail:
            way = f"{way}（{one.route.detail}）"
        head = row(
            IconMark(_ICONS.get(kind, "folder"), "primary", 20),
            tag(f"{one.index}／{count}"), spacing=10,
        )  # fmt: skip
        head.addWidget(Text(way, "h3"), 1)
        parts: list[Part] = [head]
        if one.route:
            named = "・".join(article(name) for name in one.route.articles)
            parts.append(Text(rule_line(kind, named), "small"))
        parts += [self._file(path) for path in (one.path, one.pdf) if path]
        return card(column(*parts, spacing=8, margins=(20, 14, 20, 14)))

    def _file(self, path: str) -> QWidget:
        name = Path(path).name
        line = row(spacing=12)
        line.addWidget(Elided(name, "body"), 1)
        if path.endswith((".docx", ".pdf")):
            line.addWidget(
                Button(
                    tr("開く"), small=True, name=tr("{title}を開く", title=name),
                    on=lambda: self._open(path),
                )
            )  # fmt: skip
        line.addWidget(
            Button(
                tr("フォルダを開く"), small=True, name=tr("{name}のフォルダを開く", name=name),
                on=lambda: self._open(str(Path(path).parent)),
            )
        )  # fmt: skip
        return panel(line)
