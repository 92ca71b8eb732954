"""Words that are taken out of a PDF are nowhere in it any more, and nothing else moves."""

from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.formats.base import WordList
from meti_desk.formats.pdf.redaction import redaction_places
from meti_desk.formats.redaction import RedactOrder
from tests.formats.pdf import build
from tests.formats.pdf.helpers import labelled, qpdf_complains, texts
from tests.formats.pdf.redacted import (
    everything,
    folded,
    grey_at,
    picture,
    poppler_text,
    redacted,
)

TRUETYPE = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")


def gone(data: bytes, folder: Path, *words: str, stays: tuple[str, ...] = ()) -> bytes:
    """Redact words and look for them in all ways; give the result."""
    result, _ = redacted(data, *words)
    raw, read = everything(result), folded(poppler_text(result, folder))
    for word in words:
        assert folded(word) not in read
        assert word.encode("latin-1", "ignore") not in raw or not word.isascii()
        assert word.encode("utf-16-be") not in raw
        assert word.encode("utf-16-be").hex().encode() not in raw.lower()
    for word in stays:
        assert folded(word) in read
    assert qpdf_complains(result, folder) == 0
    return result


def lines(content: str, **entries: object) -> bytes:
    return build.with_content(content.encode("latin-1"), **entries)


def origins(data: bytes, word: str) -> list[tuple[float, float]]:
    """Give where a word begins on page 1, as PDFium sees it."""
    from meti_desk.formats.pdf import pdfium
    from meti_desk.formats.pdf.pagechars import read_chars

    with pdfium.document(BytesIO(data)) as doc, pdfium.page(doc, 0) as handle:
        chars = read_chars(handle)
    found, at = [], chars.text.find(word)
    while at >= 0:
        found.append((round(chars.boxes[at][0], 1), round(chars.boxes[at][1], 1)))
        at = chars.text.find(word, at + 1)
    return found


def test_a_word_goes_and_what_stands_behind_it_stays_in_its_place(tmp_path: Path) -> None:
    data = lines("BT /F1 12 Tf 60 700 Td (Mr. Yamada said yes.) Tj ET")
    result = gone(data, tmp_path, "yamada", stays=("Mr.", "said yes."))
    assert origins(result, "said") == origins(data, "said")
    before, after = picture(data), picture(result)
    left, _ = origins(data, "Yamada")[0]
    assert grey_at(after, left + 10, 842 - 704) < 20
    for row in (*range(600), *range(720, 842)):
        if abs(row - (842 - 704)) > 12:
            assert before[2][row * 595 : row * 595 + 595] == after[2][row * 595 : row * 595 + 595]


@pytest.mark.parametrize(
    "content",
    [
        "BT /F1 12 Tf 60 700 Td [(Mr. Ya) -20 (ma) 35 (da) -300 (said yes.)] TJ ET",
        "BT /F1 12 Tf 60 700 Td (Mr. Ya) Tj (mad) Tj (a said yes.) Tj ET",
        "BT /F1 12 Tf 14 TL 60 714 Td (Mr. Yamada said yes.) ' ET",
        'BT /F1 12 Tf 14 TL 60 714 Td 3 1.5 (Mr. Yamada said yes.) " ET',
        "BT /F1 12 Tf 80 Tz 2 Tc 5 Tw 4 Ts 60 700 Td (Mr. Yamada said yes.) Tj ET",
        "q 1.5 0 0 1.5 10 -200 cm BT /F1 12 Tf 1 0 0 1 60 600 Tm (Mr. Yamada said yes.) Tj ET Q",
        "BT /F1 12 Tf .9 .3 -.3 .9 60 500 Tm (Mr. Yamada said yes.) Tj ET",
        "BT /F1 12 Tf 0 1 -1 0 300 300 Tm (Mr. Yamada said yes.) Tj ET",
        "BT /F1 12 Tf 60 700 Td <4D722E2059616D616461207361696420796573> Tj ET",
        "BT /F1 12 Tf 60 700 Td (Mr. \\131amad\\141 said yes.) Tj ET",
        "BT /F1 12 Tf 60 700 Td (Mr. Yama) Tj 0 -14 Td (da said yes.) Tj ET",
        "BT 3 Tr /F1 12 Tf 60 700 Td (Mr. Yamada said yes.) Tj ET",
        "BT /F1 12 Tf 60 700 Td (Mr. Yamada said yes.) Tj 0.3 0 Td (Mr. Yamada said yes.) Tj ET",
        "q 1 0 0 -1 0 842 cm BT /F1 12 Tf 1 0 0 -1 60 142 Tm (Mr. Yamada said yes.) Tj ET Q",
    ],
)
def test_however_it_is_shown(tmp_path: Path, content: str) -> None:
    gone(lines(content), tmp_path, "Yamada", stays=("Mr.", "said yes"))


