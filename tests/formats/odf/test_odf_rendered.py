"""What LibreOffice makes of marked documents of every shape, and of marks when it saves them."""

import io
from pathlib import Path

import pytest

from meti_desk.formats.base import HANDLING_KEY, LABEL_KEY, LabelOrder, Wants
from meti_desk.formats.odf.family import ODF
from meti_desk.formats.ooxml.docx import DOCX
from tests.formats.libreoffice import SOFFICE, convert, pages
from tests.formats.odf.builder import LAYOUT, MARK, document, flat, master, p, sheet, slide
from tests.formats.ooxml.builder import document as word
from tests.formats.ooxml.builder import paragraph

ORDER = LabelOrder({LABEL_KEY: "C2;I2;A1", HANDLING_KEY: "複製禁止"}, MARK)
OTHER = LabelOrder(ORDER.properties, "機密性1情報（完全性1・可用性1）")
BODY = "".join(p(f"line {number} of the text") for number in range(110))
ROWS = [(f"row {number}", f"{number * number}", "x") for number in range(150)]
pytestmark = [
    pytest.mark.libreoffice,
    pytest.mark.timeout(600),
    pytest.mark.skipif(SOFFICE is None, reason="soffice is missing"),
]

_HEADER = f"<style:header>{p('HEADER')}</style:header>"
_FIRST = f"<style:header-first>{p('FIRST')}</style:header-first>"
_TALL = (
    '<style:header-style><style:header-footer-properties fo:min-height="1cm" fo:margin-left="0cm"'
    ' fo:margin-right="0cm" fo:margin-bottom="0.5cm"/></style:header-style>'
)
_TABLE = (
    "<table:table><table:table-column/><table:table-row><table:table-cell>"
    f"{p('CELL')}</table:table-cell></table:table-row></table:table>"
)
_LIST = f"<text:list><text:list-item>{p('ITEM')}</text:list-item></text:list>"
_FEET = (
    f"<style:footer>{p('FOOT')}</style:footer><style:footer-first>{p('FIRST')}</style:footer-first>"
)
_ENDNOTE = (
    '<text:p>x<text:note text:id="n" text:note-class="endnote"><text:note-citation>i'
    "</text:note-citation><text:note-body><text:p>END</text:p></text:note-body></text:note></text:p>"
)
_BREAK = (
    '<style:style style:name="To{0}" style:family="paragraph" style:master-page-name="{0}">'
    "<style:paragraph-properties/></style:style>"
)
_DARK = (
    '<style:style style:name="dark" style:family="drawing-page"><style:drawing-page-properties'
    ' draw:fill="solid" draw:fill-color="#000000" presentation:background-objects-visible="false"/>'
    "</style:style>"
)
_FULL = '<draw:rect svg:x="0cm" svg:y="0cm" svg:width="28cm" svg:height="15.75cm"/>'
_SHEET_NAME = "<text:p><text:sheet-name>?</text:sheet-name></text:p>"
_OFF = f'<style:header style:display="false">{_SHEET_NAME}</style:header>'


def _page(inner: str) -> io.BytesIO:
    return document("odt", BODY, masters=master("Standard", "pm1", inner))


def _made() -> dict[str, io.BytesIO]:
    book = sheet("一覧", *ROWS) + sheet("Second", *ROWS[:3])
    tall = LAYOUT.replace("<style:header-style/>", _TALL)
    return {
        "plain.odt": document("odt", BODY),
        "old.odt": document("odt", BODY, version="1.0"),
        "header.odt": _page(_HEADER),
        "first.odt": _page(_HEADER + _FIRST),
        "footfirst.odt": _page(_FEET),
        "table.odt": _page(f"<style:header>{_TABLE}</style:header>"),
        "list.odt": _page(f"<style:header>{_LIST}</style:header>"),
        "endnote.odt": document("odt", BODY + _ENDNOTE),
        "bare.odt": document("odt", BODY, masters="<!-- -->"),
        "vertical.odt": document(
            "odt", BODY,
            layouts=LAYOUT.replace("/><style:header", ' style:writing-mode="tb-rl"/><style:header'),
        ),
        "shared.odt": document(
            "odt", p("A", "ToStandard") + BODY + p("B", "ToBare") + BODY, layouts=tall,
            automatic=_BREAK.format("Standard") + _BREAK.format("Bare"),
            masters=master("Standard", "pm1", _HEADER) + master("Bare", "pm1"),
        ),
        "flat.fodt": flat("odt", BODY),
        "bare.ods": document("ods", book, masters=master("Default", "pm1")),
        "name.ods": document(
            "ods", book, layouts=tall,
            masters=master("Default", "pm1", f"<style:header>{_SHEET_NAME}</style:header>"),
        ),
        "off.ods": document(
            "ods", book,
            masters=master("Default", "pm1", _OFF),
        ),
        "show.odp": document(
            "odp", slide("a", "Hello") + slide("b", "Dark", style="dark") + slide("c", inner=_FULL),
            automatic=_DARK,
        ),
        "draw.odg": document("odg", slide("a", "Hello") + slide("b", inner=_FULL)),
    }  # fmt: skip


