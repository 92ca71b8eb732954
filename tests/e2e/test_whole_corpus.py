"""Every real file is labelled or refused by a code, and every label reads back."""

import os
import random
from pathlib import Path

import pytest

from tests.e2e.whole_corpus import files_of, label_all, table

CORPUS = os.environ.get("METI_DESK_CORPUS", "")
FULL = bool(os.environ.get("METI_DESK_FULL"))
SLICE = 80
LEAST = 0.95
FEW = 20
"""Of a format with fewer files one that is refused is already more than one in twenty."""
FAILED = ("document.unreadable", "worker.", "system.", "label.not-proven")


@pytest.mark.skipif(not Path(CORPUS).is_dir() or not CORPUS, reason="METI_DESK_CORPUS is not set")
@pytest.mark.timeout(1200)
def test_every_real_file_is_labelled_or_refused(tmp_path: Path) -> None:
    files = files_of(Path(CORPUS))
    if not FULL:
        files = random.Random(11).sample(files, SLICE)
    results = label_all(files, tmp_path)
    told = "\n".join(table(results))
    assert sum(one.files for one in results.values()) == len(files)
    assert [name for one in results.values() for name in one.unread_back] == [], told
    crashed = [row for one in results.values() for row in one.refused if row[1].startswith(FAILED)]
    assert crashed == [], told
    poor = {
        kind
        for kind, one in results.items()
        if one.readable >= FEW and one.labelled_readable < LEAST * one.readable
    }
    assert poor == set(), told