def test_off_the_page(tmp_path: Path) -> None:
    data = lines("BT /F1 12 Tf 60 -700 Td (Mr. Yamada said yes.) Tj ET")
    result = gone(data, tmp_path, "Yamada")
    assert b"said yes" in everything(result)


def test_letters_drawn_in_any_order(tmp_path: Path) -> None:
    places = {"Y": 60, "a": 68, "m": 75, "d": 92}
    row = "".join(f"1 0 0 1 {x} 700 Tm ({c}) Tj " for c, x in reversed(places.items()))
    more = "1 0 0 1 86 700 Tm (a) Tj 1 0 0 1 99 700 Tm (a) Tj "
    data = lines(f"BT /F1 12 Tf {row}{more}1 0 0 1 60 600 Tm (stays) Tj ET")
    gone(data, tmp_path, "Yamada", stays=("stays",))


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_turned_pages(tmp_path: Path, rotate: int) -> None:
    data = lines(
        "BT /F1 12 Tf 60 700 Td (Mr. Yamada said yes.) Tj ET",
        Rotate=rotate, CropBox=Array([20, 30, 500, 800]), UserUnit=1.5,
    )  # fmt: skip
    result = gone(data, tmp_path, "Yamada", stays=("said yes.",))
    found = redaction_places(BytesIO(data), RedactOrder(words=("Yamada",))).places[0].boxes[0]
    shown = picture(result)
    scale = shown[0] / (480 if rotate in {0, 180} else 770) / 1.5
    middle = (found.x + found.width / 2, found.y + found.height / 2)
    assert grey_at(shown, middle[0] * scale, middle[1] * scale) < 20


@pytest.fixture(scope="module")
def japanese() -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiMin-W3"))
    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiKakuGo-W5", isVertical=True))
    made = BytesIO()
    drawing = canvas.Canvas(made, invariant=True)
    drawing.setFont("HeiseiMin-W3", 12)
    drawing.drawString(60, 700, "氏名 山田 太郎 は ABC を出席")
    drawing.drawString(60, 660, "氏名 山田")
    drawing.drawString(60, 640, "太郎 と続く")
    drawing.setFont("HeiseiKakuGo-W5", 12)
    drawing.drawString(400, 700, "縦書きの山田太郎です")
    drawing.save()
    return made.getvalue()


def test_japanese_across_and_down(tmp_path: Path, japanese: bytes) -> None:
    result, report = redacted(japanese, "山田太郎")
    text = folded(texts(result)[0].text)
    assert "山田" not in text
    assert "太郎" not in text
    assert folded("氏名はABCを出席") in text
    assert "縦書きのです" in text
    assert sum(place.count for place in report.places) == 3
    raw = everything(result).lower()
    assert "山田".encode("utf-16-be").hex().encode() not in raw
    assert qpdf_complains(result, tmp_path) == 0


@pytest.mark.parametrize(
    ("encoding", "codec"),
    [("90ms-RKSJ-H", "cp932"), ("EUC-H", "euc-jp"), ("UniJIS-UTF16-H", "utf-16-be")],
)
def test_japanese_of_other_encodings(encoding: str, codec: str) -> None:
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842))
    info = Dictionary(Registry=String("Adobe"), Ordering=String("Japan1"), Supplement=2)
    below = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType0, BaseFont=Name("/HeiseiMin-W3"),
        CIDSystemInfo=info, DW=1000, W=Array([1, 94, 500]),
    )  # fmt: skip
    font = Dictionary(
        Type=Name.Font, Subtype=Name.Type0, BaseFont=Name("/HeiseiMin-W3"),
        Encoding=Name(f"/{encoding}"), DescendantFonts=Array([pdf.make_indirect(below)]),
    )  # fmt: skip
    page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
    shown = "部長 山田太郎 ABC 出席".encode(codec).hex()
    page.obj.Contents = pdf.make_stream(f"BT /F1 12 Tf 60 700 Td <{shown}> Tj ET".encode())
    data = build.saved(pdf)
    result, _ = redacted(data, "山田太郎")
    assert folded(texts(result)[0].text) == folded("部長ABC出席")
    assert "山田".encode(codec).hex().encode() not in everything(result).lower()
    assert origins(result, "出席") == origins(data, "出席")


