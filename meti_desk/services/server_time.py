"""The latest time that the ministry's server vouched for: a floor under this device's clock.

A permit that has expired stays so when the clock is set back, and when the store is restored from a
backup: the floor lies beside it, too. Only what the server signed moves it, and only forward.
"""

from datetime import date, datetime, timedelta

from meti_desk.services.context import Context
from meti_desk.services.ports import Settings

_SEEN = "sync.seen"
_STEP = timedelta(minutes=10)
"""By how much the floor moves at the least: days count, and not every sync has to write."""


def saw(ctx: Context, *times: str) -> None:
    """Keep the latest of times that the server signed (ISO 8601 with offset); others are none."""
    read = [one for one in map(_moment, times) if one is not None]
    latest = max(read, default=None)
    if latest is None:
        return
    for place in _places(ctx):
        before = _moment(place.get(_SEEN))
        if before is None or before + _STEP <= latest:
            place.put(_SEEN, latest.isoformat())


def today(ctx: Context) -> date:
    """Give the day by this device's clock, or the server's last one where that is later."""
    now = ctx.clock.now()
    if ctx.store is None:
        return now.date()
    seen = [one for place in _places(ctx) if (one := _moment(place.get(_SEEN))) is not None]
    return max((now, *(one.astimezone(now.tzinfo) for one in seen))).date()


def _places(ctx: Context) -> list[Settings]:
    return [ctx.open_store().settings, *([ctx.memory()] if ctx.memory is not None else [])]


def _moment(text: str) -> datetime | None:
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read if read.tzinfo is not None else None
