"""Every kind of picture is labelled, reads back, and shows the same pixels."""

import io
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.base import LabelOrder, Wants
from meti_desk.formats.image.family import IMAGES
from meti_desk.formats.inspecting import inspect
from tests.formats.image.pictures import (
    CHANGED,
    MAKERS,
    MARK,
    NOTHING,
    ORDER,
    PROPERTIES,
    exif,
    inspected,
    labelled,
    labelled_with_report,
    packet,
    saved,
    shows,
    with_segments,
)

EXTENSIONS = {"bigtiff": "tif", "tiff": "tif", "jpeg": "jpg"}
every_kind = pytest.mark.parametrize("name", MAKERS)


def kind(name: str) -> str:
    return name.partition("-")[0]


@every_kind
def test_a_label_reads_back_and_no_pixel_changes(name: str) -> None:
    data = MAKERS[name]()
    before = inspected(data)
    assert before.format == kind(name).replace("bigtiff", "tiff")
    assert before.properties == {}
    done, report = labelled_with_report(data)
    after = inspected(done)
    assert after.properties == PROPERTIES
    assert after.digest == before.digest
    assert (after.text, after.marks, after.pages) == (before.text, before.marks, before.pages)
    assert (report.marked, report.notes) == (0, ("image.mark-on-request",))
    assert (after.embeds, after.markable) == (True, False)
    if "cut-off" not in name:
        assert shows(done) == shows(data)


@every_kind
def test_labelling_twice_gives_the_same_bytes(name: str) -> None:
    once = labelled(MAKERS[name]())
    assert labelled(once) == once
    changed = labelled(once, CHANGED)
    assert labelled(changed, CHANGED) == changed


@every_kind
def test_nothing_of_an_old_label_stays(name: str) -> None:
    data = MAKERS[name]()
    changed = labelled(labelled(data), CHANGED)
    assert inspected(changed).properties == CHANGED.properties
    assert b"sealseal" not in changed
    none = labelled(changed, NOTHING)
    assert inspected(none).properties == {}
    assert b"otherother" not in none
    assert b"C3;I2" not in none
    if "cut-off" not in name:
        assert shows(none) == shows(data)


@pytest.mark.parametrize("name", [name for name in MAKERS if "xmp" in name])
def test_what_others_wrote_stays(name: str) -> None:
    data = MAKERS[name]()
    for done in (labelled(data), labelled(labelled(data), NOTHING)):
        told = {one.place: one.text for one in inspected(done).text}
        assert told["XMP title"] == "【機密性3情報】会議の写真"
        assert b"Rating" in done


@pytest.mark.parametrize("name", ["jpeg-xmp", "png-xmp", "webp-xmp", "tiff-xmp", "avif-xmp"])
def test_a_mark_in_the_description_is_found_and_is_not_ours(name: str) -> None:
    found = inspected(labelled(MAKERS[name]())).marks
    assert [(one.text, one.place, one.own) for one in found] == [
        ("【機密性3情報】会議の写真", "property", False)
    ]


def test_marks_and_texts_are_found_wherever_people_write_them() -> None:
    iptc = b"".join(
        b"\x1c\x02" + bytes([field]) + len(text.encode()).to_bytes(2, "big") + text.encode()
        for field, text in ((105, "機密性2情報"), (25, "keyword"), (120, "説明文"))
    )
    resource = b"8BIM\x04\x04\0\0" + len(iptc).to_bytes(4, "big") + iptc
    data = with_segments(
        saved("JPEG", exif=exif(1, "極秘"), comment="部外秘".encode("cp932")),
        (0xED, b"Photoshop 3.0\0" + resource),
    )
    seen = inspected(data)
    assert {(one.place, one.text) for one in seen.text} == {
        ("ImageDescription", "極秘"),
        ("Comment", "部外秘"),
        ("Headline", "機密性2情報"),
        ("Caption", "説明文"),
    }
    assert {one.text for one in seen.marks} == {"極秘", "部外秘", "機密性2情報"}


def test_png_texts_of_all_three_kinds_are_read() -> None:
    assert {(one.place, one.text) for one in inspected(MAKERS["png-texts"]()).text} == {
        ("Title", "plain"), ("Comment", "packed"), ("Description", "部外秘")
    }  # fmt: skip


@every_kind
def test_other_pixels_have_another_digest(name: str) -> None:
    data = bytearray(MAKERS[name]())
    before = inspected(bytes(data)).digest
    part = coded_byte(bytes(data))
    data[part] ^= 1
    assert inspected(bytes(data)).digest != before


def coded_byte(data: bytes) -> int:
    """Find the middle of the longest span of coded picture."""
    from meti_desk.formats.image.containers import opened

    _, _, found = opened(io.BytesIO(data))
    spans = [one for part in found.seen for one in part.content if isinstance(one, tuple)]
    start, stop = max(spans, key=lambda one: one[1] - one[0])
    return (start + stop) // 2


