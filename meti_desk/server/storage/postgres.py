"""The engine for many processes: PostgreSQL through psycopg, events in parts by month."""

import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from itertools import count
from typing import Any

import psycopg
from psycopg import pq
from psycopg.conninfo import conninfo_to_dict
from psycopg.types.numeric import Int8Dumper

from meti_desk.domain.errors import EnvironmentProblem, InvalidInput
from meti_desk.server.storage.base import (
    ConflictFault,
    Connection,
    DatabaseFault,
    LostFault,
    ValueFault,
    by_table,
)

_PIECES = re.compile(r"'(?:[^']|'')*'|[?]")
_CONFLICTS = {"40001", "40P01"}
"""Serialization and deadlock; not a lock that was not to be had in time: that would be long."""
_SETTINGS = (
    "SET client_encoding = 'UTF8'",
    "SET lock_timeout = '3s'",
    "SET statement_timeout = '0'",
    "SET idle_in_transaction_session_timeout = '0'",
)
_LANES = 1024
_CLAIM = "SELECT pg_try_advisory_lock(CAST(? AS int), CAST(? AS int))"
_LANE, _MONTH, _DIRECTORY = 0x4D455449, 0x4D455450, 0x4D455452
"""Classes of advisory locks: whose lane it is, who makes a month's part, who changes posts."""
_AT_ONCE = 1000
_PREPARED = 400


