"""From a request to a label that may be given: Arts. 3-2, 4-1, 5-2, 6, 7-1, 10-4."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from meti_desk.domain.classification import Availability, Confidentiality, Integrity
from meti_desk.domain.consulting import read_consultation
from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.domain.label import (
    AnyLabel,
    Decision,
    Label,
    Undecided,
    check_audience,
    effective,
    inherit,
    join,
)
from meti_desk.domain.marking import parse_mark
from meti_desk.domain.restriction import stricter
from meti_desk.services.context import Context, who
from meti_desk.services.facts import Facts, recorded
from meti_desk.services.marks import marks_of
from meti_desk.services.messages import ClassifyRequest, Person
from meti_desk.services.plain import is_plain
from meti_desk.services.sources import named
from meti_desk.services.suggest import source_label


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
    audience = frozenset(name.strip() for name in request.audience)
    odd = next((name for name in audience if not is_plain(name)), None)
    if odd is not None:
        name = ascii(odd)[1:-1]
        raise InvalidInput("label.audience-invalid", articles=("4-1",), name=name)
    label = Label(*levels, audience=audience or None)
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
    both = effective(join((replace(label, audience=None), replace(read, audience=None))))
    return replace(label, audience=audience, terms=both.terms, restrictions=both.restrictions)


def sources_label(ctx: Context, sources: Sequence[str]) -> AnyLabel | None:
    """Join what the named sources hand down (Art. 6-1); `None` when there are none."""
    if not sources:
        return None
    known = (named(ctx, source) for source in sources)
    labels = [
        one[1] if one is not None else source_label(ctx, Path(source))
        for one, source in zip(known, sources, strict=True)
    ]
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
    joined = effective(join((label, least)))
    check_audience(joined)
    return replace(joined, decision=label.decision)


def original_label(ctx: Context, facts: Facts) -> AnyLabel | None:
    """Give what a copy inherits from the document that it was copied from (Art. 6-2).

    `None` for a document that is no copy, and for a copy whose content was changed since: that is
    decided anew (Arts. 4-1, 7-3), with the other among its sources.
    """
    if facts.record is None or not facts.is_plain_copy:
        return None
    return inherit([recorded(ctx, facts.record)], widen=ctx.policy.widen_inheritance)


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


def check_change(ctx: Context, facts: Facts, label: Label, consulted: str = "") -> None:
    """Refuse to change a label that somebody else decided, but after a 相談 (Art. 7-1).

    `consulted` tells of it: who, when, answer. Raises `RuleViolation`: `label.decided-by-other`,
    and what `domain.consulting.read_consultation` raises.
    """
    if not is_others(ctx, facts, label):
        return
    if consulted:
        read_consultation(consulted, actor=ctx.actor())
        return
    decider = facts.record.decided_by if facts.record is not None else ""
    raise RuleViolation("label.decided-by-other", articles=("7-1",), decider=decider or "?")


def is_others(ctx: Context, facts: Facts, label: Label) -> bool:
    """Tell whether this label would change one that somebody else decided.

    Up or down, and also where the decider is not known. After the content was changed it is
    decided anew under Art. 4-1 (7-3).
    """
    held = facts.label
    if not isinstance(held, Label) or held == label or facts.seal == "content-changed":
        return False
    return not is_mine(ctx, facts)


def is_mine(ctx: Context, facts: Facts) -> bool:
    """Tell whether the person who works here decided the label; unknown deciders are others."""
    if ctx.store is None or facts.record is None or not facts.record.decided_by:
        return False
    return facts.record.decided_by == ctx.actor()


def decided(
    ctx: Context, label: Label, request: ClassifyRequest, ids: Sequence[str], person: Person
) -> Label:
    """Write into a label who decided it, when and why (Art. 4-1)."""
    return replace(
        label,
        decision=Decision(
            by=who(person),
            post=person.post,
            at=ctx.clock.now().isoformat(timespec="seconds"),
            basis=request.reason,
            sources=tuple(ids),
        ),
    )
