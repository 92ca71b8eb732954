"""Entries of the 機密性3情報管理簿 in the shape in which they are shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from meti_desk.domain.register import Copy, Entry, Line, fold, provisional
from meti_desk.services import register_book
from meti_desk.services.context import Context, who
from meti_desk.services.register_book import OwnEntry
from meti_desk.services.register_messages import CopyRow, HistoryRow, RegisterRow
from meti_desk.sync.register import (
    LineWords,
    RegisterLine,
    RegisterTold,
    RegisterWords,
    entry_id,
)


@dataclass(slots=True)
class Gathered:
    """All that is known of an entry: what the server told, and what this device wrote."""

    id: str
    document: str
    lines: list[Line] = field(default_factory=list)
    words: RegisterWords | None = None
    told: RegisterTold | None = None
    own: OwnEntry | None = None
    unsent: bool = False

    @property
    def number(self) -> str:
        """Give the number, or what stands for it until the server gave one."""
        return self.told.number if self.told is not None else provisional(self.document)


def gather(ctx: Context, person: str) -> tuple[Gathered, ...]:
    """Put together what the server told and what was written here, by entry."""
    found: dict[str, Gathered] = {}
    for told in register_book.all_told(ctx):
        found[told.id] = _told(ctx, told)
    for own in register_book.all_own(ctx):
        identity = entry_id(own.document, own.owner or person)
        held = found.setdefault(identity, Gathered(identity, own.document))
        _with_own(held, own)
    return tuple(found.values())


def _told(ctx: Context, told: RegisterTold) -> Gathered:
    opened = register_book.words_of(ctx, told)
    words: dict[str, LineWords] = {one.line: one for each in opened for one in each.lines}
    lines = [_line(line, words.get(line.id)) for line in told.lines]
    title = next((one for one in opened if one.title), None)
    return Gathered(told.id, told.document, lines, title, told)


def _line(line: RegisterLine, words: LineWords | None) -> Line:
    plain = Line(
        id=line.id, what=line.what, at=line.at, count=line.count, first=line.first,
        permit=line.permit, of=line.of, result=line.result, person=line.person,
    )  # fmt: skip
    return _with_words(plain, words) if words is not None else plain


def _with_words(line: Line, words: LineWords) -> Line:
    return Line(
        id=line.id, what=line.what, at=line.at, count=line.count, first=line.first,
        permit=line.permit, of=line.of, result=line.result, person=line.person,
        location=words.location, designated=words.designated, access=words.access,
        holders=words.holders, due=words.due, how=words.how, reason=words.reason,
        actor=words.actor,
    )  # fmt: skip


def _with_own(held: Gathered, own: OwnEntry) -> None:
    """Lay what this device wrote over what came back: its words are whole here."""
    numbers = {line.id: line.first for line in held.lines}
    mine: Mapping[str, Line] = {line.id: line for line in own.lines}
    held.lines = [_numbered(mine.get(line.id), line) for line in held.lines]
    fresh = [line for line in own.lines if line.id not in numbers]
    held.lines += fresh
    held.unsent = held.unsent or bool(fresh)
    if not own.owner:
        held.own = own
        held.words = register_book.words_to_say(own, 0)


def _numbered(mine: Line | None, told: Line) -> Line:
    if mine is None:
        return told
    return replace(mine, first=told.first, result=told.result, person=told.person)


def row_of(
    ctx: Context, held: Gathered, *, person: str, today: date, names: Mapping[str, str]
) -> RegisterRow:
    """Show an entry; `names` are those of the persons of the 課室 that are known here."""
    entry = fold(held.lines)
    told, words = held.told, held.words
    mine = told is None or told.person == person
    stock = entry.stock
    return RegisterRow(
        id=held.id,
        document=held.document,
        number=held.number,
        state=entry.state,
        provisional=told is None,
        title=words.title if words else "",
        keeper=told.name if told is not None else who(ctx.person()),
        decided_by=words.decided_by if words else "",
        decided_at=words.decided_at if words else "",
        restrictions=words.handling if words else "",
        location=entry.location,
        designated=entry.designated,
        access=entry.access,
        copies=tuple(_copy(held, one, today) for one in entry.copies.values()),
        history=tuple(_history(held, entry, names)),
        entered_at=entry.entered_at,
        ended_at=entry.ended_at,
        ended_how=entry.ended_how,
        stock=stock.result if stock else "",
        stock_at=stock.at if stock else "",
        stock_by=names.get(stock.person, stock.person) if stock else "",
        stock_note=register_book.stock_note(ctx, told) if told is not None and stock else "",
        flags=entry.flags(today) if words is not None else (),
        readable=words is not None,
        mine=mine,
        unsent=held.unsent,
    )


def _copy(held: Gathered, copy: Copy, today: date) -> CopyRow:
    return CopyRow(
        id=copy.id,
        number=_copy_number(held, copy),
        state=copy.state_on(today),
        provisional=not copy.n,
        how=copy.how,
        holder=copy.holder,
        location=copy.location,
        permit=copy.permit,
        at=copy.at,
        due=copy.due,
        ended_at=copy.ended_at,
        ended_how=copy.ended_how,
    )


def _copy_number(held: Gathered, copy: Copy) -> str:
    return f"{held.number}-{copy.n}" if copy.n else f"{held.number}-{provisional(copy.id)}"


def _history(held: Gathered, entry: Entry, names: Mapping[str, str]) -> Iterable[HistoryRow]:
    for line in held.lines:
        copy = entry.copies.get(line.of)
        details = [line.location, line.designated, "・".join(line.access), "・".join(line.holders)]
        details += [line.due, line.result]
        yield HistoryRow(
            what=line.what,
            at=line.at,
            by=line.actor or names.get(line.person, line.person),
            how=line.how,
            copy=_copy_number(held, copy) if copy is not None else "",
            detail="、".join(filter(None, details)),
            reason=line.reason,
        )
