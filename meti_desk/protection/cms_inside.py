"""File name and label inside a CMS envelope, sealed so that only recipients read them.

They lie among the recipients, in a kind (OtherRecipientInfo) that other programs pass over, so
that what those decrypt is the file byte for byte. Attributes would be the usual place, but
`openssl` up to 3.0 cannot read an authenticated envelope that has any. The nonce of the content
binds them: half of it says that a sealed name belongs to the file, half says which one. A name
that was taken away, exchanged or added is found.
"""

import hmac

from meti_desk.domain.errors import InvalidInput
from meti_desk.protection import der
from meti_desk.protection.names import is_safe_name

NONCE = 12
_HALF = NONCE // 2
_PURPOSE = b"jp.go.meti.desk cms inside 1"
_STEP = 256
_UTF8 = 0x0C
_MOST = 1 << 16


def sealed(content_key: bytes, name: str, label: str) -> tuple[bytes, bytes]:
    """Give the sealed name and label, and the nonce that the content has to be encrypted with.

    The content key is used for one file only, so that the nonce need not be random. The length is
    filled up to steps of 256 bytes: how long a name is tells something, too.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    lock, mark = _keys(content_key)
    inner = der.tlv(_UTF8, name.encode()) + der.tlv(_UTF8, label.encode())
    filled = inner + bytes(-len(inner) % _STEP)
    box = AESGCM(lock).encrypt(bytes(NONCE), filled, None)
    return box, _nonce(mark, box)


def opened(content_key: bytes, nonce: bytes, boxes: tuple[bytes, ...]) -> tuple[str, str]:
    """Give name and label; both empty in envelopes that others made.

    Raises `InvalidInput`: `open.tampered`, `open.unsafe-name`.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    lock, mark = _keys(content_key)
    if not boxes:
        if len(nonce) == NONCE and hmac.compare_digest(nonce[:_HALF], _nonce(mark, b"")[:_HALF]):
            raise InvalidInput("open.tampered")
        return "", ""
    if len(boxes) > 1 or len(boxes[0]) > _MOST:
        raise InvalidInput("open.tampered")
    if not hmac.compare_digest(nonce, _nonce(mark, boxes[0])):
        raise InvalidInput("open.tampered")
    try:
        filled = AESGCM(lock).decrypt(bytes(NONCE), boxes[0], None)
    except InvalidTag:
        raise InvalidInput("open.tampered") from None
    name, label = _texts(filled)
    if name and not is_safe_name(name):
        raise InvalidInput("open.unsafe-name", name=name[:80])
    return name, label


def _texts(filled: bytes) -> tuple[str, str]:
    texts, at = [], 0
    for _ in ("name", "label"):
        head = der.head(filled, at)
        if head.tag != _UTF8 or head.length is None:
            raise der.damaged("name")
        begin = at + head.size
        at = begin + head.length
        if at > len(filled):
            raise der.damaged("name")
        try:
            texts.append(filled[begin:at].decode())
        except UnicodeDecodeError:
            raise der.damaged("name") from None
    return texts[0], texts[1]


def _nonce(mark: bytes, box: bytes) -> bytes:
    """Say that there is a sealed name, and which one."""
    ours = hmac.digest(mark, b"ours", "sha256")
    this = hmac.digest(mark, b"this" + box, "sha256")
    return ours[:_HALF] + this[:_HALF]


def _keys(content_key: bytes) -> tuple[bytes, bytes]:
    both = derived(content_key, 64, _PURPOSE)
    return both[:32], both[32:]


def derived(key: bytes, size: int, purpose: bytes, salt: bytes = b"") -> bytes:
    """Derive a key by HKDF-SHA-256 (RFC 5869)."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), size, salt=salt or None, info=purpose).derive(key)
