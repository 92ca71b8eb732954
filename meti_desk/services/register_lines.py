"""The lines of the 機密性3情報管理簿 that 取扱記録 comes to (Arts. 10-4, 11-2).

Every document of 機密性3 that is decided, received or made here enters; every act that leaves a
further readable file, or gives one to somebody, is a copy with its approval. What is decided lower
leaves the register, its lines stay. Looked at is what was recorded since the last time.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

import msgspec

from meti_desk.domain import events, events_register
from meti_desk.domain.events import Record
from meti_desk.domain.events_split import JOIN, SPLIT
from meti_desk.domain.ledger import Event
from meti_desk.domain.register import (
    COPIED,
    DISPOSED,
    ENTERED,
    LOWERED,
    NOTED,
    RETURNED,
    Line,
    fold,
    place_of,
)
from meti_desk.services import register_book
from meti_desk.services.context import Context
from meti_desk.services.register_book import OwnEntry

SEEN = "register.seen"
_AT_ONCE = 2_000
_C3 = 3
_PLAIN = re.compile(r"[0-9A-Za-z._:-]{1,128}")
"""What a document's id may be on the wire; one from a file of somebody else may be anything."""
_LONG = 24
"""Hex digits of an event's hash that name its line: they differ between devices."""
_MAKES = frozenset({"copy", "distribute", "transfer", "provide", "take-out", "print"})
"""Acts that always leave a copy; `store` does where the approval of 10-4 was asked."""
_HANDS_ON = {
    events.PROTECT: "protect", events.SCRUB: "scrub", events.REDACT: "redact", SPLIT: "split",
}  # fmt: skip
_NEW = {events.CONVERT: "convert", events.OPEN: "open", JOIN: "join"}


@dataclass(frozen=True, slots=True)
class _Seen:
    """An event as it is read here."""

    event: Event
    record: Record
    data: Mapping[str, object]

    @property
    def id(self) -> str:
        return self.event.hash[:_LONG]

    @property
    def permit(self) -> str:
        return self.record.permit.id if _PLAIN.fullmatch(self.record.permit.id) else ""


def catch_up(ctx: Context) -> None:
    """Write the lines of what was recorded since the last time."""
    store = ctx.open_store()
    entered: set[str] | None = None
    while True:
        seen = int(store.settings.get(SEEN, "0"))
        found = list(islice(store.ledger.since(seen), _AT_ONCE))
        if not found:
            return
        if entered is None:
            entered = {one.document for one in register_book.all_own(ctx)}
        with store.transaction():
            for event in found:
                work = _KINDS.get(event.kind)
                if work is not None:
                    _look_at(ctx, event, work, entered)
            store.settings.put(SEEN, str(found[-1].seq))


def _look_at(
    ctx: Context, event: Event, work: Callable[[Context, "_Seen"], None], entered: set[str]
) -> None:
    """Write what an event comes to; most are about documents that never were 機密性3.

    `entered` names the documents that have an entry: for all others the store is not asked.
    """
    seen = _Seen(event, events.read(event), event.data())
    document = named(seen.record.document)
    if event.kind in _OF_LEVEL and seen.record.c != _C3 and document not in entered:
        return
    work(ctx, seen)
    entered.add(document)


def _classified(ctx: Context, seen: _Seen) -> None:
    document = named(seen.record.document)
    held = register_book.own(ctx, document)
    if not document or (held is None and seen.record.c != _C3):
        return
    if held is None or (seen.record.c == _C3 and fold(held.lines).state != "held"):
        _add(ctx, seen, document, _entered(ctx, seen, document, "classify"))
        return
    if seen.record.c != _C3:
        if fold(held.lines).state == "held":
            reason = seen.record.reason
            lowered = Line(
                id=seen.id, what=LOWERED, at=seen.event.at, how="classify", reason=reason
            )
            _add(ctx, seen, document, lowered)
        return
    now, entry = _entered(ctx, seen, document, "classify"), fold(held.lines)
    if (now.location, now.access) != (entry.location, entry.access) and now.location:
        _add(ctx, seen, document, _noted(now))


def named(document: str) -> str:
    """Name a document in the register: by its id, or what stands for one that is none of ours."""
    if not document or _PLAIN.fullmatch(document):
        return document
    return f"x-{hashlib.sha256(document.encode()).hexdigest()[:32]}"


def _noted(line: Line) -> Line:
    return Line(
        id=line.id, what=NOTED, at=line.at, location=line.location, designated=line.designated,
        access=line.access, how=line.how, actor=line.actor,
    )  # fmt: skip


def _handled(ctx: Context, seen: _Seen) -> None:
    document, record = named(seen.record.document), seen.record
    held = register_book.own(ctx, document) if document else None
    if not document or (held is None and record.c != _C3):
        return
    action = str(seen.data.get(events.ACTION) or "")
    lines: list[Line] = []
    if held is None:
        lines.append(_entered(ctx, seen, document, "received", suffix="r"))
    if action == "dispose":
        how = next((one.id for one in record.measures if one.state == "done"), "erasure")
        lines.append(Line(id=seen.id, what=DISPOSED, at=seen.event.at, how=how))
    elif action in _MAKES or record.measure("copy-approval") is not None:
        lines.append(_copied(ctx, seen, action, record.recipients))
    for line in lines:
        _add(ctx, seen, document, line)


