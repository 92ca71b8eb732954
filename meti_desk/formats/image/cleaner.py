"""Collecting what a scrub finds in a picture and what it takes out (Arts. 14-7, 15-2)."""

from collections import Counter
from typing import NamedTuple

from meti_desk.formats.base import Finding, Removed, ScrubOrder, ScrubReport, Severity
from meti_desk.formats.image.data import Splice
from meti_desk.formats.image.exif import decoded
from meti_desk.formats.image.profile import told_by, without_device

LOCATION = "image.location"
EXIF = "image.exif"
MAKER_NOTE = "image.maker-note"
THUMBNAIL = "image.thumbnail"
FURTHER_PICTURE = "image.further-picture"
IPTC = "image.iptc"
XMP = "image.xmp"
OWN = "image.own-property"
COMMENT = "image.comment"
TEXT = "image.text"
TIME = "image.time"
TRAILING = "image.trailing"
APPLICATION = "image.application-data"
PRIVATE = "image.private-chunk"
FIELD = "image.tiff-field"
ITEM = "image.item"
UNUSED = "image.unused-bytes"
DEVICE = "image.profile-device"

KINDS: dict[str, tuple[int, Severity]] = {
    LOCATION: (12, "high"),
    EXIF: (12, "high"),
    MAKER_NOTE: (12, "high"),
    THUMBNAIL: (12, "high"),
    FURTHER_PICTURE: (12, "high"),
    IPTC: (12, "high"),
    XMP: (12, "high"),
    COMMENT: (12, "high"),
    TRAILING: (12, "high"),
    APPLICATION: (12, "medium"),
    TEXT: (14, "high"),
    TIME: (14, "medium"),
    PRIVATE: (14, "medium"),
    FIELD: (14, "medium"),
    ITEM: (14, "high"),
    UNUSED: (14, "medium"),
    DEVICE: (14, "medium"),
    OWN: (15, "medium"),
}
"""Each kind of finding with its class and its severity."""

_LONGEST = 80


class Note(NamedTuple):
    """One thing found; `kept` when the person wants it to stay."""

    kind: str
    place: str
    value: str
    kept: bool


class Cleaner:
    """What one look at a picture finds, and the changes that take it out."""

    def __init__(self, order: ScrubOrder) -> None:
        self.order = order
        self.notes: list[Note] = []
        self.splices: list[Splice] = []

    def keeps(self, kind: str) -> bool:
        """Tell whether the person wants this kind of thing to stay."""
        if kind == OWN and self.order.purpose == "publish":
            return False
        return kind in self.order.keep or str(KINDS[kind][0]) in self.order.keep

    def found(self, kind: str, place: str, value: bytes | str = "") -> bool:
        """Note something; tells whether it goes."""
        kept = self.keeps(kind)
        self.notes.append(Note(kind, place, shortened(value), kept))
        return not kept

    def profile(self, profile: bytes, place: str) -> bytes:
        """Note what a colour profile tells of its device; gives what stays, as long as it was."""
        left = without_device(profile)
        if left == profile or not self.found(DEVICE, place, told_by(profile)):
            return profile
        return left

    def cut(self, start: int, stop: int, new: bytes = b"") -> None:
        """Replace a span of the file."""
        self.splices.append(Splice(start, stop, new))

    def findings(self) -> tuple[Finding, ...]:
        """List what was found; equal ones at one place are counted."""
        counts = Counter(self.notes)
        return tuple(
            Finding(one.kind, *KINDS[one.kind], one.place, one.value, count,
                    "kept" if one.kept else "removed")
            for one, count in counts.items()
        )  # fmt: skip

    def report(self) -> ScrubReport:
        """Tell what went and what was left."""
        gone = Counter(one.kind for one in self.notes if not one.kept)
        return ScrubReport(
            removed=tuple(Removed(kind, count) for kind, count in sorted(gone.items())),
            left=tuple(one for one in self.findings() if one.removal == "kept"),
        )


def shortened(value: bytes | str) -> str:
    """Make a value fit to be shown: on one line, printable, 80 characters."""
    text = decoded(value[: 4 * _LONGEST]) if isinstance(value, bytes) else value
    plain = "".join(one if one.isprintable() else " " for one in text[: 4 * _LONGEST])
    plain = " ".join(plain.split())
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"
