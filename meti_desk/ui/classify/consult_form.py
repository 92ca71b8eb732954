"""相談: before a label that somebody else decided is changed, that person is asked (Art. 7-1)."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from meti_desk.services.messages import Done
from meti_desk.ui.handle.result import open_place
from meti_desk.ui.strings import article, tr
from meti_desk.ui.widgets.build import Text, column, empty, row
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.elided import Elided
from meti_desk.ui.widgets.fields import Field
from meti_desk.ui.widgets.order import set_reading_order


class ConsultForm(QFrame):
    """Drafts the 相談書, and takes the answer when there is one; hidden until it is needed."""

    wanted = Signal(str)
    """The reason: the letter is to be drafted."""
    answered = Signal(tuple)
    """Who, when, answer; all three, or empty texts."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", "evidence")
        self.reason = Field(tr("見直しが必要と考える理由"), small=True)
        self._drafted = QVBoxLayout()
        self._fields = (
            Field(tr("相談した人（職名・氏名）"), small=True),
            Field(tr("回答の日（例：11月20日）"), small=True),
            Field(tr("回答（見直してよい、など）"), small=True),
        )
        for one in self._fields:
            one.edit.textEdited.connect(self._tell)
        self._form = QWidget()
        self._form.setLayout(column(*self._fields, spacing=6))
        self._form.hide()
        self._open = Button(tr("回答を記入する"), small=True, on=self._show_answer)
        make = Button(tr("相談を作成"), small=True, icon_name="letter", on=self._ask)
        says = tr(
            "ほかの人が決めた格付です。変える前に、決めた人か課室情報セキュリティ責任者に相談します。"
        )
        self.setLayout(
            column(
                Text(tr("格付の相談"), "h3"),
                Text(f"{says}{article('7-1')}", "small"),
                self.reason,
                self._drafted,
                row(make, self._open, None, spacing=8),
                self._form,
                spacing=8,
                margins=(16, 12, 16, 14),
            )
        )
        self.hide()

    def begin(self) -> None:
        """Show the form: a label of somebody else is to be changed."""
        self.show()
        self.reason.edit.setFocus()
        set_reading_order(self.window())

    def show_drafted(self, done: Done) -> None:
        """Name the drafts, which are opened from here and sent by the person."""
        empty(self._drafted)
        for path, title in ((done.letter, tr("相談書")), (done.mail, tr("メールの下書き"))):
            if not path:
                continue
            line = row(Text(title, "strong", wrap=False), spacing=8)
            line.addWidget(Elided(path, "small"), 1)
            name = tr("{title}を開く", title=title)
            line.addWidget(Button(tr("開く"), "link", name=name, on=_opener(path)))
            self._drafted.addLayout(line)
        self._show_answer()

    def _show_answer(self) -> None:
        self._open.hide()
        self._form.show()
        set_reading_order(self.window())

    def _ask(self) -> None:
        said = self.reason.text
        self.reason.refuse("" if said else tr("理由を書いてください。"))
        if said:
            self.wanted.emit(said)

    def _tell(self) -> None:
        self.answered.emit(tuple(one.text for one in self._fields))


def _opener(path: str) -> Callable[[], None]:
    """Open this path at a press; lambdas made in a loop would all open the last."""
    return lambda: open_place(path)
