"""What the window asks about the sync; `services.syncing` has this shape."""

from typing import TYPE_CHECKING, Protocol

from meti_desk.services.syncing import SyncView

if TYPE_CHECKING:
    from meti_desk.services.login import Landing


class Syncing(Protocol):
    """Enrolment with the ministry's server, and the way of the records to it."""

    def status(self) -> SyncView:
        """Tell how far the server knows the records."""

    def enrol(self, code: str, url: str) -> SyncView:
        """Make this device one of the person who was given the code."""

    def enrol_by_login(self, url: str, landing: "Landing", pinned: str = "") -> SyncView:
        """Make this device one of the person who logs in in the browser (OIDC)."""

    def sync(self) -> SyncView:
        """Send what waits."""

    def leave(self) -> None:
        """Forget the server; what was sent stays there, the records stay here."""

    def when_due(self) -> bool:
        """Sync if it is time; tells whether it was tried."""

    def outgoing(self, limit: int = 50) -> tuple[dict[str, object], ...]:
        """Give exactly what waits to be sent."""
