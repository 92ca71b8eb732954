"""The header of a `.metienc` file, byte by byte as `docs/metienc.md` tells it.

There is one way only to write a header: what was read is written again and has to give the same
bytes. The whole of it is the context of the encryption, so that a label, a document id or a
recipient that somebody exchanges keeps the file from opening.
"""

import struct
from collections.abc import Iterator
from typing import BinaryIO, get_args

import msgspec

from meti_desk.domain.errors import InvalidInput
from meti_desk.protection.keys.base import Wrap, WrapKind

MAGIC = b"\x89METIENC"
VERSION = 1
SUITE = 1
"""Cobblestone-256: HKDF-SHA-512 and AES-256-GCM in chunks of 16 KiB."""
KEY = 32
SALT, NONCE, WRAPPED = 16, 12, KEY + 16
MOST_ITERATIONS = 10_000_000
"""More rounds than this are refused: a crafted file must not keep the machine busy."""
MOST_WRAPS = 1000

_MOST = 1 << 20
_MOST_TEXT = 4096
_START = struct.Struct(">8sBBHI")
_RECORD = struct.Struct(">BI")
_PASSWORD = struct.Struct(f">I{SALT}s{NONCE}s{WRAPPED}s")
_WRAP = struct.Struct(">BH")
_LENGTH = struct.Struct(">I")
_DOCUMENT, _LABEL, _BY_PASSWORD, _BY_CERTIFICATE = range(1, 5)
_KINDS: tuple[WrapKind, ...] = get_args(WrapKind)


class PasswordWrap(msgspec.Struct, frozen=True):
    """The content key under a password: PBKDF2-HMAC-SHA-256, then AES-256-GCM."""

    iterations: int
    salt: bytes
    nonce: bytes
    encrypted: bytes


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in front, readable without a key.

    `document` is the id of the document and `label` its 格付 as in the property
    `jp.go.meti.label`; both may be empty. File names and 取扱制限 are inside, encrypted.
    """

    document: str = ""
    label: str = ""
    password: PasswordWrap | None = None
    wraps: tuple[Wrap, ...] = ()


def is_ours(head: bytes) -> bool:
    """Tell whether a file begins as a `.metienc` of any version."""
    return head.startswith(MAGIC)


def pack(header: Header) -> bytes:
    """Write a header; raises `InvalidInput("protect.too-many-recipients")`."""
    records = list(_records(header))
    body = b"".join(_RECORD.pack(kind, len(value)) + value for kind, value in records)
    if len(header.wraps) > MOST_WRAPS or len(body) > _MOST:
        raise InvalidInput("protect.too-many-recipients", limit=MOST_WRAPS)
    return _START.pack(MAGIC, VERSION, SUITE, len(records), len(body)) + body


def read(source: BinaryIO) -> tuple[Header, bytes]:
    """Read a header and its bytes; the position is where the encrypted part begins.

    Raises `InvalidInput`: `document.damaged`, `open.unsupported` (a later version or another
    suite), `open.kdf-too-costly`.
    """
    source.seek(0)
    start = source.read(_START.size)
    if len(start) < _START.size or not is_ours(start):
        raise _damaged()
    _, version, suite, count, length = _START.unpack(start)
    if (version, suite) != (VERSION, SUITE):
        raise InvalidInput("open.unsupported", what=f"metienc {version}.{suite}")
    if length > _MOST:
        raise _damaged()
    body = source.read(length)
    header = _parsed(body, count)
    if pack(header) != start + body:
        raise _damaged()
    wrap = header.password
    if wrap is not None and not 1 <= wrap.iterations <= MOST_ITERATIONS:
        raise InvalidInput("open.kdf-too-costly", count=wrap.iterations, limit=MOST_ITERATIONS)
    return header, start + body


def _records(header: Header) -> Iterator[tuple[int, bytes]]:
    yield _DOCUMENT, header.document.encode()
    yield _LABEL, header.label.encode()
    if header.password is not None:
        one = header.password
        yield _BY_PASSWORD, _PASSWORD.pack(one.iterations, one.salt, one.nonce, one.encrypted)
    for wrap in header.wraps:
        yield _BY_CERTIFICATE, _packed_wrap(wrap)


def _packed_wrap(wrap: Wrap) -> bytes:
    parts = (
        wrap.digest.encode(),
        wrap.issuer,
        wrap.serial.encode(),
        wrap.key_id,
        wrap.ephemeral,
        wrap.shared_info,
        wrap.encrypted,
    )
    fields = b"".join(_LENGTH.pack(len(part)) + part for part in parts)
    return _WRAP.pack(_KINDS.index(wrap.kind) + 1, wrap.wrap_bits) + fields


def _parsed(body: bytes, count: int) -> Header:
    """Take the records apart; an order or number of theirs that is not ours is found by `pack`."""
    texts = {_DOCUMENT: "", _LABEL: ""}
    password: PasswordWrap | None = None
    wraps: list[Wrap] = []
    at = 0
    try:
        for _ in range(count):
            kind, length = _RECORD.unpack_from(body, at)
            at += _RECORD.size
            value = body[at : at + length]
            at += length
            if kind in texts and length <= _MOST_TEXT:
                texts[kind] = value.decode()
            elif kind == _BY_PASSWORD:
                password = PasswordWrap(*_PASSWORD.unpack(value))
            elif kind == _BY_CERTIFICATE and len(wraps) < MOST_WRAPS:
                wraps.append(_wrap(value))
            else:
                raise _damaged()
    except (struct.error, UnicodeDecodeError, IndexError):
        raise _damaged() from None
    return Header(
        document=texts[_DOCUMENT], label=texts[_LABEL], password=password, wraps=tuple(wraps)
    )


def _wrap(value: bytes) -> Wrap:
    kind, bits = _WRAP.unpack_from(value)
    at, parts = _WRAP.size, []
    for _ in range(7):
        (length,) = _LENGTH.unpack_from(value, at)
        at += _LENGTH.size
        parts.append(value[at : at + length])
        at += length
    if not 1 <= kind <= len(_KINDS):
        raise _damaged()
    digest, issuer, serial, key_id, ephemeral, shared_info, encrypted = parts
    return Wrap(
        kind=_KINDS[kind - 1],
        encrypted=encrypted,
        issuer=issuer,
        serial=serial.decode(),
        key_id=key_id,
        digest=digest.decode(),
        ephemeral=ephemeral,
        shared_info=shared_info,
        wrap_bits=bits,
    )


def _damaged() -> InvalidInput:
    return InvalidInput("document.damaged", what="header")
