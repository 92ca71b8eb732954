"""What 機密性3情報管理簿 calls (Art. 11-2); `services.register` has this shape."""

from pathlib import Path
from typing import Protocol

from meti_desk.services.register_messages import (
    RegisterEnd,
    RegisterNote,
    RegisterRow,
    RegisterView,
    StockEntry,
    StockOutcome,
)


class Register(Protocol):
    """The register: one's own entries, and for the responsible person those of the 課室."""

    def view(self, words: str = "", *, ended: bool = False) -> RegisterView:
        """Give entries that contain the words; those disposed of or lowered only if `ended`."""

    def show(self, entry: str) -> RegisterRow:
        """Give one entry with its history, named by id, number or document id."""

    def note(self, note: RegisterNote) -> RegisterRow:
        """Correct or add by hand; what was there before stays in the history."""

    def give_back(self, end: RegisterEnd) -> RegisterRow:
        """Record that a copy came back (返却)."""

    def dispose(self, end: RegisterEnd) -> RegisterRow:
        """Record that a copy or the document was erased or destroyed (消去・廃棄)."""

    def stocktake(self, results: tuple[StockEntry, ...]) -> StockOutcome:
        """Record a stock-taking (棚卸し); only by the responsible person."""

    def export(self, path: Path, *, ended: bool = False) -> Path:
        """Write the register with boxes to tick as docx or CSV, by the suffix; gives the name."""
