"""One measure: its state and article, and what the person is asked about it."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from meti_desk.services.messages import PlannedMeasure
from meti_desk.ui.icons import IconMark
from meti_desk.ui.strings import article, measure, term, tr
from meti_desk.ui.widgets.build import Text, column, panel, row, rule
from meti_desk.ui.widgets.buttons import Button, Segmented
from meti_desk.ui.widgets.check import Check
from meti_desk.ui.widgets.fields import Field

_TYPING_PAUSE = 500

CONFIRMED = frozenset(
    {
        "audience.confirm",
        "checklist",
        "medium.irrecoverable",
        "own-site",
        "paper.irrecoverable",
        "permission.designated",
        "place.not-designated",
        "reconnect",
        "restore.in-time",
        "retention.undeclared",
        "stored.plain",
        "takeout.purpose",
    }
)
"""Codes of the duties that the person has to say were met; a check box asks for it."""


def look(one: PlannedMeasure) -> tuple[str, str, str, str]:
    """Give icon, colour role, ground role and the word for the state of a measure."""
    if one.strength == "prohibited" and not one.met:
        return "ban", "danger", "danger-soft", tr("できません")
    if one.state == "declined":
        return "check", "success", "success-soft", tr("行わないと決めました")
    if one.state == "waiting":
        return "clock", "warning", "warning-soft", tr("許可・承認が要ります")
    if one.met or one.state == "done":
        word = tr("自動で行います") if one.automatic else tr("満たしています")
        return "check", "success", "success-soft", word
    if one.proposed:
        return "question", "primary", "soft", tr("方針の提案を選んであります")
    word = tr("決めてください") if one.strength == "consider" else tr("確かめてください")
    return "question", "primary", "soft", word


class MeasureRow(QWidget):
    """One measure; asks for yes or no with a reason where the person has to decide.

    A proposal of the policy stands chosen beforehand with its reason; what the person presses or
    writes replaces it.
    """

    decided = Signal(str, str)
    """Measure id, and `yes`, `yes:REASON`, `no:REASON`, or nothing while it is open."""

    def __init__(self, one: PlannedMeasure, *, brief: bool = False) -> None:
        super().__init__()
        self.measure_id = one.id
        self._brief = brief
        self._mark = IconMark("check", "success", 16, "success-soft")
        self._title, self._explained = measure(one.id)
        self._article = article(one.article)
        self._state = Text("", "small")
        self._why = Text("", "small")
        self.choice: Segmented | None = None
        self.reason: Field | None = None
        self.check: Check | None = None
        self._reasons = {"yes": "", "no": ""}
        self._head = row(spacing=8)
        self._head.addWidget(Text(self._title, "strong"), 1)
        self._lines = column(self._head, self._state, self._why, spacing=2)
        top = row(spacing=12, margins=(0, 4, 0, 4) if brief else (0, 8, 0, 8))
        top.addLayout(column(self._mark, None))
        top.addLayout(self._lines, 1)
        self.setLayout(column(top, *(() if brief else (rule(),)), spacing=0))
        if one.strength == "consider":
            self._add_choice()
        else:
            self._head.addWidget(Text(self._article, "small", wrap=False))
        if one.why in CONFIRMED:
            self._add_check()
        self.update_measure(one)

    def _add_check(self) -> None:
        self.check = Check(tr("確かめました"))
        self.check.setAccessibleName(tr("{title}：確かめました", title=self._title))
        self.check.clicked.connect(self._checked)
        self._lines.addWidget(self.check)

    def _checked(self) -> None:
        on = self.check is not None and self.check.isChecked()
        self.decided.emit(self.measure_id, "yes" if on else "")

    def _add_choice(self) -> None:
        options = [("yes", tr("行う")), ("no", tr("行わない"))]
        self.choice = Segmented(self._title, options, small=True)
        self.choice.chosen.connect(self._chosen)
        self._head.addWidget(self.choice)
        self._edit = Button(
            tr("理由を直す"),
            "link",
            name=tr("{title}の理由を直す", title=self._title),
            on=self._open_reason,
        )
        self.reason = Field(tr("理由"), small=True)
        self.reason.edit.setAccessibleName(tr("{title}の理由", title=self._title))
        self.reason.hide()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_TYPING_PAUSE)
        self._pause.timeout.connect(self._tell)
        self.reason.edit.textEdited.connect(self._typed)
        line = row(spacing=8)
        line.addWidget(self._why, 1)
        line.addWidget(self._edit)
        self._lines.addWidget(panel(line))
        self._lines.addWidget(self.reason)

    def add_form(self, form: QWidget) -> None:
        """Put a form below the measure that it fulfils."""
        self._lines.addWidget(form)

    def update_measure(self, one: PlannedMeasure) -> None:
        """Show the measure as it stands now; what the person types stays."""
        name, role, ground, word = look(one)
        self._mark.show_icon(name, role, ground)
        said = term(f"why.{one.why}", self._explained) if one.why else self._explained
        if self.choice is not None:
            self._show_choice(one, word)
            return
        spoken = name != "ban" and bool(one.why) and said != self._explained
        self._state.tell("" if self._brief or spoken else word)
        self._why.tell("" if self._brief else said)
        if self.check is not None:
            self.check.setChecked(one.state == "done")

    def _show_choice(self, one: PlannedMeasure, word: str) -> None:
        if self.choice is None or self.reason is None:
            return
        self._state.hide()
        answer, _, reason = one.proposed.partition(":")
        if not answer and one.state in {"done", "declined"}:
            answer, reason = ("yes" if one.state == "done" else "no"), one.reason
        if self.choice.value is None and answer:
            self.choice.set_value(answer)
            self._reasons[answer] = reason
            self.reason.edit.setText(reason)
        value = str(self.choice.value or "")
        kept = self._reasons.get(value, "")
        if one.proposed and kept == reason and value == answer:
            word = tr("提案：{reason}", reason=reason) if reason else word
        elif value and kept:
            word = tr("理由：{reason}", reason=kept)
        self._why.tell(f"{self._article}　{word}")
        self._edit.setVisible(bool(value) and self.reason.isHidden())

    def _open_reason(self) -> None:
        if self.reason is not None:
            self.reason.show()
            self._edit.hide()
            self.reason.edit.setFocus()

    def _chosen(self) -> None:
        if self.choice is None or self.reason is None:
            return
        value = str(self.choice.value)
        self.reason.edit.setText(self._reasons[value])
        self.reason.setVisible(value == "no" and not self._reasons[value])
        self._tell()

    def _typed(self) -> None:
        if self.choice is not None and self.reason is not None and self.choice.value:
            self._reasons[str(self.choice.value)] = self.reason.text
        self._pause.start()

    def _tell(self) -> None:
        if self.choice is None or self.reason is None or self.choice.value is None:
            return
        value = str(self.choice.value)
        reason = self._reasons[value]
        lacks = value == "no" and not reason
        self.reason.set_hint(tr("理由を書くと決まります。") if lacks else "")
        answer = f"{value}:{reason}" if reason else value
        self.decided.emit(self.measure_id, "" if lacks else answer)
