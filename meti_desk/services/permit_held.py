"""Permits as they are held on this device: what was asked, what the server signed, what waits.

A statement counts only as long as the pinned key of the server verifies it: it is verified each
time that it is read, not only when it came. Beside it lies what this device itself knows: the words
of its own requests (the server never reads them), and what was said and not answered yet.

When the device leaves its server, all of it becomes an archive with the key of that server: the
records of Arts. 77-2 and 77-6 stay, and nothing of it permits anything any more.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import msgspec

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.domain.mailbox import Held
from meti_desk.domain.permit import Permit
from meti_desk.services import enrolment
from meti_desk.services.context import Context
from meti_desk.services.enrolment import SyncState
from meti_desk.sync import permit_scope
from meti_desk.sync.permits import (
    PERMIT,
    PermitAsked,
    PermitStatement,
    PermitTold,
    PermitWords,
    WireScope,
    statement_message,
)

OWN = "permit-own"
"""The kind under which lies what this device itself knows of a permit (`Own`)."""
PAST = "permit-past"
"""The kind under which lies what is left of permits of a server that was left (`Past`)."""
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class Own(msgspec.Struct, frozen=True, kw_only=True):
    """What this device knows of a permit by itself.

    `plain` are the words as they were sealed first, to the byte: sealed anew they have to be the
    same. `asked` is what it sent last, `waiting` the kind of event that the server has not answered
    yet, `seq` its place in the log and `revision` the state that it was about; `refusal` the code
    by which the server did not do it, and `refused_at` when that came.
    """

    asked: PermitAsked | None = None
    words: PermitWords | None = None
    plain: bytes = b""
    report: str = ""
    waiting: str = ""
    seq: int = 0
    revision: int = 0
    refusal: str = ""
    refused_at: str = ""


class Past(msgspec.Struct, frozen=True, kw_only=True):
    """What was known of a permit when this device left the server that told of it.

    `server` is the public key that verifies `told` (a `PermitTold`; empty: never answered),
    `person` who worked here, `devices` as whom this device could read what was sealed.
    """

    id: str
    server: bytes
    person: str
    devices: tuple[str, ...]
    own: Own
    told: bytes = b""


@dataclass(frozen=True)
class Known:
    """All that is known of one permit; `told` and `statement` are missing until the server answers.

    `came`: the server said something of it. `check` verifies the server's signature. `devices`:
    as whom this device read what was sealed before it left its server. `left` is that enrolment
    where nothing but the archive tells of it: such a permit is shown and recorded, never used.
    """

    id: str
    at: str
    own: Own
    came: bool = False
    told: PermitTold | None = None
    statement: PermitStatement | None = None
    check: Callable[[], bool] | None = None
    devices: tuple[str, ...] = ()
    left: SyncState | None = None

    @cached_property
    def sound(self) -> bool:
        """Tell whether the server that this device was enrolled with signed the statement."""
        return self.statement is not None and self.check is not None and self.check()

    @property
    def revision(self) -> int:
        """Give the state that is known, counted by the server; 0: none yet."""
        return self.statement.revision if self.statement else 0

    @property
    def pending(self) -> str:
        """Give the kind of what was said about this very state and is not answered."""
        if self.left is not None:
            return ""  # nobody is there to answer it
        return self.own.waiting if self.own.revision >= self.revision else ""

    @property
    def refusal(self) -> str:
        """Give the code of the server's refusal of the last thing said about this state."""
        return self.own.refusal if self.own.revision >= self.revision else ""

    @property
    def scope(self) -> WireScope | None:
        """Give what it is for."""
        if self.statement is not None:
            return self.statement.scope
        return self.own.asked.scope if self.own.asked else None

    def mine(self, known: SyncState) -> bool:
        """Tell whether the person of this device asked for it."""
        if self.statement is None:
            return self.own.asked is not None
        return self.statement.requested_by == (self.left or known).person


