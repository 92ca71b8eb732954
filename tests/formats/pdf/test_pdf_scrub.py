import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.formats.base import LabelOrder, Purpose, ScrubOrder
from meti_desk.formats.pdf import PDF
from tests.formats.pdf import build
from tests.formats.pdf.helpers import (
    MARK,
    ORDER,
    inspected,
    kinds,
    labelled,
    qpdf_complains,
    scrubbed,
    texts,
)

PUBLISH = ScrubOrder("publish")
HIDDEN = {
    "pdf.invisible-text": build.text("hidden words", before="3 Tr"),
    "pdf.text-without-contrast": build.text("hidden words", before="1 g"),
    "pdf.covered-text": build.text("hidden words") + b"0 g 50 690 200 30 re f\n",
    "pdf.text-off-page": build.text("hidden words", 700, 700),
    "pdf.tiny-text": build.text("hidden words").replace(b"12 Tf", b"1 Tf"),
}
SEEN = {
    "white on a dark head": b"0.2 g 50 690 200 30 re f " + build.text("seen", before="1 g"),
    "under a frame without filling": build.text("seen") + b"50 690 200 30 re S\n",
    "behind which a coloured box stands": b"1 1 0 rg 50 690 200 30 re f 0 g " + build.text("seen"),
    "clear beside a box": build.text("seen") + b"0 g 300 690 200 30 re f\n",
    "small but readable": build.text("seen").replace(b"12 Tf", b"4 Tf"),
    "scaled up from nothing": b"q 10 0 0 10 0 0 cm "
    + build.text("seen", 6, 70).replace(b"12 Tf", b"1.2 Tf")
    + b"Q\n",
}


def left_in(data: bytes, strings: list[str], folder: Path) -> list[str]:
    """Search the bytes and the opened-up file for strings, in every way PDF may write them."""
    path = folder / "searched.pdf"
    path.write_bytes(data)
    command = ["qpdf", "--qdf", "--object-streams=disable", path, "-"]
    searched = data + subprocess.run(command, capture_output=True, check=False).stdout
    lower = searched.lower()
    return [
        one
        for one in strings
        for wide in (one.encode(), one.encode("utf-16-be"))
        if wide in searched or wide.hex().encode() in lower
    ]


def test_every_planted_string_is_there_before(tmp_path: Path) -> None:
    data, planted = build.leaky()
    assert len(planted) >= 60
    assert set(left_in(data, planted, tmp_path)) == set(planted)


@pytest.mark.parametrize("purpose", ["provide", "publish"])
def test_no_planted_string_is_left_and_all_text_is(purpose: Purpose, tmp_path: Path) -> None:
    data, planted = build.leaky()
    clean = scrubbed(data, ScrubOrder(purpose))
    assert left_in(clean, planted, tmp_path) == []
    assert kinds(clean) == set()
    assert texts(clean) == texts(data)
    assert "Alice" in texts(clean)[0].text
    assert inspected(clean).digest == inspected(data).digest
    assert qpdf_complains(clean, tmp_path) == 0
    assert b"https://example.jp/stays" in clean
    assert clean.count(b"%%EOF") == 1


def test_findings_are_shown_with_class_place_and_value() -> None:
    found = {one.kind: one for one in inspected(build.leaky()[0]).findings}
    assert {
        "pdf.revisions",
        "pdf.foreign-data",
        "pdf.info",
        "pdf.xmp",
        "pdf.private-data",
        "pdf.local-link",
        "pdf.user-properties",
        "pdf.object-metadata",
        "pdf.thumbnail",
        "pdf.action",
        "pdf.attachment",
        "pdf.form-value",
        "pdf.javascript",
        "pdf.image-metadata",
        "pdf.annotation",
        "pdf.rich-media",
    } <= set(found)
    assert found["pdf.attachment"].group == 11
    assert found["pdf.annotation"].place == "page 1"
    assert all(len(one.value) <= 80 for one in found.values())


def test_the_report_counts_what_went() -> None:
    report = PDF.scrub(BytesIO(build.leaky()[0]), BytesIO(), ScrubOrder())
    went = {one.kind: one.count for one in report.removed}
    assert went["pdf.revisions"] == 2
    assert went["pdf.form-value"] == 3
    assert report.left == ()


@pytest.mark.parametrize("purpose", ["provide", "publish"])
@pytest.mark.parametrize("streams", ["generate", "disable"])
def test_scrubbing_twice_gives_the_same_bytes(purpose: Purpose, streams: str) -> None:
    with pikepdf.open(BytesIO(labelled(build.leaky()[0])[0])) as pdf:
        data = build.saved(pdf, object_stream_mode=pikepdf.ObjectStreamMode[streams])
    once = scrubbed(data, ScrubOrder(purpose))
    assert scrubbed(once, ScrubOrder(purpose)) == once


