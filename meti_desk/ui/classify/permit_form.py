"""口頭・書面で許可済: the permission as the person notes it, below the measure that it meets."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from meti_desk.ui.strings import tr
from meti_desk.ui.widgets.build import Text, column, row
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.fields import Field


class PermitForm(QWidget):
    """口頭・書面で許可済（要確認）: who permitted, when and how (Art. 13-1)."""

    changed = Signal(tuple)

    def __init__(self) -> None:
        super().__init__()
        self._fields = (
            Field(tr("許可した人（職名・氏名）"), small=True),
            Field(tr("許可の日（例：11月20日）"), small=True),
            Field(tr("許可の方法（口頭・メール・書面）"), small=True),
        )
        for one in self._fields:
            one.edit.textEdited.connect(self._tell)
        self._open = Button(
            tr("口頭・書面で許可済…"),
            small=True,
            name=tr("口頭・書面の許可を記入する"),
            on=lambda: self._show(open_now=True),
        )
        says = Text(tr("記入した許可は、後で責任者が確認します。"), "small")
        self._form = QWidget()
        self._form.setLayout(column(*self._fields, says, spacing=6))
        self.setLayout(column(row(self._open, None), self._form, spacing=6, margins=(0, 4, 0, 0)))
        self._show(open_now=False)

    def _show(self, *, open_now: bool) -> None:
        self._open.setVisible(not open_now)
        self._form.setVisible(open_now)
        if open_now:
            self._fields[0].edit.setFocus()

    def fill(self, values: tuple[str, str, str]) -> None:
        """Show what was noted before."""
        for one, value in zip(self._fields, values, strict=True):
            one.edit.setText(value)
        if any(values):
            self._open.hide()
            self._form.show()

    def _tell(self) -> None:
        self.changed.emit(tuple(one.text for one in self._fields))
