"""The application's side of one child: its lines, its jobs, and how it ended."""

import contextlib
import os
import signal
import socket
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, TypeVar

import msgspec

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.isolation import wire
from meti_desk.isolation.wire import STATUS, WRITE_ROLES, Answer, Request, unreadable

if TYPE_CHECKING:
    from meti_desk.isolation.pool import ConfinedWorkers

T = TypeVar("T")

_GRACE = 10.0
"""Seconds that the zygote has to tell how a child ended."""


class ZygoteLostError(Exception):
    """The zygote died while a job was under way; the job did not come to its end."""


class Lines(NamedTuple):
    """The two lines to a child: `channel` for jobs and answers, `status` for its end."""

    channel: socket.socket
    status: socket.socket


class Child:
    """A child that is made by its first job and goes away when one does not come to its end."""

    def __init__(self, pool: "ConfinedWorkers") -> None:
        self._pool = pool
        self._lines: Lines | None = None

    @property
    def alive(self) -> bool:
        """Tell whether it was made and has answered all it was asked."""
        return self._lines is not None

    def ask(self, request: Request, descriptors: Sequence[int], seconds: float) -> Answer:
        """Send a job and wait for its answer.

        Raises `ZygoteLostError`, or `EnvironmentProblem`: `document.unreadable` (the child died,
        passed a limit, answered nonsense), `worker.timeout`. The child is gone then.
        """
        if self._lines is None:
            self._lines = self._pool.start_job()
        done = False
        try:
            _say(self._lines, msgspec.msgpack.encode(request), tuple(descriptors))
            answer = _await(self._lines, seconds)
            done = True
        finally:
            if not done:
                self.close()
        return answer

    def close(self) -> None:
        """End the child; may be called twice."""
        if self._lines is not None:
            for line in self._lines:
                line.close()
            self._lines = None


class Session:
    """One child for several jobs on the files of one document; see `services.ports.Session`.

    A child sees one document only, so that a file that takes it over can reach no other. One that
    died is replaced by a fresh one at the next job.
    """

    def __init__(
        self, pool: "ConfinedWorkers", files: Mapping[str, BinaryIO], *, stay: bool
    ) -> None:
        self._pool = pool
        self._files = files
        self._stay = stay
        self._child = Child(pool)
        self._size = max((_size(file) for file in files.values()), default=0)

    def run(
        self,
        job: str,
        params: msgspec.Struct,
        result: type[T],
        *,
        uses: Sequence[str] | None = None,
        timeout: float | None = None,
    ) -> T:
        """Run one job on the files named by `uses`, or on all of them."""
        request = self._pool.request(job, params, tuple(self._files), self._size)
        request = msgspec.structs.replace(
            request, uses=None if uses is None else tuple(uses), stay=self._stay
        )
        seconds = request.limits.timeout if timeout is None else timeout
        with self._pool.slots:
            try:
                answer = self._attempt(request, seconds)
            except ZygoteLostError:
                _empty_targets(self._files)
                answer = self._last_attempt(request, seconds)
        self._pool.families |= answer.loaded
        return wire.result_of(answer, result)

    def close(self) -> None:
        """End the child."""
        self._child.close()

    def _last_attempt(self, request: Request, seconds: float) -> Answer:
        try:
            return self._attempt(request, seconds)
        except ZygoteLostError:
            raise unreadable("worker-lost") from None

    def _attempt(self, request: Request, seconds: float) -> Answer:
        if self._child.alive:
            return self._child.ask(request, (), seconds)
        descriptors = wire.own_descriptors(self._files)
        try:
            return self._child.ask(request, descriptors, seconds)
        finally:
            for descriptor in descriptors:
                os.close(descriptor)


def _say(lines: Lines, raw: bytes, descriptors: tuple[int, ...]) -> None:
    try:
        wire.send_message(lines.channel, raw, descriptors)
    except ConnectionError:
        raise _how_it_ended(lines.status) from None


def _await(lines: Lines, seconds: float) -> Answer:
    lines.channel.settimeout(seconds)
    try:
        raw = wire.receive_message(lines.channel)
    except TimeoutError:
        _kill(lines.status)
        raise EnvironmentProblem("worker.timeout", seconds=round(seconds)) from None
    if raw is None:
        raise _how_it_ended(lines.status)
    return wire.read_answer(raw)


def _kill(status: socket.socket) -> None:
    """Have the child killed, and wait until it can write no more."""
    with contextlib.suppress(OSError):
        status.shutdown(socket.SHUT_WR)
        status.settimeout(_GRACE)
        status.recv(STATUS.size)


def _how_it_ended(status: socket.socket) -> Exception:
    status.settimeout(_GRACE)
    try:
        raw = status.recv(STATUS.size)
    except OSError:
        raw = b""
    if len(raw) < STATUS.size:
        return ZygoteLostError()
    (code,) = STATUS.unpack(raw)
    return unreadable(_reason(code))


def _size(file: BinaryIO) -> int:
    return os.fstat(file.fileno()).st_size


def _empty_targets(files: Mapping[str, BinaryIO]) -> None:
    """Undo what a job that was lost may have written, so that it can be begun again."""
    for role, file in files.items():
        if role in WRITE_ROLES:
            os.ftruncate(file.fileno(), 0)


def _reason(status: int) -> str:
    """Name the end of a child: `cpu-limit`, `killed`, the signal's name, or `exit`."""
    if not os.WIFSIGNALED(status):
        return "exit"
    number = os.WTERMSIG(status)
    known = {signal.SIGXCPU: "cpu-limit", signal.SIGKILL: "killed"}
    return known.get(signal.Signals(number), signal.Signals(number).name)
