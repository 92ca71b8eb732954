"""Files of one round share commits and syncs; what fails for one fails for that one alone."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.services import placing
from meti_desk.services.placing import Folders, Placing
from tests.unit.services.fakes import World


class PowerCutError(BaseException):
    """The program ended here."""


class Round:
    """Files that are placed together, and everything that was done for them, in order."""

    def __init__(self, world: World, patch: pytest.MonkeyPatch) -> None:
        self.ctx = world.ctx
        self.done: list[str] = []
        self.fails: dict[str, BaseException] = {}
        transaction = world.store.transaction

        @contextmanager
        def told() -> Iterator[None]:
            self.done.append("(")
            try:
                with transaction():
                    yield
            finally:
                self.done.append(")")

        patch.setattr(world.store, "transaction", told)
        patch.setattr(world.files, "settle", lambda folder: self._do(f"sync {folder}"))

    def _do(self, what: str) -> None:
        self.done.append(what)
        if what in self.fails:
            raise self.fails[what]

    def file(self, name: str, folder: str = "f") -> Placing:
        def touch(folders: Folders) -> Path:
            self._do(f"touch {name}")
            folders.add(Path(folder))
            return Path(folder) / name

        def end(placed: Path) -> str:
            self._do(f"end {name}")
            return f"event of {placed.name}"

        def begin() -> None:
            self._do(f"begin {name}")

        def settle() -> None:
            self._do(f"settle {name}")

        return Placing(self.ctx, begin, touch, end, settle)

    def place(self, *files: Placing) -> list[object]:
        placing._place_all(files)
        return [one.error or one.event for one in files]


@pytest.fixture
def together(world: World, monkeypatch: pytest.MonkeyPatch) -> Round:
    return Round(world, monkeypatch)


FULL = EnvironmentProblem("disk.full")


def test_a_round_takes_two_commits_and_one_sync_of_each_folder(together: Round) -> None:
    files = [together.file("a"), together.file("b", "g"), together.file("c")]
    assert together.place(*files) == ["event of a", "event of b", "event of c"]
    begun = ["(", "begin a", "begin b", "begin c", ")"]
    touched = ["touch a", "touch b", "touch c", "sync f", "sync g"]
    assert together.done == [*begun, *touched, "(", "end a", "end b", "end c", ")"]


def test_a_file_that_cannot_be_begun_is_not_touched_and_stops_no_other(together: Round) -> None:
    together.fails["begin b"] = ValueError("no text")
    done = together.place(together.file("a"), together.file("b"), together.file("c"))
    assert done == ["event of a", together.fails["begin b"], "event of c"]
    assert "touch b" not in together.done
    assert "settle b" not in together.done
    # The shared attempt was taken back whole; then each was begun alone.
    assert together.done.count("begin a") == 2


def test_a_file_that_cannot_be_placed_leaves_its_journal_in_order(together: Round) -> None:
    together.fails["touch a"] = FULL
    assert together.place(together.file("a"), together.file("b")) == [FULL, "event of b"]
    assert together.done.index("settle a") < together.done.index("touch b")
    assert "end a" not in together.done


def test_a_folder_that_cannot_be_synced_fails_its_files_alone(together: Round) -> None:
    together.fails["sync f"] = FULL
    files = [together.file("a"), together.file("b", "g"), together.file("c")]
    assert together.place(*files) == [FULL, "event of b", FULL]
    assert {"settle a", "settle c"} <= set(together.done)
    assert "settle b" not in together.done


def test_what_cannot_be_recorded_stays_in_the_journal_for_the_next_start(together: Round) -> None:
    together.fails["end a"] = FULL
    assert together.place(together.file("a"), together.file("b")) == [FULL, "event of b"]
    assert "settle a" not in together.done


def test_a_store_that_is_locked_before_tells_everybody(together: Round) -> None:
    files = [together.file("a"), together.file("b")]
    together.ctx.store = None
    done = together.place(*files)
    assert [one.code for one in done if isinstance(one, EnvironmentProblem)] == ["store.locked"] * 2
    assert together.done == []


def test_a_store_that_is_locked_meanwhile_hides_no_other_error(together: Round) -> None:
    def lock(_: object) -> None:
        together.ctx.store = None

    together.fails["touch a"] = FULL
    files = [together.file("a"), together.file("b")]
    together.ctx.files.settle = lock  # type: ignore[method-assign]
    bad, locked = together.place(*files)
    assert bad is FULL
    assert isinstance(locked, EnvironmentProblem)
    assert locked.code == "store.locked"


def test_what_has_to_be_copied_waits_for_no_round(together: Round) -> None:
    slow = together.file("a")
    slow.quick = False
    with placing._ROUNDS._turn:
        assert placing.place(slow) == (Path("f") / "a", "event of a")


def test_an_end_of_the_program_ends_the_round(together: Round) -> None:
    together.fails["touch a"] = PowerCutError()
    with pytest.raises(PowerCutError):
        together.place(together.file("a"), together.file("b"))
    assert "touch b" not in together.done


def test_threads_get_their_own_name_and_event(together: Round) -> None:
    work: Callable[[int], Any] = lambda number: placing.place(together.file(str(number)))  # noqa: E731
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(work, range(40)))
    assert found == [(Path("f") / str(n), f"event of {n}") for n in range(40)]
