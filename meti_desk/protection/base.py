"""What every method of protection offers, and what they all share.

A method reads and writes open binary files only, so that it can run in a worker that may touch
nothing else. What closes a file is a `Lock`, what opens it a `Key`: their secrets never reach an
exception, a log or a file. A method that is added is an object of this shape and one line in
`registry`.
"""

import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO, Protocol, runtime_checkable

import msgspec

from meti_desk.domain.errors import InvalidInput
from meti_desk.protection.keys.base import Wrap

ROUNDS = 600_000
"""Rounds of PBKDF2-HMAC-SHA256 below which nothing new is made."""

CHUNK = 1 << 18
"""Bytes read at a time: large enough to be fast, small enough for constant memory."""

DAMAGE = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
)
"""What parsers of other people raise on damaged input; told as `document.damaged`."""


class Lock(msgspec.Struct, frozen=True):
    """What a file is closed with: a password, certificates of recipients (DER), or both.

    `rounds` is how often the password is hashed by methods that leave it to us (PBKDF2). Each
    certificate, and the password beside them, opens the file alone. `on` is the day (ISO) on which
    the certificates have to be valid; empty: now. `reason` is why an algorithm or key length that
    is not listed is used all the same (Art. 30-1). `document` is the id of the document, which a
    format binds to the content where it has a place for it.
    """

    password: str = ""
    certificates: tuple[bytes, ...] = ()
    rounds: int = ROUNDS
    on: str = ""
    reason: str = ""
    document: str = ""

    def __repr__(self) -> str:
        """Leave the password out."""
        return f"Lock(certificates={len(self.certificates)}, rounds={self.rounds})"


class Key(msgspec.Struct, frozen=True):
    """What opens a file: its password, or the content key that a private key has unwrapped."""

    password: str = ""
    content_key: bytes = b""

    def __repr__(self) -> str:
        """Show nothing: both are secret."""
        return "Key()"


class Member(msgspec.Struct, frozen=True):
    """One file inside a protected one: its safe relative name (empty: as outside), its bytes.

    `label` is the label that travels beside it in the envelope, as `protect` was given it; empty
    where the format has no place for one.
    """

    name: str
    size: int
    label: str = ""


class ProtectionFound(msgspec.Struct, frozen=True):
    """How a file is protected: `office`, `pdf`, `zip` … and the ids of its algorithms.

    `openable` is false for kinds that are recognised but cannot be opened here. `notes` are codes
    of what a person has to know when opening (`open.no-integrity`).
    """

    method: str
    algorithms: tuple[str, ...] = ()
    openable: bool = True
    notes: tuple[str, ...] = ()


class Method(Protocol):
    """One way to protect a file with a password, for recipients' certificates, or both.

    `algorithms` are asked of the table before use; `meets` are the articles that the method
    fulfils, `sentence` the code of the sentence that says so and what it does not meet. All
    methods raise `InvalidInput`: `document.damaged`, `protect.wrong-kind`,
    `protect.already-protected`, `protect.no-certificates`, `password.*`, `open.wrong-password`,
    `open.tampered`, `open.unsupported`, `protect.not-proven`.
    """

    id: str
    algorithms: tuple[str, ...]
    meets: tuple[str, ...]
    sentence: str
    notes: tuple[str, ...]
    """Codes of what the person has to know before choosing this method."""
    takes_certificates: bool
    """Whether it can close a file for certificates; without it a password is needed."""

    def suits(self, variant: str, size: int) -> bool:
        """Tell whether a file of this variant (`docx`, …) and size in bytes can be protected so."""

    def used(self, lock: Lock) -> tuple[str, ...]:
        """Name the algorithms that closing with this lock uses, those of its certificates too."""

    def recognise(self, head: bytes, source: BinaryIO) -> ProtectionFound | None:
        """Describe a file that is protected in this manner, else `None`; never fails on damage."""

    def check(self, password: str) -> None:
        """Refuse a password that this format cannot carry whole; nothing is ever cut silently.

        Raises `InvalidInput`: `password.empty`, `password.bad-character`, `password.too-long`.
        """

    def protect(
        self, source: BinaryIO, target: BinaryIO, lock: Lock, *, name: str, label: str = ""
    ) -> Key:
        """Write the protected file to `target`, which is empty; `name` is what the inside shows.

        `label` travels inside where the format has a place for it. Gives what opens the result,
        for the proof: the password, and the content key where there is one.
        """

    def wraps(self, source: BinaryIO) -> tuple[Wrap, ...]:
        """Give the content key as it is wrapped for each certificate; nothing is decrypted.

        Raises `InvalidInput("protect.no-certificates")` where the format knows none.
        """

    def contents(self, source: BinaryIO, key: Key) -> tuple[Member, ...]:
        """List the files that lie inside."""

    def open(self, source: BinaryIO, target: BinaryIO, key: Key, *, member: int) -> None:
        """Write one file from inside to `target`; on any error `target` is left empty."""

    def prove(
        self, source: BinaryIO, result: BinaryIO, key: Key, *, name: str, label: str = ""
    ) -> None:
        """Open `result` anew with what `protect` gave: it must hold `source`, name and label.

        Where there is a password another one must be refused.
        Raises `InvalidInput("protect.not-proven", what=…)`.
        """


