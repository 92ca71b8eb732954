"""Scrubbed pictures: planted strings are gone, every pixel stays, twice changes nothing."""

import io
import itertools
import os
import random
import tomllib

import pytest
from PIL import Image

from meti_desk.data import read_text
from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.base import Finding, Purpose, ScrubOrder, ScrubReport, Wants
from meti_desk.formats.image.cleaner import KINDS
from meti_desk.formats.image.family import IMAGES
from meti_desk.formats.image.profile import without_device
from tests.formats.image.heif_files import CODED, GRID
from tests.formats.image.pictures import (
    MAKERS,
    PROPERTIES,
    exif,
    inspected,
    labelled,
    packet,
    profile,
    saved,
    shows,
    with_segments,
)
from tests.formats.image.test_image_heif import LAYOUTS, content
from tests.formats.image.test_image_label import coded_byte
from tests.formats.planted.pictures import BUILDERS, Planted, build
from tests.formats.planted.pictures import exif as full_exif

FULL = os.environ.get("METI_DESK_FULL") == "1"
PURPOSES: tuple[Purpose, ...] = ("provide", "publish")
LEAST = {"jpeg": 20, "png": 20, "webp": 12, "gif": 6, "tiff": 14, "heic": 12}


def scrubbed_with_report(data: bytes, order: ScrubOrder) -> tuple[bytes, ScrubReport]:
    target = io.BytesIO()
    report = IMAGES.scrub(io.BytesIO(data), target, order)
    IMAGES.verify_scrub(io.BytesIO(data), target, order)
    return target.getvalue(), report


def scrubbed(data: bytes, purpose: Purpose = "provide", *keep: str) -> bytes:
    return scrubbed_with_report(data, ScrubOrder(purpose, keep))[0]


def findings(data: bytes) -> tuple[Finding, ...]:
    return IMAGES.inspect(io.BytesIO(data), Wants()).findings


def planted(name: str) -> tuple[bytes, Planted]:
    p = Planted()
    return BUILDERS[name](p), p


def left(data: bytes, p: Planted) -> list[str]:
    return [one for one in p.leaks if one.encode() in data or one.encode("utf-16-le") in data]


def first_picture(data: bytes) -> tuple[object, ...]:
    """Decode the first picture: the further ones of a multi-picture file are meant to go."""
    with Image.open(io.BytesIO(data)) as seen:
        return (seen.mode, seen.size, seen.tobytes(), seen.getexif().get(0x0112, 1),
                without_device(seen.info.get("icc_profile") or b""))  # fmt: skip


@pytest.mark.parametrize(("name", "purpose"), [*itertools.product(BUILDERS, PURPOSES)])
def test_every_planted_string_goes_and_every_pixel_stays(name: str, purpose: Purpose) -> None:
    data, p = planted(name)
    # One of them is packed, so that it cannot be seen as it is.
    assert len(left(data, p)) >= len(p.leaks) - 1 >= LEAST[name] - 1
    clean = scrubbed(data, purpose)
    assert left(clean, p) == []
    assert inspected(clean).digest == inspected(data).digest
    assert findings(clean) == ()
    assert inspected(clean).text == ()
    if name == "heic":
        assert content(clean)[1] == content(data)[1] == CODED
    else:
        assert first_picture(clean) == first_picture(data)
    if name not in ("heic", "jpeg"):
        assert len(shows(clean)) == len(shows(data)) == 2
    assert scrubbed(clean, purpose) == clean


@pytest.mark.parametrize("name", BUILDERS)
def test_every_hiding_place_is_shown_before(name: str) -> None:
    data, _ = planted(name)
    found = {one.kind for one in findings(data)}
    common = {"image.exif", "image.location", "image.xmp"} if name != "gif" else {"image.xmp"}
    special = {
        "jpeg": {"image.maker-note", "image.thumbnail", "image.further-picture", "image.iptc",
                 "image.comment", "image.application-data", "image.trailing"},
        "png": {"image.maker-note", "image.thumbnail", "image.text", "image.time",
                "image.private-chunk", "image.trailing"},
        "webp": {"image.maker-note", "image.thumbnail", "image.private-chunk", "image.trailing"},
        "gif": {"image.comment", "image.application-data", "image.trailing"},
        "tiff": {"image.maker-note", "image.iptc", "image.tiff-field", "image.unused-bytes"},
        "heic": {"image.maker-note", "image.thumbnail", "image.item", "image.unused-bytes",
                 "image.trailing"},
    }  # fmt: skip
    assert found == common | special[name]
    position = [one.value for one in findings(data) if one.kind == "image.location"]
    if name not in ("gif", "tiff"):
        assert position[0] == "35.67500, 35.67500"
    assert all(one.removal == "removed" and len(one.value) <= 80 for one in findings(data))


