"""Finds the family of a file by its content; the only place that lists the families.

A family is one line: its name, where its object is, and a cheap look at the first bytes, so that
what cannot be of the family never loads its libraries. The first that recognises a file wins; what
none of them knows is `formats.sidecar`, any other file.
"""

import importlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import BinaryIO, NamedTuple, cast

from meti_desk.formats.base import MAGIC_BYTES, DocumentFormat, Finding

_CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP_OR_CFB = (b"PK", _CFB)
_PDF_WITHIN = 1024


class Entry(NamedTuple):
    """One family.

    `where` is `module:object`, `may_be` the cheap look at the head. `extensions` names what a file
    with that extension may honestly be (variants of `recognise`); an extension that no family
    names says nothing. `preload` lists further modules that a worker loads ahead once a job has
    needed the family.
    """

    name: str
    where: str
    may_be: Callable[[bytes], bool]
    extensions: Mapping[str, frozenset[str]] = {}
    preload: tuple[str, ...] = ()

    def load(self) -> DocumentFormat:
        """Import the family."""
        module, _, name = self.where.partition(":")
        return cast("DocumentFormat", getattr(importlib.import_module(module), name))


def _only(*extensions: str, also: tuple[str, ...] = ()) -> dict[str, frozenset[str]]:
    """Say that a file with one of these extensions is of that variant, or one of `also`."""
    return {one: frozenset({one, *also}) for one in extensions}