@runtime_checkable
class ManyFiles(Method, Protocol):
    """A method that holds several files in one; errors as those of `Method`."""

    def protect_many(
        self,
        sources: Sequence[tuple[str, BinaryIO]],
        target: BinaryIO,
        lock: Lock,
        *,
        label: str = "",
    ) -> Key:
        """Write several files under their safe relative names; `label` stands for all of them.

        Raises `InvalidInput`: `protect.unsafe-name`, `protect.duplicate-name`,
        `protect.too-many-files`.
        """

    def open_all(self, source: BinaryIO, target: BinaryIO, key: Key) -> tuple[Member, ...]:
        """Write all files one behind the other, and list them; on any error `target` is empty."""

    def prove_many(
        self,
        sources: Sequence[tuple[str, BinaryIO]],
        result: BinaryIO,
        key: Key,
        *,
        label: str = "",
    ) -> None:
        """Prove a result of several files; see `prove`."""


class PasswordOnly:
    """What is the same for all methods that know no certificates."""

    id: str
    algorithms: tuple[str, ...]
    takes_certificates = False

    def used(self, lock: Lock) -> tuple[str, ...]:
        """Name the algorithms of the format; the lock changes nothing about them."""
        self.refuse_certificates(lock)
        return self.algorithms

    def wraps(self, source: BinaryIO) -> tuple[Wrap, ...]:
        """Refuse: the format has no recipients (`protect.no-certificates`)."""
        del source
        raise InvalidInput("protect.no-certificates", method=self.id)

    def refuse_certificates(self, lock: Lock) -> None:
        """Refuse a lock with certificates, which would open for nobody."""
        if lock.certificates:
            raise InvalidInput("protect.no-certificates", method=self.id)


def not_proven(what: str) -> InvalidInput:
    """Say which part of the proof failed (`content`, `password`)."""
    return InvalidInput("protect.not-proven", what=what)


def check_password(password: str, limit: int, encoding: str) -> bytes:
    """Encode a password, or refuse it; `limit` is in bytes of the encoding.

    Characters that nobody can type (control characters, half surrogates) are refused, because
    programs disagree about them. Raises `password.empty`, `.bad-character`, `.too-long`.
    """
    if not password:
        raise InvalidInput("password.empty", articles=("14-1",))
    if any(ord(char) < ord(" ") or char == "\x7f" for char in password):
        raise InvalidInput("password.bad-character")
    try:
        encoded = password.encode(encoding)
    except UnicodeEncodeError:
        encoded = b""
    if not encoded:
        # Raised outside of `except`: the codec's own error would carry the password along.
        raise InvalidInput("password.bad-character")
    if len(encoded) > limit:
        raise InvalidInput("password.too-long", limit=limit, length=len(encoded))
    return encoded


def other_than(password: str) -> str:
    """Give a password that is certainly another one, to prove that it is refused."""
    return "another" if password != "another" else "different"  # noqa: S105 - no secret


@contextmanager
def emptied_on_failure(target: BinaryIO) -> Iterator[None]:
    """Leave nothing in `target` when the work on it fails: no plaintext before the last check."""
    try:
        yield
    except BaseException:
        target.seek(0)
        target.truncate()
        raise


def chunks(source: BinaryIO) -> Iterator[bytes]:
    """Give a file from its beginning in pieces."""
    source.seek(0)
    while piece := source.read(CHUNK):
        yield piece


def readinto(source: BinaryIO, view: memoryview) -> int:
    """Read into memory that is there already; gives the number of bytes, 0 at the end."""
    return int(source.readinto(view))  # type: ignore[attr-defined] # every open file has it


def size_of(source: BinaryIO) -> int:
    """Give the size in bytes; the position moves."""
    return source.seek(0, 2)


def head_of(source: BinaryIO) -> bytes:
    """Give the first 4,096 bytes."""
    source.seek(0)
    return source.read(4096)


class Comparison:
    """A file to write to that keeps nothing: it compares what comes with another file.

    The proof of a large file needs neither memory nor a second temporary file, and no plaintext
    is written anywhere for it.
    """

    def __init__(self, expected: BinaryIO) -> None:
        self._expected = expected
        self._expected.seek(0)
        self._held = bytearray()
        self._same = True

    def write(self, data: bytes | memoryview) -> int:
        """Compare the next piece, in memory that is there already."""
        if len(self._held) != len(data):
            self._held = bytearray(len(data))
        count = readinto(self._expected, memoryview(self._held))
        self._same = self._same and count == len(data) and self._held == memoryview(data)
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Begin anew; only used to empty a target after a failure."""
        self._same = False
        return self._expected.seek(offset, whence)

    def truncate(self) -> int:
        """Count as different from now on."""
        self._same = False
        return 0

    def equal(self) -> bool:
        """Tell whether all came and nothing else."""
        return self._same and not self._expected.read(1)