@pytest.mark.skipif(not TRUETYPE.is_file(), reason="needs the font DejaVu Sans")
def test_a_subset_of_a_truetype_font(tmp_path: Path) -> None:
    pdfmetrics.registerFont(TTFont("DejaVu", str(TRUETYPE)))
    made = BytesIO()
    drawing = canvas.Canvas(made, invariant=True)
    drawing.setFont("DejaVu", 11)
    drawing.drawString(60, 700, "Grüße von Ямада Тарō — bis morgen")
    drawing.save()
    data = made.getvalue()
    result = gone(data, tmp_path, "Ямада", stays=("Grüße von", "bis morgen"))
    assert origins(result, "bis")[0] == pytest.approx(origins(data, "bis")[0], abs=0.15)


def test_forms_within_forms_that_other_pages_use_too(tmp_path: Path) -> None:
    pdf = pikepdf.new()
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    inner = pdf.make_stream(b"BT /F1 12 Tf 5 5 Td (Mr. Yamada again) Tj ET")
    inner.Type, inner.Subtype, inner.BBox = Name.XObject, Name.Form, Array([0, 0, 200, 50])
    inner.Resources = Dictionary(Font=Dictionary(F1=font))
    outer = pdf.make_stream(b"q 1 0 0 1 20 20 cm /In Do Q BT /F1 9 Tf 5 5 Td (Kept) Tj ET")
    outer.Type, outer.Subtype, outer.BBox = Name.XObject, Name.Form, Array([0, 0, 300, 100])
    outer.Resources = Dictionary(Font=Dictionary(F1=font), XObject=Dictionary(In=inner))
    for place in (700, 300):
        page = pdf.add_blank_page(page_size=(595, 842))
        page.obj.Resources = Dictionary(XObject=Dictionary(Out=outer))
        page.obj.Contents = pdf.make_stream(f"q 1 0 0 1 60 {place} cm /Out Do Q".encode())
    result = gone(build.saved(pdf), tmp_path, "Yamada", stays=("Mr.", "again", "Kept"))
    assert [page.text.count("Kept") for page in texts(result)] == [1, 1]


def test_a_drawn_font_without_letters(tmp_path: Path) -> None:
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842))
    glyph = pdf.make_stream(b"600 0 0 0 500 700 d1 0 0 500 700 re f")
    names = Array([0x59, Name.Y, 0x61, Name.a])
    words = pdf.make_stream(
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        b"1 begincodespacerange <00> <ff> endcodespacerange\n"
        b"2 beginbfchar <59> <0059> <61> <0061> endbfchar endcmap end end"
    )
    font = Dictionary(
        Type=Name.Font, Subtype=Name.Type3, FontBBox=Array([0, 0, 600, 700]), FirstChar=0x59,
        LastChar=0x61, Widths=Array([600, *[0] * 7, 600]), ToUnicode=words,
        FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]), CharProcs=Dictionary(Y=glyph, a=glyph),
        Encoding=Dictionary(Type=Name.Encoding, Differences=names), Resources=Dictionary(),
    )  # fmt: skip
    page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
    page.obj.Contents = pdf.make_stream(b"BT /F1 20 Tf 60 700 Td (aYaYaa) Tj ET")
    result, _ = redacted(build.saved(pdf), "YaYa")
    assert folded(texts(result)[0].text) == "aa"
    assert qpdf_complains(result, tmp_path) == 0


