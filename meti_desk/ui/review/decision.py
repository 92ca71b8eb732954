"""The decision about the chosen requests: measures, period, report, words, and two buttons."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from meti_desk.ui.permits.measures_box import MeasuresBox
from meti_desk.ui.review.part import Bar
from meti_desk.ui.strings import article, tr
from meti_desk.ui.widgets.build import Text, column, row
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.check import Check
from meti_desk.ui.widgets.dates import shown_day
from meti_desk.ui.widgets.days import DayField
from meti_desk.ui.widgets.fields import Field

GRANT_KEYS = ("Ctrl+Return", "Ctrl+Enter")
REFUSE_KEYS = "Ctrl+Shift+Return"


class DecisionForm(QFrame):
    """Emits `granted` or `refused`; what was typed stays until the decision is recorded."""

    granted = Signal()
    refused = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", "plain")
        self._count = 0
        self._latest = ""
        self.measures = MeasuresBox(tr("そのほかに指定する措置"))
        self.until = DayField(tr("期限を早める"), hint=tr("空欄は申請のとおり"))
        self.waived = Check(tr("終了の報告を求めない"))
        self.note = Field(tr("付記（却下のときは理由）"), small=True)
        self.grant = Button(tr("許可する"), "primary", on=self._grant)
        self.refuse = Button(tr("却下する"), on=self._refuse)
        keys = tr("Ctrl+A：すべて選ぶ　Ctrl+Enter：許可　Ctrl+Shift+Enter：却下")
        self.bar = Bar(self.refuse, self.grant, keys=keys)
        last = row(spacing=12)
        last.addLayout(column(self.until, None), 1)
        last.addLayout(column(self.note, None), 2)
        self.setLayout(
            column(
                Text(tr("指定する措置（{ref}）", ref=article("13")), "h3"),
                self.measures, last, self.waived, None, spacing=8, margins=(20, 14, 20, 16),
            )
        )  # fmt: skip

    def show_chosen(self, count: int, latest: str) -> None:
        """Say how many would be decided; `latest` is the last day to which all may run."""
        self._count, self._latest = count, latest
        self.grant.rename(tr("{n}件を許可する", n=count) if count > 1 else tr("許可する"))
        self.refuse.rename(tr("{n}件を却下する", n=count) if count > 1 else tr("却下する"))
        for one in (self.grant, self.refuse):
            one.setEnabled(count > 0)

    def clear(self) -> None:
        """Begin anew, after a decision."""
        self.measures.show_measures(())
        self.until.show_iso("")
        self.waived.setChecked(False)
        self.note.edit.clear()
        self.note.refuse("")

    def _grant(self) -> None:
        if not self._count:
            return
        well = self.until.check()
        if well and self.until.iso > self._latest:
            self.until.refuse(tr("{day}より後にはできません。", day=shown_day(self._latest)))
            well = False
        self.note.refuse("")
        if well:
            self.granted.emit()
        else:
            self.until.edit.setFocus()

    def _refuse(self) -> None:
        if not self._count:
            return
        self.note.refuse("" if self.note.text else tr("却下の理由を書いてください。"))
        if self.note.text:
            self.refused.emit()
        else:
            self.note.edit.setFocus()
