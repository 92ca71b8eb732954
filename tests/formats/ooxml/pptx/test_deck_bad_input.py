"""Broken and hostile presentations: labelled or refused by a code, never a changed body."""

import io
import os
import random
import zipfile

import pytest

from meti_desk.domain.errors import MetiDeskError, RuleViolation
from meti_desk.formats.base import LabelOrder, ScrubOrder, Wants
from meti_desk.formats.ooxml.pptx import PPTX
from meti_desk.formats.registry import find
from tests.formats.ooxml.builder import members_of, zipped
from tests.formats.ooxml.pptx.decks import Slide, deck, part, text_shape

ORDER = LabelOrder({"jp.go.meti.label": "C2;I1;A1"}, "機密性2情報")
EXAMPLES = 2000 if os.environ.get("METI_DESK_FULL") else 150
SLIDE = "ppt/slides/slide1.xml"


def _changed(name: str, data: str | bytes) -> io.BytesIO:
    members: dict[str, str | bytes] = dict(members_of(deck(Slide(text_shape("x")))))
    return zipped(members | {name: data})


def _refused(file: io.BytesIO, code: str) -> None:
    """Every method refuses by the same code and writes nothing."""
    original = file.getvalue()
    out = io.BytesIO()
    for call in (
        lambda: PPTX.inspect(file, Wants()),
        lambda: PPTX.write_label(file, out, ORDER),
    ):
        with pytest.raises(MetiDeskError) as told:
            call()
        assert told.value.code == code
    assert out.getvalue() == b""
    assert file.getvalue() == original


def _labelled(file: io.BytesIO) -> io.BytesIO:
    out = io.BytesIO()
    PPTX.write_label(file, out, ORDER)
    PPTX.verify_label(file, out, ORDER)
    before = PPTX.inspect(file, Wants(findings=False)).digest
    assert PPTX.inspect(out, Wants(findings=False)).digest == before
    return out


@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.6, 0.9, 0.99])
def test_files_that_are_cut_off_are_damaged(share: float) -> None:
    whole = deck(Slide(text_shape("x" * 3000))).getvalue()
    _refused(io.BytesIO(whole[: int(len(whole) * share)]), "document.damaged")


def test_a_file_that_is_cut_off_is_still_named() -> None:
    whole = deck(Slide(text_shape("x" * 3000))).getvalue()
    assert find(io.BytesIO(whole[:-300])).variant == "pptx"


def test_the_registry_finds_the_family() -> None:
    found = find(deck(Slide()))
    assert (found.family.id, found.variant) == ("pptx", "pptx")


@pytest.mark.parametrize(
    "data",
    [
        "",
        "<p:sld",
        "no xml",
        '<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>',
        '<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>',
        "<x>&undefined;</x>",
        "<x/>",
        part("sld", "", {"p": "http://schemas.openxmlformats.org/presentationml/2006/main"}),
        part(
            "sld",
            "<p:cSld><p:spTree/></p:cSld>",
            {"p": "http://schemas.openxmlformats.org/presentationml/2006/main"},
        ).replace("<p:spTree/>", ""),
        b"\xff\xfe<\0s\0",
        b'<?xml version="1.0" encoding="none-such"?><x/>',
    ],
)
def test_a_slide_that_cannot_be_read_is_damaged(data: str | bytes) -> None:
    _refused(_changed(SLIDE, data), "document.damaged")


def test_a_tree_without_its_end_tag_cannot_be_marked_but_can_be_labelled() -> None:
    space = {"p": "http://schemas.openxmlformats.org/presentationml/2006/main"}
    file = _changed(SLIDE, part("sld", "<p:cSld><p:spTree/></p:cSld>", space))
    with pytest.raises(MetiDeskError) as told:
        PPTX.write_label(file, io.BytesIO(), ORDER)
    assert told.value.code == "document.damaged"
    out, order = io.BytesIO(), LabelOrder(ORDER.properties)
    PPTX.write_label(file, out, order)
    PPTX.verify_label(file, out, order)


@pytest.mark.parametrize(
    "name", ["ppt/presentation.xml", "ppt/_rels/presentation.xml.rels", "_rels/.rels"]
)
@pytest.mark.parametrize("data", ["<x", "<!DOCTYPE x><x/>"])
def test_a_broken_main_part_is_damaged(name: str, data: str) -> None:
    _refused(_changed(name, data), "document.damaged")


def test_another_document_with_the_content_type_of_a_presentation_is_damaged() -> None:
    _refused(_changed("ppt/presentation.xml", "<x/>"), "document.damaged")


def test_a_slide_that_is_named_but_missing_is_passed_over() -> None:
    members = members_of(deck(Slide(text_shape("here")), Slide()))
    del members["ppt/slides/slide2.xml"]
    out = _labelled(zipped(dict(members)))
    assert PPTX.inspect(out, Wants()).pages == 1


def test_two_members_of_one_name_are_damaged() -> None:
    file = deck(Slide())
    with zipfile.ZipFile(file, "a") as box, pytest.warns(UserWarning, match="Duplicate name"):
        box.writestr(SLIDE, "<other/>")
    _refused(file, "document.damaged")


def test_two_core_properties_parts_are_no_obstacle() -> None:
    members: dict[str, str | bytes] = dict(members_of(deck(Slide())))
    kind = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    rows = "".join(f'<Relationship Id="c{n}" Type="{kind}" Target="c{n}.xml"/>' for n in (1, 2))
    links = members["_rels/.rels"]
    assert isinstance(links, bytes)
    members["_rels/.rels"] = links.decode().replace("</Rel", rows + "</Rel")
    core = (
        "<c:coreProperties xmlns:c='http://schemas.openxmlformats.org/package/2006/metadata/{}'/>"
    )
    more = {f"c{n}.xml": core.format("core-properties") for n in (1, 2)}
    out = _labelled(zipped(members | more))
    assert {"c1.xml", "c2.xml"} <= set(members_of(out))