def read(ctx: Context, permit_id: str) -> Known:
    """Give what is known of a permit of the server that this device belongs to.

    Raises `RuleViolation`: `permit.unknown`, `permit.before-leaving` for one that only the archive
    tells of.
    """
    mailbox, known = ctx.open_store().mailbox, enrolment.state(ctx)
    held, own = mailbox.get(PERMIT, permit_id), mailbox.get(OWN, permit_id)
    if held is None and own is None:
        if any(one.id == permit_id for _, one in _pasts(ctx)):
            raise RuleViolation("permit.before-leaving", articles=("13",), id=permit_id)
        raise RuleViolation("permit.unknown", articles=("13",), id=permit_id)
    before = mailbox.get(PAST, _place(known.server, permit_id))
    return _known(ctx, known, permit_id, held, own, _past(before) if before else None)


def shown(ctx: Context, permit_id: str) -> Known:
    """Give what is known of a permit, also from the archive; `permit.unknown`."""
    found = next((one for one in past(ctx) if one.id == permit_id), None)
    return found or read(ctx, permit_id)


def everything(ctx: Context) -> Iterator[Known]:
    """Give all permits of the server that this device belongs to, the newest first."""
    mailbox, known = ctx.open_store().mailbox, enrolment.state(ctx)
    owned = {one.id: one for one in mailbox.of(OWN)}
    told = {one.id: one for one in mailbox.of(PERMIT)}
    before = {one.id: one for _, one in _pasts(ctx) if one.server == known.server}
    both = [(name, told.get(name), owned.get(name)) for name in {**owned, **told}]
    both.sort(key=lambda one: _when(one[1], one[2]), reverse=True)
    for name, held, own in both:
        yield _known(ctx, known, name, held, own, before.get(name))


def past(ctx: Context, *, for_record: bool = False) -> Iterator[Known]:
    """Give the permits that only the archive tells of, the newest first.

    `for_record`: also those of another server of which the server of now tells something under the
    same id, for both decided.
    """
    mailbox, known = ctx.open_store().mailbox, enrolment.state(ctx)
    here = {one.id for kind in (OWN, PERMIT) for one in mailbox.of(kind)}
    for at, one in _pasts(ctx):
        if one.id in here and not (for_record and one.server != known.server):
            continue
        then = SyncState(server=one.server, person=one.person)
        own = Held(OWN, one.id, 0, "", msgspec.msgpack.encode(one.own), at)
        held = Held(PERMIT, one.id, 0, "", one.told, at) if one.told else None
        yield replace(_known(ctx, then, one.id, held, own), devices=one.devices, left=then)


def servers(ctx: Context) -> frozenset[bytes]:
    """Give the keys of the servers of which the archive tells."""
    return frozenset(one.server for _, one in _pasts(ctx))


def archive(ctx: Context) -> None:
    """Keep what is known of permits before this device leaves its server (Arts. 77-2, 77-6).

    What waits for an answer goes there, too: `OWN` is forgotten together with what was told.
    """
    mailbox, known = ctx.open_store().mailbox, enrolment.state(ctx)
    owned = {one.id: one for one in mailbox.of(OWN)}
    told = {one.id: one for one in mailbox.of(PERMIT)}
    for name in {**owned, **told}:
        place = _place(known.server, name)
        row, own, held = mailbox.get(PAST, place), owned.get(name), told.get(name)
        before = _past(row) if row else None
        kept = Past(
            id=name,
            server=known.server,
            person=known.person,
            devices=tuple(dict.fromkeys((known.device, *(before.devices if before else ())))),
            own=before.own if own is None and before else _own(own),
            told=held.body if held else before.told if before else b"",
        )
        at = (row or own or held or _NOTHING).at
        mailbox.put(Held(PAST, place, 0, "", msgspec.msgpack.encode(kept), at))


def _place(server: bytes, permit_id: str) -> str:
    """Name a row of the archive: two servers may tell of the same id."""
    return f"{server.hex()[:16]}:{permit_id}"


def _past(held: Held) -> Past:
    return msgspec.msgpack.decode(held.body, type=Past)


