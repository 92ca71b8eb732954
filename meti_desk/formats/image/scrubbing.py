"""Removing 付加情報 from pictures without touching what is seen (Arts. 14-7, 15-2)."""

from collections.abc import Callable, Mapping
from typing import BinaryIO

from meti_desk.formats.base import Finding, Purpose, ScrubOrder, ScrubReport
from meti_desk.formats.image import (
    clean_gif,
    clean_heif,
    clean_jpeg,
    clean_png,
    clean_tiff,
    clean_webp,
)
from meti_desk.formats.image.cleaner import Cleaner
from meti_desk.formats.image.containers import guarded, opened
from meti_desk.formats.image.data import Data, Splice, write

_CLEANERS: Mapping[str, Callable[[Data, Cleaner], list[Splice]]] = {
    "jpeg": clean_jpeg.clean,
    "png": clean_png.clean,
    "webp": clean_webp.clean,
    "gif": clean_gif.clean,
    "tiff": clean_tiff.clean,
    "heic": clean_heif.clean,
    "heif": clean_heif.clean,
    "avif": clean_heif.clean,
}


def scrub(source: BinaryIO, target: BinaryIO, order: ScrubOrder) -> ScrubReport:
    """Write the picture without 付加情報; doing it twice gives the same bytes."""
    _, data, picture = opened(source)
    cleaner, splices = _look(data, picture.variant, order)
    write(data, splices, target)
    return cleaner.report()


def findings(data: Data, variant: str, purpose: Purpose) -> tuple[Finding, ...]:
    """List what a scrub with the standard choices would take out, or leave."""
    return _look(data, variant, ScrubOrder(purpose))[0].findings()


def _look(data: Data, variant: str, order: ScrubOrder) -> tuple[Cleaner, list[Splice]]:
    cleaner = Cleaner(order)
    with guarded():
        return cleaner, _CLEANERS[variant](data, cleaner)
