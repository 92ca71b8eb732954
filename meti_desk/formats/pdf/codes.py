"""How the bytes of a shown string are cut into codes, and which glyph (CID) a code stands for.

A composite font names a CMap. Of the predefined ones only the lengths of their codes are known
here; widths of their glyphs are measured with the second reader (`glyphs`).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pikepdf import Name, Stream

Cut = Callable[[bytes], list[bytes]]
"""Cuts a string into its codes."""

_TOKEN = re.compile(rb"<([0-9A-Fa-f\s]*)>|(\[)|(\])|/([^\s/<>\[\]()]+)|([^\s/<>\[\]()]+)|%[^\r\n]*")
_MOST_RANGE = 0x110000
_SHIFT_JIS = ((0x81, 0x9F), (0xE0, 0xFC))
_EUC = ((0x81, 0xFE),)


@dataclass(slots=True)
class CMap:
    """Ranges of codes by their length, and CIDs by code where they are known."""

    spaces: list[tuple[int, bytes, bytes]] = field(default_factory=list)
    cids: dict[bytes, int] = field(default_factory=dict)
    ranges: list[tuple[bytes, bytes, int]] = field(default_factory=list)

    def cut(self, data: bytes) -> list[bytes]:
        """Cut a string into codes; what fits no range is one code of the shortest length."""
        codes, at = [], 0
        shortest = min((size for size, _, _ in self.spaces), default=1)
        while at < len(data):
            size = next((n for n, low, high in self.spaces if _fits(data, at, low, high)), shortest)
            codes.append(data[at : at + size])
            at += size
        return codes

    def cid(self, code: bytes) -> int | None:
        """Give the CID of a code."""
        if code in self.cids:
            return self.cids[code]
        for low, high, first in self.ranges:
            if len(low) == len(code) and low <= code <= high:
                return first + int.from_bytes(code, "big") - int.from_bytes(low, "big")
        return None


def _fits(data: bytes, at: int, low: bytes, high: bytes) -> bool:
    piece = data[at : at + len(low)]
    return len(piece) == len(low) and all(
        a <= b <= c for a, b, c in zip(low, piece, high, strict=True)
    )


def single(data: bytes) -> list[bytes]:
    """Cut into single bytes, as simple fonts do."""
    return [data[at : at + 1] for at in range(len(data))]


def pairs(data: bytes) -> list[bytes]:
    """Cut into pairs of bytes, as Identity and UCS-2 do."""
    return [data[at : at + 2] for at in range(0, len(data), 2)]


def _utf16(data: bytes) -> list[bytes]:
    codes, at = [], 0
    while at < len(data):
        size = 4 if 0xD8 <= data[at] <= 0xDB else 2  # noqa: PLR2004 - lead surrogates
        codes.append(data[at : at + size])
        at += size
    return codes


def _mixed(leads: tuple[tuple[int, int], ...]) -> Cut:
    def cut(data: bytes) -> list[bytes]:
        codes, at = [], 0
        while at < len(data):
            size = 2 if any(low <= data[at] <= high for low, high in leads) else 1
            codes.append(data[at : at + size])
            at += size
        return codes

    return cut


def predefined(name: str) -> Cut | None:
    """Tell how a predefined CMap cuts a string; `None` for those that are not known."""
    stem = re.sub(r"-?[HV]$", "", name.lstrip("/"))
    if stem in {"Identity", "", "78", "Ext", "Add", "GB", "KSC", "UniJIS2004-UCS2"}:
        return pairs
    if "UCS2" in stem:
        return pairs
    if "UTF16" in stem:
        return _utf16
    if "RKSJ" in stem:
        return _mixed(_SHIFT_JIS)
    if stem.startswith(("CNS", "GBK2K")):
        return None
    known = ("EUC", "GBK", "GBpc", "B5", "KSCms", "KSCpc", "HKscs")
    return _mixed(_EUC) if any(word in stem for word in known) else None


def read_cmap(stream: Any) -> CMap | None:
    """Read an embedded CMap; `None` when it builds on one that is not known here."""
    cmap = CMap()
    base = stream.get("/UseCMap")
    if isinstance(base, Stream):
        below = read_cmap(base)
        if below is None:
            return None
        cmap = below
    elif base is not None and base not in (Name("/Identity-H"), Name("/Identity-V")):
        return None
    _read(stream.read_bytes(), cmap)
    if base is not None and not isinstance(base, Stream):
        cmap.spaces.append((2, b"\0\0", b"\xff\xff"))
        cmap.ranges.append((b"\0\0", b"\xff\xff", 0))
    return cmap if cmap.spaces else None


def _read(data: bytes, cmap: CMap) -> None:
    held: list[bytes | int] = []
    for kind, value in _tokens(data):
        if kind == "word" and isinstance(value, bytes) and value.startswith(b"begin"):
            held = []
        elif kind == "word" and isinstance(value, bytes) and value.startswith(b"end"):
            _take(value, held, cmap)
            held = []
        elif kind == "hex" or (kind == "word" and isinstance(value, int)):
            held.append(value)


def _take(word: bytes, held: list[bytes | int], cmap: CMap) -> None:
    if word == b"endcodespacerange":
        for low, high in zip(held[::2], held[1::2], strict=False):
            if isinstance(low, bytes) and isinstance(high, bytes) and low:
                cmap.spaces.append((len(low), low, high))
    elif word == b"endcidrange":
        for low, high, cid in zip(held[::3], held[1::3], held[2::3], strict=False):
            if isinstance(low, bytes) and isinstance(high, bytes) and isinstance(cid, int):
                cmap.ranges.append((low, high, cid))
    elif word == b"endcidchar":
        for code, cid in zip(held[::2], held[1::2], strict=False):
            if isinstance(code, bytes) and isinstance(cid, int):
                cmap.cids[code] = cid


def _tokens(data: bytes) -> Iterator[tuple[str, bytes | int]]:
    for found in _TOKEN.finditer(data):
        digits, _, _, name, word = found.groups()
        if digits is not None:
            bare = re.sub(rb"\s", b"", digits)
            yield "hex", bytes.fromhex((bare + b"0" * (len(bare) % 2)).decode())
        elif name is not None:
            yield "name", name
        elif word is not None:
            number = word.isdigit() and int(word) < _MOST_RANGE
            yield "word", int(word) if number else word
