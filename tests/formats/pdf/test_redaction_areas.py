"""Areas of a PDF: glyphs, drawings and the pixels of pictures below them are taken out."""

import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.formats.pdf import pdfium
from meti_desk.formats.redaction import RedactionArea
from tests.formats.pdf import build
from tests.formats.pdf.helpers import qpdf_complains, texts
from tests.formats.pdf.redacted import everything, folded, grey_at, picture, redacted

WIDE, HIGH = 200, 100


def area(x: float, y: float, width: float, height: float, page: int = 1) -> RedactionArea:
    return RedactionArea(page, x, y, width, height)


def samples(mode: str) -> Image.Image:
    """Make a picture in which every pixel is bright and tells where it is."""
    made = Image.new("L", (WIDE, HIGH))
    made.putdata([100 + (x + y) % 150 for y in range(HIGH) for x in range(WIDE)])
    return made.point(lambda grey: 255 if grey > 170 else 0).convert("1") if mode == "1" else (
        made.convert(mode)
    )  # fmt: skip


def on_page(image: Any, matrix: str = "400 0 0 200 50 500", pages: int = 1) -> bytes:
    """Put an image on pages; `image` gets the document and gives the stream."""
    pdf = pikepdf.new()
    held = image(pdf)
    for _ in range(pages):
        page = pdf.add_blank_page(page_size=(595, 842))
        page.obj.Resources = Dictionary(XObject=Dictionary(I=held))
        page.obj.Contents = pdf.make_stream(f"q {matrix} cm /I Do Q".encode())
    return build.saved(pdf)


def stream(pdf: pikepdf.Pdf, data: bytes, space: Any, bits: int = 8, **more: Any) -> pikepdf.Object:
    made = pdf.make_stream(data, Type=Name.XObject, Subtype=Name.Image, Width=WIDE, Height=HIGH)
    made.BitsPerComponent = bits
    if space is not None:
        made.ColorSpace = space
    for key, value in more.items():
        made[f"/{key}"] = value
    return made


def encoded(mode: str, kind: str, **options: Any) -> bytes:
    made = BytesIO()
    samples(mode).save(made, kind, **options)
    return made.getvalue()


def fax() -> bytes:
    made = BytesIO()
    samples("1").save(made, "TIFF", compression="group4")
    with Image.open(BytesIO(made.getvalue())) as read:
        at, size = read.tag_v2[273][0], read.tag_v2[279][0]
    return made.getvalue()[at : at + size]


PICTURES = {
    "grey": lambda pdf: stream(pdf, samples("L").tobytes(), Name.DeviceGray),
    "rgb": lambda pdf: stream(pdf, samples("RGB").tobytes(), Name.DeviceRGB),
    "cmyk": lambda pdf: stream(pdf, samples("CMYK").tobytes(), Name.DeviceCMYK),
    "bits": lambda pdf: stream(pdf, samples("1").tobytes(), Name.DeviceGray, 1),
    "indexed": lambda pdf: stream(
        pdf, samples("L").tobytes(),
        Array([Name.Indexed, Name.DeviceGray, 255, pikepdf.String(bytes(range(256)))]),
    ),
    "jpeg": lambda pdf: stream(
        pdf, encoded("RGB", "JPEG", quality=95), Name.DeviceRGB, Filter=Name.DCTDecode
    ),
    "grey-jpeg": lambda pdf: stream(
        pdf, encoded("L", "JPEG", quality=95), Name.DeviceGray, Filter=Name.DCTDecode
    ),
    "jpeg-2000": lambda pdf: stream(
        pdf, encoded("RGB", "JPEG2000", no_jp2=True), Name.DeviceRGB, Filter=Name.JPXDecode
    ),
    "fax": lambda pdf: stream(
        pdf, fax(), Name.DeviceGray, 1, Filter=Name.CCITTFaxDecode,
        DecodeParms=Dictionary(K=-1, Columns=WIDE, Rows=HIGH, BlackIs1=False),
    ),
    "stencil": lambda pdf: stream(pdf, samples("1").tobytes(), None, 1, ImageMask=True),
    "soft-mask": lambda pdf: stream(
        pdf, samples("RGB").tobytes(), Name.DeviceRGB,
        SMask=stream(pdf, samples("L").tobytes(), Name.DeviceGray),
    ),
}  # fmt: skip


def unpacked(data: bytes) -> list[Image.Image]:
    """Give the pictures in a file that are no single pixel."""
    with pikepdf.open(BytesIO(data)) as pdf:
        found = [
            one
            for one in pdf.objects
            if isinstance(one, pikepdf.Stream)
            and one.get("/Subtype") == Name.Image
            and int(one.Width) > 1
        ]
        held = []
        for one in found:
            if one.get("/ImageMask"):
                held.append(Image.frombytes("1", (WIDE, HIGH), one.read_bytes()))
            else:
                held.append(pikepdf.PdfImage(one).as_pil_image().copy())
        return held


