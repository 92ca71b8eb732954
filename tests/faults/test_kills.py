"""The power fails at each fault point of the real program: original or finished result, always."""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.faults.harness import FULL, KILLED, KINDS, Kind, Scene, Template, check

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="SIGKILL and nameless files")

MOST = 16
"""As many points pass until the result of the longest act is placed and recorded."""

STEP = {
    "in place": "replace.rename",
    "copy": "publish.link",
    "sidecar": "put.rename",
    "sidecar copy": "publish.link",
    "provide": "publish.link",
}
"""The one system call of each act that puts the result in its place."""

EXPECTED: dict[str, set[str]] = {
    "in place": {"replace.fsync", "temporary.link", "replace.rename", "replace.folder-fsync"},
    "copy": {"publish.fsync", "publish.link", "publish.folder-fsync"},
    "sidecar": {"put.write", "put.fsync", "temporary.link", "put.rename", "put.folder-fsync"},
    "sidecar copy": {"source.copy", "publish.link", "publish.folder-fsync", "put.rename"},
    "provide": {"publish.fsync", "publish.link", "publish.folder-fsync", "paper.write"},
}


def run_through(scene: Scene, template: Template, *, nameless: bool = True) -> list[str]:
    """Run to the end once; gives the points passed, in order."""
    log = scene.folder / "log"
    assert scene.start(log=log, nameless=nameless).wait() == 0, scene.told()
    assert check(scene, template, nameless=nameless).done
    return [line.split()[1] for line in log.read_text().splitlines()]


def killed_at(
    template: Template, folder: Path, kind: Kind, number: int, *, nameless: bool = True
) -> bool:
    """Kill at one point; tells whether the result lay there after the next start."""
    scene = template.scene(folder / f"{number}", kind)
    assert scene.start(at=number, nameless=nameless).wait() == KILLED, scene.told()
    return check(scene, template, nameless=nameless).done


def kill_everywhere(
    template: Template, folder: Path, kind: Kind, *, nameless: bool = True
) -> list[str]:
    """Kill at each point in turn; what lies there turns from original to result exactly once."""
    names = run_through(template.scene(folder / "whole", kind), template, nameless=nameless)
    # The papers of 提供 repeat the same points: every third of them does for the short run.
    numbers = [n for n in range(1, len(names) + 1) if FULL or n <= MOST or n % 3 == 0]
    with ThreadPoolExecutor(2) as pool:
        done = list(
            pool.map(
                lambda number: killed_at(template, folder, kind, number, nameless=nameless),
                numbers,
            )
        )
    assert done == sorted(done)
    assert {False, True} == set(done)
    return names


@pytest.mark.parametrize("kind", KINDS)
def test_killed_at_any_point_leaves_original_or_result(
    template: Template, tmp_path: Path, kind: Kind
) -> None:
    names = kill_everywhere(template, tmp_path, kind)
    assert {"scratch.create", "store.commit", "store.committed", *EXPECTED[kind]} <= set(names)


@pytest.mark.parametrize("kind", KINDS if FULL else ("in place",))
def test_the_same_where_files_need_a_name(template: Template, tmp_path: Path, kind: Kind) -> None:
    names = kill_everywhere(template, tmp_path, kind, nameless=False)
    assert {"copy.create", "copy.fsync"} <= set(names)
