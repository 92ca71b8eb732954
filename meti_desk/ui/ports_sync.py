"""What the window asks about the sync; `services.syncing` has this shape."""

from typing import Protocol

from meti_desk.services.syncing import SyncView


class Syncing(Protocol):
    """Enrolment with the ministry's server, and the way of the records to it."""

    def status(self) -> SyncView:
        """Tell how far the server knows the records."""

    def enrol(self, code: str, url: str) -> SyncView:
        """Make this device one of the person who was given the code."""

    def sync(self) -> SyncView:
        """Send what waits."""

    def leave(self) -> None:
        """Forget the server; what was sent stays there, the records stay here."""

    def when_due(self) -> bool:
        """Sync if it is time; tells whether it was tried."""

    def outgoing(self, limit: int = 50) -> tuple[dict[str, object], ...]:
        """Give exactly what waits to be sent."""