@pytest.mark.parametrize("kind", PICTURES)
def test_the_pixels_go_and_all_others_stay(tmp_path: Path, kind: str) -> None:
    data = on_page(PICTURES[kind])
    # From the upper left of the picture: 100 to 200 points of 400, 50 to 100 of 200.
    result, report = redacted(data, areas=(area(150, 842 - 700 + 50, 100, 50),))
    assert [place.reason for place in report.places] == ["area"]
    before, after = unpacked(data), unpacked(result)
    assert len(before) == len(after)
    for one, two in zip(before, after, strict=True):
        was, told = one.convert("RGB"), two.convert("RGB")
        inside = told.crop((51, 26, 99, 49)).getextrema()
        assert all(low == high for low, high in inside), inside
        for box in ((0, 0, WIDE, 24), (0, 51, WIDE, HIGH), (0, 0, 49, HIGH), (101, 0, WIDE, HIGH)):
            pairs = zip(was.crop(box).tobytes(), told.crop(box).tobytes(), strict=True)
            assert max(abs(a - b) for a, b in pairs) <= 2
    assert grey_at(picture(result), 200, 842 - 700 + 75) < 20
    assert qpdf_complains(result, tmp_path) == 0


@pytest.mark.parametrize(
    "matrix",
    ["-400 0 0 200 450 500", "400 0 0 -200 50 700", "0 400 200 0 50 300", "0 -400 200 0 50 700",
     "300 100 -50 200 100 450"],
)  # fmt: skip
def test_a_picture_that_is_turned(matrix: str) -> None:
    data = on_page(PICTURES["rgb"], matrix)
    result, _ = redacted(data, areas=(area(120, 842 - 640, 60, 40),))
    with pdfium.document(BytesIO(result)) as doc, pdfium.page(doc, 0) as handle:
        for one in [*pdfium.objects(handle)][1:]:
            pdfium.c.FPDFPageObj_SetIsActive(one, 0)  # what was drawn over it
        wide, _, pixels = pdfium.pixels(handle, 1.0) or (0, 0, b"")
    assert all(pixels[y * wide + x] == 0 for x in range(122, 178) for y in range(204, 240))


def test_a_picture_that_other_pages_show_stays_there() -> None:
    data = on_page(PICTURES["grey"], pages=2)
    result, _ = redacted(data, areas=(area(150, 192, 100, 50, page=2),))
    first, second = picture(result, 1), picture(result, 2)
    assert grey_at(first, 200, 215) > 90
    assert grey_at(second, 200, 215) < 20


def test_a_picture_inside_the_content_goes_whole() -> None:
    content = b"q 100 0 0 100 100 600 cm BI /W 2 /H 2 /CS /G /BPC 8 ID abcd EI Q"
    result, report = redacted(build.with_content(content), areas=(area(120, 160, 30, 30),))
    assert b"abcd" not in everything(result)
    assert "redact.image-removed:1" in report.notes


def test_scanned_text_goes_with_the_letters_below_it() -> None:
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842))
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page.obj.Resources = Dictionary(
        XObject=Dictionary(I=PICTURES["grey"](pdf)), Font=Dictionary(F1=font)
    )
    page.obj.Contents = pdf.make_stream(
        b"q 400 0 0 200 50 500 cm /I Do Q BT 3 Tr /F1 20 Tf 100 600 Td (Mr. Yamada) Tj ET"
    )
    result, _ = redacted(build.saved(pdf), "Yamada")
    assert folded(texts(result)[0].text) == "mr."
    scan = unpacked(result)[0].convert("L")
    found = [(x, y) for x in range(WIDE) for y in range(HIGH) if scan.getpixel((x, y)) == 0]
    assert len(found) > 100
    assert all(40 <= x <= 80 and 38 <= y <= 54 for x, y in found)


def test_drawings_inside_go_and_frames_around_stay() -> None:
    strokes = " ".join(f"{110 + n % 30} {610 + n % 17} l" for n in range(60))
    content = f"50 500 400 200 re S 110 610 m {strokes} S 60 520 m 440 520 l S".encode()
    result, report = redacted(build.with_content(content), areas=(area(90, 202, 80, 50),))
    raw = everything(result)
    assert b"139 626 l" not in raw
    assert b"400 200 re" in raw
    assert b"440 520 l" in raw
    assert "redact.drawing-removed:1" in report.notes


def test_writing_that_is_drawn_half_inside_is_refused() -> None:
    strokes = " ".join(f"{110 + n * 3} {610 + n % 17} l" for n in range(60))
    content = f"110 610 m {strokes} S".encode()
    with pytest.raises(RuleViolation) as refused:
        redacted(build.with_content(content), areas=(area(90, 202, 80, 50),))
    assert refused.value.params == {"place": "page 1", "reason": "drawing"}


@pytest.mark.parametrize(
    "wrong", [area(10, 10, 50, 50, page=3), area(700, 10, 50, 50), area(10, 900, 5, 5)]
)
def test_an_area_that_is_not_on_the_page(wrong: RedactionArea) -> None:
    with pytest.raises(InvalidInput) as refused:
        redacted(build.plain(), areas=(wrong,))
    assert refused.value.code == "redact.area-outside"


def test_text_from_office_with_its_fonts(tmp_path: Path) -> None:
    made = docx.Document()
    made.add_paragraph("部長の山田太郎は、出席。office fi ffi Yamada Taro")
    source = tmp_path / "letter.docx"
    made.save(str(source))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf",
         "--outdir", str(tmp_path), str(source)], capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    data = (tmp_path / "letter.pdf").read_bytes()
    result, _ = redacted(data, "山田太郎", "Yamada")
    assert folded(texts(result)[0].text) == folded("部長のは、出席。office fi ffi Taro")
    assert qpdf_complains(result, tmp_path) == 0
