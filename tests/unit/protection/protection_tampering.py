"""Protected files of every method for the tests that change them, with their cost held low."""

import io
from collections.abc import Callable
from typing import NamedTuple

from protection_samples import package

from meti_desk.domain.errors import InvalidInput
from meti_desk.protection import agile, registry
from meti_desk.protection.base import Key, Lock

CANARY = b"Kanarienvogel-4711 "
PASSWORD = "pass"
KEY = Key(PASSWORD)
WITH_INTEGRITY = ("office", "zip", "cms", "metienc", "html")


class Sample(NamedTuple):
    """A protected file, and what opening it gives."""

    raw: bytes
    plain: bytes


class Outcome(NamedTuple):
    """What opening gave: the code of the refusal, or the bytes."""

    code: str
    plain: bytes


def sample(method: str, size: int, *, rounds: int = 10, seed: int = 7) -> Sample:
    """Protect about `size` bytes that hold the canary."""
    source = _SOURCES.get(method, _any)(size, seed)
    out = io.BytesIO()
    if method == "office":
        # The only method whose rounds are no part of the lock.
        agile.encrypt(source, out, PASSWORD, _random, spin=rounds)
    else:
        registry.protect(method, source, out, Lock(PASSWORD, rounds=rounds), name="a.bin")
    plain = outcome(out.getvalue())
    assert plain.code == ""
    if method != "pdf":
        assert plain.plain == source.getvalue()
    return Sample(out.getvalue(), plain.plain)


def outcome(raw: bytes, key: Key = KEY) -> Outcome:
    """Open a file; after a refusal nothing may be left, and only our errors may come."""
    target = io.BytesIO()
    try:
        registry.open_any(io.BytesIO(raw), target, key)
    except InvalidInput as refused:
        left = target.getvalue()
        if left:
            raise AssertionError(refused.code) from refused
        return Outcome(refused.code, b"")
    return Outcome("", target.getvalue())


def flipped(raw: bytes, bit: int) -> bytes:
    """Turn one bit over."""
    at = bit // 8
    return raw[:at] + bytes([raw[at] ^ (1 << bit % 8)]) + raw[at + 1 :]


def _any(size: int, seed: int) -> io.BytesIO:
    import random

    noise = random.Random(seed).randbytes(size)
    return io.BytesIO((CANARY + noise)[: max(size, len(CANARY))])


def _package(size: int, seed: int) -> io.BytesIO:
    return package(size, seed)


def _pdf(size: int, seed: int) -> io.BytesIO:
    from reportlab.pdfgen.canvas import Canvas

    del seed
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    for page in range(1 + size // 2000):
        canvas.drawString(72, 720, f"{CANARY.decode()} {page}")
        canvas.showPage()
    canvas.save()
    return out


def _random(count: int) -> bytes:
    import os

    return os.urandom(count)


_SOURCES: dict[str, Callable[[int, int], io.BytesIO]] = {"office": _package, "pdf": _pdf}
