"""確認: new labels of the 課室, judged one by one or many alike (Art. 4-2)."""

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame

from meti_desk.services.review_messages import JudgeRequest, ReviewRow
from meti_desk.ui.handle.result import open_place
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.review.compare import SIGN, Field, lines, odd_ones
from meti_desk.ui.review.compared import Compared
from meti_desk.ui.review.decision import GRANT_KEYS, REFUSE_KEYS
from meti_desk.ui.review.label_words import (
    evidence_short,
    review_facts,
    review_state,
    titles_line,
)
from meti_desk.ui.review.order_form import OrderForm
from meti_desk.ui.review.part import Bar, ListPart, shortcut
from meti_desk.ui.strings import label_line, tr
from meti_desk.ui.widgets.banner import Banner
from meti_desk.ui.widgets.build import Text, column, empty, panel, row
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.dates import shown_day
from meti_desk.ui.widgets.elided import Elided
from meti_desk.ui.widgets.order import set_reading_order
from meti_desk.ui.widgets.rows import RowsModel

_COMPARED = (1, 3, 4)
_PLACES = 5
"""Documents whose place is named; a batch of files lies in one folder as a rule."""


def _cells(one: ReviewRow) -> tuple[str, ...]:
    return (
        review_state(one),
        one.owner,
        titles_line(one),
        label_line(one.label),
        evidence_short(one),
        shown_day(one.decided_at),
    )


def _fields() -> "list[Field[ReviewRow]]":
    return [
        (tr("決めた人"), lambda one: one.owner),
        (tr("格付"), lambda one: label_line(one.label)),
        (tr("根拠"), evidence_short),
        (tr("理由"), lambda one: one.reason),
    ]


class LabelsPart(ListPart[ReviewRow]):
    """Ctrl+A and Ctrl+Enter find everything valid (妥当); an order needs a label and a reason."""

    def __init__(self, desktop: Desktop, banner: Banner) -> None:
        model: RowsModel[ReviewRow] = RowsModel(
            (tr("状態"), tr("決めた人"), tr("文書"), tr("格付"), tr("根拠"), tr("決めた日")),
            _cells, lambda one: one.id,
        )  # fmt: skip
        super().__init__(
            model,
            tr("格付の確認の一覧"),
            (150, 120, 0, 200, 170, 110),
            spare=(5, 4, 0, 1),
        )
        self._desktop, self._banner = desktop, banner
        self.about, self.form = Compared(), OrderForm()
        self._places = column(spacing=4)
        shown = QFrame()
        shown.setLayout(column(self.about, panel(self._places), None, spacing=8))
        keys = tr("Ctrl+A：すべて選ぶ　Ctrl+Enter：妥当と認める　Ctrl+Shift+Enter：修正を指示")
        self.lay_out(shown, self.form, Bar(self.form.correct, self.form.valid, keys=keys))
        self.chosen_changed.connect(self._show_chosen)
        self.form.valid.clicked.connect(self._find_valid)
        self.form.correct.clicked.connect(self._order)
        for key in GRANT_KEYS:
            shortcut(self, key).activated.connect(self.form.valid.click)
        shortcut(self, REFUSE_KEYS).activated.connect(self.form.correct.click)

    @property
    def to_judge(self) -> tuple[ReviewRow, ...]:
        """Give the chosen ones that this person may judge."""
        return tuple(one for one in self.chosen if one.judgeable)

    def _show_chosen(self) -> None:
        chosen, able = self.chosen, self.to_judge
        self._stress(chosen)
        count = len(able)
        self.form.valid.rename(
            tr("{n}件を妥当と認める", n=count) if count > 1 else tr("妥当と認める")
        )
        self.form.correct.rename(
            tr("{n}件の修正を指示する", n=count) if count > 1 else tr("修正を指示する")
        )
        for one in (self.form.valid, self.form.correct):
            one.setEnabled(bool(able))
        empty(self._places)
        if not self.model.rows:
            self.about.show_none(
                tr("確認を待つ格付はありません"),
                tr("課室の職員が格付を決めると、次の同期でここに届きます。"),
            )
        elif not chosen:
            self.about.show_none(tr("格付を選んでください"))
        elif len(chosen) > 1:
            title = tr("{n}件の格付", n=len(chosen))
            self.about.show_many(title, lines(chosen, _fields()))
        else:
            self._show_one(chosen[0])

    def _show_one(self, one: ReviewRow) -> None:
        says = ""
        if not one.readable:
            says = tr(
                "この端末では題名などを読めません。本人の次の同期の後に読めるようになります。"
            )
        elif not one.judgeable:
            says = tr("あなたが決めた格付、または既に答えた格付です。")
        self.about.show_one(titles_line(one), says, review_facts(one))
        self.form.offer(one.label.restrictions)
        for document in one.documents[:_PLACES]:
            if not document.place:
                continue
            place = document.place
            line = row(Text(tr("場所"), "small", wrap=False), spacing=8)
            line.addWidget(Elided(place, "small"), 1)
            name = tr("{name}のある場所を開く", name=document.title)
            opened = Button(tr("開く"), "link", name=name)
            opened.clicked.connect(lambda _on=False, place=place: open_place(place))
            line.addWidget(opened)
            self._places.addWidget(panel(line))
        set_reading_order(self)

    def _stress(self, chosen: Sequence[ReviewRow]) -> None:
        if len(chosen) < 2:  # noqa: PLR2004 - two can be compared
            self.model.stress(frozenset(), SIGN)
            return
        ids = {one.id for one in chosen}
        places = [at for at, one in enumerate(self.model.rows) if one.id in ids]
        fields: list[Field[ReviewRow]] = [
            ("", lambda one, at=at: _cells(one)[at])  # type: ignore[misc]
            for at in _COMPARED
        ]
        odd = odd_ones(chosen, fields)
        self.model.stress(frozenset((places[line], _COMPARED[place]) for line, place in odd), SIGN)

    def _find_valid(self) -> None:
        ids = tuple(one.id for one in self.to_judge)
        if ids and self.form.lets_valid():
            said = tr("{n}件を妥当と認めました。", n=len(ids))
            self._judge([JudgeRequest(ids=ids, note=self.form.note.text)], said)

    def _order(self) -> None:
        able, form = self.to_judge, self.form
        if not able or not form.check():
            return
        c, i, a = form.levels
        # An order names a level of 機密性 even where that stays: 0 would mean 妥当.
        alike: dict[int, list[str]] = {}
        for one in able:
            alike.setdefault(c or one.label.c or 0, []).append(one.id)
        orders = [
            JudgeRequest(
                ids=tuple(ids), c=level, i=i, a=a, restrictions=form.named, note=form.note.text
            )
            for level, ids in alike.items()
        ]
        self._judge(orders, tr("{n}件の修正を指示しました。", n=len(able)))

    def _judge(self, requests: Sequence[JudgeRequest], said: str) -> None:
        area = self._desktop.desk.reviews
        for one in (self.form.valid, self.form.correct):
            one.setEnabled(False)

        def work(_job: object) -> None:
            for request in requests:
                area.judge(request)

        def done(_nothing: None) -> None:
            self.form.clear()
            self.carried.emit(said)

        self._desktop.ask(self, work, done, self._banner, lambda _error: self._show_chosen())
