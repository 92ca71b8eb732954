"""How long a device needs for its first sync: many entries that wait, one server, real disks."""

import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import NamedTuple

from meti_desk.app import make_desk
from meti_desk.services.messages import Person
from meti_desk.store import keys, local
from tests.bench import serving, store_bench

EVENTS = 10_000


class FirstSync(NamedTuple):
    """Seconds until the server had confirmed everything, and of a sync with nothing to send."""

    events: int
    first: float
    again: float


def run(place: Path, events: int = EVENTS) -> FirstSync:
    """Fill a store, enrol, sync twice."""
    random = Random(0)
    folder = place / "store"
    store = local.create(folder, store_bench.PASSPHRASE, iterations=keys.FLOOR)
    with store.transaction():
        for number in range(events):
            store.ledger.append("classify", store_bench.body(random, number), store_bench.AT)
    store.close()
    desk = make_desk(str(folder))
    desk.unlock(store_bench.PASSPHRASE)
    desk.set_person(Person(name="山田太郎"))
    ministry = serving.Ministry(place / "ministry")
    with ministry.running(1) as (url,):
        desk.syncing.enrol(ministry("enroll", "--person", "y0")["code"], url)
        started = time.perf_counter()
        view = desk.syncing.sync()
        first = time.perf_counter() - started
        desk.syncing.sync()
        again = time.perf_counter() - started - first
    desk.lock()
    if view.unsent or view.acked < events:
        raise RuntimeError(view)
    return FirstSync(events, first, again)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        found = run(Path(made), int(sys.argv[1]) if sys.argv[1:] else EVENTS)
    sys.stdout.write(f"{found.events}: first {found.first:.2f} s, again {found.again:.3f} s\n")
