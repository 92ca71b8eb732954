"""The measures of the chosen action, each with its state and its article."""

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from meti_desk.services.messages import PlannedFile, PlannedMeasure
from meti_desk.ui.icons import IconMark
from meti_desk.ui.strings import article, measure, term, tr
from meti_desk.ui.widgets.build import Text, column, row, rule
from meti_desk.ui.widgets.buttons import Button, Segmented
from meti_desk.ui.widgets.fields import Field

_ORDER = ("declined", "done", "waiting", "open")
_TYPING_PAUSE = 500


def look(one: PlannedMeasure) -> tuple[str, str, str, str]:
    """Give icon, colour role, ground role and the word for the state of a measure."""
    if one.strength == "prohibited":
        return "ban", "danger", "danger-soft", tr("できません")
    if one.state == "done":
        word = tr("自動で行います") if one.automatic else tr("満たしています")
        return "check", "success", "success-soft", word
    if one.state == "declined":
        return "check", "success", "success-soft", tr("行わないと決めました")
    if one.state == "waiting":
        return "clock", "warning", "warning-soft", tr("許可・承認が要ります")
    word = tr("決めてください") if one.strength == "consider" else tr("確かめてください")
    return "question", "primary", "soft", word


def merged(files: Sequence[PlannedFile]) -> list[PlannedMeasure]:
    """Give each measure once, in the state that needs most attention among the files."""
    held: dict[str, PlannedMeasure] = {}
    for file in files:
        for one in file.measures:
            known = held.get(one.id)
            if known is None or _weight(one) > _weight(known):
                held[one.id] = one
    return list(held.values())


def _weight(one: PlannedMeasure) -> int:
    return 9 if one.strength == "prohibited" else _ORDER.index(one.state)


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
        self.setLayout(column(row(self._open, None), self._form, spacing=6, margins=(0, 4, 0, 4)))
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


class MeasureRow(QWidget):
    """One measure; asks for yes or no with a reason where the person has to decide."""

    decided = Signal(str, str)
    """Measure id, and `yes`, `no:REASON` or nothing."""

    def __init__(self, one: PlannedMeasure) -> None:
        super().__init__()
        self.measure_id = one.id
        self._mark = IconMark("check", "success", 16, "success-soft")
        title, self._explained = measure(one.id)
        self._title = title
        self._state = Text("", "small")
        self._why = Text("", "small")
        self.choice: Segmented | None = None
        self.reason: Field | None = None
        head = row(spacing=8)
        head.addWidget(Text(title, "strong"), 1)
        head.addWidget(Text(article(one.article), "small", wrap=False))
        self._lines = column(head, self._state, self._why, spacing=2)
        top = row(spacing=12, margins=(0, 12, 0, 12))
        top.addLayout(column(self._mark, None))
        top.addLayout(self._lines, 1)
        self.setLayout(column(top, rule(), spacing=0))
        if one.strength == "consider":
            self._add_choice(title)
        self.update_measure(one)

    def _add_choice(self, title: str) -> None:
        options = [("yes", tr("行う")), ("no", tr("行わない"))]
        self.choice = Segmented(title, options, small=True)
        self.reason = Field(tr("行わない理由"), small=True)
        self.reason.edit.setAccessibleName(tr("{title}を行わない理由", title=title))
        self.reason.hide()
        self.choice.chosen.connect(self._chosen)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_TYPING_PAUSE)
        self._pause.timeout.connect(self._chosen)
        self.reason.edit.textEdited.connect(self._wait)
        self._lines.addSpacing(4)
        self._lines.addWidget(self.choice)
        self._lines.addWidget(self.reason)

    def _wait(self) -> None:
        self._pause.start()

    def add_form(self, form: QWidget) -> None:
        """Put a form below the measure that it fulfils."""
        self._lines.addWidget(form)

    def update_measure(self, one: PlannedMeasure) -> None:
        """Show the measure as it stands now; what the person types stays."""
        name, role, ground, word = look(one)
        self._mark.show_icon(name, role, ground)
        self._state.setText(word)
        said = term(f"why.{one.why}", self._explained) if one.why else self._explained
        self._why.tell(said)
        if self.choice is None or self.reason is None:
            return
        if self.choice.value is None and one.state in {"done", "declined"}:
            self.choice.set_value("yes" if one.state == "done" else "no")
            self.reason.setVisible(one.state == "declined")
            if one.reason:
                self.reason.edit.setText(one.reason)

    def _chosen(self) -> None:
        if self.choice is None or self.reason is None:
            return
        no = self.choice.value == "no"
        self.reason.setVisible(no)
        if not no:
            self.decided.emit(self.measure_id, "yes")
            return
        reason = self.reason.text
        self.reason.set_hint("" if reason else tr("理由を書くと決まります。"))
        self.decided.emit(self.measure_id, f"no:{reason}" if reason else "")


class Measures(QWidget):
    """The list; rows stay when only their state changes, so that the focus is never lost."""

    decided = Signal(str, str)
    permit_noted = Signal(tuple)

    def __init__(self) -> None:
        super().__init__()
        self._rows: dict[str, MeasureRow] = {}
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._none = Text(tr("格付を選ぶと、必要な措置を示します。"), "small")
        self.setLayout(column(self._none, self._list, spacing=0))

    def show_plan(
        self, measures: Sequence[PlannedMeasure], permit: tuple[str, str, str] = ("", "", "")
    ) -> None:
        """Show measures in their order."""
        wanted = [one.id for one in measures]
        if list(self._rows) != wanted:
            self._rebuild(measures, permit)
        for one in measures:
            self._rows[one.id].update_measure(one)
        self._none.setVisible(not measures)

    def _rebuild(self, measures: Sequence[PlannedMeasure], permit: tuple[str, str, str]) -> None:
        kept = dict(self._rows)
        while self._list.takeAt(0) is not None:
            pass
        self._rows = {}
        for one in measures:
            shown = kept.pop(one.id, None) or self._make(one, permit)
            self._rows[one.id] = shown
            self._list.addWidget(shown)
        for gone in kept.values():
            gone.hide()
            gone.deleteLater()

    def _make(self, one: PlannedMeasure, permit: tuple[str, str, str]) -> MeasureRow:
        made = MeasureRow(one)
        made.decided.connect(self.decided)
        if one.id == "permission" and one.strength == "mandatory" and one.state != "done":
            form = PermitForm()
            form.fill(permit)
            form.changed.connect(self.permit_noted)
            made.add_form(form)
        return made
