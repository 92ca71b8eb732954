"""取扱記録 in the store: events are appended in a gapless chain and never change.

Arts. 77-2, 77-6.

The table is at the same time the device's outbox: what was not yet sent is what stands behind the
last receipt. Triggers refuse changes; the chain finds those who go around them.
"""

import heapq
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from meti_desk.domain.ledger import Event, first_bad, follow
from meti_desk.domain.records import ChainState
from meti_desk.store.database import Database, Value
from meti_desk.store.words import Words, index_one

_SELECT = "SELECT id, seq, kind, version, at, body, prev_hash, hash FROM events"
_INDEX = "SELECT rowid FROM event_words WHERE event_words MATCH ? AND rowid < ?"
_PROPOSED = f"{_SELECT} WHERE seq IN ({_INDEX} ORDER BY rowid DESC LIMIT ?) ORDER BY seq DESC"
_CHUNK = 500
_SPARE = 8
"""How many more than are wanted are read at first, for those that do not fit."""
_LAST = 1 << 62
_PATIENCE: tuple[tuple[int, int | None], ...] = ((64, 2000), (5000, None))
"""How a search goes: up to so many trigrams for a short word, so many bodies looked at.

A word that has more is common, so the newest events are likely to have it; if they do not, all its
trigrams are asked for.
"""

_ANY = ""
_KIND = "kind = ? AND"
_DOCUMENT = "document = ? AND"


def event_id() -> str:
    """Make an id for an event: 128 random bits, hex."""
    return secrets.token_hex(16)


class EncryptedLedger:
    """The append-only 取扱記録 of this store, safe for many threads and processes.

    `new_id` makes the ids of events; tests hand in their own.
    """

    def __init__(self, database: Database, new_id: Callable[[], str] = event_id) -> None:
        self._database = database
        self._new_id = new_id

    def append(self, kind: str, body: Mapping[str, object], at: datetime) -> Event:
        """Chain one event and commit it durably before returning.

        Inside a transaction of the store it is committed with that, and fails it if it fails. `at`
        has an offset. Errors of the store: `store.full`, `store.busy`, `store.damaged`,
        `store.locked`.
        """
        if at.tzinfo is None:
            message = "an event needs a time with its offset"
            raise ValueError(message)
        with self._database.joined():
            event = follow(
                self.last(), event_id=self._new_id(), kind=kind, at=at.isoformat(), body=body
            )
            self._database.run(
                "INSERT INTO events (id, seq, kind, version, at, body, prev_hash, hash)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    event.id,
                    event.seq,
                    event.kind,
                    event.version,
                    event.at,
                    event.body,
                    event.prev_hash,
                    event.hash,
                ),
            )
            index_one(self._database, event.seq, event.body)
        return event

    def last(self) -> Event | None:
        """Give the newest event."""
        rows = self._database.run(f"{_SELECT} ORDER BY seq DESC LIMIT 1")
        return _event(rows[0]) if rows else None

    def events(
        self,
        *,
        kinds: Sequence[str] = (),
        document: str = "",
        newest_first: bool = False,
        limit: int = 0,
    ) -> Iterator[Event]:
        """Give events in order, filtered by kinds and by the document's id; `limit` 0 gives all.

        They are read as they are asked for, some hundreds at a time; what is appended meanwhile is
        not among them.
        """
        bounds = self._database.run("SELECT max(seq) FROM events")
        upto = bounds[0][0] or 0
        chosen: Iterator[Event]
        if document:
            wanted = frozenset(kinds)
            found = self._walk(_DOCUMENT, (document,), upto, newest_first=newest_first)
            chosen = filter(lambda event: not wanted or event.kind in wanted, found)
        elif kinds:
            walks = [
                self._walk(_KIND, (kind,), upto, newest_first=newest_first)
                for kind in dict.fromkeys(kinds)
            ]
            chosen = heapq.merge(*walks, key=lambda event: event.seq, reverse=newest_first)
        else:
            chosen = self._walk(_ANY, (), upto, newest_first=newest_first)
        return islice(chosen, limit) if limit > 0 else chosen

    def since(self, seq: int) -> Iterator[Event]:
        """Give the events behind a place, in order."""
        return self._walk("seq > ? AND", (seq,), _LAST, newest_first=False)

    def search(self, words: str, *, limit: int = 100) -> Sequence[Event]:
        """Find events whose body contains all the words, newest first; no words find nothing.

        Width and case do not matter; words of one or two characters are found as well.
        """
        asked = Words.of(words)
        found: list[Event] = []
        high = _LAST
        for terms, looks in _PATIENCE:
            question = asked.question(self._database, terms) if asked.all and limit > 0 else None
            if question is None:
                break
            most = None if question.whole else looks
            for event in islice(self._proposed(question.match, high, limit), most):
                high = event.seq
                if asked.fit(event.body):
                    found.append(event)
                if len(found) >= limit:
                    return tuple(found)
            if most is None:
                break
        return tuple(found)

    def verify(self) -> ChainState:
        """Recompute the whole chain from its first event to the end that the store remembers."""
        head = self._database.run("SELECT seq, id, hash FROM chain_head")
        count = 0

        def counted() -> Iterator[Event]:
            nonlocal count
            for event in self._walk(_ANY, (), _LAST, newest_first=False):
                count += 1
                yield event

        bad = first_bad(counted())
        if bad is not None:
            return ChainState(self._count(), intact=False, first_bad=bad.id)
        if head:
            seq, identity, digest = head[0]
            there = self._database.run(
                "SELECT 1 FROM events WHERE seq = ? AND hash = ?", (seq, digest)
            )
            if not there:
                return ChainState(count, intact=False, first_bad=identity)
        elif count:
            return ChainState(count, intact=False, first_bad=None)
        return ChainState(count, intact=True)

    def _count(self) -> int:
        return int(self._database.run("SELECT count(*) FROM events")[0][0])

    def _walk(
        self, where: str, values: tuple[Value, ...], upto: int, *, newest_first: bool
    ) -> Iterator[Event]:
        """Read chunk by chunk, each from where the last one ended; no cursor stays open."""
        low, high, chunk = -_LAST, upto + 1, min(_CHUNK, 16)
        order = "DESC" if newest_first else "ASC"
        bounds = "seq > ? AND seq < ?"
        question = f"{_SELECT} WHERE {where} {bounds} ORDER BY seq {order} LIMIT ?"
        while rows := self._database.run(question, (*values, low, high, chunk)):
            yield from map(_event, rows)
            low, high = (low, rows[-1][1]) if newest_first else (rows[-1][1], high)
            chunk = _CHUNK

    def _proposed(self, match: str, high: int, first: int) -> Iterator[Event]:
        """Give the events before `high` that the index proposes (all, if it is asked nothing).

        `first` are read at once at the beginning: most of what is proposed fits, and a body costs
        more to read than the index.
        """
        if not match:
            yield from self._walk(_ANY, (), high - 1, newest_first=True)
            return
        chunk = min(first + _SPARE, _CHUNK)
        while rows := self._database.run(_PROPOSED, (match, high, chunk)):
            yield from map(_event, rows)
            high, chunk = rows[-1][1], _CHUNK


def _event(row: tuple[Any, ...]) -> Event:
    return Event(*row)
