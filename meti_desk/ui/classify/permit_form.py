"""Where a permit is missing: ask for one, use a 包括許可, or note one given by word or on paper."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from meti_desk.ui.strings import tr
from meti_desk.ui.widgets.build import Text, column, empty
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.choice import Choice
from meti_desk.ui.widgets.dates import shown_day
from meti_desk.ui.widgets.fields import Field
from meti_desk.ui.widgets.flow import Flow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from meti_desk.services.permit_messages import PermitRow


class PermitForm(QWidget):
    """Stands below the measure that a permit meets (Art. 13-1)."""

    changed = Signal(tuple)
    """Who permitted, when and how (口頭・書面で許可済, 要確認)."""
    ask_wanted = Signal()
    """The person wants to ask for a permit (申請)."""
    named = Signal(str)
    """The id of the 包括許可 that the person says this is a case of; nothing: of none."""

    def __init__(self) -> None:
        super().__init__()
        self._fields = (
            Field(tr("許可した人（職名・氏名）"), small=True),
            Field(tr("許可の日（例：11月20日）"), small=True),
            Field(tr("許可の方法（口頭・メール・書面）"), small=True),
        )
        for one in self._fields:
            one.edit.textEdited.connect(self._tell)
        ask = Button(tr("許可を申請する"), small=True, on=self.ask_wanted.emit)
        self._open = Button(
            tr("口頭・書面で許可済…"),
            small=True,
            name=tr("口頭・書面の許可を記入する"),
            on=lambda: self._show(open_now=True),
        )
        buttons = Flow(gap=8)
        for button in (ask, self._open):
            buttons.add(button)
        self._offered: tuple[str, ...] = ()
        self._choice = QVBoxLayout()
        says = Text(tr("記入した許可は、後で責任者が確認します。"), "small")
        self._form = QWidget()
        self._form.setLayout(column(*self._fields, says, spacing=6))
        self.setLayout(column(self._choice, buttons, self._form, spacing=6, margins=(0, 4, 0, 0)))
        self._show(open_now=False)

    def _show(self, *, open_now: bool) -> None:
        self._open.setVisible(not open_now and self._open.parentWidget() is not None)
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

    def offer(self, permits: "Sequence[PermitRow]", named: str) -> None:
        """Offer 包括許可 in force: only a person can say that this is a case of one."""
        ids = tuple(one.id for one in permits)
        if ids == self._offered:
            return
        self._offered = ids
        empty(self._choice)
        if not permits:
            return
        names = [
            (one.id, tr("{kind}（{day}まで）", kind=one.blanket, day=shown_day(one.until)))
            for one in permits
        ]
        choice = Choice(tr("使う包括許可"), [("", tr("包括許可を使わない")), *names], named)
        choice.chosen.connect(self.named)
        self._choice.addWidget(choice)

    def _tell(self) -> None:
        self.changed.emit(tuple(one.text for one in self._fields))
