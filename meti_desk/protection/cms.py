"""CMS envelopes (`.p7m`): for certificates, a password, or both (Arts. 14-1, 14-2).

AuthEnvelopedData with AES-256-GCM (RFC 5083, 5084), which `openssl cms` and mail programs open.
What others write without integrity (CBC) is opened with a note that says so.
"""

import secrets
from typing import BinaryIO, cast

from meti_desk.domain.errors import InvalidInput, MetiDeskError
from meti_desk.protection import cms_inside, cms_password, cms_text, cms_wire
from meti_desk.protection.base import (
    Comparison,
    Key,
    Lock,
    Member,
    ProtectionFound,
    check_password,
    emptied_on_failure,
    head_of,
    not_proven,
    other_than,
    size_of,
)
from meti_desk.protection.cms_bulk import MOST_BYTES, decrypt, encrypt
from meti_desk.protection.cms_recipients import Recipients
from meti_desk.protection.keys.base import Wrap
from meti_desk.protection.names import is_safe_name
from meti_desk.protection.recipients import algorithms_for, algorithms_of, wrap_for

NO_INTEGRITY = "open.no-integrity"
"""The note about a file that may have been changed without anybody noticing."""

_KEY = 32
_MOST_PASSWORD = 1024
_CONTENT = ("aes-256", "gcm", "hkdf-sha-256")
_PASSWORD = ("pbkdf2-hmac-sha-256", "pwri-kek")


class Cms:
    """Protects any file as a CMS envelope."""

    id = "cms"
    algorithms: tuple[str, ...] = (*_CONTENT, *_PASSWORD)
    meets: tuple[str, ...] = ("14-1", "14-2")
    sentence = "meets.cms"
    notes: tuple[str, ...] = ()
    takes_certificates = True

    def suits(self, variant: str, size: int) -> bool:
        """Take any file up to what AES-GCM may encrypt at once (64 GiB)."""
        del variant
        return 0 <= size <= MOST_BYTES

    def used(self, lock: Lock) -> tuple[str, ...]:
        """Name the algorithms of the content and of each way to its key."""
        ways: list[tuple[str, ...]] = [_PASSWORD] if lock.password else []
        ways += [algorithms_for(certificate) for certificate in lock.certificates]
        return tuple(dict.fromkeys(name for way in (_CONTENT, *ways) for name in way))

    def recognise(self, head: bytes, source: BinaryIO) -> ProtectionFound | None:
        """Describe an envelope by what stands before its content."""
        try:
            if cms_text.is_text(head):
                source = cms_text.plain(source)
                head = head_of(source)
            if not cms_wire.is_envelope(head):
                return None
            envelope = cms_wire.read(source)
        except MetiDeskError as error:
            return ProtectionFound(self.id, (), openable=error.code != "open.unsupported")
        ways = [_of_password(wrap) for wrap in envelope.recipients.passwords]
        ways += [algorithms_of(wrap) for wrap in envelope.recipients.wraps]
        content = (f"aes-{envelope.bits}", envelope.mode)
        return ProtectionFound(
            self.id,
            tuple(dict.fromkeys(name for way in (content, *ways) for name in way)),
            notes=(NO_INTEGRITY,) if envelope.mode == "cbc" else (),
        )

    def check(self, password: str) -> None:
        """Refuse control characters and more than 1,024 bytes."""
        check_password(password, _MOST_PASSWORD, "utf-8")

    def protect(
        self, source: BinaryIO, target: BinaryIO, lock: Lock, *, name: str, label: str = ""
    ) -> Key:
        """Write an envelope; name and label lie sealed inside.

        Raises `InvalidInput`: `protect.no-opener`, `protect.unsafe-name`, `protect.too-large`,
        `protect.failed`, and what `recipients.wrap_for` raises.
        """
        size = size_of(source)
        if not self.suits("", size):
            raise InvalidInput("protect.too-large", limit=MOST_BYTES)
        if name and not is_safe_name(name):
            raise InvalidInput("protect.unsafe-name", name=name[:80])
        key = secrets.token_bytes(_KEY)
        box, nonce = cms_inside.sealed(key, name, label)
        recipients = self._recipients(lock, key, box)
        with emptied_on_failure(target):
            target.write(cms_wire.head(recipients, nonce, size))
            encrypt(source, target, key, nonce, size)
        return Key(lock.password, key)

    def wraps(self, source: BinaryIO) -> tuple[Wrap, ...]:
        """Give the content key as it is wrapped for each certificate.

        Raises `InvalidInput`: `open.unsupported` when certificates are served in a manner that is
        not (RSAES-PKCS1-v1_5), `open.needs-password`.
        """
        found = cms_wire.read(cms_text.plain(source)).recipients
        if not found.wraps and found.others:
            raise InvalidInput("open.unsupported", what=found.others[0])
        if not found.wraps:
            raise InvalidInput("open.needs-password")
        return found.wraps

    def contents(self, source: BinaryIO, key: Key) -> tuple[Member, ...]:
        """Tell name, size and label of the file inside; of CBC the size is that of the content."""
        source = cms_text.plain(source)
        envelope = cms_wire.read(source)
        name, label = _inside(envelope, _content_key(envelope, key))
        content = cms_wire.Content(source, envelope)
        content.skip()
        content.tail()
        return (Member(name, content.size, label),)

    def open(self, source: BinaryIO, target: BinaryIO, key: Key, *, member: int = 0) -> None:
        """Write the file; nothing of it stays in `target` when the tag at its end is wrong."""
        if member:
            raise InvalidInput("open.no-such-member", member=member)
        source = cms_text.plain(source)
        envelope = cms_wire.read(source)
        content_key = _content_key(envelope, key)
        _inside(envelope, content_key)
        with emptied_on_failure(target):
            decrypt(source, target, content_key, envelope)

    def prove(
        self, source: BinaryIO, result: BinaryIO, key: Key, *, name: str, label: str = ""
    ) -> None:
        """Open the result: byte for byte the source, its name and label.

        The password opens it and another one does not. What is wrapped for certificates cannot be
        opened here; the content key itself, which was wrapped for them, is used instead.
        """
        comparison = Comparison(source)
        try:
            envelope = cms_wire.read(result)
            opening = Key(key.password) if key.password else key
            content_key = _content_key(envelope, opening)
            inside = _inside(envelope, content_key)
            decrypt(result, cast("BinaryIO", comparison), content_key, envelope)
        except MetiDeskError:
            raise not_proven("content") from None
        if not comparison.equal() or content_key != key.content_key or inside != (name, label):
            raise not_proven("content")
        if not key.password:
            return
        try:
            _content_key(envelope, Key(other_than(key.password)))
        except InvalidInput:
            return
        raise not_proven("password")

    def _recipients(self, lock: Lock, key: bytes, box: bytes) -> Recipients:
        """Wrap the content key for everybody."""
        if not lock.password and not lock.certificates:
            raise InvalidInput("protect.no-opener", articles=("14-1",))
        passwords: tuple[cms_password.PasswordWrap, ...] = ()
        if lock.password:
            secret = check_password(lock.password, _MOST_PASSWORD, "utf-8")
            passwords = (cms_password.wrap(secret, key, lock.rounds),)
        wraps = tuple(
            wrap_for(certificate, key, on=lock.on, reason=lock.reason)
            for certificate in dict.fromkeys(lock.certificates)
        )
        return Recipients(wraps=wraps, passwords=passwords, sealed=(box,))


