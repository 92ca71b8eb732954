"""The server's rows of `make bench`: throughput, growth with a simulated year, the first sync."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.bench import first_sync, growth, serving, serving_peer
from tests.postgres import programs

BATCHES = 300


class Told(NamedTuple):
    """A row: what was measured, the figures behind it, the result, the goal, whether it is met."""

    name: str
    figures: str
    result: str
    goal: str = ""
    met: bool | None = None


def rows(place: Path) -> Iterator[Told]:
    """Measure the server in a folder; on PostgreSQL where it is installed."""
    place.mkdir()
    yield from _embedded(place)
    yield _first(place / "first-sync")
    if programs() is None:
        return
    for processes in (1, 2):
        yield from _postgres(place / f"processes-{processes}", processes)
    yield from _growth(place)


def _embedded(place: Path) -> Iterator[Told]:
    took = serving.embedded(place, BATCHES)
    yield Told(
        "server, SQLite", _figures(took), f"{took.rate:.0f} batches/s", "500/s",
        met=took.rate >= 500,
    )  # fmt: skip
    yield _half("SQLite", took)


def _postgres(place: Path, processes: int) -> Iterator[Told]:
    both = serving.on_postgres(place, processes=processes, batches=BATCHES)
    name = f"PostgreSQL, {processes} process" + ("es" if processes > 1 else "")
    yield Told(f"server, {name}", _figures(both.served), f"{both.served.rate:.0f} batches/s")
    for peer in serving_peer.PEERS:
        ratio, goal = both.ratio(peer), processes > 1 and peer == serving_peer.STATEMENT
        told = f"pgbench {both.before[peer]:.0f}/s before, {both.after[peer]:.0f}/s after"
        yield Told(
            f"server, {name}, of pgbench with the {peer}", told, f"{ratio:.0%}",
            "50%" if goal else "", met=ratio >= 0.5 if goal else None,
        )  # fmt: skip
    yield _half(name, both.served)


def _figures(took: serving.Served) -> str:
    full = took.full
    return (
        f"16 devices, 4 KB, durable; median {full.median:.1f} ms, p99 {full.p99:.1f} ms;"
        f" {took.cpu:.2f} ms of processor a batch"
    )


def _half(name: str, took: serving.Served) -> Told:
    half = took.half
    told = f"{half.batches / half.seconds:.0f} batches/s, median {half.median:.1f} ms"
    result = f"p99 {half.p99:.0f} ms"
    return Told(f"server, {name}, half load", told, result, "100 ms", met=half.p99 < 100)


def _first(place: Path) -> Told:
    place.mkdir()
    took = first_sync.run(place)
    told = f"{took.events:,} events that wait; then with nothing new {took.again * 1e3:.0f} ms"
    return Told("first sync", told, f"{took.first:.2f} s", "5 s", met=took.first < 5)


def _growth(place: Path) -> Iterator[Told]:
    """Tell how the cost of each thing grows with a hundred times the rows."""
    found = list(growth.sizes(place, growth.part_of_year()))
    sizes = " / ".join(f"{one.filled.events:,}" for one in found)
    yield Told("year of 8,000 staff", f"{sizes} events", f"loaded in {_loading(found)}")
    for name in found[0].took:
        if not all(name in one.took for one in found):
            continue
        each = [one.took[name] for one in found]
        told = " / ".join(f"{one:.1f}" for one in each) + " ms"
        factor = each[-1] / each[0]
        flat = name in growth.FLAT_ONES
        goal, met = (f"{growth.FLAT:.0f}x", factor <= growth.FLAT) if flat else ("", None)
        yield Told(f"100 times the rows: {name}", told, f"{factor:.1f}x", goal, met=met)


def _loading(found: Sequence[growth.Grown]) -> str:
    return " / ".join(f"{one.filled.seconds:.0f}" for one in found) + " s"
