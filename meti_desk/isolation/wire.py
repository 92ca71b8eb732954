"""What travels between the application and a worker, and how: length-prefixed msgpack.

Parameters, passwords among them, and open files go through a socket (or a pipe) to the one child
that does the job; nothing stands in arguments, environment or files.
"""

import os
import re
import socket
import struct
from collections.abc import Mapping
from typing import BinaryIO, TypeVar

import msgspec

from meti_desk.domain.errors import ERROR_KINDS, EnvironmentProblem, MetiDeskError, kind_of
from meti_desk.isolation.confine import Depth
from meti_desk.isolation.limits import Limits

T = TypeVar("T")

LENGTH = struct.Struct("<Q")
STATUS = struct.Struct("<i")
"""How a child ended, as waitpid(2) tells it."""

COMMAND = struct.Struct("<cI")
"""To the zygote: a letter - `J` job, `P` preload only - and the families to have ready, as bits."""

_CODE = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
_LONGEST_PARAM = 500

_PIECE = 1 << 20
_READ = 1 << 18
"""Bytes read at once: about what a line holds; room for more is made anew each time."""
MOST_FILES = 16
LARGEST_ANSWER = 256 << 20
"""An answer is text and findings, not documents; a longer one is an attack."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One job: its name, its encoded parameters, and the roles of the files, in order.

    `stay` keeps the child for further jobs on the same files, until its line is closed; those jobs
    are sent without descriptors. `uses` names the files that this job gets; `None`: all.
    """

    job: str
    params: bytes
    roles: tuple[str, ...] = ()
    uses: tuple[str, ...] | None = None
    stay: bool = False
    inline: dict[str, bytes] | None = None
    handles: tuple[int, ...] = ()
    """Numbers of the inherited descriptors or handles, where no socket can carry them."""
    limits: Limits = Limits()
    depth: Depth = "full"
    allow_unconfined: bool = False

    def __repr__(self) -> str:
        """Name the job only: the parameters may hold a password."""
        return f"Request({self.job!r})"


class ErrorBody(msgspec.Struct, frozen=True):
    """An error of `domain.errors` on its way."""

    kind: str
    code: str
    params: dict[str, str | int] = {}
    articles: tuple[str, ...] = ()


class Answer(msgspec.Struct, frozen=True):
    """The encoded result or an error; `loaded` has one bit for each family loaded by this job.

    `written` has what the job wrote, where files were sent as bytes.
    """

    ok: bytes | None = None
    error: ErrorBody | None = None
    loaded: int = 0
    written: dict[str, bytes] = {}


def error_answer(error: MetiDeskError, loaded: int = 0) -> Answer:
    """Pack an error."""
    body = ErrorBody(kind_of(error), error.code, dict(error.params), error.articles)
    return Answer(error=body, loaded=loaded)


def unreadable(reason: str) -> EnvironmentProblem:
    """Make the error of a job that did not come to its end; `reason` is a word, never content."""
    return EnvironmentProblem("document.unreadable", reason=reason)


def read_answer(raw: bytes | bytearray) -> Answer:
    """Decode an answer; raises `document.unreadable` when it is not one (a subverted worker)."""
    try:
        return msgspec.msgpack.decode(raw, type=Answer)
    except msgspec.MsgspecError:
        raise unreadable("bad-answer") from None


def result_of(answer: Answer, result: type[T]) -> T:
    """Give the decoded result, or raise the error that the job raised."""
    if answer.error is not None:
        error = answer.error
        if not _CODE.fullmatch(error.code):
            raise unreadable("bad-answer")
        kind = ERROR_KINDS.get(error.kind, EnvironmentProblem)
        raise kind(error.code, articles=error.articles, **_params(error))
    try:
        return msgspec.msgpack.decode(answer.ok or b"", type=result)
    except msgspec.MsgspecError:
        raise unreadable("bad-answer") from None


