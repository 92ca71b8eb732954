"""What a redaction (墨消し) is asked for and what it tells, the same for every format.

Redacted content is taken out of the document and its place is shown as black; nothing is covered
that is still there.
"""

import msgspec

from meti_desk.formats.base import Finding, Purpose, Removed, Revisions, WordList

ALL_DETECTORS = "all"
"""Stands for every detector of personal data."""


class RedactionArea(msgspec.Struct, frozen=True):
    """A rectangle on a page as the reader sees it: points (1/72 inch) from its upper left corner.

    `page` counts from 1. The page is taken as it is shown, turned by its rotation.
    """

    page: int
    x: float
    y: float
    width: float
    height: float


class RedactionPlace(msgspec.Struct, frozen=True, kw_only=True):
    """One place that is to be, or was, made black.

    `place` is `page 3`, `body`, `header`, …; `reason` is `word`, `area` or the id of the detector
    that found it (`my-number`, …, `word.ID` for a list of the policy). `text` is what stands
    there, shortened to 40 characters, and masked where the detector masks it. `boxes` tell where it
    is on the page; formats without pages leave them empty.
    """

    place: str
    reason: str
    text: str = ""
    count: int = 1
    boxes: tuple[RedactionArea, ...] = ()


class RedactOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What to take out (Arts. 14-7, 15-2): words, areas, and what detectors find.

    Words are compared without case, width and white space (NFKC), also over the ends of lines.
    `detectors` are ids of `meti_desk.evidence.clues` or `all`; `lists` are words of the policy.
    The normal scrub for `purpose` runs as well; `revisions` says what it does with 変更履歴.
    """

    words: tuple[str, ...] = ()
    areas: tuple[RedactionArea, ...] = ()
    detectors: tuple[str, ...] = ()
    lists: tuple[WordList, ...] = ()
    purpose: Purpose = "provide"
    revisions: Revisions = "accept"

    def __repr__(self) -> str:
        """Leave the words out: they are what nobody is to read."""
        return f"RedactOrder({len(self.words)} words, {len(self.areas)} areas, {self.detectors!r})"


class RedactReport(msgspec.Struct, frozen=True, kw_only=True):
    """What was made black, what the scrub removed besides, and what the person has to know.

    `notes` are codes, with a page or number behind a colon: `redact.pictures-not-searched:3`.
    """

    places: tuple[RedactionPlace, ...] = ()
    removed: tuple[Removed, ...] = ()
    left: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
