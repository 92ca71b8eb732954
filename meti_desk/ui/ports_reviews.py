"""What 確認 and ホーム call of reviews (Art. 4-2); `services.reviews` has this shape."""

from typing import Protocol

from meti_desk.services.review_messages import (
    CorrectionTask,
    JudgeRequest,
    ReviewRow,
    ReviewsView,
)


class Reviews(Protocol):
    """Labels that wait to be judged, and orders that this person has to carry out."""

    def view(self) -> ReviewsView:
        """Give everything that the pages show."""

    def judge(self, request: JudgeRequest) -> tuple[ReviewRow, ...]:
        """Judge: 妥当, or 修正の指示 with label and note; waits in the log until the next sync."""

    def tasks(self) -> tuple[CorrectionTask, ...]:
        """Give the orders that are open (要修正); quick, for ホーム."""

    def answer(self, review_id: str, reason: str, documents: tuple[str, ...] = ()) -> ReviewRow:
        """Object to an order with a reason (相談, Art. 7-1); it is judged again."""
