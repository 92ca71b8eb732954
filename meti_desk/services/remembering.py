"""Keeps the text of every document that was seen, for finding sources later (Art. 6).

Deciding a label does not wait for it: what was labelled is noted with its record and read when
there is time, or when the sources of a document are asked for.
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from meti_desk.domain.errors import EnvironmentProblem, MetiDeskError
from meti_desk.domain.kept_text import KeptDocument, KeptText
from meti_desk.formats.base import Wants
from meti_desk.services.batch import NoProgress, each
from meti_desk.services.context import Context
from meti_desk.services.facts import Facts, opened
from meti_desk.services.marks import marks_of
from meti_desk.services.ports import Prints, Progress
from meti_desk.services.sources import bad_answer

READING = Wants(findings=False, digest=False, text=True, prints=True)
"""What has to be looked at for a document to be remembered."""
CANCELLED = "batch.cancelled"
_NOT_NOW = frozenset({"store.full", "store.busy", "store.unwritable"})
"""What keeps a text from being kept, but nobody from proposing a label."""
_AT_ONCE = 64
_MERGED_WHEN_IDLE = 50_000
_MERGED_AT_LAST = 1_000_000
"""Fingerprints that wait to be merged: in the background, and while somebody waits."""


def remember(ctx: Context, facts: Facts) -> bool:
    """Keep the text and the fingerprints of a document, unless they are kept already.

    `facts` hold both (`READING`). A document without an id goes by the hash of its bytes. What is
    marked 特定秘密 is never kept, and a copy has no text of its own. That the index is full, or the
    store cannot take it just now, is no error: it keeps nobody from deciding labels. Gives false
    where it has to be tried again.
    """
    if ctx.store is None or not facts.inspection.prints:
        return True
    if facts.copied_from or any(mark.stop for mark, _ in marks_of(ctx, facts)):
        return True
    kept = ctx.store.prints
    row = _row(facts)
    held = kept.kept(row.document)
    if held == row:
        kept.skip(row.document)
        return True
    return _put(kept, row, facts)


def _put(kept: Prints, row: KeptDocument, facts: Facts) -> bool:
    from meti_desk.evidence.folding import MOST
    from meti_desk.evidence.prints import unpack

    try:
        hashes = unpack(facts.inspection.prints).tolist()
    except ValueError:
        raise bad_answer() from None
    if not hashes:  # too short to hand a passage down
        kept.forget(row.document)
        return True
    parts, room = [], MOST
    for part in facts.inspection.text:
        parts.append((part.place, part.text[:room]))
        room = max(0, room - len(part.text))
    try:
        kept.put(row, KeptText(tuple(parts)), hashes)
    except EnvironmentProblem as problem:
        if problem.code == "store.prints-full":
            kept.skip(row.document)
        elif problem.code in _NOT_NOW:
            return False
        else:
            raise
    return True


def note(ctx: Context, rows: Sequence[KeptDocument]) -> None:
    """Note documents that were looked at, to be read when there is time."""
    if ctx.store is not None and rows:
        ctx.store.prints.want(rows)


def seen(ctx: Context, facts: Facts) -> KeptDocument | None:
    """Name a document to be noted; `None` for one that is noted already, or never is.

    What has a record was noted with it, a copy has no text of its own, and of what is marked
    特定秘密 not even the name is kept.
    """
    if facts.document_id or facts.copied_from:
        return None
    return None if any(mark.stop for mark, _ in marks_of(ctx, facts)) else _row(facts)


def _row(facts: Facts) -> KeptDocument:
    return KeptDocument(
        document=facts.document_id or facts.file_hash,
        title=facts.title,
        path=str(facts.path.absolute()),
        file_hash=facts.file_hash,
    )


def catch_up(ctx: Context, progress: Progress | None = None, *, seconds: float = 0) -> int:
    """Read what was labelled or seen and not read yet; gives how many documents still wait.

    `seconds` is the time that may be taken while somebody waits; 0 takes all that it needs, and
    merges what is new into the index. Files that are gone or can no longer be read are waited for
    no longer. May be called at any time, from any thread, and be cancelled.
    """
    kept = ctx.open_store().prints
    watch = progress or NoProgress()
    until = time.monotonic() + seconds if seconds else float("inf")

    def goes_on() -> bool:
        return not watch.cancelled and time.monotonic() < until

    waiting = 0
    # Where nothing became less, the store takes nothing: the rest waits for another time.
    while goes_on() and (left := kept.to_read()) and left != waiting:
        waiting = left
        _read_all(ctx, kept.waiting(_AT_ONCE), goes_on, watch)
    if kept.to_merge() >= (_MERGED_AT_LAST if seconds else _MERGED_WHEN_IDLE):
        while goes_on() and kept.merge():
            pass
    return kept.to_read()


def unread(ctx: Context, seconds: float) -> int:
    """Catch up before a proposal, and give how many documents still wait; 0 while locked."""
    if ctx.store is None:
        return 0
    try:
        return catch_up(ctx, seconds=seconds)
    except EnvironmentProblem as problem:
        if problem.code not in _NOT_NOW:
            raise
        return ctx.store.prints.to_read()


def _read_all(
    ctx: Context, rows: Sequence[KeptDocument], goes_on: Callable[[], bool], watch: Progress
) -> None:
    """Read the newest of the documents at each path; an earlier one lies there no more."""
    newest: dict[str, KeptDocument] = {}
    for row in rows:
        newest.setdefault(row.path, row)
    kept = ctx.open_store().prints

    def read(path: Path) -> None:
        if goes_on():
            with opened(ctx, path, READING) as facts:
                settled = remember(ctx, facts)
            if settled:
                kept.skip(newest[str(path)].document)

    def failed(path: str, error: MetiDeskError) -> None:
        if error.code != CANCELLED:
            kept.skip(newest[path].document)

    each(tuple(newest), read, failed, watch)
    for row in rows:
        if newest[row.path] is not row:
            kept.skip(row.document)
