"""The desk before it is made: it comes into being at the first call, in the background thread."""

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from meti_desk.ui.ports import Desk, DeskFactory


class _Late:
    """Hands every question to a desk that is made when the first one comes."""

    def __init__(self, make: "DeskFactory") -> None:
        self._make = make
        self._desk: Desk | None = None

    def __getattr__(self, name: str) -> object:
        if self._desk is None:
            self._desk = self._make()
        return getattr(self._desk, name)


def late(make: "DeskFactory") -> "Desk":
    """Give a desk whose making, with all its imports, waits for the first question.

    The window asks in its background thread only, so that the first page does not wait for it. What
    the making raises, the question raises; the next question tries again.
    """
    return cast("Desk", _Late(make))
