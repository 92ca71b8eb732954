"""A label in the place of another: what has to come before, and what is recorded (Art. 7)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from meti_desk.domain import events
from meti_desk.domain.consulting import read_consultation
from meti_desk.domain.label import Label
from meti_desk.formats.base import Inspection, Wants
from meti_desk.services.context import Context
from meti_desk.services.deciding import is_others
from meti_desk.services.facts import Facts, recorded
from meti_desk.services.foreign_labels import to_write
from meti_desk.services.messages import ClassifyRequest
from meti_desk.services.reach import affected

CONSULTED = "label.consulted"
"""Note: the consultation waits to be confirmed."""

ADDED, REMOVED = "characters_added", "characters_removed"
PAGES, SIZE = "pages", "size"


@dataclass(frozen=True, slots=True)
class Change:
    """What goes with a label: for the record, for other products, and for the person to know."""

    foreign: Mapping[str, str] = field(default_factory=dict)
    consulted: Mapping[str, str] = field(default_factory=dict)
    changed: Mapping[str, object] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def change_of(ctx: Context, facts: Facts, request: ClassifyRequest, label: Label) -> Change:
    """Tell what giving this label changes, beside the label itself.

    A 相談 that was asked for is recorded (7-1), a modification with its size (7-3), and who has
    received the document or made others from it is counted, because they are to be told (7-2).
    """
    consulted: dict[str, str] = {}
    foreign = to_write(ctx, facts, label, tscp=request.tscp) if facts.embeds else {}
    notes: list[str] = []
    if request.consulted and is_others(ctx, facts, label):
        consulted = asdict(read_consultation(request.consulted, actor=ctx.actor()))
        notes.append(CONSULTED)
    record = facts.record
    if record is None or facts.copied_from or request.out:
        return Change(foreign, consulted, notes=tuple(notes))
    if recorded(ctx, record) != label:
        notes += affected(ctx.open_store(), record).notes
    return Change(foreign, consulted, _modified(ctx, facts), tuple(notes))


def _modified(ctx: Context, facts: Facts) -> Mapping[str, object]:
    """Measure a modification since the last decision: text, pages, bytes, as far as is known.

    The text that was decided is known where the store kept it; else pages and bytes alone tell.
    """
    record = facts.record
    if record is None or not record.digest or record.digest in facts.digests:
        return {}
    before = _decided_with(ctx, record.id)
    changed: dict[str, object] = {
        f"{name}_{when}": value
        for when, values in (("before", before), ("after", extent(facts)))
        for name, value in values.items()
    }
    prints = ctx.open_store().prints
    kept = prints.kept(record.id)
    text = prints.text_of(record.id) if kept and kept.file_hash == record.file_hash else None
    if text is not None:
        from meti_desk.evidence.difference import difference

        now = facts.jobs.run("inspect", _TEXT, Inspection, uses=("source",))
        size = difference(text.whole, "\n".join(part.text for part in now.text))
        changed |= {ADDED: size.added, REMOVED: size.removed}
    return changed


_TEXT = Wants(findings=False, digest=False, text=True)


def extent(facts: Facts) -> Mapping[str, object]:
    """Tell how large a document is, to be compared with what it is later."""
    pages = facts.inspection.pages
    return {SIZE: facts.size} | ({PAGES: pages} if pages is not None else {})


def _decided_with(ctx: Context, document: str) -> dict[str, object]:
    """Give the extent that was recorded with the last decision."""
    ledger = ctx.open_store().ledger
    found = ledger.events(kinds=(events.CLASSIFY,), document=document, newest_first=True, limit=1)
    last = next(iter(found), None)
    held = last.data().get(events.EXTENT) if last is not None else None
    return dict(held) if isinstance(held, dict) else {}
