"""Standing decisions: a 検討 of Arts. 11-6 and 14-1 to 14-5 answered in advance for a 課室.

Made by the 課室情報セキュリティ責任者, signed by the server, told to everybody of the 課室; each
record that rests on one cites it.
"""

from collections.abc import Iterator
from datetime import date

import msgspec

from meti_desk.domain import events_permit
from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.domain.mailbox import Held
from meti_desk.domain.standing import Standing
from meti_desk.services import enrolment, server_time
from meti_desk.services.context import Context
from meti_desk.services.permit_messages import StandingRow
from meti_desk.services.permit_rows import deciding_post, posts
from meti_desk.services.saying import say
from meti_desk.sync.mail import UNIT, Mail
from meti_desk.sync.permits import (
    STANDING_MAIL,
    StandingSaid,
    StandingStatement,
    StandingTold,
    standing_message,
)

OWN = "standing-own"
ARTICLES = ("13",)
"""Who permits 移送 and 提供 of the 課室 decides what goes with them."""
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class OwnStanding(msgspec.Struct, frozen=True, kw_only=True):
    """What this device said of a standing decision, and by which code the server refused it."""

    said: StandingSaid
    refusal: str = ""
    refused_at: str = ""
    left: StandingRow | None = None
    """How it stood when this device left the server that it was said to."""


def arrived(ctx: Context, known: enrolment.SyncState, mail: Mail) -> str | None:
    """Take a standing decision in; gives its state, or `None` where what is here stays.

    Raises `InvalidInput("permit.unverified")` for what the server did not sign.
    """
    fresh = _read(ctx, known, mail.id, mail.body)
    held = ctx.open_store().mailbox.get(STANDING_MAIL, mail.id)
    before = _read(ctx, known, mail.id, held.body) if held else None
    if fresh is None:
        if before is not None:
            return None
        raise InvalidInput("permit.unverified", articles=("13",))
    if before is not None and before.revision > fresh.revision:
        return None
    server_time.saw(ctx, fresh.decided_at)
    return "ended" if fresh.said.ended else "decided"


def _read(
    ctx: Context, known: enrolment.SyncState, identity: str, body: bytes
) -> StandingStatement | None:
    try:
        told = msgspec.msgpack.decode(body, type=StandingTold)
        statement = msgspec.msgpack.decode(told.statement, type=StandingStatement)
        date.fromisoformat(statement.said.since)
        date.fromisoformat(statement.said.until)
    except (*_UNREADABLE, ValueError):
        return None
    message = standing_message(told.statement)
    sound = bool(known.server) and ctx.verify(known.server, message, told.signature)
    return statement if sound and statement.said.id == identity else None


def statements(ctx: Context) -> Iterator[StandingStatement]:
    """Give all that the server signed, ended ones among them."""
    known = enrolment.state(ctx)
    for held in ctx.open_store().mailbox.of(STANDING_MAIL):
        read = _read(ctx, known, held.id, held.body)
        if read is not None:
            yield read


def stand(ctx: Context, row: StandingRow) -> StandingRow:
    """Decide in advance about a 検討; it holds once the server has signed it.

    Raises `RuleViolation`: `permit.wrong-decider`, `standing.no-unit`, `permit.period-over`;
    `InvalidInput("standing.invalid")` (`what`: `measure`, `answer`, `levels`, `period`, `reason`).
    """
    enrolment.enrolled(ctx)
    _check_post(ctx)
    said = StandingSaid(
        id=ctx.ids.document_id(),
        measure=row.measure,
        answer=row.answer,
        levels=tuple(sorted(set(row.levels))),
        recipients=tuple(sorted({one.strip() for one in row.recipients if one.strip()})),
        since=row.since or server_time.today(ctx).isoformat(),
        until=row.until,
        reason=row.reason.strip(),
    )
    _check(ctx, said)
    _say(ctx, said)
    return _shown(ctx, said, None)


def end(ctx: Context, standing_id: str) -> None:
    """Take a standing decision back (`standing.unknown`, `permit.wrong-decider`)."""
    known = enrolment.enrolled(ctx)
    _check_post(ctx)
    held = ctx.open_store().mailbox.get(STANDING_MAIL, standing_id)
    read = _read(ctx, known, standing_id, held.body) if held else None
    own = _owned(ctx).get(standing_id)
    mine = own.said if own is not None and own.left is None else None
    said = read.said if read is not None else mine
    if said is None or said.ended:
        raise RuleViolation("standing.unknown", articles=("14-1",), id=standing_id)
    _say(ctx, msgspec.structs.replace(said, ended=True))


