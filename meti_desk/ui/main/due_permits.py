"""Cards of ホーム about permits: ends to report, requests to decide, answers that came."""

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtWidgets import QFrame

from meti_desk.ui.main.context import Desktop
from meti_desk.ui.main.due_card import due_card
from meti_desk.ui.main.notices import SEEN, answered_at, new_answers, to_judge
from meti_desk.ui.permits.words import action_names, documents_line
from meti_desk.ui.strings import tr
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.dates import days_left, shown_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from meti_desk.services.permit_messages import HomePermits, PermitRow, PermitsView
    from meti_desk.services.review_messages import CorrectionTask, ReviewRow, ReviewsView
    from meti_desk.ui.ports import Desk


class Due(NamedTuple):
    """What waits; `seen` is the moment up to which answers were looked at."""

    permits: "PermitsView"
    reviews: "ReviewsView"
    seen: str


def gather_due(desk: "Desk") -> Due:
    """Ask for what waits; called in the background."""
    return Due(desk.permits.view(), desk.reviews.view(), desk.setting(SEEN))


def permit_cards(due: Due, told: "HomePermits", desktop: Desktop) -> list[QFrame]:
    """Give a card for each kind of thing that waits."""
    view, tasks = due.permits, [one for one in due.reviews.tasks if not one.said]
    labels = [one for one in due.reviews.to_judge if one.judgeable]
    reports = [one for one in view.mine if one.report_due and not one.pending]
    requests = [one for one in view.to_decide if one.decidable]
    noted = [one for one in view.noted if to_judge(one)] if view.decides else []
    answers = new_answers(view, due.seen)
    cards = []
    if reports:
        cards.append(_reports(reports, desktop))
    if tasks:
        cards.append(_corrections(tasks, desktop))
    if requests:
        cards.append(_requests(requests, desktop))
    if labels:
        cards.append(_labels(labels, desktop))
    if noted:
        cards.append(_noted(len(noted), desktop))
    if answers:
        cards.append(_answers(answers, desktop))
    return [*cards, *_others(due, told, desktop)]


def _others(due: Due, told: "HomePermits", desktop: Desktop) -> list[QFrame]:
    """Give cards for what is rare: denied, not reported, refused by the server, about to end."""
    cards = []
    if told.denied:
        go = Button(
            tr("記録を見る"), name=tr("許可なしとされた記録を見る"),
            on=lambda: desktop.records_wanted.emit(told.denied),
        )  # fmt: skip
        title = tr("口頭・書面の許可{n}件が、許可なしとされました", n=len(told.denied))
        said = tr("取扱いを見直し、必要なら責任者に相談してください")
        cards.append(due_card("alert", title, said, ("13-1",), go, urgent=True))
    if told.unreported:
        go = Button(
            tr("見る"), name=tr("終了の報告がない許可を見る"),
            on=lambda: desktop.page_wanted.emit("review"),
        )  # fmt: skip
        title = tr("終了の報告がない許可が{n}件あります", n=len(told.unreported))
        said = tr("「決めた許可」で状況を確かめ、記録してください")
        cards.append(due_card("clock", title, said, ("77-3", "77-7"), go))
    if told.refused:
        go = Button(
            tr("見る"), name=tr("受け付けられなかったものを見る"),
            on=lambda: desktop.page_wanted.emit("permits"),
        )  # fmt: skip
        title = tr("サーバーが受け付けなかったものが{n}件あります", n=len(told.refused))
        cards.append(due_card("alert", title, tr("理由を確かめてください"), (), go))
    if told.ending:
        cards.append(_ending(due, told.ending[0], len(told.ending), desktop))
    return cards


def _ending(due: Due, first: tuple[str, str, int], count: int, desktop: Desktop) -> QFrame:
    name, until, left = first
    row = next((one for one in due.permits.mine if one.id == name), None)
    what = documents_line(row) if row is not None else ""
    said = tr("「{title}」 {day}まで（あと{n}日）", title=what, day=shown_day(until), n=left)
    go = Button(
        tr("見る"), name=tr("期限の近い許可を見る"),
        on=lambda: desktop.page_wanted.emit("permits"),
    )  # fmt: skip
    return due_card("clock", tr("期限の近い許可が{n}件あります", n=count), said, ("13-1",), go)


