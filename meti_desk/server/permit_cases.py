"""Permits as the server keeps them: a signed statement, and what is sealed for people beside it.

A step is written only over the revision that it was made from, so that of two processes that
decide at once one finds it changed. Who is concerned gets the new state in the same transaction;
the audit chain names ids alone.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import NamedTuple

import msgspec

from meti_desk.domain.errors import RuleViolation
from meti_desk.domain.permit import Permit, PermitState, deciders
from meti_desk.server import figures, mail, publishing, units
from meti_desk.server.keys import ServerKey
from meti_desk.server.people import Person
from meti_desk.server.storage import Database
from meti_desk.standard.policy_file import read_policy
from meti_desk.sync.permit_scope import permit_of, wire_of
from meti_desk.sync.permits import (
    PERMIT,
    PermitAsked,
    PermitStatement,
    PermitTold,
    WireScope,
    statement_message,
)
from meti_desk.sync.snapshots import POLICY

CHANGED = "permit.changed"
_JAPAN = timezone(timedelta(hours=9))
"""Days of permits are days of the ministry, wherever the server stands."""


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """The body of a case: what is told, and the scope as it was asked for."""

    told: PermitTold
    asked: WireScope


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A permit that the server holds."""

    kept: Kept
    statement: PermitStatement

    @property
    def permit(self) -> Permit:
        """Give it as the rules know it."""
        return permit_of(self.statement)


class Asked(NamedTuple):
    """A request: `told` brings all but the statement, `digest` what its words have to fit."""

    permit: Permit
    told: PermitTold
    digest: bytes


class Names(msgspec.Struct, frozen=True, kw_only=True):
    """Who takes a step: the names that stand beside ids in a statement."""

    decider: str = ""
    post: str = ""
    ender: str = ""
    reporter: str = ""


def day(at: int) -> date:
    """Give the day at the ministry of a moment (milliseconds since 1970)."""
    return datetime.fromtimestamp(at / 1000, _JAPAN).date()


def end_of(last: date) -> int:
    """Give the moment at which a day is over at the ministry."""
    midnight = datetime(last.year, last.month, last.day, tzinfo=_JAPAN) + timedelta(days=1)
    return int(midnight.timestamp() * 1000)


def moment(at: int) -> str:
    """Write a moment as statements have it."""
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds")


def load(database: Database, permit_id: str) -> Case | None:
    """Find a permit."""
    rows = database.run("SELECT body FROM cases WHERE kind = ? AND id = ?", (PERMIT, permit_id))
    return _case(rows[0][0]) if rows else None


def open_in(database: Database, unit: str) -> list[Case]:
    """List what is not at its end in a 課室: requests, permits in force, reports that are due."""
    rows = database.run(
        "SELECT body FROM cases WHERE unit = ? AND kind = ?"
        " AND state IN ('requested', 'granted', 'conditional', 'expired', 'revoked') ORDER BY id",
        (unit, PERMIT),
    )
    return _unfinished(rows)


def open_of(database: Database, person: str) -> list[Case]:
    """List what is not at its end of a person."""
    rows = database.run(
        "SELECT body FROM cases WHERE person = ? AND kind = ?"
        " AND state IN ('requested', 'granted', 'conditional', 'expired', 'revoked') ORDER BY id",
        (person, PERMIT),
    )
    return _unfinished(rows)


def _unfinished(rows: Sequence[tuple[bytes]]) -> list[Case]:
    """Leave out what has ended and needs no report."""
    return [one for one in (_case(body) for (body,) in rows) if _waits(one)]


def _waits(case: Case) -> bool:
    """Tell whether a permit is in force, or its report is still to come."""
    over = case.statement.state in (PermitState.EXPIRED, PermitState.REVOKED)
    return not over or case.permit.report_due(date.min)


def _case(body: bytes) -> Case:
    kept = msgspec.msgpack.decode(body, type=Kept)
    return Case(
        kept=kept, statement=msgspec.msgpack.decode(kept.told.statement, type=PermitStatement)
    )


def add(database: Database, key: ServerKey, person: Person, asked: Asked, at: int) -> bool:
    """Take a request in; `False` where its id is taken."""
    permit, scope = asked.permit, wire_of(asked.permit.scope)
    statement = PermitStatement(
        id=permit.id, revision=1, scope=scope, state=permit.state.value, unit=person.unit,
        requested_by=person.id, requester=person.name, requested_at=permit.requested_at,
        words_digest=asked.digest,
    )  # fmt: skip
    told = _signed(key, asked.told, statement)
    case = Case(kept=Kept(told=told, asked=scope), statement=statement)
    rows = database.run(
        "INSERT INTO cases (kind, id, unit, person, state, revision, until, body, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (kind, id) DO NOTHING RETURNING 1",
        (
            PERMIT, permit.id, person.unit, person.id, permit.state.value, 1,
            end_of(permit.scope.until), msgspec.msgpack.encode(case.kept), at,
        ),
    )  # fmt: skip
    if rows:
        figures.permit(database, statement.unit, statement.state, "", at)
        _record(database, statement, person.id, at)
        tell(database, case, at)
    return bool(rows)


