"""Many files at once: both cores; one bad file stops no other, cancel keeps what is done."""

import errno
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from meti_desk.domain.errors import EnvironmentProblem, InvalidInput, MetiDeskError

if TYPE_CHECKING:
    from meti_desk.services.ports import Progress

T = TypeVar("T")

AT_ONCE = 2 * (os.cpu_count() or 2) + 4
"""Files under way together: while some wait for a process or the disk, others gather for a round.

More threads would only take the interpreter from each other."""


_CODES = (
    (frozenset({errno.ENOSPC, errno.EDQUOT}), "disk.full"),
    (frozenset({errno.EROFS, errno.EACCES, errno.EPERM}), "folder.read-only"),
    (frozenset({errno.ENOTDIR, errno.EEXIST}), "folder.missing"),
    (frozenset({errno.EFBIG}), "disk.file-too-large"),
)
"""What happens where files are written; reading has codes of its own in `system`."""


class NoProgress:
    """Progress for callers that do not watch."""

    cancelled = False

    def step(self, done: int, total: int, code: str) -> None:
        """Hear nothing."""


def each(
    paths: Sequence[str],
    work: Callable[[Path], T],
    failed: Callable[[str, MetiDeskError], T],
    progress: "Progress | None" = None,
) -> tuple[T, ...]:
    """Do `work` for each path, in order of the answers; errors become rows by `failed`.

    Cancelling lets the files under way finish; the others are answered by `batch.cancelled`.
    """
    watch = progress or NoProgress()
    total, done, lock = len(paths), 0, Lock()

    def one(path: str) -> T:
        nonlocal done
        try:
            if watch.cancelled:
                return failed(path, EnvironmentProblem("batch.cancelled"))
            return work(Path(path))
        except MetiDeskError as error:
            return failed(path, error)
        except OSError as error:
            return failed(path, of_os_error(error))
        except UnicodeError:
            # A reason or a name with bytes that are no text: neither record nor paper can hold it.
            return failed(path, InvalidInput("request.invalid"))
        finally:
            with lock:
                done += 1
                watch.step(done, total, path)

    watch.step(0, total, "")
    if total <= 1:
        return tuple(one(path) for path in paths)
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(max_workers=min(total, AT_ONCE)) as pool:
        return tuple(pool.map(one, paths))


def of_os_error(error: OSError) -> MetiDeskError:
    """Name an error of the operating system that no port has named."""
    path = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else ""
    if isinstance(error, FileNotFoundError):
        return EnvironmentProblem("file.missing", path=path)
    if error.errno == errno.ENAMETOOLONG:
        return InvalidInput("file.name-too-long", path=path)
    for numbers, code in _CODES:
        if error.errno in numbers:
            return EnvironmentProblem(code, path=path)
    return EnvironmentProblem("system.error", reason=os.strerror(error.errno or 0))
