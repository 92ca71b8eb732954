"""HEIF of every layout: a label moves no coded byte, and all places named go on being right."""

import io
import struct

import pytest

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.image.family import IMAGES
from tests.formats.image.heif_files import CODED, GRID, Layout, box, build
from tests.formats.image.pictures import (
    CHANGED,
    NOTHING,
    PROPERTIES,
    exif,
    inspected,
    labelled,
    packet,
)

EXIF = exif(6, "camera")[6:]
LAYOUTS = {
    "plain": Layout(),
    "old-table": Layout(iloc=0),
    "wide-table": Layout(iloc=2),
    "base-and-offset": Layout(base_size=4),
    "base-alone": Layout(base_size=4, offset_size=0),
    "long-offsets": Layout(offset_size=8),
    "pieces": Layout(pieces=3),
    "with-idat": Layout(in_idat=True),
    "exif": Layout(exif=EXIF),
    "xmp": Layout(xmp=packet()),
    "xmp-with-room": Layout(xmp=packet() + b" " * 3000),
    "xmp-in-pieces": Layout(xmp=packet(), pieces=2),
    "xmp-in-idat": Layout(xmp=packet(), in_idat=True, xmp_in_idat=True),
    "all": Layout(xmp=packet(), exif=EXIF, thumbnail=b"small" * 30, in_idat=True),
    "wide-references": Layout(exif=EXIF, references=1),
    "no-references": Layout(exif=EXIF, without_references=True),
    "open-end": Layout(open_end=True, exif=EXIF),
    "wide-box": Layout(wide_box=True),
    "meta-last": Layout(meta_last=True, exif=EXIF),
    "behind": Layout(behind=b"no box at all"),
    "box-behind": Layout(behind=box(b"mpvd", b"motion")),
    "avif": Layout(brand=b"avif"),
    "other-text": Layout(items={9: (b"mime", b"text"), 12: (b"uri ", b"data")}),
}
every_layout = pytest.mark.parametrize("name", LAYOUTS)


def content(data: bytes) -> dict[int, bytes]:
    """Read all items with a reader of our own for the tests: only what `build` and we write."""
    meta = data.index(b"meta") + 8
    iloc = data.index(b"iloc", meta)
    idat = data.find(b"idat", meta) + 4
    version = data[iloc + 4]
    at = iloc + 8
    sizes = struct.unpack(">H", data[at : at + 2])[0]
    offset, length, base = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
    wide = 4 if version == 2 else 2

    def number(size: int) -> int:
        nonlocal at
        at += size
        return int.from_bytes(data[at - size : at], "big")

    number(2)
    found = {}
    for _ in range(number(wide)):
        item = number(wide)
        start = idat if version and number(2) else 0
        number(2)
        start += number(base)
        found[item] = b""
        for _ in range(number(2)):
            place = start + number(offset)
            size = number(length)
            found[item] += data[place : place + size]
    return found


@every_layout
def test_a_label_reads_back_and_every_item_stays(name: str) -> None:
    data = build(LAYOUTS[name])
    before, old = inspected(data), content(data)
    for order in ((), (CHANGED,), (CHANGED, NOTHING)):
        done = labelled(data)
        for one in order:
            done = labelled(done, one)
        after = inspected(done)
        assert after.properties == (order[-1].properties if order else PROPERTIES)
        assert after.digest == before.digest
        new = content(done)
        assert new[1] == CODED
        assert {n: c for n, c in new.items() if n in old and n != 6} == {
            n: c for n, c in old.items() if n != 6
        }
    assert b"sealseal" not in done


@every_layout
def test_labelling_twice_gives_the_same_bytes(name: str) -> None:
    once = labelled(build(LAYOUTS[name]))
    assert labelled(once) == once


@pytest.mark.parametrize("name", ["xmp", "xmp-in-idat", "xmp-in-pieces", "all"])
def test_what_others_wrote_stays(name: str) -> None:
    done = labelled(build(LAYOUTS[name]))
    assert [one.text for one in inspected(done).text][:1] == ["【機密性3情報】会議の写真"]
    assert content(done)[6].count(b"Rating") == 1
    assert done.count(b"Rating") == 1


def test_relabelling_does_not_make_the_file_grow_for_ever() -> None:
    done = labelled(build(LAYOUTS["plain"]))
    sizes = set()
    for _ in range(4):
        done = labelled(labelled(done, CHANGED))
        sizes.add(len(done))
    assert len(sizes) == 1


def test_a_grid_is_part_of_what_is_seen_and_a_thumbnail_is_not() -> None:
    plain = build(Layout(in_idat=True, thumbnail=b"small" * 30))
    assert inspected(plain).digest != inspected(plain.replace(GRID, GRID[::-1])).digest
    assert inspected(plain).digest == inspected(plain.replace(b"small", b"SMALL")).digest
    turned = plain.replace(b"irot\1", b"irot\2")
    assert inspected(plain).digest != inspected(turned).digest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"iloc", b"ilox"),
        (b"iinf", b"iinx"),
        (b"meta", b"metx"),
        (struct.pack(">L", len(CODED)), struct.pack(">L", 1 << 30)),
    ],
)
def test_a_broken_table_is_refused_by_code(old: bytes, new: bytes) -> None:
    data = build(Layout()).replace(old, new, 1)
    with pytest.raises(InvalidInput) as caught:
        IMAGES.write_label(io.BytesIO(data), io.BytesIO(), CHANGED)
    assert caught.value.code == "document.damaged"
