"""What waits for the person who works here, looked at while nobody waits: counts and news.

The sidebar shows the counts, the window tells what came newly. Nothing is fetched here: the sync
does that, and this looks at what it brought.
"""

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from meti_desk.ui.main.context import Desktop
from meti_desk.ui.strings import tr
from meti_desk.ui.widgets.dates import days_left, today

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from meti_desk.services.permit_messages import NotedRow, PermitRow, PermitsView
    from meti_desk.services.review_messages import ReviewsView
    from meti_desk.services.syncing import SyncView
    from meti_desk.ui.jobs import Job
    from meti_desk.ui.ports import Desk

EVERY = 30_000
"""Milliseconds between two looks."""
SEEN = "permits-seen"
"""The setting that holds the newest moment of an answer that the person has seen."""
NOTIFY, NOTIFY_OFF = "notify", "off"
"""The setting whether news is told while another window is used; on unless it says `off`."""
SOON = 3
"""Days before the end of a permit from which the person is told."""
_LEADS = {
    "answers": "permits",
    "reports": "permits",
    "ending": "permits",
    "requests": "review",
    "labels": "review",
    "noted": "review",
    "corrections": "corrections",
}
"""Where each kind of news leads: a page, or 要修正 above it."""
_HOME = "home"
_LOOKED = frozenset({_HOME, *_LEADS.values()})
_ACTIVE = frozenset({"granted", "conditional"})
_ENDED = frozenset({"revoked", "lapsed"})
_ANSWERED = _ACTIVE | _ENDED | {"refused"}

Thing = tuple[str, str]
"""A thing that is told once: its kind, and what names it in the state that it came in."""


class News(NamedTuple):
    """What came: kinds and numbers alone, for anybody may look at a screen; and where to see it."""

    said: str
    page: str


class Waiting(NamedTuple):
    """How many of each wait; `sync` is nothing while the device is not enrolled."""

    sync: "SyncView | None" = None
    day: str = ""
    """When it was counted: reports fall due by the day."""
    any_permit: bool = False
    decides: bool = False
    answers: int = 0
    """Answers to own requests that were not seen yet."""
    reports: int = 0
    """Ends that are to be reported (Art. 77-3)."""
    requests: int = 0
    """Requests that this person may decide."""
    noted: int = 0
    """Permissions by word or on paper, to be confirmed."""
    labels: int = 0
    """Labels that this person may judge (Art. 4-2)."""
    corrections: int = 0
    """Orders to correct a label that wait for this person."""
    registers: bool = False
    """Whether 機密性3情報管理簿 is for this person: an entry is there, or the 課室 is theirs."""
    ending: int = 0
    """Own permits that end within `SOON` days."""
    things: frozenset[Thing] = frozenset()
    """All that is counted here, each by itself."""
    notify: bool = True
    """Whether the person wants to be told while another window is used."""

    @property
    def own(self) -> int:
        """Count what asks for a look at 申請・許可."""
        return self.answers + self.reports

    @property
    def others(self) -> int:
        """Count what asks for a look at 許可・確認."""
        return self.requests + self.noted + self.labels


def answered_at(one: "PermitRow") -> str:
    """Give when a request was answered or ended, or its permit taken back; nothing before that."""
    if one.state not in _ANSWERED:
        return ""
    return max(one.decided_at, one.ended_at) if one.state in _ENDED else one.decided_at


def new_answers(view: "PermitsView", seen: str) -> "tuple[PermitRow, ...]":
    """Give own requests that were answered after the moment up to which answers were seen."""
    return tuple(one for one in view.mine if answered_at(one) > seen)


def to_judge(one: "NotedRow") -> bool:
    """Tell whether a noted permission of a colleague waits for an answer from here."""
    return one.state == "waiting" and not one.mine and not one.pending


def take_as_seen(desk: "Desk", view: "PermitsView") -> None:
    """Keep that all answers of a view were seen; the moments compared are the server's alone."""
    newest = max((answered_at(one) for one in view.mine), default="")
    if newest > desk.setting(SEEN):
        desk.put_setting(SEEN, newest)


def gather(desk: "Desk") -> Waiting:
    """Count what waits."""
    sync, view, reviews = desk.syncing.status(), desk.permits.view(), desk.reviews.view()
    register = desk.register.view()
    things = frozenset(_things(view, reviews, desk.setting(SEEN)))
    counted = Counter(kind for kind, _name in things)
    return Waiting(
        sync=sync if sync.enrolled else None,
        day=today().isoformat(),
        any_permit=bool(view.mine or view.noted),
        decides=view.decides or reviews.judges,
        registers=register.responsible or bool(register.entries),
        things=things,
        notify=desk.setting(NOTIFY) != NOTIFY_OFF,
        **{kind: counted[kind] for kind in _LEADS},
    )


