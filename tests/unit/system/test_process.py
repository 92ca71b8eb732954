import subprocess
import sys

import pytest

from meti_desk.system.process import is_running, own_name

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")


def test_a_process_is_known_while_it_runs() -> None:
    assert is_running(own_name())
    code = "from meti_desk.system.process import own_name; print(own_name(), flush=True); input()"
    other = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    assert other.stdin is not None
    name = other.stdout.readline().strip()
    assert is_running(name)
    other.stdin.write("\n")
    other.communicate()
    assert not is_running(name)


@pytest.mark.parametrize("name", ["", "x", "1-0", "999999999-5", "-"])
def test_what_names_no_process_is_not_running(name: str) -> None:
    assert not is_running(name)
