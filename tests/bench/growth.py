"""How the server's cost grows with what it holds: 1, 10 and 100 times the rows, on PostgreSQL.

`METI_DESK_BENCH_YEAR` says which part of a year of 8,000 staff the largest is (0.01: 784,000
events; 1: 78 million, about 60 GB). Times are those of one device at a time over one connection to
a server process, and of the office's commands in this process: medians in milliseconds.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

import msgspec
import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from meti_desk.server import auditing, people, reporting
from meti_desk.server.keys import load
from meti_desk.server.storage import Database
from meti_desk.sync import wire
from tests.bench import growth_year as year
from tests.bench.serving import DEVICES, Ministry
from tests.bench.serving_load import body_now, proven

TIMES = 60
_MOST_VERIFIED = 1_000_000
"""Events that are recomputed, at most: that costs what it costs for each."""
_DAY = 40
FLAT = 2.0
"""What a hundred times the rows may cost more."""
FLAT_ONES = frozenset(
    {
        "sync, one event", "sync, nothing new", "sync, 40 events sent again", "first mail",
        "report, one month of a 課室", "devices of a person",
    }
)  # fmt: skip
"""What must not: the rest looks at everything that there is."""
_UNIT = "総務課"
_BODY = 300
"""Bytes of what one event tells, about as `growth_year.mean_body` finds them."""


class Grown(NamedTuple):
    """One size: what was put in, bytes on the disk by table, milliseconds by what was done."""

    filled: year.Filled
    size: Mapping[str, int]
    took: Mapping[str, float]


class _Device:
    """A device that keeps its connection."""

    def __init__(self, url: str, device: str, key: Ed25519PrivateKey) -> None:
        self._line = HTTPConnection(url.removeprefix("http://"), timeout=60)
        self.id, self._key = device, key
        self.seq, self.head = 0, wire.GENESIS

    def sync(self, events: Sequence[wire.WireEvent], cursor: int) -> wire.SyncAnswer:
        """Offer events, and ask for the mail behind a cursor."""
        asked = wire.SyncRequest(
            protocol=wire.VERSION, device=self.id, head_seq=self.seq, head=self.head,
            events=tuple(events), cursors={"mail": cursor},
        )  # fmt: skip
        body = msgspec.msgpack.encode(asked)
        head = {"Authorization": proven(self.id, self._key, body)}
        self._line.request("POST", "/v1/sync", body, head)
        answer = self._line.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise RuntimeError(answer.status, content)
        given = msgspec.msgpack.decode(content, type=wire.SyncAnswer)
        self.seq, self.head = given.receipt.seq, given.receipt.head
        return given

    def new(self) -> wire.WireEvent:
        """Make the next event, as long as they are."""
        return wire.follow(self.seq, self.head, "classify", 1, body_now(_BODY))


def _median(work: Callable[[int], object], times: int) -> float:
    taken = []
    for number in range(times):
        started = time.perf_counter()
        work(number)
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


def grow(place: Path, url: str, part: float) -> Grown:
    """Make a server whose database holds a part of a year, and measure it."""
    ministry = Ministry(place, ("--database", url))
    database, key = Database(url), load(place)
    made = [Ed25519PrivateKey.generate() for _ in range(DEVICES)]
    own = [_enrolled(database, key.fingerprint, n, one) for n, one in enumerate(made)]
    units = [f"課室{n % year.UNITS}" for n in range(year.STAFF)]
    units[:DEVICES] = [_UNIT] * DEVICES
    rest = [(f"y{n}", f"職員{n}", units[n], f"y{n}@example.go.jp", "staff", 1, 0)
            for n in range(DEVICES, year.STAFF)]  # fmt: skip
    with database.transaction():
        database.load("people", ("id", "name", "unit", "mail", "role", "active", "mailed"), rest)
    devices = [*own, *(f"simulated-{n:05}" for n in range(DEVICES, year.STAFF))]
    filled = year.fill(database, devices, units, part)
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute("VACUUM ANALYZE")
    with ministry.running(1) as (address,):
        first = _Device(address, own[0], made[0])
        first.seq, first.head = filled.ends[0]
        took = dict(_syncs(database, first))
        fresh = [_new_device(database, key.fingerprint, address, n) for n in range(1, DEVICES)]
        took["first mail"] = _median(lambda n: _mailed(fresh[n]), len(fresh))
    took |= dict(_office(database, filled.events))
    size = _sizes(database)
    database.close()
    return Grown(filled, size, took)


def _enrolled(database: Database, fingerprint: str, number: int, key: Ed25519PrivateKey) -> str:
    now = int(time.time() * 1000)
    code = people.new_code(database, f"y{number}", fingerprint, now).code
    public = key.public_key().public_bytes_raw()
    return people.enrol(database, code, public, "端末", now).id


def _new_device(database: Database, fingerprint: str, address: str, number: int) -> _Device:
    key = Ed25519PrivateKey.generate()
    return _Device(address, _enrolled(database, fingerprint, number, key), key)


def _mailed(device: _Device) -> None:
    given = device.sync((), 0)
    if len(given.downloads) < year.FULL_MAIL:
        raise RuntimeError(len(given.downloads))


def _syncs(database: Database, device: _Device) -> Iterator[tuple[str, float]]:
    ((newest,),) = database.run("SELECT mailed FROM people WHERE id = 'y0'")
    device.sync((), newest)
    yield "sync, one event", _median(lambda _: device.sync([device.new()], newest), TIMES)
    yield "sync, nothing new", _median(lambda _: device.sync((), newest), TIMES)
    rows = database.run(
        "SELECT seq, kind, version, body, prev, hash FROM events WHERE device = ?"
        " ORDER BY seq DESC LIMIT ?", (device.id, _DAY),
    )  # fmt: skip
    again = [wire.WireEvent(*row) for row in reversed(rows)]
    name = f"sync, {_DAY} events sent again"
    yield name, _median(lambda _: device.sync(again, newest), TIMES)


def _office(database: Database, events: int) -> Iterator[tuple[str, float]]:
    now = int(time.time() * 1000)
    month = f"{year.months(datetime.now(UTC))[-1]:%Y-%m}"

    def report(unit: str | None, since: str) -> object:
        return reporting.report(database, now, unit=unit, since=since, until=month)

    yield "report, one month of a 課室", _median(lambda _: report("課室7", month), 9)
    yield "report, a year of all", _median(lambda _: report(None, ""), 5)
    yield "devices of a person", _median(lambda _: people.devices(database, "y7"), 9)
    yield "devices, all", _median(lambda _: people.devices(database), 5)
    if events <= _MOST_VERIFIED:
        yield "audit verify", _median(lambda _: _verified(database), 1)


def _verified(database: Database) -> None:
    state = auditing.verify(database)
    if not state.intact:
        raise RuntimeError(state)


def _sizes(database: Database) -> Mapping[str, int]:
    """Give bytes with indexes; those of the months are the events'."""
    rows = database.run(
        "SELECT CAST(relname AS text), pg_total_relation_size(oid) FROM pg_class"
        " WHERE relkind = 'r' AND relnamespace = CAST(current_schema() AS regnamespace)"
    )
    found: dict[str, int] = {}
    for name, size in rows:
        table = name.partition("_")[0]
        found[table] = found.get(table, 0) + size
    return found


