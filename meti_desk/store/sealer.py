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
    from cryptography.hazmat.primitives.asymmetric import ec

    from meti_desk.store.database import Database

PUBLIC_LENGTH = 32
"""Bytes of a raw Ed25519 public key."""
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""The order of P-256's group (SP 800-186)."""


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

        return Ed25519PrivateKey.from_private_bytes(self._seed()).sign(message)

    def opening_point(self) -> bytes:
        """Give the public point (P-256, 65 bytes) of the key that opens what others seal."""
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        public = self._opening_key().public_key()
        return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def agree(self, point: bytes) -> bytes:
        """Give the ECDH secret with a point; `ValueError` when it is none."""
        from cryptography.hazmat.primitives.asymmetric import ec

        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        return self._opening_key().exchange(ec.ECDH(), theirs)

    def _opening_key(self) -> "ec.EllipticCurvePrivateKey":
        """Derive the second key from the first: a device has one secret, for two uses."""
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        wide = HKDF(SHA256(), 48, salt=None, info=b"meti-desk opening 1").derive(self._seed())
        # 48 bytes modulo an order of 32: as good as uniform, and never zero.
        return ec.derive_private_key(int.from_bytes(wide) % (_ORDER - 1) + 1, ec.SECP256R1())

    def _seed(self) -> bytes:
        return self._only(self._database.run("SELECT private FROM device_key"))

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
