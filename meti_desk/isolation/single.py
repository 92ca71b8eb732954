"""A worker process that does one job and ends: its request on standard input, its answer on output.

The way of `portable.SpawnedWorkers`. Libraries that print would spoil the answer, so standard
output is moved away before anything else is loaded.
"""

import os
import sys

import msgspec

from meti_desk.domain.errors import MetiDeskError
from meti_desk.isolation import wire
from meti_desk.isolation.confine import confine
from meti_desk.isolation.perform import Jobs, open_files, perform


def single_job(jobs: Jobs) -> None:
    """Read one request, do it, write one answer."""
    answers = os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    with os.fdopen(os.dup(0), "rb") as requests:
        request = msgspec.msgpack.decode(requests.read(), type=wire.Request)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    try:
        confine(
            request.limits,
            depth=request.depth,
            ruleset=_ruleset(request),
            allow_unconfined=request.allow_unconfined,
        )
    except MetiDeskError as error:
        answer = wire.error_answer(error)
    else:
        files = open_files(request.roles, [_descriptor(h, r) for h, r in _given(request)])
        answer = perform(request, files, jobs)
    raw = memoryview(msgspec.msgpack.encode(answer))
    while raw:
        raw = raw[os.write(answers, raw) :]
    os._exit(0)


def _given(request: wire.Request) -> list[tuple[int, str]]:
    return list(zip(request.handles, request.roles, strict=True))


def _descriptor(handle: int, role: str) -> int:
    """Make a descriptor of what was inherited: on Windows that is a handle."""
    if sys.platform == "win32":
        import msvcrt

        access = os.O_RDONLY if role in wire.READ_ROLES else os.O_RDWR
        return msvcrt.open_osfhandle(handle, access | os.O_BINARY)
    return handle


def _ruleset(request: wire.Request) -> int | None:
    if request.depth != "full" or sys.platform != "linux":
        return None
    from meti_desk.isolation import landlock

    return landlock.prepare(landlock.libraries())
