"""The latest time that the ministry's server vouched for: a floor under this device's clock.

A permit that has expired stays so when the clock is set back. Only what the server signed moves
the floor, and only forward.
"""

from datetime import date, datetime

from meti_desk.services.context import Context

_SEEN = "sync.seen"


def saw(ctx: Context, *times: str) -> None:
    """Keep the latest of times that the server signed (ISO 8601 with offset); others are none."""
    read = [one for one in map(_moment, times) if one is not None]
    settings = ctx.open_store().settings
    before = _moment(settings.get(_SEEN))
    latest = max((*read, *((before,) if before else ())), default=None)
    if latest is not None and latest != before:
        settings.put(_SEEN, latest.isoformat())


def today(ctx: Context) -> date:
    """Give the day by this device's clock, or the server's last one where that is later."""
    now = ctx.clock.now()
    if ctx.store is None:
        return now.date()
    seen = _moment(ctx.store.settings.get(_SEEN))
    return max(now, seen.astimezone(now.tzinfo)).date() if seen else now.date()


def _moment(text: str) -> datetime | None:
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read if read.tzinfo is not None else None
