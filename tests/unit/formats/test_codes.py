"""QR codes out of pictures and PDFs: what people send, what is broken, what is meant to harm."""

import io
import os
import struct
import zlib

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.codes import CodesOrder, read_codes

TEXT = "METISHARE1:" + "ABCDEFGH234567" * 6
ORDER = CodesOrder("METISHARE1:")
FULL = os.environ.get("METI_DESK_FULL") == "1"


def code(scale: int = 6) -> Image.Image:
    made = io.BytesIO()
    segno.make(TEXT, error="q").save(made, kind="png", scale=scale)
    return Image.open(made).convert("RGB")


def saved(image: Image.Image, kind: str = "PNG", **more: object) -> io.BytesIO:
    made = io.BytesIO()
    image.save(made, kind, **more)
    return made


def read(data: io.BytesIO) -> tuple[str, ...]:
    return read_codes(ORDER, data).texts


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png(mode: str) -> None:
    image = code()
    if mode == "I;16":
        image = image.convert("L").convert("I").point(lambda v: v * 257).convert("I;16")
    else:
        image = image.convert(mode)
    assert read(saved(image)) == (TEXT,)


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize("progressive", [False, True])
def test_every_kind_of_jpeg(mode: str, progressive: bool) -> None:  # noqa: FBT001 - a parameter
    assert read(saved(code().convert(mode), "JPEG", progressive=progressive)) == (TEXT,)


@pytest.mark.parametrize("degrees", [0, 90, 180, 17, -8])
def test_a_photo_is_turned_small_and_not_quite_even(degrees: int) -> None:
    paper = Image.new("RGB", (2400, 1800), (212, 208, 200))
    paper.paste(code(9).resize((560, 560)), (900, 600))
    turned = paper.rotate(degrees, expand=True, fillcolor=(90, 90, 90), resample=Image.BICUBIC)
    assert read(saved(turned, "JPEG", quality=70)) == (TEXT,)


def test_several_codes_and_others_beside() -> None:
    other = io.BytesIO()
    segno.make("https://example.com/").save(other, kind="png", scale=6)
    paper = Image.new("RGB", (1400, 700), "white")
    paper.paste(code(), (20, 20))
    paper.paste(Image.open(other).convert("RGB"), (800, 20))
    assert read(saved(paper)) == (TEXT,)
    assert len(read_codes(CodesOrder(), saved(paper)).texts) == 2


def test_a_report_tells_no_share() -> None:
    assert "ABCDEFGH" not in repr(read_codes(ORDER, saved(code())))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "code.no-image"),
        (b"GIF89a" + bytes(100), "code.no-image"),
        (b"\x89PNG\r\n\x1a\n", "document.damaged"),
        (b"\xff\xd8\xff", "document.damaged"),
        (b"\xff\xd8\xff\xe0\x00\x02" * 10, "document.damaged"),
        (b"%PDF-1.7\nnothing", "document.damaged"),
    ],
)
def test_what_is_no_picture_is_told_by_name(data: bytes, expected: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read(io.BytesIO(data))
    assert caught.value.code == expected


def test_a_picture_without_a_code() -> None:
    with pytest.raises(InvalidInput, match=r"code\.none-found"):
        read(saved(Image.new("RGB", (300, 300), "white")))


def png(wide: int, high: int, bits: int = 8, kind: int = 2, data: bytes = b"") -> io.BytesIO:
    """Write a PNG that claims anything."""

    def chunk(name: bytes, body: bytes) -> bytes:
        check = zlib.crc32(name + body)
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", wide, high, bits, kind, 0, 0, 0)
    return io.BytesIO(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("wide", "high", "bits"),
    [(1 << 31, 1, 8), (30_000, 30_000, 8), (29_000, 8_000, 16), (0, 10, 8)],
)
def test_absurd_sizes_are_refused_before_anything_is_decoded(
    wide: int, high: int, bits: int
) -> None:
    with pytest.raises(InvalidInput, match=r"document\.too-large"):
        read(png(wide, high, bits, data=zlib.compress(bytes(1000))))


def test_a_bomb_of_zeros_gives_no_code() -> None:
    packed = zlib.compress(bytes(40_000_000), 9)
    with pytest.raises(InvalidInput, match=r"code\.none-found|document\.damaged"):
        read(png(3000, 3000, data=packed))


@settings(derandomize=True, max_examples=400 if FULL else 40, deadline=None)
@given(st.data())
def test_flipped_bytes_give_the_code_or_an_error_by_name(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["PNG", "JPEG"]))
    raw = bytearray(saved(code(3), kind).getvalue())
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    told = outcome(bytes(raw))
    assert told == TEXT or told.startswith(("code.", "document."))


def outcome(raw: bytes) -> str:
    """Give what was read, or the code that says why nothing was."""
    try:
        return read(io.BytesIO(raw))[0]
    except InvalidInput as error:
        return error.code
