"""How a result gets its name: journal, file, record and ledger, so that a crash loses nothing.

First the store remembers what the finished result will look like, then the file system is touched
in one step, then event and record are committed together with the end of the journal entry. Whoever
starts next after a crash finds by the hash which side of the step it was (`recover`).
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

from meti_desk.domain.ledger import canonical
from meti_desk.services.context import Context
from meti_desk.services.facts import hash_of
from meti_desk.services.ports import DocumentRecord, Pending, Store


def place_new(
    ctx: Context, file: BinaryIO, final: Path, kind: str, body: Mapping[str, object],
    record: DocumentRecord | None = None, *, mode: int = 0o600,
) -> tuple[Path, str]:  # fmt: skip
    """Give a scratch file a free name near `final` and record it; gives name and event id."""
    operation = ctx.ids.document_id()
    temporary = ctx.files.temporary(final, operation)
    pending = _begin(ctx, operation, file, final, temporary, kind, body, record)
    try:
        placed = ctx.files.publish(file, final, mode=mode, temporary=temporary)
    except BaseException:
        ctx.open_store().journal.end(operation)
        raise
    return placed, _end(ctx, pending, kind, body, record, placed)


def place_over(
    ctx: Context, file: BinaryIO, original: Path, source: BinaryIO, kind: str,
    body: Mapping[str, object], record: DocumentRecord | None = None,
) -> str:  # fmt: skip
    """Put a scratch file in the place of its original and record it; gives the event's id.

    `source` is the original as it was opened: a file that changed meanwhile is left alone
    (`file.changed`).
    """
    operation = ctx.ids.document_id()
    temporary = ctx.files.temporary(original, operation)
    pending = _begin(ctx, operation, file, original, temporary, kind, body, record)
    try:
        ctx.files.replace(file, original, temporary, opened=source)
    except BaseException:
        ctx.open_store().journal.end(operation)
        raise
    return _end(ctx, pending, kind, body, record, original)


def record_only(
    ctx: Context, kind: str, body: Mapping[str, object], record: DocumentRecord | None = None
) -> str:
    """Append an event that has no file of its own."""
    store = ctx.open_store()
    with store.transaction():
        event = store.ledger.append(kind, body, ctx.clock.now())
        if record is not None:
            store.documents.put(record)
    return event.id


def _begin(
    ctx: Context, operation: str, file: BinaryIO, final: Path, temporary: Path, kind: str,
    body: Mapping[str, object], record: DocumentRecord | None,
) -> Pending:  # fmt: skip
    told = {"event": dict(body), "record": asdict(record) if record else None}
    pending = Pending(
        id=operation,
        temporary=str(temporary),
        final=str(final),
        result_hash=hash_of(file),
        event_kind=kind,
        event_body=canonical(told).encode(),
    )
    ctx.open_store().journal.begin(pending)
    return pending


def _end(
    ctx: Context, pending: Pending, kind: str, body: Mapping[str, object],
    record: DocumentRecord | None, placed: Path,
) -> str:  # fmt: skip
    store = ctx.open_store()
    with store.transaction():
        event = store.ledger.append(kind, body, ctx.clock.now())
        if record is not None:
            store.documents.put(_at(record, placed, pending.result_hash))
        store.journal.end(pending.id)
    return event.id


def _at(record: DocumentRecord, path: Path, file_hash: str) -> DocumentRecord:
    return DocumentRecord(**{**asdict(record), "path": str(path), "file_hash": file_hash})


def recover(ctx: Context) -> int:
    """Finish or forget what a crash interrupted; gives how many operations were open.

    A result that lies in its place gets the event it lost; a temporary name that is left over is
    removed. Called at every unlocking, before anything else.
    """
    store = ctx.open_store()
    pending = store.journal.open_operations()
    for one in pending:
        _recover_one(ctx, store, one)
    return len(pending)


def _recover_one(ctx: Context, store: Store, pending: Pending) -> None:
    final = Path(pending.final)
    if pending.temporary:
        ctx.files.discard(Path(pending.temporary))
    told = json.loads(pending.event_body)
    placed = next((p for p in _candidates(final) if _has_hash(ctx, p, pending.result_hash)), None)
    with store.transaction():
        if placed is not None:
            body = {**told["event"], "recovered": True}
            store.ledger.append(pending.event_kind, body, ctx.clock.now())
            if told["record"] is not None:
                raw = {**told["record"], "sources": tuple(told["record"]["sources"])}
                store.documents.put(_at(DocumentRecord(**raw), placed, pending.result_hash))
        store.journal.end(pending.id)


def _candidates(final: Path) -> list[Path]:
    numbered = sorted(final.parent.glob(f"{_literal(final.stem)} (*){_literal(final.suffix)}"))
    return [final, *numbered] if final.parent.is_dir() else []


def _literal(text: str) -> str:
    return "".join(f"[{char}]" if char in "*?[" else char for char in text)


def _has_hash(ctx: Context, path: Path, wanted: str) -> bool:
    if not path.is_file() or path.is_symlink():
        return False
    with ctx.files.open_source(path) as file:
        return hash_of(file) == wanted
