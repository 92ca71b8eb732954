"""Pictures, sounds and films of a presentation: cleaned by the families they belong to."""

import io

from meti_desk.domain.errors import MetiDeskError
from meti_desk.formats.base import Finding, ScrubOrder, ScrubReport
from meti_desk.formats.container import Made, damaged
from meti_desk.formats.ooxml.notes import Notes
from meti_desk.formats.ooxml.package import Package

LARGEST = 24 << 20
"""Bytes of a medium that is cleaned in memory; a longer film is told as unchecked."""
_HELD = 16 << 20
"""Bytes of cleaned media that are kept until they are written; what is beyond is cleaned anew."""
_KINDS = ("image", "video", "audio", "media", "hdphoto", "wavAudio")
_PICTURES = frozenset(
    {
        *(
            "jpg",
            "jpeg",
            "jpe",
            "jfif",
            "png",
            "gif",
            "tif",
            "tiff",
            "webp",
            "heic",
            "heif",
            "avif",
        ),
        *("bmp", "svg", "emf", "wmf", "wdp", "emz", "wmz", "pct", "pict", "ico"),
    }
)
FOREIGN = frozenset(
    {"text", "docx", "xlsx", "pptx", "odf", "archive", "pdf", "mail", "msg", "legacy"}
)
"""Families of documents: a medium that turns out to be one is left to a person."""


def media_of(package: Package) -> list[str]:
    """Give the members that hold pictures, sounds and films."""
    found = {
        link.target
        for part in ("", *package.names)
        for link in package.links(part)
        if link.kind in _KINDS and not link.external
    }
    return [name for name in package.names if name in found or "/media/" in name.lower()]


def clean_media(package: Package, notes: Notes, order: ScrubOrder) -> None:
    """Let each medium be cleaned by its family; tell of those that none can clean (class 12)."""
    held = 0
    for name in media_of(package):
        group = "image" if name.rpartition(".")[2].lower() in _PICTURES else "media"
        if package.size(name) > LARGEST:
            notes.add(f"pptx.{group}-unchecked", "media", name)
            continue
        source = io.BytesIO(package.data(name))
        made = cleaned(source, order)
        if made is None:
            notes.add(f"pptx.{group}-unchecked", "media", name)
            continue
        target, report, left = made
        what = ", ".join(one.kind.rpartition(".")[2] for one in report.removed)
        dirty = bool(report.removed) and target != source.getvalue()
        if dirty and notes.add(f"pptx.{group}-metadata", "media", f"{name}: {what}"):
            held += len(target)
            package.set_data(name, target if held <= _HELD else _anew(package, name, order))
        if left:
            notes.add(f"pptx.{group}-unchecked", "media", f"{name}: {left[0].kind}")


def _anew(package: Package, name: str, order: ScrubOrder) -> Made:
    """Clean a medium once more when it is written; photographs of a whole deck may be many."""
    read = package.reader(name)

    def make() -> bytes:
        made = cleaned(io.BytesIO(read()), order)
        if made is None:
            raise damaged("medium", member=name)
        return made[0]

    return Made(make)


def cleaned(
    source: io.BytesIO, order: ScrubOrder
) -> tuple[bytes, ScrubReport, tuple[Finding, ...]] | None:
    """Clean one medium by the family that recognises it; nothing where there is none."""
    from meti_desk.formats.registry import find

    plain = ScrubOrder(purpose=order.purpose)
    try:
        family = find(source).family
        if family.id in FOREIGN:
            return None
        target = io.BytesIO()
        report = family.scrub(source, target, plain)
        family.verify_scrub(source, target, plain)
    except MetiDeskError:
        return None
    return target.getvalue(), report, report.left
