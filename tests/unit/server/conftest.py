"""A ministry on each engine, and a second process of its server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from meti_desk.server import auditing
from meti_desk.server.storage import Database, Place
from tests.unit.server.ministry import Ministry


@pytest.fixture
def ministry(tmp_path: Path, place: Place) -> Iterator[Ministry]:
    """Give a ministry whose chain has to be whole in the end."""
    made = Ministry(tmp_path / "keys", place)
    yield made
    assert auditing.verify(made.database).bad_entry is None
    made.database.close()


@pytest.fixture
def other(ministry: Ministry, place: Place) -> Iterator[Database]:
    """Give a second process on the same database."""
    assert ministry.database is not None
    made = Database(place)
    yield made
    made.close()
