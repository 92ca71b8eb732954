"""決めた許可: what was decided by those of a post, and taking a permit back (取消し)."""

from PySide6.QtWidgets import QFrame

from meti_desk.services.permit_messages import PermitRow
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.permits.words import (
    action_names,
    answer_facts,
    documents_line,
    period,
    state_word,
    wish_facts,
)
from meti_desk.ui.review.compared import Compared
from meti_desk.ui.review.part import Bar, ListPart
from meti_desk.ui.strings import article, tr
from meti_desk.ui.widgets.banner import Banner
from meti_desk.ui.widgets.build import Text, column
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.fields import Field
from meti_desk.ui.widgets.rows import RowsModel

_ACTIVE = ("granted", "conditional")


def _cells(one: PermitRow) -> tuple[str, ...]:
    return (
        state_word(one),
        one.requester,
        action_names(one.actions),
        documents_line(one),
        period(one),
    )


class DecidedPart(ListPart[PermitRow]):
    """The decided ones, newest first; one in force can be taken back with a reason."""

    def __init__(self, desktop: Desktop, banner: Banner) -> None:
        model: RowsModel[PermitRow] = RowsModel(
            (tr("状態"), tr("申請した人"), tr("取扱い"), tr("文書"), tr("期間")),
            _cells, lambda one: one.id,
        )  # fmt: skip
        super().__init__(
            model,
            tr("決めた許可の一覧"),
            (120, 120, 180, 0, 210),
            many=False,
            spare=(2, 4, 1),
        )
        self._desktop, self._banner = desktop, banner
        self.about = Compared()
        self.note = Field(tr("取り消す理由"), small=True)
        self.revoke = Button(tr("許可を取り消す"), on=self._revoke)
        self._says = Text("", "small")
        self.report = Field(tr("確かめた終了の状況"), small=True)
        self.found = Button(tr("終了を確かめた"), on=self._report)
        form = QFrame()
        form.setProperty("card", "plain")
        form.setLayout(
            column(
                Text(tr("取消し"), "h3"), self._says, self.note,
                Text(tr("終了の確認（{ref}）", ref=article("77-7")), "h3"),
                Text(tr("本人の報告がないときは、状況を確かめて記録します。"), "small"),
                self.report, None, spacing=8, margins=(20, 14, 20, 16),
            )
        )  # fmt: skip
        self.lay_out(self.about, form, Bar(self.found, self.revoke))
        self.chosen_changed.connect(self._show_chosen)

    def _show_chosen(self) -> None:
        one = next(iter(self.chosen), None)
        runs = one is not None and one.state in _ACTIVE and not (one.pending or one.left)
        self.revoke.setEnabled(runs)
        self.found.setEnabled(one is not None and one.report_due and not one.pending)
        self._says.tell(
            tr("取り消すと、次の同期から使えなくなります。本人に理由を知らせます。")
            if runs
            else tr("有効な許可を選ぶと、取り消せます。")
        )
        if one is None:
            self.about.show_none(tr("まだ何も決めていません"))
        else:
            facts = [*wish_facts(one), *answer_facts(one)]
            self.about.show_one(documents_line(one), state_word(one), facts)

    def _report(self) -> None:
        one, text = next(iter(self.chosen), None), self.report.text
        area = self._desktop.desk.permits
        self.report.refuse("" if text else tr("終了の状況を書いてください。"))
        if not text or one is None:
            self.report.edit.setFocus()
            return
        held = one.id

        def done(_row: PermitRow) -> None:
            self.report.edit.clear()
            self.carried.emit(tr("終了を記録しました。"))

        self._desktop.ask(self, lambda _job: area.report(held, text), done, self._banner)

    def _revoke(self) -> None:
        one, note, area = next(iter(self.chosen), None), self.note.text, self._desktop.desk.permits
        self.note.refuse("" if note else tr("理由を書いてください。"))
        if not note or one is None:
            self.note.edit.setFocus()
            return
        held = one

        def done(_row: PermitRow) -> None:
            self.note.edit.clear()
            self.carried.emit(tr("許可を取り消しました。"))

        self._desktop.ask(self, lambda _job: area.revoke(held.id, note), done, self._banner)
