"""Labels of other products in a PDF: among the document information, and in XMP.

Microsoft's programs write theirs as they do in Office documents, `MSIP_Label_<guid>_*`. We write to
the document information alone, because PDF/A allows there what XMP would have to describe first.
"""

from collections.abc import Mapping

import pikepdf
from pikepdf import Dictionary, String

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.base import ForeignLabel
from meti_desk.formats.foreign import of_properties, prefix_of, superseded
from meti_desk.formats.pdf import xmp
from meti_desk.formats.pdf.properties import info_of

INFO, XMP = "Info", "XMP"


def read(pdf: pikepdf.Pdf) -> tuple[ForeignLabel, ...]:
    """Read the labels; one that stands in both places is told from the document information."""
    found = (*of_properties(_info(pdf), INFO), *of_properties(_xmp(pdf), XMP))
    first = {(one.scheme, one.id): one for one in reversed(found)}
    return tuple(one for one in found if first[one.scheme, one.id] is one)


def write(pdf: pikepdf.Pdf, wanted: Mapping[str, str]) -> None:
    """Set properties of other products' labels and take away what they replace, in both places.

    Raises `InvalidInput("label.foreign-key", key=…)` for a key that is no other label's and
    `InvalidInput("label.text-not-storable", key=…)` for text that no document can hold.
    """
    for key, value in wanted.items():
        if prefix_of(key) is None or not key.isprintable():
            raise InvalidInput("label.foreign-key", key=key.encode("ascii", "replace").decode())
        if not _storable(value):
            raise InvalidInput("label.text-not-storable", key=key)
    if not wanted:
        return
    xmp.forget(pdf, superseded(_xmp(pdf), wanted))
    info = info_of(pdf)
    if info is None:
        info = pdf.trailer["/Info"] = pdf.make_indirect(Dictionary())
    for key in superseded(_info(pdf), wanted):
        del info[f"/{key}"]
    for key, value in sorted(wanted.items()):
        info[f"/{key}"] = String(value)


def written(pdf: pikepdf.Pdf, wanted: Mapping[str, str]) -> bool:
    """Tell whether the document says what was ordered, and nothing else under these labels."""
    held = _info(pdf)
    said = {key: held[key] for key in superseded(held, wanted)}
    return said == dict(wanted) and not superseded(_xmp(pdf), wanted)


def _info(pdf: pikepdf.Pdf) -> dict[str, str]:
    info = info_of(pdf)
    if info is None:
        return {}
    return {key[1:]: str(value) for key, value in info.items() if isinstance(value, String)}


def _xmp(pdf: pikepdf.Pdf) -> dict[str, str]:
    """Read what the packet tells beside us, by local name; of two the first counts."""
    return dict(reversed(xmp.foreign(pdf)))


def _storable(value: str) -> bool:
    return "\0" not in value and not any("\ud800" <= one <= "\udfff" for one in value)
