"""Enrolment and sync: this device's log goes to the ministry's server, and its receipt comes back.

Everything works for weeks without a server. What is not acknowledged is offered again; the server
passes over what it holds. A receipt counts only when the server's key, known since enrolment,
signed it.
"""

import platform
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
import zstandard

from meti_desk.domain.errors import InvalidInput, MetiDeskError, RuleViolation
from meti_desk.domain.outbox import OutboxRow
from meti_desk.services import (
    arriving,
    asking,
    elsewhere,
    enrolment,
    permit_held,
    permit_noted,
    permit_standing,
    preparing,
    server_time,
)
from meti_desk.services.context import Context
from meti_desk.services.enrolment import SyncState
from meti_desk.services.ports_sync import Line, Outbox
from meti_desk.sync import projection, wire
from meti_desk.sync.mail import UnitTold

if TYPE_CHECKING:
    from meti_desk.services.login import Landing

_NEXT, _FAILED, _TROUBLE = "sync.next", "sync.failed", "sync.trouble"
_EVERY, _LONGEST_WAIT = timedelta(minutes=15), timedelta(hours=4)
_AT_ONCE = 500
"""Entries that are read at a time."""
_HALF = wire.MOST_BATCH // 2
"""Bytes of bodies in a request: with everything around them they stay below the limit."""


class SyncView(msgspec.Struct, frozen=True, kw_only=True):
    """The state as it is shown: `unsent` is what waits, `trouble` the code of the last failure.

    `name`, `unit` and `posts` are what the server told of the person; empty before the first sync.
    """

    enrolled: bool
    url: str = ""
    device: str = ""
    person: str = ""
    last: str = ""
    acked: int = 0
    unsent: int = 0
    name: str = ""
    unit: str = ""
    posts: tuple[str, ...] = ()
    trouble: str = ""


