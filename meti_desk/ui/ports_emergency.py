"""What the window asks in an emergency of cryptography; `services.emergency` has this shape."""

from collections.abc import Sequence
from typing import Protocol

from meti_desk.services.emergency_messages import (
    Affected,
    AlgorithmRow,
    RemovedCopy,
    ReprotectRequest,
)
from meti_desk.services.messages import Done
from meti_desk.services.ports import Progress


class Emergency(Protocol):
    """The table of algorithms, its marks, and what they concern (Art. 30-2)."""

    def algorithms(self) -> tuple[AlgorithmRow, ...]:
        """Give the table with its marks."""

    def mark(self, ids: Sequence[str], reference: str, *, since: str = "") -> Affected:
        """Mark algorithms and tell what that concerns."""

    def lift(self, ids: Sequence[str], reference: str) -> None:
        """Take marks back."""

    def take_notice(self, path: str) -> Affected:
        """Take over a signed notice."""

    def affected(self) -> Affected:
        """List files and keys."""

    def reprotect(self, request: ReprotectRequest, progress: Progress | None = None) -> Done:
        """Protect files anew beside the old ones."""

    def remove_old(self, ids: Sequence[str] = ()) -> tuple[RemovedCopy, ...]:
        """Remove the old copies."""
