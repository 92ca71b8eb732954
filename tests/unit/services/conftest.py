"""One unlocked device per test."""

from pathlib import Path

import pytest

from tests.unit.services.fakes import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Give a device with an empty store and an empty folder."""
    return World(tmp_path)
