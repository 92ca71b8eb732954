"""What speaks for a label, each with where it comes from (Arts. 4-1, 5, 6).

One list gives both the proposal and its evidence, so that no part of a proposal is without a
reason. A further kind of evidence is one function that gives `Said`, added to `SPEAKERS`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from unicodedata import normalize

from meti_desk.domain import foreign
from meti_desk.domain.clues import spoken_for
from meti_desk.domain.label import AnyLabel, Label, Undecided, inherit, join
from meti_desk.domain.marking import Mark
from meti_desk.domain.patterns import lazily
from meti_desk.services.context import Context
from meti_desk.services.facts import Facts, recorded
from meti_desk.services.marks import marks_of
from meti_desk.services.members import voices_of
from meti_desk.services.messages import UNKNOWN_LEVEL, Evidence
from meti_desk.services.sources import Found

_INTEGRITY = lazily(r"完全性|(?i:I)\s*[12]")
_AVAILABILITY = lazily(r"可用性|(?i:A)\s*[12]")

Kind = Literal["source", "mark", "foreign-label", "detector", "policy", "record"]
Weight = Literal["decides", "joins", "hints", "tells"]
"""How much it counts in the proposal.

`decides`: somebody decided this label, or the document is made from what has it. `joins`: raises
what was decided; alone it gives the floor of an undecided proposal. `hints`: the same, but what is
more than the decided label makes the proposal undecided again: a detector decides nothing. `tells`:
is shown and does not count.
"""

_ALL = frozenset({"c", "i", "a"})


@dataclass(frozen=True, slots=True)
class Said:
    """One voice: the label it speaks for, what kind it is, who says it (`ref`) and where.

    `parts` are the parts of the 格付 that it speaks of; restrictions and audience always count.
    """

    label: AnyLabel
    kind: Kind
    ref: str
    place: str = ""
    weight: Weight = "decides"
    parts: frozenset[str] = _ALL
    shown: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Origin:
    """A source that the person named (Art. 6-1)."""

    path: Path
    label: AnyLabel


Speaker = Callable[[Context, Facts, Sequence[Origin]], Iterator[Said]]


def voices(ctx: Context, facts: Facts, origins: Sequence[Origin]) -> tuple[Said, ...]:
    """Hear all that speaks for a label of this document, in the order in which it is shown."""
    return tuple(said for speaker in SPEAKERS for said in speaker(ctx, facts, origins))


def proposal(said: Sequence[Said]) -> AnyLabel:
    """Join what speaks for a label; only a label or decided sources make it decided."""
    decided = [one.label for one in said if one.weight == "decides"]
    joined = [one.label for one in said if one.weight == "joins"]
    hinted = [one.label for one in said if one.weight == "hints"]
    base = join((*decided, *joined)) if decided else _floor(joined)
    if not hinted:
        return base
    whole = _floor([base, *hinted])
    if isinstance(base, Label) and whole.at_least == join((base,)):
        return base
    return whole


def _floor(labels: Sequence[AnyLabel]) -> Undecided:
    joined = join(labels)
    return Undecided(joined) if isinstance(joined, Label) else joined


def evidence(said: Sequence[Said]) -> tuple[Evidence, ...]:
    """Show each voice part by part."""
    return tuple(shown for one in said for shown in _parts(one))


def of_found(ctx: Context, facts: Facts, rows: Sequence[Found]) -> Iterator[Said]:
    """Hear the sources that were found: a whole copy has its source's label at once (Art. 6-2).

    Of a passage the person decides whether it was taken from there: it gives a floor.
    """
    for row in rows:
        weight: Weight = "decides" if row.match.kind == "copy" else "joins"
        longest = row.match.passages[0]
        yield Said(
            inherit([row.label], widen=ctx.policy.widen_inheritance), "source",
            row.document.title, longest.place, "tells" if _is_settled(facts) else weight,
            frozenset({"c"}), longest.text,
        )  # fmt: skip


def _parts(said: Said) -> Iterator[Evidence]:
    held = said.label if isinstance(said.label, Label) else said.label.at_least

    def shown(part: Literal["c", "i", "a", "restriction", "audience"], value: str) -> Evidence:
        return Evidence(part, value, said.kind, said.ref, said.place, said.shown, said.count)

    if held is None:
        # Somebody gave it a label whose meaning nobody knows here, or it has a source without one.
        if said.kind == "foreign-label" or said.shown:
            yield shown("c", UNKNOWN_LEVEL)
        return
    if "c" in said.parts:
        yield shown("c", str(int(held.confidentiality)))
    if "i" in said.parts:
        yield shown("i", str(int(held.integrity)))
    if "a" in said.parts:
        yield shown("a", str(int(held.availability)))
    for restriction in sorted(held.restrictions):
        yield shown("restriction", restriction.name)
    for name in sorted(held.audience or ()):
        yield shown("audience", name)


def _itself(_ctx: Context, facts: Facts, _origins: Sequence[Origin]) -> Iterator[Said]:
    """Hear the label in the file, or in the record of the same content."""
    if facts.label is not None:
        kind: Kind = "record" if facts.from_record else "mark"
        yield Said(facts.label, kind, facts.path.name, "property")


def _named(ctx: Context, _facts: Facts, origins: Sequence[Origin]) -> Iterator[Said]:
    """Hear the sources that the person named: 機密性 and what serves it (Art. 6-1)."""
    for origin in origins:
        handed = inherit([origin.label], widen=ctx.policy.widen_inheritance)
        yield Said(handed, "source", origin.path.name, parts=frozenset({"c"}))


def _marks(ctx: Context, facts: Facts, _origins: Sequence[Origin]) -> Iterator[Said]:
    """Hear the marks that somebody typed: what says more than the label is not left out."""
    for mark, place in marks_of(ctx, facts):
        if mark.label is not None:
            yield Said(mark.label, "mark", mark.text, place, "joins", _spoken_of(mark))


def _spoken_of(mark: Mark) -> frozenset[str]:
    """Tell the parts a mark speaks of: 機密性2情報 is no evidence of 完全性1."""
    text = normalize("NFKC", mark.text)
    words = {"i": _INTEGRITY, "a": _AVAILABILITY}
    return frozenset({"c", *(part for part, word in words.items() if word.search(text))})


def _recorded(ctx: Context, facts: Facts, _origins: Sequence[Origin]) -> Iterator[Said]:
    """Hear the sources that the record names; the label that was decided knows them already."""
    if facts.record is None or ctx.store is None:
        return
    for source in facts.record.sources:
        known = ctx.store.documents.get(source)
        if known is not None:
            label = recorded(ctx, known)
            yield Said(label, "source", known.title, weight="tells", parts=frozenset({"c"}))


def _foreign(ctx: Context, facts: Facts, _origins: Sequence[Origin]) -> Iterator[Said]:
    """Hear the labels of other products, as policy maps them; an unknown one decides nothing."""
    settled = _is_settled(facts)
    for one in facts.inspection.foreign:
        rule = foreign.rule_for(ctx.policy.foreign_labels, one.scheme, one.id, one.owner)
        # An unknown one is somebody's decision all the same: undecided, and never C1 (Art. 4).
        own = foreign.own_tscp(one.owner, one.details, ctx.policy.ministry)
        ours = own if one.scheme == "tscp" else None
        label = rule.label(ctx.policy.vocabulary) if rule is not None else ours or Undecided()
        chosen: Weight = "joins" if foreign.is_automatic(one.details) else "decides"
        weight = "tells" if settled else chosen
        yield Said(label, "foreign-label", one.name or one.id, one.place, weight)


def _is_settled(facts: Facts) -> bool:
    """Tell whether a person decided the label, and the content was not changed since (7-3)."""
    return isinstance(facts.label, Label) and facts.seal != "content-changed"


def _clues(ctx: Context, facts: Facts, _origins: Sequence[Origin]) -> Iterator[Said]:
    """Hear what the detectors found, a voice for each kind: evidence, and never a decision."""
    weight: Weight = "tells" if _is_settled(facts) else "hints"
    kinds = dict.fromkeys(one.detector for one in facts.inspection.clues)
    for kind in kinds:
        found = [one for one in facts.inspection.clues if one.detector == kind]
        times = sum(one.count for one in found)
        label = spoken_for(kind, times, ctx.policy.clues, ctx.policy.clue_words)
        if label is not None:
            yield Said(
                label, "detector", kind, found[0].place, weight, frozenset({"c"}),
                found[0].value, times,
            )  # fmt: skip


def _members(ctx: Context, facts: Facts, _origins: Sequence[Origin]) -> Iterator[Said]:
    """Hear the files in an archive or a mail: its label is their join (Art. 6, rule 8).

    Where its own label is decided, files without one tell nothing against it.
    """
    settled = isinstance(facts.label, Label)
    for one in voices_of(ctx, facts.inspection.members):
        label: AnyLabel | None = one.label
        if settled and isinstance(label, Undecided):
            label = label.at_least
        if label is None:
            continue
        weight: Weight = "joins" if settled else "decides"
        ref = one.place.rpartition("/")[2] or one.place
        # What has no label is shown too: it is why nothing is decided.
        shown = "" if isinstance(label, Label) else one.place
        yield Said(label, "source", ref, one.place, weight, shown=shown, count=one.times)


SPEAKERS: tuple[Speaker, ...] = (_itself, _named, _members, _marks, _foreign, _recorded, _clues)
"""All who are heard, in the order in which their evidence is shown."""
