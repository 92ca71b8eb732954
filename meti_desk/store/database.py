"""The one connection to `store.db` (SQLCipher), usable from any thread, one call at a time.

A re-entrant lock serialises the calls, so that a thread that is inside `transaction` owns the
database until it leaves: calls of other threads wait. Other processes are held off by SQLite
itself: every transaction that writes begins as the only writer (`BEGIN IMMEDIATE`) and waits up to
`PATIENCE` for another one. The key goes to the engine as bytes, never as a statement, so that no
exception or trace can carry it.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, Generic, TypeVar

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.faults import fault
from meti_desk.store.disk import told
from meti_desk.store.pinned import pin, wiping
from meti_desk.store.wrapping import wipe
from meti_desk.together import Together

T = TypeVar("T")
Value = str | int | bytes | None
PATIENCE = 10_000
"""Milliseconds that a call waits for another process before it is told `store.busy`."""
_SETTINGS = (
    "PRAGMA cipher_compatibility = 4",
    "PRAGMA temp_store = MEMORY",  # nothing is ever spilled in clear
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",  # REPLACE must not slip past the triggers on DELETE
    "PRAGMA secure_delete = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA cache_size = -16000",
    "PRAGMA trusted_schema = OFF",
)
_OPEN = 0x02 | 0x04 | 0x02000000
"""READWRITE, CREATE, EXRESCODE: only the extended codes tell a write that failed from a read."""
_CODES = {
    3: "store.unwritable",  # PERM
    5: "store.busy",
    6: "store.busy",  # LOCKED
    8: "store.unwritable",  # READONLY
    11: "store.damaged",  # CORRUPT
    13: "store.full",
    14: "store.unwritable",  # CANTOPEN
    26: "store.damaged",  # NOTADB
}
"""By the lowest byte of a code of the engine."""
_IOERR = 10
_IO_CODES = {
    **dict.fromkeys((1, 2, 7, 13, 22, 24, 33, 34), "store.unreadable"),  # READ … FSTAT, SEEK
    **dict.fromkeys((3, 4, 5, 6, 10, 16, 17, 18, 21, 29, 30, 31), "store.unwritable"),
    19: "store.full",  # SHMSIZE: there is no room for the index of the log
    32: "store.damaged",  # DATA: a checksum that does not fit
}
"""By the second byte of an IOERR: the file is whole, but the disk did not do what was asked of it.