def _check_post(ctx: Context) -> None:
    held = posts(ctx)
    if not deciding_post(ctx, ARTICLES, held):
        raise RuleViolation("permit.wrong-decider", articles=("14-1",), post=", ".join(held))
    if not enrolment.unit(ctx).unit:
        raise RuleViolation("standing.no-unit", articles=("14-1",))


def _check(ctx: Context, said: StandingSaid) -> None:
    if said.answer not in ("yes", "no"):
        raise InvalidInput("standing.invalid", articles=("14-1",), what="answer")
    try:
        read = _standing(said, unit="", by="")
    except ValueError:
        raise InvalidInput("standing.invalid", articles=("14-1",), what="period") from None
    if read.problem:
        raise InvalidInput("standing.invalid", articles=("14-1",), what=read.problem)
    if read.until < server_time.today(ctx):
        raise RuleViolation("permit.period-over", articles=("14-1",))


def _standing(said: StandingSaid, *, unit: str, by: str) -> Standing:
    return Standing(
        id=said.id,
        measure=said.measure,
        needed=said.answer == "yes",
        levels=frozenset(said.levels),
        recipients=frozenset(said.recipients),
        since=date.fromisoformat(said.since),
        until=date.fromisoformat(said.until),
        reason=said.reason,
        unit=unit,
        decided_by=by,
        ended=said.ended,
    )


def in_force(ctx: Context) -> tuple[tuple[Standing, ...], str]:
    """Give what was decided in advance, and the 課室 of who works here; nothing while locked."""
    if ctx.store is None:
        return (), ""
    known = enrolment.state(ctx)
    if not known.url or ctx.store.mailbox.get(UNIT, known.person) is None:
        return (), ""
    signed = tuple(
        _standing(one.said, unit=one.unit, by=one.decider or one.decided_by)
        for one in statements(ctx)
    )
    return signed, enrolment.unit(ctx).unit


def _say(ctx: Context, said: StandingSaid) -> None:
    body = events_permit.standing_body(
        said.id, measure=said.measure, answer=said.answer, reason=said.reason, ended=said.ended
    )
    with ctx.open_store().transaction():
        say(ctx, events_permit.STANDING_DECIDED, body, msgspec.msgpack.encode(said))
        _keep(ctx, OwnStanding(said=said))


def refused(ctx: Context, standing_id: str, code: str, at: str) -> None:
    """Keep that the server did not do it, and when this came."""
    own = _owned(ctx).get(standing_id)
    if own is not None:
        _keep(ctx, msgspec.structs.replace(own, refusal=code, refused_at=at))


def rows(ctx: Context) -> tuple[StandingRow, ...]:
    """List the standing decisions of the 課室, and those of one's own that wait."""
    signed = {one.said.id: one for one in statements(ctx)}
    owned = _owned(ctx)
    shown = [_shown(ctx, one.said, one, owned.get(name)) for name, one in signed.items()]
    shown += [
        own.left or _shown(ctx, own.said, None, own)
        for name, own in owned.items()
        if name not in signed and (own.left or not own.said.ended)
    ]
    return tuple(shown)


def archive(ctx: Context) -> None:
    """Keep how one's own decisions stand before this device leaves its server; none holds more."""
    owned = _owned(ctx)
    for row in rows(ctx):
        own = owned.get(row.id)
        if own is not None and own.left is None:
            left = msgspec.structs.replace(row, in_force=False, pending=False, left=True)
            _keep(ctx, msgspec.structs.replace(own, left=left))


def _shown(
    ctx: Context, said: StandingSaid, told: StandingStatement | None,
    own: OwnStanding | None = None,
) -> StandingRow:  # fmt: skip
    today = server_time.today(ctx).isoformat()
    holds = told is not None and not said.ended and said.since <= today <= said.until
    waits = told is None or (own is not None and own.said.ended and not said.ended)
    refusal = own.refusal if own is not None else ""
    return StandingRow(
        id=said.id,
        measure=said.measure,
        answer=said.answer,
        levels=said.levels,
        recipients=said.recipients,
        since=said.since,
        until=said.until,
        reason=said.reason,
        decider=told.decider if told else "",
        post=told.post if told else "",
        in_force=holds,
        pending=waits and not refusal,
        refusal=refusal,
        refused_at=own.refused_at if own is not None and refusal else "",
    )


def _owned(ctx: Context) -> dict[str, OwnStanding]:
    held = ctx.open_store().mailbox.of(OWN)
    return {one.id: msgspec.msgpack.decode(one.body, type=OwnStanding) for one in held}


def _keep(ctx: Context, own: OwnStanding) -> None:
    at = ctx.clock.now().isoformat(timespec="seconds")
    body = msgspec.msgpack.encode(own)
    ctx.open_store().mailbox.put(Held(OWN, own.said.id, 0, "", body, at))
