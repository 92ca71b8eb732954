"""One process for several small documents: nothing of one is within reach of the next."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import pytest

from meti_desk.domain.errors import EnvironmentProblem, RuleViolation
from meti_desk.isolation import batch

from .conftest import Nothing, Number, Text

if TYPE_CHECKING:
    from .conftest import Bench


@pytest.fixture
def files(tmp_path: Path) -> Iterator[list[BinaryIO]]:
    """Open three documents."""
    opened: list[BinaryIO] = []
    for name in ("one", "two", "three"):
        (tmp_path / name).write_bytes(name.encode())
        opened.append((tmp_path / name).open("rb"))
    yield opened
    for one in opened:
        one.close()


def process(jobs: object) -> str:
    return str(jobs.run("own_process", Nothing(), Text).text.split()[0])  # type: ignore[attr-defined] # a session


def test_a_process_takes_as_many_documents_as_it_may(bench: "Bench", files: list[BinaryIO]) -> None:
    seen = []
    with bench.workers.batch(2) as documents:
        for file in files:
            with documents.session({"source": file}) as jobs:
                seen.append(process(jobs))
    assert seen[0] == seen[1] != seen[2]


def test_one_document_each_where_policy_says_so(bench: "Bench", files: list[BinaryIO]) -> None:
    seen = set()
    with bench.workers.batch(1) as documents:
        for file in files:
            with documents.session({"source": file}) as jobs:
                seen.add(process(jobs))
    assert len(seen) == len(files)


def test_each_document_is_read_as_itself(either: "Bench", files: list[BinaryIO]) -> None:
    told = []
    with either.workers.batch(8) as documents:
        for file in files:
            with documents.session({"source": file}) as jobs:
                told += [jobs.run("read_source", Nothing(), Text).text for _ in range(2)]
    assert told == ["one", "one", "two", "two", "three", "three"]


def test_what_a_job_writes_comes_back(
    either: "Bench", files: list[BinaryIO], tmp_path: Path
) -> None:
    with either.workers.batch(8) as documents:
        for file in files:
            with (
                (tmp_path / "target").open("w+b") as target,
                documents.session({"source": file, "target": target}) as jobs,
            ):
                jobs.run("read_source", Nothing(), Text, uses=("source",))
                jobs.run("upper", Nothing(), Number)
                file.seek(0)
                target.seek(0)
                assert target.read() == file.read().upper()


def test_a_process_of_a_batch_holds_no_document(bench: "Bench", files: list[BinaryIO]) -> None:
    with bench.workers.batch(8) as documents:
        held = []
        for file in files:
            with documents.session({"source": file}) as jobs:
                held.append(jobs.run("descriptors", Nothing(), Number).number)
        with bench.workers.session({"source": files[0]}) as jobs:
            alone = jobs.run("descriptors", Nothing(), Number).number
    assert set(held) == {alone - 1}


def test_a_large_document_has_its_own(
    bench: "Bench", files: list[BinaryIO], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "SMALL", len("two"))
    seen = []
    with bench.workers.batch(8) as documents:
        for file in (files[0], files[2], files[1]):
            with documents.session({"source": file}) as jobs:
                seen.append(process(jobs))
    assert seen[0] == seen[2] != seen[1]


def test_an_error_of_one_is_nothing_to_the_next(either: "Bench", files: list[BinaryIO]) -> None:
    with either.workers.batch(8) as documents:
        with (
            documents.session({"source": files[0]}) as jobs,
            pytest.raises(RuleViolation),
        ):
            jobs.run("refuse", Text("x"), Text)
        with documents.session({"source": files[1]}) as jobs:
            assert jobs.run("read_source", Nothing(), Text).text == "two"


@pytest.mark.parametrize("job", ["abort", "native_bomb", "vanish"])
def test_a_crash_is_tried_again_alone_and_then_told(
    bench: "Bench", files: list[BinaryIO], job: str
) -> None:
    with bench.workers.batch(8) as documents:
        with documents.session({"source": files[0]}) as jobs:
            first = process(jobs)
            with pytest.raises(EnvironmentProblem) as caught:
                jobs.run(job, Nothing(), Number)
            assert caught.value.code == "document.unreadable"
            assert jobs.run("read_source", Nothing(), Text).text == "one"
        with documents.session({"source": files[1]}) as jobs:
            assert process(jobs) != first
            assert jobs.run("read_source", Nothing(), Text).text == "two"


def test_what_one_left_behind_is_not_told_of_the_next(
    bench: "Bench", files: list[BinaryIO]
) -> None:
    """A document that spoils the process costs the next one nothing but time."""
    with bench.workers.batch(8) as documents:
        with documents.session({"source": files[0]}) as jobs:
            jobs.run("spoil", Nothing(), Number)
        with documents.session({"source": files[1]}) as jobs:
            assert jobs.run("read_source", Nothing(), Text).text == "two"
