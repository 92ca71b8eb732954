"""Collecting what a look at a media file finds, what is heard and seen, and what is taken out."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from meti_desk.domain.errors import RuleViolation
from meti_desk.formats.base import Finding, Removal, Removed, ScrubOrder, ScrubReport
from meti_desk.formats.image.cleaner import shortened
from meti_desk.formats.image.data import Data, Part, damaged
from meti_desk.formats.media.kinds import KINDS

_PIECE = 1 << 20
_ZEROS = bytes(_PIECE)


class Note(NamedTuple):
    """One thing found, and what becomes of it."""

    kind: str
    place: str
    value: str
    removal: Removal


class Change(NamedTuple):
    """Replace the bytes from `start` to `stop`; `None` stands for as many zeros."""

    start: int
    stop: int
    new: bytes | None


class Cleaner:
    """What one look at a file finds, the changes that take it out, and what stays to be heard."""

    def __init__(self, order: ScrubOrder) -> None:
        self.order = order
        self.notes: list[Note] = []
        self.changes: list[Change] = []
        self._shown: list[Part] = []

    def removal(self, kind: str) -> Removal:
        """Tell what becomes of a kind of finding under this order."""
        group, _, provided, published = KINDS[kind]
        if kind in self.order.keep or str(group) in self.order.keep:
            return "kept"
        return published if self.order.purpose == "publish" else provided

    def found(self, kind: str, place: str, value: bytes | str = "") -> bool:
        """Note something; tells whether it goes."""
        removal = self.removal(kind)
        self.notes.append(Note(kind, place, shortened(value), removal))
        return removal == "removed"

    def blocked(self, kind: str, place: str, value: bytes | str = "") -> None:
        """Note something that cannot be taken out of this kind of file."""
        self.notes.append(Note(kind, place, shortened(value), "blocks"))

    def cut(self, start: int, stop: int, new: bytes = b"") -> None:
        """Replace a span of the file by these bytes."""
        self.changes.append(Change(start, stop, new))

    def zero(self, start: int, stop: int) -> None:
        """Overwrite a span with zeros, however long it is."""
        self.changes.append(Change(start, stop, None))

    def seen(self, name: str, *content: bytes | tuple[int, int]) -> None:
        """Take a part that is heard or seen: bytes, or spans of the file."""
        self._shown.append(Part(name, content))

    def digest(self, data: Data, variant: str) -> str:
        """Digest what is heard and seen, SHA-256 in hex: no scrub and no tag changes it (rules)."""
        whole = hashlib.sha256(variant.encode())
        for part in self._shown:
            whole.update(f"\0{part.name}\0{part.hash(data)}".encode())
        return whole.hexdigest()

    def findings(self) -> tuple[Finding, ...]:
        """List what was found; equal ones at one place are counted."""
        return tuple(
            Finding(one.kind, KINDS[one.kind].group, KINDS[one.kind].severity, one.place,
                    one.value, count, one.removal)
            for one, count in Counter(self.notes).items()
        )  # fmt: skip

    def report(self) -> ScrubReport:
        """Tell what went and what was left.

        Raises `RuleViolation("scrub.blocked", kind=…, count=…)` for what a person has to solve.
        """
        blocking = [one.kind for one in self.notes if one.removal == "blocks"]
        if blocking:
            articles = ("15-2",) if self.order.purpose == "publish" else ("14-7",)
            raise RuleViolation(
                "scrub.blocked", articles=articles, kind=blocking[0], count=len(blocking)
            )
        gone = Counter(one.kind for one in self.notes if one.removal == "removed")
        return ScrubReport(
            removed=tuple(Removed(kind, count) for kind, count in sorted(gone.items())),
            left=tuple(one for one in self.findings() if one.removal != "removed"),
        )


def write(data: Data, changes: list[Change], target: BinaryIO) -> None:
    """Write the source with the changes done, in constant memory; they must not overlap."""
    target.seek(0)
    at = 0
    for start, stop, new in sorted(changes, key=lambda one: one[:2]):
        if start < at or stop < start:
            raise damaged("overlap")
        target.writelines(data.pieces(at, start))
        target.writelines(_zeros(stop - start) if new is None else (new,))
        at = stop
    target.writelines(data.pieces(at, data.size))
    target.truncate()


def _zeros(length: int) -> Iterator[bytes]:
    for at in range(0, length, _PIECE):
        yield _ZEROS[: length - at]


def is_blank(data: Data, start: int, stop: int, blank: bytes = b"\0") -> bool:
    """Tell whether a span holds nothing but zeros."""
    return not any(piece.strip(blank) for piece in data.pieces(start, stop))


def unsupported(variant: str, what: str) -> RuleViolation:
    """Name what keeps a whole file from being cleaned, though nothing is broken."""
    return RuleViolation("scrub.unsupported-format", articles=("14-7",), format=variant, what=what)
