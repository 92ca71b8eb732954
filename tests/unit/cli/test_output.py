import subprocess
import sys

import pytest

PROGRAM = """
import sys
from meti_desk.cli.output import Output
lines = [f"行{number}" for number in range(100_000)]
Output(as_json=sys.argv[1] == "json", language="ja").answer({"lines": lines}, lines)
"""


@pytest.mark.parametrize("kind", ["json", "people"])
def test_a_reader_who_has_seen_enough_is_no_error(kind: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, kind], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.read(8)
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 0
