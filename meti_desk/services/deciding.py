"""From a request to a label that may be given: Arts. 3-2, 4-1, 5-2, 6, 7-1, 10-4."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from meti_desk.domain.classification import Availability, Confidentiality, Integrity
from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.domain.label import (
    AnyLabel,
    Decision,
    Label,
    Terms,
    Undecided,
    check_audience,
    inherit,
)
from meti_desk.domain.marking import parse_mark
from meti_desk.domain.restriction import stricter
from meti_desk.services.context import Context
from meti_desk.services.facts import Facts
from meti_desk.services.messages import ClassifyRequest
from meti_desk.services.suggest import marks_of, source_label


def requested(ctx: Context, request: ClassifyRequest) -> Label:
    """Read the label that a person chose, without its sources.

    Raises `InvalidInput`: `label.unknown-restriction`, `label.level`, `label.audience-invalid`.
    """
    try:
        levels = (
            Confidentiality(request.c), Integrity(request.i), Availability(request.a)
        )  # fmt: skip
    except ValueError:
        raise InvalidInput("label.level", articles=("4-1",)) from None
    label = Label(*levels, audience=frozenset(request.audience) or None)
    for name in request.restrictions:
        label = _with(ctx, label, name.strip())
    return label


def _with(ctx: Context, label: Label, name: str) -> Label:
    """Add one 取扱制限 as it is written: a word of the policy, ○○限り or a date."""
    known = ctx.policy.vocabulary.get(name)
    if known is not None:
        return replace(label, restrictions=stricter((*label.restrictions, known)))
    texts = ctx.policy.marks.texts
    read = parse_mark(f"{texts.confidentiality[0]} {name}", ctx.policy.vocabulary, texts)
    if read is None or read == Label(Confidentiality.C1):
        raise InvalidInput("label.unknown-restriction", articles=("4-1",), name=name)
    audience = label.audience
    if read.audience is not None:
        audience = read.audience | (audience or frozenset())
    terms = Terms(
        read.terms.embargo or label.terms.embargo,
        read.terms.use_until or label.terms.use_until,
        read.terms.keep_until or label.terms.keep_until,
        read.terms.restore_hours or label.terms.restore_hours,
    )
    restrictions = stricter((*label.restrictions, *read.restrictions))
    return replace(label, audience=audience, terms=terms, restrictions=restrictions)


def sources_label(ctx: Context, sources: Sequence[str]) -> AnyLabel | None:
    """Join what the named sources hand down (Art. 6-1); `None` when there are none."""
    if not sources:
        return None
    labels = [source_label(ctx, Path(source)) for source in sources]
    return inherit(labels, widen=ctx.policy.widen_inheritance)


def with_sources(label: Label, inherited: AnyLabel | None) -> Label:
    """Add what the sources demand; a 機密性 below theirs is refused, never raised in silence.

    Raises `RuleViolation`: `label.below-sources` (Art. 6-1), `label.audience-empty`.
    """
    least = inherited.at_least if isinstance(inherited, Undecided) else inherited
    if least is None:
        return label
    if label.confidentiality < least.confidentiality:
        raise RuleViolation(
            "label.below-sources",
            articles=("6-1", "7-1"),
            chosen=int(label.confidentiality),
            needed=int(least.confidentiality),
        )
    audience = least.audience
    if label.audience is not None:
        audience = label.audience if audience is None else audience & label.audience
    joined = replace(
        label,
        restrictions=stricter((*label.restrictions, *least.restrictions)),
        audience=audience,
        terms=replace(
            label.terms,
            embargo=max(filter(None, (label.terms.embargo, least.terms.embargo)), default=None),
            use_until=min(
                filter(None, (label.terms.use_until, least.terms.use_until)), default=None
            ),
        ),
    )
    check_audience(joined)
    return joined


def check_special(ctx: Context, facts: Facts) -> None:
    """Stop at a mark of 特定秘密 or 特別防衛秘密: no copy, no record, no name kept.

    Raises `RuleViolation("label.special-secret")`, whose sentence names whom to call.
    """
    for mark, place in marks_of(ctx, facts):
        if mark.stop:
            raise RuleViolation("label.special-secret", place=place)


def check_marks(ctx: Context, facts: Facts, label: Label) -> None:
    """Stop at marks that forbid to go on (Art. 5-2).

    Raises `RuleViolation`: `label.special-secret`; `label.c3-mark-on-lower` where a mark of C3
    stands on what is not C3.
    """
    check_special(ctx, facts)
    for mark, place in marks_of(ctx, facts):
        if mark.like_c3 and label.confidentiality < Confidentiality.C3:
            raise RuleViolation(
                "label.c3-mark-on-lower", articles=("5-2",), place=place, mark=mark.text
            )


def check_change(ctx: Context, facts: Facts, label: Label) -> None:
    """Refuse to change a label that somebody else decided (Art. 7-1).

    After the content was changed it is decided anew under Art. 4-1 (7-3), and a label without a
    known decider that only becomes stricter takes nothing from anybody.
    """
    held = facts.label
    if not isinstance(held, Label) or held == label or facts.seal == "content-changed":
        return
    if is_mine(ctx, facts):
        return
    decider = facts.record.decided_by if facts.record is not None else ""
    raise RuleViolation("label.decided-by-other", articles=("7-1",), decider=decider or "?")


def is_mine(ctx: Context, facts: Facts) -> bool:
    """Tell whether the person who works here decided the label; unknown deciders are others."""
    if ctx.store is None or facts.record is None or not facts.record.decided_by:
        return False
    return facts.record.decided_by == ctx.actor()


def decided(ctx: Context, label: Label, request: ClassifyRequest, ids: Sequence[str]) -> Label:
    """Write into a label who decided it, when and why (Art. 4-1)."""
    person = ctx.person()
    return replace(
        label,
        decision=Decision(
            by=ctx.actor(),
            post=person.post,
            at=ctx.clock.now().isoformat(timespec="seconds"),
            basis=request.reason,
            sources=tuple(ids),
        ),
    )
