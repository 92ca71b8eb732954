"""One entry of the register: what is known, its copies, what can be recorded, its history."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from meti_desk.services.register_messages import RegisterEnd, RegisterNote
from meti_desk.ui.permits.wish import split_list
from meti_desk.ui.register.words import (
    copy_line,
    copy_state,
    entry_facts,
    entry_state,
    entry_title,
    history_line,
)
from meti_desk.ui.strings import article, term, tr
from meti_desk.ui.widgets.build import Text, column, empty, panel, restyle, row, rule, tag
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.days import DayField
from meti_desk.ui.widgets.facts import Facts
from meti_desk.ui.widgets.fields import Field
from meti_desk.ui.widgets.flow import Flow
from meti_desk.ui.widgets.order import set_reading_order

if TYPE_CHECKING:
    from meti_desk.services.register_messages import CopyRow, RegisterRow

_HELD = ("held", "overdue")
_LATEST = 6
"""Lines of the history that are shown; the export has all of them."""


class EntryCard(QFrame):
    """Shows an entry; forms open where something is to be recorded, one at a time."""

    noted = Signal(object)
    """A correction, as `RegisterNote`."""
    returned = Signal(object)
    """A copy that came back, as `RegisterEnd`."""
    disposed = Signal(object)
    """What was erased or destroyed, as `RegisterEnd`."""

    def __init__(self) -> None:
        super().__init__()
        self._row: RegisterRow | None = None
        self.setProperty("card", "plain")
        self._title, self._state = Text("", "h2"), tag("", "")
        self._flags = Text("", "error")
        self._facts = Facts()
        self._copies, self._history = QVBoxLayout(), Text("", "small")
        self._copies.setSpacing(6)
        self._copies_title = Text(tr("写し（{ref}）", ref=article("10-4")), "h3")
        self._history_title = Text(tr("経過"), "h3")
        self.mend = Button(tr("記載を直す…"), small=True, on=lambda: self._open("mend"))
        self.hand = Button(tr("写しを渡す…"), small=True, on=lambda: self._open("hand"))
        self.drop = Button(
            tr("消去・廃棄を記録する…"), "quiet", small=True, on=lambda: self._open("drop")
        )
        self.location = Field(tr("所在"), small=True)
        self.access = Field(tr("見てよい人"), small=True, hint=tr("複数のときは、読点で区切ります"))
        self.holder = Field(tr("渡した相手"), small=True)
        self.due = DayField(tr("返却の期限"))
        self.permit = Field(tr("承認（許可の番号など）"), small=True)
        self.how = Field(tr("消去・廃棄の方法"), small=True)
        self.reason = Field(tr("理由"), small=True)
        self.keep = Button(tr("記録する"), small=True, on=self._keep)
        self._form, self._mode = self._made_form(), ""
        self._buttons = Flow(gap=8)
        self._lay_out()
        self.hide()

    def _made_form(self) -> QWidget:
        self._fields: dict[str, tuple[Field, ...]] = {
            "mend": (self.location, self.access),
            "hand": (self.holder, self.due, self.permit),
            "drop": (self.how,),
        }
        stop = Button(tr("やめる"), "quiet", small=True, name=tr("記録をやめる"), on=self._stop)
        every = [*(one for held in self._fields.values() for one in held), self.reason]
        for field in every:
            field.edit.returnPressed.connect(self.keep.click)
        return panel(column(*every, row(None, stop, self.keep, spacing=8), spacing=6))

    def _lay_out(self) -> None:
        top = row(spacing=10)
        top.addWidget(self._title, 1)
        top.addLayout(column(self._state, None, spacing=0))
        self.setLayout(
            column(
                top, self._flags, self._facts, self._copies_title, self._copies,
                self._buttons, self._form, rule(),
                self._history_title, self._history,
                spacing=10, margins=(20, 16, 20, 16),
            )
        )  # fmt: skip
        self._form.hide()
        for button in (self.mend, self.hand, self.drop):
            self._buttons.add(button)

    def show_entry(self, one: "RegisterRow") -> None:
        """Show an entry."""
        self._row = one
        self.show()
        self._close()
        self._title.setText(entry_title(one))
        self._state.setText(entry_state(one))
        self._state.setProperty("tone", "danger" if one.flags else "")
        restyle(self._state)
        says = [term(flag) for flag in one.flags]
        if not one.readable:
            says.append(tr("この端末では、番号と状態だけを読めます。"))
        self._flags.tell("\n".join(says))
        self._facts.show_facts(entry_facts(one))
        empty(self._copies)
        for copy in one.copies:
            self._copies.addWidget(self._copy(copy))
        self._copies_title.setVisible(bool(one.copies))
        lines = [history_line(step) for step in reversed(one.history)]
        self._history.tell("\n".join(lines[:_LATEST]))
        self._history_title.setVisible(bool(lines))
        self._buttons.setVisible(one.state == "held")
        set_reading_order(self.window())

    def _copy(self, copy: "CopyRow") -> QWidget:
        line = row(tag(copy_state(copy), "danger" if copy.state == "overdue" else ""), None)
        if copy.state in _HELD:
            back = Button(
                tr("返却"),
                "quiet",
                small=True,
                name=tr("{number}の返却を記録する", number=copy.number),
            )
            back.clicked.connect(lambda _on=False, copy=copy: self._give_back(copy))
            line.addWidget(back)
        return panel(column(Text(copy_line(copy), "body"), line, spacing=0))

    def _give_back(self, copy: "CopyRow") -> None:
        if self._row is not None:
            self.returned.emit(RegisterEnd(entry=self._row.id, copy=copy.id))

    def _open(self, mode: str) -> None:
        self._mode = mode
        for name, fields in self._fields.items():
            for one in fields:
                one.setVisible(name == mode)
                one.edit.clear()
                one.refuse("")
        self.reason.edit.clear()
        self.reason.refuse("")
        if self._row is not None and mode == "mend":
            self.location.edit.setText(self._row.location)
            self.access.edit.setText("、".join(self._row.access))
        self._form.show()
        self._fields[mode][0].edit.setFocus()
        set_reading_order(self.window())

    def _stop(self) -> None:
        """Record nothing, and give the keyboard back to what opened the form."""
        opened = {"mend": self.mend, "hand": self.hand, "drop": self.drop}.get(self._mode)
        self._close()
        if opened is not None:
            opened.setFocus()

    def _close(self) -> None:
        self._form.hide()
        self._mode = ""

    def _keep(self) -> None:
        reason, held = self.reason.text, self._row
        first = self._fields[self._mode][0]
        lacks = self._mode != "mend" and not first.text
        first.refuse(tr("入力してください。") if lacks else "")
        self.reason.refuse("" if reason else tr("理由を書いてください。"))
        if held is None or lacks or not reason or not self.due.check():
            (first if lacks else self.reason).edit.setFocus()
            return
        if self._mode == "mend":
            self.noted.emit(
                RegisterNote(
                    entry=held.id, reason=reason, location=self.location.text,
                    access=split_list(self.access.text),
                )
            )  # fmt: skip
        elif self._mode == "hand":
            self.noted.emit(
                RegisterNote(
                    entry=held.id, reason=reason, new_copies=1, holders=(self.holder.text,),
                    permit=self.permit.text, due=self.due.iso or None,
                )
            )  # fmt: skip
        else:
            self.disposed.emit(RegisterEnd(entry=held.id, how=self.how.text, reason=reason))
