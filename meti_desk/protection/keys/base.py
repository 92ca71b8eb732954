"""What a private key does for the rest, wherever it lies: in a PKCS#12 file or on a card.

A file is parsed in a confined worker, a private key is used outside it, so that neither has both:
the worker gives the wrapped content key as it lies in the file (`Wrap`), the key unwraps it, and a
second job decrypts with the content key alone. A card never gives its key away; everything here
can be done by one.
"""

from typing import Literal, Protocol

import msgspec

WrapKind = Literal["rsa-oaep", "ecdh"]


class Wrap(msgspec.Struct, frozen=True, kw_only=True):
    """A content key wrapped for one certificate, as it lies in a CMS or `.metienc` file.

    `issuer` is the DER of the issuer's name and `serial` the serial number in decimal, or `key_id`
    is the subject key identifier: one of the two names the certificate. `digest` is the hash of
    OAEP and its mask (`rsa-oaep`) or of the key derivation (`ecdh`). `encrypted` is the wrapped
    key; for `ecdh` it is wrapped by AES key wrap with `wrap_bits`, `ephemeral` is the sender's
    public key (DER, SubjectPublicKeyInfo) and `shared_info` the DER that X9.63 derivation takes.
    """

    kind: WrapKind
    encrypted: bytes
    issuer: bytes = b""
    serial: str = ""
    key_id: bytes = b""
    digest: str = "sha256"
    ephemeral: bytes = b""
    shared_info: bytes = b""
    wrap_bits: int = 256


class PrivateKey(Protocol):
    """A private key with its certificate; raises `key.removed`, `key.wrong-pin`, `key.unusable`."""

    @property
    def certificate(self) -> bytes:
        """The certificate (DER)."""

    @property
    def chain(self) -> tuple[bytes, ...]:
        """Further certificates that lie beside it (DER)."""

    def decrypt_oaep(self, encrypted: bytes, digest: str) -> bytearray:
        """Decrypt by RSA-OAEP with this hash (`sha256` …) for hash and mask, no label."""

    def agree(self, public_key: bytes) -> bytearray:
        """Give the raw ECDH secret with a public key (DER, SubjectPublicKeyInfo)."""

    def sign(self, message: bytes) -> tuple[str, bytes]:
        """Sign with SHA-256: algorithm (`rsa-pss`, `ecdsa`) and signature (DER for ECDSA).

        RSA-PSS has mask SHA-256 and a salt of 32 bytes.
        """

    def close(self) -> None:
        """Wipe what can be wiped, or log out of the card."""
