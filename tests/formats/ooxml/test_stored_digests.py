"""The normalized content digest of documents does not change from one version to the next.

Every seal and every record holds one. These values were computed before the digest was made
quicker; whoever changes the digest has to keep the old ones valid (decision 020).
"""

import io
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import docx
import openpyxl
import pptx
import pytest
from PIL import Image
from pptx.util import Pt

from meti_desk.formats.base import LabelOrder, Wants
from meti_desk.formats.registry import find

_ORDER = LabelOrder({"jp.go.meti.label": "C2;I1;A1", "jp.go.meti.id": "0" * 32}, "機密性2情報")
_SAMPLES = {
    "審査結果案.docx": "44a2ca169fef14fed7f724dc81f42be2507741dbb056b62b6405ab62ccf49666",
    "審査要領.docx": "37b604cdbc60a655553497c7bbe9d193e4fb3ba4031eb3ea9a00919ec02d920a",
}


def _picture() -> io.BytesIO:
    made = io.BytesIO()
    Image.frombytes("RGB", (4, 3), bytes(range(36))).save(made, "PNG")
    made.seek(0)
    return made


def _word() -> bytes:
    made = docx.Document()
    made.add_heading("補助金の審査の結果")
    line = made.add_paragraph("申請 12 件のうち")
    line.add_run("\t8 件を採択した。").bold = True
    line.add_run("見えない").font.hidden = True
    cells = made.add_table(2, 2).rows
    cells[0].cells[0].text, cells[1].cells[1].text = "件数", "八"
    made.sections[0].header.paragraphs[0].text = "審査委員会"
    made.add_picture(_picture())
    return _saved(made.save)


def _book() -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "集計"
    sheet.append(["件数", 12, 0.5, True])
    sheet["A2"] = "=SUM(B1:C1)"
    sheet.oddHeader.left.text = "審査委員会"
    hidden = made.create_sheet("控え")
    hidden.sheet_state = "hidden"
    hidden["C3"] = "見えない"
    return _saved(made.save)


def _deck() -> bytes:
    made = pptx.Presentation()
    slide = made.slides.add_slide(made.slide_layouts[5])
    slide.shapes.title.text = "補助金の審査の結果"
    slide.shapes.add_textbox(Pt(10), Pt(99), Pt(90), Pt(20)).text_frame.text = "8 件を採択した。"
    slide.shapes.add_picture(_picture(), Pt(10), Pt(10))
    slide.notes_slide.notes_text_frame.text = "ここで質問を受ける"
    return _saved(made.save)


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()


def _digest(data: bytes) -> str:
    source = io.BytesIO(data)
    return find(source).family.inspect(source, Wants(findings=False)).digest


def _labelled(data: bytes) -> bytes:
    source, target = io.BytesIO(data), io.BytesIO()
    family = find(source).family
    family.write_label(source, target, _ORDER)
    family.verify_label(source, target, _ORDER)
    return target.getvalue()


@pytest.mark.parametrize("name", _SAMPLES)
def test_the_digest_of_a_shipped_sample_is_the_one_that_was_stored(name: str) -> None:
    data = _sample(name)
    assert _digest(data) == _SAMPLES[name]
    assert _digest(_labelled(data)) == _SAMPLES[name]


def _sample(name: str) -> bytes:
    packed = files("meti_desk").joinpath("resources", "samples", name)
    if packed.is_file():
        return packed.read_bytes()
    return (Path(__file__).parents[3] / "resources" / "samples" / name).read_bytes()


@pytest.mark.parametrize(
    ("made", "digest"),
    [
        (_word, "354fa0a8a76353c5bbfd7f6866f92c642af02313b968b36d760b5ffa9bbb91bd"),
        (_book, "09bea5e70d94f7da8244dd0fd1efb254fa45299d9aca849cc69f166e6fe857b2"),
        (_deck, "91d7d02f6eb3221c231ffbd820e7468a46b579c3e62d6af212a3cbc555358b79"),
    ],
)
def test_the_digest_of_a_made_document_is_the_one_that_was_stored(
    made: Callable[[], bytes], digest: str
) -> None:
    data = made()
    assert _digest(data) == digest
    assert _digest(_labelled(data)) == digest
