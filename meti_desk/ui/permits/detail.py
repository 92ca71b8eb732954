"""One request as who asked sees it: what was asked, what was decided, what is to be done."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QWidget

from meti_desk.ui.permits.words import (
    answer_facts,
    documents_line,
    noted_facts,
    noted_tone,
    noted_word,
    state_tone,
    state_word,
    unsound,
    wish_facts,
)
from meti_desk.ui.strings import article, told, tr
from meti_desk.ui.widgets.build import Text, column, panel, restyle, row, rule, tag
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.facts import Facts
from meti_desk.ui.widgets.longtext import LongField
from meti_desk.ui.widgets.order import set_reading_order

if TYPE_CHECKING:
    from meti_desk.services.permit_messages import NotedRow, PermitRow

_ACTIVE = ("granted", "conditional")


class PermitCard(QFrame):
    """Shows a permit or a noted permission; asks once more before a request is taken back."""

    withdrawn = Signal(str)
    reported = Signal(str, str)
    """Id and what is reported (終了報告)."""

    def __init__(self) -> None:
        super().__init__()
        self._row: PermitRow | None = None
        self.setProperty("card", "plain")
        self._title = Text("", "h2")
        self._state = tag("", "")
        self._wrong = Text("", "error")
        self._says = Text("", "small")
        self._wish, self._answer = Facts(), Facts()
        self._line = rule()
        self._answer_title = Text(tr("回答"), "h3")
        self.report = LongField(tr("終了の報告"), hint=tr("何を持ち帰り、何を消したか、など"))
        self.send = Button(tr("終了を報告する"), on=self._report)
        sends = QShortcut(QKeySequence("Ctrl+Return"), self.report)
        sends.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        sends.activated.connect(self._report)
        self.finish = Button(tr("終了を報告する…"), small=True, on=self._open_report)
        self.withdraw = Button(tr("申請を取り下げる…"), "quiet", small=True, on=self._ask)
        self.sure = Button(tr("取り下げる"), small=True, on=self._withdraw)
        self._report_form = panel(column(self.report, row(None, self.send), spacing=8))
        self._sure = self._question()
        self._lay_out()
        self.show_nothing("")

    def _question(self) -> QWidget:
        keep = self.keep = Button(
            tr("やめる"), "quiet", small=True, name=tr("取り下げるのをやめる"), on=self._keep
        )
        line = row(spacing=8)
        line.addWidget(Text(tr("この申請を取り下げますか。"), "strong"), 1)
        line.addWidget(keep)
        line.addWidget(self.sure)
        return panel(line)

    def _lay_out(self) -> None:
        top = row(spacing=10)
        top.addWidget(self._title, 1)
        top.addLayout(column(self._state, None, spacing=0))
        self.setLayout(
            column(
                top, self._wrong, self._says, self._wish, self._line, self._answer_title,
                self._answer, self._report_form, self._sure,
                row(self.withdraw, None, self.finish, spacing=8),
                spacing=10, margins=(20, 16, 20, 16),
            )
        )  # fmt: skip

    def show_nothing(self, says: str) -> None:
        """Show no permit but a sentence."""
        self._row = None
        self.setVisible(bool(says))
        self._fill(tr("申請・許可"), "", "", says)
        for part in (self._state, self.withdraw, self.finish, self._report_form):
            part.hide()

    def show_permit(self, one: "PermitRow") -> None:
        """Show a request with its answer."""
        fresh = self._row is None or self._row.id != one.id
        self._row = one
        self.show()
        self._fill(documents_line(one), state_word(one), state_tone(one), _says(one))
        self._wrong.tell(_wrong(one))
        self._wish.show_facts(wish_facts(one))
        self._show_answer(answer_facts(one))
        ending = one.pending in {"permit-withdrawn", "permit-reported"}
        self.withdraw.setVisible(one.state == "requested" and not ending)
        runs = one.state in _ACTIVE and not (one.report_waived or ending or one.left)
        due = one.report_due and not ending
        if fresh or ending:
            self.report.clear()
            self._report_form.setVisible(due)
        self.finish.setVisible(runs and not self._report_form.isVisibleTo(self))
        set_reading_order(self.window())

    def show_noted(self, one: "NotedRow") -> None:
        """Show a permission that was given by word or on paper."""
        self._row = None
        self.show()
        says = {
            "confirmed": tr("責任者が確認しました。"),
            "denied": tr(
                "責任者は、このような許可をしていないと答えました。取扱いを見直してください。"
            ),
        }
        waits = tr("責任者の確認を待っています。許可した人に伝えておくと早く確認されます。")
        if one.left:
            waits = tr("この端末の登録を外す前のものです。記録として残り、使うことはできません。")
        title = one.title or tr("口頭・書面の許可")
        self._fill(title, noted_word(one), noted_tone(one), says.get(one.state, waits))
        self._wish.show_facts(noted_facts(one))
        self._show_answer([])
        for part in (self.withdraw, self.finish, self._report_form):
            part.hide()
        set_reading_order(self.window())

    def _fill(self, title: str, state: str, tone: str, says: str) -> None:
        self._sure.hide()
        self._wrong.tell("")
        self._title.setText(title)
        self._state.setText(state)
        self._state.setProperty("tone", tone)
        self._state.setVisible(bool(state) and self.isVisible())
        restyle(self._state)
        self._says.tell(says)
        if not state:
            self._wish.show_facts([])
            self._show_answer([])

    def _show_answer(self, facts: list[tuple[str, str]]) -> None:
        self._answer.show_facts(facts)
        self._line.setVisible(bool(facts))
        self._answer_title.setVisible(bool(facts))

    def _ask(self) -> None:
        self._sure.show()
        self.withdraw.hide()
        self.keep.setFocus()  # a key too many changes nothing

    def _keep(self) -> None:
        self._sure.hide()
        self.withdraw.show()
        self.withdraw.setFocus()

    def _withdraw(self) -> None:
        if self._row is not None:
            self.withdrawn.emit(self._row.id)

    def _open_report(self) -> None:
        self._report_form.show()
        self.finish.hide()
        self.report.edit.setFocus()
        set_reading_order(self.window())

    def _report(self) -> None:
        text = self.report.text
        self.report.refuse("" if text else tr("終了の状況を書いてください。"))
        if text and self._row is not None:
            self.reported.emit(self._row.id, text)


def _wrong(one: "PermitRow") -> str:
    """Say why a permit cannot be relied on."""
    if one.refusal:
        from meti_desk.services.messages import ErrorView

        said = told(ErrorView(one.refusal))
        return " ".join(filter(None, (said.cause, said.remedy)))
    if not one.verified:
        return tr("サーバーの署名を確かめられません。この許可は使えません。")
    if not one.words_sound:
        return unsound()
    return ""


def _says(one: "PermitRow") -> str:
    """Say what follows from the state."""
    if one.refusal or one.pending in {"permit-withdrawn", "permit-reported"}:
        return ""
    if one.left:
        return tr("この端末の登録を外す前のものです。記録として残り、使うことはできません。")
    if one.report_due:
        return tr("期間が終わりました。終了したことを報告してください。{ref}", ref=article("77-3"))
    words = {
        "requested": tr("許可されるまでは、この取扱いはできません。"),
        "granted": tr("この範囲の取扱いで、この許可が使われます。"),
        "conditional": tr("指定された措置を講じるときに限り、この許可が使われます。"),
        "refused": tr("理由を確かめ、必要なら内容を改めて申請してください。"),
        "lapsed": tr("決定のないまま期間が終わりました。必要なら、新しい期間で申請してください。"),
    }
    if one.state == "requested" and one.pending:
        return tr("次の同期で送ります。許可されるまでは、この取扱いはできません。")
    return words.get(one.state, "")
