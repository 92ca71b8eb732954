"""Finding and verifying the signatures of a PDF, and what came after each of them.

A signature of a PDF covers a range of bytes, and the file may grow after it. So three things are
asked of each: does the range cover all there was but the signature's own gap; is the CMS structure
in the gap right; and is what came later nothing but further signatures and their proofs. Known ways
to cheat - a range with other bytes left out, a signature without contents, content or fields
exchanged by an update - fail one of the three.
"""

import hashlib
import re
from collections.abc import Iterator
from typing import BinaryIO, Literal, cast

import msgspec
from asn1crypto import parser
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    DiffResult,
    DocInfoRule,
    DSSCompareRule,
    FormUpdatingRule,
    MetadataUpdateRule,
    ModificationLevel,
    ObjectStreamRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    XrefStreamRule,
)
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from meti_desk.domain.errors import InvalidInput
from meti_desk.protection.base import CHUNK
from meti_desk.protection.signing import parts
from meti_desk.protection.signing.base import Covers, FoundSignature, Later, Trust
from meti_desk.protection.signing.judge import found_of, settled
from meti_desk.protection.signing.pdf_write import UNREADABLE
from meti_desk.protection.signing.read import DigestOf, signers
from meti_desk.protection.signing.stamps import follow

_KINDS: dict[str, Literal["pades", "pdf"]] = {
    "/ETSI.CAdES.detached": "pades",
    "/adbe.pkcs7.detached": "pdf",
}
_STAMP = "/ETSI.RFC3161"
_HEX = re.compile(rb"<(?:[0-9a-f]*|[0-9A-F]*)>")
_TAIL = 4096
_MOST = 200
"""Signatures in one file; more are an attempt to keep the program busy."""
_LOW = ModificationLevel.LTA_UPDATES

ONLY_SIGNED_ANEW = StandardDiffPolicy(
    global_rules=[
        CatalogModificationRule(),
        *(
            rule.as_qualified(_LOW)
            for rule in (
                DocInfoRule(), XrefStreamRule(), ObjectStreamRule(), DSSCompareRule(),
                MetadataUpdateRule(),
            )
        ),
    ],
    form_rule=FormUpdatingRule(field_rules=[SigFieldCreationRule(), SigFieldModificationRule()]),
)  # fmt: skip
"""What may come after a signature: signatures, their proofs, the times in the metadata.

Other programs let fields be filled in as well. Here that counts as a change: whoever signed a form
signed what stood in it.
"""


def verify_pdf(source: BinaryIO, trust: Trust) -> tuple[FoundSignature, ...]:
    """Verify every signature of a PDF, the oldest first.

    Raises `InvalidInput("signature.pdf-irregular")` for a file that programs may read in different
    ways: about its signatures nothing sure can be said.
    """
    source.seek(0)
    try:
        reader = PdfFileReader(source, strict=True)
        if reader.encrypted:
            raise InvalidInput("signature.pdf-encrypted")
        fields = _fields(reader)
    except UNREADABLE:
        raise InvalidInput("signature.pdf-irregular") from None
    if len(fields) > _MOST:
        raise InvalidInput("signature.too-many", limit=_MOST)
    found = [_one(reader, source, name, field, trust) for name, field in fields]
    found.sort(key=lambda one: one.covered)
    if _removed(reader, {name for name, _ in fields}):
        found.insert(0, FoundSignature(signer="", kind="pdf", problems=("signature.removed",)))
    return tuple(_with_later(found))


def _fields(reader: PdfFileReader) -> list[tuple[str, generic.DictionaryObject]]:
    """Give the signed fields by their names; the same signature behind two fields counts once."""
    seen: dict[object, tuple[str, generic.DictionaryObject]] = {}
    for name, _, reference in enumerate_sig_fields(reader, filled_status=True):
        field = reference.get_object()
        seen.setdefault(_value(field), (str(name), field))
    return list(seen.values())


def _value(field: generic.DictionaryObject) -> object:
    held = field.raw_get("/V")
    return held.reference if isinstance(held, generic.IndirectObject) else id(held)


def _removed(reader: PdfFileReader, present: set[str]) -> bool:
    """Tell whether an earlier revision had a signature that is gone."""
    try:
        for revision in range(reader.xrefs.total_revisions - 1):
            older = reader.get_historical_resolver(revision)
            for name, _, _ in enumerate_sig_fields(older, filled_status=True):
                if str(name) not in present:
                    return True
    except UNREADABLE:
        return True
    return False


def _one(
    reader: PdfFileReader, source: BinaryIO, name: str, field: generic.DictionaryObject,
    trust: Trust,
) -> FoundSignature:  # fmt: skip
    try:
        held = EmbeddedPdfSignature(reader, field, name)
        end = _end(held, source)
        found = _signed(held, source, trust)
    except (InvalidInput, *UNREADABLE):
        return FoundSignature(
            signer="", kind="pdf", field=name, covers="part", problems=("signature.damaged",)
        )
    reason = _text(held.sig_object, "/Reason")
    found = msgspec.structs.replace(found, field=name, reason=reason, covered=end)
    covers, later, more = _coverage(held) if end else ("part", "changed", ("signature.range",))
    if covers == "revision" and not _ends(source):
        later, more = "changed", (*more, "signature.changed-later")
    problems = tuple(dict.fromkeys((*found.problems, *more)))
    return settled(msgspec.structs.replace(found, covers=covers, later=later, problems=problems))


