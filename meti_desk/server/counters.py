"""How often what was answered, and how long it took; nothing tells who it is."""

import multiprocessing
import os
import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping

from meti_desk.server.logs import seen_code

_Labels = tuple[tuple[str, str], ...]
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the histogram, in seconds."""


class Counters:
    """The figures of this process for `/metrics`; nothing in it tells who.

    Where several processes serve one address, each names itself: what is asked for twice may be
    answered by two of them, and a figure must only grow.
    """

    def __init__(self) -> None:
        several = multiprocessing.parent_process() is not None
        self._own: _Labels = (("process", str(os.getpid())),) if several else ()
        self._lock = threading.Lock()
        self._answers: Counter[tuple[str, str]] = Counter()
        self._faults: Counter[str] = Counter()
        self._times: dict[str, list[int]] = {}
        self._sums: Counter[str] = Counter()
        self._bytes: Counter[str] = Counter()
        self.events = self.downloads = 0

    def answered(self, path: str, code: str) -> None:
        """Count an answer; `code` is `ok` or that of the refusal."""
        seen_code(code)
        with self._lock:
            self._answers[path, code] += 1

    def took(self, events: int, downloads: int = 0) -> None:
        """Count events that a request offered and that are held now, and what was given for it."""
        with self._lock:
            self.events += events
            self.downloads += downloads

    def fault(self, kind: str) -> None:
        """Count an error of the database by its kind."""
        with self._lock:
            self._faults[kind] += 1

    def timed(self, path: str, seconds: float, *, into: int, out: int) -> None:
        """Note how long an answer took, and how many bytes came and went."""
        with self._lock:
            held = self._times.setdefault(path, [0] * (len(BOUNDS) + 1))
            held[bisect_left(BOUNDS, seconds)] += 1
            self._sums[path] += int(seconds * 1e6)
            self._bytes["in"] += into
            self._bytes["out"] += out

    def text(self, more: Mapping[str, int] | None = None) -> str:
        """Give the figures in Prometheus' form; `more` are figures that all processes share."""
        with self._lock:
            own = self._own
            lines = _rows(
                "meti_desk_answers_total", "counter",
                [((*own, ("path", path), ("code", code)), count)
                 for (path, code), count in sorted(self._answers.items())],
            )  # fmt: skip
            lines += _rows("meti_desk_events_total", "counter", [(own, self.events)])
            lines += _rows("meti_desk_downloads_total", "counter", [(own, self.downloads)])
            lines += _rows(
                "meti_desk_database_errors_total", "counter",
                [((*own, ("kind", kind)), count) for kind, count in sorted(self._faults.items())],
            )  # fmt: skip
            lines += _rows(
                "meti_desk_bytes_total", "counter",
                [((*own, ("way", way)), count) for way, count in sorted(self._bytes.items())],
            )  # fmt: skip
            lines += self._histogram()
        for name, count in (more or {}).items():
            kind = "counter" if name.endswith("_total") else "gauge"
            lines += _rows(f"meti_desk_{name}", kind, [((), count)])
        return "\n".join([*lines, ""])

    def _histogram(self) -> list[str]:
        name = "meti_desk_seconds"
        own = "".join(f'{label}="{value}",' for label, value in self._own)
        lines = [f"# TYPE {name} histogram"]
        for path, counts in sorted(self._times.items()):
            total = 0
            for bound, count in zip((*BOUNDS, "+Inf"), counts, strict=True):
                total += count
                lines.append(f'{name}_bucket{{{own}path="{path}",le="{bound}"}} {total}')
            lines.append(f'{name}_sum{{{own}path="{path}"}} {self._sums[path] / 1e6}')
            lines.append(f'{name}_count{{{own}path="{path}"}} {total}')
        return lines


def _rows(name: str, kind: str, rows: list[tuple[_Labels, int]]) -> list[str]:
    """Write a figure; labels are paths and codes of this program, never what somebody sent."""
    lines = [f"# TYPE {name} {kind}"]
    for labels, count in rows:
        told = ",".join(f'{label}="{value}"' for label, value in labels)
        lines.append(f"{name}{{{told}}} {count}" if told else f"{name} {count}")
    return lines
