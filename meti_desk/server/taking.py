"""Takes what devices offer: all that came at the same time, with few statements, in one commit.

A request costs a part of a look at the devices, of an insert of nonces, events and chain entries,
and of an update; what somebody asks for in an event is done one by one between them.
"""

import logging
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from meti_desk.domain.errors import InvalidInput
from meti_desk.server import figures, people, permits
from meti_desk.server.applying import HANDLERS, apply
from meti_desk.server.keys import ServerKey
from meti_desk.server.refusal import RefusalError
from meti_desk.server.storage import Database, insertion
from meti_desk.server.storage.base import ConflictFault, LostFault
from meti_desk.sync.permits import KINDS
from meti_desk.sync.sealed import public_of
from meti_desk.sync.wire import Receipt, SyncRequest, WireEvent, judge

WINDOW = 10 * 60_000
"""Milliseconds by which a request's time may differ from the server's."""
_SWEEP = 60_000
"""Milliseconds between two looks for nonces that nobody can use again."""
_ROWS = 200
_MOST_POINTS = 50_000
_RECENT = 7 * 86_400_000
"""Milliseconds around the last sync in which what is sent again is looked for first."""
_EVER = (1 << 63) - 1
_LOG = logging.getLogger(__name__)
_ONCE = "ON CONFLICT DO NOTHING RETURNING device, nonce"
_EVENT = "device, seq, kind, version, body, prev, hash, received_at"
_DEVICE = (
    "SELECT d.id, d.person, d.name, d.public, d.enrolled_at, d.revoked_at, d.last_seq, d.head,"
    " d.seen_at, d.opening, p.mailed, p.id, p.name, p.unit, p.mail, p.role, p.active"
    " FROM devices d LEFT JOIN people p ON p.id = d.person WHERE d.id IN "
)
_MOVE = (
    "UPDATE devices SET last_seq = v.column2, head = v.column3, seen_at = v.column4"
    " FROM (VALUES MARKS) AS v WHERE devices.id = v.column1"
)
"""The rows were locked when they were looked at, so nobody has moved them since."""
_OWN = 10
"""Columns of a device in front of those of its person."""


class Offer(msgspec.Struct, frozen=True):
    """A request of a device that signed it, read and within bounds; `at` in milliseconds."""

    device: str
    nonce: bytes
    request: SyncRequest
    at: int


class Taken(msgspec.Struct, frozen=True):
    """What came of an offer: the receipt, not signed yet, and what waits to be downloaded.

    `mailed` is the number of the person's newest mail, `topics` the newest number of each thing
    published.
    """

    receipt: Receipt
    person: str
    mailed: int
    topics: dict[str, int]


class _Log:
    """A device, how far its log goes in this transaction, and what is new of it."""

    def __init__(self, row: Sequence[Any]) -> None:
        self.device = people.Device(*row[:_OWN])
        self.mailed = row[_OWN] or 0
        identity, name, unit, mail, role, active = row[_OWN + 1 :]
        self.person = (
            None if identity is None
            else people.Person(identity, name, unit, mail, role, bool(active))
        )  # fmt: skip
        self.seq, self.head, self.seen = self.device.last_seq, self.device.head, 0
        self.opening = self.device.opening
        self.new: dict[int, tuple[WireEvent, int]] = {}


