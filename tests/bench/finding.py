"""Fingerprints and the search for sources, at the size of a ministry's desk (Art. 6)."""

import json
import os
import random
import statistics
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from meti_desk.domain.kept_text import KeptDocument, KeptText
from meti_desk.evidence.prints import BITS, pack, prints
from meti_desk.formats.base import Inspection, TextPart
from meti_desk.services.comparing import matches
from meti_desk.store.database import Database
from meti_desk.store.migrations import migrate
from meti_desk.store.prints import EncryptedPrints

_LETTERS = "".join(map(chr, range(0x4E00, 0x4E00 + 1500))) + "のにはをたがでしとるれいな。、" * 60
_ODD = "１２３４５６７８９０（）ＡＢＣ①㈱…　\n"
_KEY = bytes(range(32))
_PAGE = 1000


class Speed(NamedTuple):
    """Bytes of UTF-8 a second: our fingerprints, and Unicode's NFKC by Python alone."""

    ours: float
    nfkc: float


def speed(characters: int = 4_000_000) -> Speed:
    """Take the fingerprints of one Japanese text, with full width and other odd characters."""
    text = _text(random.Random(1), characters)
    size = len(text.encode())
    ours = statistics.median(_seconds(lambda: prints(text)) for _ in range(5))
    return Speed(size / ours, size / _seconds(lambda: unicodedata.normalize("NFKC", text)))


class Search(NamedTuple):
    """Seconds from the file to the answer, the least and the middle; what was found of what."""

    least: float
    median: float
    opening: float
    found: int
    planted: int
    size: int


def search(place: Path, documents: int = 100_000, pages: int = 100) -> Search:
    """Find the sources of a document of so many pages among documents of 3,000 characters.

    The connection is new and the file's pages are dropped from the system's cache each time. All
    documents stand in the index; the texts of the sources alone are kept, for no other is read.
    """
    path = place / "prints.db"
    chosen = random.Random(2)
    planted = [_text(chosen, 3000) for _ in range(20)]
    _fill(path, documents, planted)
    asked = _text(chosen, pages * _PAGE - 20 * 200) + "".join(one[1000:1200] for one in planted)
    inspection = Inspection(
        format="docx", text=(TextPart("body", asked),), prints=pack(prints(asked))
    )
    took, opening, found = [], [], 0
    for _ in range(7):
        _drop_from_cache(path)
        started = time.perf_counter()
        database = Database(path, bytearray(_KEY))
        opening.append(time.perf_counter() - started)
        found = len(matches(EncryptedPrints(database), inspection, lambda _: True))
        took.append(time.perf_counter() - started)
        database.close()
    return Search(
        min(took), statistics.median(took), statistics.median(opening), found, len(planted),
        path.stat().st_size,
    )  # fmt: skip


def _fill(path: Path, documents: int, planted: list[str]) -> None:
    path.touch(mode=0o600)
    database = Database(path, bytearray(_KEY))
    migrate(database)
    kept = EncryptedPrints(database)
    with database.transaction():
        for number, text in enumerate(planted):
            one = KeptDocument(document=f"d{number}", title="", path=f"/{number}", file_hash="")
            kept.put(one, KeptText((("body", text),)), prints(text).tolist())
    each = round(statistics.mean(len(prints(text)) for text in planted))
    hashes = np.random.default_rng(3).integers(0, 1 << BITS, (documents, each), np.uint64)
    numbers = np.arange(len(planted) + 1, len(planted) + 1 + documents, dtype=np.uint64)
    keys = np.sort(((hashes << np.uint64(20)) | numbers[:, None]).ravel())
    with database.transaction():
        for at in range(0, len(keys), 200_000):
            database.run(
                "INSERT OR IGNORE INTO prints (key) SELECT value FROM json_each(?)",
                (json.dumps(keys[at : at + 200_000].tolist()),),
            )
    while kept.merge():
        pass
    database.close()


def _drop_from_cache(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    os.fsync(descriptor)
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(descriptor)


def _text(chosen: random.Random, characters: int) -> str:
    own = "".join(chosen.choices(_LETTERS, k=characters))
    return "".join(own[at : at + 97] + chosen.choice(_ODD) * 3 for at in range(0, characters, 100))[
        :characters
    ]


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
