"""How far a changed label reaches: what was made from the document, and who holds it (Art. 7-2)."""

from collections.abc import Mapping
from dataclasses import dataclass

from meti_desk.domain.lineage import descendants
from meti_desk.services.lineage import made_of, recipients
from meti_desk.services.ports import DocumentRecord, Store


@dataclass(frozen=True, slots=True)
class Affected:
    """Who and what a change of one label reaches; `received` gives each recipient's documents."""

    descendants: tuple[DocumentRecord, ...]
    received: Mapping[str, tuple[DocumentRecord, ...]]

    @property
    def notes(self) -> tuple[str, ...]:
        """Tell how many documents and recipients; nothing where the change reaches nobody."""
        if not self.descendants and not self.received:
            return ()
        counts = (("descendants", self.descendants), ("recipients", self.received))
        return tuple(f"notice.{name}:{len(held)}" for name, held in counts if held)


def affected(store: Store, record: DocumentRecord) -> Affected:
    """Find what was made from a document over all generations, and who received any of them."""
    found = descendants(made_of(store), record.id)
    made = tuple(one for one in map(store.documents.get, found) if one is not None)
    received: dict[str, dict[str, DocumentRecord]] = {}
    for one in (record, *made):
        for name in recipients(store, one.id):
            received.setdefault(name, {})[one.id] = one
    return Affected(made, {name: tuple(held.values()) for name, held in sorted(received.items())})
