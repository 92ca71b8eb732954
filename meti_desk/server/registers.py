"""機密性3情報管理簿 on the server: numbers for documents and copies, lines, stock-taking.

An entry is a case of kind `register`; its body is the `RegisterTold` that its people get (Arts.
10-4, 11-2). Lines are only added; one that is here already is passed over, so that two devices, or
a restored one, may say it again. A number once given stays, and is never given to anything else.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone

import msgspec

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.domain.permit import UNIT_HEAD
from meti_desk.server import mail, permit_early, units
from meti_desk.server.applying import Said
from meti_desk.server.refusal import RefusalError
from meti_desk.server.storage import Database
from meti_desk.sync.register import (
    COPIED,
    DISPOSED,
    ENTERED,
    GONE_ENTRY,
    HELD,
    LOWERED,
    LOWERED_ENTRY,
    MOST_LINES,
    NOTED,
    REGISTER,
    RESULTS,
    RETURNED,
    STOCK,
    RegisterLine,
    RegisterPart,
    RegisterSaid,
    RegisterTold,
    StockResult,
    StockTaken,
    entry_id,
)

NOT_HELD = "register.not-held"
_NUMBER = "register-number"
"""A case for each document of a 課室: `state` is its number, `until` how many copies were numbered.
"""
_COUNT = "register-count"
"""A case for each year of a 課室: `until` is how many documents were numbered."""
_BY_STAFF = frozenset({ENTERED, COPIED, NOTED, RETURNED, DISPOSED, LOWERED})
_BY_RESPONSIBLE = frozenset({NOTED, RETURNED, DISPOSED})
_STATES = {ENTERED: HELD, LOWERED: LOWERED_ENTRY}
_DOCUMENT = re.compile(r"[0-9A-Za-z._:-]{1,128}")
_WORD = re.compile(r"[0-9A-Za-z._:+-]{0,128}")
_MOST_COPIES = 1_000
_TRIES = 5
_ARTICLE = ("11-2",)
_JST = timezone(timedelta(hours=9))
_YEAR_STARTS = 4


def said(told: Said) -> None:
    """Add lines and take the words of entries (`register.malformed`)."""
    asked = msgspec.msgpack.decode(told.body, type=RegisterSaid)
    for part in asked.parts:
        _check(part)
    for part in asked.parts:
        owner = part.owner or told.person.id
        if owner != told.person.id and find(told.database, entry_id(part.document, owner)) is None:
            permit_early.keep(told, _early(entry_id(part.document, owner)), 1, NOT_HELD)
            continue
        _tried(told, part)


def stocktaken(told: Said) -> None:
    """Write the results of a stock-taking down, all or none.

    Raises `RuleViolation("register.not-responsible")` for who is not the responsible person of the
    課室 of every entry, `InvalidInput("register.malformed")`. One about an entry that is not here
    yet - after a restore - waits for it (`register.not-held`).
    """
    asked = msgspec.msgpack.decode(told.body, type=StockTaken)
    if not _WORD.fullmatch(asked.id) or not asked.id:
        raise InvalidInput("register.malformed")
    if any(one.result not in RESULTS for one in asked.results):
        raise InvalidInput("register.malformed")
    for one in asked.results:
        if find(told.database, one.entry) is None:
            permit_early.keep(told, _early(one.entry), 1, NOT_HELD)
            return
    for one in asked.results:
        for last in range(_TRIES):
            if _stock(told, asked.id, one):
                break
            if last == _TRIES - 1:
                raise RefusalError("sync.busy")


def find(database: Database, identity: str) -> RegisterTold | None:
    """Find an entry."""
    rows = database.run("SELECT body FROM cases WHERE kind = ? AND id = ?", (REGISTER, identity))
    return msgspec.msgpack.decode(rows[0][0], type=RegisterTold) if rows else None


def _check(part: RegisterPart) -> None:
    right = bool(_DOCUMENT.fullmatch(part.document)) and len(part.lines) <= MOST_LINES
    for line in part.lines:
        words = (line.id, line.permit, line.of, line.at)
        right = right and line.what in _BY_STAFF and all(map(_WORD.fullmatch, words))
        right = right and bool(line.id) and 0 <= line.count <= _MOST_COPIES
    if not right:
        raise InvalidInput("register.malformed")


class _LostError(Exception):
    """Another process changed the entry meanwhile: what was counted for it is taken back."""


def _tried(told: Said, part: RegisterPart) -> None:
    for _ in range(_TRIES):
        try:
            with told.database.transaction():
                _add(told, part)
        except _LostError:
            continue
        return
    raise RefusalError("sync.busy")


def _add(told: Said, part: RegisterPart) -> None:
    """Add a part to its entry."""
    owner = part.owner or told.person.id
    held = find(told.database, entry_id(part.document, owner))
    if owner != told.person.id:
        _check_responsible(told, held, part)
    if held is None:
        if not part.lines:
            raise InvalidInput("register.malformed")  # words of what was never entered
        held = RegisterTold(
            id=entry_id(part.document, owner), revision=0, state=HELD, unit=told.person.unit,
            person=owner, name=told.person.name, document=part.document, lines=(),
            number=_number(told, told.person.unit, part.document),
        )  # fmt: skip
    known = {line.id for line in held.lines}
    fresh = [line for line in part.lines if line.id not in known]
    if not fresh and part.words == held.words.get(told.device.id):
        return
    lines = tuple(_numbered(told, held, line) for line in fresh)
    after = msgspec.structs.replace(
        held, lines=(*held.lines, *lines), words={**held.words, told.device.id: part.words}
    )
    if not _put(told, after, "register", [line.id for line in lines]):
        raise _LostError


def _check_responsible(told: Said, held: RegisterTold | None, part: RegisterPart) -> None:
    """Let who is responsible write into the entries of their 課室, and nobody else."""
    if held is None or told.person.id not in responsible(told.database, held.unit):
        raise RuleViolation("register.not-responsible", articles=_ARTICLE)
    if any(line.what not in _BY_RESPONSIBLE for line in part.lines):
        raise InvalidInput("register.malformed")


def _numbered(told: Said, held: RegisterTold, line: RegisterLine) -> RegisterLine:
    first = 0
    if line.what == COPIED and line.count:
        ((last,),) = told.database.run(
            "UPDATE cases SET until = until + ? WHERE kind = ? AND id = ? RETURNING until",
            (line.count, _NUMBER, _place(held.unit, held.document)),
        )
        first = int(last) - line.count + 1
    return msgspec.structs.replace(line, first=first, person=told.person.id, result="")


def _number(told: Said, unit: str, document: str) -> str:
    """Give the number of a document in a 課室: the one that it has, or the next of the year."""
    database, place = told.database, _place(unit, document)
    rows = database.run("SELECT state FROM cases WHERE kind = ? AND id = ?", (_NUMBER, place))
    if rows:
        return str(rows[0][0])
    now = datetime.fromtimestamp(told.at / 1000, _JST)
    year = now.year - (now.month < _YEAR_STARTS)
    count = f"{unit}/{year}"
    _ready(told, _COUNT, count, unit, "")
    ((next_one,),) = database.run(
        "UPDATE cases SET until = until + 1 WHERE kind = ? AND id = ? RETURNING until",
        (_COUNT, count),
    )
    number = f"{year}-{int(next_one):04d}"
    if _ready(told, _NUMBER, place, unit, number):
        return number
    # Another process was faster with the same document: its number holds, ours stays unused.
    ((given,),) = database.run(
        "SELECT state FROM cases WHERE kind = ? AND id = ?", (_NUMBER, place)
    )
    return str(given)


def _place(unit: str, document: str) -> str:
    return f"{unit}/{document}"


def _ready(told: Said, kind: str, identity: str, unit: str, state: str) -> bool:
    """Make the case that counts, if there is none yet; tells whether it was made now."""
    rows = told.database.run(
        "INSERT INTO cases (kind, id, unit, person, state, revision, until, body, at)"
        " VALUES (?, ?, ?, '', ?, 1, 0, ?, ?) ON CONFLICT (kind, id) DO NOTHING RETURNING 1",
        (kind, identity, unit, state, b"", told.at),
    )
    return bool(rows)


def _stock(told: Said, stock: str, result: StockResult) -> bool:
    held = find(told.database, result.entry)
    if held is None or told.person.id not in responsible(told.database, held.unit):
        raise RuleViolation("register.not-responsible", articles=_ARTICLE)
    if any(line.id == stock for line in held.lines):
        return True
    line = RegisterLine(
        id=stock, what=STOCK, at=_iso(told.at), result=result.result, person=told.person.id
    )
    after = msgspec.structs.replace(held, lines=(*held.lines, line), stock_words=result.words)
    return _put(told, after, f"register-{result.result}", [stock])


def _early(identity: str) -> str:
    return f"{REGISTER}/{identity}"


def responsible(database: Database, unit: str) -> list[str]:
    """List the 課室情報セキュリティ責任者 of a 課室, whose duty the register is."""
    return units.holders(database, unit, (UNIT_HEAD,))


def _put(told: Said, after: RegisterTold, what: str, lines: Iterable[str]) -> bool:
    """Write the next state of an entry, tell its people, and record it in the audit chain."""
    database = told.database
    after = msgspec.structs.replace(
        after, revision=after.revision + 1, state=_state(after.lines), updated_at=_iso(told.at),
        owner_devices=units.devices(database, after.person),
    )  # fmt: skip
    body = msgspec.msgpack.encode(after)
    if after.revision == 1:
        rows = database.run(
            "INSERT INTO cases (kind, id, unit, person, state, revision, until, body, at)"
            " VALUES (?, ?, ?, ?, ?, 1, 0, ?, ?) ON CONFLICT (kind, id) DO NOTHING RETURNING 1",
            (REGISTER, after.id, after.unit, after.person, after.state, body, told.at),
        )
    else:
        rows = database.run(
            "UPDATE cases SET state = ?, revision = ?, body = ?, at = ?"
            " WHERE kind = ? AND id = ? AND revision = ? RETURNING 1",
            (after.state, after.revision, body, told.at, REGISTER, after.id, after.revision - 1),
        )
    if not rows:
        return False
    people = (after.person, *responsible(database, after.unit))
    mail.post(database, people, REGISTER, after.id, body, told.at)
    database.record(
        told.at,
        {"what": what, "entry": after.id, "number": after.number, "by": told.person.id,
         "device": told.device.id, "lines": [*lines], "revision": after.revision},
    )  # fmt: skip
    permit_early.replay(database, told.key, _early(after.id), after.revision, told.at)
    return True


def _state(lines: Iterable[RegisterLine]) -> str:
    state = HELD
    for line in lines:
        if line.what == DISPOSED and not line.of:
            state = GONE_ENTRY
        state = _STATES.get(line.what, state)
    return state


def _iso(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="seconds")