def test_notes_fields_bookmarks_links_and_properties(tmp_path: Path) -> None:
    made = BytesIO()
    drawing = canvas.Canvas(made, invariant=True)
    drawing.setTitle("About Yamada")
    drawing.setAuthor("Yamada")
    drawing.drawString(60, 700, "A letter to Mr. Yamada from us")
    drawing.linkURL("mailto:yamada@example.com", (60, 690, 200, 712))
    drawing.linkURL("https://example.com/Yamada", (60, 490, 200, 512))
    drawing.linkURL("https://example.com/other", (60, 390, 200, 412))
    drawing.bookmarkPage("here")
    drawing.addOutlineEntry("On Yamada", "here")
    drawing.textAnnotation("Ask Yamada", (300, 600, 320, 620))
    drawing.acroForm.textfield(name="who", value="Yamada T.", x=60, y=600, width=200, height=20)
    drawing.save()
    result, report = redacted(made.getvalue(), "Yamada")
    raw = everything(result)
    assert b"yamada" not in raw.lower()
    assert b"https://example.com/other" in raw
    assert folded("A letter to Mr.") in folded(poppler_text(result, tmp_path))
    assert any(note.startswith("redact.links-removed") for note in report.notes)
    with pikepdf.open(BytesIO(result)) as pdf:
        assert str(pdf.Root.Outlines.First.Title) == "On ██████"