def test_providing_keeps_label_and_mark_and_drops_id_and_seal() -> None:
    more = {**ORDER.properties, "jp.go.meti.id": "d-1", "jp.go.meti.seal": "s"}
    data, _ = labelled(build.plain(2), LabelOrder(more, MARK))
    provided = inspected(scrubbed(data))
    assert provided.properties == ORDER.properties
    assert [one.text for one in provided.marks] == [MARK, MARK]
    published = inspected(scrubbed(data, PUBLISH))
    assert published.properties == {}
    assert published.marks == ()
    assert b"meti" not in scrubbed(data, PUBLISH).lower()


@pytest.mark.parametrize("kind", HIDDEN)
def test_hidden_text_is_found_and_blocks_publishing(kind: str) -> None:
    data = build.with_content(build.text("seen", 60, 500) + HIDDEN[kind])
    [found] = [one for one in inspected(data).findings if one.group == 10]
    assert found.kind == kind
    assert found.removal == "blocks"
    assert found.place == "page 1"
    assert found.value == "hidden words"
    with pytest.raises(RuleViolation) as refused:
        PDF.scrub(BytesIO(data), BytesIO(), PUBLISH)
    assert refused.value.code == "scrub.blocked"
    assert refused.value.articles == ("15-2",)
    assert kind in str(refused.value.params["classes"])
    report = PDF.scrub(BytesIO(data), BytesIO(), ScrubOrder("provide"))
    assert [one.kind for one in report.left] == [kind]
    assert scrubbed(data, ScrubOrder("publish", keep=(kind,)))
    assert scrubbed(data, ScrubOrder("publish", keep=("10",)))


@pytest.mark.parametrize("kind", ["pdf.covered-text", "pdf.text-without-contrast"])
@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_hidden_text_is_found_on_turned_pages(kind: str, rotate: int) -> None:
    content = build.text("seen", 60, 300) + HIDDEN[kind]
    data = build.with_content(content, Rotate=rotate, CropBox=Array([10, 20, 560, 800]))
    assert [one.kind for one in inspected(data).findings if one.group == 10] == [kind]


@pytest.mark.parametrize("case", SEEN)
def test_text_that_is_seen_is_not_accused(case: str) -> None:
    data = build.with_content(SEEN[case])
    assert [one for one in inspected(data).findings if one.group == 10] == []


def test_text_hidden_by_a_comment_drawn_over_it_is_found() -> None:
    with pikepdf.open(BytesIO(build.with_content(build.text("hidden words")))) as pdf:
        look = pdf.make_stream(b"0 g 0 0 200 30 re f")
        look.Type, look.Subtype, look.BBox = Name.XObject, Name.Form, Array([0, 0, 200, 30])
        box = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Square,
            Rect=Array([50, 690, 250, 720]),
            AP=Dictionary(N=look),
        )
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(box)])
        data = build.saved(pdf)
    assert "pdf.covered-text" in kinds(data)


@pytest.mark.parametrize(
    ("over", "found"),
    [
        (b"0 g 120 320 100 12 re f\n", True),
        (b"0.9 g 120 320 100 12 re f\n", False),
        (b"0 g 120 320 100 1 re f\n", False),
        (b"0 g 420 620 100 12 re f\n", False),
        (build.text("a caption", 120, 320), False),
    ],
)
def test_a_black_bar_over_a_scan_is_found(over: bytes, *, found: bool) -> None:
    with pikepdf.open(
        BytesIO(build.with_content(b"q 200 0 0 200 100 300 cm /I9 Do Q " + over))
    ) as pdf:
        image = pdf.make_stream(build.jpeg(), Type=Name.XObject, Subtype=Name.Image)
        image.Width = image.Height = 64
        image.BitsPerComponent, image.ColorSpace, image.Filter = 8, Name.DeviceRGB, Name.DCTDecode
        pdf.pages[0].obj.Resources.XObject = Dictionary(I9=image)
        data = build.saved(pdf)
    assert ("pdf.covered-image" in kinds(data)) == found


