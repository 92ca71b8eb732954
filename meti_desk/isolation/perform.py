"""Does one job inside the worker and packs whatever comes of it."""

import errno
import io
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any, BinaryIO, NamedTuple, cast

import msgspec

from meti_desk.domain.errors import EnvironmentProblem, MetiDeskError
from meti_desk.isolation.wire import (
    READ_ROLES,
    WRITE_ROLES,
    Answer,
    Request,
    error_answer,
    unreadable,
)


class Job(NamedTuple):
    """A job: the type of its parameters, and the function that gets them and the files by role.

    The type may be named as `module:Name`: it is loaded by the first job that needs it, because a
    worker that reads one document must not wait for what other jobs are told.
    """

    params: type[msgspec.Struct] | str
    run: Callable[[Any, Mapping[str, BinaryIO]], msgspec.Struct]

    def read(self, raw: bytes) -> msgspec.Struct:
        """Decode the parameters of this job."""
        kind = named(self.params) if isinstance(self.params, str) else self.params
        return cast("msgspec.Struct", msgspec.msgpack.decode(raw, type=kind))


def named(place: str) -> Any:
    """Load what is named as `module:name`."""
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)


def late(place: str) -> Callable[[Any, Mapping[str, BinaryIO]], msgspec.Struct]:
    """Give the function of a job that is named as `module:name` and loaded when it is called."""
    return lambda params, files: cast("msgspec.Struct", named(place)(params, files))


Jobs = Mapping[str, Job]


class Family(NamedTuple):
    """Modules that are loaded ahead once a job has needed the first of them."""

    name: str
    modules: tuple[str, ...]


Families = Sequence[Family]


def perform(request: Request, files: Mapping[str, BinaryIO], jobs: Jobs) -> Answer:
    """Do the job; every exception becomes an answer, and none tells what was in the document."""
    try:
        job = jobs[request.job]
        result = job.run(job.read(request.params), files)
        for file in files.values():
            if file.writable():
                file.flush()
        return Answer(ok=msgspec.msgpack.encode(result), written=_written(files))
    except MetiDeskError as error:
        return error_answer(error)
    except MemoryError:
        return error_answer(unreadable("memory"))
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return error_answer(EnvironmentProblem("disk.full"))
        return error_answer(unreadable(type(error).__name__))
    except BaseException as error:  # noqa: BLE001 - a library may raise anything at all
        return error_answer(unreadable(type(error).__name__))


def _written(files: Mapping[str, BinaryIO]) -> dict[str, bytes]:
    return {
        role: file.getvalue()
        for role, file in files.items()
        if role in WRITE_ROLES and isinstance(file, io.BytesIO)
    }


def files_of(request: Request) -> dict[str, BinaryIO]:
    """Give the files that came as bytes; nothing where descriptors came, or none were sent."""
    return {role: io.BytesIO(data) for role, data in (request.inline or {}).items()}


def used(request: Request, files: Mapping[str, BinaryIO]) -> Mapping[str, BinaryIO]:
    """Give a job the files that it asks for."""
    return files if request.uses is None else {role: files[role] for role in request.uses}


def open_files(roles: Sequence[str], descriptors: Sequence[int]) -> dict[str, BinaryIO]:
    """Make file objects of descriptors, each with the rights that it has."""
    files: dict[str, BinaryIO] = {}
    for role, descriptor in zip(roles, descriptors, strict=True):
        mode = "r+b" if _writable(role, descriptor) else "rb"
        files[role] = cast("BinaryIO", os.fdopen(descriptor, mode))
    return files


def _writable(role: str, descriptor: int) -> bool:
    try:
        import fcntl
    except ImportError:  # Windows
        return role not in READ_ROLES
    return fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE != os.O_RDONLY


def loaded(families: Families) -> int:
    """Tell which families are loaded, as bits."""
    bits = 0
    for index, family in enumerate(families):
        if family.modules[0] in sys.modules:
            bits |= 1 << index
    return bits
