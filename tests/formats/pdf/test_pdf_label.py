import re
import subprocess
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Name

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.formats.base import LabelOrder, SkippedPage
from meti_desk.formats.pdf import PDF, marks, pdfium
from tests.formats.pdf import build
from tests.formats.pdf.helpers import MARK, ORDER, inspected, labelled, qpdf_complains, texts

BROKEN_CONTENT = {
    "unclosed q": b"q 3 0 0 3 0 0 cm " + build.text("words", 20, 100),
    "underflowing Q": b"Q 0.5 0 0 0.5 0 0 cm Q Q " + build.text("words", 60, 900),
    "q and Q mixed": b"Q q q 0.5 0 0 0.5 0 0 cm " + build.text("words", 60, 900) + b"Q Q Q q",
    "unclosed marked content": b"/Span <</MCID 0>> BDC " + build.text("words"),
    "unclosed text": b"BT /F1 12 Tf 60 700 Td (words) Tj",
    "clipped away": b"q 0 0 10 10 re W n " + build.text("words", 2, 2),
    "no end of line": b"BT /F1 12 Tf 60 700 Td (words) Tj ET",
    "not a stream of operators": b"<< [ ( ",
}


def where(data: bytes, index: int = 0) -> tuple[float, float, float, float]:
    """Tell where the mark stands, as shares of the page as it is seen: left, top, right, bottom."""
    with pdfium.document(BytesIO(data)) as doc, pdfium.page(doc, index) as handle:
        across, up, before = pdfium.pixels(handle, 1.0)
        pdfium.take_off_mark(handle)
        after = pdfium.pixels(handle, 1.0)[2]
    places = [at for at, (a, b) in enumerate(zip(before, after, strict=True)) if a != b]
    columns, rows = [at % across for at in places], [at // across for at in places]
    return (min(columns) / across, min(rows) / up, max(columns) / across, max(rows) / up)


def test_a_pdf_is_known_by_its_header_and_by_nothing_else() -> None:
    assert PDF.recognise(b"%PDF-1.7\n", BytesIO()) == "pdf"
    assert PDF.recognise(b"\0" * 1000 + b"%PDF-1.7\n", BytesIO()) == "pdf"
    assert PDF.recognise(b"\0" * 1024 + b"%PDF-1.7\n", BytesIO()) is None
    assert PDF.recognise(b"PK\x03\x04", BytesIO()) is None


def test_label_and_mark_are_written_and_read_back() -> None:
    data, report = labelled(build.plain(3))
    seen = inspected(data)
    assert report.marked == 3
    assert seen.properties == ORDER.properties
    assert [(one.text, one.place) for one in seen.marks if one.own] == [
        (MARK, "page 1"),
        (MARK, "page 2"),
        (MARK, "page 3"),
    ]
    assert [one.text for one in seen.marks if not one.own] == []


def test_other_programs_find_the_mark_and_the_properties(tmp_path: Path) -> None:
    path = tmp_path / "labelled.pdf"
    path.write_bytes(labelled(build.plain(2))[0])
    told = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True).stdout.decode()
    assert re.sub(r"\s", "", told).count(re.sub(r"\s", "", MARK)) == 2
    told = subprocess.run(["pdfinfo", "-custom", path], capture_output=True, check=True).stdout
    assert b"C2;I2;A1" in told
    fonts = subprocess.run(["pdffonts", path], capture_output=True, check=True).stdout.decode()
    row = next(line for line in fonts.splitlines() if "BIZUDGothic" in line)
    assert row.split()[-5:-2] == ["yes", "yes", "yes"], "embedded, subset, with Unicode"


@pytest.mark.parametrize("broken", BROKEN_CONTENT)
def test_the_mark_stands_at_the_top_right_whatever_the_content_leaves_open(broken: str) -> None:
    source = build.with_content(BROKEN_CONTENT[broken])
    left, top, right, bottom = where(labelled(source)[0])
    assert left > 0.5
    assert right == pytest.approx(1 - 14 / 595, abs=0.01)
    assert top == pytest.approx(9 / 842, abs=0.01)
    assert bottom < 0.04