@pytest.mark.parametrize("name", [name for name in MAKERS if "cut-off" not in name])
def test_pictures_of_every_kind_show_the_same_afterwards(name: str) -> None:
    data = MAKERS[name]()
    for purpose in PURPOSES:
        clean = scrubbed(data, purpose)
        if name == "jpeg-many-pictures":
            assert first_picture(clean) == first_picture(data)
        else:
            assert [one[:3] for one in shows(clean)] == [one[:3] for one in shows(data)]
            assert [one[3] or 1 for one in shows(clean)] == [one[3] or 1 for one in shows(data)]
            assert [one[4:] for one in shows(clean)] == [one[4:] for one in shows(data)]
        assert scrubbed(clean, purpose) == clean


@pytest.mark.parametrize("name", LAYOUTS)
def test_heif_of_every_layout_keeps_its_coded_items(name: str) -> None:
    data = labelled(build(LAYOUTS[name]))
    for purpose in PURPOSES:
        clean = scrubbed(data, purpose)
        assert len(clean) <= len(data)
        for item, body in content(clean).items():
            if item == 1 or body == GRID:
                assert body == content(data)[item]
        assert inspected(clean).digest == inspected(data).digest
        assert scrubbed(clean, purpose) == clean


@pytest.mark.parametrize("name", MAKERS)
def test_a_provided_picture_keeps_its_label_and_a_published_one_nothing(name: str) -> None:
    data = labelled(MAKERS[name]())
    assert "image.own-property" in {one.kind for one in findings(data)}
    provided = scrubbed(data)
    kept = {f"jp.go.meti.{one}" for one in ("label", "handling")}
    assert inspected(provided).properties == {key: PROPERTIES[key] for key in kept}
    assert b"sealseal" not in provided
    published = scrubbed(data, "publish")
    assert inspected(published).properties == {}
    assert b"metilabel" not in published
    assert b"C2;I2;A1" not in published
    assert b"metilabel" not in scrubbed(provided, "publish")


@pytest.mark.parametrize("name", ["jpeg", "png", "webp", "gif", "tiff", "tiff-big-endian", "avif"])
def test_labelling_itself_leaves_nothing_to_find_but_the_label(name: str) -> None:
    clean = scrubbed(MAKERS[name]())
    assert {one.kind for one in findings(labelled(clean))} == {"image.own-property"}


def test_what_a_person_keeps_stays_and_only_that() -> None:
    data, p = planted("jpeg")
    for kind in sorted({one.kind for one in findings(data)}):
        clean, report = scrubbed_with_report(data, ScrubOrder("provide", (kind,)))
        assert {one.kind for one in report.left} == {kind}
        assert kind not in {one.kind for one in report.removed}
        assert kind in {one.kind for one in findings(clean)}
        assert 0 < len(left(clean, p)) < 10 or kind == "image.further-picture"
        assert first_picture(clean) == first_picture(data)
    whole = scrubbed(data, "provide", "12", "14", "15")
    assert whole == data


@pytest.mark.parametrize("name", ["png", "webp", "gif", "tiff"])
def test_keeping_works_in_every_kind_of_file(name: str) -> None:
    data, _ = planted(name)
    for kind in sorted({one.kind for one in findings(data)}):
        clean = scrubbed(data, "publish", kind)
        assert first_picture(clean) == first_picture(data)
        assert scrubbed(clean, "publish", kind) == clean


@pytest.mark.parametrize("keep", [keep for n in range(1, 4) for keep in itertools.combinations(
    ("image.exif", "image.location", "image.maker-note", "image.thumbnail"), n)])  # fmt: skip
def test_parts_of_exif_can_stay_without_the_others(keep: tuple[str, ...]) -> None:
    p = Planted()
    block = full_exif(p)
    tokens = {
        "image.thumbnail": p.leaks[0], "image.maker-note": p.leaks[1], "image.exif": p.leaks[2],
        "image.location": p.leaks[6],
    }  # fmt: skip
    for data in (
        with_segments(saved("JPEG"), (0xE1, b"Exif\0\0" + block)),
        saved("PNG", exif=block),
        saved("WEBP", exif=block),
    ):
        clean = scrubbed(data, "provide", *keep)
        assert {kind for kind, token in tokens.items() if token.encode() in clean} == set(keep)
        with Image.open(io.BytesIO(clean)) as seen:
            assert seen.getexif()[0x0112] == 6
        assert scrubbed(clean, "provide", *keep) == clean