def tagged(actual: str, shown: str) -> bytes:
    """Make a page with marked content that says what it shows, and a structure that does too."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842))
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
    page.obj.Contents = pdf.make_stream(
        f"/Span <</MCID 0 /ActualText ({actual})>> BDC {shown} EMC "
        "/P <</MCID 1>> BDC BT /F1 12 Tf 60 500 Td (other words) Tj ET EMC".encode()
    )
    page.obj.StructParents = 0
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    element = pdf.make_indirect(
        Dictionary(
            Type=Name.StructElem, S=Name.Span, P=root, Pg=page.obj, K=0,
            ActualText=String(actual), Alt=String("a name of six letters"),
        )
    )  # fmt: skip
    other = pdf.make_indirect(
        Dictionary(
            Type=Name.StructElem, S=Name.P, P=root, Pg=page.obj, K=1, Alt=String("kept words")
        )
    )
    root.K = Array([element, other])
    root.ParentTree = Dictionary(Nums=Array([0, Array([element, other])]))
    pdf.Root.StructTreeRoot = root
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    return build.saved(pdf)


def test_what_tagged_content_says_goes_with_it() -> None:
    data = tagged("Yamada", "BT /F1 12 Tf 60 700 Td (Yamada) Tj ET")
    result, _ = redacted(data, "Yamada")
    raw = everything(result)
    assert b"Yamada" not in raw
    assert b"ActualText" not in raw
    assert b"six letters" not in raw
    assert b"kept words" in raw


def test_words_that_stand_for_a_drawing_are_refused() -> None:
    data = tagged("Yamada", "60 700 m 80 720 l 100 700 l S")
    data = data.replace(b"(other words)", b"(of Yamada  )")
    with pytest.raises(RuleViolation) as refused:
        redacted(data, "Yamada")
    assert refused.value.code == "redact.not-possible"
    assert refused.value.params == {"place": "page 1", "reason": "actual-text"}


def test_personal_data_and_words_of_the_policy(japanese: bytes) -> None:
    made = BytesIO()
    drawing = canvas.Canvas(made, invariant=True)
    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiMin-W3"))
    drawing.setFont("HeiseiMin-W3", 12)
    drawing.drawString(60, 700, "個人番号 1234 5678 9018 電話 03-3501-1511 人事異動")
    drawing.save()
    lists = (WordList("personnel", ("人事",), ()),)
    result, report = redacted(made.getvalue(), detectors=("all",), lists=lists)
    text = folded(texts(result)[0].text)
    assert text == "個人番号電話異動"
    shown = {place.reason: place.text for place in report.places}
    assert shown == {
        "my-number": "********9018", "phone": "03-3501-1511", "word.personnel": "人事"
    }  # fmt: skip


def test_the_mark_stays_when_provided_and_goes_when_published() -> None:
    marked, _ = labelled(lines("BT /F1 12 Tf 60 700 Td (Mr. Yamada said yes.) Tj ET"))
    result, _ = redacted(marked, "Yamada")
    assert "機密性2情報" in texts(result)[0].whole
    result, _ = redacted(marked, "Yamada", purpose="publish")
    assert texts(result)[0].whole == ""


def test_nothing_found_is_refused_and_told() -> None:
    with pytest.raises(InvalidInput) as refused:
        redacted(build.plain(), "Yamada")
    assert refused.value.code == "redact.nothing-found"
    assert redaction_places(BytesIO(build.plain()), RedactOrder(words=("Yamada",))).places == ()


def test_once_more_finds_nothing() -> None:
    result, _ = redacted(lines("BT /F1 12 Tf 60 700 Td (Mr. Yamada said) Tj ET"), "Yamada")
    with pytest.raises(InvalidInput) as refused:
        redacted(result, "Yamada")
    assert refused.value.code == "redact.nothing-found"


def test_covered_text_can_be_solved_by_an_area() -> None:
    from meti_desk.formats.redaction import RedactionArea

    content = "BT /F1 12 Tf 60 700 Td (Secret words) Tj ET 0 g 55 695 100 20 re f"
    with pytest.raises(RuleViolation):
        redacted(lines(content + " BT 60 600 Td (of Yamada) Tj ET"), "Yamada", purpose="publish")
    area = RedactionArea(1, 50, 842 - 720, 120, 30)
    result, _ = redacted(lines(content), areas=(area,), purpose="publish")
    assert folded(texts(result)[0].text) == ""
    assert b"Secret" not in everything(result)


@pytest.mark.parametrize("matrix", ["1 0 0 1", "0 1 -1 0", "-1 0 0 -1", "0 -1 1 0"])
def test_never_against_the_direction_of_writing(matrix: str) -> None:
    data = lines(f"BT /F1 12 Tf {matrix} 300 400 Tm (amadaY and Yamada) Tj ET")
    result, _ = redacted(data, "Yamada")
    assert folded(texts(result)[0].text) == "amadayand"


@pytest.mark.parametrize("matrix", ["1 0 0 1", "0 1 -1 0", "-1 0 0 -1", "0 -1 1 0"])
def test_letters_in_any_order_however_they_are_turned(matrix: str) -> None:
    a, b, *_ = map(float, matrix.split())
    shown = "".join(
        f"{matrix} {300 + a * 9 * at} {400 + b * 9 * at} Tm ({letter}) Tj "
        for at, letter in sorted(enumerate("Yamada"), key=lambda one: -one[0] % 4)
    )
    result, _ = redacted(lines(f"BT /F1 12 Tf {shown} 1 0 0 1 60 60 Tm (rest) Tj ET"), "Yamada")
    assert folded(texts(result)[0].text) == "rest"


def test_a_number_that_goes_on_in_the_next_line(tmp_path: Path) -> None:
    data = lines("BT /F1 12 Tf 14 TL 60 700 Td (Please call 03-3501-) Tj T* (1511 or write) Tj ET")
    result, report = redacted(data, detectors=("phone",))
    assert folded(poppler_text(result, tmp_path)) == "pleasecallorwrite"
    assert [(one.reason, one.count, len(one.boxes)) for one in report.places] == [("phone", 1, 2)]


def test_what_is_in_the_file_and_drawn_nowhere() -> None:
    pdf = pikepdf.new()
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    form = pdf.make_stream(b"BT /F1 12 Tf 5 5 Td (Mr. Yamada again) Tj ET")
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 200, 50])
    form.Resources = Dictionary(Font=Dictionary(F1=font))
    page = pdf.add_blank_page(page_size=(595, 842))
    page.obj.Resources = Dictionary(XObject=Dictionary(Unused=form), Font=Dictionary(F1=font))
    page.obj.Contents = pdf.make_stream(b"BT /F1 12 Tf 60 700 Td (Yamada here) Tj ET")
    result, _ = redacted(build.saved(pdf), "Yamada")
    assert b"Yamada" not in everything(result)


def test_words_in_a_pattern_are_refused() -> None:
    pdf = pikepdf.new()
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    tile = pdf.make_stream(b"BT /F1 12 Tf 5 5 Td (Yamada) Tj ET")
    tile.PatternType, tile.PaintType, tile.TilingType = 1, 1, 1
    tile.BBox, tile.XStep, tile.YStep = Array([0, 0, 80, 30]), 80, 30
    tile.Resources = Dictionary(Font=Dictionary(F1=font))
    page = pdf.add_blank_page(page_size=(595, 842))
    page.obj.Resources = Dictionary(Pattern=Dictionary(P1=tile), Font=Dictionary(F1=font))
    page.obj.Contents = pdf.make_stream(
        b"/Pattern cs /P1 scn 50 50 300 200 re f BT 0 g /F1 12 Tf 60 700 Td (Yamada here) Tj ET"
    )
    with pytest.raises(InvalidInput) as refused:
        redacted(build.saved(pdf), "Yamada")
    assert refused.value.code == "redact.left-behind"
