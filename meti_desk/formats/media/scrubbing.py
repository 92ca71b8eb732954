"""Looking at media files, and removing what they tell besides sound and film (Arts. 14-7, 15-2)."""

import struct
from collections.abc import Callable, Mapping
from typing import BinaryIO

from meti_desk.domain.errors import InvalidInput, MetiDeskError
from meti_desk.formats.base import Inspection, ScrubOrder, ScrubReport, Wants
from meti_desk.formats.image.data import Data, damaged
from meti_desk.formats.media import asf, bmp, flac, mp3, mp4, ogg, riff
from meti_desk.formats.media.cleaner import Cleaner, unsupported, write
from meti_desk.formats.media.kinds import UNCHECKED

_CLEANERS: Mapping[str, Callable[[Data, Cleaner], None]] = {
    "mp3": mp3.clean,
    "flac": flac.clean,
    "ogg": ogg.clean,
    "wav": riff.clean_wave,
    "avi": riff.clean_avi,
    "mp4": mp4.clean,
    "mov": mp4.clean,
    "asf": asf.clean,
    "bmp": bmp.clean,
}
_ONLY_SHOWN = "asf"
_RIFF = {b"WAVE": "wav", b"AVI ": "avi"}


def variant_of(data: Data, head: bytes) -> str | None:
    """Name what a file is, or `None`; fails on no damage."""
    if head[:4] in (b"RIFF", b"RF64", b"BW64"):
        return _RIFF.get(head[8:12])
    for magic, variant in ((b"OggS", "ogg"), (flac.MAGIC, "flac"), (asf.MAGIC, "asf")):
        if head.startswith(magic):
            return variant
    if bmp.recognise(head):
        return "bmp"
    try:
        with_tag = head[:3] == b"ID3" and flac.start_of(data) is not None
        found = "flac" if with_tag else mp3.variant_of(data, head)
    except InvalidInput:
        found = "mp3" if head[:3] == b"ID3" else None
    try:
        return found or mp4.variant_of(data, head)
    except InvalidInput:
        return None


def inspect(data: Data, variant: str, wants: Wants, whole: Callable[[], str]) -> Inspection:
    """Tell findings and digest; `whole` gives the digest of a file that is not understood.

    The digest is one over what is heard and seen, so that it stays when tags go. A file that does
    not hold together, or is never rewritten, is digested as it is.
    """
    cleaner = Cleaner(ScrubOrder(wants.purpose))
    digest = ""
    if wants.findings or wants.digest:
        try:
            look(data, variant, cleaner)
        except MetiDeskError as error:
            cleaner.blocked(UNCHECKED, variant, str(error.params.get("what", error.code)))
            digest = whole() if wants.digest else ""
        else:
            if wants.digest:
                digest = whole() if variant == _ONLY_SHOWN else cleaner.digest(data, variant)
    return Inspection(
        format=variant,
        findings=cleaner.findings() if wants.findings else (),
        digest=digest,
        embeds=False,
        markable=False,
    )


def scrub(data: Data, variant: str, target: BinaryIO, order: ScrubOrder) -> ScrubReport:
    """Write the file without 付加情報; doing it twice gives the same bytes.

    Raises `InvalidInput("document.damaged")`, `RuleViolation`: `scrub.unsupported-format` (`what`
    tells the reason), `scrub.blocked`.
    """
    if variant == _ONLY_SHOWN:
        raise unsupported(variant, "packets")
    cleaner = Cleaner(order)
    look(data, variant, cleaner)
    report = cleaner.report()
    write(data, cleaner.changes, target)
    return report


def look(data: Data, variant: str, cleaner: Cleaner) -> None:
    """Look at a file once; whatever a structure that does not hold makes Python raise is named."""
    try:
        _CLEANERS[variant](data, cleaner)
    except (IndexError, ValueError, OverflowError, RecursionError, struct.error) as bad:
        if isinstance(bad, MetiDeskError):
            raise
        raise damaged("structure") from bad
