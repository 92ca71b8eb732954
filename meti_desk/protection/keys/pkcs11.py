"""The person's own key on a card or token, by its PKCS#11 module (python-pkcs11).

The key never leaves the card. Cards differ in what they can do: RSA-OAEP with SHA-256 is asked of
the card first, and where it cannot, of its bare RSA operation with the padding taken off here. The
module is a library of the maker that runs in this process; only one that policy or person names is
ever loaded.
"""

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pkcs11
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)
from pkcs11 import KDF, MGF, Attribute, KeyType, Mechanism, ObjectClass, TokenFlag
from pkcs11.types import PROTECTED_AUTH

from meti_desk.domain.errors import EnvironmentProblem, InvalidInput, MetiDeskError
from meti_desk.protection.keys.oaep import check, unpad
from meti_desk.protection.keys.software import SALT

_LOCK = threading.RLock()
"""Modules keep one state for the whole process; one card is used at a time."""

_REMOVED = (
    pkcs11.DeviceRemoved,
    pkcs11.TokenNotPresent,
    pkcs11.SessionHandleInvalid,
    pkcs11.SessionClosed,
    pkcs11.ObjectHandleInvalid,
    pkcs11.KeyHandleInvalid,
    pkcs11.SlotIDInvalid,
    pkcs11.DeviceError,
)
_CANNOT = (
    pkcs11.MechanismInvalid,
    pkcs11.MechanismParamInvalid,
    pkcs11.ArgumentsBad,
    pkcs11.FunctionNotSupported,
    pkcs11.KeyTypeInconsistent,
    pkcs11.GeneralError,
    pkcs11.FunctionFailed,
)
"""What modules say when a card knows OAEP, but not with this hash, or could not take it off."""
_HASH = {"sha1": Mechanism.SHA_1, "sha256": Mechanism.SHA256, "sha384": Mechanism.SHA384}
_HASH |= {"sha512": Mechanism.SHA512}
_MASK = {"sha1": MGF.SHA1, "sha256": MGF.SHA256, "sha384": MGF.SHA384, "sha512": MGF.SHA512}


class TokenFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A card in a reader. `pin` tells what the card says of its PIN: ``, `few`, `last`, `locked`.

    PKCS#11 gives no number of tries; these words are all that a card may tell.
    """

    label: str
    serial: str
    maker: str = ""
    model: str = ""
    pin: str = ""
    own_keys: bool = False
    """Whether the PIN is typed at the reader."""


class CardCertificate(msgspec.Struct, frozen=True):
    """A certificate that lies on a card, readable without the PIN; `key_id` is CKA_ID in hex."""

    key_id: str
    label: str
    data: bytes


def tokens(module: str) -> tuple[TokenFacts, ...]:
    """List the cards in the readers of a module; raises `key.module-missing`."""
    with _LOCK, _told():
        return tuple(_facts(token) for token in _tokens(module))


def find_token(module: str, serial: str = "") -> TokenFacts:
    """Give the card with this serial number, or the only one.

    Raises `key.module-missing`, `key.token-missing`, `key.several-tokens`.
    """
    with _LOCK, _told():
        return _facts(_token(module, serial))


def certificates_on(module: str, serial: str = "") -> tuple[CardCertificate, ...]:
    """Give the certificates on a card; errors as `find_token`, and `key.removed`."""
    with _LOCK, _told():
        session = _token(module, serial).open()
        try:
            return tuple(_certificates(session))
        finally:
            session.close()


def open_card(module: str, pin: str, *, serial: str = "", key_id: str = "") -> "CardKey":
    """Log in and give the key with this id, or the first one that has a certificate.

    Raises `key.module-missing`, `key.token-missing`, `key.several-tokens`, `key.removed`,
    `key.no-private-key`, `key.unusable`; for the PIN `key.wrong-pin`, and where the card tells it
    `key.wrong-pin-few` or `key.wrong-pin-last` (how many tries are left), `key.pin-locked`.
    """
    with _LOCK, _told():
        token = _token(module, serial)
        session = _login(module, token, pin)
        try:
            return _key(session, bytes.fromhex(key_id))
        except BaseException:
            _close(session)
            raise


class CardKey:
    """A key on a card with its certificate; see `keys.base.PrivateKey`."""

    def __init__(
        self, session: Any, key: Any, certificate: bytes, chain: tuple[bytes, ...]
    ) -> None:
        self._session = session
        self._key = key
        self._certificate = certificate
        self._chain = chain

    def __repr__(self) -> str:
        """Tell nothing of card and key."""
        return "CardKey()"

    @property
    def certificate(self) -> bytes:
        """The certificate (DER)."""
        return self._certificate

    @property
    def chain(self) -> tuple[bytes, ...]:
        """The other certificates on the card (DER)."""
        return self._chain

    def decrypt_oaep(self, encrypted: bytes, digest: str) -> bytearray:
        """Decrypt by RSA-OAEP, on the card as far as the card can.

        Raises `key.removed`, `key.unusable`, `key.no-match` (not encrypted for it, or changed).
        """
        if digest not in _HASH or self._key.key_type is not KeyType.RSA:
            raise InvalidInput("key.unusable", what="RSA-OAEP")
        with _LOCK, _told():
            check(encrypted, bytes(self._key[Attribute.MODULUS]))
            try:
                parameters = (_HASH[digest], _MASK[digest], None)
                plain = self._key.decrypt(
                    encrypted, mechanism=Mechanism.RSA_PKCS_OAEP, mechanism_param=parameters
                )
            except _CANNOT:
                block = self._key.decrypt(encrypted, mechanism=Mechanism.RSA_X_509)
                plain = unpad(block, self._key.key_length // 8, digest)
        return bytearray(plain)

    def agree(self, public_key: bytes) -> bytearray:
        """Give the raw ECDH secret; the point is checked before the card sees it.

        Raises `key.removed`, `key.unusable`, `key.no-match`.
        """
        # What the card does not offer for this key, the library's object has no method for.
        if self._key.key_type is not KeyType.EC or not hasattr(self._key, "derive_key"):
            raise InvalidInput("key.unusable", what="ECDH")
        point, length = _point(public_key)
        template = {
            Attribute.EXTRACTABLE: True,
            Attribute.SENSITIVE: False,
            Attribute.TOKEN: False,
        }
        with _LOCK, _told():
            secret = self._key.derive_key(
                KeyType.GENERIC_SECRET,
                length * 8,
                mechanism_param=(KDF.NULL, None, point),
                template=template,
            )
            try:
                return bytearray(secret[Attribute.VALUE])
            finally:
                secret.destroy()

    def sign(self, message: bytes) -> tuple[str, bytes]:
        """Sign with SHA-256: `rsa-pss` (salt of 32 bytes) or `ecdsa` (DER)."""
        digest = hashes.Hash(hashes.SHA256())
        digest.update(message)
        hashed = digest.finalize()
        with _LOCK, _told():
            if self._key.key_type is KeyType.RSA:
                parameters = (Mechanism.SHA256, MGF.SHA256, SALT)
                pss = Mechanism.RSA_PKCS_PSS
                signed = self._key.sign(hashed, mechanism=pss, mechanism_param=parameters)
                return "rsa-pss", bytes(signed)
            raw = self._key.sign(hashed, mechanism=Mechanism.ECDSA)
        half = len(raw) // 2
        r, s = int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big")
        return "ecdsa", encode_dss_signature(r, s)

    def close(self) -> None:
        """Log out; a card that is gone is logged out already."""
        with _LOCK:
            _close(self._session)


def _close(session: Any) -> None:
    with contextlib.suppress(pkcs11.PKCS11Error):
        session.close()


def _library(module: str) -> Any:
    if not Path(module).is_file():
        raise EnvironmentProblem("key.module-missing", path=module)
    try:
        return pkcs11.lib(module)
    except RuntimeError:  # PKCS11Error is one, and what the loader of libraries says is another
        raise EnvironmentProblem("key.module-missing", path=module) from None


def _tokens(module: str) -> list[Any]:
    slots = _library(module).get_slots(token_present=True)
    found = []
    for slot in slots:
        with contextlib.suppress(pkcs11.TokenNotPresent, pkcs11.TokenNotRecognised):
            token = slot.get_token()
            if TokenFlag.TOKEN_INITIALIZED in token.flags:
                found.append(token)
    return found


def _token(module: str, serial: str) -> Any:
    found = [one for one in _tokens(module) if not serial or _serial(one) == serial]
    if not found:
        raise EnvironmentProblem("key.token-missing")
    if len(found) > 1:
        raise InvalidInput("key.several-tokens", count=len(found))
    return found[0]


def _serial(token: Any) -> str:
    return bytes(token.serial).decode("ascii", "replace").strip()


def _facts(token: Any) -> TokenFacts:
    return TokenFacts(
        label=token.label.strip(),
        serial=_serial(token),
        maker=token.manufacturer_id.strip(),
        model=token.model.strip(),
        pin=_pin_state(token.flags),
        own_keys=TokenFlag.PROTECTED_AUTHENTICATION_PATH in token.flags,
    )


def _pin_state(flags: TokenFlag) -> str:
    if TokenFlag.USER_PIN_LOCKED in flags:
        return "locked"
    if TokenFlag.USER_PIN_FINAL_TRY in flags:
        return "last"
    return "few" if TokenFlag.USER_PIN_COUNT_LOW in flags else ""


def _login(module: str, token: Any, pin: str) -> Any:
    """Open a session with the PIN; afterwards the card is asked what is left of its tries."""
    at_reader = not pin and TokenFlag.PROTECTED_AUTHENTICATION_PATH in token.flags
    try:
        return token.open(user_pin=PROTECTED_AUTH if at_reader else pin)
    except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange):
        state = _pin_state(token.slot.get_token().flags)
        _start_again(module)
        if state == "locked":
            raise EnvironmentProblem("key.pin-locked") from None
        code = f"key.wrong-pin-{state}" if state else "key.wrong-pin"
        raise InvalidInput(code) from None
    except pkcs11.PinLocked:
        _start_again(module)
        raise EnvironmentProblem("key.pin-locked") from None


def _start_again(module: str) -> None:
    """Drop the session that a refused login leaves open in the library."""
    with contextlib.suppress(pkcs11.PKCS11Error):
        _library(module).reinitialize()


def _certificates(session: Any) -> Iterator[CardCertificate]:
    for one in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}):
        with contextlib.suppress(pkcs11.AttributeTypeInvalid, pkcs11.AttributeSensitive):
            data = bytes(one[Attribute.VALUE])
            if data:
                yield CardCertificate(_id(one).hex(), _label(one), data)


def _id(one: Any) -> bytes:
    try:
        return bytes(one[Attribute.ID])
    except (pkcs11.AttributeTypeInvalid, pkcs11.AttributeSensitive):
        return b""


def _label(one: Any) -> str:
    try:
        return str(one[Attribute.LABEL])
    except (pkcs11.AttributeTypeInvalid, pkcs11.AttributeSensitive):
        return ""


def _key(session: Any, key_id: bytes) -> CardKey:
    held = list(_certificates(session))
    by_id = {one.key_id: one.data for one in reversed(held)}
    for key in session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY}):
        identity = _id(key)
        certificate = by_id.get(identity.hex())
        if certificate is None or (key_id and identity != key_id):
            continue
        if key.key_type not in {KeyType.RSA, KeyType.EC}:
            raise InvalidInput("key.unusable", what=str(key.key_type))
        chain = tuple(one.data for one in held if one.data != certificate)
        return CardKey(session, key, certificate, chain)
    raise InvalidInput("key.no-private-key")


def _point(public_key: bytes) -> tuple[bytes, int]:
    """Give the point of a public key and the length of the secret, both in bytes."""
    try:
        key = load_der_public_key(public_key)
    except (ValueError, UnsupportedAlgorithm):
        raise InvalidInput("key.no-match") from None
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise InvalidInput("key.no-match")
    point = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return point, (key.curve.key_size + 7) // 8


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Turn what the module says into our codes; a card pulled out is named whatever was asked."""
    try:
        yield
    except MetiDeskError:
        raise
    except _REMOVED:
        raise EnvironmentProblem("key.removed") from None
    except (
        pkcs11.EncryptedDataInvalid,
        pkcs11.EncryptedDataLenRange,
        pkcs11.DataInvalid,
        pkcs11.PublicKeyInvalid,
        pkcs11.DomainParamsInvalid,
    ):
        raise InvalidInput("key.no-match") from None
    except pkcs11.PKCS11Error as error:
        raise EnvironmentProblem("key.card-failed", what=type(error).__name__) from None
