"""The kinds of picture files, and which of them a file is."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.base import MAGIC_BYTES
from meti_desk.formats.image.data import Data, damaged
from meti_desk.formats.image.gif import GIF
from meti_desk.formats.image.heif import HEIF
from meti_desk.formats.image.jpeg import JPEG
from meti_desk.formats.image.model import Container, Picture
from meti_desk.formats.image.png import PNG
from meti_desk.formats.image.tiff import TIFF
from meti_desk.formats.image.webp import WEBP

CONTAINERS: tuple[Container, ...] = (JPEG, PNG, WEBP, GIF, TIFF, HEIF)


def variant_of(data: Data) -> str | None:
    """Name what a file is, or `None`."""
    head = data[0:MAGIC_BYTES]
    return next((name for one in CONTAINERS if (name := one.recognise(head, data))), None)


def opened(source: BinaryIO) -> tuple[Container, Data, Picture]:
    """Find a file's container and read its parts.

    Raises `InvalidInput`: `document.damaged`, `document.too-large`, `document.bomb`.
    """
    data = Data(source)
    head = data[0:MAGIC_BYTES]
    for one in CONTAINERS:
        if one.recognise(head, data):
            return one, data, _read(one, data)
    raise damaged("not-a-picture")


def _read(container: Container, data: Data) -> Picture:
    with guarded():
        return container.read(data)


@contextmanager
def guarded() -> Iterator[None]:
    """Take whatever a structure that does not hold makes Python raise for what it is."""
    try:
        yield
    except (IndexError, ValueError, OverflowError, RecursionError, struct.error) as bad:
        if isinstance(bad, InvalidInput):
            raise
        raise damaged("structure") from bad
