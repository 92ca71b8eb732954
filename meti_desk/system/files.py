"""Opens, writes and puts in place the files of people, so that no crash leaves half of anything.

A result is written to a file without a name (O_TMPFILE), which vanishes with the process. Only
when it is whole and durable it gets a name, by one system call. Where a file system cannot do
that (FAT, some shares; Windows) an owner-only temporary file with a name known beforehand takes
its place; the journal remembers it, and `discard` removes it at the next start.
"""

import contextlib
import errno
import io
import os
import stat
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, cast

from meti_desk.domain.errors import EnvironmentProblem, InvalidInput
from meti_desk.faults import fault
from meti_desk.system import placing
from meti_desk.system.naming import candidates, is_temporary, temporary_name
from meti_desk.system.problems import reading, writing
from meti_desk.system.state import FileState, require_unchanged, sha256_of, state_of

_NO_TMPFILE = frozenset({errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL, errno.ENOSYS})


class DiskFiles:
    """Implements the port `Files`.

    `nameless=False` does without O_TMPFILE, as on a file system that has none.
    """

    def __init__(self, *, nameless: bool = True) -> None:
        """Keep the choice."""
        self._nameless = nameless and hasattr(os, "O_TMPFILE")
        self._unnamed: weakref.WeakSet[BinaryIO] = weakref.WeakSet()
        self._prepared: weakref.WeakSet[BinaryIO] = weakref.WeakSet()
        self._states: weakref.WeakKeyDictionary[BinaryIO, FileState] = weakref.WeakKeyDictionary()

    def open_source(self, path: Path) -> BinaryIO:
        """Open a regular file for reading; a symbolic link is followed, as the person expects.

        Raises `EnvironmentProblem`: `file.missing`, `file.no-access`, `file.unreadable`;
        `InvalidInput`: `file.not-regular` (folder, pipe, device), `file.name-too-long`,
        `file.name-not-text`.
        """
        with reading(path):
            if "\0" in str(path):
                raise InvalidInput("file.outside", name=path.name.replace("\0", ""))
            _require_text(path)
            _require_regular(path, path.stat().st_mode)
            # Between the two calls it may have become a pipe; opening one must not wait.
            flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
            file = os.fdopen(os.open(path, flags | getattr(os, "O_CLOEXEC", 0)), "rb")
            try:
                _require_regular(path, os.fstat(file.fileno()).st_mode)
            except BaseException:
                file.close()
                raise
            source = cast("BinaryIO", file)
            self._states[source] = state_of(source)
            return source

    def _state_when_opened(self, opened: BinaryIO | None) -> FileState | None:
        if opened is None:
            return None
        return self._states.get(opened) or state_of(opened)

    def scratch(self, folder: Path) -> BinaryIO:
        """Open a nameless, owner-only file for writing on the file system of `folder`.

        Raises `EnvironmentProblem`: `folder.missing`, `folder.read-only`, `disk.full`.
        """
        fault("scratch.create")
        with writing(folder):
            if self._nameless:
                with contextlib.suppress(_NoTmpfileError):
                    made = _open_nameless(folder)
                    self._unnamed.add(made)
                    return made
            return _open_unlinked(folder)

    def temporary(self, final: Path, operation: str) -> Path:
        """Name the temporary file of an operation, for the journal and for `replace`.

        It stands beside the file itself where `final` is a symbolic link.
        """
        return temporary_name(_real(final), operation)

    def prepare(
        self, file: BinaryIO, folder: Path, *, mode: int = 0o600, like: Path | None = None
    ) -> bool:
        """Make a finished scratch file durable before it is published or replaces `like`.

        What takes long is done then, by many threads at once. Tells whether only a quick step is
        left; where files cannot be without a name there is another copy to be made, and nothing is
        done here.
        """
        if file not in self._unnamed:
            return False
        with writing(folder):
            self._make_durable(file, mode, None if like is None else _real(like))
        self._prepared.add(file)
        return True

    def _make_durable(self, file: BinaryIO, mode: int, like: Path | None) -> None:
        """Give a scratch file its rights - or those of the file it replaces - and fsync it."""
        if file not in self._prepared:
            file.flush()
        if like is not None:
            # Also after it was prepared: somebody may have taken rights away meanwhile.
            with contextlib.suppress(FileNotFoundError):
                placing.take_attributes(file, like)
        if file in self._prepared:
            return
        if like is None:
            placing.set_mode(file, mode)
        fault("publish.fsync" if like is None else "replace.fsync")
        os.fsync(file.fileno())

    def publish(
        self,
        file: BinaryIO,
        final: Path,
        *,
        mode: int = 0o600,
        temporary: Path | None = None,
        folders: set[Path] | None = None,
    ) -> Path:
        """Fsync a scratch file and give it its final name, never over another; gives that name.

        A taken name gets ` (2)` before its suffix; one of more than 255 bytes is shortened.
        `temporary` is used only where the file system needs a named one.
        """
        folder = final.parent
        with writing(folder):
            self._make_durable(file, mode, None)
            wished = next(candidates(final))
            named = _first_free(final, "publish.link", lambda n: placing.link_nameless(file, n))
            if named is None:
                step = temporary or temporary_name(wished, os.urandom(16).hex())
                named = _publish_copy(file, final, step, mode)
            fault("publish.folder-fsync")
            _made_durable(folder, folders)
            return named

    def replace(
        self,
        file: BinaryIO,
        original: Path,
        temporary: Path,
        *,
        opened: BinaryIO | None = None,
        sha256: str = "",
        folders: set[Path] | None = None,
    ) -> None:
        """Fsync a scratch file and put it in the place of `original`, by way of `temporary`.

        Keeps rights, owner and extended attributes. With `opened`, the original as `open_source`
        gave it (and its `sha256`, in hex), it is looked at once more just before; raises
        `EnvironmentProblem("file.changed")` and leaves everything as it was when somebody changed
        or removed it meanwhile.
        """
        target = _real(original)
        with writing(target.parent):
            self._make_durable(file, 0o600, target)
            step = target.with_name(temporary.name)
            self._name_temporary(file, step, like=target)
            try:
                _require_still(target, self._state_when_opened(opened), sha256)
                fault("replace.rename")
                step.replace(target)
            except BaseException:
                placing.remove(step)
                raise
            fault("replace.folder-fsync")
            _made_durable(target.parent, folders)

    def put(
        self,
        data: bytes,
        final: Path,
        temporary: Path,
        *,
        mode: int = 0o600,
        folders: set[Path] | None = None,
    ) -> None:
        """Write a small file whole or not at all, over an older one of this name: a sidecar."""
        with self.scratch(final.parent) as file, writing(final.parent):
            fault("put.write")
            file.write(data)
            file.flush()
            placing.set_mode(file, mode)
            fault("put.fsync")
            os.fsync(file.fileno())
            self._name_temporary(file, temporary)
            try:
                fault("put.rename")
                temporary.replace(final)
            except BaseException:
                placing.remove(temporary)
                raise
            fault("put.folder-fsync")
            _made_durable(final.parent, folders)

    def settle(self, folder: Path) -> None:
        """Make the names durable that a folder got."""
        fault("settle.folder-fsync")
        with writing(folder):
            placing.sync_folder(folder)

    def remove(self, path: Path, sha256: str) -> bool:
        """Remove a file if its bytes are still these; tells whether they were.

        Its blocks stay on the disk until they are written over: what must not come back has to be
        encrypted, or its medium destroyed (Art. 17).
        """
        if path.is_symlink() or not path.is_file():
            return False
        with writing(path.parent):
            with path.open("rb") as there:
                if sha256_of(there) != sha256:
                    return False
            path.unlink()
            placing.sync_folder(path.parent)
        return True

    def discard(self, temporary: Path) -> bool:
        """Remove what a crash left under the name of a temporary file; tells whether it was there.

        Anything that does not have such a name is left alone.
        """
        if not is_temporary(temporary) or not temporary.is_file():
            return False
        with writing(temporary.parent):
            temporary.unlink()
            placing.sync_folder(temporary.parent)
        return True

    def withdraw(self, file: BinaryIO, name: Path) -> None:
        """Take back the name that `publish` gave, when what belongs to it could not be done.

        Goes by the content: a file that somebody put there meanwhile stays.
        """
        with writing(name.parent), contextlib.suppress(FileNotFoundError):
            with name.open("rb") as there:
                same = sha256_of(there) == sha256_of(file)
            if same:
                name.unlink()
                placing.sync_folder(name.parent)

    def _name_temporary(self, file: BinaryIO, temporary: Path, like: Path | None = None) -> None:
        placing.remove(temporary)  # of the same operation, begun and lost before
        fault("temporary.link")
        if not placing.link_nameless(file, temporary):
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            placing.copy_to(file, temporary, mode, like)


