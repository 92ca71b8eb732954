"""確認と提出: what is missing, what will be sent, and handing in."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from meti_desk.services.selfcheck_views import FormView, ItemView
from meti_desk.ui.strings import tr
from meti_desk.ui.widgets.build import Text, card, column, empty, panel, row, tag
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.dates import shown_moment


class Review(QWidget):
    """The last page of the wizard."""

    question_wanted = Signal(str)
    submit_wanted = Signal()
    withdraw_wanted = Signal()
    export_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._state = Text("", "h2")
        self._says = Text("", "body")
        self._missing = QVBoxLayout()
        self._missing.setSpacing(2)
        self._missing_card = card(
            column(
                Text(tr("足りないもの"), "h3"), self._missing, spacing=6, margins=(20, 14, 20, 14)
            ),
            "warn",
        )
        self._all = QVBoxLayout()
        self._all.setSpacing(2)
        self.submit = Button(tr("提出する"), "primary", on=self.submit_wanted.emit)
        self.withdraw = Button(tr("提出を取り下げる"), on=self.withdraw_wanted.emit)
        self.export = Button(
            tr("自己点検票を書き出す"), icon_name="export", on=self.export_wanted.emit
        )
        self.setLayout(
            column(
                self._state,
                self._says,
                row(self.submit, self.withdraw, self.export, None, spacing=12),
                self._missing_card,
                card(
                    column(
                        Text(tr("提出される回答"), "h3"),
                        Text(
                            tr("記録の件数や中身は送られません。下の回答と理由だけです。"), "small"
                        ),
                        self._all,
                        spacing=6,
                        margins=(20, 14, 20, 14),
                    )
                ),
                None,
                spacing=14,
                margins=(8, 2, 8, 8),
            )
        )

    def show_form(self, view: FormView) -> None:
        """Show the state of a form."""
        handed_in = view.state != "open"
        lacking = {one.link_id for one in view.missing}
        if handed_in:
            self._state.setText(tr("提出しました（{at}）", at=shown_moment(view.submitted_at)))
            self._says.setText(tr("受付番号 {number}", number=view.receipt))
        elif lacking:
            self._state.setText(tr("あと{n}問です", n=len(lacking)))
            self._says.setText(tr("足りないものを選ぶと、その設問に移ります。"))
        else:
            self._state.setText(tr("すべて答えました"))
            self._says.setText(tr("内容を確かめて提出してください。締切までは取り下げられます。"))
        self.submit.setVisible(not handed_in)
        self.submit.setEnabled(not lacking)
        self.withdraw.setVisible(handed_in)
        self._fill(view, lacking)

    def _fill(self, view: FormView, lacking: set[str]) -> None:
        empty(self._missing)
        empty(self._all)
        self._missing_card.setVisible(bool(lacking))
        for item in view.items:
            if item.enabled and item.link_id in lacking:
                self._missing.addWidget(self._link(item))
            if item.enabled and item.answer is not None:
                self._all.addWidget(_answer_line(item))

    def _link(self, item: ItemView) -> QWidget:
        text = tr("問{n}　{text}", n=item.number, text=item.text)
        shown = text if len(text) <= _LONG else f"{text[:_LONG]}…"
        return Button(shown, "link", name=text, on=lambda: self.question_wanted.emit(item.link_id))


_LONG = 44


def _answer_line(item: ItemView) -> QWidget:
    answer = item.answer
    line = row(Text(tr("問{n}", n=item.number), "small", wrap=False), spacing=10)
    line.addWidget(Text(item.text, "body"), 1)
    if answer is not None:
        tone = "primary" if answer.value in {"done", "not-applicable"} else "warning"
        line.addWidget(tag(answer.text, tone))
    return panel(line)
