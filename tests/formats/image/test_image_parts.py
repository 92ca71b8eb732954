"""What is special to one kind of file: large packets, places by distance, what is left alone."""

import io
import struct
import zlib

import pytest
from PIL import Image

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats import xmp
from meti_desk.formats.base import Wants
from meti_desk.formats.image.family import IMAGES
from meti_desk.formats.registry import find
from tests.formats.image.pictures import (
    CHANGED,
    MAKERS,
    NOTHING,
    PROPERTIES,
    exif,
    inspected,
    labelled,
    packet,
    saved,
    shows,
    with_segments,
)

XMP = b"http://ns.adobe.com/xap/1.0/\0"
LARGE = packet(f'<dc:rights xmlns:x="y">{"r" * 64900}</dc:rights>')


def extended(data: bytes) -> bytes:
    """Join the extended packet by a reader of the tests' own."""
    word = b"http://ns.adobe.com/xmp/extension/\0"
    pieces, at = {}, data.find(word)
    while at >= 0:
        length = int.from_bytes(data[at - 2 : at], "big") - 2
        body = data[at + len(word) : at + length]
        pieces[int.from_bytes(body[36:40], "big")] = body[40:]
        at = data.find(word, at + 1)
    return b"".join(pieces[key] for key in sorted(pieces))


def test_an_extended_packet_stays_and_its_name_too() -> None:
    data = MAKERS["jpeg-extended"]()
    done = labelled(data)
    assert extended(done) == extended(data)
    assert b"0123456789ABCDEF0123456789ABCDEF" in done
    with Image.open(io.BytesIO(done)) as seen:
        assert seen.info["xmp"].count(b"HasExtendedXMP") == 1


def test_a_packet_that_grows_too_large_is_divided_and_nothing_is_lost() -> None:
    assert 65200 < len(LARGE) < 65502
    data = with_segments(saved("JPEG"), (0xE1, XMP + LARGE))
    done = labelled(data)
    assert inspected(done).properties == PROPERTIES
    assert extended(done).count(b"r" * 64900) == 1
    assert b"Rating" in extended(done)
    assert shows(done) == shows(data)
    again = labelled(done)
    assert again == done
    none = labelled(labelled(done, CHANGED), NOTHING)
    assert inspected(none).properties == {}
    assert extended(none) == extended(done)
    assert inspected(none).text == inspected(data).text


def test_a_packet_with_an_extended_one_that_grows_too_large_is_joined_with_it() -> None:
    data = MAKERS["jpeg-extended"]()
    more = f"<dc:rights>{'r' * 64500}</dc:rights></rdf:Description>".encode()
    at = data.index(XMP) - 4
    length = int.from_bytes(data[at + 2 : at + 4], "big")
    body = data[at + 4 : at + 2 + length].replace(b"</rdf:Description>", more)
    grown = data[: at + 2] + struct.pack(">H", len(body) + 2) + body + data[at + 2 + length :]
    done = labelled(grown)
    assert inspected(done).properties == PROPERTIES
    assert b"r" * 64500 in extended(done)
    assert b"0123456789" * 9000 in extended(done)
    assert b"0123456789ABCDEF0123456789ABCDEF" not in done
    assert labelled(done) == done


def test_of_two_packets_the_second_keeps_no_old_label() -> None:
    one = packet()
    two = packet(f'<m:label xmlns:m="{xmp.NAMESPACE}">C1;I1;A1</m:label><dc:rights>x</dc:rights>')
    done = labelled(with_segments(saved("JPEG"), (0xE1, XMP + one), (0xE1, XMP + two)))
    assert done.count(b"<dc:rights>x</dc:rights>") == 1
    assert b"C1;I1;A1" not in done
    assert inspected(done).properties == PROPERTIES


def pictures_of(data: bytes) -> list[bytes]:
    """Decode each picture of a multi-picture file."""
    with Image.open(io.BytesIO(data)) as seen:
        found = []
        for number in range(seen.n_frames):  # type: ignore[attr-defined]
            seen.seek(number)
            found.append(seen.tobytes())
        return found


def test_the_pictures_of_a_multi_picture_file_are_still_found() -> None:
    data = saved("MPO", frames=3, xmp=packet())
    assert len(pictures_of(data)) == 3
    for done in (labelled(data), labelled(MAKERS["jpeg-many-pictures"]())):
        assert pictures_of(done) == pictures_of(data)
        assert pictures_of(labelled(done, CHANGED)) == pictures_of(data)
        assert pictures_of(labelled(done, NOTHING)) == pictures_of(data)


def test_what_lies_behind_the_picture_keeps_its_distance_from_exif() -> None:
    behind = b"preview picture of a camera"
    roomy = packet().replace(b"</x:xmpmeta>", b"</x:xmpmeta>" + b" " * 3000)
    for made in (saved("JPEG", exif=exif()), saved("JPEG", exif=exif(), xmp=roomy)):
        data = made + behind
        done = labelled(data)
        assert done.index(behind) - done.index(b"Exif\0") == data.index(behind) - data.index(
            b"Exif\0"
        )