class Taker:
    """Does the work of `/v1/sync` over one database, inside the transactions of its writer."""

    def __init__(self, database: Database, key: ServerKey) -> None:
        self._database, self._key = database, key
        self._swept = 0
        self._posted = False
        self._alone = False
        self._points: OrderedDict[str, bytes] = OrderedDict()

    def take(self, offers: Sequence[Offer]) -> Sequence[Taken | RefusalError]:
        """Take what is new, wholly or not at all for each offer; refusals are recorded.

        What was taken before is passed over, so that a request may be sent again. Gives for each
        what came of it: `sync.unknown-device`, `sync.revoked`, `sync.replayed`, `sync.malformed`,
        `sync.chain`, `sync.gap` (`seq`: the last one held), `sync.forked`.
        """
        self._posted = False
        self._hold(offers)
        logs, fresh, topics = self._look(offers)
        given: list[Taken | RefusalError] = []
        for one in offers:
            known = (one.device, one.nonce)
            outcome = self._outcome(logs.get(one.device), one, fresh=known in fresh)
            fresh.discard(known)
            given.append(outcome)
        self._write(logs.values())
        mailed = self._mailed(logs)
        return [
            msgspec.structs.replace(one, mailed=mailed[one.receipt.device], topics=topics)
            if isinstance(one, Taken) else one
            for one in given
        ]  # fmt: skip

    def _hold(self, offers: Sequence[Offer]) -> None:
        """Hold the directory in front of the rows of devices, which its changes lock behind it."""
        self._alone = self._points_change(offers)
        asks = any(event.kind in HANDLERS for one in offers for event in one.request.events)
        if self._alone or asks or self._untidy(offers):
            self._database.hold_directory(alone=self._alone)

    def _points_change(self, offers: Sequence[Offer]) -> bool:
        """Tell whether a device names another point than the one held, so that readers change.

        Costs a look at those whose point this process does not know yet.
        """
        named = {(one.device, one.request.opening) for one in offers if one.request.opening}
        asked = sorted({device for device, point in named if self._points.get(device) != point})
        if not asked:
            return False
        marks = ", ".join("?" * len(asked))
        ask = f"SELECT id, opening FROM devices WHERE revoked_at IS NULL AND id IN ({marks})"  # noqa: S608 - marks
        held = {device: bytes(point) for device, point in self._database.run(ask, asked)}
        self._points.update(held)
        while len(self._points) > _MOST_POINTS:
            self._points.popitem(last=False)
        return any(held.get(device, point) != point for device, point in named if device in held)

    def _look(
        self, offers: Sequence[Offer]
    ) -> tuple[dict[str, _Log], set[tuple[str, bytes]], dict[str, int]]:
        """Look at devices, use nonces up, and look what is published, in one message.

        Nobody else changes the devices from then on; in one order, so that none waits in a circle.
        Gives the logs, the nonces that nobody had used, and the newest number of each thing.
        """
        wanted = sorted({one.device for one in offers})
        marks = ", ".join("?" * len(wanted))
        ask = f"{_DEVICE}({marks}) ORDER BY d.id{self._database.locked('d')}"
        used = [(one.device, one.nonce, one.at) for one in offers]
        rows, fresh, topics = self._database.several(
            (
                (ask, wanted),
                insertion("nonces", "device, nonce, at", used, _ONCE),
                ("SELECT topic, MAX(version) FROM snapshots GROUP BY topic", ()),
            )
        )
        if self._untidy(offers):
            self._swept = max(one.at for one in offers)
            self._tidy(self._swept)
        nonces = {(device, bytes(nonce)) for device, nonce in fresh}
        return {row[0]: _Log(row) for row in rows}, nonces, dict(topics)

    def _untidy(self, offers: Sequence[Offer]) -> bool:
        return not 0 <= max(one.at for one in offers) - self._swept < _SWEEP

    def _tidy(self, now: int) -> None:
        """Forget nonces that nobody can use again, and look for what has run out."""
        self._database.later("DELETE FROM nonces WHERE at < ?", (now - 2 * WINDOW,))
        try:
            with self._database.transaction():
                permits.sweep(self._database, self._key, now)
        except (ConflictFault, LostFault):
            raise
        except Exception as error:  # noqa: BLE001 - nobody's sync fails for the sake of others
            _LOG.error("sweep: %s", type(error).__name__)

    def _outcome(self, log: _Log | None, offer: Offer, *, fresh: bool) -> Taken | RefusalError:
        if log is None:
            return RefusalError("sync.unknown-device")
        try:
            if log.device.revoked_at is not None:
                raise RefusalError("sync.revoked")  # noqa: TRY301 - refused and recorded as all
            if not fresh:
                raise RefusalError("sync.replayed")  # noqa: TRY301 - refused and recorded as all
            return self._taken(log, offer)
        except RefusalError as refusal:
            told = {"what": "refused", "code": refusal.code, "device": offer.device}
            self._database.record(offer.at, told)
            return refusal

    def _taken(self, log: _Log, offer: Offer) -> Taken:
        opening = offer.request.opening
        if opening and opening != log.opening:
            _point(opening)
        first, head, new = log.seq, log.head, self._new(log, offer.request.events)
        for event in new:
            log.new[event.seq] = (event, offer.at)
            head = event.hash
            if log.person is not None and _asks(offer.request, event):
                self._posted = True
                apply(self._database, self._key, log.device, log.person, event, offer.at)
        log.seq, log.head, log.seen = first + len(new), head, offer.at
        if opening and opening != log.opening:
            if not self._alone:
                # Another process took another point of it since this one looked: look again.
                self._points.pop(offer.device, None)
                raise ConflictFault("opening")
            self._posted = True
            people.set_opening(self._database, log.device, opening, offer.at)
            log.opening = opening
        told = {"what": "log", "device": offer.device, "from": first, "to": log.seq, "head": head}
        entry = self._database.record(offer.at, told)
        at = datetime.fromtimestamp(offer.at / 1000, UTC).isoformat(timespec="milliseconds")
        receipt = Receipt(
            device=offer.device, seq=log.seq, head=head, lane=entry.lane, entry=entry.entry,
            entry_hash=entry.hash, at=at,
        )  # fmt: skip
        return Taken(receipt, log.device.person, 0, {})

    def _new(self, log: _Log, events: Sequence[WireEvent]) -> list[WireEvent]:
        """Pass over what is held and give what is new, or refuse all of it."""
        seq, head, new = log.seq, log.head, []
        held = self._held(log, [one.seq for one in events if 0 < one.seq <= seq])
        for event in events:
            verdict = judge(seq, head, event, held.get(event.seq))
            if verdict == "known":
                continue
            if verdict != "new":
                code = {"gap": "sync.gap", "forked": "sync.forked"}.get(verdict, "sync.chain")
                raise RefusalError(code, seq=log.seq)
            seq, head = event.seq, event.hash
            held[seq] = head
            new.append(event)
        return new

    def _held(self, log: _Log, places: Sequence[int]) -> dict[int, bytes]:
        """Give the hashes at places of a log, of this transaction and of those before."""
        held = {place: log.new[place][0].hash for place in places if place in log.new}
        older = [place for place in places if place not in held]
        if older:
            # What is sent again came just before: the part of that month is nearly always enough.
            seen = log.device.seen_at
            held.update(self._hashes(log, older, seen - _RECENT, seen + _RECENT))
            rest = [place for place in older if place not in held]
            if rest:
                held.update(self._hashes(log, rest, 0, _EVER))
        return held

    def _hashes(
        self, log: _Log, places: Sequence[int], since: int, until: int
    ) -> Iterable[tuple[int, bytes]]:
        """Look for hashes of what came within a time; every month is a table of its own."""
        asked = (log.device.id, min(places), max(places), since, until)
        return self._database.run(figures.HASHES, asked)

    def _write(self, logs: Iterable[_Log]) -> None:
        """Put the new events and move the ends of their logs, which nobody else may have moved."""
        seen = [log for log in logs if log.seen]
        rows = [
            (log.device.id, one.seq, one.kind, one.version, one.body, one.prev, one.hash, at)
            for log in seen
            for one, at in log.new.values()
        ]
        self._database.put("events", _EVENT, rows)
        counted = [
            figures.New(log.device, log.person, tuple(log.new.values())) for log in seen if log.new
        ]
        figures.take(self._database, counted)
        for start in range(0, len(seen), _ROWS):
            part = seen[start : start + _ROWS]
            marks = ", ".join(["(?, ?, ?, ?)"] * len(part))
            self._database.later(
                _MOVE.replace("MARKS", marks),
                [value for log in part for value in (log.device.id, log.seq, log.head, log.seen)],
            )

    def _mailed(self, logs: dict[str, _Log]) -> dict[str, int]:
        """Give the number of the newest mail of each device's person, with what came just now."""
        if not self._posted:
            return {one: log.mailed for one, log in logs.items()}
        marks = ", ".join("?" * len(logs))
        ask = "SELECT d.id, p.mailed FROM devices d JOIN people p ON p.id = d.person WHERE d.id IN "
        found = dict(self._database.run(f"{ask}({marks})", [*logs]))
        return {one: found.get(one, 0) for one in logs}


def _asks(request: SyncRequest, event: WireEvent) -> bool:
    """Tell whether something is to be done with an event: not where it was said to another server.

    The register and the reviews of a device are said again to a new server, so they are taken.
    """
    if event.kind not in HANDLERS:
        return False
    there = event.kind in KINDS
    return not (there and any(first <= event.seq <= last for first, last in request.elsewhere))


def _point(opening: bytes) -> None:
    """Refuse what is no point, before anybody seals for it."""
    try:
        public_of(opening)
    except InvalidInput:
        raise RefusalError("sync.malformed") from None
