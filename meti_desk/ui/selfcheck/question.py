"""One question: its words, what the person's own records say, the answers, and a reason."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from meti_desk.services.selfcheck_views import AnswerRequest, EvidenceView, ItemView
from meti_desk.ui.selfcheck.answers import Answers
from meti_desk.ui.strings import tr
from meti_desk.ui.widgets.build import Text, card, column, empty, panel, restyle, row, tag
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.fields import Field

_PAUSE = 600
"""Milliseconds after the last key until a reason is saved."""


class Question(QWidget):
    """The middle of the wizard; emits `answered` with what is to be saved."""

    answered = Signal(object)
    grown = Signal(QWidget)
    """A part appeared that the person should see."""
    records_wanted = Signal(object)
    """The event ids behind the figures."""

    def __init__(self) -> None:
        super().__init__()
        self._item: ItemView | None = None
        self._clause = Text("", "small", wrap=False)
        self._change = tag("", "warning")
        self._text = Text("", "question")
        self._evidence = QVBoxLayout()
        self.answers = Answers()
        self.reason = Field(tr("理由"), small=True)
        self.plan = Field(tr("これから行うこと"), small=True)
        self.by_when = Field(tr("いつまでに（例：2027-01-31）"), small=True)
        self._lacks = Text("", "error")
        self._more = QWidget()
        later = row(spacing=12)
        later.addWidget(self.plan, 5)
        later.addWidget(self.by_when, 4)
        self._more.setLayout(column(self.reason, later, self._lacks, spacing=8))
        self.head = panel(
            column(
                row(self._clause, self._change, None, spacing=12),
                self._text,
                spacing=6,
                margins=(8, 2, 8, 8),
            )
        )
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self.save)
        self.setLayout(
            column(
                self._evidence,
                4,
                self.answers,
                self._more,
                None,
                spacing=6,
                margins=(8, 0, 8, 8),
            )
        )
        self.answers.chosen.connect(self._chosen)
        for one in (self.reason, self.plan, self.by_when):
            one.edit.textEdited.connect(self._wait)

    def show_item(self, item: ItemView, *, locked: bool = False) -> None:
        """Show a question; a form that was handed in is read only."""
        self._pause.stop()
        self._item = item
        self._clause.setText(item.clause_text)
        changed = {"new": tr("今年度から"), "changed": tr("今年度から変更")}
        self._change.tell(changed.get(item.change, ""))
        self._text.setText(item.text)
        empty(self._evidence)
        if item.evidence is not None and item.evidence.figures:
            self._evidence.addWidget(self._figures(item.evidence))
        answer = item.answer
        self.answers.offer(item.options, answer.value if answer else "")
        self.answers.setEnabled(not locked)
        for field, text in (
            (self.reason, answer.reason if answer else ""),
            (self.plan, answer.plan if answer else ""),
            (self.by_when, answer.by_when if answer else ""),
        ):
            field.edit.setText(text)
            field.edit.setEnabled(not locked)
        self._ask_more()
        self.tell_lacks(item)

    def tell_lacks(self, item: ItemView) -> None:
        """Say what the saved answer still needs."""
        self._item = item
        lacks = item.answer.lacks if item.answer else ()
        words = {
            "reason": tr("理由を書いてください。"),
            "plan": tr("これから行うことを書いてください。"),
            "by-when": tr("いつまでに行うかを書いてください。"),
            "against-reason": tr("記録と違う答えです。理由を書いてください。"),
        }
        self._lacks.tell(" ".join(words.get(one, one) for one in lacks))
        if lacks:
            self._more.show()
            self.reason.show()

    def _wait(self) -> None:
        self._pause.start()

    def save(self) -> None:
        """Save what stands there now, if an answer was chosen."""
        self._pause.stop()
        item, value = self._item, self.answers.value
        if item is None or not value:
            return
        kept = item.answer
        asked = (value, self.reason.text, self.plan.text, self.by_when.text)
        if kept and asked == (kept.value, kept.reason, kept.plan, kept.by_when):
            return
        evidence = item.evidence
        self.answered.emit(
            AnswerRequest(
                form="",
                link_id=item.link_id,
                value=value,
                reason=self.reason.text,
                plan=self.plan.text,
                by_when=self.by_when.text,
                confirm=bool(evidence and evidence.suggested == value),
            )
        )

    def _chosen(self) -> None:
        self._ask_more()
        self.save()
        if self._more.isVisible():
            self.grown.emit(self._more)

    def _ask_more(self) -> None:
        value = self.answers.value
        behind = value in {"partly", "not-done"}
        against = bool(self._item and self._item.evidence) and value in self._against()
        self._more.setVisible(behind or against or bool(self.reason.text))
        for one in (self.plan, self.by_when):
            one.setVisible(behind)

    def _against(self) -> tuple[str, ...]:
        item = self._item
        return item.evidence.against if item and item.evidence else ()

    def _figures(self, evidence: EvidenceView) -> QWidget:
        line = row(spacing=24)
        for figure in evidence.figures:
            warns = figure.severity in {"warn", "bad"}
            number = tr("{n}件", n=figure.number)
            value = Text(number, "figure-warns" if warns else "figure", wrap=False)
            restyle(value)
            line.addWidget(panel(column(value, Text(figure.label, "small"), None, spacing=0)), 1)
        whole = column(line, spacing=8, margins=(18, 12, 18, 12))
        foot = row(None, spacing=12)
        if evidence.events:
            count = len(evidence.events)
            see = Button(
                tr("{n}件の記録を見る", n=count),
                small=True,
                on=lambda: self.records_wanted.emit(evidence.events),
            )
            foot.insertWidget(0, see)
        if evidence.suggested is not None and self._item is not None:
            words = {one.value: one.text for one in self._item.options}
            said = tr("記録からの提案：{what}", what=words.get(evidence.suggested, ""))
            foot.addWidget(Text(said, "small", wrap=False))
        if foot.count() > 1:
            whole.addLayout(foot)
        return card(whole, "evidence")
