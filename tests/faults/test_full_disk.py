"""A disk without room, or a limit of size: the store says so, and never that it is damaged."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from meti_desk.store import keys, local
from tests.faults.harness import PASSPHRASE

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="RLIMIT_FSIZE, tmpfs")

WORK = """
import json, resource, sys
from datetime import UTC, datetime
from pathlib import Path
from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.store import local

folder, spare, passphrase = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
at, codes = datetime(2026, 4, 1, tzinfo=UTC), []

def limit(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

def tried(work):
    try:
        return work()
    except EnvironmentProblem as problem:
        codes.append(problem.code)

def append():
    with store.transaction():
        for number in range(40):
            store.ledger.append("a", {"title": "会議資料" * 40 + str(number)}, at)

def mail():
    with store.transaction():
        store.mailbox.move("mail", 1)
        store.settings.put("large", "x" * 200_000)

store = local.open_with_passphrase(folder, passphrase)
append()
limit(max(one.stat().st_size for one in folder.iterdir() if one.is_file()) + spare)
for _ in range(30):
    tried(append)
tried(mail)
damage = tried(store.damage)
tried(store.back_up)
there = store.ledger.verify()
limit(resource.RLIM_INFINITY)
append()
mail()
after = store.ledger.verify()
told = {"codes": sorted(set(codes)), "damage": damage, "before": there.events,
        "after": after.events, "intact": there.intact and after.intact,
        "cursor": store.mailbox.cursors()["mail"]}
store.close()
print(json.dumps(told))
"""
OPENING = """
import resource, sys
from pathlib import Path
from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.store import local
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    store = local.open_with_passphrase(Path(sys.argv[1]), sys.argv[3])
    store.settings.put("large", "x" * 200_000)
except EnvironmentProblem as problem:
    print(problem.code)
else:
    print("opened")
"""
ROOM = {"store.full", "store.unwritable"}


def _ran(code: str, folder: Path, number: int) -> str:
    arguments = [sys.executable, "-c", code, str(folder), str(number), PASSPHRASE]
    done = subprocess.run(arguments, stdout=subprocess.PIPE, check=True)
    return done.stdout.decode().strip()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "store"
    local.create(place, PASSPHRASE, iterations=keys.FLOOR).close()
    return place


@pytest.mark.parametrize("spare", [0, 5_000, 200_000, 1_000_000])
def test_a_full_disk_is_told_as_full_and_loses_nothing(folder: Path, spare: int) -> None:
    told = json.loads(_ran(WORK, folder, spare))
    assert told["codes"]
    assert set(told["codes"]) <= ROOM
    assert told["damage"] in ([], None)
    assert told["intact"]
    assert told["before"] % 40 == 0
    assert told["after"] == told["before"] + 40
    assert told["cursor"] == 1
    opened = local.open_with_passphrase(folder, PASSPHRASE)
    assert opened.damage() == ()
    opened.close()


@pytest.mark.parametrize("size", [1, 100, 5_000, 40_000])
def test_a_store_that_is_opened_on_a_full_disk_is_not_damaged(folder: Path, size: int) -> None:
    assert _ran(OPENING, folder, size) in ROOM
    opened = local.open_with_passphrase(folder, PASSPHRASE)
    assert opened.damage() == ()
    opened.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="mounts a small disk")
def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    if subprocess.run(mounted, stderr=subprocess.DEVNULL, check=False).returncode:
        pytest.skip("no right to mount here")
    try:
        place = disk / "store"
        local.create(place, PASSPHRASE, iterations=keys.FLOOR).close()
        work = WORK.replace("\nappend()\nmail()\nafter", "\nafter").replace(
            'store.mailbox.cursors()["mail"]', "0"
        )
        told = json.loads(_ran(work, place, 1 << 30))
        assert "store.full" in told["codes"]
        assert set(told["codes"]) <= ROOM
        assert told["damage"] in ([], None)
        assert told["intact"]
    finally:
        subprocess.run(["umount", str(disk)], check=True)