@pytest.mark.parametrize("broken", BROKEN_CONTENT)
def test_the_page_looks_as_before_below_the_mark(broken: str) -> None:
    source = build.with_content(BROKEN_CONTENT[broken])
    pictures = []
    for data in (source, labelled(source)[0]):
        with pdfium.document(BytesIO(data)) as doc, pdfium.page(doc, 0) as handle:
            pdfium.take_off_mark(handle)
            pictures.append(pdfium.pixels(handle, 1.0))
    assert pictures[0] == pictures[1]


@pytest.mark.parametrize("rotate", [0, 90, 180, 270, -90, 450])
@pytest.mark.parametrize("crop", [None, (100, 50, 500, 800), (-50, -50, 900, 900)])
@pytest.mark.parametrize("unit", [1, 2.5])
def test_the_mark_is_placed_as_the_reader_sees_the_page(
    rotate: int, crop: tuple[int, ...] | None, unit: float
) -> None:
    entries = {"Rotate": rotate, "UserUnit": unit}
    if crop:
        entries["CropBox"] = Array(list(crop))
    data, report = labelled(build.with_content(build.text("words"), **entries))
    assert report.marked == 1
    left, top, right, bottom = where(data)
    assert top < 0.05
    assert right > 0.9
    assert bottom < 0.08
    assert left < right - 0.05


def test_a_mark_on_a_black_page_can_be_read() -> None:
    data, _ = labelled(build.with_content(b"0 g 0 0 595 842 re f\n"))
    with pdfium.document(BytesIO(data)) as doc, pdfium.page(doc, 0) as handle:
        across, _, picture = pdfium.pixels(handle, 2.0)
    strip = picture[across * 18 : across * 44]
    assert strip.count(255) > 2000
    assert strip.count(0) > 2000


def test_pages_on_which_six_points_do_not_fit_are_told() -> None:
    data, report = labelled(build.plain(2, (100, 300)))
    assert report.marked == 0
    assert report.skipped == (
        SkippedPage("mark.page-too-small", 1),
        SkippedPage("mark.page-too-small", 2),
    )
    assert inspected(data).properties == ORDER.properties
    assert [page.whole for page in texts(data)] == ["", ""]


def test_marking_twice_gives_the_same_bytes_as_once() -> None:
    once, _ = labelled(build.plain(2))
    twice, _ = labelled(once)
    assert twice == once


def test_another_mark_replaces_the_first() -> None:
    once, _ = labelled(build.plain(2))
    other, _ = labelled(once, LabelOrder(ORDER.properties, "機密性3情報"))
    assert [one.text for one in inspected(other).marks] == ["機密性3情報"] * 2
    assert "機密性2" not in texts(other)[0].whole


def test_the_mark_can_stay_and_can_go() -> None:
    source = build.plain(2)
    once, _ = labelled(source)
    kept, _ = labelled(once, LabelOrder({"jp.go.meti.label": "C1;I1;A1"}, None))
    assert [one.text for one in inspected(kept).marks] == [MARK, MARK]
    bare, report = labelled(kept, LabelOrder({}, ""))
    assert report.marked == 2
    assert inspected(bare).properties == {}
    assert inspected(bare).marks == ()
    for old, new in zip(
        pikepdf.open(BytesIO(source)).pages, pikepdf.open(BytesIO(bare)).pages, strict=True
    ):
        assert old.Contents.read_raw_bytes() == new.Contents.read_raw_bytes()
    assert b"MetiMark" not in bare
    assert b"BIZUD" not in bare


def test_a_mark_that_another_program_has_joined_to_the_page_is_replaced() -> None:
    once, _ = labelled(build.plain(1))
    with pikepdf.open(BytesIO(once)) as pdf:
        pdf.pages[0].contents_coalesce()
        joined = build.saved(pdf)
    again, _ = labelled(joined, LabelOrder(ORDER.properties, "機密性3情報"))
    assert [one.text for one in inspected(again).marks] == ["機密性3情報"]
    assert "機密性2" not in texts(again)[0].whole


