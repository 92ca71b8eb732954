"""A part of a split document (`.metipart`): what stands in it, written and read byte by byte.

All parts of a set carry the same signed manifest, so that each one tells which others belong to it
and by which hash they are known. Nothing in a part tells what the document is or is called; that
stands inside the ciphertext (`split_cipher`). The format is in docs/splitting.md (Art. 14-5).
"""

import hashlib
import re
import struct
from collections.abc import Iterator
from typing import BinaryIO, Literal, NoReturn

import msgspec

from meti_desk.domain.errors import InvalidInput
from meti_desk.protection.base import CHUNK, size_of

MAGIC = b"METIPART"
VERSION = 1
SUFFIX = ".metipart"
MOST_PARTS = 16
"""SLIP-39 knows no more, and nobody has more ways to send something."""
LARGEST_MANIFEST = 1 << 15
_LARGEST = 1 << 48
_HEAD = struct.Struct(">8sBBIH32s64s")
_TAIL = hashlib.sha256().digest_size
_HEX = re.compile(r"[0-9a-f]{64}")
_SET = re.compile(r"[0-9a-f]{32}")
_SIGNED = b"meti-desk split manifest 1\0"
_SHARE = b"meti-desk split share 1\0"

Scheme = Literal["xor-split", "slip-39"]
SHARE_LENGTH: dict[Scheme, int] = {"xor-split": 32, "slip-39": 42}
"""Bytes of a share: the key's length, or 33 words of ten bits."""


class Slice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one part has: bytes of the ciphertext from `offset`, and what its share hashes to.

    A part without data (`length` 0) is a share alone, as it goes on paper.
    """

    offset: int
    length: int
    sha256: str
    share: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all parts of a set agree on: `n` parts of which `k` are needed, and the ciphertext."""

    set: str
    n: int
    k: int
    scheme: Scheme
    size: int
    sha256: str
    parts: tuple[Slice, ...]

    def needs_all_data(self) -> bool:
        """Tell whether each part has another piece of the ciphertext (n of n)."""
        return self.scheme == "xor-split"


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A part as it was read: all of it hangs together, the signature is not looked at yet."""

    index: int
    manifest: bytes
    public_key: bytes
    signature: bytes
    share: bytes
    body: int
    """Where the data begins in the file."""

    def __repr__(self) -> str:
        """Leave the share out."""
        return f"Part({self.index})"


def signed_bytes(manifest: bytes) -> bytes:
    """Give what the device's key signs."""
    return _SIGNED + manifest


def commitment(set_id: str, index: int, share: bytes) -> str:
    """Hash a share so that the others can tell whether it is the right one.

    A share is 256 random bits: nobody finds it from its hash.
    """
    return hashlib.sha256(_SHARE + bytes.fromhex(set_id) + bytes([index]) + share).hexdigest()


def encode_manifest(manifest: Manifest) -> bytes:
    """Write a manifest as JSON, in one way only."""
    return msgspec.json.encode(manifest, order="deterministic")


def read_manifest(raw: bytes) -> Manifest:
    """Read a manifest and check that its numbers fit together (`split.part-damaged`)."""
    try:
        found = msgspec.json.decode(raw, type=Manifest)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        _damaged("manifest")
    if not (2 <= found.k <= found.n <= MOST_PARTS and len(found.parts) == found.n):  # noqa: PLR2004 - a secret of one part is none
        _damaged("parts")
    whole = found.needs_all_data()
    if whole != (found.k == found.n) or not 0 < found.size <= _LARGEST:
        _damaged("parts")
    hashes = [found.sha256, *(h for one in found.parts for h in (one.sha256, one.share))]
    if not _SET.fullmatch(found.set) or not all(map(_HEX.fullmatch, hashes)):
        _damaged("hashes")
    if not (_cut_right(found) if whole else _copied_right(found)):
        _damaged("sizes")
    return found


def _cut_right(found: Manifest) -> bool:
    at = 0
    for one in found.parts:
        if one.offset != at or one.length < 0:
            return False
        at += one.length
    return at == found.size


