"""Dates and times as they are shown."""

from datetime import UTC, date, datetime

from meti_desk.ui.strings import language


def today() -> date:
    """Give the day at the person's desk."""
    return datetime.now(UTC).astimezone().date()


def days_left(iso: str) -> int:
    """Count the days until an ISO date; negative when it is over; 0 for what is no date."""
    try:
        return (date.fromisoformat(iso[:10]) - today()).days
    except ValueError:
        return 0


def shown_day(iso: str) -> str:
    """Write an ISO date as 11月30日, with the year when it is another year."""
    try:
        day = date.fromisoformat(iso[:10])
    except ValueError:
        return iso
    if language() == "en":
        return day.isoformat()
    year = "" if day.year == today().year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日"


def shown_moment(iso: str) -> str:
    """Write an ISO moment as 2026-11-22 09:12 in the person's own time."""
    try:
        return datetime.fromisoformat(iso).astimezone().strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return iso


def shown_when(iso: str) -> str:
    """Write an ISO moment as 9:12 when it is of today, else as 11月20日 9:12."""
    try:
        moment = datetime.fromisoformat(iso).astimezone()
    except ValueError:
        return iso
    time = f"{moment.hour}:{moment.minute:02d}"
    if moment.date() == today():
        return time
    return f"{shown_day(moment.date().isoformat())} {time}"
