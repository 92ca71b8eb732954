"""Telling the server what the 機密性3情報管理簿 is to hold, at the time of a sync (Art. 11-2).

In clear go ids, kinds and counts; the words of an entry are sealed whole for who is responsible and
for the person's own devices, and sealed anew when others have to read them.
"""

from collections.abc import Sequence

import msgspec

from meti_desk.domain.events_register import ENTRIES, said_body
from meti_desk.domain.ledger import Event
from meti_desk.domain.permit import UNIT_HEAD
from meti_desk.domain.register import Line
from meti_desk.services import enrolment, register_book, register_lines, sealing
from meti_desk.services.context import Context
from meti_desk.services.register_book import OwnEntry
from meti_desk.services.saying import say
from meti_desk.sync.mail import UNIT, Outcome, UnitTold
from meti_desk.sync.packed import pack
from meti_desk.sync.projection import MOST_SAID
from meti_desk.sync.register import (
    MOST_LINES,
    SAID,
    RegisterLine,
    RegisterPart,
    RegisterSaid,
    entry_id,
    words_about,
)
from meti_desk.sync.sealed import seal

_ROOM = MOST_SAID - 2_048
_MOST_WORDS = 24 << 10
"""Bytes of sealed words of one entry; of longer ones the oldest lines stay here."""


def prepare(ctx: Context) -> bool:
    """Say new lines, and what has to be sealed for others; tells whether anything was said."""
    known = enrolment.state(ctx)
    if not known.url or ctx.open_store().mailbox.get(UNIT, known.person) is None:
        return False
    register_lines.catch_up(ctx)
    unit = enrolment.unit(ctx)
    parts: list[RegisterPart] = []
    after: list[OwnEntry] = []
    size = 0
    said = False
    for entry in [*register_book.all_own(ctx)]:
        while (part_of := _part(ctx, unit, entry)) is not None:
            part, entry = part_of  # noqa: PLW2901 - the entry after it was said
            length = len(msgspec.msgpack.encode(part))
            if parts and size + length > _ROOM:
                _say(ctx, parts, after)
                parts, after, size, said = [], [], 0, True
            parts.append(part)
            after.append(entry)
            size += length
    if parts:
        _say(ctx, parts, after)
    return said or bool(parts)


def points(ctx: Context, unit: UnitTold, entry: OwnEntry) -> dict[str, bytes]:
    """Give the devices that read an entry: who is responsible, who holds it, the person's own."""
    heads = sealing.all_points(sealing.holding(unit, (UNIT_HEAD,)))
    told = register_book.told_of(ctx, entry_id(entry.document, entry.owner or unit.person))
    owner = sealing.all_points(told.owner_devices) if told is not None and entry.owner else {}
    return heads | owner | sealing.own_points(ctx, unit)


def _part(ctx: Context, unit: UnitTold, entry: OwnEntry) -> tuple[RegisterPart, OwnEntry] | None:
    """Give the next part that has to be said of an entry, and the entry after it."""
    readers = points(ctx, unit, entry)
    now = sealing.fingerprint(readers)
    if entry.said == len(entry.lines) and entry.sealed_for == now:
        return None
    lines = entry.lines[entry.said : entry.said + MOST_LINES]
    part = RegisterPart(
        document=entry.document,
        owner=entry.owner,
        lines=tuple(map(_clear, lines)),
        words=_sealed(entry, readers),
    )
    said = entry.said + len(lines)
    return part, msgspec.structs.replace(entry, said=said, sealed_for=now)


def refused(ctx: Context, told: Outcome, event: Event) -> None:
    """Say again what the server had no time for; what it does not take at all is not repeated."""
    entries = event.data().get(ENTRIES)
    if told.code != "sync.busy" or not isinstance(entries, list):
        return
    for key in entries:
        document, _, owner = str(key).rpartition("/")
        entry = register_book.own(ctx, document, owner)
        if entry is not None:
            register_book.keep(ctx, msgspec.structs.replace(entry, said=0, sealed_for=()))


def _sealed(entry: OwnEntry, readers: dict[str, bytes]) -> bytes:
    most = len(entry.lines)
    while True:
        words = pack(register_book.words_to_say(entry, most))
        if len(words) <= _MOST_WORDS or most <= 1:
            return seal(words, words_about(entry.document), readers)
        most = max(1, most * _MOST_WORDS // len(words))


def _clear(line: Line) -> RegisterLine:
    return RegisterLine(
        id=line.id, what=line.what, at=line.at, count=line.count, permit=line.permit, of=line.of
    )


def _say(ctx: Context, parts: Sequence[RegisterPart], after: Sequence[OwnEntry]) -> None:
    said = msgspec.msgpack.encode(RegisterSaid(parts=tuple(parts)))
    body = said_body(entries=[one.key for one in after], count=sum(len(one.lines) for one in parts))
    with ctx.open_store().transaction():
        say(ctx, SAID, body, said)
        for entry in after:
            register_book.keep(ctx, entry)
