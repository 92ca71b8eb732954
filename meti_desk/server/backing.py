"""Backup and restore: all of the server in one encrypted file, the same for both engines.

What one engine wrote the other can read, so a backup is also the way from SQLite to PostgreSQL.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from meti_desk import __version__
from meti_desk.domain.errors import EnvironmentProblem, InvalidInput, MetiDeskError
from meti_desk.server import auditing, keys, mail, settings, storage
from meti_desk.server.backing_file import DAMAGED, Writer, read
from meti_desk.server.storage import Database, DatabaseFault, Place
from meti_desk.server.storage.schema import NEWEST

_LEFT_OUT = frozenset({"nonces"})
"""Requests that were seen: what is repeated after a restore brings back what was lost."""
_ROWS = 1000
_MOST = 4 << 20


class Saved(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds: rows by table; `at` in milliseconds."""

    at: int
    schema: str
    rows: dict[str, int]


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """What a restore brought back, from when, and what the audit of it says."""

    at: int
    schema: str
    rows: dict[str, int]
    fingerprint: str
    audit: auditing.AuditState


def backup(
    database: Database, folder: Path, out: Path, passphrase: bytes, at: int, schema: str = NEWEST
) -> Saved:
    """Write one state of everything while the server runs on; nothing waits for it.

    A database of an older `schema` is written as it is, and restored into a newer one.

    Raises `EnvironmentProblem`: `server.file-exists`, `server.missing` (the key).
    """
    rows: dict[str, int] = {}
    begun = {"what": "backup", "schema": schema, "at": at}
    with Writer(out, passphrase, at, __version__) as writer:
        told = {"key": keys.private_of(folder), "settings": _settings(folder)}
        writer.put(begun | told)
        with database.snapshot():
            for table, columns in database.tables().items():
                if table in _LEFT_OUT:
                    continue
                writer.put({"what": "table", "table": table, "columns": columns})
                rows[table] = 0
                for part in _parts(database, table, columns):
                    writer.put({"what": "rows", "rows": part})
                    rows[table] += len(part)
        writer.put({"what": "end", "rows": rows})
    if schema == NEWEST:  # an older chain is left as it is
        database.together(lambda: database.record(at, {"what": "backup"}))
    return Saved(at=at, schema=schema, rows=rows)


def _parts(database: Database, table: str, columns: list[str]) -> Iterator[list[Any]]:
    part: list[Any] = []
    size = 0
    for row in database.walk(f"SELECT {', '.join(columns)} FROM {table}"):  # noqa: S608 - own names
        part.append(row)
        size += sum(len(one) for one in row if isinstance(one, bytes))
        if len(part) == _ROWS or size > _MOST:
            yield part
            part, size = [], 0
    if part:
        yield part


def _settings(folder: Path) -> str:
    path = folder / settings.NAME
    return path.read_text("utf-8") if path.exists() else ""


def restore(
    place: Place, folder: Path, source: Path, passphrase: bytes, now: int, ran_by: str = ""
) -> Restored:
    """Bring a backup back into an empty place, wholly or not at all, and check all of it.

    `ran_by` is who does it, for the chain (`command.ran_by`).
    Codes that were open are so no more: some were used since. Mail gets new numbers, so that
    devices take what they had and what they lost. Raises `server.exists`, `server.backup-damaged`
    (also for a wrong passphrase), `server.version` (of a newer program).
    """
    if (folder / keys.NAME).exists():
        raise EnvironmentProblem("server.exists", path=str(folder))
    records = read(source, passphrase)
    begun = next(records, None)
    if not isinstance(begun, dict) or begun.get("what") != "backup":
        raise InvalidInput(DAMAGED)
    schema = str(begun["schema"])
    if schema > NEWEST:
        raise EnvironmentProblem("server.version", found=schema, known=NEWEST)
    storage.make(place, schema)
    try:
        rows = _load(place, schema, records)
        database = Database(place)
        database.ran_by = ran_by
        try:
            state = _settled(database, int(begun["at"]), now)
        finally:
            database.close()
    except (MetiDeskError, DatabaseFault, OSError):
        storage.unmake(place)
        raise
    key = keys.keep(folder, begun["key"])
    if begun["settings"] and not (folder / settings.NAME).exists():
        (folder / settings.NAME).write_text(begun["settings"], "utf-8")
    return Restored(
        at=begun["at"], schema=schema, rows=rows, fingerprint=key.fingerprint, audit=state
    )


def _load(place: Place, schema: str, records: Iterator[Any]) -> dict[str, int]:
    """Fill the tables of the backup's own time, then bring them up to date."""
    rows: dict[str, int] = {}
    database = Database(place, schema)
    try:
        with database.transaction():
            known = database.tables()
            table, columns = "", [""]
            ended = None
            for record in records:
                if record["what"] == "table":
                    table, columns = record["table"], record["columns"]
                    if sorted(known.get(table, ())) != sorted(columns):
                        raise InvalidInput(DAMAGED)
                    rows[table] = 0
                elif record["what"] == "rows":
                    database.load(table, columns, record["rows"])
                    rows[table] += len(record["rows"])
                else:
                    ended = record["rows"]
            if ended != rows:
                raise InvalidInput(DAMAGED)
    finally:
        database.close()
    storage.migrate(place)
    return rows


def _settled(database: Database, saved: int, now: int) -> auditing.AuditState:
    def write() -> None:
        mail.renumber(database)
        database.run("UPDATE codes SET expires = 0 WHERE used_at IS NULL")
        database.record(now, {"what": "restored", "from": saved})

    database.together(write)
    return auditing.verify(database)
