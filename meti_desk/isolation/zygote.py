"""The small process that forks a confined child for each document (Linux).

It never sees a document nor a parameter: it hands two sockets to the child and remembers one of
them. Through `channel` the child gets its job and gives its answer; through `status` the zygote
tells how the child ended, and the application, by closing its side, tells that it may be killed.
When the application is gone, however that came, the control socket ends and everything with it.
"""

import contextlib
import gc
import importlib
import os
import select
import signal
import socket
from typing import NamedTuple, NoReturn

import msgspec

from meti_desk.domain.errors import MetiDeskError
from meti_desk.isolation import landlock, libc, wire
from meti_desk.isolation.confine import confine
from meti_desk.isolation.perform import Families, Jobs, files_of, loaded, open_files, perform, used

_OF_EVERY_JOB = ("fcntl", "resource", "meti_desk.isolation.seccomp")
"""What a child imports while it gives up its rights: loaded once here instead of in each child."""


_SMALL = 1 << 16
"""Bytes of an answer that is put together with its head; a larger one is not copied for it."""


class _Child(NamedTuple):
    pid: int
    pidfd: int
    status: socket.socket


class Zygote:
    """Waits for jobs, forks, reaps. One thread, one loop."""

    def __init__(self, control: int, jobs: Jobs, families: Families) -> None:
        """Take the control socket and prepare what all children share."""
        self._control = socket.socket(fileno=control)
        self._jobs = jobs
        self._families = families
        self._ready = 0
        self._children: dict[int, _Child] = {}
        self._poll = select.poll()
        self._poll.register(self._control, select.POLLIN)
        for name in _OF_EVERY_JOB:
            importlib.import_module(name)
        self._ruleset = landlock.prepare(landlock.libraries())
        libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)
        libc.prctl(libc.PR_SET_DUMPABLE, 0)
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    def serve(self) -> NoReturn:
        """Run until the application is gone; does not return."""
        while True:
            for descriptor, _ in self._poll.poll():
                if descriptor == self._control.fileno():
                    self._command()
                elif descriptor in self._children:
                    self._ended(self._children[descriptor])
                else:
                    self._abandoned(descriptor)

    def _command(self) -> None:
        message, descriptors, _, _ = socket.recv_fds(self._control, wire.COMMAND.size, 2)
        if len(message) < wire.COMMAND.size:
            os._exit(0)  # the children die with this process: PR_SET_PDEATHSIG
        letter, wanted = wire.COMMAND.unpack(message)
        self._load(wanted)
        if letter == b"J":
            self._fork(*descriptors)

    def _load(self, wanted: int) -> None:
        """Load modules ahead, once: what is loaded here costs the children nothing."""
        fresh = wanted & ~self._ready
        for index, family in enumerate(self._families):
            if fresh & (1 << index):
                for name in family.modules:
                    _import_all(name)
        if fresh:
            self._ready |= fresh
            gc.collect()
        gc.freeze()

    def _fork(self, channel: int, status: int) -> None:
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            _child_main(parent, channel, self._ruleset, self._jobs, self._families)
        os.close(channel)
        child = _Child(pid, os.pidfd_open(pid), socket.socket(fileno=status))
        self._children[child.pidfd] = child
        self._poll.register(child.pidfd, select.POLLIN)
        self._poll.register(child.status, select.POLLIN | select.POLLRDHUP)

    def _ended(self, child: _Child) -> None:
        _, status = os.waitpid(child.pid, 0)
        del self._children[child.pidfd]
        self._poll.unregister(child.pidfd)
        with contextlib.suppress(KeyError):
            self._poll.unregister(child.status)
        with contextlib.suppress(OSError):
            child.status.send(wire.STATUS.pack(status), socket.MSG_NOSIGNAL)
        child.status.close()
        os.close(child.pidfd)

    def _abandoned(self, descriptor: int) -> None:
        """Kill the child that the application no longer waits for; it is not reaped yet."""
        for child in self._children.values():
            if child.status.fileno() == descriptor:
                self._poll.unregister(child.status)
                signal.pidfd_send_signal(child.pidfd, signal.SIGKILL)


def _import_all(name: str) -> None:
    """Load a module and, of a package of ours, all that is in it."""
    import pkgutil

    with contextlib.suppress(ImportError):
        module = importlib.import_module(name)
        if name.startswith("meti_desk."):
            for found in pkgutil.iter_modules(getattr(module, "__path__", [])):
                importlib.import_module(f"{name}.{found.name}")


def _child_main(
    parent: int, channel: int, ruleset: int | None, jobs: Jobs, families: Families
) -> NoReturn:
    """Be the child: receive, confine, work, answer, end without any clean-up of the zygote's."""
    try:
        libc.prctl(libc.PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
        kept = sorted({channel, ruleset if ruleset is not None else channel})
        _close_all_but(kept)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        _work(socket.socket(fileno=channel), ruleset, jobs, families)
    finally:
        os._exit(0)


def _work(channel: socket.socket, ruleset: int | None, jobs: Jobs, families: Families) -> None:
    request, descriptors = wire.receive_request(channel)
    try:
        confine(
            request.limits,
            depth=request.depth,
            ruleset=ruleset,
            allow_unconfined=request.allow_unconfined,
        )
        if ruleset is not None:
            os.close(ruleset)
    except MetiDeskError as error:
        _answer(channel, wire.error_answer(error), families)
        return
    files = files_of(request) or open_files(request.roles, descriptors)
    while True:
        _answer(channel, perform(request, used(request, files), jobs), families)
        further = wire.receive_next(channel.fileno()) if request.stay else None
        if further is None:
            return
        request = further
        files = files_of(request) or files
        for file in files.values():
            file.seek(0)


def _answer(channel: socket.socket, answer: wire.Answer, families: Families) -> None:
    answer = msgspec.structs.replace(answer, loaded=loaded(families))
    _write(channel.fileno(), msgspec.msgpack.encode(answer))


def _write(descriptor: int, raw: bytes) -> None:
    """Answer by write(2), the one way out that the filter leaves."""
    head = wire.LENGTH.pack(len(raw))
    for part in (head + raw,) if len(raw) <= _SMALL else (head, raw):
        view = memoryview(part)
        while view:
            view = view[os.write(descriptor, view) :]


def _close_all_but(kept: list[int]) -> None:
    first = 3
    for descriptor in kept:
        os.closerange(first, descriptor)
        first = descriptor + 1
    os.closerange(first, os.sysconf("SC_OPEN_MAX"))


def serve(control: int, jobs: Jobs, families: Families) -> NoReturn:
    """Be the zygote on this control socket."""
    Zygote(control, jobs, families).serve()
