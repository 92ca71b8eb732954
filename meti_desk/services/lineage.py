"""Where a document comes from and what was made from it (Art. 6), for list and picture."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from meti_desk.domain import events
from meti_desk.domain.errors import InvalidInput
from meti_desk.domain.lineage import ancestors, descendants
from meti_desk.services.context import Context
from meti_desk.services.facts import opened, recorded
from meti_desk.services.messages import LineageNode, LineageView
from meti_desk.services.ports import DocumentRecord, Store
from meti_desk.services.suggest import QUICK
from meti_desk.services.views import label_view

_SHORT = 12
"""Characters of an id that stand for a document of which nothing else is known."""


def lineage(ctx: Context, document: str) -> LineageView:
    """Give the sources (to the left) and descendants (to the right) of a document.

    `document` is its id, or the path of its file. Raises `InvalidInput("document.unknown")` for
    one that has no record here.
    """
    store = ctx.open_store()
    root = root_of(ctx, store, document)
    books = _Books(store)
    levels = {one: -distance for one, distance in ancestors(_Edges(books.sources), root).items()}
    for one, distance in descendants(_Edges(books.made), root).items():
        # On a cycle a document is both: it stands where it is nearer, as a source when in doubt.
        if one not in levels or distance < -levels[one]:
            levels[one] = distance
    levels[root] = 0
    order = sorted(levels, key=lambda one: (levels[one], books.title(one), one))
    return LineageView(
        root=root,
        nodes=tuple(_node(ctx, store, books, one, levels[one]) for one in order),
        edges=tuple(_edges(books, order)),
    )


def made_of(store: Store) -> Mapping[str, Sequence[str]]:
    """Give the steps from each document to what was made of it, for `domain.lineage`."""
    return _Edges(_Books(store).made)


def root_of(ctx: Context, store: Store, document: str) -> str:
    """Find the id of a document by its id or its path; `document.unknown` without a record."""
    if store.documents.get(document) is not None:
        return document
    path = Path(document)
    if _is_file(path):
        with opened(ctx, path, QUICK) as facts:
            if facts.record is not None:
                return facts.record.id
    raise InvalidInput("document.unknown", document=document)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that is too long, or has a null byte
        return False


class _Books:
    """What the store knows of documents and their direct sources, each asked for once.

    A source without an id of its own is named by the hash of its file: where a document with that
    hash was recorded since, that one is meant.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._records: dict[str, DocumentRecord | None] = {}

    def record(self, one: str) -> DocumentRecord | None:
        if one not in self._records:
            self._records[one] = self._store.documents.get(one)
        return self._records[one]

    def sources(self, one: str) -> Sequence[str]:
        record = self.record(one)
        return tuple(map(self._known, record.sources)) if record is not None else ()

    def made(self, one: str) -> Sequence[str]:
        record = self.record(one)
        names = (one,) if record is None or not record.file_hash else (one, record.file_hash)
        found = (made.id for name in names for made in self._store.documents.made_from(name))
        return tuple(dict.fromkeys(found))

    def title(self, one: str) -> str:
        record = self.record(one)
        return record.title if record is not None else one[:_SHORT]

    def _known(self, named: str) -> str:
        if self.record(named) is not None:
            return named
        held = self._store.documents.by_hash(named)
        return held.id if held is not None else named


@dataclass(frozen=True, slots=True)
class _Edges(Mapping[str, Sequence[str]]):
    """Steps from one document to the next, read from the store as the walk gets there."""

    step: Callable[[str], Sequence[str]]

    def __getitem__(self, one: str) -> Sequence[str]:
        return self.step(one)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def _node(ctx: Context, store: Store, books: _Books, one: str, level: int) -> LineageNode:
    record = books.record(one)
    if record is None:
        return LineageNode(id=one, title=books.title(one), level=level, known=False)
    return LineageNode(
        id=one,
        title=record.title,
        path=record.path,
        level=level,
        label=label_view(recorded(ctx, record)),
        decided_by=record.decided_by,
        recipients=recipients(store, one),
    )


def recipients(store: Store, document: str) -> tuple[str, ...]:
    """Name all to whom a document was given from here, as 取扱記録 says (Art. 7-2)."""
    given = store.ledger.events(kinds=(events.HANDLE,), document=document)
    return tuple(dict.fromkeys(name for event in given for name in events.read(event).recipients))


def _edges(books: _Books, shown: Sequence[str]) -> Iterator[tuple[str, str]]:
    there = set(shown)
    for made in shown:
        for source in dict.fromkeys(books.sources(made)):
            if source in there and source != made:
                yield source, made
