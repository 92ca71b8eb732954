import subprocess
import sys
from pathlib import Path

import pytest

from meti_desk.store import local
from meti_desk.store.pinned import _tune, pin


def locked_kilobytes() -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmLck:"):
            return int(line.split()[1])
    return 0


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_page_is_kept_in_memory_where_that_is_permitted() -> None:
    import resource

    if resource.getrlimit(resource.RLIMIT_MEMLOCK)[0] == 0:
        pytest.skip("no memory may be locked here")
    secret = bytearray(1 << 20)
    before = locked_kilobytes()
    assert pin(secret)
    assert locked_kilobytes() >= before + 1024
    secret[:] = b"x" * len(secret)
    secret.append(1)  # nothing holds the buffer


def test_nothing_is_pinned_of_an_empty_buffer() -> None:
    assert not pin(bytearray())


READING = """
import mmap, re, sys
from pathlib import Path
from meti_desk.store import local

folder, passphrase = Path(sys.argv[1]), sys.argv[2]

room = mmap.mmap(-1, 1 << 28)

def seen():
    # Looked at in one buffer that is wiped, and spelled so that no copy is made on the way.
    wanted, found = re.compile(b"(?:Zq){150}"), 0
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
        for line in maps.read().splitlines():
            place, rights = line.split()[:2]
            low, high = (int(one, 16) for one in place.split("-"))
            if not rights.startswith("rw") or high - low >= len(room):
                continue
            try:
                memory.seek(low)
                length = memory.readinto(memoryview(room)[:high - low])
            except OSError:
                continue
            found += sum(1 for _ in wanted.finditer(memoryview(room)[:length]))
            room.madvise(mmap.MADV_DONTNEED)
    return found

store = local.open_with_passphrase(folder, passphrase)
store._database.run("SELECT count(*) FROM canary NOT INDEXED WHERE length(words) > 0")
there = seen()
store.close()
print(there, seen())
"""


@pytest.mark.skipif(_tune() is None, reason="the C library does not wipe")
def test_a_store_that_is_locked_leaves_no_page_in_memory(
    store: local.LocalStore, folder: Path, passphrase: str
) -> None:
    database = store._database
    database.run("CREATE TABLE canary (words TEXT)")
    with database.transaction():
        for _ in range(400):
            database.run("INSERT INTO canary VALUES (replace(hex(zeroblob(150)), '00', 'Zq'))")
    store.close()
    run = [sys.executable, "-c", READING, str(folder), passphrase]
    told = subprocess.run(run, stdout=subprocess.PIPE, check=True).stdout.split()
    open_, locked = map(int, told)
    assert open_ >= 400
    assert locked == 0


@pytest.mark.skipif(_tune() is None, reason="the engine has to do it, and never stops")
def test_what_is_opened_after_a_lock_is_as_quick_as_before(
    store: local.LocalStore, folder: Path, passphrase: str
) -> None:
    store.close()
    # What the engine switches on it keeps for the whole process: each piece of memory a call.
    other = local.open_with_passphrase(folder, passphrase)
    try:
        assert other._database.run("PRAGMA cipher_memory_security") == [("0",)]
    finally:
        other.close()


def test_where_the_library_cannot_the_engine_wipes(
    store: local.LocalStore, folder: Path, passphrase: str
) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom meti_desk.store import local, pinned\n"
        "pinned._tune = lambda: None\nfolder, words = Path(sys.argv[1]), sys.argv[2]\n"
        "local.open_with_passphrase(folder, words).close()\n"
        "store = local.open_with_passphrase(folder, words)\n"
        "print(store._database.run('PRAGMA cipher_memory_security'))\nstore.close()\n"
    )
    store.close()
    run = [sys.executable, "-c", code, str(folder), passphrase]
    told = subprocess.run(run, stdout=subprocess.PIPE, check=True).stdout
    assert told.decode().strip() == "[('1',)]"
