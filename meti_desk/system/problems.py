"""Turns the system's errors into ours, with codes that name cause and remedy."""

import contextlib
import errno
from collections.abc import Iterator
from pathlib import Path

from meti_desk.domain.errors import EnvironmentProblem, InvalidInput, MetiDeskError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_READ_ONLY = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
_MISSING = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP})


@contextlib.contextmanager
def reading(path: Path) -> Iterator[None]:
    """Translate what can go wrong when `path` is opened for reading."""
    try:
        yield
    except OSError as error:
        raise _reading_problem(error, path) from error


def _reading_problem(error: OSError, path: Path) -> MetiDeskError:
    if error.errno in _MISSING:
        return EnvironmentProblem("file.missing", path=str(path))
    if error.errno == errno.ENAMETOOLONG:
        return InvalidInput("file.name-too-long", path=str(path))
    if error.errno in _READ_ONLY:
        return EnvironmentProblem("file.no-access", path=str(path))
    if error.errno == errno.EISDIR:
        return InvalidInput("file.not-regular", path=str(path))
    return EnvironmentProblem("file.unreadable", path=str(path), reason=_name(error))


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Translate what can go wrong when something is written into `folder`."""
    try:
        yield
    except OSError as error:
        raise _writing_problem(error, folder) from error


def _writing_problem(error: OSError, folder: Path) -> MetiDeskError:
    if error.errno in _FULL:
        return EnvironmentProblem("disk.full", path=str(folder))
    if error.errno in _READ_ONLY:
        return EnvironmentProblem("folder.read-only", path=str(folder))
    if error.errno in _MISSING:
        return EnvironmentProblem("folder.missing", path=str(folder))
    if error.errno == errno.ENAMETOOLONG:
        return InvalidInput("file.name-too-long", path=str(folder))
    if error.errno == errno.EFBIG:
        return EnvironmentProblem("disk.file-too-large", path=str(folder))
    return EnvironmentProblem("folder.unwritable", path=str(folder), reason=_name(error))


def _name(error: OSError) -> str:
    return errno.errorcode.get(error.errno or 0, type(error).__name__)
