"""Gives a nameless file its name, never over another one, and makes that durable."""

import contextlib
import errno
import os
import sys
import threading
import weakref
from pathlib import Path
from typing import BinaryIO, cast

from meti_desk.faults import fault
from meti_desk.together import Together

_NO_LINK = frozenset(
    {errno.ENOENT, errno.EPERM, errno.EXDEV, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}
)
_PIECE = 1 << 20


def link_nameless(file: BinaryIO, name: Path) -> bool:
    """Link a file without a name into its folder, atomically.

    `False` where the system cannot do that. Raises `FileExistsError` when the name is taken and
    `OSError` for all that linking another way would not mend.
    """
    if sys.platform != "linux":
        return False
    folder = os.open(name.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        # With a folder's descriptor this is linkat(AT_SYMLINK_FOLLOW), which takes the open file.
        os.link(
            f"/proc/self/fd/{file.fileno()}", name.name, dst_dir_fd=folder, follow_symlinks=True
        )
    except OSError as error:
        if error.errno in _NO_LINK:
            return False
        raise
    finally:
        os.close(folder)
    return True


def copy_to(file: BinaryIO, name: Path, mode: int, like: Path | None = None) -> None:
    """Write a copy under a new name, owner-only until it is whole, and make it durable.

    With `like` it takes owner, rights and attributes of that file instead of `mode`.
    """
    fault("copy.create")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(name, flags | getattr(os, "O_CLOEXEC", 0), 0o600)
    try:
        with os.fdopen(descriptor, "wb") as copy:
            file.seek(0)
            while piece := file.read(_PIECE):
                copy.write(piece)
            copy.flush()
            _finish_copy(cast("BinaryIO", copy), mode, like)
            fault("copy.fsync")
            os.fsync(copy.fileno())
    except BaseException:
        remove(name)
        raise


def _finish_copy(copy: BinaryIO, mode: int, like: Path | None) -> None:
    if like is None:
        set_mode(copy, mode)
        return
    with contextlib.suppress(FileNotFoundError):
        take_attributes(copy, like)


def move_to_free(temporary: Path, final: Path) -> None:
    """Rename, raising `FileExistsError` rather than going over another file."""
    if sys.platform == "win32":
        temporary.rename(final)  # Windows never renames over a file
        return
    try:
        os.link(temporary, final)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno not in _NO_LINK:
            raise
        # FAT and the like: take the name with an empty file, then put ours in its place.
        os.close(os.open(final, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        fault("copy.rename")
        temporary.replace(final)
        return
    fault("copy.unlink")
    temporary.unlink()


def set_mode(file: BinaryIO, mode: int) -> None:
    """Set the rights of an open file; a no-op where the file system has none."""
    if hasattr(os, "fchmod"):
        with contextlib.suppress(PermissionError):
            os.fchmod(file.fileno(), mode)


def take_attributes(file: BinaryIO, original: Path) -> None:
    """Give an open file the owner, the rights and the extended attributes of another.

    What the system does not let us set is left: the owner of somebody else's file, most often.
    """
    if sys.platform == "win32":
        return
    state = original.stat()
    mine = os.fstat(file.fileno())
    if (mine.st_uid, mine.st_gid) != (state.st_uid, state.st_gid):
        with contextlib.suppress(OSError):
            os.fchown(file.fileno(), state.st_uid, state.st_gid)
    set_mode(file, state.st_mode & 0o7777)
    if not hasattr(os, "listxattr"):
        return
    with contextlib.suppress(OSError):
        for name in os.listxattr(original):
            with contextlib.suppress(OSError):
                os.setxattr(file.fileno(), name, os.getxattr(original, name))


def sync_folder(folder: Path) -> None:
    """Make names in a folder durable; Windows does so by itself.

    Threads that ask for the same folder at the same time share one fsync, begun after all asked.
    """
    if sys.platform == "win32":
        return
    with _FOLDERS_LOCK:
        shared = _FOLDERS.get(str(folder))
        if shared is None:
            shared = _FOLDERS[str(folder)] = Together(lambda _: _sync(folder))
    shared.do(None)


_FOLDERS: "weakref.WeakValueDictionary[str, Together[None]]" = weakref.WeakValueDictionary()
"""The folders that are being synced now."""
_FOLDERS_LOCK = threading.Lock()


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.EOPNOTSUPP):  # some network file systems
            raise
    finally:
        os.close(descriptor)


def remove(path: Path) -> None:
    """Remove a temporary file; that it is gone already is no error."""
    with contextlib.suppress(OSError):
        path.unlink()
