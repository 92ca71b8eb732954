"""What the server keeps, on either engine: SQLite in its folder, or PostgreSQL for many processes.

`Database(place)` opens, `make(place)` makes and `migrate(place)` brings up to date; a place is a
folder or a URL.
"""

from meti_desk.server.storage.base import (
    DatabaseFault,
    Entry,
    Place,
    ValueFault,
    entry_hash,
    genesis,
)
from meti_desk.server.storage.database import Database, insertion
from meti_desk.server.storage.schema import make, migrate, unmake, version_of
from meti_desk.server.storage.sqlite import DATABASE

__all__ = [
    "DATABASE",
    "Database",
    "DatabaseFault",
    "Entry",
    "Place",
    "ValueFault",
    "entry_hash",
    "genesis",
    "insertion",
    "make",
    "migrate",
    "unmake",
    "version_of",
]
