"""The right side of the wizard: what the question means, and last year's answer."""

from PySide6.QtWidgets import QWidget

from meti_desk.services.selfcheck_views import ItemView
from meti_desk.ui.strings import tr
from meti_desk.ui.widgets.build import Text, card, column


class Aside(QWidget):
    """この設問について and 昨年度の回答."""

    def __init__(self) -> None:
        super().__init__()
        self._help = Text("", "body")
        self._good = Text("", "small")
        self._bad = Text("", "small")
        self._note = Text("", "small")
        self._last = Text("", "body")
        self._last_reason = Text("", "small")
        private = Text(tr("答えは提出するまで、あなただけが見られます。"), "small")
        self.setLayout(
            column(
                card(
                    column(
                        Text(tr("この設問について"), "h2"),
                        self._help,
                        self._good,
                        self._bad,
                        self._note,
                        spacing=8,
                        margins=(20, 16, 20, 16),
                    )
                ),
                card(
                    column(
                        Text(tr("昨年度の回答"), "h2"),
                        self._last,
                        self._last_reason,
                        private,
                        spacing=8,
                        margins=(20, 16, 20, 16),
                    )
                ),
                None,
                spacing=14,
                margins=(8, 2, 8, 8),
            )
        )

    def show_item(self, item: ItemView) -> None:
        """Show what stands beside a question."""
        self._help.tell(item.help)
        self._good.tell(tr("良い例：{text}", text=item.good) if item.good else "")
        self._bad.tell(tr("足りない例：{text}", text=item.bad) if item.bad else "")
        self._note.tell(tr("変更点：{text}", text=item.change_note) if item.change_note else "")
        previous = item.previous
        if previous is None:
            self._last.tell(tr("昨年度の回答はありません"))
            self._last_reason.tell("")
            return
        self._last.tell(previous.text)
        said = previous.reason
        if not previous.comparable:
            said = tr("設問の意味が変わったため、比べられません。")
        self._last_reason.tell(said)
