"""Which bytes of a film's data its tracks use."""

from typing import Any

import numpy as np

from meti_desk.formats.image.data import Data, damaged
from meti_desk.formats.media.boxes import Box, boxes

_TABLES = (b"stsz", b"stz2", b"stsc", b"stco", b"co64")
_PATH = (b"mdia", b"minf", b"stbl")
_MOST_SAMPLES = 1 << 24


class Used:
    """Gathers the spans that tracks refer to; a film in fragments is taken to use all of it."""

    def __init__(self, data: Data) -> None:
        self._data = data
        self._starts: list[Any] = []
        self._stops: list[Any] = []
        self._open: list[Any] = []
        self._all = False

    def add(self, box: Box) -> None:
        """Take in a track, or a fragment."""
        if box.kind == b"moof":
            self._all = True
            return
        tables = self._tables(box)
        chunks = self._places(tables)
        if len(chunks) == 0:
            return
        try:
            self._chunks(tables, chunks)
        except (ValueError, IndexError, KeyError) as bad:
            raise damaged("tables") from bad

    def spans(self, whole: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Give what is used of these spans, joined and in order."""
        if self._all:
            return whole
        self._close(whole)
        if not self._starts:
            return []
        starts, stops = np.concatenate(self._starts), np.concatenate(self._stops)
        order = np.argsort(starts, kind="stable")
        starts, reach = starts[order], np.maximum.accumulate(stops[order])
        # A new span begins where everything before has ended.
        first = np.concatenate(([True], starts[1:] > reach[:-1]))
        begins = starts[first]
        ends = reach[np.concatenate((np.flatnonzero(first)[1:] - 1, [len(starts) - 1]))]
        found = []
        for start, stop in zip(begins.tolist(), ends.tolist(), strict=True):
            for low, high in whole:
                if max(start, low) < min(stop, high):
                    found.append((max(start, low), min(stop, high)))
        return sorted(found)

    def _close(self, whole: list[tuple[int, int]]) -> None:
        """Let chunks of unknown length go on to the next chunk, or to the end of the data."""
        if not self._open:
            return
        limits = np.unique(
            np.concatenate([*self._starts, *self._open, np.array([b for _, b in whole], np.int64)])
        )
        for chunks in self._open:
            after = np.searchsorted(limits, chunks, side="right")
            if len(chunks) and (after >= len(limits)).any():
                raise damaged("tables")
            self._starts.append(chunks)
            self._stops.append(limits[after])
        self._open = []

    def _tables(self, track: Box) -> dict[bytes, Box]:
        found: dict[bytes, Box] = {}
        inside = track
        for kind in _PATH:
            step = next(
                (b for b in boxes(self._data, inside.body, inside.stop) if b.kind == kind), None
            )
            if step is None:
                return found
            inside = step
        for one in boxes(self._data, inside.body, inside.stop):
            if one.kind in _TABLES:
                found[one.kind] = one
            elif one.kind == b"stsd":
                found[b"stsd"] = one
        return found

    def _table(self, box: Box, skip: int, kind: str) -> Any:
        body = self._data.exact(box.body + skip, box.stop - box.body - skip, "table")
        width = np.dtype(kind).itemsize
        return np.frombuffer(body[: len(body) // width * width], kind)

    def _places(self, tables: dict[bytes, Box]) -> Any:
        for kind, form in ((b"stco", ">u4"), (b"co64", ">u8")):
            if kind in tables:
                count = self._data.number(tables[kind].body + 4, 4, "table")
                found = self._table(tables[kind], 8, form)
                if count > len(found):
                    raise damaged("tables")
                return found[:count].astype(np.int64)
        return np.zeros(0, np.int64)

    def _chunks(self, tables: dict[bytes, Box], chunks: Any) -> None:
        """Add up how long each chunk is: samples in it by `stsc`, their sizes by `stsz`."""
        runs = self._table(tables[b"stsc"], 8, ">u4").astype(np.int64)
        count = self._data.number(tables[b"stsc"].body + 4, 4, "table")
        if count == 0 or len(runs) < 3 * count:
            raise damaged("tables")
        runs = runs[: 3 * count].reshape(-1, 3)
        firsts = runs[:, 0] - 1
        if firsts[0] != 0 or (np.diff(firsts) <= 0).any():
            raise damaged("tables")
        per = np.repeat(runs[:, 1], np.diff(np.append(firsts, len(chunks))).clip(0))[: len(chunks)]
        if len(per) != len(chunks) or per.sum() > _MOST_SAMPLES * 64:
            raise damaged("tables")
        same = self._data.number(tables[b"stsz"].body + 4, 4, "table") if b"stsz" in tables else 0
        if same and self._is_open(tables, same):
            self._open.append(chunks)
            return
        lengths = self._lengths(tables, per)
        self._starts.append(chunks)
        self._stops.append(chunks + lengths)

    def _lengths(self, tables: dict[bytes, Box], per: Any) -> Any:
        if b"stsz" in tables:
            box = tables[b"stsz"]
            same = self._data.number(box.body + 4, 4, "table")
            if same:
                return per * same
            sizes = self._table(box, 12, ">u4").astype(np.int64)
        else:
            sizes = self._small(tables[b"stz2"])
        count = self._data.number((tables.get(b"stsz") or tables[b"stz2"]).body + 8, 4, "table")
        if count > len(sizes):
            raise damaged("tables")
        total = np.concatenate(([0], np.cumsum(sizes[:count])))
        ends = np.cumsum(per).clip(0, count)
        starts = np.concatenate(([0], ends[:-1]))
        return total[ends] - total[starts]

    def _small(self, box: Box) -> Any:
        width = self._data.number(box.body + 7, 1, "table")
        if width == 16:  # noqa: PLR2004 - bits of a size
            return self._table(box, 12, ">u2").astype(np.int64)
        packed = self._table(box, 12, ">u1").astype(np.int64)
        if width == 8:  # noqa: PLR2004
            return packed
        return np.stack((packed >> 4, packed & 15), axis=1).reshape(-1)

    def _is_open(self, tables: dict[bytes, Box], same: int) -> bool:
        """Tell whether samples of sound may be longer than said, as old QuickTime counts them.

        A sample is one moment there; how many bytes it takes is told by the description.
        """
        if b"stsd" not in tables:
            return True
        entry = self._data[tables[b"stsd"].body + 8 : tables[b"stsd"].body + 8 + 36]
        version, channels, bits = (int.from_bytes(entry[n : n + 2], "big") for n in (16, 24, 26))
        return version == 1 or same == 1 or same < channels * ((bits + 7) // 8)
