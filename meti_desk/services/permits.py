"""申請・許可・報告: ask, decide, revoke, report - statements in the log, sent at the next sync.

Offline a request stays 申請中 and is never a permission. What the server would refuse anyway is
refused here already, by the same rules; what it refuses all the same is told at the permit.
"""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import NamedTuple

import msgspec

from meti_desk.domain import events_permit
from meti_desk.domain import permit_steps as steps
from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.domain.permit import Permit, PermitState
from meti_desk.services import (
    enrolment,
    permit_held,
    permit_noted,
    permit_standing,
    permit_uses,
    server_time,
)
from meti_desk.services.context import Context
from meti_desk.services.permit_asking import check_decider, wanted
from meti_desk.services.permit_held import Known, Own
from meti_desk.services.permit_messages import (
    AskRequest,
    DecideRequest,
    PermitRow,
    PermitsView,
    StandingRow,
)
from meti_desk.services.permit_rows import deciding_post, posts, row, titles_of
from meti_desk.services.permit_rows import words as words_said
from meti_desk.services.permit_words import REPORT, SALT, ReportWords, digest_of, sealed
from meti_desk.services.saying import say
from meti_desk.sync.permit_scope import wire_of
from meti_desk.sync.permits import (
    PermitAsked,
    PermitDecided,
    PermitNamed,
    PermitReported,
    PermitWords,
)


