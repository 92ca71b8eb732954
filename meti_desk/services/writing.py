"""How a result gets its name: journal, file, record and ledger, so that a crash loses nothing.

First the store remembers what the finished result will look like, then the file system is touched
in one step, then event and record are committed together with the end of the journal entry. Whoever
starts next after a crash finds by the hash which side of the step it was (`recover`). Files that
are written at the same time share the commits (`Store.together`), and nothing else: each is known
to the journal, durably, before it is touched.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from itertools import takewhile
from pathlib import Path
from typing import BinaryIO

from meti_desk.domain.errors import MetiDeskError
from meti_desk.domain.events_crypto import located
from meti_desk.domain.ledger import canonical
from meti_desk.services.context import Context
from meti_desk.services.facts import hash_of, sidecar_of
from meti_desk.services.placing import Folders, Placing, place
from meti_desk.services.ports import DocumentRecord, Pending, Store
from meti_desk.system.naming import candidates
from meti_desk.system.process import is_running, own_name


@dataclass(frozen=True, slots=True)
class Entry:
    """What the ledger and the records are to say of an operation once its result lies there.

    `record` takes path and hash of the result, unless the result is a sidecar (`place_sidecar`):
    then it speaks of another file and stays as it is.
    """

    kind: str
    body: Mapping[str, object]
    record: DocumentRecord | None = None


def place_new(
    ctx: Context, file: BinaryIO, final: Path, kind: str, body: Mapping[str, object],
    record: DocumentRecord | None = None, *, mode: int = 0o600, sidecar: bytes = b"",
) -> tuple[Path, str]:  # fmt: skip
    """Give a scratch file a free name near `final` and record it; gives name and event id.

    With `sidecar` these bytes are put beside the file, whatever name it gets: both or none.
    """
    quick = ctx.files.prepare(file, final.parent, mode=mode)
    taken = [one.name for one in takewhile(os.path.lexists, candidates(final))]
    entry = Entry(kind, body, record)
    told = {"taken": taken, "sidecar": sidecar.decode()}
    pending = _pending(ctx, final, hash_of(file), entry, told)

    def touch(folders: Folders) -> Path:
        step = Path(pending.temporary)
        placed = ctx.files.publish(file, final, mode=mode, temporary=step, folders=folders)
        if sidecar:
            try:
                step = _step(ctx, placed, pending)
                ctx.files.put(sidecar, sidecar_of(placed), step, folders=folders)
            except BaseException:
                ctx.files.withdraw(file, placed)
                raise
        return placed

    def end(placed: Path) -> str:
        said = located(body, str(placed.absolute()), pending.result_hash)
        at = _at(record, placed, pending.result_hash)
        return _end(ctx, pending, replace(entry, body=said), at)

    return place(_placing(ctx, pending, entry, touch, end, quick=quick))


def place_paper(ctx: Context, file: BinaryIO, final: Path) -> Path:
    """Give a scratch file a free name without an event: a letter, a password slip, a mail draft.

    The journal knows its temporary name all the same, where the file system needs one.
    """
    entry = Entry("", {})
    quick = ctx.files.prepare(file, final.parent)
    pending = _pending(ctx, final, hash_of(file), entry, {})

    def touch(folders: Folders) -> Path:
        return ctx.files.publish(file, final, temporary=Path(pending.temporary), folders=folders)

    def end(_: Path) -> str:
        ctx.open_store().journal.end(pending.id)
        return ""

    return place(_placing(ctx, pending, entry, touch, end, quick=quick))[0]


def place_over(
    ctx: Context, file: BinaryIO, original: Path, source: BinaryIO, kind: str,
    body: Mapping[str, object], record: DocumentRecord | None = None,
) -> str:  # fmt: skip
    """Put a scratch file in the place of its original and record it; gives the event's id.

    `source` is the original as it was opened: a file that changed meanwhile is left alone
    (`file.changed`).
    """
    entry = Entry(kind, body, record)
    # Behind a symbolic link it is the file itself that is replaced.
    final = original.resolve() if original.is_symlink() else original
    quick = ctx.files.prepare(file, final.parent, like=original)
    pending = _pending(ctx, final, hash_of(file), entry, {})

    def touch(folders: Folders) -> Path:
        step = Path(pending.temporary)
        ctx.files.replace(file, original, step, opened=source, folders=folders)
        return original

    def end(placed: Path) -> str:
        return _end(ctx, pending, entry, _at(record, placed, pending.result_hash))

    return place(_placing(ctx, pending, entry, touch, end, quick=quick))[1]


def place_sidecar(
    ctx: Context, data: bytes, path: Path, kind: str, body: Mapping[str, object],
    record: DocumentRecord,
) -> tuple[Path, str]:  # fmt: skip
    """Put a sidecar beside `path` and record the file's label; gives its name and event id."""
    entry = Entry(kind, body, record)
    sidecar = sidecar_of(path)
    digest = hashlib.sha256(data).hexdigest()
    pending = _pending(ctx, sidecar, digest, entry, {"record_as_is": True})

    def touch(folders: Folders) -> Path:
        ctx.files.put(data, sidecar, Path(pending.temporary), folders=folders)
        return sidecar

    def end(_: Path) -> str:
        return _end(ctx, pending, entry, record)

    return place(_placing(ctx, pending, entry, touch, end, quick=True))


