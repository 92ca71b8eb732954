"""Finds how a PDF is encrypted without its password, by reading its encryption dictionary."""

import re
from typing import BinaryIO

from meti_desk.protection.base import ProtectionFound

_WINDOW = 64 << 20
"""Larger files are searched at their beginning and end only, where the dictionary stands."""
_POINTER = re.compile(rb"/Encrypt\s*(?:(\d{1,10})\s+(\d{1,5})\s+R\b|<<)")
_RC4 = ("rc4", "md5")
_BY_REVISION = {
    2: _RC4,
    3: _RC4,
    4: _RC4,
    5: ("aes-256", "cbc", "sha-256"),
    6: ("aes-256", "cbc", "pdf-r6-kdf"),
}
_WITH_AES = 4
_NEWEST = 6


def encryption_of(source: BinaryIO) -> ProtectionFound | None:
    """Describe the encryption that the trailer points to, or `None` when there is none.

    The dictionary itself is never encrypted nor put into an object stream (ISO 32000-2, 7.5.7),
    so that its plain bytes tell the revision. What cannot be read is said to be not openable.
    """
    text = _searchable(source)
    pointers = list(_POINTER.finditer(text))
    if not pointers:
        return None
    pointer = pointers[-1]
    if pointer[1] is None:
        body = text[pointer.start() : pointer.start() + 4096]
    else:
        found = re.findall(
            rb"(?<!\d)" + pointer[1] + rb"\s+" + pointer[2] + rb"\s+obj\b(.{0,4096})",
            text,
            re.DOTALL,
        )
        body = found[-1].split(b"endobj")[0] if found else b""
    return _described(body)


def _described(body: bytes) -> ProtectionFound:
    revision = _number(body, b"R")
    if b"/Standard" not in body or revision not in _BY_REVISION:
        return ProtectionFound("pdf", (), openable=False)
    algorithms = _BY_REVISION[revision]
    if revision == _WITH_AES and b"/AESV2" in body:
        algorithms = ("aes-128", "cbc", "md5")
    return ProtectionFound("pdf", algorithms, openable=revision <= _NEWEST)


def _number(body: bytes, key: bytes) -> int:
    match = re.search(rb"/" + key + rb"\s*(\d{1,3})(?!\d)", body)
    return int(match[1]) if match else 0


def _searchable(source: BinaryIO) -> bytes:
    size = source.seek(0, 2)
    source.seek(0)
    if size <= 2 * _WINDOW:
        return source.read()
    start = source.read(_WINDOW)
    source.seek(size - _WINDOW)
    return start + b"\n" + source.read()
