"""How often a device or an address may come: a bucket of tokens for each, in this process.

A bucket holds `burst` tokens and gains `rate` of them a second; a request takes one. Who finds it
empty is told after how many seconds one is there again (`rate.limited`, `retry`).
"""

import threading
from collections import OrderedDict

_MOST = 50_000
"""Buckets that are kept; those longest unused are forgotten first, and are full again then."""


class Buckets:
    """Buckets by a name; `rate` 0 means no limit."""

    def __init__(self, rate: float, burst: int) -> None:
        self._rate = rate
        self._burst = max(1.0, float(burst))
        self._lock = threading.Lock()
        self._held: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, name: str, now: float) -> int:
        """Take a token; gives 0, or for how many whole seconds to wait. `now` only grows."""
        if not self._rate:
            return 0
        with self._lock:
            tokens, last = self._held.pop(name, (self._burst, now))
            tokens = min(self._burst, tokens + max(0.0, now - last) * self._rate)
            enough = tokens >= 1.0
            self._held[name] = (tokens - 1.0 if enough else tokens, now)
            if len(self._held) > _MOST:
                self._held.popitem(last=False)
            return 0 if enough else max(1, round((1.0 - tokens) / self._rate + 0.5))
