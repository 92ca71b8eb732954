"""A store in memory and builders of events, so that the self-check's tests are exact and quick."""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any, TypeVar, cast

from meti_desk.domain import events as ev
from meti_desk.domain.classification import Availability, Confidentiality, Integrity
from meti_desk.domain.label import AnyLabel, Label, Undecided
from meti_desk.domain.ledger import Event, follow
from meti_desk.services.context import Context
from meti_desk.services.selfcheck import SelfChecks
from meti_desk.services.selfcheck_views import Language
from meti_desk.standard.selfcheck_file import Sheet, shipped
from meti_desk.system.files import DiskFiles

T = TypeVar("T")
JST = timezone(timedelta(hours=9))
DURING = datetime(2026, 10, 20, 10, 24, tzinfo=JST)


class MemoryLedger:
    def __init__(self) -> None:
        self.held: list[Event] = []

    def append(self, kind: str, body: Mapping[str, object], at: datetime) -> Event:
        last = self.held[-1] if self.held else None
        event = follow(
            last, event_id=f"e{len(self.held) + 1}", kind=kind, at=at.isoformat(), body=body
        )
        self.held.append(event)
        return event

    def events(
        self,
        *,
        kinds: Sequence[str] = (),
        document: str = "",
        newest_first: bool = False,
        limit: int = 0,
    ) -> Iterator[Event]:
        held = [event for event in self.held if not kinds or event.kind in kinds]
        return iter(held[::-1] if newest_first else held)


class MemoryAnswers:
    def __init__(self) -> None:
        self.rows: dict[str, dict[str, bytes]] = {}

    def load(self, form: str) -> Mapping[str, bytes]:
        return dict(self.rows.get(form, {}))

    def save(self, form: str, link_id: str, answer: bytes) -> None:
        self.rows.setdefault(form, {})[link_id] = answer


class MemorySettings:
    def __init__(self) -> None:
        self.rows = {
            "person.name": "経産 花子",
            "person.unit": "商務情報政策局 総務課",
            "person.post": "係長",
        }

    def get(self, key: str, default: str = "") -> str:
        return self.rows.get(key, default)

    def put(self, key: str, value: str) -> None:
        self.rows[key] = value


class MemoryStore:
    def __init__(self) -> None:
        self.ledger = MemoryLedger()
        self.answers = MemoryAnswers()
        self.settings = MemorySettings()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        events, rows = list(self.ledger.held), deepcopy(self.answers.rows)
        try:
            yield
        except BaseException:
            self.ledger.held, self.answers.rows = events, rows
            raise

    def together(self, work: Callable[[], T]) -> T:
        with self.transaction():
            return work()


@dataclass
class SetClock:
    moment: datetime = DURING

    def now(self) -> datetime:
        return self.moment


@dataclass
class World:
    """One person's device; `checks` can be made anew, as after a restart."""

    store: MemoryStore = field(default_factory=MemoryStore)
    clock: SetClock = field(default_factory=SetClock)
    sheets: Sequence[Sheet] = field(default_factory=shipped)

    def context(self, *, locked: bool = False) -> Context:
        unused = cast("Any", None)
        return Context(
            workers=unused,
            files=cast("Any", DiskFiles()),
            clock=self.clock,
            ids=unused,
            policy=unused,
            verify=unused,
            shipped_table=unused,
            words=unused,
            store=None if locked else cast("Any", self.store),
        )

    def checks(self, language: Language = "ja", *, locked: bool = False) -> SelfChecks:
        return SelfChecks(self.context(locked=locked), lambda: self.sheets, language)

    def classify(self, document: str = "d1", *, at: datetime = DURING, **more: Any) -> Event:
        values = {"title": f"{document}.docx", "label": label(2), "marked": True} | more
        body = ev.classify_body(document=document, **values)
        return self.store.ledger.append(ev.CLASSIFY, body, at)

    def handle(
        self, action: str, *measures: str, document: str = "d1", at: datetime = DURING, **more: Any
    ) -> Event:
        """Record an action; measures are `id`, for done, or `id=state` or `id=state:reason`."""
        entries = []
        for one in measures:
            name, _, rest = one.partition("=")
            state, _, reason = rest.partition(":")
            entries.append(ev.MeasureEntry(name, state or "done", reason))
        values = {"title": f"{document}.docx", "label": label(2)} | more
        body = ev.handle_body(action=action, document=document, measures=entries, **values)
        return self.store.ledger.append(ev.HANDLE, body, at)


def label(c: int, i: int = 1, a: int = 1) -> Label:
    return Label(Confidentiality(c), Integrity(i), Availability(a))


def undecided() -> AnyLabel:
    return Undecided()
