"""Opening a PDF that may be hostile, and telling why it must not be rewritten."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

import pikepdf
from pikepdf import Array, Dictionary, Name

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.formats.base import ProtectionFound
from meti_desk.formats.pdf import rawscan
from meti_desk.sink import held_back

MAX_BYTES = 512 * 1024 * 1024
"""Larger files are refused (`document.too-large`): their parts would not fit the worker."""
MAX_PAGES = 50_000
_MAPPED = 64 * 1024 * 1024
_DEPTH = 64
_TAIL = 2048
_ENDS = (b"startxref", b"%%EOF")
"""What the end of a whole file holds, within its last kilobyte. What was cut off could be opened
by a repair that leaves pages out, and nobody would see that they are missing."""
_SURPRISES = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RecursionError)
"""What an entry of an unexpected kind leads to: in a PDF anything can stand anywhere."""


def check_size(source: BinaryIO) -> None:
    """Refuse what is too large to be worked on: `InvalidInput("document.too-large")`."""
    size = rawscan.size_of(source)
    if size > MAX_BYTES:
        raise InvalidInput("document.too-large", size=size, limit=MAX_BYTES)
    if size == 0:
        raise InvalidInput("document.damaged", reason="empty")
    source.seek(max(0, size - _TAIL))
    tail = source.read(_TAIL)
    if not any(word in tail for word in _ENDS):
        raise InvalidInput("document.damaged", reason="truncated")


@contextmanager
def opened(source: BinaryIO) -> Iterator[pikepdf.Pdf]:
    """Open a PDF; `document.damaged`, `document.encrypted` or `document.too-large` if it cannot.

    A file with a broken cross-reference table is repaired on the way in: what comes out is proven
    afterwards, so a repair that lost something does not pass unseen.
    """
    check_size(source)
    # A mapping counts against the worker's address space as its own memory does.
    large = rawscan.size_of(source) > _MAPPED
    mode = pikepdf.AccessMode.stream if large else pikepdf.AccessMode.default
    source.seek(0)
    try:
        pdf = pikepdf.open(source, access_mode=mode)
        pages = len(pdf.pages)
    except pikepdf.PasswordError as error:
        raise RuleViolation("document.encrypted", articles=("14-1",)) from error
    except (pikepdf.PdfError, ValueError, RuntimeError, TypeError, KeyError) as error:
        raise InvalidInput("document.damaged") from error
    with pdf:
        if not 0 < pages <= MAX_PAGES:
            raise InvalidInput("document.damaged", reason="pages", pages=pages)
        try:
            yield pdf
        except pikepdf.DataDecodingError as error:
            raise InvalidInput("document.damaged", reason="stream") from error
        except (pikepdf.PdfError, *_SURPRISES) as error:
            raise InvalidInput("document.damaged") from error


def refuse_obstacles(pdf: pikepdf.Pdf, data: rawscan.Raw) -> None:
    """Refuse to rewrite what is protected or signed (`document.encrypted`, `document.signed`)."""
    if pdf.is_encrypted:
        raise RuleViolation("document.encrypted", articles=("14-1",))
    if is_signed(pdf, data):
        raise RuleViolation("document.signed", articles=("14-3",))


def protection(pdf: pikepdf.Pdf) -> ProtectionFound:
    """Name the protection of a file that opens without a password (owner password only)."""
    told = pdf.encryption
    aes = "aes" in f"{told.stream_method} {told.string_method}".lower()
    return rawscan.protection_of(int(told.R), aes=aes)


def is_signed(pdf: pikepdf.Pdf, data: rawscan.Raw) -> bool:
    """Tell whether a signature holds: a signed field, a certification or usage rights.

    An empty signature field is none. A byte range that no field leads to counts when its
    dictionary is still part of the document.
    """
    permissions = pdf.Root.get("/Perms")
    if isinstance(permissions, Dictionary) and any(
        key in permissions for key in ("/DocMDP", "/UR", "/UR3")
    ):
        return True
    form = pdf.Root.get("/AcroForm")
    fields = form.get("/Fields") if isinstance(form, Dictionary) else None
    if isinstance(fields, Array) and any(_signed(field, None, 0) for field in fields):
        return True
    if not rawscan.has_byte_range(data):
        return False
    return any(
        isinstance(one, Dictionary) and "/ByteRange" in one and "/Contents" in one
        for one in pdf.objects
    )


def _signed(field: object, kind: object, depth: int) -> bool:
    if not isinstance(field, Dictionary) or depth > _DEPTH:
        return False
    kind = field.get("/FT", kind)
    value = field.get("/V")
    if kind == Name.Sig and isinstance(value, Dictionary) and "/Contents" in value:
        return True
    kids = field.get("/Kids")
    return isinstance(kids, Array) and any(_signed(kid, kind, depth + 1) for kid in kids)


def save_as_it_is(pdf: pikepdf.Pdf, target: BinaryIO) -> None:
    """Write the document with every stream as it is stored; the same input gives the same bytes."""
    with held_back(target) as sink:
        pdf.save(
            sink,
            preserve_pdfa=True,
            fix_metadata_version=False,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            object_stream_mode=pikepdf.ObjectStreamMode.preserve,
            deterministic_id=True,
        )