def _pasts(ctx: Context) -> Iterator[tuple[str, Past]]:
    for held in ctx.open_store().mailbox.of(PAST):
        yield held.at, _past(held)


def _when(held: Held | None, own: Held | None) -> tuple[str, str]:
    one = own or held
    return (one.at, one.id) if one else ("", "")


def own(ctx: Context, permit_id: str) -> Own:
    """Give what this device knows by itself."""
    held = ctx.open_store().mailbox.get(OWN, permit_id)
    return _own(held)


def keep_own(ctx: Context, permit_id: str, kept: Own) -> None:
    """Keep it; the moment of its first entry stays, for it is that of the request."""
    mailbox = ctx.open_store().mailbox
    before = mailbox.get(OWN, permit_id)
    at = before.at if before else ctx.clock.now().isoformat(timespec="seconds")
    mailbox.put(Held(OWN, permit_id, 0, kept.waiting, msgspec.msgpack.encode(kept), at))


def _own(held: Held | None) -> Own:
    return msgspec.msgpack.decode(held.body, type=Own) if held else Own()


def _known(
    ctx: Context, known: SyncState, permit_id: str, held: Held | None, own_row: Held | None,
    before: Past | None = None,
) -> Known:  # fmt: skip
    mine, at = _own(own_row), (own_row or held or _NOTHING).at
    if own_row is None and before is not None:
        # The words of before the device left are still one's own; what waited then is over.
        mine = Own(words=before.own.words, report=before.own.report)
    devices = before.devices if before is not None else ()
    if held is None:
        return Known(id=permit_id, at=at, own=mine, devices=devices)
    try:
        told = msgspec.msgpack.decode(held.body, type=PermitTold)
        statement = statement_of(told)
    except (*_UNREADABLE, InvalidInput):
        return Known(id=permit_id, at=at, own=mine, came=True, devices=devices)

    def check() -> bool:
        return statement.id == permit_id and signed(ctx, known, told)

    return Known(
        permit_id, at, mine, came=True, told=told, statement=statement, check=check,
        devices=devices,
    )  # fmt: skip


_NOTHING = Held("", "", 0, "", b"", "")


def verified(ctx: Context, known: SyncState, permit_id: str, body: bytes) -> PermitStatement:
    """Read what came of a permit; `InvalidInput("permit.unverified")` unless the server signed it.

    The statement names its permit: one that was put under another's id is none.
    """
    try:
        told = msgspec.msgpack.decode(body, type=PermitTold)
    except _UNREADABLE:
        raise InvalidInput("permit.unverified", articles=("13",)) from None
    statement = statement_of(told)
    if statement.id != permit_id or not signed(ctx, known, told):
        raise InvalidInput("permit.unverified", articles=("13",))
    return statement


def signed(ctx: Context, known: SyncState, told: PermitTold) -> bool:
    """Tell whether the server that this device was enrolled with signed a statement."""
    message = statement_message(told.statement)
    return bool(known.server) and ctx.verify(known.server, message, told.signature)


def statement_of(told: PermitTold) -> PermitStatement:
    """Read a statement; `InvalidInput("permit.unverified")` for what is none."""
    try:
        statement = msgspec.msgpack.decode(told.statement, type=PermitStatement)
        permit_scope.scope_of(statement.scope)
    except (*_UNREADABLE, ValueError):
        raise InvalidInput("permit.unverified", articles=("13",)) from None
    return statement


def permit_of(known: Known) -> Permit | None:
    """Give a permit as the rules know it: what the server signed, or a request that waits.

    `None` for one whose state this version does not know: what is not understood permits nothing.
    """
    if known.statement is not None:
        try:
            return permit_scope.permit_of(known.statement)
        except ValueError:
            return None
    asked = known.own.asked
    if asked is None:
        return None
    scope = permit_scope.scope_of(asked.scope)
    return Permit(id=known.id, scope=scope, requested_by="", requested_at=known.at)
