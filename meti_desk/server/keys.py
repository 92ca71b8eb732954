"""The server's own key: signs receipts and what clients download (Ed25519)."""

import hashlib
import os
from pathlib import Path

from meti_desk.domain.errors import EnvironmentProblem

NAME = "server.key"


class ServerKey:
    """Holds the private key; `fingerprint` is what an enrolment code carries to the clients."""

    def __init__(self, private: bytes) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        self._private = Ed25519PrivateKey.from_private_bytes(private)
        self.public = self._private.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Sign (64 bytes)."""
        return self._private.sign(message)

    @property
    def fingerprint(self) -> str:
        """Give the first 16 hex digits of the public key's SHA-256."""
        return fingerprint(self.public)


def fingerprint(public: bytes) -> str:
    """Name a public key."""
    return hashlib.sha256(public).hexdigest()[:16]


def make(folder: Path) -> ServerKey:
    """Make the key of a new server, readable by its owner alone (`server.exists`)."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return keep(folder, Ed25519PrivateKey.generate().private_bytes_raw())


def keep(folder: Path, private: bytes) -> ServerKey:
    """Put a key into a folder that has none, readable by its owner alone (`server.exists`)."""
    try:
        descriptor = os.open(folder / NAME, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise EnvironmentProblem("server.exists", path=str(folder)) from None
    with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor
        file.write(private)
        file.flush()
        os.fsync(descriptor)
    return ServerKey(private)


def load(folder: Path) -> ServerKey:
    """Read the key of a server (`server.missing`, `server.key-damaged`)."""
    return ServerKey(private_of(folder))


def private_of(folder: Path) -> bytes:
    """Read the private key, for a backup (`server.missing`, `server.key-damaged`)."""
    try:
        private = (folder / NAME).read_bytes()
    except FileNotFoundError:
        raise EnvironmentProblem("server.missing", path=str(folder)) from None
    if len(private) != 32:  # noqa: PLR2004 - the length of an Ed25519 key
        raise EnvironmentProblem("server.key-damaged", path=str(folder))
    return private