def _text(held: generic.DictionaryObject, key: str) -> str:
    value = held.get(key, "")
    return str(value)[:2000] if isinstance(value, generic.TextStringObject) else ""


def _end(held: EmbeddedPdfSignature, source: BinaryIO) -> int:
    """Tell where the covered bytes end; 0 when they leave out more than the signature.

    The signature has to be written in one plain way, so that no byte of it can be changed either.
    """
    numbers = list(held.byte_range)
    if len(numbers) != 4 or not all(isinstance(one, generic.NumberObject) for one in numbers):  # noqa: PLR2004 - two ranges
        return 0
    start, first, second, length = (int(one) for one in numbers)
    size = source.seek(0, 2)
    if start != 0 or not 0 < first < second or length <= 0 or second + length > size:
        return 0
    source.seek(first)
    raw = source.read(second - first)
    contents = held.pkcs7_content
    if not _HEX.fullmatch(raw) or bytes.fromhex(raw[1:-1].decode()) != contents:
        return 0
    padded = not contents[_length_of(contents) :].strip(b"\0")
    return second + length if padded else 0


def _ends(source: BinaryIO) -> bool:
    """Tell whether nothing stands behind the last end mark: what does is covered by nothing."""
    source.seek(max(0, source.seek(0, 2) - _TAIL))
    _, mark, rest = source.read().rpartition(b"%%EOF")
    return bool(mark) and not rest.strip()


def _length_of(contents: bytes) -> int:
    """Give the length of the structure at the beginning; what comes behind it is padding."""
    return int(parser.peek(contents))


def _signed(held: EmbeddedPdfSignature, source: BinaryIO, trust: Trust) -> FoundSignature:
    contents = held.pkcs7_content[: _length_of(held.pkcs7_content)]
    digest = _digest(held, source)
    kind = str(held.sig_object.get("/SubFilter", ""))
    if kind == _STAMP:
        stamp = follow(contents, digest, trust)
        time = stamp.time.isoformat() if not stamp.problems else ""
        return FoundSignature(
            signer=stamp.authority, kind="pdf-time-stamp", stamped=time,
            stamp_authority=stamp.authority, stamp_chain=stamp.chain, chain=stamp.chain,
            chain_why=stamp.why, algorithms=tuple(stamp.algorithms),
            problems=tuple(stamp.problems),
        )  # fmt: skip
    data = parts.content_info(contents)
    (one,) = signers(data, digest)
    if kind not in _KINDS:
        one.problems.append("signature.kind-unknown")
    if data["encap_content_info"]["content"].native is not None:
        one.problems.append("signature.damaged")
    found = found_of(one, trust, claimed=_claimed(held))
    return msgspec.structs.replace(found, kind=_KINDS.get(kind, "pdf"))


def _claimed(held: EmbeddedPdfSignature) -> str:
    try:
        told = held.self_reported_timestamp
    except UNREADABLE:
        return ""
    return told.isoformat() if told is not None else ""


def _digest(held: EmbeddedPdfSignature, source: BinaryIO) -> DigestOf:
    """Hash the covered bytes, in constant memory."""
    ranges = [int(one) for one in held.byte_range]

    def digest(name: str) -> bytes:
        made = hashlib.new(name.replace("_", "-"))
        for start, length in zip(ranges[::2], ranges[1::2], strict=True):
            source.seek(start)
            left = length
            while left > 0 and (piece := source.read(min(CHUNK, left))):
                made.update(piece)
                left -= len(piece)
        return made.digest()

    return digest


def _coverage(held: EmbeddedPdfSignature) -> tuple[Covers, Later, tuple[str, ...]]:
    """Tell what a signature covers, what came later, and what is wrong with either."""
    try:
        held.compute_integrity_info(diff_policy=ONLY_SIGNED_ANEW)
    except UNREADABLE:
        return "part", "changed", ("signature.changed-later",)
    covered = cast("SignatureCoverageLevel | None", held.coverage)
    after = cast("object", held.diff_result)
    if covered is SignatureCoverageLevel.ENTIRE_FILE:
        return "whole", "none", ()
    if covered is not SignatureCoverageLevel.ENTIRE_REVISION:
        return "part", "changed", ("signature.part-only",)
    if isinstance(after, DiffResult):
        allowed, level = held.docmdp_level, after.modification_level
        if allowed is None or level.value <= allowed.value:
            return "revision", "allowed", ()
    return "revision", "changed", ("signature.changed-later",)


def _with_later(found: list[FoundSignature]) -> Iterator[FoundSignature]:
    """Let a later signature that is false speak against those before it.

    Adding a signature is allowed, and a visible one may cover anything: one that does not hold is
    a change like any other.
    """
    for number, one in enumerate(found):
        false = any(not later.intact for later in found[number + 1 :])
        if one.intact and false:
            yield settled(
                msgspec.structs.replace(one, problems=(*one.problems, "signature.changed-later"))
            )
        else:
            yield one