WRITE (3), FSYNC, TRUNCATE and their like are what a limit of size or a quota answers, too; where
the disk itself has no room left the engine says FULL.
"""

_COPYING = {
    "database or disk is full": 13, "disk I/O error": 10 | 3 << 8, "database is locked": 5,
    "database disk image is malformed": 11,
}  # fmt: skip
"""A copy tells by words alone what went wrong; it reads a file that is open, and writes a new one.
"""


class Database:
    """An open, keyed connection; errors of the engine come out as `EnvironmentProblem`.

    Codes: `store.damaged` (not readable with this key, or pages that fail their check; nothing
    else is), `store.full`, `store.unwritable`, `store.unreadable` (the disk refuses, the file is
    whole), `store.busy`, `store.locked` (closed), `store.failed`.
    """

    def __init__(self, path: Path, key: bytearray, *, log: bool = True) -> None:
        """Open a file that is there; the key is copied and the copy wiped by `close`.

        `log` false keeps a single file without a write-ahead log (a backup that is looked at).
        """
        with told(path, "store.unreadable"):
            path.stat()
        self.path = path
        self._key = bytearray(key)
        pin(self._key)
        self._lock = threading.RLock()
        self._depth = 0
        self._owner = 0
        self._spoiled = False
        self._shared = Together(self._write_all)
        self._connection: Any = None
        try:
            with self._translated():
                self._connection = connect(path, self._key)
                if log:
                    self._connection.execute("PRAGMA journal_mode = WAL")
        except BaseException:
            self.close()
            raise

    def run(self, statement: str, values: Sequence[Value] = ()) -> list[tuple[Any, ...]]:
        """Execute one statement and give all its rows."""
        with self._lock:
            connection = self._held()
            if self._depth and not connection.in_transaction:
                # The engine rolled back on its own (disk full): nothing may slip out one by one.
                raise EnvironmentProblem("store.failed", error="rolled-back")
            try:
                rows: list[tuple[Any, ...]] = connection.execute(statement, values).fetchall()
            except Exception as error:
                from sqlcipher3 import dbapi2

                if isinstance(error, dbapi2.Error):
                    raise _problem(error, self.path) from None
                raise
            return rows

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit all writes of the block together, durably, or none; may be nested.

        An inner block that fails takes back its own writes only. Other threads and processes wait.
        """
        with self._lock:
            name = f"inner_{self._depth}"
            nested = self._depth > 0
            self.run(f"SAVEPOINT {name}" if nested else "BEGIN IMMEDIATE")
            self._depth += 1
            self._owner = threading.get_ident()
            try:
                yield
                self._require_whole()
                if nested:
                    self.run(f"RELEASE {name}")
                else:
                    fault("store.commit")
                    self.run("COMMIT")
                    fault("store.committed")
            except BaseException:
                self._take_back(name if nested else "")
                raise
            finally:
                self._depth -= 1
                if not self._depth:
                    self._owner = 0

    def _require_whole(self) -> None:
        """Refuse to commit half of what belongs together, whoever caught the error."""
        if self._spoiled:
            raise EnvironmentProblem("store.failed", error="half-written")

    @contextmanager
    def joined(self) -> Iterator[None]:
        """Write several rows as one: with the transaction that is open, else in one of their own.

        Costs less than an inner `transaction`. Rows that fail cannot be taken back alone: were
        their error caught, the block around them would refuse to commit (`store.failed`).
        """
        with self._lock:
            if not self._depth:
                with self.transaction():
                    yield
                return
            try:
                yield
            except BaseException:
                self._spoiled = True
                raise

    def together(self, work: Callable[[], T]) -> T:
        """Do a piece of writing durably, in one transaction with what other threads bring.

        A commit costs more than the rows in it, so threads that each have a little to write share
        one. Nothing else changes: when this returns, `work` is on the disk; work that fails takes
        back its own writes only, and may be done again alone. Inside a transaction it is part of
        that.
        """
        if self._owner == threading.get_ident():
            with self.transaction():
                return work()
        piece = _Piece(work)
        self._shared.do(piece)
        return piece.outcome()

    def _write_all(self, pieces: "Sequence[_Piece[Any]]") -> None:
        if len(pieces) > 1:
            try:
                with self.transaction():
                    for piece in pieces:
                        piece.write(self.transaction)
            except Exception:  # noqa: BLE001, S110 - each is tried alone, and tells its own error
                pass
            else:
                return
        for piece in pieces:
            piece.write(self.transaction)

    def _take_back(self, name: str) -> None:
        self._spoiled = False
        if self._connection is None or not self._connection.in_transaction:
            return
        with self._translated():
            if name:
                self._connection.execute(f"ROLLBACK TO {name}")
                self._connection.execute(f"RELEASE {name}")
            else:
                self._connection.execute("ROLLBACK")

    def damage(self) -> tuple[str, ...]:
        """Check every page and every index; gives what the engine says is wrong, page by page.

        Costs a pass over the whole file; nothing said means nothing wrong. Where the disk has no
        room for the log to be worked in, pages may stand in the file by half and whole in the log:
        then they are looked at through the log. `store.unreadable` where it cannot look at all.
        """
        found: list[str] = []
        checks = ["PRAGMA cipher_integrity_check", "PRAGMA quick_check(100)"]
        try:
            self.run("PRAGMA wal_checkpoint(TRUNCATE)")
        except EnvironmentProblem as problem:
            if problem.code == "store.damaged":
                found.append(problem.code)
            else:
                del checks[0]
        for statement in checks:
            try:
                found.extend(str(row[0]) for row in self.run(statement) if row[0] != "ok")
            except EnvironmentProblem as problem:
                if problem.code != "store.damaged":
                    raise
                found.append(problem.code)
        return tuple(found)

    def copy_to(self, target: Path, key: bytearray | None = None) -> None:
        """Write a consistent copy into an empty file (0600), under the same or another key."""
        with told(target):
            target.touch(mode=0o600, exist_ok=False)
        with self._lock, self._translated():
            connection = self._held()
            other = connect(target, key or self._key)
            try:
                connection.backup(other)
                other.execute("PRAGMA journal_mode = DELETE")  # one file, no log beside it
            finally:
                other.close()

    def key(self) -> bytearray:
        """Give a copy of the key, to be wiped by the caller."""
        return bytearray(self._key)

    def close(self) -> None:
        """Close the connection and wipe the key; closing twice does no harm."""
        with self._lock:
            connection, self._connection = self._connection, None
            try:
                if connection is not None:
                    _close(connection)
            finally:
                wipe(self._key)

    def _held(self) -> Any:
        if self._connection is None:
            raise EnvironmentProblem("store.locked")
        return self._connection

    @contextmanager
    def _translated(self) -> Iterator[None]:
        from sqlcipher3 import dbapi2

        try:
            yield
        except dbapi2.Error as error:
            raise _problem(error, self.path) from None


