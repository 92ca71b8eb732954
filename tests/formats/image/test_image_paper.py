"""JPEG and PNG are drawn for a look before and after, as they are meant to be seen."""

import io

import pytest
from PIL import Image, ImageOps

from meti_desk.formats.image.containers import opened
from meti_desk.formats.image.paper import on_paper
from meti_desk.formats.jobs import PageOrder
from meti_desk.formats.pdf.picture import picture
from tests.formats.image.pictures import exif, saved
from tests.formats.image.pictures import picture as made


def drawn(data: bytes, longest: int) -> Image.Image | None:
    _, held, found = opened(io.BytesIO(data))
    paper = on_paper(held, found)
    if paper is None:
        return None
    page = picture(io.BytesIO(paper), PageOrder(1, longest))
    return Image.frombytes("RGB", (page.width, page.height), page.pixels, "raw", "BGR")


def far(one: Image.Image, two: Image.Image) -> float:
    """Tell how far two pictures are apart, 0 to 255 on the average."""
    a, b = one.convert("RGB").tobytes(), two.convert("RGB").resize(one.size).tobytes()
    return sum(abs(x - y) for x, y in zip(a, b, strict=True)) / len(a)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_jpeg_stands_as_its_orientation_says(orientation: int) -> None:
    data = saved("JPEG", quality=95, exif=exif(orientation))
    seen = drawn(data, 37)
    assert seen is not None
    with Image.open(io.BytesIO(data)) as plain:
        wanted = ImageOps.exif_transpose(plain)
        assert seen.size == wanted.size
        assert far(seen, wanted) < 6


@pytest.mark.parametrize("mode", ["RGB", "L", "P", "1"])
def test_a_png_is_drawn_whatever_its_colours(mode: str) -> None:
    data = saved("PNG", mode)
    seen = drawn(data, 37)
    assert seen is not None
    with Image.open(io.BytesIO(data)) as plain:
        assert far(seen, plain) < 2


def test_cmyk_of_adobe_is_not_upside_down() -> None:
    target = io.BytesIO()
    Image.new("CMYK", (20, 20), (0, 0, 0, 0)).save(target, "JPEG")
    seen = drawn(target.getvalue(), 20)
    assert seen is not None
    assert min(seen.getpixel((10, 10))) > 230


def test_other_kinds_and_broken_files_have_none() -> None:
    assert drawn(saved("PNG", "RGBA"), 20) is None
    assert drawn(saved("GIF", "P"), 20) is None
    assert drawn(saved("WEBP"), 20) is None
    assert made().size == (37, 23)
