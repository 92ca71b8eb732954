"""あらかじめの決定: a `consider` measure decided once for what is usual, cited in every record."""

from datetime import timedelta

from PySide6.QtWidgets import QFrame

from meti_desk.services.permit_messages import StandingRow
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.permits.wish import split_list
from meti_desk.ui.review.compared import Compared
from meti_desk.ui.review.part import Bar, ListPart
from meti_desk.ui.strings import confidentiality, measure, tr
from meti_desk.ui.widgets.banner import Banner
from meti_desk.ui.widgets.build import Text, column, row
from meti_desk.ui.widgets.buttons import Button, Segmented
from meti_desk.ui.widgets.check import Check
from meti_desk.ui.widgets.choice import Choice
from meti_desk.ui.widgets.dates import shown_day, today
from meti_desk.ui.widgets.days import DayField
from meti_desk.ui.widgets.fields import Field
from meti_desk.ui.widgets.rows import RowsModel

CONSIDERED = ("password", "encryption", "signature", "backup", "split", "store-backup")
"""The measures that the standard leaves to a decision (検討, Arts. 11-6, 14-1 to 14-5)."""
_TERM = 365
"""Days that are offered for a decision."""


def _answer(one: StandingRow) -> str:
    return tr("行う") if one.answer == "yes" else tr("行わない")


def _levels(one: StandingRow) -> str:
    return "・".join(map(confidentiality, one.levels)) if one.levels else tr("すべて")


def _recipients(one: StandingRow) -> str:
    return "、".join(one.recipients) if one.recipients else tr("すべて")


def _state(one: StandingRow) -> str:
    if one.left:
        left = tr("{state}（登録を外す前）", state=tr("終了"))
        return left if one.decider else tr("返事なし（登録を外す前）")
    if one.pending:
        return tr("取消し（未送信）") if one.in_force else tr("決定（未送信）")
    return tr("有効") if one.in_force else tr("終了")


def _cells(one: StandingRow) -> tuple[str, ...]:
    return (
        _state(one), measure(one.measure)[0], _answer(one), _levels(one), _recipients(one),
        shown_day(one.until),
    )  # fmt: skip


class StandingForm(QFrame):
    """A new decision."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", "plain")
        self.measure = Choice(tr("措置"), [(one, measure(one)[0]) for one in CONSIDERED])
        self.answer = Segmented(
            tr("決定"), [("yes", tr("行う")), ("no", tr("行わない"))], small=True
        )
        self.answer.set_value("no")
        self.levels = {n: Check(confidentiality(n)) for n in (1, 2, 3)}
        self.recipients = Field(
            tr("相手"), small=True, hint=tr("空欄はすべて。@ から書くと、その組織の全員です。")
        )
        self.until = DayField(tr("いつまで"), iso=(today() + timedelta(days=_TERM)).isoformat())
        self.reason = Field(tr("理由"), small=True)
        self.go = Button(tr("決める"), "primary", name=tr("あらかじめ決める"))
        self.bar = Bar(self.go)
        boxes = row(*self.levels.values(), None, spacing=12)
        dates = row(spacing=12)
        dates.addLayout(column(self.until, None), 1)
        dates.addLayout(column(self.recipients, None), 2)
        self.setLayout(
            column(
                Text(tr("新しく決める"), "h3"), self.measure, row(self.answer, None),
                Text(tr("格付（選ばなければすべて）"), "small"), boxes, dates, self.reason,
                None, spacing=8, margins=(20, 14, 20, 16),
            )
        )  # fmt: skip

    def row(self) -> StandingRow | None:
        """Give what stands in the form; nothing while something is missing, which is said."""
        well = self.until.check(wanted=True)
        self.reason.refuse("" if self.reason.text else tr("理由を書いてください。"))
        if not well or not self.reason.text:
            (self.reason if well else self.until).edit.setFocus()
            return None
        return StandingRow(
            id="",
            measure=self.measure.value,
            answer=str(self.answer.value),
            levels=tuple(n for n, box in self.levels.items() if box.isChecked()),
            recipients=split_list(self.recipients.text),
            since=today().isoformat(),
            until=self.until.iso,
            reason=self.reason.text,
        )


class StandingPart(ListPart[StandingRow]):
    """The list with its decisions, and the form for a new one."""

    def __init__(self, desktop: Desktop, banner: Banner) -> None:
        model: RowsModel[StandingRow] = RowsModel(
            (tr("状態"), tr("措置"), tr("決定"), tr("格付"), tr("相手"), tr("期限")),
            _cells, lambda one: one.id,
        )  # fmt: skip
        super().__init__(
            model,
            tr("あらかじめの決定の一覧"),
            (80, 200, 100, 180, 0, 150),
            many=False,
            spare=(3, 5, 0),
        )
        self._desktop, self._banner = desktop, banner
        self.about, self.form = Compared(), StandingForm()
        self.end = Button(tr("選んだ決定を終える"), on=self._end)
        self.form.bar.add(self.end)
        self.lay_out(self.about, self.form, self.form.bar)
        self.chosen_changed.connect(self._show_chosen)
        self.form.go.clicked.connect(self._stand)

    def _show_chosen(self) -> None:
        one = next(iter(self.chosen), None)
        self.end.setEnabled(one is not None and one.in_force)
        if one is None:
            self.about.show_none(
                tr("あらかじめの決定はありません"),
                tr("検討する措置をあらかじめ決めておくと、職員は一件ずつ決めずに済みます。"),
            )
            return
        facts = [
            (tr("決定"), _answer(one)),
            (tr("格付"), _levels(one)),
            (tr("相手"), _recipients(one)),
            (
                tr("期間"),
                tr(
                    "{since}から{until}まで", since=shown_day(one.since), until=shown_day(one.until)
                ),
            ),
            (tr("理由"), one.reason),
            (tr("決めた人"), "\n".join(filter(None, (one.post, one.decider)))),
        ]
        self.about.show_one(
            measure(one.measure)[0], _state(one), [(name, said) for name, said in facts if said]
        )

    def _stand(self) -> None:
        wanted, area = self.form.row(), self._desktop.desk.permits
        if wanted is None:
            return
        row_ = wanted

        def done(_row: StandingRow) -> None:
            self.form.reason.edit.clear()
            self.carried.emit(tr("決めました。次の同期で課室の全員に届きます。"))

        self._desktop.ask(self, lambda _job: area.stand(row_), done, self._banner)

    def _end(self) -> None:
        one, area = next(iter(self.chosen), None), self._desktop.desk.permits
        if one is None:
            return
        held = one.id
        self._desktop.ask(
            self, lambda _job: area.end_standing(held),
            lambda _none: self.carried.emit(tr("決定を終えました。")), self._banner,
        )  # fmt: skip
