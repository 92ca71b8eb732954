"""Telling what a picture file is and holds."""

from collections.abc import Iterator
from typing import BinaryIO

from meti_desk.formats import xmp
from meti_desk.formats.base import Finding, Inspection, MarkFound, Purpose, TextPart, Wants
from meti_desk.formats.image.containers import opened
from meti_desk.formats.image.data import Data
from meti_desk.formats.image.labelling import read_own
from meti_desk.formats.image.model import Picture
from meti_desk.formats.image.shown import digests
from meti_desk.formats.mark_lines import marks_of_lines

_DC = "http://purl.org/dc/elements/1.1/"
_PHOTOSHOP = "http://ns.adobe.com/photoshop/1.0/"
_TAGS = (
    *(f"{{{_DC}}}{name}" for name in ("title", "description", "subject", "rights")),
    *(f"{{{_PHOTOSHOP}}}{name}" for name in ("Headline", "Instructions")),
)
_PLACE = "property"


def inspect(source: BinaryIO, wants: Wants) -> Inspection:
    """Read our properties, marks in texts that people wrote, digest and those texts."""
    _, data, picture = opened(source)
    texts = list(dict.fromkeys(_texts(picture)))
    digest, earlier = digests(data, picture) if wants.digest else ("", ())
    lines = [line for _, text in texts for line in text.splitlines()]
    return Inspection(
        format=picture.variant,
        properties=read_own(picture),
        marks=tuple(MarkFound(one.text, one.place) for one in marks_of_lines(lines, _PLACE)),
        findings=_findings(data, picture.variant, wants.purpose) if wants.findings else (),
        digest=digest,
        earlier=earlier,
        pages=picture.frames,
        text=tuple(TextPart(place, text) for place, text in texts) if wants.text else (),
        markable=False,
    )


def _findings(data: Data, variant: str, purpose: Purpose) -> tuple[Finding, ...]:
    from meti_desk.formats.image.scrubbing import findings

    return findings(data, variant, purpose)


def _texts(picture: Picture) -> Iterator[tuple[str, str]]:
    for block in (*picture.packets, picture.extended):
        root = xmp.parse(block, recover=True)
        if root is not None:
            yield from ((f"XMP {name}", text.strip()) for name, text in xmp.texts(root, _TAGS)
                        if text.strip())  # fmt: skip
    yield from picture.texts