def _params(error: ErrorBody) -> dict[str, str | int]:
    # `code` and `articles` are names of their own in the constructor. A subverted worker may try
    # to fill the screen: parameters are words and numbers, not texts.
    return {
        key: value[:_LONGEST_PARAM] if isinstance(value, str) else value
        for key, value in error.params.items()
        if key not in ("self", "code", "articles")
    }


def send_message(channel: socket.socket, raw: bytes, descriptors: tuple[int, ...] = ()) -> None:
    """Send one message with open descriptors."""
    head = LENGTH.pack(len(raw))
    if descriptors:
        socket.send_fds(channel, [head], descriptors)
    else:
        channel.sendall(head)
    channel.sendall(raw)


def receive_request(channel: socket.socket) -> tuple[Request, list[int]]:
    """Receive a job and its descriptors, in the worker; the sender is trusted."""
    head, descriptors, _, _ = socket.recv_fds(channel, LENGTH.size, MOST_FILES)
    raw = receive_exactly(channel, LENGTH.unpack(head)[0])
    return msgspec.msgpack.decode(raw or b"", type=Request), descriptors


def receive_next(descriptor: int) -> Request | None:
    """Receive a further job by read(2), the one way in that the filter leaves; `None`: no more."""
    head = _read_exactly(descriptor, LENGTH.size)
    if head is None:
        return None
    raw = _read_exactly(descriptor, LENGTH.unpack(head)[0])
    return None if raw is None else msgspec.msgpack.decode(raw, type=Request)


def _read_exactly(descriptor: int, length: int) -> bytes | None:
    pieces: list[bytes] = []
    while length:
        piece = os.read(descriptor, min(length, _READ))
        if not piece:
            return None
        pieces.append(piece)
        length -= len(piece)
    return b"".join(pieces)


def receive_message(channel: socket.socket) -> bytearray | None:
    """Receive one answer, or `None` when the sender is gone before its end."""
    head = receive_exactly(channel, LENGTH.size)
    if head is None:
        return None
    (length,) = LENGTH.unpack(head)
    if length > LARGEST_ANSWER:
        raise unreadable("answer-too-large")
    return receive_exactly(channel, length)


def receive_exactly(channel: socket.socket, length: int) -> bytearray | None:
    """Receive so many bytes, or `None` when the stream ends before."""
    if length > _PIECE:
        return _receive_long(channel, length)
    buffer = bytearray(length)
    view, filled = memoryview(buffer), 0
    while filled < length:
        try:
            got = channel.recv_into(view[filled:])
        except ConnectionError:
            return None
        if not got:
            return None
        filled += got
    return buffer


def _receive_long(channel: socket.socket, length: int) -> bytearray | None:
    """Take memory as the bytes come: who announces much and sends little gets none of it."""
    buffer = bytearray()
    while len(buffer) < length:
        piece = receive_exactly(channel, min(length - len(buffer), _PIECE))
        if piece is None:
            return None
        buffer += piece
    return buffer


WRITE_ROLES = frozenset({"target"})
"""Roles that a job writes."""

READ_ROLES = frozenset({"source", "sidecar", "original"})
"""Roles that a job may only read, whatever the application may do with the file."""


def own_descriptors(files: Mapping[str, BinaryIO]) -> list[int]:
    """Open every file anew for the job: own position, and reading only where that is its role.

    A duplicate would share the position with the application and with other jobs on the same
    file. Where `/proc` is missing, a duplicate has to do.
    """
    descriptors = []
    for role, file in files.items():
        if file.writable():
            file.flush()
        access = os.O_RDONLY if role in READ_ROLES or not file.writable() else os.O_RDWR
        try:
            opened = os.open(f"/proc/self/fd/{file.fileno()}", access | getattr(os, "O_CLOEXEC", 0))
        except OSError:
            opened = os.dup(file.fileno())
            os.lseek(opened, 0, os.SEEK_SET)
        descriptors.append(opened)
    return descriptors
