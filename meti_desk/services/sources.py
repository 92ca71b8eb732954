"""The sources of a document that nobody named: texts seen here that it has passages of (Art. 6).

What is found is proposed with the passage that shows it; which of them are sources is for the
person to decide. Comparing needs numpy and stands in `comparing`: what only labels never loads it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from meti_desk.domain.errors import EnvironmentProblem, InvalidInput
from meti_desk.domain.kept_text import KeptDocument
from meti_desk.domain.label import AnyLabel, Undecided
from meti_desk.services.context import Context
from meti_desk.services.facts import Facts, recorded
from meti_desk.services.messages import FoundPassage, FoundSource, SourceKind
from meti_desk.services.ports import Store
from meti_desk.services.views import label_view

BY_ID = "id:"
"""Begins the name of a source that is told by its id instead of its path."""
_MOST = 10
"""Sources that are proposed; those that cover most of the document."""
_NEAR = 0.8
"""Share of a document that makes it a near-copy of its source."""


@dataclass(frozen=True, slots=True)
class Match:
    """A kept text that has passages in common with the document; `covered` is 0 to 1."""

    number: int
    same: bool
    covered: float
    passages: tuple[FoundPassage, ...]

    @property
    def kind(self) -> SourceKind:
        """Name how much of the document it is."""
        if self.same:
            return "copy"
        return "near-copy" if self.covered >= _NEAR else "passage"


@dataclass(frozen=True, slots=True)
class Found:
    """A document that seems to be a source, with its label, undecided where it has none."""

    document: KeptDocument
    label: AnyLabel
    match: Match

    @property
    def view(self) -> FoundSource:
        """Show it."""
        return FoundSource(
            id=self.document.document,
            title=self.document.title,
            path=self.document.path,
            kind=self.match.kind,
            covered=round(self.match.covered, 3),
            label=label_view(self.label),
            passages=self.match.passages,
        )


def found(ctx: Context, facts: Facts) -> tuple[Found, ...]:
    """Find the sources of a document, those that cover most of it first; 10 at most.

    `facts` hold its text and its fingerprints. It is no source of itself, and what was made from
    it, as the records say, is none either. Nothing while the store is locked.
    """
    if ctx.store is None or not facts.inspection.prints:
        return ()
    from meti_desk.services.comparing import matches

    others = _Others(ctx.store, facts)
    rows = [
        Found(document, label_of(ctx, document.document), match)
        for match in matches(ctx.store.prints, facts.inspection, lambda n: bool(others.of(n)))
        for document in others.of(match.number)
    ]
    return tuple(_apart(rows))[:_MOST]


def _apart(rows: Sequence[Found]) -> Iterator[Found]:
    """Leave out copies of one text that would hand down the same: the first stands for them."""
    seen: list[tuple[int, AnyLabel]] = []
    for row in rows:
        if (row.match.number, row.label) not in seen:
            seen.append((row.match.number, row.label))
            yield row


def label_of(ctx: Context, document: str) -> AnyLabel:
    """Give the label that the record of a document holds; undecided where there is none."""
    record = ctx.open_store().documents.get(document)
    return recorded(ctx, record) if record is not None else Undecided()


def named(ctx: Context, source: str) -> tuple[str, AnyLabel] | None:
    """Read a source that is named by `id:…`; `None` for one that is named by its path.

    Gives its id and its label. Raises `InvalidInput("document.unknown")` for what neither the
    records nor the kept texts know: its label would be left out in silence.
    """
    if not source.startswith(BY_ID):
        return None
    document = source.removeprefix(BY_ID)
    store = ctx.open_store()
    if store.documents.get(document) is None and store.prints.kept(document) is None:
        raise InvalidInput("document.unknown", document=document)
    return document, label_of(ctx, document)


def ignore(ctx: Context, text: str) -> None:
    """Take a passage for 定型文: it names no source from now on, wherever it stands."""
    from meti_desk.services.comparing import all_prints

    ctx.open_store().prints.ignore(all_prints(text))


class _Others:
    """The documents with a kept text that are neither the one looked at nor made from it."""

    def __init__(self, store: Store, facts: Facts) -> None:
        self._store = store
        self._path = str(facts.path.absolute())
        self._names = {facts.document_id, facts.file_hash} - {""}
        self._known: dict[int, tuple[KeptDocument, ...]] = {}

    def of(self, number: int) -> tuple[KeptDocument, ...]:
        if number not in self._known:
            rows = self._store.prints.documents(number)
            self._known[number] = tuple(row for row in rows if self._is_other(row))
        return self._known[number]

    def _is_other(self, row: KeptDocument) -> bool:
        if row.document in self._names or row.path == self._path:
            return False
        return not self._names & self._sources_of(row.document)

    def _sources_of(self, document: str) -> set[str]:
        """Walk back from a document over what the records name, however far."""
        seen: set[str] = set()
        waiting = [document]
        while waiting:
            record = self._store.documents.get(waiting.pop())
            fresh = set(record.sources) - seen if record is not None else set()
            seen |= fresh
            waiting.extend(fresh)
        return seen


def bad_answer() -> EnvironmentProblem:
    """Make the error of fingerprints that are none: the worker was subverted."""
    return EnvironmentProblem("document.unreadable", reason="bad-answer")
