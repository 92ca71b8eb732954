"""The engine without settings: SQLite in the server's folder, one file, one writer at a time."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.server.storage.base import (
    ConflictFault,
    Connection,
    DatabaseFault,
    ValueFault,
    by_table,
)

DATABASE = "server.db"
_VALUES = (sqlite3.IntegrityError, sqlite3.DataError, sqlite3.InterfaceError, OverflowError)
_BEFORE = {1: "0001", 2: "0002"}
"""Versions of the schema by `user_version`, before alembic kept them."""
_AT_ONCE = 500


class SqliteConnection:
    """A connection that threads may share."""

    def __init__(self, path: Path, *, writes: bool) -> None:
        self._lock = threading.RLock()
        with _faults():
            self._raw = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._raw.execute("PRAGMA busy_timeout = 10000")
            self._raw.execute("PRAGMA foreign_keys = ON")
            if writes:
                self._raw.execute("PRAGMA journal_mode = WAL")
                self._raw.execute("PRAGMA synchronous = FULL")
            else:
                self._raw.execute("PRAGMA query_only = ON")

    def execute(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        """Execute one statement and give its rows."""
        with self._lock, _faults():
            return self._raw.execute(statement, values).fetchall()

    def several(self, asked: Sequence[tuple[str, Sequence[Any]]]) -> list[list[Any]]:
        """Execute statements one after the other, and give the rows of each."""
        return [self.execute(statement, values) for statement, values in asked]

    def later(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Execute a statement at once: nothing is gained by waiting."""
        self.execute(statement, values)

    def undo(self, savepoint: str) -> None:
        """Take back everything since a savepoint; a full disk has taken back more already."""
        if self.begun:
            self.execute(f"ROLLBACK TO {savepoint}")

    def stream(self, statement: str, values: Sequence[Any] = ()) -> Iterator[Any]:
        """Give the rows of a statement without holding all of them."""
        with self._lock, _faults():
            rows = self._raw.execute(statement, values)
        while True:
            with self._lock, _faults():
                some = rows.fetchmany(_AT_ONCE)
            if not some:
                return
            yield from some

    def load(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Insert many rows."""
        marks = ", ".join("?" * len(columns))
        told = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - own names
        with self._lock, _faults():
            self._raw.executemany(told, rows)

    @property
    def begun(self) -> bool:
        """Tell whether a transaction is under way; a full disk may have taken it back."""
        return self._raw.in_transaction

    @property
    def lost(self) -> bool:
        """Tell that a file does not go away."""
        return False

    def close(self) -> None:
        """Close; the log is worked in."""
        with self._lock, _faults():
            self._raw.close()


class SqliteEngine:
    """The file in a folder."""

    begin, snapshot, locked, exclusive = "BEGIN IMMEDIATE", "BEGIN", "", False
    beside = alone = ""

    def __init__(self, folder: Path) -> None:
        self.path = folder / DATABASE

    def connect(self, *, writes: bool) -> Connection:
        """Open the file (`server.missing`)."""
        if not self.path.is_file():
            raise EnvironmentProblem("server.missing", path=self.told)
        return SqliteConnection(self.path, writes=writes)

    def version(self, connection: Connection) -> str:
        """Name the version of the schema, also of files from before alembic kept it."""
        ((found,),) = connection.execute("PRAGMA user_version")
        if found:
            return _BEFORE.get(found, str(found))
        known = "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
        rows = connection.execute(known) and connection.execute(
            "SELECT version_num FROM alembic_version"
        )
        return str(rows[0][0]) if rows else ""

    def claim(self, _connection: Connection) -> int:
        """Give the one lane: there is one writer at a time, whatever processes there are."""
        return 0

    def ready(self, _connection: Connection, _at: int) -> None:
        """Do nothing: a table of one file has no parts."""

    def part(self, _connection: Connection, _at: int) -> None:
        """Do nothing: a table of one file has no parts."""

    def tables(self, connection: Connection) -> dict[str, list[str]]:
        """List the tables with their columns."""
        rows = connection.execute(
            "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c"
            " WHERE m.type = 'table' ORDER BY m.name, c.cid"
        )
        return by_table(rows)

    @property
    def told(self) -> str:
        """Name the folder."""
        return str(self.path.parent)


@contextmanager
def _faults() -> Iterator[None]:
    """Speak of the engine's errors as of those of any other."""
    try:
        yield
    except _VALUES as error:
        raise ValueFault(type(error).__name__) from error
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "") or type(error).__name__
        kind = ConflictFault if name == "SQLITE_BUSY_SNAPSHOT" else DatabaseFault
        raise kind(name) from error