def _written(file: io.BytesIO, order: LabelOrder = ORDER) -> io.BytesIO:
    out = io.BytesIO()
    ODF.write_label(file, out, order)
    ODF.verify_label(file, out, order)
    return out


def test_the_mark_stands_once_on_every_page_and_no_line_moves(tmp_path: Path) -> None:
    for name, file in _made().items():
        stem, _, form = name.partition(".")
        (tmp_path / f"{stem}{form}-a.{form}").write_bytes(file.getvalue())
        (tmp_path / f"{stem}{form}-b.{form}").write_bytes(_written(file).getvalue())
    convert(tmp_path, sorted(tmp_path.iterdir()), "pdf")
    mark = "".join(MARK.split())
    wrong = {}
    for name in _made():
        stem = "".join(name.split("."))
        before, after = (pages(tmp_path / f"{stem}-{word}.pdf") for word in "ab")
        marked = [text.count(mark) for text in after]
        plain = [text.replace(mark, "") for text in after]
        same = [sorted(one) for one in before] == [sorted(one) for one in plain]
        if len(before) != len(after) or set(marked) != {1} or not same:
            wrong[name] = (len(before), marked, same)
    assert wrong == {}


@pytest.mark.parametrize("name", ["header.odt", "first.odt", "off.ods", "name.ods", "show.odp"])
def test_a_mark_that_libreoffice_saved_is_still_ours(name: str, tmp_path: Path) -> None:
    file = _made()[name]
    marked = _written(file)
    (tmp_path / name).write_bytes(marked.getvalue())
    (tmp_path / "out").mkdir()
    convert(tmp_path, [tmp_path / name], name.partition(".")[2], tmp_path / "out")
    saved = io.BytesIO((tmp_path / "out" / name).read_bytes())
    seen = ODF.inspect(saved, Wants(text=True))
    assert seen.properties == ORDER.properties
    assert {(one.text, one.own) for one in seen.marks} == {(MARK, True)}
    assert seen.digest == ODF.inspect(marked, Wants()).digest
    again = ODF.inspect(_written(saved, OTHER), Wants())
    assert {(one.text, one.own) for one in again.marks} == {(OTHER.mark, True)}
    assert ODF.inspect(_written(saved, LabelOrder({}, "")), Wants()).marks == ()


def test_a_label_survives_the_way_from_word_and_back(tmp_path: Path) -> None:
    marked = io.BytesIO()
    DOCX.write_label(word(paragraph("text")), marked, ORDER)
    (tmp_path / "a.docx").write_bytes(marked.getvalue())
    (tmp_path / "back").mkdir()
    convert(tmp_path, [tmp_path / "a.docx"], "odt")
    convert(tmp_path, [tmp_path / "a.odt"], "docx", tmp_path / "back")
    odt = io.BytesIO((tmp_path / "a.odt").read_bytes())
    seen = ODF.inspect(odt, Wants())
    assert seen.properties == ORDER.properties
    assert [(one.text, one.own) for one in seen.marks] == [(MARK, True)]
    # Marked anew it is replaced, not doubled.
    again = ODF.inspect(_written(odt, OTHER), Wants())
    assert [one.text for one in again.marks] == [OTHER.mark]
    with (tmp_path / "back" / "a.docx").open("rb") as back:
        assert DOCX.inspect(back, Wants()).properties == ORDER.properties