class _Unseekable(io.BytesIO):
    """Has a writer put sizes behind the data (data descriptors)."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: int) -> int:
        raise io.UnsupportedOperation


def test_data_descriptors_and_zip64_are_read_and_written_plainly() -> None:
    stream = _Unseekable()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as box:
        for name, data in members_of(deck(Slide(text_shape("x")))).items():
            with box.open(name, "w", force_zip64=True) as member:
                member.write(data)
    out = _labelled(io.BytesIO(stream.getvalue()))
    assert zipfile.ZipFile(out).testzip() is None
    assert all(not info.flag_bits & 8 for info in zipfile.ZipFile(out).infolist())


def _with_wrong_crc(name: str) -> io.BytesIO:
    file = _changed("ppt/media/a.png", b"picture")
    whole = bytearray(file.getvalue())
    for info in zipfile.ZipFile(file).infolist():
        if info.filename == name:
            old = info.CRC.to_bytes(4, "little")
            new = (info.CRC ^ 1).to_bytes(4, "little")
    return io.BytesIO(bytes(whole).replace(old, new))


def test_a_wrong_checksum_of_a_slide_is_damage() -> None:
    _refused(_with_wrong_crc(SLIDE), "document.damaged")


def test_a_wrong_checksum_elsewhere_is_carried_over() -> None:
    file, out = _with_wrong_crc("ppt/media/a.png"), io.BytesIO()
    PPTX.write_label(file, out, ORDER)
    PPTX.verify_label(file, out, ORDER)
    assert zipfile.ZipFile(out).getinfo("ppt/media/a.png").CRC == (
        zipfile.ZipFile(file).getinfo("ppt/media/a.png").CRC
    )


def test_members_with_a_password_are_encrypted() -> None:
    file = deck(Slide())
    whole = bytearray(file.getvalue())
    info = zipfile.ZipFile(file).getinfo(SLIDE)
    whole[info.header_offset + 6] |= 1
    at = whole.rindex(b"PK\x01\x02", 0, whole.rindex(SLIDE.encode()))
    whole[at + 8] |= 1
    _refused(io.BytesIO(bytes(whole)), "document.encrypted")


def test_a_signed_presentation_is_described_and_never_rewritten() -> None:
    file = _changed("_xmlsignatures/origin.sigs", b"")
    seen = PPTX.inspect(file, Wants())
    assert seen.obstacle == "signed"
    assert seen.protection is not None
    out = io.BytesIO()
    with pytest.raises(RuleViolation) as told:
        PPTX.write_label(file, out, ORDER)
    assert told.value.code == "document.signed"
    assert out.getvalue() == b""


def test_a_signed_presentation_is_not_scrubbed() -> None:
    out = io.BytesIO()
    with pytest.raises(RuleViolation) as told:
        PPTX.scrub(_changed("_xmlsignatures/origin.sigs", b""), out, ScrubOrder())
    assert told.value.code == "document.signed"
    assert out.getvalue() == b""


def test_random_damage_ends_in_a_label_or_a_code() -> None:
    dice = random.Random(23)
    whole = deck(Slide(text_shape("x")), Slide(notes=text_shape("y"))).getvalue()
    outcomes = set()
    for _ in range(EXAMPLES):
        data = bytearray(whole)
        for _ in range(dice.randint(1, 4)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        file, out = io.BytesIO(bytes(data)), io.BytesIO()
        try:
            PPTX.inspect(file, Wants())
            PPTX.write_label(file, out, ORDER)
            PPTX.verify_label(file, out, ORDER)
            outcomes.add("labelled")
        except MetiDeskError as refused:
            outcomes.add(refused.code)
    assert {"labelled", "document.damaged"} <= outcomes


def test_damage_within_the_xml_ends_in_a_label_or_a_code() -> None:
    dice = random.Random(29)
    members = members_of(deck(Slide(text_shape("x")), layout=text_shape("y")))
    names = sorted(name for name in members if name.endswith((".xml", ".rels")))
    codes = set()
    for _ in range(EXAMPLES):
        name = dice.choice(names)
        data = bytearray(members[name])
        at = dice.randrange(len(data))
        data[at : at + dice.randint(0, 9)] = dice.randbytes(dice.randint(0, 3))
        file, out = zipped(members | {name: bytes(data)}), io.BytesIO()
        try:
            PPTX.inspect(file, Wants(text=True))
            PPTX.write_label(file, out, ORDER)
            PPTX.verify_label(file, out, ORDER)
        except MetiDeskError as refused:
            codes.add(refused.code)
    assert codes == {"document.damaged"}


@pytest.mark.parametrize("depth", [50, 200])
def test_nested_groups_are_read_to_the_ground(depth: int) -> None:
    group = "<p:grpSp><p:nvGrpSpPr/><p:grpSpPr/>{}</p:grpSp>"
    shapes = "{}"
    for _ in range(depth):
        shapes = shapes.format(group)
    file = deck(Slide(shapes.format(text_shape("deep"))))
    assert PPTX.inspect(_labelled(file), Wants(text=True)).text[0].text == "deep"


def test_nesting_without_end_is_damage() -> None:
    file = deck(Slide("<p:grpSp>" * 5000 + "</p:grpSp>" * 5000))
    for call in (lambda: PPTX.inspect(file, Wants()), lambda: _labelled(file)):
        with pytest.raises(MetiDeskError) as told:
            call()
        assert told.value.code == "document.damaged"
