"""What is done with what people say of permits: ask, decide, take back, revoke, report, run out.

Who may do what is asked of the directory as it is now, never of what a device says. What was said
before by the same person is known and changes nothing, so that a restored device may send its log
again; a step from an older state than the present one is refused (`permit.changed`), one from a
state that is not here yet waits (`permit.not-held`, `server.permit_early`).
"""

from contextlib import suppress
from weakref import WeakKeyDictionary

import msgspec

from meti_desk.domain.errors import RuleViolation
from meti_desk.domain.permit import Permit, PermitState
from meti_desk.domain.permit_steps import (
    Decision,
    check_scope,
    decide,
    lapse,
    report_end,
    revoke,
    withdraw,
)
from meti_desk.domain.permit_steps import (
    expire as run_out,
)
from meti_desk.server import permit_cases as cases
from meti_desk.server import permit_checks as checks
from meti_desk.server import permit_early, permit_moves
from meti_desk.server.applying import Said
from meti_desk.server.keys import ServerKey
from meti_desk.server.permit_cases import Case, Names
from meti_desk.server.storage import Database
from meti_desk.sync.permit_scope import wire_of
from meti_desk.sync.permits import (
    LAPSED,
    PERMIT,
    PermitAsked,
    PermitDecided,
    PermitNamed,
    PermitReported,
    PermitTold,
)

_EVERY = 3_600_000
"""Milliseconds between two looks for permits that have run out."""
_AT_ONCE = 100
_LATE = 7 * 86_400_000
"""For how long a request stands that came when its period was over already: after a restore the
devices offer their logs again, and what was said of it may come a little later."""
_swept: WeakKeyDictionary[Database, int] = WeakKeyDictionary()


def asked(said: Said) -> None:
    """Take a request in (申請・届出・相談), from any active person for the own 課室.

    Raises `permit.malformed`, `permit.incomplete`, `permit.no-decider`, `permit.left`,
    `permit.id-taken`, `permit.words-changed`.
    """
    told = msgspec.msgpack.decode(said.body, type=PermitAsked)
    checks.active(said.person)
    scope = checks.asked(told)
    check_scope(scope, said.person.id)
    permit = Permit(
        id=told.id, scope=scope, requested_by=said.person.id, requested_at=cases.moment(said.at)
    )
    body = PermitTold(
        statement=b"", signature=b"", documents=told.documents, labels=told.labels, words=told.words
    )
    asked = cases.Asked(permit, body, told.digest)
    if cases.add(said.database, said.key, said.person, asked, said.at):
        permit_early.replay(said.database, said.key, told.id, 1, said.at)
    else:
        _again(said, told, wire_of(scope))


def _again(said: Said, told: PermitAsked, scope: object) -> None:
    held = cases.load(said.database, told.id)
    same = held is not None and (
        held.statement.requested_by == said.person.id
        and held.kept.asked == scope
        and held.kept.told.documents == told.documents
        and held.kept.told.labels == told.labels
    )
    if held is None or not same:
        raise RuleViolation("permit.id-taken")
    if held.statement.state != PermitState.REQUESTED:
        return
    same_words = held.kept.told.words == told.words
    if checks.renews(held.statement.words_digest, told.digest, same_words=same_words):
        made = cases.bind(said.database, said.key, held, told, said.at)
        permit_early.replay(said.database, said.key, told.id, made.statement.revision, said.at)
    elif not same_words:
        cases.reseal(said.database, held, told.words, said.at)


def decided(said: Said) -> None:
    """Grant, refuse, or receive a 届出; nobody their own.

    Raises those of `domain.permit_steps.decide`, `permit.changed`.
    """
    told = msgspec.msgpack.decode(said.body, type=PermitDecided)
    checks.decided(told)
    until = checks.day(told.until) if told.until else None
    case = _held(said, told.id, told.revision)
    if case is None or _is_decision(case, said, told):
        return
    post, named = _judge(said, case)
    _same(case, told.revision)
    decision = Decision(
        granted=told.granted, designated=told.designated, note=told.note.strip(),
        report_waived=told.report_waived, until=until,
    )  # fmt: skip
    permit = decide(
        case.permit, decision, by=said.person.id, post=post, at=cases.moment(said.at),
        today=cases.day(said.at), stand_ins=named, labels=_labels(case),
    )  # fmt: skip
    _step(said, case, permit, Names(decider=said.person.name, post=post))


def _is_decision(case: Case, said: Said, told: PermitDecided) -> bool:
    """Tell whether this very decision stands already."""
    made = case.statement
    if made.decided_by != said.person.id or told.revision >= made.revision:
        return False
    if made.state == PermitState.REFUSED or not told.granted:
        refused = made.state == PermitState.REFUSED and not told.granted
        return refused and made.note == told.note.strip()
    until = told.until or case.kept.asked.until
    return (made.note, made.designated, made.report_waived, made.scope.until) == (
        told.note.strip(), told.designated, told.report_waived, until,
    )  # fmt: skip


def withdrawn(said: Said) -> None:
    """Take a request back (取下げ): `permit.not-yours`, `permit.changed`."""
    told = msgspec.msgpack.decode(said.body, type=PermitNamed)
    case = _held(said, told.id, told.revision)
    if case is None:
        return
    if case.statement.requested_by != said.person.id:
        raise RuleViolation("permit.not-yours", id=told.id)
    if case.statement.state == PermitState.WITHDRAWN:
        return
    _same(case, told.revision)
    permit = withdraw(
        case.permit, by=said.person.id, at=cases.moment(said.at), note=checks.note(told.note)
    )
    _step(said, case, permit, Names(ender=said.person.name))