_LOCKED = ("ooxml-encrypted",)
_PICTURES = (
    *(b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a"),
    *(b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"),
)
_HEADER_LINE = re.compile(rb"(?:\xef\xbb\xbf)?(?:From \S|[!-9;-~]{1,76}[ \t]*:)")
_PACKED = (
    *(b"PK\3\4", b"PK\5\6", b"PK\7\10", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0"),
    *(b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\7", b"\x28\xb5\x2f\xfd"),
)
_JAPANESE = ("encodings.cp932", "encodings.euc_jis_2004", "encodings.iso2022_jp_ext")
_MEDIA = (
    *(b"RIFF", b"RF64", b"BW64", b"ID3", b"OggS", b"fLaC", b"BM"),
    b"0&\xb2u\x8ef\xcf\x11",
)
_FILM = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")


def _may_be_frames(head: bytes) -> bool:
    """Look for the sync word of MPEG sound."""
    return head[:1] == b"\xff" and head[1:2] >= b"\xe0"


def _tar_like(head: bytes) -> bool:
    """Look at the end of a tar's first block: it names the format, or is empty in old ones."""
    return head[257:262] == b"ustar" or head[345:512] == bytes(167)


_TEXTS = frozenset({"txt", "html", "xml", "svg", "rtf", "eml", "mbox", "pem", "empty", "other"})

FAMILIES: tuple[Entry, ...] = (
    Entry(
        "docx",
        "meti_desk.formats.ooxml.docx:DOCX",
        lambda head: head.startswith(_ZIP_OR_CFB),
        _only("docx", "docm", "dotx", "dotm", also=_LOCKED),
        ("meti_desk.formats.ooxml",),
    ),
    Entry(
        "xlsx",
        "meti_desk.formats.ooxml.xlsx:XLSX",
        lambda head: head.startswith(b"PK"),
        _only("xlsx", "xlsm", "xltx", "xltm", "xlsb", also=_LOCKED),
        ("meti_desk.formats.ooxml",),
    ),
    Entry(
        "pptx",
        "meti_desk.formats.ooxml.pptx:PPTX",
        lambda head: head.startswith(b"PK"),
        _only("pptx", "pptm", "potx", "potm", "ppsx", "ppsm", also=_LOCKED),
        ("meti_desk.formats.ooxml", "meti_desk.formats.image"),
    ),
    Entry(
        "pdf",
        "meti_desk.formats.pdf:PDF",
        lambda head: b"%PDF-" in head[:_PDF_WITHIN],
        _only("pdf"),
        ("pikepdf", "pypdfium2"),
    ),
    Entry(
        "odf",
        "meti_desk.formats.odf.family:ODF",
        lambda head: head.startswith(b"PK\3\4") or b"opendocument:xmlns:office" in head,
        _only(
            *("odt", "ods", "odp", "odg", "ott", "ots", "otp", "otg", "odf", "odm", "odc", "odb"),
            *("fodt", "fods", "fodp", "fodg"),
        ),
        (
            *("meti_desk.formats.odf", "meti_desk.formats.odf.marks_found"),
            *("meti_desk.formats.odf.stories", "meti_desk.formats.odf.scrub"),
            *("meti_desk.formats.odf.audit", "xml.parsers.expat"),
        ),
    ),
    Entry(
        "mail",
        "meti_desk.formats.mail.eml:EML",
        lambda head: _HEADER_LINE.match(head) is not None,
        _only("eml", "mbox"),
        (
            *("meti_desk.formats.mail", "meti_desk.formats.text", *_JAPANESE),
            *("meti_desk.formats.mail.clean_mail", "meti_desk.formats.mail.audit"),
            "meti_desk.formats.text.audit_html",
        ),
    ),
    Entry(
        "archive",
        "meti_desk.formats.archive.archive:ARCHIVE",
        lambda head: head.startswith(_PACKED) or _tar_like(head),
        {**_only("zip", "tar", "gz", "bz2", "xz", "7z", "rar"), "tgz": frozenset({"gz"})},
        (
            *("meti_desk.formats.archive", "encodings.cp932"),
            *("meti_desk.formats.archive.clean_zip", "meti_desk.formats.archive.audit"),
        ),
    ),
    Entry(
        "image",
        "meti_desk.formats.image.family:IMAGES",
        lambda head: head.startswith(_PICTURES) or head[4:8] == b"ftyp" or head[8:12] == b"WEBP",
        {
            **_only("png", "webp", "gif"),
            **dict.fromkeys(("jpg", "jpeg", "jpe", "jfif"), frozenset({"jpeg"})),
            **dict.fromkeys(("tif", "tiff"), frozenset({"tiff"})),
            **dict.fromkeys(("heic", "heif", "hif"), frozenset({"heic", "heif"})),
            "avif": frozenset({"avif", "heif"}),
        },
        ("meti_desk.formats.image.inspecting", "lxml.etree"),
    ),
    Entry(
        "media",
        "meti_desk.formats.media.family:MEDIA",
        lambda head: head.startswith(_MEDIA) or head[4:8] in _FILM or _may_be_frames(head),
        {
            **_only("mp3", "wav", "flac", "avi", "mov", "bmp"),
            **dict.fromkeys(("ogg", "oga", "opus", "spx", "ogv"), frozenset({"ogg"})),
            **dict.fromkeys(("mp4", "m4a", "m4v", "m4b", "3gp"), frozenset({"mp4"})),
            **dict.fromkeys(("wmv", "wma", "asf"), frozenset({"asf"})),
            "dib": frozenset({"bmp"}),
        },
        (
            "meti_desk.formats.media.scrubbing",
            "meti_desk.formats.media.samples",
            "meti_desk.formats.media.audit",
        ),
    ),
    Entry(
        "msg",
        "meti_desk.formats.mail.msg:MSG",
        lambda head: head.startswith(_CFB),
        _only("msg"),
        ("meti_desk.formats.mail", "meti_desk.formats.legacy", "olefile", *_JAPANESE),
    ),
    Entry(
        "legacy",
        "meti_desk.formats.legacy.family:LEGACY",
        lambda head: head.startswith(_CFB),
        _only("doc", "xls", "ppt"),
        ("meti_desk.formats.legacy", "olefile"),
    ),
    Entry(
        "svg",
        "meti_desk.formats.media.svg:DRAWINGS",
        lambda head: b"svg" in head or b"s\0v\0g" in head,
        _only("svg"),
        ("meti_desk.formats.media.svg_clean", "meti_desk.formats.media.svg_audit", "lxml.etree"),
    ),
    Entry(
        "text",
        "meti_desk.formats.text.plain:PLAIN",
        lambda head: head != b"" and (b"\0" not in head or head.startswith((b"\xff", b"\xfe"))),
        {
            "rtf": frozenset({"rtf"}),
            # Text in an old Japanese encoding may be `other` to `kinds`, and no lie.
            "txt": _TEXTS,
            "csv": frozenset({"txt", "empty", "other"}),
        },
        ("meti_desk.formats.text", *_JAPANESE),
    ),
    Entry(
        "other",
        "meti_desk.formats.sidecar.other:OTHER",
        lambda _head: True,
        {
            **_only("exe"),
        },
    ),
)
"""The first that recognises a file wins; the last takes every file."""

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


def expected(names: Iterable[str], families: Sequence[Entry] = FAMILIES) -> int:
    """Guess by their names what families files are of: one bit each, in the order of `families`.

    Only to load ahead what will be needed; what a file is, its content tells.
    """
    endings = {name.rpartition(".")[2].lower() for name in names}
    return sum(
        1 << index for index, one in enumerate(families) if not endings.isdisjoint(one.extensions)
    )


def disagreement(name: str, variant: str, families: Sequence[Entry] = FAMILIES) -> Finding | None:
    """Report an extension that promises something else than the content keeps.

    Such a file may have been renamed to slip past somebody, or will simply not open.
    """
    honest = promises(name, families)
    if not honest or variant in honest:
        return None
    extension = name.rpartition(".")[2].lower()
    return Finding(
        kind=FALSE_EXTENSION,
        group=15,
        severity="medium",
        place=name[-_LONGEST_SHOWN:],
        value=f".{extension} / {variant}",
        removal="kept",
    )


def promises(name: str, families: Sequence[Entry] = FAMILIES) -> frozenset[str]:
    """Give the variants that a file of this name may honestly be; none when its name says nothing.

    Several families may share an extension: whatever one of them takes is honest.
    """
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    return frozenset().union(*(one.extensions.get(extension, ()) for one in families))
