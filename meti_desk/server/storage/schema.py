"""Makes the tables and brings older ones up to date, by the steps in `server/migrations`.

Only this and the steps know SQLAlchemy and alembic; the server itself runs without them.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.server.storage.base import DatabaseFault, Place
from meti_desk.server.storage.places import engine_of
from meti_desk.server.storage.sqlite import SqliteEngine

_STEPS = Path(__file__).parent.parent / "migrations"
NEWEST = max(
    found[1]
    for one in (_STEPS / "versions").iterdir()
    if (found := re.fullmatch(r"v(\d{4})_\w+\.py", one.name))
)
"""The version of the schema that this program works with."""
_MIGRATING = 0x4D455451


def make(place: Place, to: str = NEWEST) -> None:
    """Make an empty database; a file is readable by its owner alone (`server.exists`)."""
    engine = engine_of(place)
    if isinstance(engine, SqliteEngine):
        if engine.path.exists():
            raise EnvironmentProblem("server.exists", path=engine.told)
        engine.path.touch(mode=0o600)
    elif version_of(place):
        raise EnvironmentProblem("server.exists", path=engine.told)
    _upgrade(place, to)


def unmake(place: Place) -> None:
    """Remove a database that was just made and could not be filled."""
    engine = engine_of(place)
    if isinstance(engine, SqliteEngine):
        for one in engine.path.parent.glob(f"{engine.path.name}*"):
            one.unlink()
        return
    connection = engine.connect(writes=True)
    try:
        for table in (*engine.tables(connection), "alembic_version"):
            connection.execute(f"DROP TABLE IF EXISTS {table} CASCADE")
    finally:
        connection.close()


def migrate(place: Place, to: str = NEWEST) -> tuple[str, str]:
    """Bring a database up to date, wholly or not at all; gives the versions before and after.

    Raises `EnvironmentProblem`: `server.missing`, `server.unreachable`, `server.version` (made by a
    newer program), `server.migration` (nothing was changed).
    """
    before = version_of(place)
    told = engine_of(place).told
    if not before:
        raise EnvironmentProblem("server.missing", path=told)
    if before > NEWEST:
        raise EnvironmentProblem("server.version", found=before, known=NEWEST, path=told)
    if before < to:
        _upgrade(place, to)
    return before, version_of(place)


def version_of(place: Place) -> str:
    """Name the version of a database's schema, empty where there is none (`server.missing`)."""
    engine = engine_of(place)
    connection = engine.connect(writes=False)
    try:
        return engine.version(connection)
    finally:
        connection.close()


def _upgrade(place: Place, to: str) -> None:
    from alembic import command
    from alembic.config import Config
    from sqlalchemy.exc import DBAPIError

    config = Config()
    config.set_main_option("script_location", str(_STEPS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    try:
        with _connected(place) as connection:
            config.attributes["connection"] = connection
            before = _before(place)
            if before:
                command.stamp(config, before)
            command.upgrade(config, to)
            if before:
                connection.exec_driver_sql("PRAGMA user_version = 0")
    except DBAPIError as error:
        name = type(error.orig).__name__
        raise EnvironmentProblem("server.migration", reason=name) from None
    except DatabaseFault as fault:
        raise EnvironmentProblem("server.migration", reason=str(fault)) from None


def _before(place: Place) -> str:
    """Give the version of a SQLite file from before alembic kept it, empty for any other."""
    engine = engine_of(place)
    if not isinstance(engine, SqliteEngine):
        return ""
    connection = engine.connect(writes=False)
    try:
        return engine.version(connection) if connection.execute("PRAGMA user_version")[0][0] else ""
    finally:
        connection.close()


@contextmanager
def _connected(place: Place) -> Iterator[Any]:
    """Give SQLAlchemy's connection in one transaction that nobody else migrates in."""
    import sqlalchemy as sa

    engine = engine_of(place)
    if isinstance(engine, SqliteEngine):
        made = sa.create_engine(
            f"sqlite:///{engine.path}", poolclass=sa.pool.NullPool,
            connect_args={"isolation_level": None},
        )  # fmt: skip
        first = "BEGIN IMMEDIATE"
    else:
        import psycopg

        url = str(place)
        made = sa.create_engine(
            "postgresql+psycopg://", creator=lambda: psycopg.connect(url, connect_timeout=5),
            poolclass=sa.pool.NullPool,
        )  # fmt: skip
        first = f"SELECT pg_advisory_xact_lock({_MIGRATING}, 0)"
    with made.connect() as connection, connection.begin():
        connection.exec_driver_sql(first)
        yield connection
