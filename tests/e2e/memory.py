"""Looks through the memory of another process of ours, page by page."""

import re
from collections.abc import Iterator
from pathlib import Path

_LINE = re.compile(r"([0-9a-f]+)-([0-9a-f]+) (....) \S+ \S+ \S+ *(.*)")
_LARGEST = 1 << 30


def pages(pid: int) -> Iterator[tuple[str, bytes]]:
    """Give every readable private mapping with its name; what vanishes meanwhile is left out."""
    maps = Path(f"/proc/{pid}/maps").read_text(encoding="utf-8", errors="replace")
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in maps.splitlines():
            found = _LINE.match(line)
            if found is None or not found[3].startswith("rw"):
                continue
            start, end = int(found[1], 16), int(found[2], 16)
            if end - start > _LARGEST:
                continue
            try:
                memory.seek(start)
                yield found[4], memory.read(end - start)
            except OSError:
                continue


def count(pid: int, patterns: dict[str, bytes]) -> dict[str, int]:
    """Count how often each pattern stands in the process's writable memory."""
    found = dict.fromkeys(patterns, 0)
    for _name, data in pages(pid):
        for name, pattern in patterns.items():
            found[name] += data.count(pattern)
    return found
