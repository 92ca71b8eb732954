"""What goes into a redaction (墨消し) and what is shown before it is done."""

import msgspec

from meti_desk.formats.base import Purpose, Revisions
from meti_desk.formats.redaction import RedactionArea, RedactionPlace
from meti_desk.services.messages import ErrorView

__all__ = ["RedactRequest", "RedactionArea", "RedactionPlace", "RedactionPreview"]


class RedactRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Take words, areas and personal data out of copies in `out` (Arts. 14-7, 15-2).

    `areas` are for PDF and apply to every file named. `detectors` are ids (`my-number`, `phone`, …,
    `word.ID` for a list of the policy) or `all`, which means every detector and no word list.
    """

    paths: tuple[str, ...]
    out: str = ""
    words: tuple[str, ...] = ()
    areas: tuple[RedactionArea, ...] = ()
    detectors: tuple[str, ...] = ()
    purpose: Purpose = "provide"
    revisions: Revisions = "accept"

    def __repr__(self) -> str:
        """Leave the words out."""
        return f"RedactRequest({self.paths!r}, {len(self.words)} words, {len(self.areas)} areas)"


class RedactionPreview(msgspec.Struct, frozen=True, kw_only=True):
    """One row of `redaction_preview`: what would be made black, before anything is written."""

    path: str
    format: str = ""
    places: tuple[RedactionPlace, ...] = ()
    notes: tuple[str, ...] = ()
    error: ErrorView | None = None
