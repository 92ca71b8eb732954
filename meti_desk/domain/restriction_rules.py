"""取扱制限 act on top of the table: forbid, ask for a permit, make a measure a duty (Art. 9).

Their measures are called `restriction:<name>`. A restriction that the policy does not know forbids
every act but keeping: what cannot be understood is never read as permission.
"""

from collections.abc import Iterator
from datetime import date

from meti_desk.domain.circumstances import (
    GIVING,
    Action,
    Facts,
    confirmed,
    duty,
    permitted,
    prohibited,
)
from meti_desk.domain.errors import RuleViolation
from meti_desk.domain.label import AnyLabel, effective
from meti_desk.domain.measures import RESTRICTION_ARTICLES, Measure
from meti_desk.domain.permit import Permit
from meti_desk.domain.policy import Operation, Policy, RestrictionEntry
from meti_desk.domain.policy_check import CONSIDERED
from meti_desk.domain.restriction import Restriction, Strength


def operations(facts: Facts) -> frozenset[Operation]:
    """Tell what an act really does, in the words that restrictions use."""
    done: dict[Operation, bool] = {
        "copy": facts.action is Action.COPY or (facts.electronic and facts.second_file),
        "distribute": facts.action is Action.DISTRIBUTE
        or (facts.action in GIVING and bool(facts.about.recipients)),
        "print": facts.action is Action.PRINT,
        "send": facts.sends,
        "forward": facts.sends and facts.about.received is not False,
        "carry": facts.action is Action.TAKE_OUT or bool(facts.about.carried),
        "provide": facts.provides,
        "publish": facts.action is Action.PUBLISH,
        "store": facts.action is Action.STORE,
        "erase": facts.action is Action.DISPOSE,
    }
    return frozenset(operation for operation, is_done in done.items() if is_done)


def demands(facts: Facts) -> Iterator[tuple[str, str]]:
    """Give the considered measures that are duties here, each with who demands it.

    Restrictions of the kind 必須 and the measures that a permit designates (Art. 13).
    """
    for article in ("13", "77-1"):
        permit = facts.permit(article)
        if isinstance(permit, Permit):
            yield from ((one, permit.id) for one in permit.designated if one in CONSIDERED)
    for restriction in sorted(effective(facts.given).restrictions):
        entry = facts.policy.entry(restriction)
        if entry and entry.strength == "required" and entry.makes_mandatory in CONSIDERED:
            yield entry.makes_mandatory, restriction.name


def restriction_measures(facts: Facts) -> Iterator[Measure]:
    """Give what the restrictions, the audience and the terms of the label ask of this act."""
    done = operations(facts)
    for restriction in sorted(effective(facts.given).restrictions):
        entry = facts.policy.entry(restriction)
        if entry is None:
            if facts.action is not Action.STORE:
                yield prohibited(_id(restriction.name), "restriction.unknown", RESTRICTION_ARTICLES)
        elif entry.strength == "required":
            yield from _required(facts, entry)
        elif done & set(entry.bites):
            yield _limited(facts, entry, done)
    yield from _audience(facts)
    yield from _terms(facts, done)


def check_reuse(label: AnyLabel, policy: Policy, operation: Operation = "reuse") -> None:
    """Refuse what a restriction forbids outside the acts of the table: 転記, 再利用, 書換.

    Raises `RuleViolation("restriction.forbids", name=…)`, or `restriction.needs-permit` where a
    permit could allow it.
    """
    for restriction in sorted(effective(label).restrictions):
        entry = policy.entry(restriction)
        if entry is not None and operation not in entry.bites:
            continue
        if entry is None or restriction.strength is Strength.FORBIDDEN:
            raise _refused("restriction.forbids", restriction)
        raise _refused("restriction.needs-permit", restriction)


def _refused(code: str, restriction: Restriction) -> RuleViolation:
    return RuleViolation(code, articles=RESTRICTION_ARTICLES, name=restriction.name)


def _id(name: str) -> str:
    return f"restriction:{name}"


