"""Removes 付加情報 from a file inside another by the family of that file, within limits.

A family whose files hold files offers `scrub_within(source, target, order, nest)` beside `scrub`,
as it offers `inspect_within`, so that the limits hold for all levels together (Arts. 14-7, 15-2).
What cannot be cleaned is never carried over in silence: it blocks, with its place.
"""

import io
from typing import BinaryIO, NamedTuple, Protocol, cast

from meti_desk.domain.errors import InvalidInput, MetiDeskError, RuleViolation
from meti_desk.formats.base import DocumentFormat, Finding, ScrubOrder, ScrubReport, Wants
from meti_desk.formats.members import Budget, Nest, obstacle_of
from meti_desk.formats.noting import Notes
from meti_desk.formats.registry import find

UNSUPPORTED = "scrub.unsupported-format"
_FILES, _EXPANDED = 5_000, 512 << 20


class Cleaner(Protocol):
    """A family whose files hold files, and are rewritten with them."""

    def scrub_within(
        self, source: BinaryIO, target: BinaryIO, order: ScrubOrder, nest: Nest
    ) -> ScrubReport:
        """Scrub as one file among others."""

    def findings_within(
        self, source: BinaryIO, order: ScrubOrder, nest: Nest
    ) -> tuple[Finding, ...]:
        """List findings as one file among others, with what this order does to them."""


class Kinds(NamedTuple):
    """What the outer family calls a file inside that it cannot clean, or will not."""

    unsupported: str
    refused: str


def first_nest() -> Nest:
    """Give the outermost level; a scrub may look at more files than an inspection."""
    return Nest(Budget(files=_FILES, expanded=_EXPANDED))


def spend(nest: Nest, size: int) -> None:
    """Take one file off the common budget; `InvalidInput("document.bomb")` when it is used up."""
    nest.budget.files -= 1
    nest.budget.expanded -= size
    if nest.budget.files < 0:
        raise InvalidInput("document.bomb", what="files")
    if nest.budget.expanded < 0:
        raise InvalidInput("document.bomb", what="total")


def clean_inside(data: bytes, place: str, notes: Notes, kinds: Kinds, nest: Nest) -> bytes:
    """Give a file inside without 付加情報, or as it is where that was noted as blocking or kept."""
    spend(nest, len(data))
    if not data:
        return data
    source, target = io.BytesIO(data), io.BytesIO()
    try:
        found = find(source)
        if nest.depth <= 1 and hasattr(found.family, "scrub_within"):
            notes.add(kinds.refused, place, "too-deep")
            return data
        if notes.showing:
            notes.found_inside(place, _findings(found.family, source, notes.order, nest))
        report = _scrubbed(found.family, source, target, notes.order, nest)
    except Exception as error:  # noqa: BLE001 - a library may raise anything at all on a bad file
        _note_refusal(error, place, notes, kinds)
        return data
    if not notes.showing:
        notes.done_inside(place, report)
    return target.getvalue()


def _scrubbed(
    family: DocumentFormat, source: BinaryIO, target: BinaryIO, order: ScrubOrder, nest: Nest
) -> ScrubReport:
    if hasattr(family, "scrub_within"):
        return cast("Cleaner", family).scrub_within(source, target, order, nest.deeper())
    return family.scrub(source, target, order)


def _findings(
    family: DocumentFormat, source: BinaryIO, order: ScrubOrder, nest: Nest
) -> tuple[Finding, ...]:
    if hasattr(family, "findings_within"):
        # What is inside is counted once, by the scrub that follows.
        spare = Nest(Budget(nest.budget.files, nest.budget.expanded), nest.depth - 1)
        return cast("Cleaner", family).findings_within(source, order, spare)
    return family.inspect(source, Wants(digest=False, purpose=order.purpose)).findings


def _note_refusal(error: Exception, place: str, notes: Notes, kinds: Kinds) -> None:
    """Note why a file inside could not be cleaned, by its code and the kind that stands in the way.

    What a listing already named as blocking is not named twice.
    """
    code = error.code if isinstance(error, MetiDeskError) else obstacle_of(error)
    if code == "document.bomb":
        raise error
    if code == UNSUPPORTED:
        told = str(cast("RuleViolation", error).params.get("format", ""))
        notes.add(kinds.unsupported, place, told)
        return
    if code == "scrub.blocked" and notes.showing:
        return
    kind = cast("MetiDeskError", error).params.get("kind", "") if code == "scrub.blocked" else ""
    notes.add(kinds.refused, place, f"{code} {kind}".strip())