class Permits:
    """Permits of the person who works here, and those that wait for their decision.

    Everything but `view` and `record` needs an enrolled device (`sync.not-enrolled`), and what is
    sealed for others a first sync (`sync.not-told`, `sealed.no-readers`).
    """

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def view(self) -> PermitsView:
        """Give everything that the pages show."""
        known, held = enrolment.state(self._ctx), posts(self._ctx)
        rows = [row(self._ctx, one, held) for one in permit_held.everything(self._ctx)]
        rows += [row(self._ctx, one, held) for one in permit_held.past(self._ctx)]
        others = [one for one in rows if not one.mine]
        waiting = PermitState.REQUESTED.value
        return PermitsView(
            enrolled=bool(known.url),
            decides=bool(held),
            posts=held,
            mine=tuple(one for one in rows if one.mine),
            to_decide=tuple(one for one in others if one.state == waiting),
            decided=tuple(one for one in others if one.state != waiting),
            noted=permit_noted.rows(self._ctx),
            standing=permit_standing.rows(self._ctx),
        )

    def show(self, permit_id: str) -> PermitRow:
        """Give one permit (`permit.unknown`)."""
        return self._row(permit_held.shown(self._ctx, permit_id))

    def ask(self, request: AskRequest) -> PermitRow:
        """Ask (申請); it waits in the log until the next sync.

        Raises besides the errors of `permit_asking.wanted` and `permit_asking.check_decider`:
        `sync.not-enrolled`, `sync.not-told`, `sealed.no-readers`, `sync.said-too-long`.
        """
        ctx = self._ctx
        told = enrolment.unit(ctx)
        want = wanted(ctx, request)
        check_decider(ctx, told, want.scope.articles)
        permit_id = ctx.ids.document_id()
        reason, measures = request.reason.strip(), tuple(filter(None, request.measures))
        salt = ctx.ids.token(SALT)
        words = PermitWords(titles=want.titles, reason=reason, measures=measures, salt=salt)
        plain = msgspec.msgpack.encode(words)
        asked = PermitAsked(
            id=permit_id,
            scope=wire_of(want.scope),
            documents=want.documents,
            labels=want.labels,
            words=sealed(ctx, told, permit_id, plain, want.scope.articles),
            digest=digest_of(permit_id, plain),
        )
        body = events_permit.asked_body(
            permit_id, want.scope, titles=want.titles, reason=reason, measures=measures
        )
        own = Own(asked=asked, words=words, plain=plain)
        return self._said(events_permit.PERMIT_ASKED, permit_id, body, asked, own, 0)

    def withdraw(self, permit_id: str) -> PermitRow:
        """Take a request back (取下げ), before it is decided.

        Raises `RuleViolation`: `permit.unknown`, `permit.not-yours`, `permit.wrong-state`.
        """
        one = self._mine(permit_id)
        waits = one.statement is None or one.statement.state == PermitState.REQUESTED.value
        if not waits or (one.statement is None and one.refusal):
            raise _wrong_state(one)
        body = events_permit.named_body(permit_id, titles=titles_of(self._ctx, one))
        # The server's first state of it is 1: a request that was never sent is withdrawn as that.
        revision = max(one.revision, 1)
        named = PermitNamed(id=permit_id, revision=revision)
        kind = events_permit.PERMIT_WITHDRAWN
        return self._said(kind, permit_id, body, named, one.own, revision)

    def decide(self, request: DecideRequest) -> tuple[PermitRow, ...]:
        """Grant, grant with measures, or refuse (許可・条件付許可・却下), all of them or none.

        Raises what `domain.permit_steps.decide` raises, and `RuleViolation`: `permit.unknown`,
        `permit.unverified`, `permit.pending`; `permit.words-unverified` where titles and reason
        are not those that it was asked with: nobody decides on words that may be exchanged.
        """
        ids = tuple(dict.fromkeys(request.ids))
        if not ids:
            raise InvalidInput("permit.incomplete", what="permit")
        decision = _decision(request)
        found = [self._of_others(one) for one in ids]
        for one in found:
            steps.decide(
                one.permit, decision, by=one.person, post=one.post, at=one.at, today=one.today,
                stand_ins=self._ctx.policy.permits.stand_ins, labels=one.labels,
            )  # fmt: skip
            if not words_said(self._ctx, one.known).sound:
                raise RuleViolation("permit.words-unverified", articles=("13",), id=one.known.id)
        with self._ctx.open_store().transaction():
            return tuple(self._decide(decision, one.known) for one in found)

    def _decide(self, decision: steps.Decision, one: Known) -> PermitRow:
        wire = PermitDecided(
            id=one.id,
            revision=one.revision,
            granted=decision.granted,
            designated=decision.designated,
            note=decision.note,
            report_waived=decision.report_waived,
            until=decision.until.isoformat() if decision.until else "",
        )
        body = events_permit.decided_body(
            one.id, titles=titles_of(self._ctx, one), granted=decision.granted,
            designated=decision.designated, note=decision.note,
        )  # fmt: skip
        kind = events_permit.PERMIT_DECIDED
        return self._said(kind, one.id, body, wire, one.own, one.revision)

    def revoke(self, permit_id: str, note: str) -> PermitRow:
        """Take a permit back that was given (取消し), and say why; raises as `decide`."""
        one = self._of_others(permit_id)
        steps.revoke(
            one.permit, by=one.person, post=one.post, at=one.at, note=note, today=one.today,
            stand_ins=self._ctx.policy.permits.stand_ins,
        )  # fmt: skip
        known, why = one.known, note.strip()
        body = events_permit.named_body(permit_id, titles=titles_of(self._ctx, known), note=why)
        named = PermitNamed(id=permit_id, revision=known.revision, note=why)
        kind = events_permit.PERMIT_REVOKED
        return self._said(kind, permit_id, body, named, known.own, known.revision)

    def report(self, permit_id: str, text: str) -> PermitRow:
        """Report the end (終了報告, Arts. 77-3, 77-7), also before the period is over.

        Who asked reports, and what was done under the permit goes along (77-2); where no report
        comes, who may decide finds out and says so. Raises
        `RuleViolation`: `permit.unknown`, `permit.not-yours`, `permit.wrong-state`,
        `permit.pending`, `permit.unverified`; `InvalidInput("permit.incomplete")` without a text.
        """
        ctx, words = self._ctx, text.strip()
        one = self._told_of(permit_id)
        steps.report_end(
            one.permit, by=one.person, at=one.at, post=one.post,
            stand_ins=ctx.policy.permits.stand_ins,
        )  # fmt: skip
        if not words:
            raise InvalidInput("permit.incomplete", what="report")
        known = one.known
        who, mine = enrolment.unit(ctx), known.mine(enrolment.enrolled(ctx))
        plain = msgspec.msgpack.encode(ReportWords(text=words, uses=permit_uses.of(ctx, permit_id)))
        articles = one.permit.scope.articles
        closed = sealed(ctx, who, permit_id, plain, articles, REPORT, to_others=mine)
        body = events_permit.reported_body(permit_id, titles=titles_of(ctx, known), report=words)
        own = msgspec.structs.replace(known.own, report=words)
        wire = PermitReported(id=permit_id, revision=known.revision, words=closed)
        kind = events_permit.PERMIT_REPORTED
        return self._said(kind, permit_id, body, wire, own, known.revision)

    def judge_noted(self, noted_id: str, *, right: bool, note: str) -> None:
        """Confirm a noted permission, or say that it was not so."""
        permit_noted.judge(self._ctx, noted_id, right=right, note=note)

    def stand(self, row: StandingRow) -> StandingRow:
        """Decide in advance about a `consider` measure."""
        return permit_standing.stand(self._ctx, row)

    def end_standing(self, standing_id: str) -> None:
        """Take such a decision back."""
        permit_standing.end(self._ctx, standing_id)

    def record(self, path: Path) -> Path:
        """Write the records of permits as docx or CSV, by the suffix (Arts. 77-2, 77-6)."""
        from meti_desk.services.permit_records import write

        return write(self._ctx, path, self._recorded())

    def _recorded(self) -> Iterable[PermitRow]:
        held = posts(self._ctx)
        past = permit_held.past(self._ctx, for_record=True)
        return [row(self._ctx, one, held) for one in (*permit_held.everything(self._ctx), *past)]

    def _row(self, one: Known) -> PermitRow:
        return row(self._ctx, one, posts(self._ctx))

    def _said(
        self, kind: str, permit_id: str, body: dict[str, object], wire: msgspec.Struct, own: Own,
        revision: int,
    ) -> PermitRow:  # fmt: skip
        """Say it and keep that it waits for an answer, both or nothing."""
        ctx = self._ctx
        with ctx.open_store().transaction():
            event = say(ctx, kind, body, msgspec.msgpack.encode(wire))
            kept = msgspec.structs.replace(
                own, waiting=kind, seq=event.seq, revision=revision, refusal=""
            )
            permit_held.keep_own(ctx, permit_id, kept)
        return self.show(permit_id)

    def _mine(self, permit_id: str) -> Known:
        known = enrolment.enrolled(self._ctx)
        one = permit_held.read(self._ctx, permit_id)
        if not one.mine(known):
            raise RuleViolation("permit.not-yours", id=permit_id)
        return one

    def _told_of(self, permit_id: str) -> "_Seen":
        """Give a permit that the server signed and nothing waits for, with who looks at it."""
        ctx = self._ctx
        person = enrolment.enrolled(ctx).person
        one = permit_held.read(ctx, permit_id)
        if one.pending:
            raise RuleViolation("permit.pending", articles=("13",), id=permit_id)
        if one.statement is None and not one.came:
            raise _wrong_state(one)
        permit = permit_held.permit_of(one)
        if one.statement is None or one.told is None or not one.sound or permit is None:
            raise RuleViolation("permit.unverified", articles=("13",), id=permit_id)
        post = deciding_post(ctx, one.statement.scope.articles, posts(ctx))
        at = ctx.clock.now().isoformat(timespec="seconds")
        today, labels = server_time.today(ctx), one.told.labels
        return _Seen(one, permit, person, post, at, today, labels)

    def _of_others(self, permit_id: str) -> "_Seen":
        """Give a permit of somebody else; one's own is never decided (`permit.own-request`)."""
        one = permit_held.read(self._ctx, permit_id)
        if one.mine(enrolment.enrolled(self._ctx)):
            articles = one.scope.articles if one.scope else ("13",)
            raise RuleViolation("permit.own-request", articles=articles)
        return self._told_of(permit_id)


class _Seen(NamedTuple):
    """A permit as a person sees it who is about to take a step."""

    known: Known
    permit: Permit
    person: str
    post: str
    at: str
    today: date
    labels: tuple[str, ...]


def _decision(request: DecideRequest) -> steps.Decision:
    try:
        until = date.fromisoformat(request.until) if request.until else None
    except ValueError:
        raise InvalidInput("permit.period") from None
    granted = request.granted
    return steps.Decision(
        granted=granted,
        designated=tuple(filter(None, map(str.strip, request.designated))) if granted else (),
        note=request.note.strip(),
        report_waived=request.report_waived and granted,
        until=until if granted else None,
    )


def _wrong_state(one: Known) -> RuleViolation:
    state = one.statement.state if one.statement else PermitState.REQUESTED.value
    if one.statement is None and one.refusal:
        state = PermitState.REFUSED.value
    return RuleViolation(steps.WRONG_STATE, id=one.id, state=state)
