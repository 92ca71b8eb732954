"""The decisions about labels that 取扱記録 tells of, with what speaks for them (Art. 4)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from meti_desk.domain import events, events_register
from meti_desk.domain.classification import Confidentiality
from meti_desk.domain.events import Record
from meti_desk.domain.ledger import Event
from meti_desk.domain.records import DocumentRecord
from meti_desk.domain.review import code
from meti_desk.services.context import Context
from meti_desk.services.public import is_public

Evidence = tuple[str, ...]
_KINDS = frozenset({events.CLASSIFY, events.PUBLIC, events_register.DISPOSE})
_MOST_SOURCES = 5
"""Sources that are named; further ones are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A decision: `label` is the code, `before` the level of 機密性 that stood there (0: none).

    `evidence` are `code:words`; `body` is the label as it stands in the record.
    """

    document: str
    title: str
    label: str
    c: int
    before: int
    handling: str
    at: str
    reason: str
    evidence: Evidence
    digest: str
    place: str
    published: bool
    body: dict[str, object] = field(compare=False)


def decided_since(
    ctx: Context, found: Sequence[Event], since: str, levels: dict[str, int] | None = None
) -> tuple[tuple[Decided, ...], tuple[tuple[str, str], ...]]:
    """Give of each document the last decision among these events, and what is gone and why.

    Decisions of before `since` (a day, ISO 8601; empty: from the beginning) are passed over.
    `levels` are those of all decisions before these, where the whole record is walked, and is
    brought up to date; without it the record is asked for each document.
    """
    last: dict[str, Event] = {}
    gone: dict[str, str] = {}
    before: dict[str, int] = {}
    for event in found:
        if event.kind not in _KINDS:
            continue
        data = event.data()
        document = str(data.get(events.DOCUMENT) or "")
        if event.kind == events.CLASSIFY and document:
            last.pop(document, None)
            gone.pop(document, None)
            if event.at[:10] >= since:
                last[document] = event
            if levels is not None:
                before[document] = levels.get(document, 0)
                levels[document] = events.read(event).c
        elif event.kind == events_register.DISPOSE and not data.get(events_register.COPY):
            last.pop(document, None)
            gone[document] = "disposed"
        elif event.kind == events.PUBLIC:
            record = ctx.open_store().documents.by_hash(str(data.get(events.SHA256) or ""))
            if record is not None:
                last.pop(record.id, None)
                gone[record.id] = "published"
    known = None if levels is None else before
    return tuple(_decided(ctx, event, known) for event in last.values()), tuple(gone.items())


def _decided(ctx: Context, event: Event, known: Mapping[str, int] | None) -> Decided:
    store = ctx.open_store()
    read, data = events.read(event), event.data()
    record = store.documents.get(read.document)
    body = data.get(events.LABEL)
    label = dict(body) if isinstance(body, dict) else {}
    before = _before(ctx, event, read) if known is None else known.get(read.document, 0)
    return Decided(
        document=read.document,
        title=read.title,
        label=code(read.c or 2, read.i or 1, read.a or 1),
        c=read.c or 2,
        before=before,
        handling=record.handling if record is not None else "",
        at=event.at,
        reason=read.reason,
        evidence=tuple(_evidence(ctx, data, read.c, before)),
        digest=record.digest if record is not None else "",
        place=record.path if record is not None else "",
        published=record is not None and is_public(ctx, record.file_hash),
        body=label,
    )


def _before(ctx: Context, event: Event, read: Record) -> int:
    """Give the level of the decision before this one; nothing is above the highest."""
    if read.c == max(Confidentiality):
        return 0
    found = ctx.open_store().ledger.events(
        kinds=(events.CLASSIFY,), document=read.document, newest_first=True
    )
    for one in found:
        if one.seq < event.seq:
            return events.read(one).c
    return 0


def _evidence(ctx: Context, data: Mapping[str, object], c: int, before: int) -> Iterator[str]:
    """Tell what speaks for a label, as far as the record knows it."""
    if before and c < before:
        yield f"lowered:機密性{before}"
    yield from _sources(ctx, data)
    consulted = data.get(events.CONSULTED)
    if isinstance(consulted, dict):
        told = (str(consulted.get(key) or "") for key in ("who", "when", "answer"))
        yield f"consulted:{'、'.join(filter(None, told))}"
    changed = data.get(events.CHANGED)
    if isinstance(changed, dict) and changed:
        told = (f"{key} {value}" for key, value in sorted(changed.items()))
        yield f"changed:{', '.join(told)}"
    if data.get(events.MARKED) is False:
        yield "unmarked:"


def _sources(ctx: Context, data: Mapping[str, object]) -> Iterator[str]:
    listed = data.get(events.SOURCES)
    sources = [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []
    documents = ctx.open_store().documents
    for one in sources[:_MOST_SOURCES]:
        record = documents.get(one)
        yield f"source:{_source(record)}" if record is not None else f"source-id:{one}"
    if len(sources) > _MOST_SOURCES:
        yield f"sources:{len(sources)}"


def _source(record: DocumentRecord) -> str:
    return f"{record.title} {record.label.replace(';', ' ')}"