def _made_from(ctx: Context, seen: _Seen) -> None:
    """Another file of the same information: protected, scrubbed, made black, split."""
    document = named(seen.record.document)
    if not document or seen.record.c != _C3:
        return
    if register_book.own(ctx, document) is None:
        _add(ctx, seen, document, _entered(ctx, seen, document, "received", suffix="r"))
    _add(ctx, seen, document, _copied(ctx, seen, _HANDS_ON[seen.event.kind], ()))


def _made_new(ctx: Context, seen: _Seen) -> None:
    """Enter a document of its own: converted, or taken out of a protected file."""
    if seen.record.c != _C3:
        return
    document = named(seen.record.document) or f"{_NEW[seen.event.kind]}-{seen.id}"
    if register_book.own(ctx, document) is None:
        _add(ctx, seen, document, _entered(ctx, seen, document, _NEW[seen.event.kind]))


def _by_hand(ctx: Context, seen: _Seen) -> None:
    document, data = seen.record.document, seen.data
    copies = data.get(events_register.COPIES)
    count = copies if isinstance(copies, int) else 0
    line = Line(
        id=seen.id,
        what=COPIED if count else NOTED,
        at=seen.event.at,
        count=count,
        permit=seen.permit,
        of=_text(data, events_register.COPY),
        location=_text(data, events_register.LOCATION),
        designated=_text(data, events_register.DESIGNATED),
        access=_texts(data, events_register.ACCESS),
        holders=_texts(data, events_register.HOLDERS),
        due=_text(data, events_register.DUE),
        how="by-hand" if count else "",
        reason=seen.record.reason,
        actor=ctx.actor(),
    )
    _add(ctx, seen, document, line, _text(data, events_register.OWNER))


def _ended(ctx: Context, seen: _Seen) -> None:
    data = seen.data
    line = Line(
        id=seen.id,
        what=RETURNED if seen.event.kind == events_register.RETURN else DISPOSED,
        at=_text(data, events_register.WHEN) or seen.event.at,
        of=_text(data, events_register.COPY),
        how=_text(data, events_register.HOW),
        reason=seen.record.reason,
        actor=ctx.actor(),
    )
    _add(ctx, seen, seen.record.document, line, _text(data, events_register.OWNER))


_KINDS: Mapping[str, Callable[[Context, _Seen], None]] = {
    events.CLASSIFY: _classified,
    events.HANDLE: _handled,
    **dict.fromkeys(_HANDS_ON, _made_from),
    **dict.fromkeys(_NEW, _made_new),
    events_register.NOTE: _by_hand,
    events_register.RETURN: _ended,
    events_register.DISPOSE: _ended,
}


_OF_LEVEL = _KINDS.keys() - {
    events_register.NOTE, events_register.RETURN, events_register.DISPOSE,
}  # fmt: skip
"""Kinds that concern the register only at 機密性3, or where the document has an entry."""


def _entered(ctx: Context, seen: _Seen, document: str, how: str, suffix: str = "") -> Line:
    record = ctx.open_store().documents.get(document)
    location = record.path if record is not None else ""
    label = seen.data.get(events.LABEL)
    return Line(
        id=seen.id + suffix,
        what=ENTERED,
        at=seen.event.at,
        location=location,
        designated=place_of(ctx.policy, ctx.person().unit, location),
        access=_texts(label, "audience") if isinstance(label, dict) else (),
        how=how,
        reason=seen.record.reason,
        actor=ctx.actor(),
    )


def _copied(ctx: Context, seen: _Seen, how: str, recipients: tuple[str, ...]) -> Line:
    permit = seen.record.permit
    return Line(
        id=seen.id,
        what=COPIED,
        at=seen.event.at,
        count=max(1, len(recipients)),
        permit=seen.permit,
        holders=recipients or (ctx.actor(),),
        how=how,
        reason=permit.note,
        actor=ctx.actor(),
    )


def _add(ctx: Context, seen: _Seen, document: str, line: Line, owner: str = "") -> None:
    store = ctx.open_store()
    held = register_book.own(ctx, document, owner) or OwnEntry(document=document, owner=owner)
    record = store.documents.get(document)
    title = seen.record.title or (record.title if record is not None else "")
    decided = record is not None and line.what != LOWERED
    register_book.keep(
        ctx,
        msgspec.structs.replace(
            held,
            title=held.title if owner or line.what in (RETURNED, DISPOSED) else title,
            decided_by=record.decided_by if record is not None and decided else held.decided_by,
            decided_at=record.decided_at if record is not None and decided else held.decided_at,
            handling=record.handling if record is not None and decided else held.handling,
            lines=(*held.lines, line),
        ),
    )


def _text(data: object, key: str) -> str:
    value = data.get(key) if isinstance(data, Mapping) else None
    return value if isinstance(value, str) else ""


def _texts(data: object, key: str) -> tuple[str, ...]:
    value = data.get(key) if isinstance(data, Mapping) else None
    return tuple(_strings(value)) if isinstance(value, list) else ()


def _strings(value: list[object]) -> Iterator[str]:
    for one in value:
        if isinstance(one, str):
            yield one
