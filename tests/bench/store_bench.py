"""How long the store takes against the bare engine, with many events in the ledger."""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from meti_desk.store import keys, local
from meti_desk.store.database import connect

PASSPHRASE = "benchmark passphrase"
AT = datetime(2026, 4, 1, 9, 30, tzinfo=UTC)
PARTS = (
    *("会議", "資料", "報告", "審査", "委員", "補助金", "政策", "検討", "議事録", "契約", "仕様"),
    *("見積", "予算", "要求", "概要", "骨子", "参考", "別紙", "様式", "一覧", "計画", "方針"),
    *("令和", "年度", "経済", "産業", "半導体", "電池", "原子力", "水素", "通商", "貿易", "輸出"),
)
ONCE = "麒麟"
"""Stands in one early event only: what is rare is what costs."""
SEARCHES = ("機密性2情報", "半導体電池", "輸出令和 議事録", ONCE, "麟", "会議", "録", "存在しない")


def body(random: Random, number: int) -> dict[str, object]:
    """Give a body as the services write them: 300 to 400 bytes of JSON."""
    title = "".join(random.choice(PARTS) for _ in range(5)) + (ONCE if number == 7 else "")
    return {
        "document": f"{random.getrandbits(64):016x}",
        "title": f"{title}.docx",
        "path": f"/home/staff/文書/{random.choice(PARTS)}/{title}.docx",
        "file_hash": f"{random.getrandbits(256):064x}",
        "label": {"c": 2, "i": 1, "a": 1, "restrictions": ["複製禁止"], "audience": []},
        "mark": "機密性2情報",
    }


def milliseconds(work: Callable[[int], object], times: int) -> list[float]:
    """Time each of several runs of a piece of work."""
    taken = []
    for number in range(times):
        started = time.perf_counter()
        work(number)
        taken.append((time.perf_counter() - started) * 1000)
    return sorted(taken)


def raw_insert(path: Path, times: int) -> list[float]:
    """Time durable inserts of such bodies by the bare engine, with the same settings."""
    path.touch()
    engine: Any = connect(path, bytearray(32))
    engine.execute("PRAGMA journal_mode = WAL")
    engine.execute("CREATE TABLE plain (seq INTEGER PRIMARY KEY, body TEXT)")
    random = Random(1)
    bodies = [str(body(random, number)) for number in range(times)]
    taken = milliseconds(
        lambda number: engine.execute("INSERT INTO plain (body) VALUES (?)", (bodies[number],)),
        times,
    )
    engine.close()
    return taken


def searched(store: local.LocalStore, words: str, _number: int) -> int:
    """Search once; gives how many were found."""
    return len(store.ledger.search(words))


def run(scale: int = 1_000_000) -> dict[str, float]:
    """Fill a store with `scale` events; gives milliseconds, bytes per event, ratios by name."""
    random = Random(0)
    figures: dict[str, float] = {"events": scale}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "store"
        store = local.create(folder, PASSPHRASE, iterations=keys.FLOOR)
        started = time.perf_counter()
        for start in range(0, scale, 10_000):
            with store.transaction():
                for number in range(start, min(start + 10_000, scale)):
                    store.ledger.append("classify", body(random, number), AT)
        figures["fill s"] = time.perf_counter() - started
        appended = milliseconds(
            lambda number: store.ledger.append(
                "handle", body(random, scale + number), AT + timedelta(seconds=number)
            ),
            500,
        )
        inserted = raw_insert(Path(place) / "raw.db", 500)
        figures["append median ms"] = statistics.median(appended)
        figures["append p99 ms"] = appended[494]
        figures["bare insert median ms"] = statistics.median(inserted)
        figures["append to bare insert"] = figures["append median ms"] / max(
            figures["bare insert median ms"], 1e-9
        )
        store.close()
        figures["bytes per event"] = (folder / "store.db").stat().st_size / scale
        key = keys.unlock_with_passphrase(folder / "store.key", PASSPHRASE)
        figures["open ms"] = statistics.median(
            milliseconds(lambda _: local._open(folder, key, lambda: "").close(), 5)
        )
        store = local.open_with_passphrase(folder, PASSPHRASE)
        for words in SEARCHES:
            found = partial(searched, store, words)
            figures[f"search {words} first ms"] = milliseconds(found, 1)[0]
            figures[f"search {words} ms"] = statistics.median(milliseconds(found, 5))
        figures["newest 100 ms"] = milliseconds(
            lambda _: list(store.ledger.events(newest_first=True, limit=100)), 1
        )[0]
        figures["verify s"] = milliseconds(lambda _: store.ledger.verify(), 1)[0] / 1000
        store.close()
    return figures


if __name__ == "__main__":
    for name, figure in run(int(sys.argv[1]) if sys.argv[1:] else 1_000_000).items():
        sys.stdout.write(f"{name}: {figure:.2f}\n")
