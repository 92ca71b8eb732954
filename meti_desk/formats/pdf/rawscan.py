"""What a PDF's bytes tell before, or without, opening it: protection, revisions, leftovers.

An encrypted file cannot be opened without its password, yet its encryption dictionary is always in
the clear and never inside a compressed object, so its algorithms can be named (protection table).
"""

import mmap
import re
from typing import BinaryIO

from meti_desk.formats.base import ProtectionFound

_ENCRYPT_REF = re.compile(rb"/Encrypt\s+(\d{1,9})\s+(\d{1,5})\s+R\b")
_BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*\d")
_SPAN = 4096
_ALGORITHMS = {
    2: ("rc4", "md5"),
    3: ("rc4", "md5"),
    4: ("rc4", "md5"),
    5: ("aes-256", "cbc", "sha-256"),
    6: ("aes-256", "cbc", "pdf-r6-kdf"),
}
"""What a revision of the standard handler rests on, by the ids of the table of algorithms."""

Raw = bytes | mmap.mmap


def size_of(source: BinaryIO) -> int:
    """Tell a file's size in bytes."""
    return source.seek(0, 2)


def raw(source: BinaryIO) -> Raw:
    """Give a file's bytes, mapped where it is a real file, so that large ones cost no memory."""
    size = size_of(source)
    source.seek(0)
    try:
        return mmap.mmap(source.fileno(), size, access=mmap.ACCESS_READ)
    except (AttributeError, OSError, ValueError):
        return source.read()


def revisions(data: Raw) -> int:
    """Count how often the file was saved into itself: each saving ends with `%%EOF`."""
    return len(re.findall(rb"startxref\s+\d+\s+%%EOF", data))


def has_byte_range(data: Raw) -> bool:
    """Tell whether a signature's byte range stands in the file; it cannot be compressed."""
    return _BYTE_RANGE.search(data) is not None


def encryption(data: Raw) -> ProtectionFound | None:
    """Name the protection of a file that does not open, from its encryption dictionary."""
    references = _ENCRYPT_REF.findall(data)
    if references:
        number, generation = references[-1]
        start = re.search(rb"(?<!\d)%s\s+%s\s+obj\b" % (number, generation), data)
        if start is not None:
            return _protection(data[start.end() : start.end() + _SPAN])
    direct = re.search(rb"/Encrypt\s*<<", data)
    return _protection(data[direct.end() : direct.end() + _SPAN]) if direct else None


def _protection(dictionary: bytes) -> ProtectionFound:
    if not re.search(rb"/Filter\s*/Standard\b", dictionary):
        handler = re.search(rb"/Filter\s*/([\w.]+)", dictionary)
        told = handler.group(1).decode("ascii", "replace") if handler else "unknown"
        return ProtectionFound("pdf", (told,))
    revision = re.search(rb"/R\s+(\d)", dictionary)
    return protection_of(int(revision.group(1)) if revision else 0, aes=b"/AESV2" in dictionary)


def protection_of(revision: int, *, aes: bool) -> ProtectionFound:
    """Name the algorithms behind a revision (2-6) of the standard security handler."""
    names = _ALGORITHMS.get(revision, ())
    if aes and names[:1] == ("rc4",):
        names = ("aes-128", "cbc", "md5")
    return ProtectionFound("pdf", names)
