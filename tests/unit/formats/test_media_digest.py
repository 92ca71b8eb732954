from meti_desk.formats.media_digest import media_digest
from meti_desk.formats.ooxml.pictures import strip_picture
from tests.formats.ooxml.planted import exif, jpeg, png


def test_metadata_does_not_change_what_a_jpeg_shows() -> None:
    assert media_digest(jpeg((0xE1, exif("camera")), (0xFE, b"remark"))) == media_digest(jpeg())


def test_pixels_do() -> None:
    assert media_digest(jpeg()) != media_digest(jpeg().replace(b"\x12\x34", b"\x12\x35"))


def test_text_does_not_change_what_a_png_shows() -> None:
    assert media_digest(png(b"one")) == media_digest(png(b"two"))


def test_what_only_pretends_is_hashed_whole() -> None:
    assert media_digest(b"\xff\xd8\xff\xe1") != media_digest(b"\xff\xd8\xff\xe2")


def test_stripping_keeps_orientation_and_profile_and_is_stable() -> None:
    profile = (0xE2, b"ICC_PROFILE\0\x01\x01profile")
    adobe = (0xEE, b"Adobe\0\x64\0\0\0\0\x01")
    data = jpeg((0xE1, exif("camera", 6)), profile, adobe, (0xED, b"IPTC"), (0xFE, b"remark"))
    plain, gone = strip_picture(data + b"trailing")
    assert gone
    assert b"camera" not in plain
    assert b"IPTC" not in plain
    assert b"remark" not in plain
    assert b"trailing" not in plain
    assert b"ICC_PROFILE" in plain
    assert b"Adobe" in plain
    assert b"\x01\x12\0\x03\0\0\0\x01\0\x06" in plain
    assert media_digest(plain) == media_digest(data)
    assert strip_picture(plain) == (plain, "")


def test_an_upright_picture_keeps_no_exif_at_all() -> None:
    plain, _ = strip_picture(jpeg((0xE1, exif("camera", 1))))
    assert plain == jpeg()


def test_png_text_goes_and_the_picture_stays() -> None:
    plain, gone = strip_picture(png(b"secret"))
    assert (b"secret" in plain, gone) == (False, "tEXt")
    assert media_digest(plain) == media_digest(png(b"x"))


def test_damaged_pictures_come_back_as_they_are() -> None:
    for data in (b"\xff\xd8\xff\xe1\xff\xff", b"\x89PNG\r\n\x1a\n\0\0", b"GIF89a"):
        assert strip_picture(data) == (data, "")
