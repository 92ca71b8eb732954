"""Orders and answers of the jobs that split and join, and the jobs themselves (Art. 14-5).

The key comes from and goes back to the application, which divides it; the worker sees the document
or a part, one at a time:

- `split_seal` SealOrder -> Sealed (source, target)
- `split_prove` UnsealOrder -> Inside (source: the ciphertext, original): decrypts and compares
- `split_read` NoOrder -> Part (source: a part), all of it checked but the signature
- `split_open` UnsealOrder -> Inside (source, target)
"""

from collections.abc import Mapping
from typing import BinaryIO

import msgspec

from meti_desk.domain.errors import InvalidInput
from meti_desk.protection.base import Comparison
from meti_desk.protection.split import Part
from meti_desk.protection.split_cipher import Inside, Sealed

Files = Mapping[str, BinaryIO]


class NoOrder(msgspec.Struct, frozen=True):
    """Nothing to be told."""


class SealOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Encrypt a document under a key; `bound` is what is bound in."""

    key: bytes
    bound: bytes
    inside: Inside

    def __repr__(self) -> str:
        """Leave the key out."""
        return "SealOrder()"


class UnsealOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Decrypt a stretch of a file."""

    key: bytes
    bound: bytes
    at: int
    length: int

    def __repr__(self) -> str:
        """Leave the key out."""
        return "UnsealOrder()"


def seal_job(order: SealOrder, files: Files) -> Sealed:
    """Encrypt."""
    from meti_desk.protection.split_cipher import seal

    return seal(files["source"], files["target"], order.key, order.bound, order.inside)


def prove_job(order: UnsealOrder, files: Files) -> Inside:
    """Decrypt and compare with the original; writes nothing (`split.not-proven`)."""
    from meti_desk.protection.split_cipher import unseal

    same = Comparison(files["original"])
    inside = unseal(files["source"], same, order.key, order.bound, order.at, order.length)
    if not same.equal():
        raise InvalidInput("split.not-proven")
    return inside


def read_job(_: NoOrder, files: Files) -> Part:
    """Read a part."""
    from meti_desk.protection.split import read_part

    return read_part(files["source"])


def open_job(order: UnsealOrder, files: Files) -> Inside:
    """Decrypt; on any error nothing is left in the target."""
    from meti_desk.protection.split_cipher import unseal_to_file

    return unseal_to_file(
        files["source"], files["target"], order.key, order.bound, order.at, order.length
    )
