"""Killed at random instants, alone or with its workers; and what a lost worker means."""

import contextlib
import os
import random
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.harness import (
    FULL,
    KILLED,
    KINDS,
    Kind,
    Template,
    all_gone,
    check,
    descendants,
    handles,
    points,
)
from tests.faults.test_kills import STEP

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="SIGKILL, /proc and pidfd")

KILLS = 100 if FULL else 20
AIMED = 0.8
"""The share of kills that has to fall between the first temporary write and the replace."""
LONG: tuple[Kind, ...] = ("in place", "copy", "provide")
"""Acts during whose dangerous part a worker writes; that of the others is a few milliseconds."""
FIRST_WRITE = "scratch.create"
LONGEST = 60.0


@dataclass(frozen=True)
class Course:
    """How long one undisturbed run takes, in seconds: all of it, and its dangerous part."""

    whole: float
    window: float


@dataclass(frozen=True)
class Kill:
    """One kill: what it hit."""

    ended: bool
    """The program had come to its end before."""
    inside: bool
    """It fell between the first temporary write and the replace."""
    done: bool
    """The result lay there after the next start."""


def course(template: Template, folder: Path, kind: Kind) -> Course:
    scene = template.scene(folder / f"course of {kind}", kind)
    with points(scene.folder) as heard:
        start = time.monotonic()
        process = scene.start(log=heard.path)
        assert heard.until(start + LONGEST, STEP[kind])
        assert process.wait() == 0
        at: dict[str, float] = {}
        for name, moment in heard.passed:
            at.setdefault(name, moment)
        first, last = at[FIRST_WRITE], at[STEP[kind]]
        return Course(time.monotonic() - start, last - first)


def killed(
    template: Template, folder: Path, kind: Kind, longest: float, seed: int, *, aimed: bool
) -> Kill:
    """Kill once at an instant drawn by the seed; look at what lies there.

    It comes within `longest` seconds after the first write (`aimed`), or after the start.
    """
    draw = random.Random(seed)
    scene = template.scene(folder, kind)
    with points(folder) as heard:
        start = time.monotonic()
        process = scene.start(log=heard.path)
        if aimed:
            assert heard.until(start + LONGEST, FIRST_WRITE)
            heard.until(time.monotonic() + draw.uniform(0, longest))
        else:
            heard.until(start + draw.uniform(0, longest))
        below = descendants(process.pid)
        watched = handles(below)
        process.kill()
        if draw.random() < 0.5:
            for one in watched:
                with contextlib.suppress(ProcessLookupError):
                    signal.pidfd_send_signal(one, signal.SIGKILL)
        code = process.wait()
        assert code in (0, KILLED), scene.told()
        assert all_gone(watched), "a worker outlived its program"
        heard.drain()
        names = heard.names()
    inside = code == KILLED and FIRST_WRITE in names and STEP[kind] not in names
    return Kill(code == 0, inside, check(scene, template).done)


def test_killed_at_any_instant_leaves_original_or_result(
    template: Template, tmp_path: Path
) -> None:
    usual = {kind: course(template, tmp_path, kind) for kind in KINDS}
    number, share = 0, 0.9
    kills: list[Kill] = []

    def one(number: int) -> Kill:
        folder = tmp_path / str(number)
        if number % 8 == 7:
            kind = KINDS[number // 8 % len(KINDS)]
            return killed(template, folder, kind, usual[kind].whole, number, aimed=False)
        kind = LONG[number % len(LONG)]
        return killed(template, folder, kind, share * usual[kind].window, number, aimed=True)

    with ThreadPoolExecutor(2) as pool:
        # A machine that became faster makes some come late; it goes on until enough of them hit.
        while len(kills) < KILLS or sum(k.inside for k in kills) < AIMED * len(kills):
            batch = list(pool.map(one, range(number, number + 8)))
            number += len(batch)
            kills += batch
            if sum(kill.inside for kill in batch) < len(batch) - 1:
                share *= 0.8
            assert number < 4 * KILLS, "too few kills fell between first write and replace"
    inside = sum(kill.inside for kill in kills)
    print(f"{len(kills)} kills, {inside} inside, {sum(k.done for k in kills)} results")  # noqa: T201
    assert inside >= AIMED * KILLS
    assert not any(kill.done for kill in kills if kill.inside)


_HELD: dict[Kind, int] = {"in place": 0, "provide": 1}
"""How many children only wait while another writes: the one that looked at the document."""


def _worker_child(program: int, deadline: float, held: int) -> list[int]:
    """Find the child that writes: of the children of the worker, after those that wait."""
    while time.monotonic() < deadline:
        below = descendants(program)
        if len(below) > 1 + held:
            return handles(below[1 + held :])
    return []


@pytest.mark.parametrize("kind", ["in place", "provide"])
def test_a_worker_killed_while_it_writes_loses_nothing(
    template: Template, tmp_path: Path, kind: Kind
) -> None:
    """Labelling is begun again in a process of its own; what is given away is refused."""
    hit = 0
    for seed in range(10 if FULL else 3):
        scene = template.scene(tmp_path / str(seed), kind)
        with points(scene.folder) as heard:
            process = scene.start(log=heard.path)
            deadline = time.monotonic() + LONGEST
            assert heard.until(deadline, FIRST_WRITE)
            for child in _worker_child(process.pid, deadline, _HELD[kind]):
                heard.until(time.monotonic() + random.Random(seed).uniform(0, 0.005))
                with contextlib.suppress(ProcessLookupError):  # it was done before
                    signal.pidfd_send_signal(child, signal.SIGKILL)
                    hit += kind == "in place"
                os.close(child)
            code = process.wait()
        after = check(scene, template)
        assert code in (0, 4), scene.told()
        assert after.done == (code == 0)
        if code == 4:
            assert '"document.unreadable"' in scene.told()
            hit += 1
    assert hit, "no kill came while a worker was writing"


def test_a_lost_worker_process_is_started_again(template: Template, tmp_path: Path) -> None:
    scene = template.scene(tmp_path / "scene", "in place")
    with points(scene.folder) as heard:
        process = scene.start(log=heard.path)
        deadline = time.monotonic() + LONGEST
        assert heard.until(deadline, FIRST_WRITE)
        while not (below := descendants(process.pid)):
            assert time.monotonic() < deadline
            heard.until(time.monotonic() + 0.001)
        os.kill(below[0], signal.SIGKILL)
        assert process.wait() == 0, scene.told()
    assert check(scene, template).done


def test_points_are_heard_in_order(template: Template, tmp_path: Path) -> None:
    scene = template.scene(tmp_path / "scene", "in place")
    with points(scene.folder) as heard:
        process = scene.start(log=heard.path)
        assert heard.until(time.monotonic() + LONGEST, STEP["in place"])
        assert process.wait() == 0
        names = heard.names()
    assert names.index(FIRST_WRITE) < names.index("store.commit") < names.index(STEP["in place"])