def _content_key(envelope: cms_wire.Envelope, key: Key) -> bytes:
    """Take the content key as given, or unwrap it by the password.

    Raises `InvalidInput`: `open.wrong-password`, `open.too-many-rounds`, `open.needs-key`,
    `open.unsupported`, `document.damaged`.
    """
    if key.content_key:
        return key.content_key
    found = envelope.recipients
    if not found.passwords:
        if found.wraps or not found.others:
            raise InvalidInput("open.needs-key")
        raise InvalidInput("open.unsupported", what=found.others[0])
    secret = check_password(key.password, 1 << 16, "utf-8")
    for wrap in found.passwords:
        cms_password.check_rounds(wrap.rounds)
    cms_password.check_rounds(sum(wrap.rounds for wrap in found.passwords))
    for wrap in found.passwords:
        try:
            content_key = cms_password.unwrap(secret, wrap)
        except InvalidInput as refused:
            if refused.code != "open.wrong-password":
                raise
            continue
        if len(content_key) * 8 == envelope.bits:
            return content_key
    raise InvalidInput("open.wrong-password")


def _inside(envelope: cms_wire.Envelope, content_key: bytes) -> tuple[str, str]:
    return cms_inside.opened(content_key, envelope.nonce, envelope.recipients.sealed)


def _of_password(wrap: cms_password.PasswordWrap) -> tuple[str, ...]:
    return (f"pbkdf2-hmac-{wrap.digest.replace('sha', 'sha-')}", "pwri-kek")