def _limited(facts: Facts, entry: RestrictionEntry, done: frozenset[Operation]) -> Measure:
    if entry.strength == "needs-permit":
        return permitted(
            facts, _id(entry.name), restriction=entry.name, article="9",
            articles=RESTRICTION_ARTICLES,
        )  # fmt: skip
    return prohibited(
        _id(entry.name), "restriction.forbids", RESTRICTION_ARTICLES,
        let_through=_protected_file(facts, entry, done),
    )  # fmt: skip


def _protected_file(facts: Facts, entry: RestrictionEntry, done: frozenset[Operation]) -> str:
    """Let the one protected file of a permitted 移送 or 提供 pass where the permit says so.

    Only under 複製禁止, only where nothing else of it bites, and never for a plain copy.
    """
    if done & set(entry.bites) != {"copy"} or facts.action is Action.COPY:
        return ""
    permit = facts.permit("13")
    says_so = isinstance(permit, Permit) and permit.scope.includes_copies
    leaves = facts.moves_out or facts.provides
    return permit.id if isinstance(permit, Permit) and says_so and leaves else ""


def _required(facts: Facts, entry: RestrictionEntry) -> Iterator[Measure]:
    """必須: the demanded measure where it belongs to the act."""
    name, demand = _id(entry.name), entry.makes_mandatory
    storing = facts.action in (Action.STORE, Action.COPY, Action.TAKE_OUT)
    if demand in CONSIDERED:
        answer = facts.about.decisions.get(demand)
        refused = answer is not None and not answer.yes
        leaves = facts.moves_out or facts.provides or facts.sends
        if demand == "store-backup":
            leaves = facts.action is Action.STORE
        if leaves and facts.electronic:
            yield duty(
                name, done=not refused, why="restriction.requires", by=demand, automatic=True,
                articles=RESTRICTION_ARTICLES,
            )  # fmt: skip
    elif demand == "store-encryption" and storing and facts.electronic:
        if facts.about.encrypted_at_rest:
            yield duty(name, done=True, why="stored.encrypted", articles=RESTRICTION_ARTICLES)
        else:
            yield confirmed(facts, name, "stored.plain", RESTRICTION_ARTICLES)
    elif demand == "designated-place" and storing:
        yield confirmed(facts, name, "place.designated", RESTRICTION_ARTICLES)
    elif demand == "restore-in-time" and storing:
        yield confirmed(facts, name, "restore.in-time", RESTRICTION_ARTICLES)
    elif demand == "erase-at-end" and facts.action is Action.STORE:
        yield duty(
            name, done=False, why="erase.at-end", by="reminder", later=True,
            articles=RESTRICTION_ARTICLES,
        )  # fmt: skip


def _audience(facts: Facts) -> Iterator[Measure]:
    """○○限り: nobody else, and never the public."""
    audience = effective(facts.given).audience
    if audience is None:
        return
    measure = _id("audience")
    if facts.action is Action.PUBLISH or not audience:
        yield prohibited(measure, "audience.not-public", RESTRICTION_ARTICLES)
    elif facts.action in GIVING:
        within = bool(facts.about.recipients) and set(facts.about.recipients) <= audience
        if within:
            yield duty(measure, done=True, why="audience.named", articles=RESTRICTION_ARTICLES)
        else:
            yield confirmed(facts, measure, "audience.confirm", RESTRICTION_ARTICLES)


def _terms(facts: Facts, done: frozenset[Operation]) -> Iterator[Measure]:
    """Hold to ○月○日まで公表禁止 and the end of use; an unknown day counts as the wrong one."""
    terms, today = effective(facts.given).terms, facts.about.today
    bites = bool(done & set(facts.policy.marks.embargo_bites))
    if terms.embargo and bites and _before(today, terms.embargo):
        yield prohibited(_id("embargo"), "embargo.until", RESTRICTION_ARTICLES)
    keeps = facts.action in (Action.STORE, Action.DISPOSE)
    if terms.use_until and not keeps and (today is None or today > terms.use_until):
        yield prohibited(_id("use-until"), "use.ended", RESTRICTION_ARTICLES)
    if terms.restore_hours is not None and facts.action is Action.STORE:
        yield confirmed(facts, _id("restore"), "restore.in-time", RESTRICTION_ARTICLES)


def _before(today: date | None, day: date) -> bool:
    return today is None or today < day
