"""A page that decrypts itself in any browser (Arts. 14-1, 14-2), for those who have nothing else.

PBKDF2-HMAC-SHA-256 and AES-256-GCM by the browser's own WebCrypto. Everything is held in memory
there and here, so the size is limited. File names show only after the password.
"""

import secrets
from typing import BinaryIO, cast

from meti_desk.domain.errors import InvalidInput, MetiDeskError
from meti_desk.protection import inside
from meti_desk.protection.base import (
    Comparison,
    Key,
    Lock,
    Member,
    PasswordOnly,
    ProtectionFound,
    emptied_on_failure,
    not_proven,
    other_than,
    size_of,
)
from meti_desk.protection.html_page import (
    NONCE,
    SALT,
    Page,
    is_page,
    read_page,
    write_page,
    written_head,
)
from meti_desk.protection.slow import check_phrase, key_of

LARGEST = 20 << 20
"""Bytes of content that a page carries."""


class Html(PasswordOnly):
    """Protects any file, or several in one, as a self-decrypting page."""

    id = "html"
    algorithms: tuple[str, ...] = ("aes-256", "gcm", "pbkdf2-hmac-sha-256")
    meets: tuple[str, ...] = ("14-1", "14-2")
    sentence = "meets.html"
    notes: tuple[str, ...] = ("html.page-unproven", "html.may-be-stopped")

    def suits(self, variant: str, size: int) -> bool:
        """Take any file up to 20 MB."""
        del variant
        return 0 <= size <= LARGEST

    def recognise(self, head: bytes, source: BinaryIO) -> ProtectionFound | None:
        """Describe a page of ours by its generator."""
        del source
        return ProtectionFound(self.id, self.algorithms) if is_page(head) else None

    def check(self, password: str) -> None:
        """Refuse what browsers could not be given: control characters, over 1,024 bytes."""
        check_phrase(password)

    def protect(
        self, source: BinaryIO, target: BinaryIO, lock: Lock, *, name: str, label: str = ""
    ) -> Key:
        """Write a page with this one file; see `protect_many`."""
        return self.protect_many([(name, source)], target, lock, label=label)

    def protect_many(
        self, sources: inside.Sources, target: BinaryIO, lock: Lock, *, label: str = ""
    ) -> Key:
        """Write a page with several files; the label shows before it is opened.

        Raises `InvalidInput`: `protect.too-large`, and what `inside.check_names` raises.
        """
        self.refuse_certificates(lock)
        self.check(lock.password)
        if sum(size_of(file) for _, file in sources) > LARGEST:
            raise InvalidInput("protect.too-large", limit=LARGEST)
        salt, nonce = secrets.token_bytes(SALT), secrets.token_bytes(NONCE)
        about = written_head(label, lock.rounds, salt, nonce)
        plain = inside.joined(sources, label)
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        sealed = AESGCM(key_of(lock.password, salt, lock.rounds)).encrypt(nonce, plain, about)
        with emptied_on_failure(target):
            write_page(target, about, sealed)
        return Key(lock.password)

    def contents(self, source: BinaryIO, key: Key) -> tuple[Member, ...]:
        """List the files inside, which takes the password."""
        return _labelled(inside.Unpacker(), _plain(read_page(source), key.password))

    def open(self, source: BinaryIO, target: BinaryIO, key: Key, *, member: int = 0) -> None:
        """Write one file from inside; all of it was authenticated before."""
        plain = _plain(read_page(source), key.password)
        with emptied_on_failure(target):
            _labelled(inside.Unpacker(target, member), plain)

    def open_all(self, source: BinaryIO, target: BinaryIO, key: Key) -> tuple[Member, ...]:
        """Write all files, one behind the other, and list them."""
        plain = _plain(read_page(source), key.password)
        with emptied_on_failure(target):
            return _labelled(inside.Unpacker(target), plain)

    def prove(
        self, source: BinaryIO, result: BinaryIO, key: Key, *, name: str, label: str = ""
    ) -> None:
        """Read the page back: names, label and bytes, and closed to another password."""
        self.prove_many([(name, source)], result, key, label=label)

    def prove_many(
        self, sources: inside.Sources, result: BinaryIO, key: Key, *, label: str = ""
    ) -> None:
        """Prove a page of several files, to its last byte; raises `protect.not-proven`."""
        expected = inside.joined(sources, label)
        try:
            page = read_page(result)
            same = _plain(page, key.password) == expected
        except MetiDeskError:
            raise not_proven("content") from None
        whole = Comparison(result)
        write_page(cast("BinaryIO", whole), page.about, page.sealed)
        if not same or not whole.equal() or page.head.label != label:
            raise not_proven("content")
        try:
            _plain(page, other_than(key.password))
        except InvalidInput:
            return
        raise not_proven("password")


def _plain(page: Page, password: str) -> bytes:
    """Decrypt a page's content; a changed page and a wrong password look the same."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    check_phrase(password)
    engine = AESGCM(key_of(password, page.salt(), page.head.iterations))
    try:
        return engine.decrypt(page.nonce(), page.sealed, page.about)
    except InvalidTag:
        raise InvalidInput("open.wrong-password") from None


def _labelled(unpacker: inside.Unpacker, plain: bytes) -> tuple[Member, ...]:
    unpacker.take(plain)
    return unpacker.finish().members
