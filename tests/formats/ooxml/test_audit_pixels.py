import io

from PIL import Image

from meti_desk.formats.ooxml.audit_pixels import pixels


def jpeg(colour: str, exif: bytes = b"") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_a_small_picture_inside_the_camera_data_is_passed_by() -> None:
    small = jpeg("red")
    with_small = jpeg("blue", b"Exif\0\0" + b"II*\0\x08\0\0\0\0\0\0\0\0\0" + small)
    assert pixels(with_small) == pixels(jpeg("blue"))
    assert pixels(with_small) != pixels(jpeg("red"))


def test_png_goes_by_what_is_drawn() -> None:
    out, more = io.BytesIO(), io.BytesIO()
    picture = Image.new("RGB", (8, 8), "red")
    picture.save(out, "PNG")
    picture.save(more, "PNG", compress_level=1)
    assert pixels(out.getvalue()) == pixels(more.getvalue())
    assert pixels(out.getvalue()) != pixels(b"\x89PNG")
