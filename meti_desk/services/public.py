"""公表済みの情報: marked once by its content, and forcing nothing from then on (Art. 4)."""

from collections.abc import Sequence
from pathlib import Path

from meti_desk.domain import events
from meti_desk.services.context import Context
from meti_desk.services.facts import hash_of
from meti_desk.services.writing import record_only

_KEY = "public."


def mark_published(ctx: Context, paths: Sequence[str]) -> None:
    """Note that these files hold what is already published: 法令, 公表資料.

    The note goes by the bytes: a changed copy is another document. Recorded in 取扱記録.
    """
    store = ctx.open_store()
    for path in map(Path, paths):
        with ctx.files.open_source(path) as file:
            sha256 = hash_of(file)
        if not is_public(ctx, sha256):
            record_only(ctx, events.PUBLIC, events.public_body(title=path.name, sha256=sha256))
            store.settings.put(_KEY + sha256, ctx.clock.now().isoformat(timespec="seconds"))


def is_public(ctx: Context, sha256: str) -> bool:
    """Tell whether these bytes were marked as published; nothing is while the store is locked."""
    return ctx.store is not None and bool(ctx.store.settings.get(_KEY + sha256))
