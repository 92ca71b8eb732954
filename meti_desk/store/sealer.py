"""The device key (Ed25519): seals labels and, later, signs what goes to the server.

Its private half is made here and lies in the encrypted database alone; it is read for each
signature and not held. Its public half also lies in `device.pub`, 32 raw bytes, so that seals can
be checked while the store is locked.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.store.disk import told, write_whole

if TYPE_CHECKING:
    from meti_desk.store.database import Database

PUBLIC_LENGTH = 32
"""Bytes of a raw Ed25519 public key."""


class DeviceSealer:
    """Signs with the device key of an unlocked store."""

    def __init__(self, database: "Database") -> None:
        self._database = database
        self._public = b""

    def make(self) -> None:
        """Make the device key, once; a store that has one keeps it."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        private = Ed25519PrivateKey.generate()
        halves = (private.private_bytes_raw(), private.public_key().public_bytes_raw())
        with self._database.transaction():
            self._database.run(
                "INSERT INTO device_key (one, private, public) VALUES (1, ?, ?)"
                " ON CONFLICT DO NOTHING",
                halves,
            )

    def public_key(self) -> bytes:
        """Give the raw public key (Ed25519, 32 bytes); `store.damaged` when there is none."""
        if not self._public:
            self._public = self._only(self._database.run("SELECT public FROM device_key"))
        return self._public

    def sign(self, message: bytes) -> bytes:
        """Sign (Ed25519, 64 bytes)."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        private = self._only(self._database.run("SELECT private FROM device_key"))
        return Ed25519PrivateKey.from_private_bytes(private).sign(message)

    def _only(self, rows: list[tuple[bytes]]) -> bytes:
        if not rows:
            raise EnvironmentProblem("store.damaged", path=str(self._database.path), error="no-key")
        return rows[0][0]


def publish_public_key(path: Path, public: bytes) -> None:
    """Write `device.pub` unless it already says this."""
    if not path.is_file() or path.read_bytes() != public:
        write_whole(path, public, point="store.public-key")


def read_public_key(path: Path) -> bytes:
    """Read `device.pub` of a store that may be locked.

    Errors: `store.missing`, `store.unreadable`, `store.key-damaged` (not 32 bytes).
    """
    with told(path, "store.unreadable"), path.open("rb") as file:
        public = file.read(PUBLIC_LENGTH + 1)
    if len(public) != PUBLIC_LENGTH:
        raise EnvironmentProblem("store.key-damaged", path=str(path))
    return public
