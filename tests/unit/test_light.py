import subprocess
import sys

SCRIPT = """
import sys
from meti_desk import light
import msgspec
assert "typing_extensions" not in sys.modules and "inspect" not in sys.modules, "costs"
class Example(msgspec.Struct):
    values: dict[str, tuple[int, ...]] = {}
assert msgspec.msgpack.decode(msgspec.msgpack.encode(Example({"a": (1,)})), type=Example).values
import typing_extensions
assert typing_extensions.Self
"""


def test_msgspec_comes_without_its_expensive_friend_and_harms_nobody() -> None:
    assert subprocess.run([sys.executable, "-I", "-c", SCRIPT], check=False).returncode == 0
