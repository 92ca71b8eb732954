"""Several jobs on the files of one document: one process where there is a zygote."""

import os
import select
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import pytest

from meti_desk.domain.errors import EnvironmentProblem, RuleViolation

from .conftest import Nothing, Number, Text

if TYPE_CHECKING:
    from .conftest import Bench


@pytest.fixture
def source(tmp_path: Path) -> Iterator[BinaryIO]:
    path = tmp_path / "source"
    path.write_bytes(b"text")
    with path.open("rb") as file:
        yield file


def test_one_process_does_all_jobs_of_a_document(bench: "Bench", source: BinaryIO) -> None:
    with bench.workers.session({"source": source}) as jobs:
        told = {jobs.run("own_process", Nothing(), Text).text for _ in range(3)}
        assert len(told) == 1
    with bench.workers.session({"source": source}) as jobs:
        assert jobs.run("own_process", Nothing(), Text).text not in told


def test_a_job_sees_the_files_that_it_uses(
    either: "Bench", source: BinaryIO, tmp_path: Path
) -> None:
    with (
        (tmp_path / "target").open("w+b") as target,
        either.workers.session({"source": source, "target": target}) as jobs,
    ):
        seen = jobs.run("own_process", Nothing(), Text, uses=("source",)).text
        assert seen.split()[1:] == ["source"]
        assert jobs.run("upper", Nothing(), Number).number == len(b"text")
        target.seek(0)
        assert target.read() == b"TEXT"


def test_every_job_reads_from_the_beginning(either: "Bench", source: BinaryIO) -> None:
    with either.workers.session({"source": source}) as jobs:
        told = [jobs.run("read_source", Nothing(), Text).text for _ in range(2)]
    assert told == ["text", "text"]


def test_an_error_of_a_job_ends_nothing(either: "Bench", source: BinaryIO) -> None:
    with either.workers.session({"source": source}) as jobs:
        with pytest.raises(RuleViolation):
            jobs.run("refuse", Text("x"), Text)
        assert jobs.run("echo", Text("on"), Text).text == "on"


def test_after_a_crash_the_next_job_gets_a_fresh_process(either: "Bench", source: BinaryIO) -> None:
    with either.workers.session({"source": source}) as jobs:
        jobs.run("own_process", Nothing(), Text)
        with pytest.raises(EnvironmentProblem) as caught:
            jobs.run("abort", Nothing(), Number)
        assert caught.value.code == "document.unreadable"
        assert jobs.run("echo", Text("on"), Text).text == "on"


def test_after_a_timeout_too(either: "Bench", source: BinaryIO) -> None:
    with either.workers.session({"source": source}) as jobs:
        with pytest.raises(EnvironmentProblem) as caught:
            jobs.run("idle", Nothing(), Number, timeout=0.3)
        assert caught.value.code == "worker.timeout"
        assert jobs.run("echo", Text("on"), Text).text == "on"


@pytest.mark.skipif(sys.platform != "linux", reason="the confined workers of Linux")
def test_the_process_ends_with_the_session(bench: "Bench", source: BinaryIO) -> None:
    with bench.workers.session({"source": source}) as jobs:
        number = int(jobs.run("own_process", Nothing(), Text).text.split()[0])
        waiting = os.pidfd_open(number)
    ended, _, _ = select.select([waiting], [], [], 10)
    os.close(waiting)
    assert ended
