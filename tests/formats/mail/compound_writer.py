"""Writes small compound files (OLE2) for tests."""

import struct

_SECTOR, _SMALL, _CUTOFF = 512, 64, 4096
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD

Tree = dict[str, "bytes | Tree"]


class _Writer:
    def __init__(self) -> None:
        self.entries: list[dict[str, object]] = []
        self.sectors: list[bytes] = []
        self.chains: list[tuple[int, int]] = []
        self.mini = bytearray()
        self.small: list[int] = []

    def put(self, data: bytes) -> int:
        """Put a stream into sectors of its own."""
        if not data:
            return _END
        start = len(self.sectors)
        padded = data + bytes(-len(data) % _SECTOR)
        self.sectors += (padded[at : at + _SECTOR] for at in range(0, len(padded), _SECTOR))
        self.chains.append((start, len(self.sectors)))
        return start

    def put_small(self, data: bytes) -> int:
        """Put a small stream into the stream that all of them share."""
        start = len(self.small)
        count = -(-len(data) // _SMALL)
        self.small += [*range(start + 1, start + count), _END]
        self.mini += data + bytes(-len(data) % _SMALL)
        return start

    def add(self, name: str, content: "bytes | Tree", kind: int) -> int:
        """Add an entry with all that is in it; names are ordered by their length first."""
        number = len(self.entries)
        entry: dict[str, object] = {"name": name, "kind": kind, "child": _FREE, "right": _FREE}
        self.entries.append(entry)
        if isinstance(content, bytes):
            small = 0 < len(content) < _CUTOFF
            start = self.put_small(content) if small else self.put(content)
            entry |= {"start": start, "size": len(content)}
            return number
        entry |= {"start": 0, "size": 0}
        holder, side = entry, "child"
        for key in sorted(content, key=lambda one: (len(one), one.upper())):
            inner = content[key]
            at = self.add(key, inner, 2 if isinstance(inner, bytes) else 1)
            # A chain to the right is a tree all the same.
            holder[side] = at
            holder, side = self.entries[at], "right"
        return number

    def fat(self) -> tuple[list[int], list[int]]:
        """Give the table of sectors, and the sectors that it takes itself."""
        tables = -(-(len(self.sectors) + 2) // 127)
        table = [_FREE] * (128 * tables)
        for start, end in self.chains:
            table[start:end] = [*range(start + 1, end), _END]
        places = list(range(len(self.sectors), len(self.sectors) + tables))
        for at in places:
            table[at] = _FAT
        return table, places


def compound(tree: Tree) -> bytes:
    """Write the storages and streams of a tree."""
    writer = _Writer()
    writer.add("Root Entry", tree, 5)
    writer.entries[0] |= {"start": writer.put(bytes(writer.mini)), "size": len(writer.mini)}
    small = struct.pack(f"<{len(writer.small)}L", *writer.small)
    small_table = writer.put(small + b"\xff" * (-len(small) % _SECTOR))
    directory = writer.put(b"".join(map(_entry, writer.entries)))
    table, places = writer.fat()
    head = struct.pack(
        "<8s16xHHHHH6xLLLLLLLLL", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6,
        0, len(places), directory, 0, _CUTOFF, small_table, -(-len(small) // _SECTOR), _END, 0,
    )  # fmt: skip
    head += struct.pack("<109L", *places, *[_FREE] * (109 - len(places)))
    return head + b"".join(writer.sectors) + struct.pack(f"<{len(table)}L", *table)


def _entry(one: dict[str, object]) -> bytes:
    raw = (str(one["name"]) + "\0").encode("utf-16-le")
    return struct.pack(
        "<64sHBBLLL16xL16xLLL", raw, len(raw), one["kind"], 1, _FREE, one["right"], one["child"], 0,
        one["start"], one["size"], 0,
    )  # fmt: skip
