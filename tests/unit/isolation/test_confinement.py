"""The layers, tried out from inside, and the zygote's own promises."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pyseccomp
import pytest

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.isolation import landlock, seccomp
from meti_desk.isolation.limits import Limits

if TYPE_CHECKING:
    from conftest import Bench

    Make = Callable[..., Bench]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the zygote is for Linux")


def test_nothing_escapes(bench: "Bench") -> None:
    layers = bench.workers.layers()
    assert layers.limits
    assert layers.network_denied
    assert layers.seccomp == seccomp.available()
    assert layers.landlock == landlock.version()
    if layers.landlock and layers.seccomp:
        assert layers.escapes == ()


def test_the_probe_can_fail(make_spawned: "Make") -> None:
    """Without the layers the same attempts go through, so that an empty list means something."""
    with make_spawned() as workers:
        layers = workers.workers.layers()
    assert not layers.network_denied
    assert {"read", "write", "fork", "exec", "signal"} <= set(layers.escapes)


def test_a_job_is_refused_where_nothing_denies_the_network(make_confined: "Make") -> None:
    with make_confined(depth="limits") as workers:
        with pytest.raises(EnvironmentProblem) as caught:
            workers.text("echo", "x")
        assert caught.value.code == "worker.unconfined"
    with make_confined(depth="limits", allow_unconfined=True) as workers:
        assert workers.text("echo", "x") == "x"


def test_a_job_has_its_own_descriptors_only(bench: "Bench") -> None:
    # Standard input, output and error, and the line to answer on.
    assert bench.number("descriptors") == 4


def test_a_job_cannot_start_a_thread(bench: "Bench") -> None:
    with pytest.raises(EnvironmentProblem, match="RuntimeError"):
        bench.number("thread")


def test_jobs_leave_no_descriptors_behind(bench: "Bench", tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"text")
    bench.text("echo", "start")
    before = len(list(Path("/proc/self/fd").iterdir()))
    with path.open("rb") as source, (tmp_path / "target").open("w+b") as target:
        for number in range(50):
            if number % 10 == 0:
                with pytest.raises(EnvironmentProblem):
                    bench.number("abort")
            bench.number("upper", source=source, target=target)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_many_threads_get_their_own_answers(bench: "Bench") -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda n: bench.text("echo", str(n)), range(40)))
    assert answers == [str(n) for n in range(40)]


def test_a_worker_that_was_killed_is_started_again(bench: "Bench") -> None:
    first = bench.number("number_of_parent")
    os.kill(first, signal.SIGKILL)
    second = bench.number("number_of_parent")
    assert second != first


def test_a_job_under_way_is_begun_again_when_the_worker_is_killed(
    bench: "Bench", tmp_path: Path
) -> None:
    """The child dies with the zygote; the job starts anew on an emptied target."""
    zygote = bench.number("number_of_parent")
    with (tmp_path / "pid").open("w+b") as target, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(bench.number, "own_number", 20, target=target)
        child = _pid_in(tmp_path / "pid", after=0)
        os.kill(zygote, signal.SIGKILL)
        again = _pid_in(tmp_path / "pid", after=child)
        assert not _alive(child)
        os.kill(again, signal.SIGKILL)
        with pytest.raises(EnvironmentProblem, match="killed"):
            waiting.result()


def test_everything_dies_with_the_application(tmp_path: Path) -> None:
    """SIGKILL leaves no time for goodbyes: the end of the socket has to do."""
    script = tmp_path / "application.py"
    script.write_text(
        "import sys\n"
        f"sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "from conftest import confined\n"
        "bench = confined()\n"
        f"with open({str(tmp_path / 'pid')!r}, 'w+b') as target:\n"
        "    bench.number('own_number', 60, target=target)\n",
        encoding="utf-8",
    )
    application = os.posix_spawn(sys.executable, [sys.executable, str(script)], os.environ)
    child = _pid_in(tmp_path / "pid", after=0)
    os.kill(application, signal.SIGKILL)
    os.waitpid(application, 0)
    _until(lambda: not _alive(child))


def test_a_family_that_was_needed_is_loaded_ahead(make_confined: "Make") -> None:
    with make_confined() as workers:
        assert workers.number("loaded") == 0
        assert workers.number("loaded") == 1
    with make_confined() as workers:
        workers.workers.warm()
        assert workers.number("loaded") == 1


def test_large_files_get_more_time_and_room() -> None:
    small, large = Limits().for_bytes(0), Limits().for_bytes(3 << 30)
    assert small == Limits(file_size=Limits().file_size)
    assert large.cpu > small.cpu
    assert large.file_size > 3 << 30


def test_numbers_of_system_calls_are_those_of_libseccomp() -> None:
    columns = (pyseccomp.Arch.X86_64, pyseccomp.Arch.AARCH64)
    for name, numbers in (seccomp.ALLOWED | seccomp.CHECKED).items():
        for architecture, number in zip(columns, numbers, strict=True):
            found = pyseccomp.resolve_syscall(architecture, name)
            known = found if 0 <= found < 100_000 else -1
            assert known == number, name


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filter_jumps_to_its_ends_only(machine: str) -> None:
    """Every comparison leads to an instruction of the program, none past its end."""
    code = seccomp.program(machine, 1234)
    count = len(code) // 8
    for index in range(count):
        kind, if_true, if_false = code[8 * index], code[8 * index + 2], code[8 * index + 3]
        if kind & 7 == 5:
            assert index + 1 + max(if_true, if_false) < count
    assert code[-4:] == (0x7FFF0000).to_bytes(4, sys.byteorder)


def _pid_in(path: Path, *, after: int) -> int:
    found: list[int] = []

    def told() -> bool:
        text = path.read_text() if path.exists() else ""
        if text and int(text) != after:
            found.append(int(text))
        return bool(found)

    _until(told)
    return found[-1]


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _until(reached: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for what another process does; there is nothing to wait on but the fact itself."""
    pause = threading.Event()
    end = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < end, "did not happen in time"
        pause.wait(0.01)