@pytest.mark.parametrize("name", BUILDERS)
def test_the_auditor_finds_what_was_not_removed(name: str) -> None:
    data, _ = planted(name)
    order = ScrubOrder()
    with pytest.raises(InvalidInput) as caught:
        IMAGES.verify_scrub(io.BytesIO(data), io.BytesIO(data), order)
    assert caught.value.code == "scrub.left-behind"
    # And each kind for itself: a scrub that keeps it is no scrub without it.
    for kind in sorted({one.kind for one in findings(data)}):
        target = io.BytesIO()
        IMAGES.scrub(io.BytesIO(data), target, ScrubOrder("provide", (kind,)))
        with pytest.raises(InvalidInput) as caught:
            IMAGES.verify_scrub(io.BytesIO(data), target, order)
        assert caught.value.code == "scrub.left-behind", kind


def test_the_auditor_finds_a_label_in_what_is_published() -> None:
    for name in ("jpeg", "png", "webp", "gif", "tiff", "avif"):
        data = scrubbed(labelled(MAKERS[name]()))
        with pytest.raises(InvalidInput) as caught:
            IMAGES.verify_scrub(io.BytesIO(data), io.BytesIO(data), ScrubOrder("publish"))
        assert caught.value.code == "scrub.left-behind"


@pytest.mark.parametrize("name", ["jpeg", "png", "webp", "gif", "tiff", "avif", "bigtiff"])
def test_the_auditor_finds_a_changed_picture(name: str) -> None:
    data = scrubbed(MAKERS[name]())
    changed = bytearray(data)
    changed[coded_byte(data)] ^= 1
    with pytest.raises(InvalidInput) as caught:
        IMAGES.verify_scrub(io.BytesIO(data), io.BytesIO(changed), ScrubOrder())
    assert (caught.value.code, caught.value.params["what"]) == ("scrub.text-changed", "image")


def test_the_auditor_finds_a_lost_orientation_and_profile() -> None:
    plain = saved("JPEG")
    for source, what in (
        (saved("JPEG", exif=exif(6)), "turned"),
        (saved("JPEG", icc_profile=profile()), "profile"),
    ):
        with pytest.raises(InvalidInput) as caught:
            IMAGES.verify_scrub(io.BytesIO(source), io.BytesIO(plain), ScrubOrder())
        assert caught.value.params["what"] == what


@pytest.mark.parametrize("orientation", range(1, 9))
def test_how_a_picture_stands_is_kept_in_the_smallest_exif(orientation: int) -> None:
    for kind in ("JPEG", "PNG", "WEBP"):
        clean = scrubbed(saved(kind, exif=exif(orientation, "secret")))
        with Image.open(io.BytesIO(clean)) as seen:
            assert seen.getexif().get(0x0112, 1) == orientation
            assert len(seen.getexif()) == (orientation > 1)


def test_a_packet_that_tells_only_label_and_handling_is_left_as_it_is() -> None:
    clean = scrubbed(labelled(saved("TIFF")))
    clean_again, report = scrubbed_with_report(clean, ScrubOrder())
    assert (clean_again, report) == (clean, ScrubReport())


def test_broken_metadata_goes_and_the_picture_stays() -> None:
    for body in (b"Exif\0\0garbage", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0"):
        data = with_segments(saved("JPEG"), (0xE1, body))
        assert scrubbed(data) == saved("JPEG")
    broken = b"http://ns.adobe.com/xap/1.0/\0" + packet()[:200]
    assert scrubbed(with_segments(saved("JPEG"), (0xE1, broken))) == saved("JPEG")


@pytest.mark.parametrize("name", BUILDERS)
def test_damage_ends_in_a_scrub_or_a_code(name: str) -> None:
    data, _ = planted(name)
    chance = random.Random(name)
    for _ in range(80 if FULL else 15):
        harmed = bytearray(data)
        for _ in range(chance.choice((1, 4, 20))):
            harmed[chance.randrange(len(harmed))] = chance.choice((0, 0xFF, chance.randrange(256)))
        whole = bytes(harmed[: chance.randrange(len(harmed))] if chance.random() < 0.3 else harmed)
        if IMAGES.recognise(whole[:4096], io.BytesIO(whole)) is None:
            continue
        try:
            scrubbed(whole)
        except InvalidInput as refused:
            assert refused.code.startswith(("document.", "scrub."))  # noqa: PT017


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_kind_of_finding_and_note_has_its_words(language: str) -> None:
    terms = tomllib.loads(read_text("i18n", f"wording.{language}.toml"))["terms"]
    wanted = {f"finding.{kind}" for kind in KINDS}
    assert wanted | {"note.image.mark-on-request", "note.image.xmp-repaired"} <= terms.keys()
