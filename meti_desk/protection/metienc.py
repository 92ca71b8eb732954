"""`.metienc`: large files and many files between users of the application (Arts. 14-1, 14-2).

One random content key encrypts one stream (see `metienc_container`); the key is wrapped by the
password, for each certificate, or both. Names and label lie inside; the 格付 alone shows outside.
Memory is the same for a letter and for a film.
"""

import secrets
from typing import BinaryIO, cast

from meti_desk.domain.errors import InvalidInput, MetiDeskError
from meti_desk.protection import inside
from meti_desk.protection.base import (
    Key,
    Lock,
    Member,
    ProtectionFound,
    not_proven,
    other_than,
    readinto,
    size_of,
)
from meti_desk.protection.keys.base import Wrap
from meti_desk.protection.metienc_container import Container, seal
from meti_desk.protection.metienc_header import (
    KEY,
    NONCE,
    SALT,
    Header,
    PasswordWrap,
    is_ours,
)
from meti_desk.protection.slow import check_phrase, key_of

_ABOUT = b"metienc password wrap 1"
_CONTENT = ("aes-256", "gcm", "hkdf-sha-512")
_PASSWORD = ("pbkdf2-hmac-sha-256",)


class Metienc:
    """Protects any file, or several in one, for a password, for certificates, or both."""

    id = "metienc"
    algorithms: tuple[str, ...] = _CONTENT + _PASSWORD
    meets: tuple[str, ...] = ("14-1", "14-2")
    sentence = "meets.metienc"
    notes: tuple[str, ...] = ("metienc.own-program",)
    takes_certificates = True

    def suits(self, variant: str, size: int) -> bool:
        """Take any file."""
        del variant
        return size >= 0

    def used(self, lock: Lock) -> tuple[str, ...]:
        """Name the algorithms of the content and of each way to its key."""
        from meti_desk.protection.recipients import algorithms_for

        ways: list[tuple[str, ...]] = [_PASSWORD] if lock.password else []
        ways += [algorithms_for(certificate) for certificate in lock.certificates]
        return tuple(dict.fromkeys(name for way in (_CONTENT, *ways) for name in way))

    def recognise(self, head: bytes, source: BinaryIO) -> ProtectionFound | None:
        """Describe a container by its header; of a later version only that it is one."""
        if not is_ours(head):
            return None
        from meti_desk.protection.recipients import algorithms_of

        try:
            header = Container(source).header
        except MetiDeskError as error:
            known = error.code != "open.unsupported"
            return ProtectionFound(self.id, _CONTENT, openable=known)
        ways: list[tuple[str, ...]] = [_PASSWORD] if header.password else []
        ways += [algorithms_of(wrap) for wrap in header.wraps]
        names = dict.fromkeys(name for way in (_CONTENT, *ways) for name in way)
        return ProtectionFound(self.id, tuple(names))

    def check(self, password: str) -> None:
        """Refuse control characters and more than 1,024 bytes."""
        check_phrase(password)

    def protect(
        self, source: BinaryIO, target: BinaryIO, lock: Lock, *, name: str, label: str = ""
    ) -> Key:
        """Write a container with this one file; see `protect_many`."""
        return self.protect_many([(name, source)], target, lock, label=label)

    def protect_many(
        self, sources: inside.Sources, target: BinaryIO, lock: Lock, *, label: str = ""
    ) -> Key:
        """Write a container with several files under one label.

        Raises `InvalidInput`: `protect.no-opener`, `protect.too-many-recipients` and what
        `inside.check_names` raises.
        """
        if not lock.password and not lock.certificates:
            raise InvalidInput("protect.no-opener", articles=("14-1",))
        if lock.password:
            self.check(lock.password)
        key = secrets.token_bytes(KEY)
        wraps = _wrapped_for(lock, key) if lock.certificates else ()
        password = _wrapped(key, lock.password, lock.rounds) if lock.password else None
        header = Header(
            document=lock.document, label=outer_label(label), password=password, wraps=wraps
        )
        seal(inside.stream(sources, label), target, header, key)
        return Key(lock.password, key)

    def wraps(self, source: BinaryIO) -> tuple[Wrap, ...]:
        """Give the content key as it is wrapped for each certificate."""
        return Container(source).header.wraps

    def contents(self, source: BinaryIO, key: Key) -> tuple[Member, ...]:
        """List the files inside; a large container is not read to its end for it."""
        container = Container(source)
        return container.listing(_content_key(container.header, key)).members

    def open(self, source: BinaryIO, target: BinaryIO, key: Key, *, member: int = 0) -> None:
        """Write one file from inside, after the whole container was authenticated."""
        container = Container(source)
        container.extract(_content_key(container.header, key), target, member)

    def open_all(self, source: BinaryIO, target: BinaryIO, key: Key) -> tuple[Member, ...]:
        """Write all files, one behind the other, in one pass, and list them."""
        container = Container(source)
        return container.extract(_content_key(container.header, key), target).members

    def prove(
        self, source: BinaryIO, result: BinaryIO, key: Key, *, name: str, label: str = ""
    ) -> None:
        """Open the result anew: byte for byte the source, its name and label."""
        self.prove_many([(name, source)], result, key, label=label)

    def prove_many(
        self, sources: inside.Sources, result: BinaryIO, key: Key, *, label: str = ""
    ) -> None:
        """Prove a container of several files; raises `protect.not-proven`."""
        together = cast("BinaryIO", _Together(sources))
        try:
            container = Container(result)
            wrap = container.header.password
            content = _unwrapped(wrap, key.password) if wrap else key.content_key
            listed = container.extract(content, together)
        except MetiDeskError:
            raise not_proven("content") from None
        expected = inside.listing(sources, label)
        same = cast("_Together", together).equal()
        if not same or content != key.content_key or listed != expected:
            raise not_proven("content")
        if wrap is None:
            return
        try:
            _unwrapped(wrap, other_than(key.password))
        except InvalidInput:
            return
        raise not_proven("password")


