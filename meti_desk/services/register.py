"""機密性3情報管理簿 as an area of the desk (Arts. 10-4, 11-2, 11-5).

Staff see their own entries, the 課室情報セキュリティ責任者 those of the whole 課室. What is written
by hand is an event of 取扱記録 with its reason; nothing that stood there before is changed.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from unicodedata import normalize

import msgspec

from meti_desk.domain import events_register
from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.domain.permit import UNIT_HEAD
from meti_desk.services import enrolment, register_lines, register_views, sealing
from meti_desk.services.context import Context
from meti_desk.services.register_messages import (
    CopyRow,
    RegisterEnd,
    RegisterNote,
    RegisterRow,
    RegisterView,
    StockEntry,
    StockOutcome,
)
from meti_desk.services.register_views import Gathered, row_of
from meti_desk.services.saying import say
from meti_desk.sync.mail import UNIT, UnitTold
from meti_desk.sync.projection import MOST_SAID
from meti_desk.sync.register import (
    ELSEWHERE,
    MISSING,
    RESULTS,
    TAKEN_STOCK,
    StockResult,
    StockTaken,
    words_about,
)
from meti_desk.sync.sealed import seal

MOST_COPIES = 100
"""Copies that may be registered by hand at once."""
_PERMIT = re.compile(r"[0-9A-Za-z._:-]{0,128}")
_ARTICLE = ("11-2",)
_ROOM = MOST_SAID - 2_048


class Register:
    """The register of this person, or of the 課室."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def view(self, words: str = "", *, ended: bool = False) -> RegisterView:
        """Give entries that contain the words, by number; those that ended only if `ended`."""
        unit = self._unit()
        person = self._ctx.person()
        wanted = _folded(words).split()
        rows = [
            row
            for row in self._rows(unit)
            if (ended or row.state == "held") and all(one in _text(row) for one in wanted)
        ]
        here = unit.unit if unit is not None else person.unit
        return RegisterView(
            enrolled=bool(enrolment.state(self._ctx).url),
            responsible=_responsible(unit),
            unit=here,
            entries=tuple(sorted(rows, key=lambda row: (row.provisional, row.number, row.id))),
            places=tuple(
                one.name for one in self._ctx.policy.c3_places if one.unit in (here, person.unit)
            ),
        )

    def show(self, entry: str) -> RegisterRow:
        """Give one entry, named by id, number or document id.

        Raises `InvalidInput`: `register.unknown`, `register.several` (two people hold it).
        """
        return self._found(entry, self._unit())

    def note(self, note: RegisterNote) -> RegisterRow:
        """Correct or add by hand (Art. 11-2: who may access is said by who is responsible).

        Raises `InvalidInput`: `register.unknown`, `register.no-copy`, `register.nothing`,
        `register.day`, `register.count`; `RuleViolation`: `register.reason-missing`,
        `register.not-responsible`, `register.not-approved` (a copy without approval, Art. 10-4).
        """
        unit = self._unit()
        row = self._writable(note.entry, note.reason, unit)
        copy = _copy(row, note.copy) if note.copy else None
        holders = note.holders or ((note.holder,) if note.holder else ())
        said = (note.location, note.designated, note.access, note.due, holders, note.new_copies)
        if not any(said):
            raise InvalidInput("register.nothing")
        if note.new_copies:
            self._check_new(row, note)
        body = events_register.note_body(
            document=row.document, title=row.title, reason=note.reason.strip(),
            location=note.location or "", designated=note.designated or "",
            access=note.access or (), copy=copy.id if copy else "", holders=holders,
            due=_day(note.due or ""), copies=note.new_copies, permit=note.permit.strip(),
            owner=self._owner(row, unit),
        )  # fmt: skip
        return self._written(events_register.NOTE, body, row)

    def give_back(self, end: RegisterEnd) -> RegisterRow:
        """Record that a copy came back (`register.no-copy`, `register.ended`, as `note`)."""
        return self._end(events_register.RETURN, end)

    def dispose(self, end: RegisterEnd) -> RegisterRow:
        """Record that a copy, or the document, was erased or destroyed (as `give_back`).

        Raises `InvalidInput("register.how-missing")` without the way (Arts. 16, 17).
        """
        if not end.how.strip():
            raise InvalidInput("register.how-missing", articles=("16-2", "17"))
        return self._end(events_register.DISPOSE, end)

    def stocktake(self, results: tuple[StockEntry, ...]) -> StockOutcome:
        """Record a stock-taking (棚卸し), whole or in part, for the next sync.

        Raises `RuleViolation("register.not-responsible")`; `InvalidInput`: `register.unknown`,
        `register.result`, `register.note-missing` (what lies elsewhere says where),
        `register.nothing`, `register.unnumbered` (the server does not know the entry yet).
        """
        unit = enrolment.unit(self._ctx)
        if not _responsible(unit):
            raise RuleViolation("register.not-responsible", articles=_ARTICLE)
        if not results:
            raise InvalidInput("register.nothing")
        rows = self._rows(unit)
        taken = [(_checked(one, rows), one) for one in results]
        stock = self._ctx.ids.token(16).hex()
        body = events_register.stock_body(
            stock=stock, results=[(row.id, one.result, one.note.strip()) for row, one in taken]
        )
        with self._ctx.open_store().transaction():
            for number, piece in enumerate(self._pieces(unit, taken)):
                part = body if number == 0 else {**body, events_register.RESULTS: []}
                said = StockTaken(id=stock, results=piece)
                say(self._ctx, TAKEN_STOCK, part, msgspec.msgpack.encode(said))
        missing = tuple(row for row, one in taken if one.result == MISSING)
        return StockOutcome(id=stock, recorded=len(taken), missing=missing)

    def export(self, path: Path, *, ended: bool = False) -> Path:
        """Write the register with boxes to tick as docx or CSV; gives the name.

        Raises `InvalidInput("export.format")`.
        """
        from meti_desk.services.register_export import export

        return export(self._ctx, self.view(ended=ended), path)

    # ---- parts of it

    def _unit(self) -> UnitTold | None:
        known = enrolment.state(self._ctx)
        held = self._ctx.open_store().mailbox.get(UNIT, known.person) if known.url else None
        return msgspec.msgpack.decode(held.body, type=UnitTold) if held is not None else None

    def _rows(self, unit: UnitTold | None) -> list[RegisterRow]:
        register_lines.catch_up(self._ctx)
        person = unit.person if unit is not None else enrolment.state(self._ctx).person
        names = {one.person: one.name for one in (*unit.readers, *unit.own)} if unit else {}
        today = self._today()
        gathered = register_views.gather(self._ctx, person)
        return [
            row_of(self._ctx, one, person=person, today=today, names=names)
            for one in gathered
            if one.lines and _shown(one, unit, person)
        ]

    def _today(self) -> date:
        return self._ctx.clock.now().date()

    def _found(self, entry: str, unit: UnitTold | None) -> RegisterRow:
        return _named(entry, self._rows(unit))

    def _writable(self, entry: str, reason: str, unit: UnitTold | None) -> RegisterRow:
        row = self._found(entry, unit)
        if not reason.strip():
            raise RuleViolation("register.reason-missing", articles=_ARTICLE)
        if not row.mine and not _responsible(unit):
            raise RuleViolation("register.not-responsible", articles=_ARTICLE)
        return row

    def _check_new(self, row: RegisterRow, note: RegisterNote) -> None:
        if not 0 < note.new_copies <= MOST_COPIES or len(note.holders) > note.new_copies:
            raise InvalidInput("register.count", limit=MOST_COPIES)
        if not row.mine:
            raise RuleViolation("register.not-responsible", articles=("10-4",))
        if not note.permit.strip() or not _PERMIT.fullmatch(note.permit.strip()):
            raise RuleViolation("register.not-approved", articles=("10-4",))

    def _end(self, kind: str, end: RegisterEnd) -> RegisterRow:
        unit = self._unit()
        row = self._writable(end.entry, end.reason or end.how, unit)
        if not end.copy and kind == events_register.RETURN:
            raise InvalidInput("register.no-copy", copy="")
        copy = _copy(row, end.copy) if end.copy else None
        if (copy.state if copy else row.state) not in ("held", "overdue"):
            raise RuleViolation("register.ended", articles=_ARTICLE)
        body = events_register.end_body(
            document=row.document, title=row.title, copy=copy.id if copy else "",
            how=end.how.strip(), reason=end.reason.strip(),
            when=_day(end.at) or self._today().isoformat(), owner=self._owner(row, unit),
        )  # fmt: skip
        return self._written(kind, body, row)

    def _written(self, kind: str, body: dict[str, object], row: RegisterRow) -> RegisterRow:
        self._ctx.open_store().ledger.append(kind, body, self._ctx.clock.now())
        return self._found(row.id, self._unit())

    def _owner(self, row: RegisterRow, unit: UnitTold | None) -> str:
        """Name whose entry it is, where that is another person."""
        return "" if row.mine or unit is None else row.id.rpartition("/")[2]

    def _pieces(
        self, unit: UnitTold, taken: Iterable[tuple[RegisterRow, StockEntry]]
    ) -> Iterable[tuple[StockResult, ...]]:
        points = sealing.all_points(sealing.holding(unit, (UNIT_HEAD,)))
        points |= sealing.own_points(self._ctx, unit)
        piece: list[StockResult] = []
        size = 0
        for row, one in taken:
            note, about = one.note.strip().encode(), words_about(row.id, "stock")
            words = seal(note, about, points) if note else b""
            result = StockResult(entry=row.id, result=one.result, words=words)
            length = len(msgspec.msgpack.encode(result))
            if piece and size + length > _ROOM:
                yield tuple(piece)
                piece, size = [], 0
            piece.append(result)
            size += length
        yield tuple(piece)


