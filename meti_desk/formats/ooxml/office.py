"""What the families of Office documents share: how they are told apart, opened, refused, proven.

Word, Excel and PowerPoint documents are one kind of package with different main parts. Each family
brings its variants by content type and how it opens and digests; everything that must be the same
for all of them - a signature is never broken, an encrypted document never touched - stands here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.formats.base import (
    MAGIC_BYTES,
    Inspection,
    LabelOrder,
    ProtectionFound,
)
from meti_desk.formats.ooxml.encryption import (
    LABEL_PLACE,
    MAGIC,
    VARIANT,
    encryption_info,
    label_stream,
    protection_of,
)
from meti_desk.formats.ooxml.foreign_labels import written
from meti_desk.formats.ooxml.label_info import labels_of_stream
from meti_desk.formats.ooxml.package import Package

_ZIP = b"PK\x03\x04"
_SEARCHED = 1 << 16
_LENGTH_AT, _NAME_AT = 26, 30
"""Where a member's header has the length of its name, and the name."""


@dataclass(frozen=True, slots=True)
class Kinds:
    """The variants of one family.

    `variants` maps the main part's content type (folded to lower case) to the variant, `plain` is
    the variant of a document too broken to tell, `folder` is where its parts usually lie.
    """

    variants: Mapping[str, str]
    plain: str
    folder: str

    def variant_of(self, package: Package) -> str | None:
        """Name the variant by the main part's content type; nothing for other packages."""
        try:
            kind = package.type_of(package.main()).casefold()
        except InvalidInput:
            return None
        return self.variants.get(kind)

    def recognise(
        self,
        head: bytes,
        source: BinaryIO,
        begins_like: Callable[[bytes], bool] | None = None,
    ) -> str | None:
        """Name the variant of a zip by its main part.

        A file that begins like a document of this family but is cut off, or whose table of content
        types says nothing, is still named `plain`, so that it is reported as damaged and not taken
        for something that needs no look inside. `begins_like` judges its first 64 KiB; else a
        member there has to lie in the folder.
        """
        if not head.startswith(_ZIP):
            return None
        try:
            package = Package.seen(source)
            main = package.main()
            kind = package.type_of(main).casefold()
        except InvalidInput:
            source.seek(0)
            start = source.read(_SEARCHED)
            like = begins_like(start) if begins_like else has_member_in(self.folder, start)
            return self.plain if like else None
        if not kind and main.startswith(self.folder):
            return self.plain
        return self.variants.get(kind)


def has_member_in(folder: str, start: bytes) -> bool:
    """Tell whether a member whose header stands in the beginning of a zip lies in a folder.

    Only headers count: compressed data holds three letters of any name by chance, once in a few
    hundred files.
    """
    at = start.find(_ZIP)
    while at >= 0:
        name_at = at + _NAME_AT
        length = int.from_bytes(start[at + _LENGTH_AT : at + _LENGTH_AT + 2], "little")
        if start[name_at : name_at + length].startswith(folder.encode()):
            return True
        at = start.find(_ZIP, at + 1)
    return False


def is_signed(package: Package) -> bool:
    """Tell whether the package carries a digital signature, which any rewriting would break."""
    linked = any(link.kind == "origin" for link in package.links())
    return linked or any(n.casefold().startswith("_xmlsignatures/") for n in package.original_names)


def signature_of(package: Package) -> ProtectionFound | None:
    """Describe the protection of a package that could be opened: its signature, or nothing."""
    return ProtectionFound("signed") if is_signed(package) else None


def encrypted(source: BinaryIO) -> Inspection | None:
    """Describe an encrypted document, which has its protection to tell, and Microsoft's label.

    Gives nothing for any other file.
    """
    info = _encryption(source)
    if info is None:
        return None
    return Inspection(
        format=VARIANT,
        protection=protection_of(info),
        obstacle="encrypted",
        foreign=labels_of_stream(label_stream(source), LABEL_PLACE),
    )


def _encryption(source: BinaryIO) -> bytes | None:
    source.seek(0)
    return encryption_info(source) if source.read(MAGIC_BYTES).startswith(MAGIC) else None


def rewritable(source: BinaryIO, opened: Callable[[BinaryIO], Package]) -> Package:
    """Open a document that is going to be rewritten.

    Raises `RuleViolation`: `document.signed`, `document.encrypted` (Art. 5; the label goes into a
    sidecar then), and what `opened` raises.
    """
    if _encryption(source) is not None:
        raise RuleViolation("document.encrypted")
    package = opened(source)
    if is_signed(package):
        raise RuleViolation("document.signed")
    return package


def prove(
    before: Package,
    after: Package,
    order: LabelOrder,
    *,
    marked: Callable[[], bool],
    digest: Callable[[Package], str],
) -> None:
    """Prove that a labelled copy says what was ordered and is the same document otherwise.

    `marked` tells whether the mark stands as ordered, or as before where nothing was ordered;
    `digest` is the normalized content digest. Raises `InvalidInput("label.not-proven", what=…)`
    with `properties`, `mark`, `content` or `parts`.
    """
    if not written(after, order):
        raise InvalidInput("label.not-proven", what="properties")
    if not marked():
        raise InvalidInput("label.not-proven", what="mark")
    if digest(before) != digest(after):
        raise InvalidInput("label.not-proven", what="content")
    lost = {n for n in before.original_names if after.find(n) is None}
    if lost and order.mark != "" and order.properties:
        raise InvalidInput("label.not-proven", what="parts")
