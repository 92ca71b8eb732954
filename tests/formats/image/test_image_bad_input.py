"""Damage of any kind: labelled without a changed pixel, or refused by a code; nothing else."""

import io
import os
import random
import struct
import time

import pytest

from meti_desk.domain.errors import InvalidInput, MetiDeskError
from meti_desk.formats.base import Wants
from meti_desk.formats.image.family import IMAGES
from tests.formats.image.heif_files import Layout, box, build
from tests.formats.image.pictures import MAKERS, exif, labelled, packet, saved
from tests.formats.image.test_image_scrub import scrubbed

FULL = os.environ.get("METI_DESK_FULL") == "1"
CODES = {"document.damaged", "document.too-large", "document.bomb"}
SOURCES = {
    **MAKERS,
    "heic": lambda: build(Layout(xmp=packet(), exif=exif()[6:], in_idat=True)),
}
TRIES = 60 if FULL else 12


def attempt(data: bytes) -> str:
    """Inspect and label; give the code where it was refused."""
    try:
        if IMAGES.recognise(data[:4096], io.BytesIO(data)) is None:
            return "none"
        IMAGES.inspect(io.BytesIO(data), Wants(text=True))
        labelled(data)
    except InvalidInput as refused:
        return refused.code
    return ""


@pytest.mark.parametrize("name", SOURCES)
def test_a_file_cut_off_anywhere_ends_in_a_label_or_a_code(name: str) -> None:
    data = SOURCES[name]()
    chance = random.Random(name)
    for _ in range(TRIES):
        assert attempt(data[: chance.randrange(len(data))]) in CODES | {"", "none"}


@pytest.mark.parametrize("name", SOURCES)
def test_changed_bytes_end_in_a_label_or_a_code(name: str) -> None:
    data = SOURCES[name]()
    chance = random.Random(name)
    for _ in range(TRIES):
        harmed = bytearray(data)
        reach = len(data) if chance.random() < 0.5 else min(len(data), 600)
        for _ in range(chance.choice((1, 4, 20))):
            harmed[chance.randrange(reach)] = chance.choice((0, 0xFF, chance.randrange(256)))
        # Data that overlaps the tables moves with them: the proof notices.
        assert attempt(bytes(harmed)) in CODES | {"", "none", "label.not-proven"}


@pytest.mark.parametrize("name", ["jpeg", "png", "webp", "gif", "tiff", "avif"])
def test_what_is_cut_off_in_its_head_is_refused(name: str) -> None:
    data = MAKERS[name]()
    with pytest.raises(MetiDeskError) as caught:
        labelled(data[:16])
    assert caught.value.code == "document.damaged"


def test_a_ring_of_directories_ends() -> None:
    data = bytearray(MAKERS["tiff-big-endian"]())
    data[-4:] = data[4:8]
    assert attempt(bytes(data)) == "document.damaged"


def hostile() -> dict[str, bytes]:
    """Make files that point at themselves, or nest without end."""
    inner = struct.pack("<HHHLLL", 1, 0x8769, 4, 1, 8, 0)
    ring = b"II*\0" + struct.pack("<L", 8) + inner
    many = [struct.pack("<HHLL", 330, 4, 200_000, 64), struct.pack("<HHLL", 0x8769, 4, 1, 8)]
    crowd = b"II*\0" + struct.pack("<LH", 8, 2) + b"".join(many) + bytes(30)
    crowd += struct.pack("<L", 8) * 200_000
    nested = b""
    for _ in range(3000):
        nested = box(b"trak", nested)
    movie = build(Layout(behind=box(b"moov", nested)))
    deep = b"<a>" * 100_000
    return {
        "a directory in itself": ring,
        "very many directories": crowd,
        "a movie without end": movie,
        "deep xmp": saved("TIFF", tiffinfo={700: deep}),
        "exif in exif": saved("PNG", exif=ring),
    }


@pytest.mark.parametrize("name", hostile())
def test_hostile_structures_end_quickly_in_a_label_or_a_code(name: str) -> None:
    data = hostile()[name]
    begun = time.process_time()
    for act in (labelled, scrubbed):
        try:
            act(data)
        except MetiDeskError as refused:
            assert refused.code.startswith(("document.", "scrub.", "label."))  # noqa: PT017
    assert time.process_time() - begun < 5