def revoked(said: Said) -> None:
    """Take a permit back (取消し): those of `domain.permit_steps.revoke`, `permit.changed`."""
    told = msgspec.msgpack.decode(said.body, type=PermitNamed)
    case = _held(said, told.id, told.revision)
    if case is None or case.statement.ended_by == said.person.id:
        return
    post, named = _judge(said, case)
    _same(case, told.revision)
    permit = revoke(
        case.permit, by=said.person.id, post=post, at=cases.moment(said.at),
        note=checks.note(told.note), today=cases.day(said.at), stand_ins=named,
    )  # fmt: skip
    _step(said, case, permit, Names(ender=said.person.name))


def reported(said: Said) -> None:
    """Take the report of the end (終了報告): `permit.not-yours`, `permit.wrong-state`.

    Whether it ran out meanwhile or not, the report is the same: no `permit.changed`.
    """
    told = msgspec.msgpack.decode(said.body, type=PermitReported)
    words = checks.sealed(told.words)
    try:
        _reported(said, told, words)
    except RuleViolation as refused:
        if refused.code != cases.CHANGED:
            raise
        _reported(
            said, told, words
        )  # it ran out or was taken back meanwhile: reported all the same


def _reported(said: Said, told: PermitReported, words: bytes) -> None:
    case = _held(said, told.id, told.revision)
    if case is None or case.statement.reported_by == said.person.id:
        return
    named = cases.stand_ins(said.database)
    post = cases.post_of(said.person, case, named)
    permit = report_end(
        case.permit, by=said.person.id, at=cases.moment(said.at), post=post, stand_ins=named
    )
    _step(said, case, permit, Names(reporter=said.person.name), words)


def expire(database: Database, key: ServerKey, now: int) -> int:
    """Write down which permits have run out, and tell it: reports come due (Arts. 77-3, 77-7).

    A request that nobody decided in time ends, too (`LAPSED`): nobody could grant it any more.
    Inside a transaction of the caller; gives how many there were, `_AT_ONCE` at most.
    """
    rows = database.run(
        "SELECT id FROM cases WHERE kind = ? AND state IN ('granted', 'conditional', 'requested')"
        " AND until <= ? AND (state <> 'requested' OR at < until OR at <= ?)"
        " ORDER BY until, id LIMIT ?",
        (PERMIT, now, now - _LATE, _AT_ONCE),
    )
    for (permit_id,) in rows:
        case = cases.load(database, permit_id)
        if case is None:
            continue
        # Another process may have written it down already.
        with suppress(RuleViolation), database.transaction():
            over = lapse(case.permit, cases.day(now), at=cases.moment(now), note=LAPSED)
            if over == case.permit:
                _ran_out(database, key, case, now)
            else:
                cases.step(database, key, case, over, by="", at=now)
    return len(rows)


def sweep(database: Database, key: ServerKey, now: int) -> None:
    """Look for permits that have run out or whose holders left, once an hour in each process."""
    if 0 <= now - _swept.get(database, -_EVERY) < _EVERY:
        return
    database.hold_directory()
    permit_early.replay_missed(database, key, now)
    permit_early.drop_old(database, now)
    settled = permit_moves.settle_remembered(database, key, now)
    if expire(database, key, now) < _AT_ONCE and settled < permit_moves.AT_ONCE:
        _swept[database] = now


def _ran_out(database: Database, key: ServerKey, case: Case, now: int) -> Case:
    permit = run_out(case.permit, cases.day(now))
    if permit == case.permit:
        return case
    return cases.step(database, key, case, permit, by="", at=now)


def _held(said: Said, permit_id: str, revision: int) -> Case | None:
    """Find a permit as it stands now: one that has run out is written down so first.

    Where the server does not hold the state that was spoken of, it is kept for later.
    """
    checks.active(said.person)
    case = cases.load(said.database, checks.identity(permit_id))
    if case is None or revision > case.statement.revision:
        permit_early.keep(said, permit_id, revision)
        return None
    return _ran_out(said.database, said.key, case, said.at)


def _judge(said: Said, case: Case) -> tuple[str, tuple[str, ...]]:
    """Give the post by which a person may decide, and the stand-ins of the policy."""
    articles = case.statement.scope.articles
    if case.statement.requested_by == said.person.id:
        raise RuleViolation("permit.own-request", articles=articles)
    named = cases.stand_ins(said.database)
    post = cases.post_of(said.person, case, named)
    if not post:
        raise RuleViolation("permit.wrong-decider", articles=articles)
    return post, named


def _same(case: Case, revision: int) -> None:
    if revision != case.statement.revision:
        raise RuleViolation(cases.CHANGED)


def _step(said: Said, case: Case, permit: Permit, names: Names, report: bytes = b"") -> None:
    made = cases.step(
        said.database, said.key, case, permit, by=said.person.id, at=said.at, names=names,
        report=report,
    )  # fmt: skip
    permit_early.replay(said.database, said.key, permit.id, made.statement.revision, said.at)


def _labels(case: Case) -> tuple[str, ...]:
    """Give the labels that were told, if they are those of all documents."""
    told = case.kept.told
    return told.labels if len(told.labels) == len(told.documents) else ()
