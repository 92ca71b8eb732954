"""What both engines keep to: connections, their faults, and the entries of the audit chain."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import msgspec

from meti_desk.sync.wire import GENESIS

Place = Path | str
"""Where a database is: a folder (SQLite), or a URL (`postgresql://…`), which may hold a secret."""


class DatabaseFault(Exception):  # noqa: N818 - a state of the database, not a mistake of the caller
    """The database cannot do it now: locked, full, out of reach; nothing of it was kept.

    It is no `MetiDeskError`: whoever asked shall come again (`sync.busy`), and nobody is told that
    something is forbidden. The text is the engine's own word for the kind, never a value.
    """


class ValueFault(DatabaseFault):
    """A value that the database cannot hold, or that contradicts what it holds: asked in vain."""


class ConflictFault(DatabaseFault):
    """Others changed the same rows at the same time: the same may go through at once."""


class LostFault(DatabaseFault):
    """The connection is gone; whatever was not committed is not there."""


class UnsureFault(DatabaseFault):
    """The connection went while it committed: it may be there or not, and is not tried again."""


class AwayFault(DatabaseFault):
    """The database cannot be reached: what else waits is not tried now, each try takes seconds."""


class Entry(msgspec.Struct, frozen=True):
    """An entry of the audit chain: lane, place, server time in ms, content, hashes."""

    lane: int
    entry: int
    at: int
    what: bytes
    prev: bytes
    hash: bytes


class Connection(Protocol):
    """A connection that commits each statement unless a transaction was begun on it."""

    def execute(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        """Execute one statement (`?` marks values) and give its rows; raises `DatabaseFault`."""
        ...

    def several(self, asked: Sequence[tuple[str, Sequence[Any]]]) -> list[list[Any]]:
        """Execute statements in one message and give the rows of each; raises `DatabaseFault`."""
        ...

    def later(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Execute a statement whose rows nobody needs, at the latest with the next one.

        Its fault may come only then. Statements go in the order in which they were given.
        """
        ...

    def undo(self, savepoint: str) -> None:
        """Take back everything since a savepoint, also what was to be executed later."""
        ...

    def stream(self, statement: str, values: Sequence[Any] = ()) -> Iterator[Any]:
        """Give the rows of a statement one by one; on PostgreSQL inside a transaction."""
        ...

    def load(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Insert many rows as fast as the engine can."""
        ...

    @property
    def begun(self) -> bool:
        """Tell whether a transaction is under way that may still be committed."""
        ...

    @property
    def lost(self) -> bool:
        """Tell whether the connection is gone; asked between transactions."""
        ...

    def close(self) -> None:
        """Close it; what was begun is taken back."""
        ...


class Engine(Protocol):
    """An engine: how to connect, and the few words in which the engines differ."""

    begin: str
    """Begins a transaction that writes."""
    snapshot: str
    """Begins one that sees one state of everything."""
    locked: str
    """Stands behind a SELECT whose rows nobody else may change before the transaction ends."""
    beside: str
    """Holds the directory as it is until the transaction ends, beside others; empty: one writer."""
    alone: str
    """Waits for all who hold it so, and keeps them waiting until the transaction ends."""
    exclusive: bool
    """Whether a lane belongs to one connection alone, so that its end need not be read again."""

    def connect(self, *, writes: bool) -> Connection:
        """Connect (`EnvironmentProblem`: `server.missing`, `server.unreachable`)."""
        ...

    def version(self, connection: Connection) -> str:
        """Name the version of the schema; empty where there is none."""
        ...

    def claim(self, connection: Connection) -> int:
        """Take a lane of the audit chain for a connection that writes."""
        ...

    def ready(self, connection: Connection, at: int) -> None:
        """Make room for what comes at a time (milliseconds) and soon after; in no transaction."""
        ...

    def part(self, connection: Connection, at: int) -> None:
        """Make room for events of a time (milliseconds): the part of its month."""
        ...

    def tables(self, connection: Connection) -> dict[str, list[str]]:
        """List the tables with their columns."""
        ...

    @property
    def told(self) -> str:
        """Name the place to people, without any secret."""
        ...


def by_table(rows: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    """Gather columns under their tables, without the one that alembic keeps."""
    known: dict[str, list[str]] = {}
    for table, column in rows:
        if table != "alembic_version":
            known.setdefault(table, []).append(column)
    return known


def entry_hash(prev: bytes, entry: int, at: int, what: bytes) -> bytes:
    """Hash an entry behind its predecessor's hash."""
    digest = hashlib.sha256(b"meti-desk audit 1")
    for part in (prev, str(entry).encode(), str(at).encode(), what):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()


def genesis(lane: int) -> bytes:
    """Give what the first entry of a lane names as its predecessor: no lane passes for another."""
    return hashlib.sha256(b"meti-desk lane %d" % lane).digest() if lane else GENESIS


def follow(last: Entry | None, lane: int, at: int, what: object) -> Entry:
    """Make the entry that comes behind the last one of a lane."""
    number, prev = (last.entry, last.hash) if last else (0, genesis(lane))
    content = msgspec.msgpack.encode(what)
    digest = entry_hash(prev, number + 1, at, content)
    return Entry(lane, number + 1, at, content, prev, digest)
