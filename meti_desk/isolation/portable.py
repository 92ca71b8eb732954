"""Workers where there is no zygote: one new process for each job (Windows, macOS, old kernels).

Slower (some 150 ms a job) and, but on Linux, not cut off from the network: such a job is refused
with `worker.unconfined` unless policy allows it. On Windows the process stands in a Job Object with
limits of memory, time and number of processes; that part cannot be exercised on Linux, where the
tests drive this module with the limits of `isolation.limits` instead.
"""

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO, Self, TypeVar

import msgspec

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.isolation import wire
from meti_desk.isolation.confine import Depth
from meti_desk.isolation.limits import Limits
from meti_desk.isolation.probe import Layers, NoParams
from meti_desk.isolation.wire import Answer, Request, unreadable

T = TypeVar("T")

_ENVIRONMENT = ("LANG", "LC_ALL", "LC_CTYPE", "TZ", "PATH", "SYSTEMROOT", "TEMP")


class SpawnedWorkers:
    """Implements the port `Workers` with a process for each job; safe to use from many threads."""

    def __init__(
        self,
        *,
        command: Sequence[str] = (sys.executable, "-I", "-m", "meti_desk.worker"),
        limits: Limits | None = None,
        at_once: int | None = None,
        depth: Depth = "full",
        allow_unconfined: bool = False,
    ) -> None:
        """Prepare; nothing is started."""
        self._command = tuple(command)
        self._limits = limits or Limits()
        self._slots = threading.BoundedSemaphore(at_once or os.cpu_count() or 1)
        self._depth = depth
        self._allow_unconfined = allow_unconfined
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Take no more jobs."""
        self._closed = True

    def warm(self, families: int = -1) -> None:
        """Do nothing: no process outlives its job here."""

    def layers(self) -> Layers:
        """Tell which layers hold a job, tried out from inside one; for `doctor`."""
        request = self._request("probe", NoParams(), {})
        request = msgspec.structs.replace(request, allow_unconfined=True)
        return wire.result_of(self._attempt(request, {}, 60.0), Layers)

    def run(
        self,
        job: str,
        params: msgspec.Struct,
        files: Mapping[str, BinaryIO],
        result: type[T],
        *,
        timeout: float | None = None,
    ) -> T:
        """Run one job and give its decoded result; see `services.ports.Workers`."""
        request = self._request(job, params, files)
        seconds = request.limits.timeout if timeout is None else timeout
        with self._slots:
            answer = self._attempt(request, files, seconds)
        return wire.result_of(answer, result)

    def session(self, files: Mapping[str, BinaryIO]) -> "contextlib.nullcontext[_OneByOne]":
        """Do several jobs on the same files, each in a process of its own."""
        return contextlib.nullcontext(_OneByOne(self, files))

    def batch(self, documents: int) -> "contextlib.nullcontext[Self]":
        """Give each job a process of its own all the same."""
        del documents
        return contextlib.nullcontext(self)

    def _request(self, job: str, params: msgspec.Struct, files: Mapping[str, BinaryIO]) -> Request:
        size = max((os.fstat(file.fileno()).st_size for file in files.values()), default=0)
        return Request(
            job=job,
            params=msgspec.msgpack.encode(params),
            roles=tuple(files),
            limits=self._limits.for_bytes(size),
            depth=self._depth,
            allow_unconfined=self._allow_unconfined,
        )

    def _attempt(self, request: Request, files: Mapping[str, BinaryIO], seconds: float) -> Answer:
        if self._closed:
            raise EnvironmentProblem("worker.closed")
        descriptors = wire.own_descriptors(files)
        try:
            handles = [_inheritable(descriptor) for descriptor in descriptors]
            request = msgspec.structs.replace(request, handles=tuple(handles))
            raw, code = self._spawn(request, seconds)
        finally:
            for descriptor in descriptors:
                os.close(descriptor)
        if not raw:
            raise unreadable(_reason(code))
        return wire.read_answer(raw)

    def _spawn(self, request: Request, seconds: float) -> tuple[bytes, int]:
        environment = {k: os.environ[k] for k in _ENVIRONMENT if k in os.environ}
        try:
            process = subprocess.Popen(  # noqa: S603 - our own program, fixed arguments
                [*self._command, "--job"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                **_inheritance(request.handles),
            )
        except OSError as error:
            raise EnvironmentProblem("worker.cannot-start") from error
        with process, _held(process, request.limits):
            try:
                raw, _ = process.communicate(msgspec.msgpack.encode(request), timeout=seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                raise EnvironmentProblem("worker.timeout", seconds=round(seconds)) from None
        if len(raw) > wire.LARGEST_ANSWER:
            raise unreadable("answer-too-large")
        return raw, process.returncode


class _OneByOne:
    """Several jobs on the files of one document, where no process stays."""

    def __init__(self, workers: SpawnedWorkers, files: Mapping[str, BinaryIO]) -> None:
        self._workers = workers
        self._files = files

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
        files = self._files if uses is None else {role: self._files[role] for role in uses}
        return self._workers.run(job, params, files, result, timeout=timeout)

    def close(self) -> None:
        """Do nothing: no process stays."""


def _held(process: "subprocess.Popen[bytes]", limits: Limits) -> Any:
    if sys.platform == "win32":
        from meti_desk.isolation.windows_job import hold

        return hold(process.pid, limits)
    return contextlib.nullcontext()


def _inheritable(descriptor: int) -> int:
    if sys.platform == "win32":
        import msvcrt

        handle = msvcrt.get_osfhandle(descriptor)
        os.set_handle_inheritable(handle, True)  # noqa: FBT003 - its signature
        return handle
    return descriptor


def _inheritance(handles: Sequence[int]) -> dict[str, Any]:
    """Have exactly these handed down, and no other."""
    if sys.platform == "win32":
        startup = subprocess.STARTUPINFO(lpAttributeList={"handle_list": list(handles)})
        return {"startupinfo": startup, "creationflags": subprocess.CREATE_NO_WINDOW}
    return {"pass_fds": tuple(handles), "start_new_session": True}


def _reason(code: int) -> str:
    """Name the end of a process without an answer."""
    if code >= 0:
        return "exit"
    import signal

    known = {signal.SIGXCPU: "cpu-limit", signal.SIGKILL: "killed"} if os.name == "posix" else {}
    return known.get(signal.Signals(-code), signal.Signals(-code).name)
