"""What every method of protection offers, and what they all share.

A method reads and writes open binary files only, so that it can run in a worker that may touch
nothing else. Passwords are plain parameters: they never reach an exception, a log or a file. A
method that is added (CMS, .metienc, HTML) is an object of this shape and one line in `registry`.
"""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Protocol

import msgspec

from meti_desk.domain.errors import InvalidInput

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


class Member(msgspec.Struct, frozen=True):
    """One file inside a protected one: its safe relative name (empty: as outside), its bytes."""

    name: str
    size: int


class ProtectionFound(msgspec.Struct, frozen=True):
    """How a file is protected: `office`, `pdf`, `zip` … and the ids of its algorithms.

    `openable` is false for kinds that are recognised but cannot be opened here.
    """

    method: str
    algorithms: tuple[str, ...] = ()
    openable: bool = True


class Method(Protocol):
    """One way to protect a file with a password.

    `algorithms` are asked of the table before use; `meets` are the articles that the method
    fulfils, `sentence` the code of the sentence that says so and what it does not meet. All
    methods raise `InvalidInput`: `document.damaged`, `protect.wrong-kind`,
    `protect.already-protected`, `password.*`, `open.wrong-password`, `open.tampered`,
    `open.unsupported`, `protect.not-proven`.
    """

    id: str
    algorithms: tuple[str, ...]
    meets: tuple[str, ...]
    sentence: str
    notes: tuple[str, ...]
    """Codes of what the person has to know before choosing this method."""

    def suits(self, variant: str, size: int) -> bool:
        """Tell whether a file of this variant (`docx`, …) and size in bytes can be protected so."""

    def recognise(self, head: bytes, source: BinaryIO) -> ProtectionFound | None:
        """Describe a file that is protected in this manner, else `None`; never fails on damage."""

    def check(self, password: str) -> None:
        """Refuse a password that this format cannot carry whole; nothing is ever cut silently.

        Raises `InvalidInput`: `password.empty`, `password.bad-character`, `password.too-long`.
        """

    def protect(self, source: BinaryIO, target: BinaryIO, password: str, *, name: str) -> None:
        """Write the protected file to `target`, which is empty; `name` is what the inside shows."""

    def contents(self, source: BinaryIO, password: str) -> tuple[Member, ...]:
        """List the files that lie inside."""

    def open(self, source: BinaryIO, target: BinaryIO, password: str, *, member: int) -> None:
        """Write one file from inside to `target`; on any error `target` is left empty."""

    def prove(self, source: BinaryIO, result: BinaryIO, password: str, *, name: str) -> None:
        """Open `result` anew: it must hold `source` and must refuse another password.

        Raises `InvalidInput("protect.not-proven", what=…)`.
        """


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
        self._same = True

    def write(self, data: bytes) -> int:
        """Compare the next piece."""
        self._same = self._same and self._expected.read(len(data)) == data
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
