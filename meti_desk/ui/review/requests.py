"""許可の申請: the queue, decided one by one or many alike (一括)."""

from typing import TYPE_CHECKING

from meti_desk.services.permit_messages import DecideRequest, PermitRow
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.permits.words import (
    action_names,
    article_names,
    documents_line,
    label_short,
    labels_line,
    measure_names,
    period,
    unsound,
    wish_facts,
)
from meti_desk.ui.review.compare import SIGN, Field, lines, odd_ones
from meti_desk.ui.review.compared import Compared
from meti_desk.ui.review.decision import GRANT_KEYS, REFUSE_KEYS, DecisionForm
from meti_desk.ui.review.part import ListPart, shortcut
from meti_desk.ui.strings import tr
from meti_desk.ui.widgets.banner import Banner
from meti_desk.ui.widgets.dates import shown_day, shown_moment
from meti_desk.ui.widgets.rows import RowsModel

if TYPE_CHECKING:
    from collections.abc import Sequence

_COMPARED = (0, 1, 3, 4, 5)
"""Columns in which requests are compared; that each has its own documents says nothing."""


def _cells(one: PermitRow) -> tuple[str, ...]:
    return (
        one.requester,
        action_names(one.actions),
        documents_line(one),
        "、".join(dict.fromkeys(label_short(d.label) for d in one.documents if d.label)),
        "、".join(one.recipients),
        shown_day(one.until),
    )


def compared_fields() -> "list[Field[PermitRow]]":
    """Give what requests are compared in, besides their documents."""
    return [
        (tr("申請した人"), lambda one: one.requester),
        (tr("取扱い"), lambda one: action_names(one.actions)),
        (tr("根拠"), lambda one: article_names(one.articles)),
        (tr("格付"), labels_line),
        (tr("相手"), lambda one: "、".join(one.recipients)),
        (tr("期間"), period),
        (tr("複製"), lambda one: tr("承認を含む（第10条第4項）") if one.includes_copies else ""),
        (tr("取扱制限の許可"), lambda one: "・".join(one.restrictions)),
        (tr("講じる措置"), lambda one: measure_names(one.measures)),
        (tr("理由"), lambda one: one.reason),
    ]


class RequestsPart(ListPart[PermitRow]):
    """Ctrl+A and Ctrl+Enter decide everything that waits."""

    def __init__(self, desktop: Desktop, banner: Banner) -> None:
        model: RowsModel[PermitRow] = RowsModel(
            (tr("申請した人"), tr("取扱い"), tr("文書"), tr("格付"), tr("相手"), tr("期限")),
            _cells, lambda one: one.id,
        )  # fmt: skip
        super().__init__(
            model,
            tr("許可の申請の一覧"),
            (120, 170, 0, 160, 200, 150),
            spare=(1, 5, 4, 0),
        )
        self._desktop, self._banner = desktop, banner
        self.about, self.form = Compared(), DecisionForm()
        self.lay_out(self.about, self.form, self.form.bar)
        self.chosen_changed.connect(self._show_chosen)
        self.form.granted.connect(lambda: self._decide(granted=True))
        self.form.refused.connect(lambda: self._decide(granted=False))
        for keys in GRANT_KEYS:
            shortcut(self, keys).activated.connect(self.form.grant.click)
        shortcut(self, REFUSE_KEYS).activated.connect(self.form.refuse.click)

    @property
    def to_decide(self) -> tuple[PermitRow, ...]:
        """Give the chosen ones that this person may decide."""
        return tuple(one for one in self.chosen if one.decidable)

    def _show_chosen(self) -> None:
        chosen, able = self.chosen, self.to_decide
        self._stress(chosen)
        self.form.show_chosen(len(able), min((one.until for one in able), default=""))
        if not self.model.rows:
            self.about.show_none(
                tr("許可の申請はありません"), tr("職員が申請すると、次の同期でここに届きます。")
            )
        elif not chosen:
            self.about.show_none(tr("申請を選んでください"))
        elif len(chosen) == 1:
            self._show_one(chosen[0])
        else:
            title = tr("{n}件の申請", n=len(chosen))
            self.about.show_many(title, lines(chosen, compared_fields()))

    def _show_one(self, one: PermitRow) -> None:
        said = tr("{who}　{unit}　{when}", who=one.requester, unit=one.unit,
                  when=shown_moment(one.requested_at))  # fmt: skip
        wrong = "" if one.words_sound else unsound()
        if not one.decidable and not wrong:
            said = tr("この申請は、あなたには決められません（自分の申請、または別の職の権限）。")
        self.about.show_one(documents_line(one), said, wish_facts(one), wrong)

    def _stress(self, chosen: "Sequence[PermitRow]") -> None:
        """Mark in the list in what the chosen ones differ; one alone differs from nothing."""
        if len(chosen) < 2:  # noqa: PLR2004 - two can be compared
            self.model.stress(frozenset(), SIGN)
            return
        ids = {one.id for one in chosen}
        places = [at for at, one in enumerate(self.model.rows) if one.id in ids]
        fields: list[Field[PermitRow]] = [
            ("", lambda one, at=at: _cells(one)[at])  # type: ignore[misc]
            for at in _COMPARED
        ]
        odd = odd_ones(chosen, fields)
        self.model.stress(frozenset((places[line], _COMPARED[place]) for line, place in odd), SIGN)

    def _decide(self, *, granted: bool) -> None:
        able, form, area = self.to_decide, self.form, self._desktop.desk.permits
        request = DecideRequest(
            ids=tuple(one.id for one in able),
            granted=granted,
            designated=form.measures.measures if granted else (),
            note=form.note.text,
            report_waived=granted and form.waived.isChecked(),
            until=form.until.iso if granted else "",
        )
        for one in (form.grant, form.refuse):
            one.setEnabled(False)

        def done(rows: tuple[PermitRow, ...]) -> None:
            form.clear()
            said = tr("{n}件を許可しました。", n=len(rows))
            self.carried.emit(said if granted else tr("{n}件を却下しました。", n=len(rows)))

        self._desktop.ask(
            self, lambda _job: area.decide(request), done, self._banner,
            lambda _error: self._show_chosen(),
        )  # fmt: skip
