"""What an act needs a permit for, and the scope that is asked for (申請; Arts. 9, 10-4, 13, 77-1).

The articles come from the same measures as those of `plan`: nobody asks for more than the act
needs, or for less. What is asked for is the content - its normalized digest -, so that marking and
scrubbing change nothing and another word changes everything.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import msgspec

from meti_desk.domain.circumstances import Action, Circumstances
from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.domain.handling import measures_for
from meti_desk.domain.label import AnyLabel, Label, Undecided
from meti_desk.domain.measures import PERMISSIONS, Measure, MeasureStrength, refusal
from meti_desk.domain.permit import (
    DECIDERS,
    WITHOUT_DOCUMENTS,
    Permit,
    PermitScope,
    PermitState,
)
from meti_desk.domain.permit_steps import check_scope
from meti_desk.services import server_time
from meti_desk.services.context import Context
from meti_desk.services.deciding import check_special
from meti_desk.services.facts import opened
from meti_desk.services.messages import PlanRequest
from meti_desk.services.permit_messages import AskRequest
from meti_desk.services.permit_rows import deciding_post
from meti_desk.services.plan import Intent, circumstances, intent, label_of
from meti_desk.services.suggest import QUICK
from meti_desk.sync.mail import UnitTold

OTHER_ACTIONS = ("use", "connect")
"""What is done with systems and devices, where no document is asked for (Arts. 38, 73, 82)."""
_NEEDS = "restriction.needs-permit"


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for: the scope, and of each document its id, title and label code."""

    scope: PermitScope
    documents: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Document:
    id: str
    title: str
    label: str
    digest: str
    articles: frozenset[str]
    restrictions: frozenset[str]
    exempt: str


def wanted(ctx: Context, asked: AskRequest) -> Wanted:
    """Read a request and look at its documents.

    Raises `InvalidInput`: `permit.incomplete` (`what`), `permit.action`; `RuleViolation`:
    `permit.exempt` where the ministry ruled that no permission is needed (`reference`),
    `permit.not-needed`; and what keeps the act from being permitted at all.
    """
    since, until = _period(ctx, asked)
    _check(asked)
    what = intent(ctx, _plan(asked))
    found = [_document(ctx, asked, what, Path(one)) for one in asked.paths]
    articles = frozenset(asked.articles)
    restrictions = frozenset(asked.restrictions)
    if not articles:
        for one in found:
            articles |= one.articles
            restrictions |= one.restrictions
        if asked.blanket:
            articles |= _floor(ctx, asked)
        if not articles:
            _refuse(found)
    scope = PermitScope(
        articles=articles,
        digests=frozenset(one.digest for one in found),
        blanket=asked.blanket.strip(),
        actions=frozenset({asked.action}),
        recipients=frozenset(one.strip() for one in asked.recipients if one.strip()),
        since=since,
        until=until,
        restrictions=restrictions,
        includes_copies=asked.includes_copies,
    )
    check_scope(scope, ctx.actor())
    return Wanted(
        scope=scope,
        documents=tuple(one.id for one in found),
        titles=tuple(one.title for one in found),
        labels=tuple(one.label for one in found),
    )


def check_decider(ctx: Context, told: UnitTold, articles: Collection[str]) -> None:
    """Make sure that who decides these articles does not ask where nobody else could decide.

    Nobody decides their own. Raises `RuleViolation`: `permit.sole-decider` where the policy names
    no stand-in (代理), `permit.stand-in-missing` (`posts`) where it does, but none of them has a
    device here.
    """
    named = tuple(articles)
    if not deciding_post(ctx, named, told.posts):
        return
    others = (one for one in told.readers if one.person != told.person)
    if any(deciding_post(ctx, named, one.posts) for one in others):
        return
    stand_ins = ctx.policy.permits.stand_ins
    if stand_ins:
        posts = "・".join(stand_ins)
        raise RuleViolation("permit.stand-in-missing", articles=named, posts=posts)
    raise RuleViolation("permit.sole-decider", articles=named)


def _refuse(found: Iterable[_Document]) -> None:
    exempt = "; ".join(dict.fromkeys(one.exempt for one in found if one.exempt))
    if exempt:
        raise RuleViolation("permit.exempt", articles=("13",), reference=exempt)
    raise RuleViolation("permit.not-needed", articles=("13",))


