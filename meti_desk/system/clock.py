"""The time of this computer."""

from datetime import datetime


class SystemClock:
    """Implements the port `Clock`."""

    def now(self) -> datetime:
        """Give the present moment with the offset of this place."""
        return datetime.now().astimezone()
