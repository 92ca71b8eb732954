"""Finds what a policy may not say: the limits that the standard sets to the ministry's rulings."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from meti_desk.domain.classification import Confidentiality
from meti_desk.domain.clues import DETECTORS, ClueRule, ClueWords
from meti_desk.domain.mark_text import PLAIN
from meti_desk.domain.patterns import lazily
from meti_desk.domain.policy import Exemption, Policy, RestrictionEntry

Step = str | int
Problem = tuple[tuple[Step, ...], str]
"""Where it stands and the code of what is wrong."""

CONSIDERED = frozenset({"password", "encryption", "signature", "backup", "split", "store-backup"})
"""What is decided case by case: 検討し、必要があると認めるときは (Arts. 11-6, 14-1 to 14-5)."""

REQUIRABLE = CONSIDERED | {
    "store-encryption",
    "designated-place",
    "restore-in-time",
    "erase-at-end",
}
"""The measures that a restriction of the kind 必須 can demand."""


@dataclass(frozen=True, slots=True)
class _Limit:
    """What an article allows to be relaxed."""

    levels: frozenset[int]
    scoped: bool = False


MOST_DOCUMENTS = 256
"""What one process reaches in the worst case stays a part of a batch."""

_C = frozenset(level.value for level in Confidentiality)
EXEMPTION_LIMITS = {
    "13": _Limit(frozenset({2}), scoped=True),
    "19-4": _Limit(frozenset()),
    "77-1": _Limit(frozenset({2})),
    "77-3": _Limit(_C),
    "77-5": _Limit(frozenset({1, 2})),
    "77-7": _Limit(frozenset({2})),
    "82-1": _Limit(_C),
}
"""Which levels of 機密性 each article lets the ministry exempt; 19-4 speaks of no information."""

_TOO_WIDE = frozenset(
    f"{kind}.jp" for kind in ("go", "co", "or", "ac", "ed", "lg", "ne", "gr", "ad")
)
_DOMAIN = lazily(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
_WORD = lazily(f"[{PLAIN}]+")
_ID = lazily(r"[a-z0-9]+(-[a-z0-9]+)*")
_GUID = lazily(r"(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TWO = frozenset({1, 2})


def problems(policy: Policy) -> Iterator[Problem]:
    """Give every place that contradicts the standard or itself, in the order of the file."""
    yield from _domains(policy)
    yield from _definitions(policy)
    yield from _restrictions(policy.restrictions)
    yield from _areas(policy)
    yield from _marks(policy)
    for index, exemption in enumerate(policy.exemptions):
        yield from _exemption(("exemptions", index), exemption)
    yield from _decisions(policy)
    yield from _proposals(policy)
    yield from _raised(policy)
    yield from _clues(policy)
    yield from _clue_words(policy)
    yield from _foreign(policy)
    if not 1 <= policy.fiscal_year_starts <= 12:  # noqa: PLR2004 - months of a year
        yield ("fiscal_year_starts",), "not-allowed"
    if not 1 <= policy.workers.documents_per_process <= MOST_DOCUMENTS:
        yield ("workers", "documents_per_process"), "not-allowed"


def _repeated(values: Iterable[object]) -> set[object]:
    return {value for value, count in Counter(values).items() if count > 1}


def _domains(policy: Policy) -> Iterator[Problem]:
    if not policy.inside_domains:
        yield ("inside_domains",), "too-few"
    for index, domain in enumerate(policy.inside_domains):
        if domain in _TOO_WIDE or not _DOMAIN.fullmatch(domain):
            yield ("inside_domains", index), "domain-too-wide"


def _definitions(policy: Policy) -> Iterator[Problem]:
    if {one.level for one in policy.definitions} != {"C1", "C2", "C3"} or len(
        policy.definitions
    ) != len(Confidentiality):
        yield ("definitions",), "levels-incomplete"
    for index, one in enumerate(policy.definitions):
        if not one.text.strip() or not one.reference.strip():
            yield ("definitions", index), "empty"


def _restrictions(entries: tuple[RestrictionEntry, ...]) -> Iterator[Problem]:
    names = _repeated(entry.name for entry in entries)
    for index, entry in enumerate(entries):
        at = ("restrictions", index)
        if entry.name in names:
            yield (*at, "name"), "repeated"
        # ○○限り and dates are read by their own grammar and could not be told apart.
        if not _WORD.fullmatch(entry.name) or entry.name.endswith("限り"):
            yield (*at, "name"), "not-writable"
        if not entry.verb or entry.verb.startswith("unknown:"):
            yield (*at, "verb"), "not-allowed"
        if entry.strength == "required":
            if entry.makes_mandatory not in REQUIRABLE:
                yield (*at, "makes_mandatory"), "unknown-measure"
        elif not entry.bites:
            yield (*at, "bites"), "too-few"
    kinds = {(entry.verb, entry.strength == "required") for entry in entries}
    for verb in _repeated(verb for verb, _ in kinds):
        index = next(i for i, entry in enumerate(entries) if entry.verb == verb)
        yield ("restrictions", index, "verb"), "verb-mixed"
    serving = {(entry.verb, entry.serves) for entry in entries}
    for verb in _repeated(verb for verb, _ in serving):
        index = next(i for i, entry in enumerate(entries) if entry.verb == verb)
        yield ("restrictions", index, "serves"), "verb-mixed"


def _areas(policy: Policy) -> Iterator[Problem]:
    repeated = _repeated(area.number for area in policy.areas)
    for index, area in enumerate(policy.areas):
        if area.number in repeated or area.number < 0:
            yield ("areas", index, "number"), "repeated"
        if area.number == 0 and area.inside:
            yield ("areas", index, "inside"), "class-0-is-outside"


def _marks(policy: Policy) -> Iterator[Problem]:
    words = policy.marks.confidentiality
    for index, word in enumerate(words):
        others = [other for other in words if other is not word]
        if not word.strip() or any(other.startswith(word) for other in others):
            yield ("marks", "confidentiality", index), "not-distinct"
    if not _WORD.fullmatch(policy.marks.embargo):
        yield ("marks", "embargo"), "not-writable"


def _exemption(at: tuple[Step, ...], one: Exemption) -> Iterator[Problem]:
    limit = EXEMPTION_LIMITS[one.article]
    if not one.reference.strip():
        yield (*at, "reference"), "empty"
    if not one.ruled_by.strip():
        yield (*at, "ruled_by"), "empty"
    if limit.scoped != bool(one.scope):
        yield (*at, "scope"), "scope-not-of-article"
    levels = set(one.confidentiality)
    if not levels <= limit.levels or bool(levels) != bool(limit.levels):
        yield (*at, "confidentiality"), "beyond-article"
    if one.also_38_8 and one.article != "77-5":
        yield (*at, "also_38_8"), "beyond-article"
    if one.until and one.until < one.ruled_on:
        yield (*at, "until"), "not-allowed"


def _decisions(policy: Policy) -> Iterator[Problem]:
    repeated = _repeated(one.id for one in policy.standing)
    for index, one in enumerate(policy.standing):
        at = ("standing", index)
        if one.id in repeated:
            yield (*at, "id"), "repeated"
        if one.measure not in CONSIDERED:
            yield (*at, "measure"), "unknown-measure"
        if not set(one.confidentiality) <= _C or not one.confidentiality:
            yield (*at, "confidentiality"), "not-allowed"
        if not one.reason.strip() or not one.decided_by.strip():
            yield (*at, "reason"), "empty"


def _proposals(policy: Policy) -> Iterator[Problem]:
    repeated = _repeated(one.measure for one in policy.proposals)
    for index, proposal in enumerate(policy.proposals):
        if proposal.measure not in CONSIDERED or proposal.measure in repeated:
            yield ("proposals", index, "measure"), "unknown-measure"
        # 検討 is recorded with its reason even when it is no.
        if not proposal.needed and not proposal.reason.strip():
            yield ("proposals", index, "reason"), "empty"


def _raised(policy: Policy) -> Iterator[Problem]:
    for index, raised in enumerate(policy.raised):
        if raised.measure not in CONSIDERED:
            yield ("raised", index, "measure"), "unknown-measure"
        if raised.from_confidentiality not in _C:
            yield ("raised", index, "from_confidentiality"), "not-allowed"
        if not raised.reference.strip():
            yield ("raised", index, "reference"), "empty"


def _clues(policy: Policy) -> Iterator[Problem]:
    repeated = _repeated(one.detector for one in policy.clues)
    for index, one in enumerate(policy.clues):
        at = ("clues", index)
        if one.detector not in DETECTORS or one.detector in repeated:
            yield (*at, "detector"), "not-allowed"
        yield from _weight(at, one)


def _clue_words(policy: Policy) -> Iterator[Problem]:
    repeated = _repeated(one.id for one in policy.clue_words)
    for index, one in enumerate(policy.clue_words):
        at = ("clue_words", index)
        if one.id in repeated:
            yield (*at, "id"), "repeated"
        if not _ID.fullmatch(one.id):
            yield (*at, "id"), "not-writable"
        if not one.title.strip():
            yield (*at, "title"), "empty"
        if not one.words:
            yield (*at, "words"), "too-few"
        for name, words in (("words", one.words), ("but", one.but)):
            # A list with an empty word in it would speak for every document.
            yield from (
                ((*at, name, place), "empty")
                for place, word in enumerate(words)
                if not word.strip()
            )
        yield from _weight(at, one)


def _weight(at: tuple[Step, ...], one: ClueRule | ClueWords) -> Iterator[Problem]:
    if one.suggests not in _C:
        yield (*at, "suggests"), "not-allowed"
    if one.at_least < 1:
        yield (*at, "at_least"), "not-allowed"


def _foreign(policy: Policy) -> Iterator[Problem]:
    names = {entry.name for entry in policy.restrictions}
    keys = [(one.scheme, one.id.casefold(), one.owner.casefold()) for one in policy.foreign_labels]
    repeated = _repeated(keys)
    for index, one in enumerate(policy.foreign_labels):
        at = ("foreign_labels", index)
        if keys[index] in repeated:
            yield (*at, "id"), "repeated"
        if not one.id.strip():
            yield (*at, "id"), "empty"
        if one.scheme == "msip" and not _GUID.fullmatch(one.id):
            yield (*at, "id"), "not-writable"
        if one.c not in _C:
            yield (*at, "c"), "not-allowed"
        if one.i not in _TWO or one.a not in _TWO:
            yield (*at, "i"), "not-allowed"
        for place, name in enumerate(one.restrictions):
            if name not in names:
                yield (*at, "restrictions", place), "unknown-restriction"
        complete = one.scheme == "msip" and _GUID.fullmatch(one.owner) and one.name.strip()
        if one.write and not complete:
            yield (*at, "write"), "not-writable"
