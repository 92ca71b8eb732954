"""The marks 危殆化: kept in the store, laid over the table of algorithms (Arts. 28-2(2), 30-2).

A mark can only make the table stricter, so anybody may set one; it is recorded. A signed notice of
the office sets marks that nobody here can lift.
"""

from collections.abc import Sequence

import msgspec

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.domain.events_crypto import CRYPTO, LIFTED, MARKED, NOTICE, marks_body
from meti_desk.protection.cryptrec import Table
from meti_desk.services.context import Context
from meti_desk.services.writing import record_only

MARKS, SERIAL = "crypto.marks", "crypto.notice-serial"
_LONGEST = 500


class Mark(msgspec.Struct, frozen=True):
    """One mark: id of the table, the day since when, where that was told, whether by a notice."""

    id: str
    since: str
    reference: str
    by_notice: bool = False


class Notice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A notice of the office: `serial` only ever grows, so that an old one undoes nothing."""

    format: str
    serial: int
    marks: tuple[Mark, ...] = ()
    lifted: tuple[str, ...] = ()


FORMAT = "meti-desk-crypto-notice/1"


def marks(ctx: Context) -> tuple[Mark, ...]:
    """Give all marks of an open store."""
    held = ctx.open_store().settings.get(MARKS)
    return msgspec.json.decode(held, type=tuple[Mark, ...]) if held else ()


def laid_over(table: Table, held: Sequence[Mark]) -> Table:
    """Give the table with the marks; one for a row that the table has no more is passed over."""
    known = {row.id for row in table.algorithm}
    for one in held:
        if one.id in known:
            table = table.mark_compromised([one.id], since=one.since, reference=one.reference)
    return table


def mark(ctx: Context, ids: Sequence[str], reference: str, *, since: str = "") -> None:
    """Mark algorithms as 危殆化 from now on: new use is refused.

    Raises `InvalidInput`: `crypto.unknown-algorithm`, `crypto.needs-reference`, `crypto.bad-day`.
    """
    told = _reference(reference)
    day = _day(ctx, since)
    ctx.table().mark_compromised(ids, since=day, reference=told)  # knows all of them, or raises
    there = {one.id for one in marks(ctx)}
    added = tuple(Mark(one, day, told) for one in dict.fromkeys(ids) if one not in there)
    _keep(ctx, (*marks(ctx), *added))
    body = marks_body(what=MARKED, algorithms=ids, reference=told, since=day)
    record_only(ctx, CRYPTO, body)


def lift(ctx: Context, ids: Sequence[str], reference: str) -> None:
    """Take marks back that were set here; those of a notice stay (`crypto.marked-by-notice`)."""
    told = _reference(reference)
    held = marks(ctx)
    for one in held:
        if one.id in ids and one.by_notice:
            raise RuleViolation("crypto.marked-by-notice", articles=("30-2",), algorithm=one.id)
    unknown = set(ids) - {one.id for one in held}
    if unknown:
        raise InvalidInput("crypto.not-marked", algorithm=min(unknown))
    _keep(ctx, tuple(one for one in held if one.id not in ids))
    record_only(ctx, CRYPTO, marks_body(what=LIFTED, algorithms=ids, reference=told))


def read_notice(data: bytes) -> Notice:
    """Read a notice (`crypto.notice-damaged`); who made it is another question."""
    try:
        notice = msgspec.json.decode(data, type=Notice)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise InvalidInput("crypto.notice-damaged") from None
    if notice.format != FORMAT or notice.serial < 1:
        raise InvalidInput("crypto.notice-damaged")
    return notice


def take_notice(ctx: Context, data: bytes) -> Notice:
    """Take over a notice whose signature was verified already.

    Raises `InvalidInput`: `crypto.notice-damaged`, `crypto.notice-old` (a later one was here),
    `crypto.unknown-algorithm`.
    """
    notice = read_notice(data)
    settings = ctx.open_store().settings
    last = int(settings.get(SERIAL, "0"))
    if notice.serial <= last:
        raise InvalidInput("crypto.notice-old", serial=notice.serial, last=last)
    ids = [one.id for one in notice.marks]
    ctx.table().mark_compromised(ids, since="2000-01-01")
    gone = {*notice.lifted, *ids}
    stay = tuple(one for one in marks(ctx) if one.id not in gone or not _theirs(one, notice))
    new = tuple(
        Mark(one.id, _day(ctx, one.since), _reference(one.reference), by_notice=True)
        for one in notice.marks
    )
    with ctx.open_store().transaction():
        _keep(ctx, (*(one for one in stay if one.id not in ids), *new))
        settings.put(SERIAL, str(notice.serial))
        for what, told in ((NOTICE, ids), (LIFTED, list(notice.lifted))):
            if told:
                reference = new[0].reference if new and what == NOTICE else str(notice.serial)
                body = marks_body(
                    what=what, algorithms=told, reference=reference, serial=notice.serial
                )
                ctx.open_store().ledger.append(CRYPTO, body, ctx.clock.now())
    return notice


def _theirs(one: Mark, notice: Notice) -> bool:
    """Tell whether a notice may lift a mark: its own kind; what somebody here set stays."""
    return one.by_notice or one.id in {mark.id for mark in notice.marks}


def _keep(ctx: Context, held: Sequence[Mark]) -> None:
    ctx.open_store().settings.put(MARKS, msgspec.json.encode(tuple(held)).decode())


def _reference(text: str) -> str:
    told = " ".join(text.split())
    if not told:
        raise InvalidInput("crypto.needs-reference", articles=("30-2",))
    return told[:_LONGEST]


def _day(ctx: Context, since: str) -> str:
    from datetime import date

    if not since:
        return ctx.clock.now().date().isoformat()
    try:
        return date.fromisoformat(since).isoformat()
    except ValueError:
        raise InvalidInput("crypto.bad-day", day=since[:20]) from None
