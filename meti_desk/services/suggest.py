"""Propose a label with its evidence (Arts. 4-1, 6); a proposal is never applied by itself."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from unicodedata import normalize

from meti_desk.domain.errors import MetiDeskError, RuleViolation
from meti_desk.domain.label import AnyLabel, Label, Undecided, inherit, join
from meti_desk.domain.marking import Mark, Place, find_marks
from meti_desk.domain.patterns import lazily
from meti_desk.formats.base import Wants
from meti_desk.services.batch import each
from meti_desk.services.context import Context
from meti_desk.services.facts import Facts, opened, recorded
from meti_desk.services.messages import Evidence, SuggestedFile
from meti_desk.services.ports import Progress
from meti_desk.services.views import error_view, label_view

_INTEGRITY = lazily(r"完全性|(?i:I)\s*[12]")
_AVAILABILITY = lazily(r"可用性|(?i:A)\s*[12]")

QUICK = Wants(findings=False, digest=True)


def suggest(
    ctx: Context,
    paths: Sequence[str],
    sources: Sequence[str] = (),
    progress: Progress | None = None,
) -> tuple[SuggestedFile, ...]:
    """Propose a label for each file from its own label, its marks, its record and `sources`.

    A source that cannot be read is an error of the whole request: a proposal that silently left
    it out would be too low. What nothing speaks for stays undecided.
    """
    origins = [(Path(path), source_label(ctx, Path(path))) for path in sources]

    def one(path: Path) -> SuggestedFile:
        with opened(ctx, path, QUICK) as facts:
            if any(mark.stop for mark, _ in marks_of(ctx, facts)):
                raise RuleViolation("label.special-secret")
            evidence = tuple(_evidence(ctx, facts, origins))
            label = _proposal(ctx, facts, [label for _, label in origins])
            return SuggestedFile(
                path=str(path),
                format=facts.inspection.format,
                label=label_view(label),
                evidence=evidence,
            )

    return each(paths, one, _failed, progress)


def _failed(path: str, error: MetiDeskError) -> SuggestedFile:
    return SuggestedFile(path=path, error=error_view(error))


def source_label(ctx: Context, path: Path) -> AnyLabel:
    """Give the label of a source: what the file or its record says, else undecided (rule 6)."""
    with opened(ctx, path, QUICK) as facts:
        return facts.label if facts.label is not None else Undecided()


def marks_of(ctx: Context, facts: Facts) -> Iterator[tuple[Mark, str]]:
    """Read the marks that stand in a document, with their places; our own are left out."""
    for found in facts.inspection.marks:
        if found.own:
            continue
        for mark in find_marks(
            found.text,
            ctx.policy.vocabulary,
            place=_place(found.place),
            texts=ctx.policy.marks.texts,
        ):
            yield mark, found.place
    for mark in find_marks(
        facts.path.stem, ctx.policy.vocabulary, place=Place.FILENAME, texts=ctx.policy.marks.texts
    ):
        yield mark, "filename"


def _place(place: str) -> Place:
    word = place.split(" ", maxsplit=1)[0]
    return Place(word) if word in set(Place) else Place.TOP


def _proposal(ctx: Context, facts: Facts, sources: Sequence[AnyLabel]) -> AnyLabel:
    """Join what speaks for a label; only a label or decided sources make it decided.

    A mark that somebody typed counts beside a label: what says more than it is not left out.
    """
    parts: list[AnyLabel] = []
    if facts.label is not None:
        parts.append(facts.label)
    if sources:
        parts.append(inherit(sources, widen=ctx.policy.widen_inheritance))
    marked = [mark.label for mark, _ in marks_of(ctx, facts) if mark.label is not None]
    if parts:
        return join((*parts, *(label for label in marked if label is not None)))
    if marked:
        floor = join(marked)
        return Undecided(floor if isinstance(floor, Label) else floor.at_least)
    return Undecided()


def _evidence(
    ctx: Context, facts: Facts, origins: Sequence[tuple[Path, AnyLabel]]
) -> Iterator[Evidence]:
    if facts.label is not None:
        kind = "record" if facts.from_record else "mark"
        yield from _of_label(facts.label, kind, facts.path.name, "property")
    for path, label in origins:
        yield from _of_label(label, "source", path.name, "")
    for mark, place in marks_of(ctx, facts):
        if mark.label is not None:
            said = _of_label(mark.label, "mark", mark.text, place)
            yield from (one for one in said if _says(mark, one.part))
    record = facts.record
    if record is not None and ctx.store is not None:
        for source in record.sources:
            known = ctx.store.documents.get(source)
            if known is not None:
                yield from _of_label(recorded(ctx, known), "source", known.title, "")


def _says(mark: Mark, part: str) -> bool:
    """Tell whether a mark speaks of a part: 機密性2情報 is no evidence of 完全性1."""
    words = {"i": _INTEGRITY, "a": _AVAILABILITY}.get(part)
    return words is None or words.search(normalize("NFKC", mark.text)) is not None


def _of_label(label: AnyLabel, kind: str, ref: str, place: str) -> Iterator[Evidence]:
    held = label if isinstance(label, Label) else label.at_least
    if held is None:
        return

    def evidence(part: str, value: str) -> Evidence:
        return Evidence(part, value, kind, ref, place)  # type: ignore[arg-type] # both are literals of the caller

    yield evidence("c", str(int(held.confidentiality)))
    if kind != "source":
        yield evidence("i", str(int(held.integrity)))
        yield evidence("a", str(int(held.availability)))
    for restriction in sorted(held.restrictions):
        yield evidence("restriction", restriction.name)
    for name in sorted(held.audience or ()):
        yield evidence("audience", name)