def outer_label(label: str) -> str:
    """Give what of a label shows outside: the 格付, not the 取扱制限 with its names of people."""
    return label.partition("\n")[0]


def _wrapped(key: bytes, password: str, rounds: int) -> PasswordWrap:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    salt, nonce = secrets.token_bytes(SALT), secrets.token_bytes(NONCE)
    encrypted = AESGCM(key_of(password, salt, rounds)).encrypt(nonce, key, _ABOUT)
    return PasswordWrap(rounds, salt, nonce, encrypted)


def _wrapped_for(lock: Lock, key: bytes) -> tuple[Wrap, ...]:
    from meti_desk.protection.recipients import wrap_for

    return tuple(
        wrap_for(certificate, key, on=lock.on, reason=lock.reason)
        for certificate in lock.certificates
    )


def _unwrapped(wrap: PasswordWrap, password: str) -> bytes:
    """Unwrap the content key; raises `open.wrong-password`."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    check_phrase(password)
    engine = AESGCM(key_of(password, wrap.salt, wrap.iterations))
    try:
        return engine.decrypt(wrap.nonce, wrap.encrypted, _ABOUT)
    except InvalidTag:
        raise InvalidInput("open.wrong-password") from None


def _content_key(header: Header, key: Key) -> bytes:
    """Take the content key as given, or unwrap it by the password.

    Raises `open.wrong-password`, and `open.needs-key` where no password opens the file.
    """
    if key.content_key:
        return key.content_key
    if header.password is None:
        raise InvalidInput("open.needs-key")
    return _unwrapped(header.password, key.password)


class _Together:
    """A file to write to that compares what comes with several files, one behind the other."""

    def __init__(self, sources: inside.Sources) -> None:
        self._left = [(file, size_of(file)) for _, file in reversed(sources)]
        for file, _ in self._left:
            file.seek(0)
        self._expected = bytearray()
        self._same = True

    def write(self, data: inside.Piece) -> int:
        """Compare the next piece."""
        view, at = memoryview(data), 0
        while at < len(view) and self._left:
            file, left = self._left.pop()
            count = min(left, len(view) - at)
            self._same = self._same and self._alike(file, view[at : at + count])
            at += count
            if left > count:
                self._left.append((file, left - count))
        self._same = self._same and at == len(view)
        return len(view)

    def seek(self, offset: int) -> int:
        """Begin anew; only used to empty a target after a failure."""
        self._same = False
        return offset

    def truncate(self) -> int:
        """Count as different from now on."""
        self._same = False
        return 0

    def equal(self) -> bool:
        """Tell whether all came and nothing else."""
        return self._same and not any(left for _, left in self._left)

    def _alike(self, file: BinaryIO, part: memoryview) -> bool:
        """Compare in memory that is there already: a `bytearray` compares with any buffer."""
        if len(self._expected) != len(part):
            self._expected = bytearray(len(part))
        return readinto(file, memoryview(self._expected)) == len(part) and (self._expected == part)
