"""Both ways of deflate read the same; what cannot be read is refused by both."""

import os
import random
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meti_desk.formats.deflate import FAULTS, crc32, inflater, packed, quickly
from meti_desk.formats.zip_writer import DEFLATED

SEED = 20261123


def by_zlib(data: bytes, size: int) -> bytes | None:
    """Expand as `Container` did before: `None` for what is not exactly of this size."""
    inflate = zlib.decompressobj(-15)
    try:
        found = inflate.decompress(data, size + 1)
    except zlib.error:
        return None
    return found if len(found) == size else None


def by_ours(data: bytes, size: int) -> bytes | None:
    inflate = inflater()
    try:
        found = inflate.decompress(data, size + 1)
    except FAULTS:
        return None
    return found if len(found) == size else None


CONTENT = st.binary(max_size=3000) | st.text("格付補助金の abc<w:p/>", max_size=2000).map(
    str.encode
)


@given(CONTENT, st.integers(0, 9))
def test_what_zlib_wrote_is_read(content: bytes, level: int) -> None:
    deflate = zlib.compressobj(level, zlib.DEFLATED, -15)
    data = deflate.compress(content) + deflate.flush()
    inflate = inflater()
    assert inflate.decompress(data, len(content) + 1) == content
    assert inflate.eof
    assert inflate.unused_data == b""
    assert crc32(content) == zlib.crc32(content)
    assert crc32(content[5:], crc32(content[:5])) == zlib.crc32(content)


@given(CONTENT)
def test_what_is_written_is_read_by_zlib(content: bytes) -> None:
    for made in (quickly(content), packed((content[:7], content[7:]))):
        assert made.method == DEFLATED
        assert (made.size, made.crc) == (len(content), zlib.crc32(content))
        assert zlib.decompress(made.data, -15) == content == made.expand()


@given(CONTENT, st.randoms(use_true_random=False))
def test_what_is_damaged_is_never_read_as_two_things(content: bytes, chance: random.Random) -> None:
    data = bytearray(quickly(content).data)
    for _ in range(chance.randint(1, 3)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    cut = bytes(data[: chance.randint(0, len(data))] if chance.random() < 0.3 else data)
    one, two = by_zlib(cut, len(content)), by_ours(cut, len(content))
    assert one is None or two is None or one == two


def _members(path: Path) -> list[tuple[bytes, int, int]]:
    """Give the deflated members of a zip as they lie in it, with their sizes and sums."""
    found = []
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as file:
            for info in archive.infolist():
                if info.compress_type != zipfile.ZIP_DEFLATED or info.flag_bits & 1:
                    continue
                file.seek(info.header_offset + 26)
                name, extra = struct.unpack("<HH", file.read(4))
                file.seek(info.header_offset + 30 + name + extra)
                found.append((file.read(info.compress_size), info.file_size, info.CRC))
    except (zipfile.BadZipFile, struct.error, OSError):
        return []
    return found


def test_every_member_of_real_documents_is_read_alike() -> None:
    place = os.environ.get("METI_DESK_CORPUS")
    if not place:
        pytest.skip("METI_DESK_CORPUS is not set")
    files = sorted(one for one in Path(place).rglob("*") if zipfile.is_zipfile(one))
    if not os.environ.get("METI_DESK_FULL"):
        files = random.Random(SEED).sample(files, min(25, len(files)))
    read = 0
    for path in files:
        for data, size, crc in _members(path):
            found = by_ours(data, size)
            assert found == by_zlib(data, size), path.name
            assert found is None or crc32(found) == zlib.crc32(found)
            read += found is not None and crc32(found) == crc
    assert read > 100