def _reports(rows: "Sequence[PermitRow]", desktop: Desktop) -> QFrame:
    first = min(rows, key=lambda one: one.until)
    over = -days_left(first.until)
    said = tr(
        "{day}までの許可「{title}」 — 期限を{n}日過ぎています",
        day=shown_day(first.until), title=documents_line(first), n=over,
    )  # fmt: skip
    if over <= 0:
        said = tr("「{title}」の許可は終わりました", title=documents_line(first))
    go = Button(
        tr("報告する"), "primary", name=tr("許可の終了を報告する"),
        on=lambda: desktop.page_wanted.emit("permits"),
    )  # fmt: skip
    title = tr("{what}：終了を報告してください", what=action_names(first.actions))
    if len(rows) > 1:
        title = tr("終了の報告が必要な許可が{n}件あります", n=len(rows))
    return due_card("alert", title, said, ("77-3",), go, urgent=True)


def _requests(rows: "Sequence[PermitRow]", desktop: Desktop) -> QFrame:
    people = list(dict.fromkeys(one.requester for one in rows))
    who = "、".join(people[:3])
    if len(people) > 3:  # noqa: PLR2004 - three names fit in a line
        who = tr("{names}ほか{n}人", names=who, n=len(people) - 3)
    go = Button(
        tr("決める"), "primary", name=tr("許可の申請を決める"),
        on=lambda: desktop.page_wanted.emit("review"),
    )  # fmt: skip
    articles = tuple(sorted({one for row in rows for one in row.articles}))[:3]
    title = tr("許可の申請が{n}件届いています", n=len(rows))
    return due_card("stamp", title, tr("申請した人：{who}", who=who), articles, go)


def _corrections(rows: "Sequence[CorrectionTask]", desktop: Desktop) -> QFrame:
    said = tr("「{title}」：{note}", title=rows[0].title, note=rows[0].note)
    go = Button(
        tr("見る"), "primary", name=tr("格付の修正の指示を見る"),
        on=lambda: desktop.task_wanted.emit("corrections", None),
    )  # fmt: skip
    title = tr("格付の修正の指示が{n}件届いています", n=len(rows))
    return due_card("alert", title, said, ("4-2",), go, urgent=True)


def _labels(rows: "Sequence[ReviewRow]", desktop: Desktop) -> QFrame:
    people = "、".join(list(dict.fromkeys(one.owner for one in rows))[:3])
    go = Button(
        tr("確認する"), name=tr("格付を確認する"),
        on=lambda: desktop.page_wanted.emit("review"),
    )  # fmt: skip
    title = tr("確認を待つ格付が{n}件あります", n=len(rows))
    return due_card("review", title, tr("決めた人：{who}", who=people), ("4-2",), go)


def _noted(count: int, desktop: Desktop) -> QFrame:
    go = Button(
        tr("確認する"), name=tr("口頭・書面の許可を確認する"),
        on=lambda: desktop.page_wanted.emit("review"),
    )  # fmt: skip
    return due_card(
        "review",
        tr("口頭・書面の許可が{n}件、確認を待っています", n=count),
        tr("記入のとおりに許可したかを答えてください"),
        ("13-1",),
        go,
    )


def _answers(rows: "Sequence[PermitRow]", desktop: Desktop) -> QFrame:
    newest = max(rows, key=answered_at)
    said = tr("「{title}」", title=documents_line(newest))
    if len(rows) > 1:
        said = tr("「{title}」ほか{n}件", title=documents_line(newest), n=len(rows) - 1)
    go = Button(
        tr("見る"), name=tr("申請への回答を見る"),
        on=lambda: desktop.page_wanted.emit("permits"),
    )  # fmt: skip
    title = tr("申請への回答が{n}件届きました", n=len(rows))
    return due_card("stamp", title, said, newest.articles, go)