def _things(view: "PermitsView", reviews: "ReviewsView", seen: str) -> "Iterator[Thing]":
    """Name all that waits; what comes back in another state is another thing."""
    names = {
        "answers": [f"{one.id} {answered_at(one)}" for one in new_answers(view, seen)],
        "reports": [one.id for one in view.mine if one.report_due and not one.pending],
        "ending": [f"{one.id} {one.until}" for one in view.mine if _ends_soon(one)],
        "requests": [one.id for one in view.to_decide if one.decidable],
        "noted": [one.id for one in view.noted if view.decides and to_judge(one)],
        "labels": [f"{one.id} {one.revision}" for one in reviews.to_judge if one.judgeable],
        "corrections": [
            f"{one.review} {one.revision} {one.document}" for one in reviews.tasks if not one.said
        ],
    }
    for kind, held in names.items():
        for name in held:
            yield kind, name


def _ends_soon(one: "PermitRow") -> bool:
    return one.state in _ACTIVE and not one.left and 0 <= days_left(one.until) <= SOON


def gather_again(desk: "Desk", before: Waiting) -> Waiting:
    """Count anew only if the sync brought or sent something since, or another day has begun."""
    sync = desk.syncing.status()
    same = before.sync == (sync if sync.enrolled else None)
    return before if same and before.day == today().isoformat() else gather(desk)


def news(new: "frozenset[Thing]", now: Waiting) -> News | None:
    """Say in one sentence for each kind that came how many of it wait; nothing where none did."""
    came = {kind for kind, _name in new}
    words = {
        "requests": tr("許可の申請が{n}件届いています。", n=now.requests),
        "labels": tr("確認を待つ格付が{n}件あります。", n=now.labels),
        "corrections": tr("格付の修正の指示が{n}件届いています。", n=now.corrections),
        "noted": tr("確認を待つ口頭・書面の許可が{n}件あります。", n=now.noted),
        "answers": tr("申請への回答が{n}件届きました。", n=now.answers),
        "reports": tr("終了の報告が必要な許可が{n}件あります。", n=now.reports),
        "ending": tr("{days}日以内に期限が来る許可が{n}件あります。", days=SOON, n=now.ending),
    }
    said = "".join(text for kind, text in words.items() if kind in came)
    pages = {_LEADS[kind] for kind in came}
    return News(said, pages.pop() if len(pages) == 1 else _HOME) if said else None


class Notices(QObject):
    """Looks at once, then every half minute, and whenever something was asked or decided."""

    counted = Signal(object)
    """How things stand, as `Waiting`."""
    told = Signal(str)
    """What came newly since the look before; nothing: it was looked at."""
    arrived = Signal(object)
    """The same as `News`, if the person wants to be told of it elsewhere than in the window."""

    def __init__(self, desktop: Desktop) -> None:
        super().__init__()
        self._desktop = desktop
        self._last: Waiting | None = None
        self._known: frozenset[Thing] = frozenset()
        self._under_way: Job | None = None
        self._again = self._news = False
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self.look_again)
        desktop.waiting_changed.connect(self.look)

    def begin(self) -> None:
        """Look now, and go on looking."""
        self._timer.start()
        self.look()

    def look(self) -> None:
        """Count everything, once for any number of wishes to look."""
        if self._under_way is not None:
            self._again = True
            return
        self._again = False
        self._start(gather)

    def look_again(self) -> None:
        """Count what may have changed, unless a look is under way."""
        before = self._last
        if self._under_way is None and before is not None:
            self._start(lambda desk: gather_again(desk, before))
        else:
            self.look()

    def _start(self, count: "Callable[[Desk], Waiting]") -> None:
        desk = self._desktop.desk
        self._under_way = self._desktop.jobs.start(
            self, lambda _job: count(desk), self._looked, self._failed, idle=True
        )

    def _looked(self, now: Waiting) -> None:
        self._under_way = None
        # What was there at the first look stands on ホーム, which is shown then.
        new = now.things - self._known if self._last is not None else frozenset()
        self._last = now
        self._known |= now.things
        self.counted.emit(now)
        came = news(new, now)
        if came is not None:
            self._news = True
            self.told.emit(came.said)
            if now.notify:
                self.arrived.emit(came)
        if self._again:
            self.look()

    def went(self, page: str) -> None:
        """Let the news go when the person went where it leads."""
        if self._news and page in _LOOKED:
            self._news = False
            self.told.emit("")

    def _failed(self, _error: Exception) -> None:
        # What cannot be read now is read at the next look; the page itself tells the error.
        self._under_way = None
