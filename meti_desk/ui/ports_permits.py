"""What 申請・許可 and 許可・確認 call of permits; `services.permits` has this shape."""

from pathlib import Path
from typing import Protocol

from meti_desk.services.permit_messages import (
    AskRequest,
    DecideRequest,
    PermitRow,
    PermitsView,
    StandingRow,
)


class Permits(Protocol):
    """Permits of the person who works here, and those that wait for their decision."""

    def view(self) -> PermitsView:
        """Give everything that the pages show."""

    def ask(self, request: AskRequest) -> PermitRow:
        """Ask (申請); it waits in the log until the next sync."""

    def withdraw(self, permit_id: str) -> PermitRow:
        """Take a request back (取下げ)."""

    def decide(self, request: DecideRequest) -> tuple[PermitRow, ...]:
        """Grant, grant with measures, or refuse (許可・条件付許可・却下)."""

    def revoke(self, permit_id: str, note: str) -> PermitRow:
        """Take a permit back that was given (取消し)."""

    def report(self, permit_id: str, text: str) -> PermitRow:
        """Report the end (終了報告, Art. 77-3)."""

    def judge_noted(self, noted_id: str, *, right: bool, note: str) -> None:
        """Confirm a noted permission, or say that it was not so."""

    def stand(self, row: StandingRow) -> StandingRow:
        """Decide in advance about a `consider` measure."""

    def end_standing(self, standing_id: str) -> None:
        """Take such a decision back."""

    def record(self, path: Path) -> Path:
        """Write the records of permits as docx or CSV, by the suffix (Arts. 77-2, 77-6)."""