def record_only(
    ctx: Context, kind: str, body: Mapping[str, object], record: DocumentRecord | None = None
) -> str:
    """Append an event that has no file of its own."""
    store = ctx.open_store()

    def write() -> str:
        event = store.ledger.append(kind, body, ctx.clock.now())
        if record is not None:
            store.documents.put(record)
        return event.id

    return store.together(write)


def _pending(
    ctx: Context, final: Path, result_hash: str, entry: Entry, more: Mapping[str, object]
) -> Pending:
    operation = f"{ctx.ids.document_id()}@{own_name()}"
    # A relative name would mean another file when the next start is in another folder.
    final = final.absolute()
    record = asdict(entry.record) if entry.record else None
    told = {"event": dict(entry.body), "record": record, **more}
    return Pending(
        id=operation,
        temporary=str(ctx.files.temporary(final, operation)),
        final=str(final),
        result_hash=result_hash,
        event_kind=entry.kind,
        event_body=canonical(told).encode(),
    )


def _placing(
    ctx: Context,
    pending: Pending,
    entry: Entry,
    touch: Callable[[Folders], Path],
    end: Callable[[Path], str],
    *,
    quick: bool,
) -> Placing:
    def begin() -> None:
        if entry.kind:
            _rehearse(ctx, entry)
        ctx.open_store().journal.begin(pending)

    def settle() -> None:
        _recover_one(ctx, ctx.open_store(), pending)

    return Placing(ctx, begin, touch, end, settle, quick)


class _RehearsedError(Exception):
    """Nothing went wrong: the rehearsal is taken back."""


def _rehearse(ctx: Context, entry: Entry) -> None:
    """Write the event and the record once and take them back, before any file is touched.

    A store that turns out to be damaged or full only afterwards would leave a file that nobody
    recorded.
    """
    store = ctx.open_store()
    with contextlib.suppress(_RehearsedError), store.transaction():
        store.ledger.append(entry.kind, entry.body, ctx.clock.now())
        if entry.record is not None:
            store.documents.put(entry.record)
        raise _RehearsedError


def _end(ctx: Context, pending: Pending, entry: Entry, record: DocumentRecord | None) -> str:
    store = ctx.open_store()
    event = store.ledger.append(entry.kind, entry.body, ctx.clock.now())
    if record is not None:
        store.documents.put(record)
    store.journal.end(pending.id)
    return event.id


def _at(record: DocumentRecord | None, path: Path, file_hash: str) -> DocumentRecord | None:
    return replace(record, path=str(path.absolute()), file_hash=file_hash) if record else None


def recover(ctx: Context) -> int:
    """Finish or forget what a crash interrupted; gives how many operations were open.

    A result that lies in its place gets the sidecar and the event it lost; a temporary name that
    is left over is removed. Called at every unlocking, before anything else. What cannot be looked
    at now - a share that is away - stays in the journal for the next time.
    """
    store = ctx.open_store()
    pending = store.journal.open_operations()
    for one in pending:
        owner = one.id.partition("@")[2]
        if owner != own_name() and is_running(owner):
            continue  # another program of this store is at work on it
        with contextlib.suppress(MetiDeskError, OSError):
            _recover_one(ctx, store, one)
    return len(pending)


def _recover_one(ctx: Context, store: Store, pending: Pending) -> None:
    told = json.loads(pending.event_body)
    if pending.temporary:
        ctx.files.discard(Path(pending.temporary))
    taken = set(told.get("taken", ()))
    placed = _placed(ctx, pending, taken) if pending.event_kind else None
    if placed is not None and told.get("sidecar"):
        sidecar, step = sidecar_of(placed), _step(ctx, placed, pending)
        ctx.files.put(told["sidecar"].encode(), sidecar, step)
    with store.transaction():
        if placed is not None:
            event = {**told["event"], "recovered": True}
            body = located(event, str(placed), pending.result_hash)
            store.ledger.append(pending.event_kind, body, ctx.clock.now())
            if told["record"] is not None:
                raw = {**told["record"], "sources": tuple(told["record"]["sources"])}
                record = DocumentRecord(**raw)
                if not told.get("record_as_is"):
                    record = replace(record, path=str(placed), file_hash=pending.result_hash)
                store.documents.put(record)
        store.journal.end(pending.id)


def _step(ctx: Context, placed: Path, pending: Pending) -> Path:
    """Name the temporary file of the sidecar: the same as that of its file, which is done."""
    return ctx.files.temporary(sidecar_of(placed), pending.id)


def _placed(ctx: Context, pending: Pending, taken: set[str]) -> Path | None:
    """Find the result under one of the names that it may have got.

    What already had one of them before is another file, were its bytes the same.
    """
    final = Path(pending.final)
    if not final.parent.is_dir():
        return None
    there = {one.name for one in final.parent.iterdir()} - taken
    names = (one for one in candidates(final) if one.name in there)
    return next((one for one in names if _has_hash(ctx, one, pending.result_hash)), None)


def _has_hash(ctx: Context, path: Path, wanted: str) -> bool:
    if not path.is_file() or path.is_symlink():
        return False
    with ctx.files.open_source(path) as file:
        return hash_of(file) == wanted
