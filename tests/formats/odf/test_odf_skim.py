"""Large workbooks are read row by row, and tell the same as when they are read whole."""

import os
import tracemalloc
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from lxml import etree

from meti_desk.domain.errors import InvalidInput, MetiDeskError
from meti_desk.formats.base import LabelOrder, Wants
from meti_desk.formats.odf import package
from meti_desk.formats.odf.family import ODF
from meti_desk.formats.odf.names import declarations
from meti_desk.formats.odf.package import OdfFile
from meti_desk.formats.odf.skim import Sheets, ThinPart
from meti_desk.formats.odf.splice import Part
from meti_desk.formats.odf.stories import Stories, content_digest, text_parts

CORPUS = os.environ.get("METI_DESK_CORPUS")
ORDER = LabelOrder({"jp.go.meti.label": "C2;I1;A1"}, "機密性2情報（完全性1・可用性1）")
_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_ROW = (
    "<table:table-row><table:table-cell office:value='{0}'><text:p>語{0}</text:p>"
    "</table:table-cell></table:table-row>"
)
_ODD = """before<table:table-source/> between <table:title>t</table:title>
  <table:table-column/><table:table-header-rows>{0}</table:table-header-rows> tail
  <table:table-row-group>{1}<table:table-row-group>{2}</table:table-row-group></table:table-row-group>
  <table:table-row><table:table-cell><text:p>with<text:note text:note-class="endnote">
  <text:note-body><text:p>a note</text:p></text:note-body></text:note></text:p>
  <table:table><table:table-row><table:table-cell><text:p>inner</text:p></table:table-cell>
  </table:table-row></table:table></table:table-cell></table:table-row>
  <table:table-row><table:table-cell><draw:frame><draw:image xlink:href="Pictures/a.png"/>
  </draw:frame><!-- a remark --></table:table-cell></table:table-row> end"""


def sheet(name: str, inside: str) -> str:
    return f"<table:table table:name='{name}'>{inside}</table:table>"


def workbook(*sheets: str, around: str = "{}") -> BytesIO:
    spaces = declarations("office", "table", "text", "draw", "xlink", "style")
    body = around.format("".join(sheets))
    content = (
        f"<office:document-content{spaces}><office:automatic-styles>"
        "<style:style style:name='P1' style:family='paragraph'>"
        "<style:text-properties/></style:style></office:automatic-styles>"
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    manifest = f"<manifest:manifest{declarations('manifest')}/>"
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as box:
        box.writestr("mimetype", _TYPE)
        box.writestr("content.xml", content)
        box.writestr("Pictures/a.png", b"picture")
        box.writestr("META-INF/manifest.xml", manifest)
    return made


def rows(count: int) -> str:
    return "".join(_ROW.format(number) for number in range(count))


ODD = sheet("表", _ODD.format(*(_ROW.format(one) for one in "abc")))
CACHE = sheet("&apos;file:///a.ods&apos;#$x", "<table:table-source/>" + rows(3))


def told(file: BytesIO, *, thin: bool, most: int | None = None) -> object:
    held = OdfFile(file, skim=thin)
    assert held.is_thin is thin
    stories = Stories(held, most=most)
    return content_digest(stories), text_parts(stories), sorted(stories.media())


@pytest.fixture(autouse=True)
def _all_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "LARGE", 0)


@pytest.mark.parametrize(
    "file",
    [
        workbook(sheet("1", rows(50)), sheet("2", rows(3))),
        workbook(ODD, CACHE, sheet("", ""), "<table:named-expressions/>"),
        workbook(sheet("1", rows(2)), around="<table:content-validations/> x {} y"),
        workbook(sheet("1", rows(30_000))),
    ],
    ids=["plain", "odd", "text around", "long"],
)
def test_row_by_row_tells_the_same_as_the_whole(file: BytesIO) -> None:
    assert told(file, thin=True) == told(file, thin=False)


def test_what_is_large_is_labelled_and_read_back() -> None:
    file, target = workbook(ODD, sheet("2", rows(20))), BytesIO()
    before = ODF.inspect(file, Wants(findings=False))
    ODF.write_label(file, target, ORDER)
    ODF.verify_label(file, target, ORDER)
    after = ODF.inspect(target, Wants(findings=False))
    assert after.properties == ORDER.properties
    assert after.digest == before.digest
    with zipfile.ZipFile(file) as one, zipfile.ZipFile(target) as two:
        assert one.read("content.xml") == two.read("content.xml")


def test_a_word_more_is_another_content() -> None:
    one, two = (workbook(sheet("1", rows(20) + more)) for more in ("", _ROW.format("x")))
    assert told(one, thin=True) != told(two, thin=True)


def test_the_rows_of_a_large_workbook_are_never_all_there() -> None:
    data = workbook(sheet("1", rows(20_000))).getvalue()
    content = zipfile.ZipFile(BytesIO(data)).read("content.xml")
    part = ThinPart("content.xml", content)
    assert sum(1 for _ in part.root.iter()) < 20
    most = 0
    for held, one in Sheets(content, "content.xml"):
        most = max(most, len(held))
        if one is not None:
            held.remove(one)
    # Those of one piece of the file, and no more.
    assert most < 1_000


def test_the_text_of_a_long_sheet_is_put_together_on_the_way() -> None:
    file = OdfFile(workbook(sheet("1", rows(30_000))), skim=True)
    tracemalloc.start()
    Stories(file)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 16 << 20


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda data: data[:-30], "xml"),
        (lambda data: data.replace(b"</table:table>", b"", 1), "xml"),
        (lambda data: b"<!DOCTYPE x [<!ENTITY a 'b'>]>" + data, "dtd"),
        (lambda data: data.replace(b"<text:p>", b"<text:p>" + b"<text:span>" * 300, 1), "xml"),
    ],
    ids=["cut", "torn", "entity", "deep"],
)
def test_damage_is_told_as_ever(damage: object, reason: str) -> None:
    file = workbook(sheet("1", rows(10)))
    content = zipfile.ZipFile(file).read("content.xml")
    with pytest.raises(InvalidInput) as whole:
        Part("content.xml", damage(content))  # type: ignore[operator]
    with pytest.raises(InvalidInput) as thin:
        ThinPart("content.xml", damage(content))  # type: ignore[operator]
    assert thin.value.code == whole.value.code == "document.damaged"
    assert thin.value.params["reason"] == whole.value.params["reason"] == reason


def test_a_workbook_without_sheets_has_a_tree_all_the_same() -> None:
    content = zipfile.ZipFile(workbook()).read("content.xml")
    assert etree.tostring(ThinPart("content.xml", content).root) == etree.tostring(
        etree.fromstring(content)
    )


@pytest.mark.skipif(not CORPUS, reason="METI_DESK_CORPUS is not set")
def test_real_workbooks_tell_the_same_row_by_row() -> None:
    compared = 0
    for path in sorted(Path(CORPUS or "").rglob("*.ods")):
        file = BytesIO(path.read_bytes())
        try:
            whole = told(file, thin=False)
        except MetiDeskError:
            continue
        assert told(file, thin=True) == whole, path.name
        compared += 1
    assert compared
