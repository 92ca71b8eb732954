"""Protecting large and many files, beside age, 7-Zip and AES-GCM in memory.

Each run is a process of its own from its start to its end, so that a start counts for all alike.
The least of several runs is taken: what another program used of the machine is not ours. Where the
two are close (ZIP) they take turns, and the middle of the rounds counts.
"""

import datetime as dt
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.bench.cpu import cost_of
from tests.bench.protecting_work import PASSWORD

RUNS = 3
ROUNDS = 7
_MEMORY, _STORED = "AES-256-GCM in memory and writing", "7-Zip, stored"
_ONE_THREAD = "7-Zip, stored, one thread"
GOALS = {
    ("metienc, encrypt", "age"): 1.0,
    ("metienc, decrypt", "age"): 1.0,
    ("metienc, encrypt", _MEMORY): 1.6,
    ("metienc, decrypt", _MEMORY): 1.6,
    ("zip, encrypt", _STORED): 1.0,
    ("zip, encrypt", _ONE_THREAD): 1.0,
}
_MIB = 1 << 20


class Took(NamedTuple):
    """Seconds of processor time of ours and of the peer, and our peak memory in MiB."""

    name: str
    ours: float
    peer_name: str
    peer: float
    peak: float


def available(program: str) -> bool:
    """Tell whether a peer is installed."""
    return shutil.which(program) is not None


class Place:
    """A folder with a large file, a key for everybody, and what was made of them."""

    def __init__(self, folder: Path, mib: int) -> None:
        self.folder, self.mib = folder, mib
        self.large = folder / "large.bin"
        with self.large.open("wb") as file:
            for _ in range(mib):
                file.write(os.urandom(_MIB))
        self.certificate = folder / "certificate.der"
        self._keys()

    def ours(
        self, work: str, source: str, target: str, *, by_key: bool = False
    ) -> tuple[float, float]:
        """Do our work; gives seconds and MiB."""
        more = [str(self.certificate)] if by_key else []
        command = [
            *(sys.executable, "-m", "tests.bench.protecting_work"),
            *(work, str(self.folder / source), str(self.folder / target), *more),
        ]
        peak = int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        return self._least(command, target), peak / 1024

    def peer(self, command: Sequence[str], target: str) -> float:
        """Do the same by another program, in the folder."""
        line = ["env", "-C", str(self.folder), *command]
        return self._least(line, target)

    def in_turn(self, works: Mapping[str, tuple[Sequence[str], str]]) -> dict[str, float]:
        """Run several commands in turn, each with what it makes; the median of each."""
        found: dict[str, list[float]] = {name: [] for name in works}
        for _ in range(ROUNDS):
            for name, (command, target) in works.items():
                (self.folder / target).unlink(missing_ok=True)
                os.sync()
                found[name].append(cost_of(command).cpu)
        return {name: statistics.median(took) for name, took in found.items()}

    def work(self, work: str, source: str, target: str) -> list[str]:
        """Give the command that does our work with a password."""
        paths = [str(self.folder / source), str(self.folder / target)]
        return [sys.executable, "-m", "tests.bench.protecting_work", work, *paths]

    def _least(self, command: Sequence[str], target: str) -> float:
        found = []
        for _ in range(RUNS):
            (self.folder / target).unlink(missing_ok=True)
            os.sync()
            found.append(cost_of(command).cpu)
        return min(found)

    def _keys(self) -> None:
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.serialization import Encoding

        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "bench")])
        now = dt.datetime.now(dt.UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=1))
            .sign(key, hashes.SHA256())
        )
        self.certificate.write_bytes(made.public_bytes(Encoding.DER))


def large(place: Place) -> list[Took]:
    """Measure one large file; `bench_cms` does the same for envelopes."""
    found: list[Took] = []
    found += _metienc(place)
    found += _zip(place) if available("7z") else []
    return found


def _metienc(place: Place) -> list[Took]:
    closed, peak = place.ours("metienc-close", "large.bin", "a.metienc", by_key=True)
    proven, _ = place.ours("metienc-prove", "large.bin", "a.metienc", by_key=True)
    opened, peak_open = place.ours("metienc-open", "a.metienc", "back.bin", by_key=True)
    gcm, _ = place.ours("gcm-close", "large.bin", "a.gcm")
    gcm_open, _ = place.ours("gcm-open", "a.gcm", "back.bin")
    peers = {_MEMORY: (gcm, gcm_open)}
    if available("age"):
        peers["age"] = _age(place)
    found = []
    for name, (close_peer, open_peer) in peers.items():
        found += [
            Took("metienc, encrypt", closed, name, close_peer, peak),
            Took("metienc, encrypt and prove", proven, name, close_peer, peak),
            Took("metienc, decrypt", opened, name, open_peer, peak_open),
        ]
    _remove(place, "a.metienc", "back.bin", "a.gcm")
    return found


def _age(place: Place) -> tuple[float, float]:
    made = subprocess.run(["age-keygen"], check=True, capture_output=True, text=True)
    (place.folder / "age.key").write_text(made.stdout, encoding="ascii")
    to = next(word for word in made.stdout.split() if word.startswith("age1"))
    close = place.peer(["age", "-r", to, "-o", "a.age", "large.bin"], "a.age")
    opened = place.peer(["age", "-d", "-i", "age.key", "-o", "back.bin", "a.age"], "back.bin")
    _remove(place, "a.age", "back.bin")
    return close, opened


def _zip(place: Place) -> list[Took]:
    _, peak = place.ours("zip-close", "large.bin", "a.zip")
    lock, inside = f"-p{PASSWORD}", ["env", "-C", str(place.folder)]
    store = [*inside, "7z", "a", "-tzip", "-mem=AES256", "-mx0", lock]
    took = place.in_turn(
        {
            "close": (place.work("zip-close", "large.bin", "a.zip"), "a.zip"),
            "one thread": ([*store, "-mmt1", "b.zip", "large.bin"], "b.zip"),
            "prove": (place.work("zip-prove", "large.bin", "a.zip"), "a.zip"),
            "stored": ([*store, "b.zip", "large.bin"], "b.zip"),
            "open": (place.work("zip-open", "a.zip", "back.bin"), "back.bin"),
            "take out": (
                [*inside, "7z", "x", "-y", lock, "-oout", "b.zip"],
                "out/large.bin",
            ),
        }
    )
    _remove(place, "a.zip", "b.zip", "back.bin", "out/large.bin")
    peers = {_STORED: took["stored"], _ONE_THREAD: took["one thread"]}
    return [
        *(Took("zip, encrypt", took["close"], name, peer, peak) for name, peer in peers.items()),
        Took("zip, encrypt and prove", took["prove"], _STORED, took["stored"], peak),
        Took("zip, decrypt", took["open"], _STORED, took["take out"], peak),
    ]


class Many(NamedTuple):
    """How many bytes of small files went in and out of one container in a second (CPU)."""

    name: str
    closing: float
    opening: float


def many(place: Place, count: int = 1000, size: int = 40_000) -> list[Many]:
    """Measure small files in one container: with the proof, and out again in one pass."""
    folder = place.folder / "small"
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:04}.bin").write_bytes(os.urandom(size))
    found = []
    for name in ("metienc", "zip"):
        closed, _ = place.ours(f"{name}-many", "small", f"many.{name}")
        opened, _ = place.ours(f"{name}-many_open", f"many.{name}", "back.bin")
        found.append(Many(name, count * size / closed, count * size / opened))
        _remove(place, f"many.{name}", "back.bin")
    return found


def _remove(place: Place, *names: str) -> None:
    for name in names:
        (place.folder / name).unlink(missing_ok=True)
