"""Finds the family of a file by its content; the only place that lists the families.

A family is one line: its name, where its object is, and a cheap look at the first bytes, so that
what cannot be of the family never loads its libraries. The first that recognises a file wins; what
none of them knows is `formats.sidecar`, any other file.
"""

import importlib
from collections.abc import Callable, Sequence
from typing import BinaryIO, NamedTuple, cast

from meti_desk.formats.base import MAGIC_BYTES, DocumentFormat, Finding

_ZIP_OR_CFB = (b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_PDF_WITHIN = 1024


class Entry(NamedTuple):
    """One family: `where` is `module:object`, `may_be` the cheap look at the head."""

    where: str
    may_be: Callable[[bytes], bool]

    def load(self) -> DocumentFormat:
        """Import the family."""
        module, _, name = self.where.partition(":")
        return cast("DocumentFormat", getattr(importlib.import_module(module), name))


FAMILIES: tuple[Entry, ...] = (
    Entry("meti_desk.formats.ooxml.docx:DOCX", lambda head: head.startswith(_ZIP_OR_CFB)),
    Entry("meti_desk.formats.pdf:PDF", lambda head: b"%PDF-" in head[:_PDF_WITHIN]),
    Entry("meti_desk.formats.sidecar.other:OTHER", lambda _head: True),
)

EXTENSIONS: dict[str, frozenset[str]] = {
    "docx": frozenset({"docx", "ooxml-encrypted"}),
    "docm": frozenset({"docm", "ooxml-encrypted"}),
    "dotx": frozenset({"dotx", "ooxml-encrypted"}),
    "dotm": frozenset({"dotm", "ooxml-encrypted"}),
    "xlsx": frozenset({"xlsx", "ooxml-encrypted"}),
    "pptx": frozenset({"pptx", "ooxml-encrypted"}),
    "doc": frozenset({"doc"}),
    "xls": frozenset({"xls"}),
    "ppt": frozenset({"ppt"}),
    "msg": frozenset({"msg"}),
    "odt": frozenset({"odt"}),
    "ods": frozenset({"ods"}),
    "odp": frozenset({"odp"}),
    "pdf": frozenset({"pdf"}),
    "zip": frozenset({"zip"}),
    "png": frozenset({"png"}),
    "jpg": frozenset({"jpeg"}),
    "jpeg": frozenset({"jpeg"}),
    "gif": frozenset({"gif"}),
    "tif": frozenset({"tiff"}),
    "tiff": frozenset({"tiff"}),
    "rtf": frozenset({"rtf"}),
    "txt": frozenset({"txt", "html", "xml", "rtf", "pem", "empty", "other"}),
    "csv": frozenset({"txt", "empty", "other"}),
    "exe": frozenset({"exe"}),
}
"""Extension -> the variants that it may honestly have. An extension that is not here says nothing:
text in an old Japanese encoding is `other` to `kinds`, and no lie."""

FALSE_EXTENSION = "file.extension-disagrees"
"""Kind of the finding for a name that promises another format."""

_LONGEST_SHOWN = 80


class Found(NamedTuple):
    """The family of a file and the variant that its content shows."""

    family: DocumentFormat
    variant: str


def find(source: BinaryIO, families: Sequence[Entry] = FAMILIES) -> Found:
    """Find the family by content; the name plays no part."""
    source.seek(0)
    head = source.read(MAGIC_BYTES)
    for entry in families:
        if not entry.may_be(head):
            continue
        family = entry.load()
        source.seek(0)
        variant = family.recognise(head, source)
        if variant is not None:
            source.seek(0)
            return Found(family, variant)
    msg = "the last family takes every file"
    raise LookupError(msg)


def disagreement(name: str, variant: str) -> Finding | None:
    """Report an extension that promises something else than the content keeps.

    Such a file may have been renamed to slip past somebody, or will simply not open.
    """
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    honest = EXTENSIONS.get(extension)
    if honest is None or variant in honest:
        return None
    return Finding(
        kind=FALSE_EXTENSION,
        group=15,
        severity="medium",
        place=name[-_LONGEST_SHOWN:],
        value=f".{extension} / {variant}",
        removal="kept",
    )
