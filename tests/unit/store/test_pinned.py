import sys
from pathlib import Path

import pytest

from meti_desk.store import local
from meti_desk.store.pinned import pin


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


def test_a_store_that_is_locked_has_the_engine_wipe_its_memory(
    store: local.LocalStore, folder: Path, passphrase: str
) -> None:
    store.close()
    # What closing switched on holds for the process, so that another connection tells.
    other = local.open_with_passphrase(folder, passphrase)
    try:
        assert other._database.run("PRAGMA cipher_memory_security") == [("1",)]
    finally:
        other.close()
