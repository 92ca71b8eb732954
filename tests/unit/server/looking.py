"""Looks at the tables of a server past the server, on either engine."""

import sqlite3
from pathlib import Path
from typing import Any, cast

import psycopg

from meti_desk.server import storage
from meti_desk.server.storage import Place


class Reader:
    """A connection of its own; statements mark values by `?`."""

    def __init__(self, place: Place) -> None:
        self._marks = "?" if isinstance(place, Path) else "%s"
        self._held: Any = (
            sqlite3.connect(place / storage.DATABASE)
            if isinstance(place, Path)
            else psycopg.connect(place, autocommit=True)
        )

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Give the rows of a statement, in the order of their text where it names none."""
        asked = statement.replace("?", self._marks)
        found = self._held.execute(asked, values).fetchall()
        if "ORDER BY" not in statement:
            found.sort(key=repr)
        return cast("list[tuple[Any, ...]]", found)

    def schema(self) -> dict[str, list[str]]:
        """Give the columns of every table."""
        whole: dict[str, list[str]] = {}
        asked = (
            "SELECT name, sql FROM sqlite_master ORDER BY name"
            if self._marks == "?"
            else "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' ORDER BY table_name, ordinal_position"
        )
        for name, told in self.rows(asked):
            whole.setdefault(name, []).append(told)
        return whole

    def holds(self, word: str) -> bool:
        """Tell whether any row of any table has a word in it."""
        rows = (row for table in self._tables() for row in self.rows(f"SELECT * FROM {table}"))  # noqa: S608 - its own names
        return any(
            word.encode() in (one if isinstance(one, bytes) else str(one).encode())
            for row in rows
            for one in row
        )

    def _tables(self) -> list[str]:
        if self._marks == "?":
            names = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
            return [name for (name,) in self.rows(names)]
        return [*self.schema()]

    def close(self) -> None:
        """Close it."""
        self._held.close()
