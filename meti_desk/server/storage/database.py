"""The server's database, over either engine: reads side by side, writes that share commits.

A request costs one commit at most, and requests that come together share it; an answer is given
only when its rows are on the disk. Every acceptance, refusal and decision is an entry of the audit
chain, which the receipts name. Every process that writes to PostgreSQL has a lane of the chain of
its own, so that none waits for another's.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any, TypeVar

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.server.storage import base
from meti_desk.server.storage.base import (
    AwayFault,
    Connection,
    DatabaseFault,
    Entry,
    LostFault,
    Place,
    UnsureFault,
)
from meti_desk.server.storage.places import engine_of
from meti_desk.server.storage.rounds import do_round
from meti_desk.server.storage.schema import NEWEST
from meti_desk.server.storage.sharing import Asked, Awaited, Batch, Shared

T = TypeVar("T")
_CHAIN = "SELECT lane, entry, at, what, prev, hash FROM chain"
_DAY = 86_400_000
_READERS = 8
"""Connections that read at the same time; more would only wait in the database."""
_ROWS = 200
"""Rows of one INSERT."""


def insertion(
    table: str, columns: str, rows: Sequence[Sequence[Any]], then: str = ""
) -> tuple[str, list[Any]]:
    """Write one INSERT of rows, and give it with their values; `then` follows."""
    marks = "(" + ", ".join("?" * len(rows[0])) + ")"
    head = f"INSERT INTO {table} ({columns}) VALUES "  # noqa: S608 - names of the program's own
    told = f"{head}{', '.join([marks] * len(rows))} {then}"
    return told, [value for row in rows for value in row]


class Database:
    """Serves every thread; SQL is written with `?` and runs on both engines unchanged.

    Raises `EnvironmentProblem`: `server.missing`, `server.unreachable`, `server.older`
    (`migrate` first), `server.version` (made by a newer program); later
    `DatabaseFault` whenever the database cannot do what is asked. `version` is that of the schema;
    only who is about to migrate asks for another than the newest.
    """

    def __init__(self, place: Place, version: str = NEWEST) -> None:
        self._engine = engine_of(place)
        self._writing = threading.RLock()
        self._owner: int | None = None
        self._local = threading.local()
        self._readers: list[Connection] = []
        self._places = threading.BoundedSemaphore(_READERS)
        self._writer = self._engine.connect(writes=True)
        self._depth = 0
        self._lane: int | None = None
        self._last: Entry | None = None
        self._known = False
        self._entries: list[Entry] = []
        self._shared = Shared(self._round)
        self.ran_by = ""
        """Who runs the command for which it was opened; its entries in the chain say so (`by`)."""
        found = self._engine.version(self._writer)
        if found != version or not found:
            self._writer.close()
            code = "server.older" if found < NEWEST else "server.version"
            told = {"found": found, "known": NEWEST} if found else {}
            raise EnvironmentProblem(
                code if found else "server.missing", path=self._engine.told, **told
            )

    @property
    def queued(self) -> int:
        """Tell how many pieces of writing wait, about."""
        return self._shared.waiting

    def locked(self, table: str) -> str:
        """Give what stands behind a SELECT whose rows of a table the transaction will change."""
        return f"{self._engine.locked} OF {table}" if self._engine.locked else ""

    def hold_directory(self, *, alone: bool = False) -> None:
        """Let nobody change who holds which post before the transaction ends; inside one.

        Whoever writes a case and tells the holders of a post holds it beside others; whoever
        changes posts and hands over what is open holds it `alone`. Otherwise, of two that commit at
        the same time, neither would see what the other wrote.
        """
        statement = self._engine.alone if alone else self._engine.beside
        if statement:
            self.later(statement)

    def run(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        """Execute one statement and give its rows; alone, it is a transaction of its own."""
        held = self._mine(statement)
        if held is not None:
            return held.execute(statement, values)
        word = statement.split(None, 1)[0].upper()
        if word == "SELECT":
            return self._read(statement, values)
        if word == "PRAGMA":
            with self._writing:
                return self._writer.execute(statement, values)
        return self.together(lambda: self._writer.execute(statement, values))

    def several(self, asked: Sequence[tuple[str, Sequence[Any]]]) -> list[list[Any]]:
        """Execute statements of a transaction together, and give the rows of each."""
        if self._owner == threading.get_ident():
            return self._writer.several(asked)
        return [self.run(statement, values) for statement, values in asked]

    def put(
        self, table: str, columns: str, rows: Sequence[Sequence[Any]], then: str = ""
    ) -> list[Any]:
        """Insert rows with few statements; `then` follows, `RETURNING` gives what it names.

        Inside a transaction and without `RETURNING` they go along with the next statement.
        """
        given: list[Any] = []
        for start in range(0, len(rows), _ROWS):
            given += self._put(*insertion(table, columns, rows[start : start + _ROWS], then))
        return given

    def _put(self, statement: str, values: Sequence[Any]) -> list[Any]:
        if self._owner != threading.get_ident() or "RETURNING" in statement:
            return self.run(statement, values)
        self._writer.later(statement, values)
        return []

    def later(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Execute a statement of a transaction whose rows nobody needs, at the latest at its end.

        A fault may come only with what follows; inside a nested transaction it stays inside.
        """
        self._put(statement, values)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit all of the block together, or none; may be nested."""
        with self._writing:
            self._depth += 1
            try:
                with self._outer() if self._depth == 1 else self._inner():
                    yield
            finally:
                self._depth -= 1

    @contextmanager
    def _outer(self) -> Iterator[None]:
        if self._writer.lost:
            self._connect()
        if not self._engine.exclusive:
            self._known = False  # another process may have written
        self._writer.later(self._engine.begin)
        self._owner = threading.get_ident()
        try:
            yield
            self._put_entries()
            self._commit()
        except BaseException:
            self._entries, self._last, self._known = [], None, False
            self._forsake()
            raise
        finally:
            self._owner = None

    def _commit(self) -> None:
        try:
            self._writer.execute("COMMIT")
        except LostFault as fault:
            # It may be there or not: whoever asked has to look, not this to try again.
            raise UnsureFault("unsure") from fault

    def _forsake(self) -> None:
        """Take back what is still open, on a connection in whatever state it is."""
        try:
            if self._writer.begun or self._engine.exclusive:
                self._writer.execute("ROLLBACK")
        except DatabaseFault:
            self._writer.close()
            self._lane = None

    def _connect(self) -> None:
        self._writer.close()
        self._lane, self._last, self._known = None, None, False
        try:
            self._writer = self._engine.connect(writes=True)
        except EnvironmentProblem as problem:
            raise AwayFault(problem.code) from None

    @contextmanager
    def _inner(self) -> Iterator[None]:
        name = f"inner_{self._depth}"
        held = [*self._entries], self._last, self._known
        self._writer.later(f"SAVEPOINT {name}")
        try:
            yield
            self._writer.execute(f"RELEASE {name}")
        except BaseException as error:
            self._entries, self._last, self._known = held
            if not isinstance(error, LostFault):
                self._writer.undo(name)
            raise

    @property
    def alive(self) -> bool:
        """Tell whether the transaction under way may still be committed."""
        return self._writer.begun

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read one state of the database in the whole block, whatever others write meanwhile."""
        with self._reading(self._engine.snapshot) as reader:
            self._local.snapshot = reader
            try:
                yield
            finally:
                self._local.snapshot = None
                reader.execute("ROLLBACK")

    def together(self, work: Callable[[], T]) -> T:
        """Do a piece of writing durably, in one commit with those of other threads.

        It is done anew where others changed the same rows meanwhile, so it may change nothing
        outside the database.
        """
        if self._owner == threading.get_ident():
            with self.transaction():
                return work()
        given: T = self.share(lambda _items: (work(),), None).result()
        return given

    def share(self, batch: Batch, item: object) -> Future[Any]:
        """Have a piece done with others of its kind (`batch` gets all that wait), in one commit."""
        asked = Asked(batch, item)
        self._shared.ask(asked)
        return asked.future

    async def shared(self, batch: Batch, item: object) -> Any:
        """Have a piece done with others of its kind, for a coroutine that waits for it."""
        asked = Awaited(batch, item)
        self._shared.ask(asked)
        return await asked.waiter

    def _round(self, asked: Sequence[Asked]) -> None:
        with self._writing:
            try:
                self._engine.ready(self._writer, int(time.time() * 1000))
            except LostFault:
                self._connect()
            do_round(self, asked)

    def record(self, at: int, what: object) -> Entry:
        """Append an entry to the audit chain; inside a transaction of the caller."""
        if self.ran_by and isinstance(what, dict):
            what = {"by": self.ran_by} | what  # whom an entry names itself stays
        if self._lane is None:
            self._lane = self._engine.claim(self._writer)
            self._known = False
        if not self._known:
            rows = self._writer.execute(
                _CHAIN + " WHERE lane = ? ORDER BY entry DESC LIMIT 1", (self._lane,)
            )
            self._last, self._known = (Entry(*rows[0]) if rows else None), True
        self._last = base.follow(self._last, self._lane, at, what)
        self._entries.append(self._last)
        return self._last

    def _put_entries(self) -> None:
        entries, self._entries = self._entries, []
        rows = [(e.lane, e.entry, e.at, e.what, e.prev, e.hash) for e in entries]
        self.put("chain", "lane, entry, at, what, prev, hash", rows)

    def walk(self, statement: str, values: Sequence[Any] = ()) -> Iterator[Any]:
        """Give the rows of a statement one by one, without holding all of them."""
        held = self._mine(statement)
        if held is not None:
            yield from held.stream(statement, values)
            return
        with self.snapshot():
            yield from self._local.snapshot.stream(statement, values)

    def tables(self) -> dict[str, list[str]]:
        """List the tables with their columns."""
        held = self._mine("")
        if held is not None:
            return self._engine.tables(held)
        with self.snapshot():
            return self.tables()

    def load(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Insert many rows of a backup; inside a transaction."""
        if table == "events":
            place = columns.index("received_at")
            for day in {row[place] // _DAY for row in rows}:
                self._engine.part(self._writer, day * _DAY)
        self._writer.load(table, columns, rows)

    def entries(self) -> Iterator[Entry]:
        """Give the audit chain from its beginning, lane by lane."""
        for row in self.walk(_CHAIN + " ORDER BY lane, entry"):
            yield Entry(*row)

    def close(self) -> None:
        """Finish what is asked for, and close every connection."""
        self._shared.close()
        with self._writing:
            self._drop_readers()
            self._writer.close()

    def _mine(self, statement: str) -> Connection | None:
        if self._owner == threading.get_ident():
            if self._entries and "chain" in statement:
                self._put_entries()
            return self._writer
        held: Connection | None = getattr(self._local, "snapshot", None)
        return held

    def _read(self, statement: str, values: Sequence[Any]) -> list[Any]:
        try:
            with self._reading() as reader:
                return reader.execute(statement, values)
        except LostFault:  # the database was started anew: so are its connections
            with self._reading() as reader:
                return reader.execute(statement, values)

    @contextmanager
    def _reading(self, first: str = "") -> Iterator[Connection]:
        """Lend a connection that reads, on which a first statement was executed if one is given."""
        with self._places:
            reader = self._begun(first)
            try:
                yield reader
            except LostFault:
                reader.close()
                self._drop_readers()
                raise
            except BaseException:
                self._readers.append(reader)
                raise
            self._readers.append(reader)

    def _begun(self, first: str) -> Connection:
        """Take a connection; one that turns out to be gone is replaced, once."""
        try:
            reader = self._readers.pop()
        except IndexError:
            reader = self._new_reader()
        try:
            if first:
                reader.execute(first)
        except LostFault:
            reader.close()
            self._drop_readers()
            reader = self._new_reader()
            reader.execute(first)
        except BaseException:
            self._readers.append(reader)
            raise
        return reader

    def _drop_readers(self) -> None:
        held, self._readers = self._readers, []
        for one in held:
            one.close()

    def _new_reader(self) -> Connection:
        try:
            return self._engine.connect(writes=False)
        except EnvironmentProblem as problem:
            raise AwayFault(problem.code) from None
