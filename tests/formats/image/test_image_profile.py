"""A colour profile keeps its colours and loses what it tells of the screen it was made on."""

import hashlib
import io
import struct

import pytest
from PIL import Image, ImageCms

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.base import ScrubOrder
from meti_desk.formats.image.containers import opened
from meti_desk.formats.image.family import IMAGES
from meti_desk.formats.image.profile import told_by, without_device
from meti_desk.formats.image.shown import digests
from tests.formats.image.heif_files import Layout
from tests.formats.image.heif_files import build as heif
from tests.formats.image.pictures import (
    device_profile,
    exif,
    fresh_profile,
    inspected,
    profile,
    saved,
    with_segments,
)
from tests.formats.image.test_image_scrub import findings, scrubbed

TOLD = (b"SERIAL-4711", b"YAMADA", b"mmod", b"0123456789abcdef")
KIND = "image.profile-device"


def gif() -> bytes:
    plain = saved("GIF", "P")
    at = 13 + (3 << (plain[10] & 7) + 1)
    whole = device_profile()
    pieces = [whole[n : n + 255] for n in range(0, len(whole), 255)]
    block = b"".join(bytes([len(one)]) + one for one in pieces) + b"\0"
    return plain[:at] + b"\x21\xff\x0bICCRGBG1012" + block + plain[at:]


def in_pieces() -> bytes:
    """Make a JPEG whose profile stands in two segments, the second one first."""
    whole = device_profile()
    head = b"ICC_PROFILE\0"
    return with_segments(
        saved("JPEG"),
        (0xE2, head + b"\2\2" + whole[300:]),
        (0xE2, head + b"\1\2" + whole[:300]),
    )


PICTURES = {
    "jpeg": lambda: saved("JPEG", icc_profile=device_profile()),
    "jpeg in pieces": in_pieces,
    "png": lambda: saved("PNG", icc_profile=device_profile()),
    "webp": lambda: saved("WEBP", icc_profile=device_profile(), lossless=True),
    "tiff": lambda: saved("TIFF", icc_profile=device_profile()),
    "gif": gif,
    "heic": lambda: heif(Layout(profile=device_profile())),
    "heic with exif": lambda: heif(
        Layout(profile=device_profile(), exif=exif(1).removeprefix(b"Exif\0\0"))
    ),
}


def profile_in(data: bytes) -> bytes:
    return opened(io.BytesIO(data))[2].profile


@pytest.mark.parametrize("name", PICTURES)
def test_the_device_goes_and_the_picture_stays(name: str) -> None:
    data = PICTURES[name]()
    assert KIND in {one.kind for one in findings(data)}
    clean = scrubbed(data)
    assert not any(one in clean or one in profile_in(clean) for one in TOLD)
    assert findings(clean) == ()
    assert scrubbed(clean, "publish") == clean
    assert inspected(clean).digest == inspected(data).digest
    if not name.startswith("heic"):
        with Image.open(io.BytesIO(data)) as before, Image.open(io.BytesIO(clean)) as after:
            assert before.tobytes() == after.tobytes()
        assert profile_in(clean) == without_device(device_profile())


def test_a_kept_profile_stays_as_it_is_and_one_left_behind_is_seen() -> None:
    data = saved("PNG", icc_profile=device_profile())
    assert profile_in(scrubbed(data, "provide", KIND)) == device_profile()
    with pytest.raises(InvalidInput) as refused:
        IMAGES.verify_scrub(io.BytesIO(data), io.BytesIO(data), ScrubOrder())
    assert refused.value.params["kind"] == KIND


def test_other_colours_are_no_removal() -> None:
    before = saved("TIFF", icc_profile=device_profile())
    other = bytearray(without_device(device_profile()))
    other[-200] ^= 1
    place = before.find(device_profile())
    after = before[:place] + bytes(other) + before[place + len(other) :]
    with pytest.raises(InvalidInput, match="text-changed"):
        IMAGES.verify_scrub(io.BytesIO(before), io.BytesIO(after), ScrubOrder())


def test_colours_are_the_same_to_a_reader_of_profiles() -> None:
    plain, left = profile(), without_device(device_profile())
    read = [ImageCms.getOpenProfile(io.BytesIO(one)).profile for one in (plain, left)]
    assert read[0].red_colorant == read[1].red_colorant
    assert read[0].media_white_point == read[1].media_white_point
    assert read[0].copyright == read[1].copyright
    assert told_by(left) == ""
    assert told_by(device_profile()) == "mmod meta targ"
    assert without_device(left) == left


def test_a_profile_that_tells_nothing_or_is_broken_stays_as_it_is() -> None:
    whole = device_profile()
    (count,) = struct.unpack_from(">L", whole, 128)
    outside = whole[: 132 + 8] + b"\xff\xff\xff\xff" + whole[132 + 12 :]
    made = fresh_profile()
    known = made[:4] + b"HP  " + made[8:80] + b"HP  " + made[84:]
    for odd in (
        known,
        profile(),
        b"",
        whole[:140],
        whole[:128] + b"\xff" * 4 + whole[132:],
        outside,
    ):
        assert without_device(odd) == odd
    assert count > 3


def test_a_digest_of_before_is_still_known() -> None:
    data = saved("PNG", icc_profile=device_profile())
    seen = inspected(data)
    _, reader, picture = opened(io.BytesIO(data))
    counted = hashlib.sha256(
        f"png\0{1}\0{hashlib.sha256(device_profile()).hexdigest()}".encode()
        + b"".join(f"\0{part.name}\0{part.hash(reader)}".encode() for part in picture.seen)
    ).hexdigest()
    assert (seen.digest, seen.earlier) == digests(reader, picture)
    assert seen.earlier == (counted,)
    assert inspected(saved("PNG", icc_profile=profile())).earlier == ()


def test_the_moment_of_saving_goes_from_a_profile_that_is_made_then() -> None:
    made = fresh_profile()
    assert made[4:8] == b"lcms"
    data = saved("PNG", icc_profile=made)
    (found,) = [one for one in findings(data) if one.kind == KIND]
    assert found.value.startswith("{}-{:02}-{:02}".format(*struct.unpack(">3H", made[24:30])))
    left = profile_in(scrubbed(data))
    assert left[:24] + left[36:] == made[:24] + made[36:]
    assert struct.unpack(">3H", left[24:30]) == (2000, 1, 1)
