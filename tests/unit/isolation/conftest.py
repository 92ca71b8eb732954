import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Self

import msgspec
import pytest

from meti_desk.isolation.limits import Limits
from meti_desk.isolation.pool import ConfinedWorkers
from meti_desk.isolation.portable import SpawnedWorkers

COMMAND = (sys.executable, "-I", str(Path(__file__).with_name("jobs_for_tests.py")))


class Text(msgspec.Struct, frozen=True):
    text: str


class Number(msgspec.Struct, frozen=True):
    number: int


class Nothing(msgspec.Struct, frozen=True):
    pass


class Bench:
    """Workers with the test's jobs, and short ways to ask them."""

    def __init__(self, workers: ConfinedWorkers | SpawnedWorkers) -> None:
        self.workers = workers

    def text(self, job: str, text: str | None = None) -> str:
        params = Nothing() if text is None else Text(text)
        return self.workers.run(job, params, {}, Text).text

    def number(self, job: str, timeout: float | None = None, **files: BinaryIO) -> int:
        return self.workers.run(job, Nothing(), files, Number, timeout=timeout).number

    def large(self, size: int) -> str:
        return self.workers.run("large", Number(size), {}, Text).text

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.workers.close()


def confined(**settings: object) -> Bench:
    return Bench(ConfinedWorkers(command=COMMAND, **settings))  # type: ignore[arg-type]  # by name


def spawned(**settings: object) -> Bench:
    settings = {"depth": "limits", "allow_unconfined": True, **settings}
    return Bench(SpawnedWorkers(command=COMMAND, **settings))  # type: ignore[arg-type]  # by name


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with confined() as workers:
        yield workers


@pytest.fixture(scope="module", params=["zygote", "spawned"])
def either(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """Both implementations of the port."""
    with confined() if request.param == "zygote" else spawned() as workers:
        yield workers


@pytest.fixture(scope="module", params=["zygote", "spawned"])
def tight(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """Both, with a second of processor time and a megabyte to write."""
    limits = Limits(cpu=1, file_size=1 << 20, memory=512 << 20)
    make = confined if request.param == "zygote" else spawned
    with make(limits=limits) as workers:
        yield workers


@pytest.fixture
def make_confined() -> Callable[..., Bench]:
    return confined


@pytest.fixture
def make_spawned() -> Callable[..., Bench]:
    return spawned
