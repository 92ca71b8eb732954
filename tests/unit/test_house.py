"""What the house asks of every file and no other checker looks at."""

from pathlib import Path

import meti_desk

LONGEST = 400
"""Lines that a reader keeps in mind; a longer file is two."""
ROOT = Path(meti_desk.__file__).parent


def _lengths() -> dict[str, int]:
    return {
        str(path.relative_to(ROOT)): len(path.read_bytes().splitlines())
        for path in ROOT.rglob("*.py")
    }


def test_no_file_is_longer_than_a_reader_can_follow() -> None:
    lengths = _lengths()
    assert len(lengths) > 500, "the package was not found whole"
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST} == {}
