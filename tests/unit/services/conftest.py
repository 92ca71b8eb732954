"""One unlocked device per test, or three of an office with its server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.services.fakes import World
from tests.unit.services.permit_office import Three, office


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Give a device with an empty store and an empty folder."""
    return World(tmp_path)


@pytest.fixture
def three(tmp_path: Path) -> Iterator[Three]:
    """Give who asks, and who decides, with their ministry."""
    made = office(tmp_path)
    yield made
    made[0].close()
