"""Our properties in a PDF: in the document information, and in XMP."""

from collections.abc import Mapping
from typing import Any

import pikepdf
from pikepdf import Dictionary, String

from meti_desk.formats.base import OWN_PREFIX, own_properties
from meti_desk.formats.pdf import xmp


def info_of(pdf: pikepdf.Pdf) -> Any:
    """Find the document information; in broken files the entry may lead to the page tree."""
    info = pdf.trailer.get("/Info")
    if not isinstance(info, Dictionary) or "/Kids" in info or "/Pages" in info or "/Parent" in info:
        return None
    return info


def read(pdf: pikepdf.Pdf) -> dict[str, str]:
    """Read our properties; the document information goes before XMP."""
    found = xmp.read(pdf)
    info = info_of(pdf)
    if info is not None:
        for key, value in info.items():
            if isinstance(value, String):
                found[key[1:]] = str(value)
    return own_properties(found)


def write(pdf: pikepdf.Pdf, properties: Mapping[str, str]) -> None:
    """Replace all properties of ours by these; none removes them all."""
    info = info_of(pdf)
    if info is not None:
        for key in [key for key in info if key[1:].startswith(OWN_PREFIX)]:
            del info[key]
    elif properties:
        info = pdf.trailer["/Info"] = pdf.make_indirect(Dictionary())
    if info is not None:
        for key, value in sorted(own_properties(properties).items()):
            info[f"/{key}"] = String(value)
    xmp.write(pdf, own_properties(properties))
