"""How often what was answered, and who tries too often; nothing of it tells who anybody is."""

import threading
from collections import Counter

_TRIES = 20
"""Enrolments from one address within a minute."""
_MINUTE = 60.0


class Counters:
    """How often what was answered, for `/metrics`; nothing in it tells who."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: Counter[tuple[str, str]] = Counter()
        self._tries: dict[str, list[float]] = {}
        self.events = 0

    def answered(self, path: str, code: str) -> None:
        """Count an answer; `code` is `ok` or that of the refusal."""
        with self._lock:
            self._answers[path, code] += 1

    def took(self, events: int) -> None:
        """Count events that a request offered and that are held now."""
        with self._lock:
            self.events += events

    def may_try(self, address: str, now: float) -> bool:
        """Tell whether an address may try another code, and count the try."""
        with self._lock:
            for one in [a for a, held in self._tries.items() if held[-1] < now - _MINUTE]:
                del self._tries[one]
            held = [t for t in self._tries.get(address, ()) if t > now - _MINUTE]
            allowed = len(held) < _TRIES
            self._tries[address] = [*held, now][-_TRIES:]
            return allowed

    def text(self) -> str:
        """Give the figures in Prometheus' form."""
        with self._lock:
            rows = sorted(self._answers.items())
            lines = ["# TYPE meti_desk_answers_total counter"]
            lines += [
                f'meti_desk_answers_total{{path="{path}",code="{code}"}} {count}'
                for (path, code), count in rows
            ]
            lines += ["# TYPE meti_desk_events_total counter"]
            return "\n".join([*lines, f"meti_desk_events_total {self.events}", ""])
