"""The application's side of the confined workers (Linux): the port `Workers`."""

import contextlib
import errno
import os
import signal
import socket
import sys
import threading
import weakref
from collections.abc import Mapping, Sequence
from typing import BinaryIO, Self, TypeVar

import msgspec

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.isolation import wire
from meti_desk.isolation.batch import Batch
from meti_desk.isolation.confine import Depth
from meti_desk.isolation.limits import Limits
from meti_desk.isolation.probe import Layers, NoParams
from meti_desk.isolation.session import Child, Lines, Session
from meti_desk.isolation.wire import COMMAND, Request, unreadable

T = TypeVar("T")

WORKER_COMMAND = (sys.executable, "-I", "-m", "meti_desk.worker")
_ENVIRONMENT = ("LANG", "LC_ALL", "LC_CTYPE", "TZ", "PATH")
"""All that a worker learns of the environment."""


class ConfinedWorkers:
    """Runs the jobs of each document in a child that may touch nothing but the files it was given.

    `run` is safe to call from many threads; as many jobs go on at once as there are processors.
    The worker process is started by the first job. Close it, or use it in a `with`.
    """

    def __init__(
        self,
        *,
        command: Sequence[str] = WORKER_COMMAND,
        limits: Limits | None = None,
        at_once: int | None = None,
        depth: Depth = "full",
        allow_unconfined: bool = False,
    ) -> None:
        """Prepare; nothing is started yet. `allow_unconfined` is for policy to decide."""
        self._zygote = _ZygoteProcess(command)
        self._limits = limits or Limits()
        self.slots = threading.BoundedSemaphore(at_once or os.cpu_count() or 1)
        self._depth = depth
        self._allow_unconfined = allow_unconfined
        self.families = 0
        self._closed = False
        self._finalizer = weakref.finalize(self, self._zygote.stop)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop every job and the worker; may be called twice."""
        self._closed = True
        self._finalizer()

    def warm(self, families: int = -1) -> None:
        """Start the worker and load families ahead (bits; all by default), without waiting."""
        self.families |= families & 0xFFFFFFFF
        self._zygote.send(b"P", self.families, ())

    def layers(self) -> Layers:
        """Tell which layers hold a job, tried out from inside one; for `doctor`."""
        loose = self.request("probe", NoParams(), (), 0)
        loose = msgspec.structs.replace(loose, allow_unconfined=True)
        child = Child(self)
        with contextlib.closing(child):
            return wire.result_of(child.ask(loose, (), 30.0), Layers)

    def run(
        self,
        job: str,
        params: msgspec.Struct,
        files: Mapping[str, BinaryIO],
        result: type[T],
        *,
        timeout: float | None = None,
    ) -> T:
        """Run one job and give its decoded result; see `services.ports.Workers`.

        Raises the error of the job, or `document.unreadable` (the worker died, passed a limit, or
        answered nonsense; `reason` says which), `worker.timeout`, `worker.unconfined`.
        """
        session = Session(self, files, stay=False)
        with contextlib.closing(session):
            return session.run(job, params, result, timeout=timeout)

    def session(self, files: Mapping[str, BinaryIO]) -> "contextlib.closing[Session]":
        """Keep one child for several jobs on the same files; to be used in a `with`."""
        return contextlib.closing(Session(self, files, stay=True))

    def batch(self, documents: int) -> "contextlib.closing[Batch]":
        """Let a child serve up to so many small documents, one after the other (decision 014)."""
        return contextlib.closing(Batch(self, documents))

    def request(
        self, job: str, params: msgspec.Struct, roles: tuple[str, ...], size: int
    ) -> Request:
        """Write down a job, with the limits that files of so many bytes call for."""
        return Request(
            job=job,
            params=msgspec.msgpack.encode(params),
            roles=roles,
            limits=self._limits.for_bytes(size),
            depth=self._depth,
            allow_unconfined=self._allow_unconfined,
        )

    def start_job(self) -> Lines:
        """Have a child made, which waits for its first job."""
        if self._closed:
            raise EnvironmentProblem("worker.closed")
        with contextlib.ExitStack() as stack:
            ours, theirs = socket.socketpair()
            status, status_theirs = socket.socketpair()
            for end in (ours, status):
                stack.enter_context(end)
            with theirs, status_theirs:
                self._zygote.send(b"J", self.families, (theirs.fileno(), status_theirs.fileno()))
            stack.pop_all()
        return Lines(ours, status)


class _ZygoteProcess:
    """Starts the zygote when it is needed and again when it is gone."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = tuple(command)
        self._lock = threading.Lock()
        self._control: socket.socket | None = None
        self._pid = 0

    def send(self, letter: bytes, families: int, descriptors: Sequence[int]) -> None:
        """Send a command; starts the zygote, once more if it died."""
        message = COMMAND.pack(letter, families)
        with self._lock:
            for _ in range(2):
                if self._control is None:
                    self._start()
                try:
                    self._pass(message, descriptors)
                except ConnectionError:
                    self._stop()
                else:
                    return
        raise unreadable("worker-lost")

    def _pass(self, message: bytes, descriptors: Sequence[int]) -> None:
        if self._control is None:  # _start always sets it
            raise BrokenPipeError(errno.EPIPE, "no worker")
        if descriptors:
            socket.send_fds(self._control, [message], descriptors)
        else:
            self._control.send(message)

    def _start(self) -> None:
        """Start by posix_spawn: no thread of ours is copied, nothing of our memory.

        PR_SET_PDEATHSIG would follow the starting thread, not the process; the end of the control
        socket tells the zygote instead that the application is gone.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        null = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
        actions = [(os.POSIX_SPAWN_DUP2, null, standard) for standard in (0, 1, 2)]
        target = max(3, theirs.fileno())
        actions.append((os.POSIX_SPAWN_DUP2, theirs.fileno(), target))
        environment = {k: os.environ[k] for k in _ENVIRONMENT if k in os.environ}
        arguments = [*self._command, "--zygote", str(target)]
        try:
            self._pid = os.posix_spawn(
                arguments[0], arguments, environment, file_actions=actions, setsid=True
            )
        except OSError as error:
            ours.close()
            raise EnvironmentProblem("worker.cannot-start") from error
        finally:
            theirs.close()
            os.close(null)
        self._control = ours

    def stop(self) -> None:
        """End the zygote and all children, at once."""
        with self._lock:
            self._stop()

    def _stop(self) -> None:
        if self._control is None:
            return
        self._control.close()
        self._control = None
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self._pid, 0)
