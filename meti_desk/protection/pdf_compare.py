"""Compares two PDFs object by object: the proof that protecting changed nothing inside."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pikepdf

_OF_THE_FILE = frozenset({"/Length", "/Extensions", "/Version"})
"""Keys that belong to the way in which a file is written, not to what it holds."""


def same(left: "pikepdf.Pdf", right: "pikepdf.Pdf") -> bool:
    """Tell whether catalogue, properties and all that hangs on them are equal.

    Streams are compared as they are stored (after decryption, before decoding). Object numbers,
    cross-reference tables and the file's identifier may differ. Iterative, because page trees and
    outlines are deep, and each pair of numbered objects is visited once, because they are cyclic.
    """
    todo: list[tuple[Any, Any]] = [(left.Root, right.Root)]
    infos = left.trailer.get("/Info"), right.trailer.get("/Info")
    todo.append(infos)
    seen: set[tuple[tuple[int, int], tuple[int, int]]] = set()
    while todo:
        one, two = todo.pop()
        numbers = _number(one), _number(two)
        if numbers[0] != (0, 0):
            if numbers in seen:
                continue
            seen.add(numbers)
        parts = _parts(one, two)
        if parts is None:
            return False
        todo += parts
    return len(left.pages) == len(right.pages)


def _number(thing: Any) -> tuple[int, int]:
    number: tuple[int, int] = getattr(thing, "objgen", (0, 0))
    return number


def _parts(one: Any, two: Any) -> list[tuple[Any, Any]] | None:
    """Give what is still to compare inside two objects, or `None` when they differ."""
    import pikepdf

    if type(one) is not type(two):
        return None
    if isinstance(one, pikepdf.Array):
        return list(zip(one, two, strict=True)) if len(one) == len(two) else None
    if isinstance(one, pikepdf.Stream | pikepdf.Dictionary):
        stored = isinstance(one, pikepdf.Stream)
        if stored and one.read_raw_bytes() != two.read_raw_bytes():
            return None
        first, second = _entries(one), _entries(two)
        if stored and not one.read_raw_bytes():
            # Of a stream that holds nothing, writing again leaves out how nothing was packed.
            first, second = _unpacked(first), _unpacked(second)
        return [(first[k], second[k]) for k in first] if first.keys() == second.keys() else None
    if isinstance(one, pikepdf.String):
        return [] if bytes(one) == bytes(two) else None
    return [] if one == two else None


def _entries(thing: Any) -> dict[str, Any]:
    """Give the entries that count; an entry that is null is the same as none (ISO 32000)."""
    return {k: v for k, v in thing.items() if k not in _OF_THE_FILE and v is not None}


def _unpacked(entries: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in entries.items() if k not in {"/Filter", "/DecodeParms"}}