class _Piece(Generic[T]):
    """Something to be written, and what came of it."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._results: list[T] = []
        self._error: Exception | None = None

    def write(self, transaction: Callable[[], AbstractContextManager[None]]) -> None:
        """Do it, with nothing left of an attempt before."""
        self._results, self._error = [], None
        try:
            with transaction():
                self._results.append(self._work())
        except Exception as error:  # noqa: BLE001 - told to the one whose work it is
            self._error = error

    def outcome(self) -> T:
        """Give the result, or raise the error."""
        if self._error is not None:
            raise self._error
        return self._results[0]


def _close(connection: Any) -> None:
    """Close, and have the pages overwritten that were held in clear.

    The engine itself would wipe all that it ever gives back from then on, in this whole process,
    and lock each piece of memory with a call of the system: a search in a store that is opened
    again took twenty times longer. It is asked only where the C library cannot do it; its keys it
    wipes always.
    """
    with wiping() as wiped:
        if not wiped:
            with suppress(Exception):
                connection.execute("PRAGMA cipher_memory_security = ON")
        connection.close()


def connect(path: Path, key: bytearray) -> Any:
    """Open a connection by raw key and prove that the key opens the file.

    Lets errors of the engine through; they do not carry the key.
    """
    from sqlcipher3 import dbapi2

    connection = dbapi2.connect(
        str(path), isolation_level=None, check_same_thread=False, timeout=PATIENCE / 1000,
        flags=_OPEN,
    )  # fmt: skip
    spelled = bytearray(b"x'" + key.hex().encode() + b"'")
    try:
        # The engine's own log would print to standard error what we tell by code.
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.set_key(spelled)
        for setting in _SETTINGS:
            connection.execute(setting)
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except BaseException:
        connection.close()
        raise
    finally:
        wipe(spelled)
    return connection


def _problem(error: Any, path: Path) -> EnvironmentProblem:
    """Say what went wrong; `error` is the engine's number, extended, or the kind of the error."""
    number = getattr(error, "sqlite_errorcode", _COPYING.get(str(error)))
    if not isinstance(number, int):
        return EnvironmentProblem("store.failed", path=str(path), error=type(error).__name__)
    base, detail = number & 0xFF, number >> 8
    code = _IO_CODES.get(detail) if base == _IOERR else _CODES.get(base)
    return EnvironmentProblem(code or "store.failed", path=str(path), error=f"SQLITE {number}")