def _named(entry: str, rows: Sequence[RegisterRow]) -> RegisterRow:
    named = entry.strip()
    fits = [row for row in rows if named in (row.id, row.number)]
    fits = fits or [row for row in rows if named == row.document]
    mine = [row for row in fits if row.mine]
    if not fits or not named:
        raise InvalidInput("register.unknown", entry=named[:100])
    if len(fits) > 1 and len(mine) != 1:
        raise InvalidInput("register.several", entry=named[:100])
    return fits[0] if len(fits) == 1 else mine[0]


def _checked(one: StockEntry, rows: Sequence[RegisterRow]) -> RegisterRow:
    if one.result not in RESULTS:
        raise InvalidInput("register.result", result=one.result[:40])
    if one.result == ELSEWHERE and not one.note.strip():
        raise InvalidInput("register.note-missing")
    row = _named(one.entry, rows)
    if row.provisional:
        raise InvalidInput("register.unnumbered", entry=row.number)
    return row


def _responsible(unit: UnitTold | None) -> bool:
    return unit is not None and UNIT_HEAD in unit.posts


def _shown(one: Gathered, unit: UnitTold | None, person: str) -> bool:
    """Show what is the person's own, and to who is responsible what is of their 課室."""
    if one.told is None or one.told.person == person:
        return True
    return _responsible(unit) and unit is not None and unit.unit in (one.told.unit, "")


def _copy(row: RegisterRow, named: str) -> CopyRow:
    for one in row.copies:
        if named.strip() in (one.id, one.number, one.number.rpartition("-")[2]):
            return one
    raise InvalidInput("register.no-copy", copy=named[:100])


def _day(text: str) -> str:
    if not text:
        return ""
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        raise InvalidInput("register.day", day=text[:40]) from None


def _folded(text: str) -> str:
    return normalize("NFKC", text).lower()


def _text(row: RegisterRow) -> str:
    parts = (row.number, row.title, row.keeper, row.location, row.designated, *row.access)
    return _folded(" ".join((*parts, *(one.holder for one in row.copies))))
