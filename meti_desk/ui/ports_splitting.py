"""What the window asks about splitting, joining and passwords; the services have these shapes."""

from collections.abc import Sequence
from typing import Protocol

from meti_desk.services.password_messages import AgreedDone, AgreedView, AgreeRequest, SlipRequest
from meti_desk.services.ports import Progress
from meti_desk.services.splitting_messages import (
    JoinDone,
    JoinRequest,
    JoinView,
    RouteView,
    SplitDone,
    SplitRequest,
    WordsView,
)


class Splits(Protocol):
    """Splitting and joining (Art. 14-5); `services.splits` has this shape."""

    def routes(self, parts: int) -> tuple[RouteView, ...]:
        """Give the ways to choose from, those proposed for so many parts first."""

    def split(self, request: SplitRequest, progress: Progress) -> SplitDone:
        """Split a file into parts."""

    def look(self, request: JoinRequest) -> JoinView:
        """Tell which parts there are and which are missing."""

    def join(self, request: JoinRequest, progress: Progress) -> JoinDone:
        """Put a document together again."""

    def check_words(self, text: str) -> WordsView:
        """Tell which typed words cannot be right."""


class Passwords(Protocol):
    """The book of agreed passwords (Art. 14-1); `services.passwords` has this shape."""

    def entry(self, recipient: str) -> AgreedView | None:
        """Give what is agreed with a recipient, without the password."""

    def list(self) -> tuple[AgreedView, ...]:
        """Give the book without the passwords."""

    def agree(self, request: AgreeRequest) -> AgreedDone:
        """Take a password into use."""

    def reveal(self, recipient: str) -> str:
        """Give the password in use."""

    def use(self, recipients: Sequence[str]) -> str:
        """Give the one password of these recipients, and note that it was used."""

    def forget(self, recipient: str) -> tuple[str, ...]:
        """Drop all passwords of a recipient."""

    def slip(self, request: SlipRequest) -> str:
        """Write パスワード通知書 as docx or PDF and give its name."""