def test_how_a_picture_stands_and_its_colours_are_part_of_the_digest() -> None:
    digests = {
        inspected(saved("JPEG", **options)).digest  # type: ignore[arg-type]
        for options in (
            {},
            {"exif": exif(1, "text")},
            {"exif": exif(3)},
            {"exif": exif(6)},
            {"icc_profile": b"profile"},
        )
    }
    assert len(digests) == 4


def test_broken_xmp_is_replaced_by_what_can_be_read_of_it_and_said_so() -> None:
    broken = packet().replace(b"</rdf:Description>", b"<dc:broken>")
    for body in (broken, b"no xml at all", b"<a/>", broken[:250]):
        data = with_segments(saved("JPEG"), (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + body))
        done, report = labelled_with_report(data)
        assert "image.xmp-repaired" in report.notes
        assert inspected(done).properties == PROPERTIES
        assert shows(done) == shows(data)
    assert labelled_with_report(labelled(data))[1].notes == ("image.mark-on-request",)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-16-le"])
def test_xmp_in_wide_characters_is_read(encoding: str) -> None:
    data = saved("TIFF", tiffinfo={700: packet().decode().encode(encoding)})
    assert b"Rating" in labelled(data)


def test_text_that_xml_cannot_hold_is_refused_by_code() -> None:
    order = LabelOrder({"jp.go.meti.handling": "a\x01b"})
    with pytest.raises(InvalidInput) as caught:
        labelled(saved("PNG"), order)
    assert caught.value.code == "label.text-not-storable"


def test_properties_of_others_are_never_written() -> None:
    order = LabelOrder({**PROPERTIES, "com.example": "x"})
    assert inspected(labelled(saved("PNG"), order)).properties == PROPERTIES


@pytest.mark.parametrize("name", ["jpeg-exif", "png-texts", "webp-xmp", "gif-xmp", "tiff-xmp",
                                  "avif-xmp"])  # fmt: skip
def test_the_proof_fails_when_anything_is_not_as_it_should_be(name: str) -> None:
    data = MAKERS[name]()
    done = labelled(data)
    for source, result, order, what in (
        (data, done, CHANGED, "properties"),
        (data, labelled(_other(data)), ORDER, "parts"),
    ):
        with pytest.raises(InvalidInput) as caught:
            IMAGES.verify_label(io.BytesIO(source), io.BytesIO(result), order)
        assert (caught.value.code, caught.value.params["what"]) == ("label.not-proven", what)


def _other(data: bytes) -> bytes:
    changed = bytearray(data)
    changed[coded_byte(data)] ^= 1
    return bytes(changed)


def test_the_proof_misses_no_lost_foreign_xmp() -> None:
    data = MAKERS["png-xmp"]()
    with pytest.raises(InvalidInput) as caught:
        IMAGES.verify_label(io.BytesIO(data), io.BytesIO(labelled(saved("PNG"))), ORDER)
    assert caught.value.params["what"] == "xmp"


def test_the_registry_finds_the_family_and_a_false_name_is_told() -> None:
    seen = inspect(io.BytesIO(saved("PNG")), None, Wants(name="写真.jpg"))
    assert [one.kind for one in seen.findings] == ["file.extension-disagrees"]
    seen = inspect(io.BytesIO(saved("TIFF")), None, Wants(name="写真.tif"))
    assert (seen.format, [one.kind for one in seen.findings]) == ("tiff", [])


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
def test_an_independent_reader_sees_our_properties(tmp_path: Path) -> None:
    for name, make in MAKERS.items():
        extension = EXTENSIONS.get(kind(name), kind(name))
        data = make()
        (tmp_path / f"{name}.{extension}").write_bytes(labelled(labelled(data), ORDER))
    told = subprocess.run(
        ["exiftool", "-j", "-api", "struct=1", "-XMP-metilabel:all", "-Warning", str(tmp_path)],
        capture_output=True, check=True,
    ).stdout  # fmt: skip
    rows = json.loads(told)
    assert len(rows) == len(MAKERS)
    for row in rows:
        assert row["Label"] == "C2;I2;A1", row
        assert row["Handling"] == PROPERTIES["jp.go.meti.handling"], row
        assert row["Seal"] == PROPERTIES["jp.go.meti.seal"], row
        if not any(word in row["SourceFile"] for word in ("cut-off", "trailing")):
            assert "Warning" not in row, row


def test_the_mark_is_noted_only_where_one_was_asked_for() -> None:
    assert labelled_with_report(saved("GIF", "P"), LabelOrder(PROPERTIES))[1].notes == ()
    assert labelled_with_report(saved("GIF", "P"), LabelOrder(PROPERTIES, MARK))[1].notes