def test_a_typed_mark_is_found_and_is_not_ours(tmp_path: Path) -> None:
    typed, _ = labelled(build.plain(1), LabelOrder({}, "機密性２情報"))
    with pikepdf.open(BytesIO(typed)) as pdf:
        page = pdf.pages[0]
        page.Contents = Array(
            [
                pdf.make_stream(
                    b"q 20 0 0 20 50 400 cm /Typed Do Q\n"
                    + build.text("a").replace(b"/F1 12 Tf", b"/F1 1 Tf")
                )
            ]
        )
        form = page.Resources.XObject.MetiMark
        del form["/MetiMark"]
        page.Resources.XObject.Typed = form
        del page.Resources.XObject["/MetiMark"]
        data = build.saved(pdf)
    assert [(one.text, one.own) for one in inspected(data).marks] == [("機密性２情報", False)]


def test_pages_that_share_one_content_are_each_marked_once() -> None:
    with pikepdf.open(BytesIO(build.plain(1))) as pdf:
        pdf.pages.append(pdf.pages[0])
        pdf.pages.append(pdf.pages[0])
        data = build.saved(pdf)
    marked, report = labelled(data)
    assert report.marked == 3
    assert all(page.whole.count("機密性2") == 1 for page in texts(marked))


@pytest.mark.parametrize("mode", ["generate", "disable"])
def test_files_with_and_without_object_streams_stay_sound(mode: str, tmp_path: Path) -> None:
    with pikepdf.open(BytesIO(build.plain(2))) as pdf:
        data = build.saved(pdf, object_stream_mode=pikepdf.ObjectStreamMode[mode])
    marked, _ = labelled(data)
    assert qpdf_complains(marked, tmp_path) == 0
    assert (b"/ObjStm" in marked) == (mode == "generate")


def test_a_broken_cross_reference_is_repaired_and_proven(tmp_path: Path) -> None:
    data = build.plain(2).replace(b"startxref\n", b"startxref\n99", 1)
    marked, report = labelled(data)
    assert report.marked == 2
    assert qpdf_complains(marked, tmp_path) == 0


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", b"%PDF-1.7\n%%EOF\n", b"no pdf at all" * 99])
def test_what_is_no_document_is_refused_as_damaged(data: bytes) -> None:
    for act in (
        lambda: inspected(data),
        lambda: PDF.write_label(BytesIO(data), BytesIO(), ORDER),
    ):
        with pytest.raises(InvalidInput) as refused:
            act()
        assert refused.value.code == "document.damaged"


def test_a_document_cut_anywhere_gives_a_result_or_a_clear_refusal() -> None:
    data = build.plain(2)
    for end in range(0, len(data), 97):
        target = BytesIO()
        try:
            PDF.write_label(BytesIO(data[:end]), target, ORDER)
        except InvalidInput as refused:
            assert refused.code == "document.damaged"  # noqa: PT017 - either way is right
        else:
            assert texts(target.getvalue())


def test_a_file_over_the_limit_is_refused_before_it_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("meti_desk.formats.pdf.opening.MAX_BYTES", 100)
    with pytest.raises(InvalidInput) as refused:
        inspected(build.plain())
    assert refused.value.code == "document.too-large"


@pytest.mark.parametrize("revision", [2, 3, 4, 6])
@pytest.mark.parametrize("user", ["", "secret"])
def test_encrypted_files_are_named_and_refused(revision: int, user: str) -> None:
    with pikepdf.open(BytesIO(build.plain())) as pdf:
        data = (
            build.saved(
                pdf,
                encryption=pikepdf.Encryption(
                    owner="owner", user=user, R=revision, aes=revision > 3, metadata=revision > 3
                ),
            )
            if revision != 6
            else _encrypted_r6(pdf, user)
        )
    seen = inspected(data)
    assert seen.obstacle == "encrypted"
    assert seen.protection is not None
    assert seen.protection.method == "pdf"
    old = ("rc4", "md5")
    wanted = {
        2: old,
        3: old,
        4: ("aes-128", "cbc", "md5"),
        6: ("aes-256", "cbc", "pdf-r6-kdf"),
    }
    assert seen.protection.algorithms == wanted[revision]
    with pytest.raises(RuleViolation) as refused:
        PDF.write_label(BytesIO(data), BytesIO(), ORDER)
    assert refused.value.code == "document.encrypted"


