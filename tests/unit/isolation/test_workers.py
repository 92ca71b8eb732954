"""What both implementations of the port `Workers` promise."""

import io
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import pytest

from meti_desk.domain.errors import EnvironmentProblem, RuleViolation

if TYPE_CHECKING:
    from conftest import Bench

    Make = Callable[..., Bench]


@pytest.fixture
def source(tmp_path: Path) -> Iterator[BinaryIO]:
    path = tmp_path / "source.txt"
    path.write_bytes(b"some text")
    with path.open("rb") as file:
        yield file


@pytest.fixture
def target(tmp_path: Path) -> Iterator[BinaryIO]:
    with tempfile.TemporaryFile(dir=tmp_path) as file:
        yield file


def test_gives_the_result(either: "Bench") -> None:
    assert either.text("echo", "機密性2情報") == "機密性2情報"


def test_writes_to_the_target_only(either: "Bench", source: BinaryIO, target: BinaryIO) -> None:
    assert either.number("upper", source=source, target=target) == 9
    target.seek(0)
    assert target.read() == b"SOME TEXT"


def test_leaves_the_position_of_the_source_alone(
    either: "Bench", source: BinaryIO, target: BinaryIO
) -> None:
    source.seek(5)
    either.number("upper", source=source, target=target)
    assert source.tell() == 5
    assert source.read() == b"text"


def test_a_source_cannot_be_written_even_when_it_is_open_for_writing(
    either: "Bench", tmp_path: Path
) -> None:
    path = tmp_path / "both"
    path.write_bytes(b"original")
    with path.open("r+b") as file, pytest.raises(EnvironmentProblem, match="OSError"):
        either.number("write_to_source", source=file)
    assert path.read_bytes() == b"original"


def test_a_file_without_a_descriptor_is_a_mistake_of_the_caller(either: "Bench") -> None:
    with pytest.raises(io.UnsupportedOperation):
        either.number("upper", source=io.BytesIO(b"x"))


def test_raises_the_error_of_the_job(either: "Bench") -> None:
    with pytest.raises(RuleViolation) as caught:
        either.text("refuse", "C2")
    assert caught.value.code == "publish.not-c1"
    assert caught.value.params == {"label": "C2", "page": 3}
    assert caught.value.articles == ("15-1",)


def test_another_exception_tells_its_class_and_no_content(either: "Bench") -> None:
    with pytest.raises(EnvironmentProblem) as caught:
        either.text("surprise", "秘密の中身")
    assert caught.value.code == "document.unreadable"
    assert caught.value.params == {"reason": "KeyError"}
    assert "秘密" not in str(caught.value)


@pytest.mark.parametrize(
    ("job", "reason"),
    [
        ("bomb", "memory"),
        ("native_bomb", "SIGSEGV"),
        ("abort", "SIGABRT"),
        ("leave", "SystemExit"),
        ("vanish", "exit"),
    ],
)
def test_a_job_that_dies_is_a_clear_error(either: "Bench", job: str, reason: str) -> None:
    with pytest.raises(EnvironmentProblem) as caught:
        either.number(job)
    assert caught.value.code == "document.unreadable"
    assert caught.value.params == {"reason": reason}
    assert either.text("echo", "next") == "next"


def test_an_endless_loop_ends_with_its_processor_time(tight: "Bench") -> None:
    with pytest.raises(EnvironmentProblem) as caught:
        tight.number("loop", timeout=60)
    assert caught.value.params == {"reason": "cpu-limit"}


def test_a_file_that_grows_without_end_is_stopped(tight: "Bench", tmp_path: Path) -> None:
    with (tmp_path / "grows").open("w+b") as target:
        with pytest.raises(EnvironmentProblem) as caught:
            tight.number("fill", target=target)
        assert caught.value.code == "document.unreadable"
        size = target.seek(0, 2)
    assert size <= 64 << 20


def test_waiting_ends_with_the_timeout_and_the_next_job_works(either: "Bench") -> None:
    with pytest.raises(EnvironmentProblem) as caught:
        either.number("idle", timeout=0.3)
    assert caught.value.code == "worker.timeout"
    assert either.text("echo", "next") == "next"


def test_output_of_libraries_goes_nowhere(
    either: "Bench", capfd: pytest.CaptureFixture[str]
) -> None:
    assert either.number("noise") == 1
    assert capfd.readouterr() == ("", "")


def test_a_large_answer_comes_whole(either: "Bench") -> None:
    assert either.large(3_000_000) == "字" * 3_000_000


def test_an_answer_of_another_shape_is_no_result(either: "Bench") -> None:
    with pytest.raises(EnvironmentProblem, match="bad-answer"):
        either.number("nonsense")


def test_an_unknown_job_is_refused(either: "Bench") -> None:
    with pytest.raises(EnvironmentProblem, match="KeyError"):
        either.number("no-such-job")


def test_no_secret_in_arguments_or_environment(
    either: "Bench", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("METI_DESK_TEST_SECRET", "hidden")
    seen = either.text("environment")
    assert "METI_DESK_TEST_SECRET" not in seen
    assert "hidden" not in seen


def test_modules_that_were_not_loaded_can_still_be_loaded(either: "Bench") -> None:
    assert either.text("libraries").endswith("Asia/Tokyo")


def test_nothing_runs_after_closing(make_confined: "Make", make_spawned: "Make") -> None:
    for make in (make_confined, make_spawned):
        workers = make()
        workers.workers.close()
        with pytest.raises(EnvironmentProblem, match=r"worker\.closed"):
            workers.text("echo", "x")