def step(
    database: Database, key: ServerKey, case: Case, permit: Permit, *, by: str, at: int,
    names: Names | None = None, report: bytes = b"",
) -> Case:  # fmt: skip
    """Write the next state of a permit, sign it, and tell who is concerned.

    `by` is the id of who takes the step, empty for the office. Raises
    `RuleViolation("permit.changed")` where somebody else was faster.
    """
    statement = _next(case.statement, permit, names or Names())
    told = msgspec.structs.replace(case.kept.told, report=report or case.kept.told.report)
    kept = Kept(told=_signed(key, told, statement), asked=case.kept.asked)
    made = Case(kept=kept, statement=statement)
    _put(database, case, made, at)
    if statement.state != case.statement.state:
        figures.permit(database, statement.unit, statement.state, statement.requested_at, at)
    _record(database, statement, by, at)
    tell(database, made, at)
    return made


def _put(database: Database, before: Case, made: Case, at: int) -> None:
    """Write a new state over the one that it was made from, or nothing (`permit.changed`)."""
    statement = made.statement
    rows = database.run(
        "UPDATE cases SET state = ?, revision = ?, until = ?, body = ?, at = ?"
        " WHERE kind = ? AND id = ? AND revision = ? RETURNING 1",
        (
            statement.state, statement.revision, _until(made),
            msgspec.msgpack.encode(made.kept), at, PERMIT, statement.id,
            before.statement.revision,
        ),
    )  # fmt: skip
    if not rows:
        raise RuleViolation(CHANGED)


def _until(case: Case) -> int:
    """Give when the period is over; 0 where that is past and nobody waits for a report any more.

    What is at its end is by far the most: it is left out by its index.
    """
    return end_of(case.permit.scope.until) if _waits(case) else 0


def bind(database: Database, key: ServerKey, case: Case, told: PermitAsked, at: int) -> Case:
    """Sign what the words of a request have to fit that came without a digest.

    It is a new revision: whoever decides about the one before read words that nothing bound. Raises
    `RuleViolation("permit.changed")` where somebody else was faster.
    """
    old = case.statement
    statement = msgspec.structs.replace(old, revision=old.revision + 1, words_digest=told.digest)
    sealed = msgspec.structs.replace(case.kept.told, words=told.words)
    kept = Kept(told=_signed(key, sealed, statement), asked=case.kept.asked)
    made = Case(kept=kept, statement=statement)
    _put(database, case, made, at)
    _record(database, statement, old.requested_by, at)
    tell(database, made, at)
    return made


def reseal(database: Database, case: Case, words: bytes, at: int) -> None:
    """Take the words of a request anew, sealed for who decides now; its statement stays."""
    told = msgspec.structs.replace(case.kept.told, words=words)
    kept = Kept(told=told, asked=case.kept.asked)
    rows = database.run(
        "UPDATE cases SET body = ? WHERE kind = ? AND id = ? AND revision = ? RETURNING 1",
        (msgspec.msgpack.encode(kept), PERMIT, case.statement.id, case.statement.revision),
    )
    if rows:  # else it was decided meanwhile
        tell(database, Case(kept=kept, statement=case.statement), at)


def tell(database: Database, case: Case, at: int) -> None:
    """Post a permit as it stands to who asked and to all who may decide."""
    concerned = {case.statement.requested_by, *judges(database, case)}
    mail.post(database, concerned, PERMIT, case.statement.id, told_of(case), at)


def told_of(case: Case) -> bytes:
    """Give a permit as its mail has it."""
    return msgspec.msgpack.encode(case.kept.told)


def judges(database: Database, case: Case) -> list[str]:
    """List who may decide a permit now, by post; who asked may be among them, and decides not."""
    posts = (*deciders(case.statement.scope.articles), *stand_ins(database))
    return units.holders(database, case.statement.unit, posts)


def stand_ins(database: Database) -> tuple[str, ...]:
    """Give the posts that the published policy lets decide for others; none without one."""
    snapshot = publishing.text_of(database, POLICY)
    return _stand_ins(snapshot.text) if snapshot else ()


@lru_cache(maxsize=4)
def _stand_ins(text: str) -> tuple[str, ...]:
    return read_policy(text).permits.stand_ins


def post_of(person: Person, case: Case, named: Collection[str]) -> str:
    """Give the post by which a person may decide this permit, or nothing."""
    articles = case.statement.scope.articles
    return units.post_for(person.role, person.unit, case.statement.unit, articles, named)


def _next(old: PermitStatement, permit: Permit, names: Names) -> PermitStatement:
    return msgspec.structs.replace(
        old,
        revision=old.revision + 1,
        scope=wire_of(permit.scope),
        state=permit.state.value,
        decided_by=permit.decided_by,
        decider=names.decider or old.decider,
        post=names.post or old.post,
        decided_at=permit.decided_at,
        designated=permit.designated,
        note=permit.note,
        report_waived=permit.report_waived,
        reported_at=permit.reported_at,
        reported_by=permit.reported_by,
        reporter=names.reporter or old.reporter,
        ended_by=permit.ended_by,
        ender=names.ender or old.ender,
        ended_at=permit.ended_at,
        ended_note=permit.ended_note,
    )


def _signed(key: ServerKey, told: PermitTold, statement: PermitStatement) -> PermitTold:
    written = msgspec.msgpack.encode(statement)
    return msgspec.structs.replace(
        told, statement=written, signature=key.sign(statement_message(written))
    )


def _record(database: Database, statement: PermitStatement, by: str, at: int) -> None:
    told = {
        "what": "permit", "id": statement.id, "state": statement.state,
        "revision": statement.revision, "by": by,
    }  # fmt: skip
    database.record(at, told)
