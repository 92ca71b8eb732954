"""Moments as people read them on a command line: by the clock of this place, to the minute."""

from datetime import UTC, datetime


def local(at: str | int) -> str:
    """Write a moment (ISO 8601, or milliseconds since 1970) as `2026-11-23 18:05`.

    The server counts in UTC and in milliseconds; nobody reads either. A text that is no moment is
    given back as it is, and one without an offset is taken to be of this place already.
    """
    if isinstance(at, int):
        read = datetime.fromtimestamp(at / 1000, UTC)
    else:
        try:
            read = datetime.fromisoformat(at)
        except ValueError:
            return at
    if read.tzinfo is not None:
        read = read.astimezone()
    return f"{read:%Y-%m-%d %H:%M}"