def _period(ctx: Context, asked: AskRequest) -> tuple[date, date]:
    today = server_time.today(ctx)
    try:
        since = date.fromisoformat(asked.since) if asked.since else today
        days = timedelta(days=max(ctx.policy.permits.days, 1) - 1)
        until = date.fromisoformat(asked.until) if asked.until else since + days
    except (ValueError, OverflowError):
        raise InvalidInput("permit.incomplete", what="period") from None
    if until < max(since, today):
        raise InvalidInput("permit.incomplete", what="period")
    return since, until


def _check(asked: AskRequest) -> None:
    """Refuse what is missing before any document is opened."""
    unbound = bool(asked.articles) and WITHOUT_DOCUMENTS.issuperset(asked.articles)
    words = [*Action, *(OTHER_ACTIONS if unbound and not asked.paths else ())]
    if asked.action not in words:
        raise InvalidInput("permit.action", action=asked.action)
    missing = {
        "articles": any(one not in DECIDERS for one in asked.articles),
        "documents": not asked.paths and not asked.blanket.strip() and not unbound,
        "reason": not asked.reason.strip(),
    }
    for what, is_missing in missing.items():
        if is_missing:
            raise InvalidInput("permit.incomplete", what=what)


def _plan(asked: AskRequest) -> PlanRequest:
    return PlanRequest(
        action=asked.action,  # type: ignore[arg-type] # one of the words, as was checked
        paths=asked.paths,
        to=asked.recipients,
        area=asked.area,
    )


def _document(ctx: Context, asked: AskRequest, what: Intent, path: Path) -> _Document:
    """Look at one document as it is about to be handled, without any permit."""
    with opened(ctx, path, QUICK) as facts:
        check_special(ctx, facts)
        label = label_of(ctx, facts, what)
        if not isinstance(label, Label):
            raise RuleViolation("label.undecided", articles=("4-1",))
        if not facts.inspection.digest:
            raise RuleViolation("permit.no-digest", articles=("13",), name=path.name)
        about = replace(circumstances(ctx, facts, what), permits=())
        found = measures_for(what.action, label, about, ctx.policy)
        _check_possible(ctx, asked, what.action, label, about)
        levels = (label.confidentiality, label.integrity, label.availability)
        exempt = [one.reason for one in found if one.id in PERMISSIONS and one.why == "exempt"]
        return _Document(
            id=facts.document_id or facts.copied_from or facts.inspection.digest,
            title=facts.title,
            label="C{}I{}A{}".format(*map(int, levels)),
            digest=facts.inspection.digest,
            articles=_articles(found),
            restrictions=_restrictions(found),
            exempt="; ".join(dict.fromkeys(exempt)),
        )


def _articles(found: Iterable[Measure]) -> frozenset[str]:
    """Name the articles under which a permission is missing; 9 for restrictions."""
    missing = [one for one in found if not one.met]
    named = {PERMISSIONS[one.id] for one in missing if one.id in PERMISSIONS}
    return frozenset(named | {"9" for one in missing if one.why == _NEEDS})


def _restrictions(found: Iterable[Measure]) -> frozenset[str]:
    names = (one.id.partition(":")[2] for one in found if one.why == _NEEDS and not one.met)
    return frozenset(names)


def _check_possible(
    ctx: Context, asked: AskRequest, action: Action, label: Label, about: Circumstances
) -> None:
    """Refuse what no permit could allow: 公表 of C2, what a restriction forbids."""
    given = _hypothetical(ctx, asked, action, label, about)
    left = measures_for(action, label, replace(about, permits=(given,)), ctx.policy)
    refused = refusal([one for one in left if one.strength is MeasureStrength.PROHIBITED])
    if refused is not None:
        raise refused


def _hypothetical(
    ctx: Context, asked: AskRequest, action: Action, label: Label, about: Circumstances
) -> Permit:
    found = measures_for(action, label, about, ctx.policy)
    today = about.today or server_time.today(ctx)
    scope = PermitScope(
        articles=_articles(found) | {"13"},
        digests=frozenset({about.digest}),
        actions=frozenset({action.value}),
        recipients=frozenset(about.recipients),
        since=today,
        until=today,
        restrictions=_restrictions(found),
        includes_copies=asked.includes_copies,
    )
    return Permit(id="-", scope=scope, requested_by="", requested_at="", state=PermitState.GRANTED)


def _floor(ctx: Context, asked: AskRequest) -> frozenset[str]:
    """Name what a kind of document may need at the least: it is handled as 要保護 (包括許可)."""
    about = Circumstances(
        recipients=asked.recipients, area=asked.area, today=server_time.today(ctx)
    )
    label: AnyLabel = Undecided()
    return _articles(measures_for(Action(asked.action), label, about, ctx.policy))
