"""取扱記録 as lists and as CSV that Excel opens."""

from collections.abc import Iterator
from pathlib import Path

from meti_desk.domain import events
from meti_desk.domain.ledger import Event
from meti_desk.services.context import Context
from meti_desk.services.messages import LedgerRow
from meti_desk.services.report import table
from meti_desk.services.views import recorded_label


def listed(ctx: Context, words: str, limit: int) -> tuple[LedgerRow, ...]:
    """Give entries, newest first; with words, those that contain them."""
    ledger = ctx.open_store().ledger
    if words.strip():
        return tuple(row(event) for event in ledger.search(words.strip(), limit=limit))
    return tuple(row(event) for event in ledger.events(newest_first=True, limit=limit))


def row(event: Event) -> LedgerRow:
    """Show one event."""
    data = event.data()
    label = data.get(events.LABEL)
    return LedgerRow(
        id=event.id,
        seq=event.seq,
        at=event.at,
        kind=event.kind,
        document=str(data.get(events.DOCUMENT, "")),
        title=str(data.get(events.TITLE, "")),
        label=recorded_label(label) if isinstance(label, dict) else None,
        detail=data,
    )


def export(ctx: Context, path: Path) -> Path:
    """Write all entries, oldest first, as UTF-8 CSV with a byte order mark; gives the name."""
    head = ("番号", "日時", "種類", "行為", "文書", "機密性", "相手", "記録番号", "ハッシュ")
    return table(ctx, path, head, _lines(ctx))


def _lines(ctx: Context) -> Iterator[tuple[str, ...]]:
    for event in ctx.open_store().ledger.events():
        record = events.read(event)
        yield (
            str(event.seq), event.at, event.kind, "・".join(record.acts), record.title,
            f"機密性{record.c}" if record.c else "", "・".join(record.recipients),
            event.id, event.hash,
        )  # fmt: skip