def sizes(place: Path, largest: float) -> Iterator[Grown]:
    """Measure a hundredth, a tenth, and all of a part of the year, the small ones first."""
    from tests.postgres import Cluster

    cluster = Cluster(durable=True)
    try:
        for times in (100, 10, 1):
            url = cluster.fresh()
            yield grow(place / f"growth-{times}", url, largest / times)
            _drop(cluster.url("postgres"), url)
    finally:
        cluster.end()


def _drop(admin_url: str, url: str) -> None:
    name = url.partition("@/")[2].partition("?")[0]
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def part_of_year() -> float:
    """Read how large the largest shall be."""
    return float(os.environ.get("METI_DESK_BENCH_YEAR") or 0.01)


def main() -> None:
    """Print all sizes beside each other."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("METI_DESK_BENCH_PLACE")) as made:
        for one in sizes(Path(made), part_of_year()):
            held = one.filled
            sys.stdout.write(
                f"{held.events} events, {held.entries} entries, {held.permits} permits:"
                f" {held.seconds:.0f} s\n"
            )
            for name, took in one.took.items():
                sys.stdout.write(f"  {name}: {took:.2f} ms\n")
            for name, size in sorted(one.size.items(), key=lambda item: -item[1])[:5]:
                sys.stdout.write(f"  {name}: {size / 1e6:.1f} MB\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