def test_a_layer_that_is_off_blocks_publishing_and_stays_off() -> None:
    with pikepdf.open(BytesIO(build.with_content(build.text("seen")))) as pdf:
        layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=pikepdf.String("Draft")))
        pdf.Root.OCProperties = Dictionary(
            OCGs=Array([layer]), D=Dictionary(OFF=Array([layer]), Order=Array([layer]))
        )
        pdf.pages[0].obj.Resources.Properties = Dictionary(L0=layer)
        pdf.pages[0].contents_add(
            pdf.make_stream(b"/OC /L0 BDC " + build.text("hidden", 60, 400) + b" EMC")
        )
        data = build.saved(pdf)
    assert "pdf.hidden-layer" in kinds(data)
    with pytest.raises(RuleViolation):
        PDF.scrub(BytesIO(data), BytesIO(), PUBLISH)
    with pikepdf.open(BytesIO(scrubbed(data))) as pdf:
        assert len(pdf.Root.OCProperties.D.OFF) == 1


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        ("pdf.info", b"/Author"),
        ("pdf.attachment", b"/EmbeddedFile"),
        ("pdf.attachment", b"/FileAttachment"),
        ("pdf.annotation", b"/Square"),
        ("pdf.rich-media", b"/Sound"),
        ("pdf.javascript", b"/JavaScript"),
        ("pdf.form-value", b"/AcroForm"),
    ],
)
def test_what_the_person_keeps_stays_and_is_told(kind: str, word: bytes) -> None:
    data = build.leaky()[0]
    target = BytesIO()
    report = PDF.scrub(BytesIO(data), target, ScrubOrder(keep=(kind,)))
    assert {one.kind for one in report.left} == {kind}
    assert {one.removal for one in report.left} == {"kept"}
    with pikepdf.open(target) as pdf:
        assert word in build.saved(
            pdf, qdf=True, object_stream_mode=pikepdf.ObjectStreamMode.disable
        )


def test_a_form_becomes_part_of_the_page() -> None:
    data = build.form_document()
    clean = scrubbed(data)
    assert b"/AcroForm" not in clean
    assert texts(clean) == texts(data)
    assert "Alice" in texts(clean)[0].text
    assert "Kyoto" in texts(clean)[0].text


def test_values_that_the_viewer_has_to_draw_are_drawn() -> None:
    with pikepdf.open(BytesIO(build.form_document())) as pdf:
        for field in pdf.Root.AcroForm.Fields:
            if Name.Tx == field.FT:
                del field["/AP"]
        pdf.Root.AcroForm.NeedAppearances = True
        data = build.saved(pdf)
    clean = scrubbed(data)
    assert "Alice" in texts(clean)[0].text
    assert inspected(clean).digest == inspected(data).digest
    assert inspected(labelled(data)[0]).digest == inspected(data).digest


@pytest.mark.parametrize(
    "leak",
    [
        lambda pdf: pdf.Root.__setattr__("AA", Dictionary(WC=Dictionary(S=Name.JavaScript))),
        lambda pdf: pdf.pages[0].obj.__setattr__("PieceInfo", Dictionary(A=Dictionary())),
        lambda pdf: pdf.docinfo.__setitem__("/Author", "somebody"),
        lambda pdf: pdf.attachments.__setitem__("a", pikepdf.AttachedFileSpec(pdf, b"a")),
        lambda pdf: pdf.pages[0].obj.__setattr__(
            "Annots", Array([Dictionary(Subtype=Name.Text, Rect=Array([0, 0, 9, 9]))])
        ),
        lambda pdf: pdf.docinfo.__setitem__("/jp.go.meti.seal", "seal"),
    ],
)
def test_the_proof_notices_what_was_left_behind(leak: Callable[[pikepdf.Pdf], None]) -> None:
    source = build.plain(1)
    with pikepdf.open(BytesIO(scrubbed(source))) as pdf:
        leak(pdf)
        result = build.saved(pdf)
    with pytest.raises(InvalidInput) as refused:
        PDF.verify_scrub(BytesIO(source), BytesIO(result), ScrubOrder())
    assert refused.value.code == "scrub.left-behind"


def test_the_proof_notices_lost_text_and_lost_lines() -> None:
    source = build.with_content(build.text("seen") + b"5 w 60 100 m 400 300 l S\n")
    clean = scrubbed(source)
    for old, new, what in ((b"seen", b"sewn", "text"), (b" l S", b" l n", "pixels")):
        with pikepdf.open(BytesIO(clean)) as pdf:
            body = pdf.pages[0].Contents
            body.write(body.read_bytes().replace(old, new))
            result = build.saved(pdf)
        with pytest.raises(InvalidInput) as refused:
            PDF.verify_scrub(BytesIO(source), BytesIO(result), ScrubOrder())
        assert refused.value.code == "scrub.text-changed"
        assert refused.value.params["what"] in {what, "pixels"}


def test_jpeg_pixels_stay_bit_for_bit() -> None:
    from PIL import Image

    from meti_desk.formats.pdf.imagemeta import media_only

    photo = build.jpeg(b"a comment", "somebody")
    bare = media_only(photo)
    assert b"somebody" in photo
    assert b"somebody" not in bare
    assert b"a comment" not in bare
    assert media_only(bare) == bare
    one, two = (Image.open(BytesIO(data)).tobytes() for data in (photo, bare))
    assert one == two