class PostgresConnection:
    """A connection that commits each statement unless told otherwise; results come in binary."""

    _names = count()

    def __init__(self, url: str) -> None:
        with _faults():
            self._raw = psycopg.connect(
                url, autocommit=True, connect_timeout=5, application_name="meti-desk-server",
                keepalives_idle=30, keepalives_interval=10, keepalives_count=3,
                tcp_user_timeout=20_000,
            )  # fmt: skip
            for setting in _SETTINGS:
                self._raw.execute(setting)
        # Statements come with `$1`: nothing of them is looked through each time.
        self._raw.cursor_factory = psycopg.RawCursor
        self._raw.server_cursor_factory = psycopg.RawServerCursor
        # One type for all numbers: statements are prepared by their text and types.
        self._raw.adapters.register_dumper(int, Int8Dumper)
        self._raw.prepared_max = _PREPARED
        self._cursor = self._raw.cursor(binary=True)
        self._spare = self._raw.cursor()
        self._waiting: list[tuple[str, Sequence[Any]]] = []
        self._lock = threading.RLock()

    def execute(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        """Execute one statement and give its rows; what waits goes along in front of it."""
        if self._waiting:
            return self.several(((statement, values),))[0]
        with self._lock, self._faults():
            return _rows(self._cursor.execute(_translated(statement), values))

    def several(self, asked: Sequence[tuple[str, Sequence[Any]]]) -> list[list[Any]]:
        """Execute statements in one message, behind what waits, and give the rows of each."""
        with self._lock, self._faults():
            waiting, self._waiting = self._waiting, []
            cursors = [self._raw.cursor(binary=True) for _ in asked]
            with self._raw.pipeline():
                for earlier, its in waiting:
                    self._spare.execute(_translated(earlier), its)
                for cursor, (statement, values) in zip(cursors, asked, strict=True):
                    cursor.execute(_translated(statement), values)
            return [_rows(cursor) for cursor in cursors]

    def _send(self) -> None:
        """Send what waits, in front of what does not go over with it."""
        if self._waiting:
            self.several(())

    def later(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Keep a statement until the next one: both go over in one message."""
        self._waiting.append((statement, values))

    def undo(self, savepoint: str) -> None:
        """Take back everything since a savepoint."""
        mark = (f"SAVEPOINT {savepoint}", ())
        if mark in self._waiting:
            del self._waiting[self._waiting.index(mark) :]
            return
        self._waiting.clear()
        self.execute(f"ROLLBACK TO {savepoint}")

    def stream(self, statement: str, values: Sequence[Any] = ()) -> Iterator[Any]:
        """Give the rows of a statement without holding all of them; inside a transaction."""
        name = f"walk_{next(self._names)}"
        self._send()
        with self._lock, self._faults():
            rows = self._raw.cursor(name, binary=True)
            rows.execute(_translated(statement), values)
        try:
            while True:
                with self._lock, self._faults():
                    some = rows.fetchmany(_AT_ONCE)
                if not some:
                    return
                yield from some
        finally:
            if self.begun:
                rows.close()

    def load(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Insert many rows by COPY."""
        told = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
        self._send()
        with self._lock, self._faults(), self._raw.cursor().copy(told.encode()) as copying:
            for row in rows:
                copying.write_row(row)

    @property
    def begun(self) -> bool:
        """Tell whether a transaction is under way that may still be committed."""
        status = self._raw.pgconn.transaction_status
        return bool(self._waiting) or status == pq.TransactionStatus.INTRANS

    @property
    def _lost(self) -> bool:
        return self._raw.broken or self._raw.closed

    @property
    def lost(self) -> bool:
        """Tell whether the connection is gone, also where the other side hung up unasked.

        Of what is sent with its commit in one message, nobody could tell afterwards whether it was
        done. The first look takes what the server said when it went, the second one finds the end.
        """
        if self._lost:
            return True
        try:
            for _ in range(2):
                self._raw.pgconn.consume_input()
        except psycopg.OperationalError:
            return True
        return False

    def close(self) -> None:
        """Close it."""
        with self._lock:
            self._raw.close()

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            with _faults():
                yield
        except DatabaseFault as fault:
            if self._lost:
                raise LostFault(str(fault)) from fault
            raise


def _rows(cursor: psycopg.Cursor[Any]) -> list[Any]:
    result = cursor.pgresult
    return cursor.fetchall() if result is not None and result.nfields else []


class PostgresEngine:
    """A database that a URL names; the URL is kept to connect, and never shown."""

    begin, snapshot = "BEGIN", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    locked, exclusive = " FOR UPDATE", True
    beside = f"SELECT pg_advisory_xact_lock_shared({_DIRECTORY}, 0)"
    alone = f"SELECT pg_advisory_xact_lock({_DIRECTORY}, 0)"

    def __init__(self, url: str) -> None:
        try:
            known = conninfo_to_dict(url)
        except psycopg.Error:
            raise InvalidInput("server.database-url") from None
        self.url = url
        host = known.get("host") or known.get("hostaddr") or ""
        self._told = f"postgresql://{host}/{known.get('dbname') or ''}"
        self._months: set[tuple[int, int]] = set()

    def connect(self, *, writes: bool) -> Connection:  # noqa: ARG002 - both kinds are alike here
        """Connect (`server.unreachable`)."""
        try:
            return PostgresConnection(self.url)
        except DatabaseFault:
            raise EnvironmentProblem("server.unreachable", place=self.told) from None

    def version(self, connection: Connection) -> str:
        """Name the version of the schema."""
        ((known,),) = connection.execute("SELECT to_regclass('alembic_version') IS NOT NULL")
        rows = known and connection.execute("SELECT version_num FROM alembic_version")
        return str(rows[0][0]) if rows else ""

    def claim(self, connection: Connection) -> int:
        """Take the first lane that no other connection holds; it is given back at its end."""
        for lane in range(_LANES):
            ((got,),) = connection.execute(_CLAIM, (_LANE, lane))
            if got:
                return lane
        raise DatabaseFault("lanes")

    def ready(self, connection: Connection, at: int) -> None:
        """Make the part of a month and that of the next, once; in no transaction.

        Where a part cannot be made, its rows go to the part of everything else.
        """
        month = _month(at)
        if month in self._months:
            return
        for one in (month, _after(month)):
            connection.execute("BEGIN")
            try:
                _make_month(connection, one)
                connection.execute("COMMIT")
            except LostFault:
                raise
            except DatabaseFault:
                connection.execute("ROLLBACK")
        self._months.add(month)

    def part(self, connection: Connection, at: int) -> None:
        """Make the part of a month, inside a transaction."""
        _make_month(connection, _month(at))

    def tables(self, connection: Connection) -> dict[str, list[str]]:
        """List the tables with their columns; parts of tables are none."""
        rows = connection.execute(
            "SELECT CAST(c.relname AS text), CAST(a.attname AS text) FROM pg_class c"
            " JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE c.relnamespace = CAST(current_schema() AS regnamespace)"
            " AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
            " AND a.attnum > 0 AND NOT a.attisdropped ORDER BY c.relname, a.attnum"
        )
        return by_table(rows)

    @property
    def told(self) -> str:
        """Name host and database."""
        return self._told


def _after(month: tuple[int, int]) -> tuple[int, int]:
    year, number = month
    return (year, number + 1) if number < 12 else (year + 1, 1)  # noqa: PLR2004 - months


def _month(at: int) -> tuple[int, int]:
    moment = datetime.fromtimestamp(at / 1000, UTC)
    return moment.year, moment.month


def _make_month(connection: Connection, month: tuple[int, int]) -> None:
    year, number = month
    name = f"events_{year:04}_{number:02}"
    first, last = (
        int(datetime(*one, 1, tzinfo=UTC).timestamp() * 1000) for one in (month, _after(month))
    )
    connection.execute(f"SELECT pg_advisory_xact_lock({_MONTH}, 0)")
    ((known,),) = connection.execute("SELECT to_regclass(?) IS NOT NULL", (name,))
    if not known:
        connection.execute(
            f"CREATE TABLE {name} PARTITION OF events FOR VALUES FROM ({first}) TO ({last})"
        )


@lru_cache(maxsize=1000)
def _translated(statement: str) -> bytes:
    """Write `?` as PostgreSQL wants it (`$1`), but not inside quoted words."""
    number = count(1)
    return _PIECES.sub(lambda m: f"${next(number)}" if m[0] == "?" else m[0], statement).encode()


@contextmanager
def _faults() -> Iterator[None]:
    """Speak of the engine's errors as of those of any other; values stay out of the text."""
    try:
        yield
    except psycopg.Error as error:
        state = error.sqlstate or ""
        name = f"{type(error).__name__} {state}".strip()
        if state in _CONFLICTS:
            raise ConflictFault(name) from None
        if state.startswith(("22", "23")) or isinstance(error, psycopg.DataError):
            raise ValueFault(name) from None
        raise DatabaseFault(name) from None
    except (OverflowError, UnicodeEncodeError) as error:
        raise ValueFault(type(error).__name__) from None
