import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from meti_desk.store import keys, local

PASSPHRASE = "correct horse 電池 staple"
AT = datetime(2026, 4, 1, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a closed store; copied for each test, because making one costs a key derivation."""
    folder = tmp_path_factory.mktemp("made") / "store"
    local.create(folder, PASSPHRASE, iterations=keys.FLOOR).close()
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "store"))


@pytest.fixture
def store(folder: Path) -> Iterator[local.LocalStore]:
    numbers = count(1)
    opened = local.open_with_passphrase(
        folder, PASSPHRASE, new_id=lambda: f"event-{next(numbers):04d}"
    )
    yield opened
    opened.close()


@pytest.fixture
def passphrase() -> str:
    return PASSPHRASE


@pytest.fixture
def at() -> datetime:
    return AT