@pytest.mark.parametrize("order", [">", "<"])
def test_places_counted_from_the_beginning_are_written_anew(order: str) -> None:
    plain = saved("JPEG")
    word = b"AXS!" if order == ">" else b"AXS*"
    text = b"text of the trailer"
    start = len(plain) + len(text)
    entry = b"TEXT" + struct.pack(order + "LL", len(text), len(plain))
    trailer = (
        text + word + struct.pack(order + "HHL", 1, 1, 0) + entry
        + word + struct.pack(order + "LL", start, 0)
    )  # fmt: skip
    done = labelled(plain + trailer)
    (place,) = struct.unpack(order + "L", done[-8:-4])
    assert done[place : place + 4] == word
    (at,) = struct.unpack(order + "L", done[place + 20 : place + 24])
    assert done[at : at + len(text)] == text


def test_fill_bytes_and_a_marker_at_the_border_of_a_window() -> None:
    data = saved("JPEG").replace(b"\xff\xdb", b"\xff\xff\xff\xdb", 1)
    assert shows(labelled(data)) == shows(data)
    scan = b"\xff\xda\0\x08\x01\x01\0\0\x3f\0"
    for size in range((1 << 20) - 3, (1 << 20) + 2):
        made = b"\xff\xd8" + scan + b"a" * size + b"\xff\xd9" + b"behind"
        assert labelled(made).endswith(b"\xff\xd9behind")
        assert inspected(made).digest == inspected(made[:-6]).digest


def test_simple_webp_gets_the_head_that_announces_xmp() -> None:
    for name, flags in (("webp", 4), ("webp-lossless", 0x14), ("webp-exif", 0x2C)):
        done = labelled(MAKERS[name]())
        assert done[12:16] == b"VP8X"
        assert done[20] == flags
        assert int.from_bytes(done[24:27], "little") + 1 == 37
        assert int.from_bytes(done[4:8], "little") == len(done) - 8
        with Image.open(io.BytesIO(done)) as seen:
            assert b"C2;I2;A1" in seen.info["xmp"]
        assert labelled(done, NOTHING)[20] == flags & ~4


def test_gif_87a_becomes_89a_and_loops_stay_first() -> None:
    assert labelled(MAKERS["gif-87a"]())[:6] == b"GIF89a"
    done = labelled(MAKERS["gif-animated"]())
    assert 0 < done.index(b"NETSCAPE2.0") < done.index(b"XMP DataXMP")
    with Image.open(io.BytesIO(done)) as seen:
        assert seen.info["loop"] == 0


def test_no_strip_and_no_page_of_a_tiff_is_moved() -> None:
    for name in ("tiff", "tiff-pages", "tiff-big-endian", "bigtiff"):
        data = MAKERS[name]()
        done = labelled(data)
        link = 8 if name == "bigtiff" else 4
        size = 8 if name == "bigtiff" else 4
        assert done[:link] == data[:link]
        directory = int.from_bytes(
            data[link : link + size], "big" if data[:1] == b"M" else "little"
        )
        assert done[link + size : directory] == data[link + size : directory]
        # Only the first directory is written anew, behind all else; where it stood nothing is left.
        changed = [at for at in range(directory, len(data)) if done[at] != data[at]]
        assert all(done[at] == 0 for at in changed)
        assert len(changed) < 300
        with Image.open(io.BytesIO(done)) as seen:
            tags = list(seen.tag_v2)  # type: ignore[attr-defined]
        assert tags == sorted(tags)


def test_a_tiff_does_not_grow_with_each_label() -> None:
    done = labelled(labelled(MAKERS["tiff"]()), CHANGED)
    assert len(labelled(labelled(done), CHANGED)) == len(done)


@pytest.mark.parametrize("tag", [50706, 34713])
def test_raw_data_of_a_camera_is_left_alone(tag: int) -> None:
    plain = MAKERS["tiff-big-endian"]()
    if tag == 50706:
        data = saved("TIFF", tiffinfo={50706: b"\1\4\0\0"})
    else:
        data = plain.replace(
            struct.pack(">HHLH", 259, 3, 1, 1), struct.pack(">HHLH", 259, 3, 1, tag)
        )
    assert IMAGES.recognise(data[:4096], io.BytesIO(data)) is None
    assert find(io.BytesIO(data)).family.id == "other"
    movie = struct.pack(">L", 24) + b"ftypmp42" + bytes(4) + b"isommp42"
    assert IMAGES.recognise(movie, io.BytesIO(movie)) is None


def test_a_packed_packet_that_is_a_bomb_is_refused() -> None:
    bomb = b"XML:com.adobe.xmp\0\x01\0\0\0" + zlib.compress(bytes(80 << 20))
    chunk = struct.pack(">L", len(bomb)) + b"iTXt" + bomb
    chunk += struct.pack(">L", zlib.crc32(b"iTXt" + bomb))
    plain = saved("PNG")
    with pytest.raises(InvalidInput) as caught:
        IMAGES.inspect(io.BytesIO(plain[:33] + chunk + plain[33:]), Wants())
    assert caught.value.code == "document.bomb"


def test_entities_in_a_packet_are_not_expanded() -> None:
    evil = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    body = evil + packet("<dc:rights>&b;</dc:rights>")[60:]
    done = labelled(with_segments(saved("JPEG"), (0xE1, XMP + body)))
    assert b"aaaaaaaaaaaaaaaaaaaa" not in done
    assert inspected(done).properties == PROPERTIES