class Syncing:
    """The sync as an area of the desk; methods block and may be called from any thread."""

    def __init__(self, ctx: Context, line: Line) -> None:
        self._ctx = ctx
        self._line = line

    def status(self) -> SyncView:
        """Tell how far the server knows this device's records."""
        state, total = self._state(), self._total()
        if not state.url:
            return SyncView(enrolled=False)
        told = self._told()
        return SyncView(
            enrolled=True,
            url=state.url,
            device=state.device,
            person=state.person,
            last=state.last,
            acked=state.acked,
            unsent=max(0, total - state.acked),
            name=told.name if told else "",
            unit=told.unit if told else "",
            posts=told.posts if told else (),
            trouble=self._ctx.open_store().settings.get(_TROUBLE),
        )

    def outgoing(self, limit: int = 50) -> tuple[dict[str, object], ...]:
        """Give exactly what waits to be sent, as it would be sent."""
        self._project()
        rows = self._outbox.after(self._state().acked, limit)
        return tuple(
            {"seq": row.seq, "kind": row.kind, **msgspec.msgpack.decode(row.body)} for row in rows
        )

    def enrol(self, code: str, url: str) -> SyncView:
        """Make this device one of the person who was given the code.

        Raises `RuleViolation`: `sync.enrolled-already`, `enrol.code`; `sync.other-server` when the
        key of the server is not the one that the code names; and those of `Line`.
        """
        if self._state().url:
            raise RuleViolation("sync.enrolled-already")
        secret, _, pinned = code.strip().partition("-")
        if not secret.isalnum() or not asking.PINNED.fullmatch(pinned):
            raise InvalidInput("enrol.code-form")
        base = url.strip().rstrip("/")
        public = self._ctx.open_store().sealer.public_key()
        asked = {"code": code.strip(), "public": public, "name": platform.node()}
        answer = asking.post(self._line, f"{base}/v1/enrol", msgspec.msgpack.encode(asked))
        return self._belongs(base, asking.enrolled(answer, pinned))

    def enrol_by_login(self, url: str, landing: "Landing", pinned: str = "") -> SyncView:
        """Make this device one of whoever logs in at the ministry's provider.

        `landing` opens the address for the person and waits until the browser comes back;
        `pinned` is the fingerprint of the server's key, if the person has it. Raises those of
        `services.login.enrol`, and `RuleViolation("sync.enrolled-already")`.
        """
        from meti_desk.services import login

        if self._state().url:
            raise RuleViolation("sync.enrolled-already")
        base = url.strip().rstrip("/")
        return self._belongs(base, login.enrol(self._ctx, self._line, base, landing, pinned))

    def enrol_by_certificate(self, url: str, line: Line, pinned: str = "") -> SyncView:
        """Make this device one of whoever the certificate of a line names, by the word of a proxy.

        Raises `RuleViolation`: `sync.enrolled-already`, `sync.other-server`, `proxy.off`,
        `proxy.refused`; those of `Line`.
        """
        if self._state().url:
            raise RuleViolation("sync.enrolled-already")
        if pinned and not asking.PINNED.fullmatch(pinned):
            raise InvalidInput("enrol.code-form")
        base = url.strip().rstrip("/")
        public = self._ctx.open_store().sealer.public_key()
        asked = msgspec.msgpack.encode({"public": public, "name": platform.node()})
        answer = asking.post(line, f"{base}/v1/proxy/enrol", asked)
        return self._belongs(base, asking.enrolled(answer, pinned))

    def _belongs(self, base: str, made: asking.Enrolled) -> SyncView:
        total = self._total()
        self._keep(
            SyncState(
                url=base, device=made.device, person=made.person, server=made.server, since=total,
                elsewhere=elsewhere.parts(self._ctx, made.server, total),
            )
        )  # fmt: skip
        self._note_trouble("")
        return self.status()

    def sync(self) -> SyncView:
        """Say what recorded acts ask for, and send what waits until the server has confirmed it.

        Raises `RuleViolation`: `sync.not-enrolled`, `sync.revoked`, `sync.forked` (the server
        holds another log of this device, or a longer one), `sync.receipt` (not signed by its key,
        or for less than it took); those of `Line`.
        """
        self._enrolled()
        try:
            preparing.prepare(self._ctx)
            self._sync()
            # What came may ask for an answer: who reads what is sealed, an order carried out.
            if preparing.prepare(self._ctx):
                self._sync()
        except MetiDeskError as error:
            if self._state().url:
                self._note_trouble(error.code)
            raise
        self._note_trouble("")
        return self.status()

    def _sync(self) -> None:
        """Send in batches."""
        self._project()
        newest = self._outbox.last()
        total = newest.seq if newest else 0
        answered: set[str] = set()
        while True:
            state = self._enrolled()
            rows = self._batch(state.acked)
            try:
                receipt, downloads, waiting = self._offer(state, rows)
            except RuleViolation as refused:
                # Each once: a server that always finds something would keep us for ever.
                if refused.code in answered or not self._adapt(state, refused):
                    raise
                answered.add(refused.code)
                continue
            self._confirm(state, receipt, rows)
            more = arriving.take_in(self._ctx, self._enrolled(), downloads)
            if receipt.seq >= total and not (more and waiting):
                return
            if receipt.seq >= total:
                continue
            if not rows:
                if "sync.gap" in answered:
                    raise RuleViolation("sync.gap", seq=receipt.seq)
                answered.add("sync.gap")  # it holds less than it did: the same as a gap

    def when_due(self) -> bool:
        """Sync if it is time, and tell whether it was tried; to be called when nobody waits.

        Every quarter of an hour, spread so that a ministry's devices do not come at once; after a
        failure the wait doubles up to four hours. The error itself is told by the next `sync`.
        """
        if not self._state().url:
            return False
        settings, now = self._ctx.open_store().settings, self._ctx.clock.now()
        due = settings.get(_NEXT)
        if due and now < datetime.fromisoformat(due) <= now + _LONGEST_WAIT:
            return False  # one that lies further ahead was written by another clock
        failed = int(settings.get(_FAILED, "0"))
        least = timedelta()
        try:
            self.sync()
        except MetiDeskError as error:
            failed += 1
            least = _told_to_wait(error)
        else:
            failed = 0
        spread = 0.75 + self._ctx.ids.token(1)[0] / 510
        wait = min(max(_EVERY * 2 ** min(failed, 8) * spread, least), _LONGEST_WAIT)
        settings.put(_FAILED, str(failed))
        settings.put(_NEXT, (now + wait).isoformat())
        return True

    def leave(self) -> None:
        """Forget the server; what was sent stays there, the log and the records of permits here."""
        store = self._ctx.open_store()
        with store.transaction():
            for area in (permit_held, permit_noted, permit_standing):
                area.archive(self._ctx)
            elsewhere.leave(self._ctx, self._state().server, self._total())
            store.mailbox.forget(permit_held.OWN)
            self._keep(SyncState())
            self._note_trouble("")

    def _note_trouble(self, code: str) -> None:
        settings = self._ctx.open_store().settings
        if settings.get(_TROUBLE) != code:
            settings.put(_TROUBLE, code)

    def _told(self) -> UnitTold | None:
        """Give what the server told of the person; nothing before the first sync."""
        try:
            return enrolment.unit(self._ctx)
        except RuleViolation:
            return None

    @property
    def _outbox(self) -> Outbox:
        return self._ctx.open_store().outbox

    def _total(self) -> int:
        newest = next(iter(self._ctx.open_store().ledger.events(newest_first=True, limit=1)), None)
        return newest.seq if newest else 0

    def _state(self) -> SyncState:
        return enrolment.state(self._ctx)

    def _keep(self, state: SyncState) -> None:
        enrolment.keep(self._ctx, state)

    def _project(self) -> None:
        """Bring what was recorded since into the log, at the places of the events."""
        store = self._ctx.open_store()
        with store.transaction():
            newest = self._outbox.last()
            seq, head = (newest.seq, newest.hash) if newest else (0, wire.GENESIS)
            rows = []
            for event in store.ledger.since(seq):
                made = wire.follow(
                    seq, head, event.kind, projection.VERSION,
                    projection.project(event, store.mailbox.said(event.seq)),
                )  # fmt: skip
                rows.append(OutboxRow(*msgspec.structs.astuple(made)))
                seq, head = made.seq, made.hash
            self._outbox.put(rows)

    def _batch(self, acked: int) -> list[OutboxRow]:
        rows: list[OutboxRow] = []
        size = 0
        for row in self._outbox.after(acked, _AT_ONCE):
            size += len(row.body)
            if rows and size > _HALF:
                break
            rows.append(row)
        return rows

    def _enrolled(self) -> SyncState:
        return enrolment.enrolled(self._ctx)

    def _adapt(self, state: SyncState, refused: RuleViolation) -> bool:
        """Take over what a refusal tells: another clock, or that the server holds less."""
        now, seq = refused.params.get("now"), refused.params.get("seq")
        if refused.code == "sync.clock" and isinstance(now, int):
            self._change(state, offset=now - self._milliseconds())
            return True
        if refused.code == "sync.gap" and isinstance(seq, int) and 0 <= seq < state.acked:
            # The server was restored from a backup: it gets again what it lost.
            self._change(state, acked=seq)
            return True
        return False

    def _offer(
        self, state: SyncState, rows: list[OutboxRow]
    ) -> tuple[wire.Receipt, Sequence[wire.Download], bool]:
        known = self._outbox.at(state.acked)
        request = wire.SyncRequest(
            protocol=wire.VERSION,
            device=state.device,
            head_seq=state.acked,
            head=known.hash if known else wire.GENESIS,
            events=tuple(wire.WireEvent(*row) for row in rows),
            cursors=dict(self._ctx.open_store().mailbox.cursors()),
            opening=self._ctx.open_store().sealer.opening_point(),
            elsewhere=state.elsewhere,
        )
        body = zstandard.ZstdCompressor().compress(msgspec.msgpack.encode(request))
        url = f"{state.url}/v1/sync"
        headers = {"Content-Encoding": "zstd", "Authorization": self._signed(state, body)}
        answer = asking.decoded(asking.post(self._line, url, body, headers), wire.SyncAnswer)
        return answer.receipt, answer.downloads, answer.more

    def _signed(self, state: SyncState, body: bytes) -> str:
        moment, nonce = self._milliseconds() + state.offset, self._ctx.ids.token(16)
        message = wire.request_message("POST", "/v1/sync", state.device, moment, nonce, body)
        signature = self._ctx.open_store().sealer.sign(message)
        return f"Meti {state.device} {moment} {nonce.hex()} {signature.hex()}"

    def _confirm(self, state: SyncState, receipt: wire.Receipt, rows: list[OutboxRow]) -> None:
        """Believe a receipt that the server's key signed and that names our own log."""
        message = wire.receipt_message(receipt)
        if receipt.device != state.device or not self._ctx.verify(
            state.server, message, receipt.signature
        ):
            raise RuleViolation("sync.receipt")
        ours = self._outbox.at(receipt.seq)
        head = ours.hash if ours else wire.GENESIS
        if receipt.head != head or (ours is None and receipt.seq != 0):
            raise RuleViolation("sync.forked", seq=receipt.seq)
        if rows and receipt.seq < rows[-1].seq:
            raise RuleViolation("sync.receipt")  # for less than it took
        now = self._ctx.clock.now().isoformat(timespec="seconds")
        server_time.saw(self._ctx, receipt.at)
        self._change(state, acked=receipt.seq, last=now)

    def _change(self, before: SyncState, **new: str | int) -> None:
        """Keep what became of a request, unless this device left the server meanwhile.

        Another window or command may be syncing, too: what it got further stays.
        """
        store = self._ctx.open_store()
        with store.transaction():
            held = self._enrolled()
            if held.device != before.device:
                raise RuleViolation("sync.not-enrolled")
            if held.acked != before.acked and "acked" in new:
                new["acked"] = max(held.acked, int(new["acked"]))
            self._keep(msgspec.structs.replace(held, **new))

    def _milliseconds(self) -> int:
        return int(self._ctx.clock.now().timestamp() * 1000)


def _told_to_wait(error: MetiDeskError) -> timedelta:
    """Give for how long the server asks to wait (`rate.limited`); a day at most."""
    seconds = error.params.get("retry")
    return timedelta(seconds=max(0, min(seconds, 86_400)) if isinstance(seconds, int) else 0)
