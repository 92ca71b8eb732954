"""`make bench`: ratios against a peer or a physical limit, each measured in one run.

Nothing is asserted: figures depend on the machine, so they are told beside their goals.
`METI_DESK_BENCH_FILES` says how many documents are labelled (1,000), `METI_DESK_BENCH_ROWS` how
many events the store holds (100,000), `METI_DESK_BENCH_YEAR` which part of a year the server
holds (0.01).
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.bench import (
    bench_cms,
    documents,
    families,
    finding,
    labelling,
    passes,
    peers,
    protecting,
    removal,
    serving_rows,
    store_bench,
    windows,
)
from tests.bench.cpu import cost_of

_RUN = [sys.executable, "-m", "meti_desk"]


class Row(NamedTuple):
    """One figure: what was measured, the figures behind it, the result and the goal."""

    name: str
    figures: str
    result: str
    goal: str = ""
    met: bool | None = None


def rows(place: Path) -> Iterator[Row]:
    """Measure everything, the quick things first."""
    yield from _command_line(place)
    yield from _windows(place)
    yield from _libraries()
    yield from _protecting(place / "protecting")
    yield from _store()
    yield from (Row(*one) for one in serving_rows.rows(place / "server"))
    yield from _finding(place)
    yield from _families(place)
    yield from _envelopes(place)
    yield from _removal(place)
    yield from _labelling(place)


def _command_line(place: Path) -> Iterator[Row]:
    version = statistics.median(cost_of([*_RUN, "--version"]).cpu for _ in range(9))
    yield Row("--version", "CPU", f"{version * 1e3:.0f} ms", "60 ms", met=version <= 0.06)
    small = documents.small(place / "small.docx")
    command = [*_RUN, "inspect", str(small), "--json", "--store", str(place / "none")]
    cost_of(command)  # writes the byte code, which an installed program has
    costs = [cost_of(command) for _ in range(9)]
    used = statistics.median(cost.cpu for cost in costs)
    least = min(cost.cpu for cost in costs)
    told = f"CPU of all processes, median of 9 (least {least * 1e3:.0f} ms)"
    yield Row("inspect, small docx", told, f"{used * 1e3:.0f} ms", "200 ms", met=used <= 0.2)


def _windows(place: Path) -> Iterator[Row]:
    secret, store = place / "passphrase", place / "window-store"
    secret.write_text(labelling.PASSPHRASE, encoding="utf-8")
    init = [*_RUN, "init", "--name", "山田太郎", "--store", str(store)]
    command = [*init, "--passphrase-file", str(secret), "--json"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    for platform, took in windows.starts(store).items():
        yield _against(f"window, {platform}", took.ours, took.empty, "empty window", 1.5)


def _libraries() -> Iterator[Row]:
    took = passes.office()
    yield _against("protect, office 1 MiB", took.ours, took.peer, "msoffcrypto without proof")
    for what, took in passes.pdf().items():
        goal = 1.5 if what == passes.WRITTEN else 0
        name = f"label, PDF of 200 pages, {what}"
        yield _against(name, took.ours, took.peer, "pikepdf open and save", goal)


def _protecting(folder: Path) -> Iterator[Row]:
    """Measure files of `METI_DESK_BENCH_MIB` (1,024) and 1,000 small ones."""
    mib = int(os.environ.get("METI_DESK_BENCH_MIB") or 1024)
    place = protecting.Place(_made(folder), mib)
    for took in protecting.large(place):
        goal = protecting.GOALS.get((took.name, took.peer_name), 0)
        told = f"peak {took.peak:.0f} MiB; {took.peer_name}"
        yield _against(f"{took.name}, {mib} MiB", took.ours, took.peer, told, goal)
    for many in protecting.many(place):
        rates = (many.closing / 1e6, many.opening / 1e6)
        told = f"with its proof {rates[0]:.0f} MB/s, taken out {rates[1]:.0f} MB/s (CPU)"
        result = f"{min(rates):.0f} MB/s"
        yield Row(f"1,000 files in one {many.name}", told, result, "50 MB/s", met=min(rates) >= 50)
    shutil.rmtree(folder)


def _store() -> Iterator[Row]:
    """Measure a store of `METI_DESK_BENCH_ROWS` (100,000) events; 1,000,000 take minutes."""
    count = int(os.environ.get("METI_DESK_BENCH_ROWS") or 100_000)
    found, held = store_bench.run(count), f"{count:,} events"
    appended, bare = found["append median ms"], found["bare insert median ms"]
    yield _against("ledger, append", appended / 1e3, bare / 1e3, "bare insert, same settings")
    opened = found["open ms"]
    yield Row("ledger, open", held, f"{opened:.1f} ms", "50 ms", met=opened <= 50)
    for words in store_bench.SEARCHES:
        first, took = found[f"search {words} first ms"], found[f"search {words} ms"]
        told = f"{held}, median of 5; the first time {first:.1f} ms"
        yield Row(f"ledger, search {words}", told, f"{took:.1f} ms", "50 ms", met=took <= 50)
    yield Row("ledger, verify", held, f"{found['verify s'] * 1e3:.0f} ms")


def _finding(place: Path) -> Iterator[Row]:
    took = finding.speed()
    rate, told = took.ours / 1e6, f"UTF-8; Python's NFKC alone {took.nfkc / 1e6:.0f} MB/s"
    yield Row("fingerprints", told, f"{rate:.0f} MB/s", "15 MB/s", met=rate >= 15)
    found = finding.search(place)
    told = (
        f"100 pages among 100,000 documents, cold, median of 7 (least {found.least * 1e3:.0f} ms);"
        f" index {found.size / 1e6:.0f} MB; {found.found} of {found.planted} found and compared"
    )
    result = f"{found.median * 1e3:.0f} ms"
    yield Row("find sources", told, result, "300 ms", met=found.median <= 0.3)


def _envelopes(place: Path) -> Iterator[Row]:
    """Measure CMS envelopes of 1 GiB beside `openssl cms`."""
    costs = bench_cms.run(_made(place / "envelopes"))
    shutil.rmtree(place / "envelopes")
    for name, figures, ratio, goal in bench_cms.told(costs) if costs else ():
        result, met = f"{ratio:.2f} times openssl", ratio <= goal
        yield Row(f"cms 1 GiB, {name}", figures, result, f"{goal:.1f} times", met=met)


def _removal(place: Path) -> Iterator[Row]:
    """Measure the removal of 付加情報 from a mixed folder; mat2 does one file in eight of them."""
    corpus = os.environ.get("METI_DESK_CORPUS")
    if not corpus or not shutil.which("mat2"):
        return
    count = int(os.environ.get("METI_DESK_BENCH_FILES") or 1000)
    files = removal.mixed(Path(corpus), count)
    took = removal.remove(files, files[: max(count // 8, 40)], _made(place / "removal"))
    ours, peer = took.ours / len(files), took.mat2 / max(count // 8, 40)
    told = (
        f"{ours * 1e3:.0f} ms a file ({took.ours_done} of {len(files)} done); "
        f"mat2 in a loop {peer * 1e3:.0f} ms ({took.mat2_done} done)"
    )
    faster = peer / ours
    name = f"remove, {count} mixed files"
    yield Row(name, told, f"{faster:.0f} times as fast", "20 times", met=faster >= 20)
    yield from _one_by_one(Path(corpus), _made(place / "one-by-one"))


def _one_by_one(corpus: Path, place: Path) -> Iterator[Row]:
    """Measure the removal in this process, kind by kind, beside copying and the other programs."""
    goals = {"jpg": 2.0, "docx": 3.0, "xlsx": 3.0, "pptx": 3.0}
    for kind in removal.KINDS:
        files = sorted(corpus.rglob(f"*.{kind}"))
        took = peers.beside(files, place / kind, exiftool=kind in ("jpg", "png"))
        each = 1e3 / took.files
        told = "; ".join(
            f"{name} {one.seconds * each:.1f} ms ({one.done} done)"
            for name, one in {"copy with fsync": took.copying, **took.peers}.items()
        )
        ours, rate = took.ours.seconds, took.size / took.ours.seconds / 1e6
        told = f"{ours * each:.1f} ms with proof ({took.ours.done} of {took.files} done); {told}"
        name = f"remove in process, {kind} ({took.size / took.files / 1024:.0f} KiB)"
        if kind == "pdf":
            yield Row(name, told, f"{rate:.1f} MB/s", "5 MB/s", met=rate >= 5)
            continue
        ratio, goal = ours / took.copying.seconds, goals.get(kind)
        aim = f"{goal:.0f}x copying" if goal else ""
        yield Row(name, told, f"{ratio:.1f}x copying", aim, met=ratio <= goal if goal else None)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _families(place: Path) -> Iterator[Row]:
    """Measure labels and text in this process, on the real files of each kind."""
    corpus = os.environ.get("METI_DESK_CORPUS")
    if not corpus:
        return
    mixed: list[Path] = []
    for kind in families.KINDS:
        files = families.real(Path(corpus), kind)
        mixed += files
        yield from _in_process(f"label in process, {kind}", families.label(files, place / kind))
    yield from _in_process("label in process, mixed", families.label(mixed, place / "mixed"))
    for kind, goal in (("docx", 3.0), ("xlsx", 3.0), ("pptx", 3.0), ("pdf", 1.0)):
        took = families.text(kind, families.readable(Path(corpus), kind))
        faster = took.library / took.ours
        each = 1e3 / took.files
        told = f"{took.ours * each:.1f} ms; library {took.library * each:.1f} ms"
        name = f"text, {kind} ({took.files} files)"
        yield Row(
            name, told, f"{faster:.1f} times as fast", f"{goal:.0f} times", met=faster >= goal
        )


def _in_process(name: str, took: families.Labelled) -> Iterator[Row]:
    each, size = 1e3 / took.files, took.size / took.files / 1024
    copied = f"copy with fsync ({took.files} files of {size:.0f} KiB)"
    yield _against(name, took.ours, took.copying, copied, 3, each=each)
    faster = took.libraries / took.ours
    told = f"{took.ours * each:.1f} ms; load and save {took.libraries * each:.1f} ms"
    yield Row(name, told, f"{faster:.1f} times as fast", "10 times", met=faster >= 10)


_PICTURES = (
    ("a photograph", documents.PHOTO, 1),
    ("a few photographs of a telephone", documents.PHONE, 8),
)
"""What pictures the larger documents have, and which part of the number of documents there are."""


def _labelling(place: Path) -> Iterator[Row]:
    count = int(os.environ.get("METI_DESK_BENCH_FILES") or 1000)
    made = documents.many(place / "made", count)
    yield from _labelled(f"{count} docx, generated", made, place / "a")
    for what, pixels, share in _PICTURES:
        some = max(1, count // share)
        large = documents.many(place / "large", some, picture=pixels)
        yield from _labelled(f"{some} docx with {what}, generated", large, place / "c")
        shutil.rmtree(place / "large")
    corpus = os.environ.get("METI_DESK_CORPUS")
    if corpus:
        real = _real(Path(corpus), place / "real", count)
        yield from _labelled(f"{count} docx, corpus", real, place / "b")


def _labelled(name: str, files: list[Path], place: Path) -> Iterator[Row]:
    place.mkdir()
    took = labelling.label(files, place)
    each = 1e3 / len(files)
    size = sum(path.stat().st_size for path in files) / len(files) / 1024
    copied = f"copy with fsync ({took.copying * each:.2f} ms a file of {size:.0f} KiB)"
    yield _against(f"label {name}", took.ours, took.copying, copied, 8, each=each)
    faster = took.recompressing / took.ours
    told = f"{took.ours * each:.1f} ms; zipfile-recompress {took.recompressing * each:.1f} ms"
    yield Row(f"label {name}", told, f"{faster:.2f} times as fast", "5 times", met=faster >= 5)
    shutil.rmtree(place)


def _real(corpus: Path, folder: Path, count: int) -> list[Path]:
    """Copy the Word documents of the corpus that can be labelled, again and again, to `count`."""
    folder.mkdir()
    found = [path for path in sorted(corpus.rglob("*.docx")) if documents.can_be_labelled(path)]
    return [
        Path(shutil.copy(found[number % len(found)], folder / f"{number:04}.docx"))
        for number in range(count)
    ]


def _against(
    name: str, ours: float, peer: float, told: str, goal: float = 0, *, each: float = 1e3
) -> Row:
    ratio = ours / peer
    figures = f"{ours * each:.1f} ms; {told} {peer * each:.1f} ms"
    if not goal:
        return Row(name, figures, f"{ratio:.2f}x")
    return Row(name, figures, f"{ratio:.2f}x", f"{goal}x", met=ratio <= goal)


def main() -> None:
    """Print the table as it grows."""
    # Programs run from byte code, as installed ones do; compiling anew costs them 40 ms a start.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.stdout.write(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}\n\n")
    sys.stdout.write("| what | figures | result | goal | met |\n|---|---|---|---|---|\n")
    with tempfile.TemporaryDirectory(dir=os.environ.get("METI_DESK_BENCH_PLACE")) as name:
        for row in rows(Path(name)):
            met = {True: "yes", False: "no", None: ""}[row.met]
            told = (row.name, row.figures, row.result, row.goal, met)
            sys.stdout.write(f"| {' | '.join(told)} |\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