def _made_durable(folder: Path, folders: set[Path] | None) -> None:
    """Sync a folder, or leave it to who places many files."""
    if folders is None:
        placing.sync_folder(folder)
    else:
        folders.add(folder)


class _NoTmpfileError(Exception):
    """This file system has no nameless files."""


def _open_nameless(folder: Path) -> BinaryIO:
    try:
        descriptor = os.open(folder, os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as error:
        if error.errno in _NO_TMPFILE:
            raise _NoTmpfileError from error
        raise
    return cast("BinaryIO", os.fdopen(descriptor, "w+b"))


def _open_unlinked(folder: Path) -> BinaryIO:
    """Open a temporary file that loses its name at once (POSIX) or when it is closed (Windows)."""
    import tempfile

    file = tempfile.TemporaryFile(  # noqa: SIM115 - handed to the caller
        prefix=".meti-desk-", suffix=".part", dir=folder
    )
    return cast("BinaryIO", file)


def _require_text(path: Path) -> None:
    """Refuse a name that is no UTF-8: neither record nor letter could write it down."""
    try:
        path.name.encode()
    except UnicodeEncodeError:
        name = os.fsencode(path.name).decode(errors="replace")
        raise InvalidInput("file.name-not-text", name=name) from None


def _require_regular(path: Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise InvalidInput("file.not-regular", path=str(path))


def _require_still(target: Path, expected: FileState | None, sha256: str) -> None:
    if expected is not None:
        require_unchanged(target, expected, sha256)
    elif not target.exists():
        raise EnvironmentProblem("file.changed", path=str(target))


def _real(path: Path) -> Path:
    return path.resolve() if path.is_symlink() else path


def _first_free(final: Path, point: str, place: Callable[[Path], bool]) -> Path | None:
    """Try the names in turn; `None` when the way does not work here at all."""
    for name in candidates(final):
        fault(point)
        try:
            return name if place(name) else None
        except FileExistsError:
            continue
    raise EnvironmentProblem("folder.crowded", path=str(final.parent))


def _publish_copy(file: BinaryIO, final: Path, temporary: Path, mode: int) -> Path:
    placing.remove(temporary)
    placing.copy_to(file, temporary, mode)

    def move(name: Path) -> bool:
        placing.move_to_free(temporary, name)
        return True

    try:
        named = _first_free(final, "copy.link", move)
    except BaseException:
        placing.remove(temporary)
        raise
    return named or final


def write_all(file: BinaryIO, source: BinaryIO) -> int:
    """Copy an open file into a scratch file and give the number of bytes; disk full as a code."""
    with writing(Path()):
        source.seek(0)
        total = 0
        while piece := source.read(io.DEFAULT_BUFFER_SIZE * 16):
            total += file.write(piece)
        return total