def _copied_right(found: Manifest) -> bool:
    """With k of n any k parts have to have the ciphertext among them: fewer than k are paper."""
    with_data = [one for one in found.parts if one.length]
    whole = all(one.length == found.size and one.sha256 == found.sha256 for one in with_data)
    return whole and found.n - len(with_data) < found.k and not any(o.offset for o in found.parts)


def write_part(target: BinaryIO, part: Part, source: BinaryIO, offset: int, length: int) -> None:
    """Write a part to `target`, which is empty; its data is taken from the ciphertext `source`."""
    digest = hashlib.sha256()

    def put(data: bytes) -> None:
        digest.update(data)
        target.write(data)

    put(
        _HEAD.pack(
            MAGIC, VERSION, part.index, len(part.manifest), len(part.share),
            part.public_key, part.signature,
        )
    )  # fmt: skip
    put(part.manifest)
    put(part.share)
    for piece in pieces(source, offset, length):
        put(piece)
    target.write(digest.digest())


def pieces(source: BinaryIO, offset: int, length: int) -> Iterator[bytes]:
    """Give a stretch of a file in pieces; ends early only where the file does."""
    source.seek(offset)
    while length and (piece := source.read(min(CHUNK, length))):
        length -= len(piece)
        yield piece


def is_part(head: bytes) -> bool:
    """Tell by its beginning whether a file is a part."""
    return head.startswith(MAGIC)


def read_part(source: BinaryIO) -> Part:
    """Read a part and prove that all of it is as it was written, in constant memory.

    Raises `InvalidInput`: `split.not-a-part`, `split.part-newer`, `split.part-truncated`,
    `split.part-damaged` (`what` names the field).
    """
    size = size_of(source)
    source.seek(0)
    head = source.read(_HEAD.size)
    if not is_part(head):
        raise InvalidInput("split.not-a-part")
    if len(head) < _HEAD.size:
        raise InvalidInput("split.part-truncated")
    _, version, index, manifest_length, share_length, public_key, signature = _HEAD.unpack(head)
    if version != VERSION:
        raise InvalidInput("split.part-newer", found=version, known=VERSION)
    if manifest_length > LARGEST_MANIFEST or share_length not in SHARE_LENGTH.values():
        _damaged("lengths")
    raw = source.read(manifest_length)
    share = source.read(share_length)
    body = _HEAD.size + manifest_length + share_length
    if size < body + _TAIL:
        raise InvalidInput("split.part-truncated")
    manifest = read_manifest(raw)
    if not 1 <= index <= manifest.n or share_length != SHARE_LENGTH[manifest.scheme]:
        _damaged("index")
    part = Part(
        index=index, manifest=raw, public_key=public_key, signature=signature, share=share,
        body=body,
    )  # fmt: skip
    _check_body(source, part, manifest.parts[index - 1], size)
    if commitment(manifest.set, index, share) != manifest.parts[index - 1].share:
        _damaged("share")
    return part


def _check_body(source: BinaryIO, part: Part, slice_: Slice, size: int) -> None:
    expected = part.body + slice_.length + _TAIL
    if size < expected:
        raise InvalidInput("split.part-truncated")
    if size > expected:
        _damaged("end")
    whole, data = hashlib.sha256(), hashlib.sha256()
    for piece in pieces(source, 0, part.body):
        whole.update(piece)
    for piece in pieces(source, part.body, slice_.length):
        whole.update(piece)
        data.update(piece)
    if source.read(_TAIL) != whole.digest() or data.hexdigest() != slice_.sha256:
        _damaged("hash")


def _damaged(what: str) -> NoReturn:
    raise InvalidInput("split.part-damaged", what=what)


def plan_slices(size: int, with_data: tuple[bool, ...], *, cut: bool) -> list[tuple[int, int]]:
    """Give offset and length of each part's data.

    `cut`: the parts with data share the ciphertext evenly, the first ones one byte longer where it
    does not come out even; else each of them has all of it.
    """
    if not cut:
        return [(0, size if has else 0) for has in with_data]
    count, found, at, seen = sum(with_data), [], 0, 0
    for has in with_data:
        length = 0
        if has:
            length = size // count + (1 if seen < size % count else 0)
            seen += 1
        found.append((at, length))
        at += length
    return found