def _encrypted_r6(pdf: pikepdf.Pdf, user: str) -> bytes:
    made = BytesIO()
    pdf.save(made, encryption=pikepdf.Encryption(owner="owner", user=user, R=6))
    return made.getvalue()


def signed(*, certified: bool) -> bytes:
    with pikepdf.open(BytesIO(build.form_document())) as pdf:
        signature = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=Name.Sig,
                Filter=Name("/Adobe.PPKLite"),
                ByteRange=Array([0, 10, 20, 30]),
                Contents=pikepdf.String("0" * 40),
            )
        )
        if certified:
            pdf.Root.Perms = pikepdf.Dictionary(DocMDP=signature)
        else:
            pdf.Root.AcroForm.Fields.append(
                pdf.make_indirect(
                    pikepdf.Dictionary(FT=Name.Sig, T=pikepdf.String("s"), V=signature)
                )
            )
        return build.saved(pdf)


@pytest.mark.parametrize("certified", [False, True])
def test_a_signed_file_is_described_and_never_rewritten(*, certified: bool) -> None:
    data = signed(certified=certified)
    seen = inspected(data)
    assert seen.obstacle == "signed"
    assert seen.digest
    for act in (PDF.write_label, PDF.scrub):
        target = BytesIO()
        with pytest.raises(RuleViolation) as refused:
            act(BytesIO(data), target, ORDER)
        assert refused.value.code == "document.signed"
        assert target.getvalue() == b""


def test_an_empty_signature_field_is_no_signature() -> None:
    with pikepdf.open(BytesIO(build.form_document())) as pdf:
        field = pikepdf.Dictionary(FT=Name.Sig, T=pikepdf.String("sign here"))
        pdf.Root.AcroForm.Fields.append(pdf.make_indirect(field))
        data = build.saved(pdf)
    assert inspected(data).obstacle == ""


def test_the_proof_notices_every_difference() -> None:
    source = build.plain(2)
    target = labelled(source)[0]

    def prove(result: bytes, order: LabelOrder = ORDER) -> str:
        with pytest.raises(InvalidInput) as refused:
            PDF.verify_label(BytesIO(source), BytesIO(result), order)
        assert refused.value.code == "label.not-proven"
        return str(refused.value.params["what"])

    assert prove(source) == "properties"
    assert prove(target, LabelOrder(ORDER.properties, "機密性3情報")) == "mark"
    assert prove(target, LabelOrder(ORDER.properties, "")) == "mark"
    assert prove(labelled(build.plain(3))[0]) == "pages"
    with pikepdf.open(BytesIO(target)) as pdf:
        body = pdf.pages[1].Contents[1]
        body.write(body.read_bytes().replace(b"lazy", b"lame"))
        assert prove(build.saved(pdf)) == "text"
    with pikepdf.open(BytesIO(target)) as pdf:
        marks.remove_mark(pdf)
        assert prove(build.saved(pdf)) == "mark"
    with pikepdf.open(BytesIO(target)) as pdf:
        del pdf.pages[0].Contents[-1]
        assert prove(build.saved(pdf)) == "mark"


def test_the_digest_stays_with_the_words_and_changes_with_one() -> None:
    source = build.plain(2)
    first = inspected(source).digest
    assert len(first) == 64
    assert inspected(labelled(source)[0]).digest == first
    with pikepdf.open(BytesIO(source)) as pdf:
        assert inspected(build.saved(pdf, compress_streams=False, qdf=True)).digest == first
        body = pdf.pages[1].Contents
        body.write(body.read_bytes().replace(b"lazy", b"lame"))
        assert inspected(build.saved(pdf)).digest != first
