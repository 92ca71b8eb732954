"""Splitting and joining as one object, for window and command line (Art. 14-5)."""

from meti_desk.services import joining, splitting
from meti_desk.services.context import Context
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


class Splits:
    """Everything about parts; methods block and may be called from any thread."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def routes(self, parts: int) -> tuple[RouteView, ...]:
        """Give the ways to choose from, those proposed for so many parts first."""
        return splitting.offered_routes(parts)

    def split(self, request: SplitRequest, progress: Progress | None = None) -> SplitDone:
        """Split a file into parts."""
        return splitting.split(self._ctx, request, progress)

    def look(self, request: JoinRequest) -> JoinView:
        """Tell which parts there are and which are missing; writes nothing."""
        return joining.look(self._ctx, request)

    def join(self, request: JoinRequest, progress: Progress | None = None) -> JoinDone:
        """Put a document together again."""
        return joining.join(self._ctx, request, progress)

    def check_words(self, text: str) -> WordsView:
        """Tell while words are being typed which of them cannot be right."""
        return joining.check_words(text)
