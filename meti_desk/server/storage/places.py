"""Which engine a place asks for."""

from pathlib import Path

from meti_desk.domain.errors import InvalidInput
from meti_desk.server.storage.base import Engine, Place
from meti_desk.server.storage.sqlite import SqliteEngine

_SCHEMES = ("postgresql://", "postgres://")


def engine_of(place: Place) -> Engine:
    """Give the engine of a folder or a URL (`server.database-url`)."""
    if isinstance(place, Path):
        return SqliteEngine(place)
    if not place.startswith(_SCHEMES):
        raise InvalidInput("server.database-url")
    from meti_desk.server.storage.postgres import PostgresEngine

    return PostgresEngine(place)
