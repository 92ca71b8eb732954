import stat
import subprocess
import sys
from pathlib import Path
from uuid import RFC_4122, UUID

import pytest

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.system.clock import SystemClock
from meti_desk.system.ids import SystemIds, uuid7
from meti_desk.system.place import data_folder, make_private_folder, open_to_others


def test_time_has_its_offset() -> None:
    assert SystemClock().now().utcoffset() is not None


def test_ids_are_uuids_in_the_order_of_time() -> None:
    ids = SystemIds()
    assert UUID(ids.document_id()).version == 7
    assert len({ids.document_id() for _ in range(1000)}) == 1000
    assert str(uuid7(1000, 2**74 - 1)) < str(uuid7(1001, 0))
    assert uuid7(0x017F22E279B0, 0xCC3 << 62 | 0x18C4DC0C0C07398F) == UUID(
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"  # the example of RFC 9562
    )
    assert uuid7(1, 2).variant == RFC_4122


def test_tokens_have_their_length_and_differ() -> None:
    ids = SystemIds()
    assert len(ids.token(32)) == 32
    assert ids.token(32) != ids.token(32)


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc")
def test_hardening_takes_effect() -> None:
    script = (
        "import resource\n"
        "from meti_desk.system.hardening import harden\n"
        "print(harden(), resource.getrlimit(resource.RLIMIT_CORE))\n"
        "import ctypes; print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, text=True
    ).stdout
    assert told == "('core', 'dumpable') (0, 0)\n0\n"


def test_the_data_folder_is_the_platform_s() -> None:
    assert data_folder().name == "meti-desk"
    assert data_folder().is_absolute()


@pytest.mark.skipif(sys.platform == "win32", reason="rights of POSIX")
def test_a_private_folder_is_its_owner_s(tmp_path: Path) -> None:
    folder = make_private_folder(tmp_path / "a" / "store")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    (folder / "link").symlink_to("/etc/passwd")
    (folder / "key").touch(mode=0o600)
    assert open_to_others(folder) == ()
    (folder / "key").chmod(0o640)
    assert open_to_others(folder) == (folder / "key",)
    assert open_to_others(tmp_path / "missing") == ()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EnvironmentProblem) as caught:
        make_private_folder(tmp_path / "file" / "store")
    assert caught.value.code == "folder.read-only"
