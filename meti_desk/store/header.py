"""The file `store.key`: how the database key is wrapped, and for whom (a versioned JSON header).

One entry of `wraps` is enough to open the store: `passphrase` is always there, `keyring` when the
person wished it, `recovery` (to the ministry's key, Art. 30-4) is kept as it is. Each entry is
bound to this store and to its own parameters by the associated data of its cipher; a checksum over
the whole tells a damaged file from a wrong passphrase.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.store.disk import told, write_whole

FORMAT = "meti-desk-store-key"
VERSION = 1
_LARGEST = 1 << 20
"""No header is near 1 MiB; a bigger file is something else."""

Wrap = Mapping[str, str | int]
"""Parameters of one wrap; bytes as base64, the ciphertext under `wrapped`."""


@dataclass(frozen=True, slots=True)
class Header:
    """The id of the store (hex) and the wraps of its key by kind."""

    store: str
    wraps: Mapping[str, Wrap]

    def with_wrap(self, kind: str, wrap: Wrap) -> "Header":
        """Give the header with one wrap added or exchanged."""
        return replace(self, wraps={**self.wraps, kind: wrap})

    def without(self, kind: str) -> "Header":
        """Give the header without one wrap."""
        return replace(
            self, wraps={name: wrap for name, wrap in self.wraps.items() if name != kind}
        )


def associated(store: str, kind: str, wrap: Wrap) -> bytes:
    """Give the associated data of a wrap: format, version, store, kind and all its parameters.

    The parameters of the other wraps are left out, so that each can change without the others'
    secrets being at hand.
    """
    parameters = {name: value for name, value in wrap.items() if name != "wrapped"}
    told_of = {"format": FORMAT, "version": VERSION, "store": store, "kind": kind}
    return _canonical({**told_of, "parameters": parameters})


def write_header(path: Path, header: Header) -> None:
    """Write the header atomically and durably (errors: `store.full`, `store.unwritable`)."""
    write_whole(path, encode(header), point="store.key")


def encode(header: Header) -> bytes:
    """Give the bytes of the file."""
    content = {
        "format": FORMAT,
        "version": VERSION,
        "store": header.store,
        "wraps": {kind: dict(wrap) for kind, wrap in header.wraps.items()},
    }
    checksum = hashlib.sha256(_canonical(content)).hexdigest()
    return json.dumps({**content, "sha256": checksum}, indent=1, sort_keys=True).encode() + b"\n"


def read_header(path: Path) -> Header:
    """Read and check the header.

    Errors: `store.missing`, `store.unreadable`, `store.key-damaged`, and `store.newer` when a later
    version of the application wrote it.
    """
    with told(path, "store.unreadable"), path.open("rb") as file:
        raw = file.read(_LARGEST + 1)
    try:
        content = json.loads(raw)
        if content["format"] != FORMAT or len(raw) > _LARGEST:
            raise _damaged(path)
        if content["version"] > VERSION:
            raise EnvironmentProblem("store.newer", found=int(content["version"]), known=VERSION)
        checksum = content.pop("sha256")
        if checksum != hashlib.sha256(_canonical(content)).hexdigest():
            raise _damaged(path)
        if not all(isinstance(wrap, dict) for wrap in content["wraps"].values()):
            raise _damaged(path)
        return Header(str(content["store"]), content["wraps"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise _damaged(path) from None


def number(wrap: Wrap, name: str) -> int:
    """Read a whole number of a wrap (`store.key-damaged` when it is none)."""
    value = wrap.get(name)
    if not isinstance(value, int):
        raise _damaged(None)
    return value


def binary(wrap: Wrap, name: str) -> bytes:
    """Read bytes of a wrap (`store.key-damaged` when they are none)."""
    value = wrap.get(name)
    if not isinstance(value, str):
        raise _damaged(None)
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise _damaged(None) from None


def text(value: bytes | bytearray) -> str:
    """Write bytes as they stand in a wrap."""
    return base64.b64encode(value).decode()


def _canonical(content: object) -> bytes:
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()


def _damaged(path: Path | None) -> EnvironmentProblem:
    return EnvironmentProblem("store.key-damaged", path=str(path or ""))
