"""Removes 付加情報 from a folder of mixed files, beside mat2 as its users call it."""

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.bench import peers
from tests.bench.labelling import PASSPHRASE

KINDS = ("docx", "xlsx", "pptx", "odt", "pdf", "jpg", "png", "mp3")
"""What both take; mat2 refuses many real workbooks and presentations."""


class Removal(NamedTuple):
    """Seconds for the files that each of the two could do, and how many those were."""

    ours: float
    ours_done: int
    mat2: float
    mat2_done: int


def mixed(corpus: Path, count: int) -> list[Path]:
    """Give real files of all kinds in turn, again from the first when they are used up."""
    by_kind = [sorted(corpus.rglob(f"*.{kind}")) for kind in KINDS]
    found: list[Path] = []
    while len(found) < count:
        turn = len(found) // len(KINDS)
        found += [files[turn % len(files)] for files in by_kind]
    return found[:count]


def remove(files: Sequence[Path], peer: Sequence[Path], place: Path) -> Removal:
    """Scrub `files` by one command; call mat2 for each of `peer`, a sample of them."""
    ours = peers.copies(files, place / "ours")
    secret = place / "passphrase"
    secret.write_text(PASSPHRASE, encoding="utf-8")
    given = ["--store", str(place / "store"), "--passphrase-file", str(secret), "--json"]
    program = [sys.executable, "-m", "meti_desk"]
    init = [*program, "init", "--name", "山田太郎", *given]
    subprocess.run(init, check=True, stdout=subprocess.DEVNULL)
    out = place / "out"
    started = time.perf_counter()
    command = [*program, "scrub", *map(str, ours), "--out", str(out), *given]
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
    took = time.perf_counter() - started
    theirs = peers.mat2_command(peers.copies(peer, place / "theirs"), place / "cleaned")
    return Removal(took, len(list(out.iterdir())), theirs.seconds, theirs.done)
