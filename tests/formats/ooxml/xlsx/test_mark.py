"""Where the mark goes: every header of every sheet, in its place, and nothing else changes."""

import io
import itertools
import re
from xml.sax.saxutils import escape

import openpyxl
import pytest
from lxml import etree

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.base import LabelOrder, SkippedPage, Wants
from meti_desk.formats.ooxml.xlsx import XLSX
from tests.formats.ooxml.builder import members_of
from tests.formats.ooxml.xlsx.workbooks import (
    LINK,
    MARK,
    OLD_MACROS,
    ORDER,
    REMOVE,
    Tab,
    book,
    labelled,
    number,
    read,
    row,
    sheet,
)

OURS = f"&amp;R&amp;K000001&amp;9{MARK}"
HEADER = f"<headerFooter><oddHeader>{OURS}</oddHeader></headerFooter>"
ORDER_OF_SCHEMA = (
    *("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr"),
    *("sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState"),
    *("dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting"),
    *("dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter"),
    *("rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags"),
    *("drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects"),
    *("controls", "webPublishItems", "tableParts", "extLst"),
)


def _marks(file: io.BytesIO) -> list[tuple[str, str]]:
    return [(m.text, m.place) for m in XLSX.inspect(file, Wants(findings=False)).marks if m.own]


def test_a_sheet_without_headers_gets_one() -> None:
    out = labelled(book(sheet(row(1, number("A1", "1")))))
    assert f"</sheetData>{HEADER}</worksheet>" in read(out)
    assert _marks(out) == [(MARK, "header 表1")]


@pytest.mark.parametrize("name", [n for n in ORDER_OF_SCHEMA if n != "sheetData"])
def test_the_order_of_the_schema_is_kept(name: str) -> None:
    if name == "headerFooter":
        content = "<headerFooter><oddFooter>&amp;CPage &amp;P</oddFooter></headerFooter>"
    else:
        content = f"<{name}/>"
    first = ORDER_OF_SCHEMA.index(name) < ORDER_OF_SCHEMA.index("sheetData")
    file = book(sheet("", before=content) if first else sheet("", content))
    root = etree.fromstring(read(labelled(file)).encode())
    names = [etree.QName(one).localname for one in root]
    assert names == sorted(names, key=ORDER_OF_SCHEMA.index)
    assert names.count("headerFooter") == 1


def test_all_that_may_stand_in_a_sheet_keeps_its_order() -> None:
    after = "".join(f"<{n}/>" for n in ORDER_OF_SCHEMA[6:] if n != "headerFooter")
    made = read(labelled(book(sheet("", after))))
    assert made.replace(HEADER, "") == read(book(sheet("", after)))
    assert f"<pageSetup/>{HEADER}<rowBreaks/>" in made


@pytest.mark.parametrize(
    ("odd", "even", "first", "other", "title"),
    [
        (*texts, *switches)
        for texts in itertools.product((None, "", "Old"), repeat=3)
        for switches in itertools.product(("", "0", "1"), ("", "true"))
    ],
)
def test_every_header_that_a_page_shows_is_marked(
    odd: str | None, even: str | None, first: str | None, other: str, title: str
) -> None:
    texts = {"oddHeader": odd, "evenHeader": even, "firstHeader": first}
    inner = "".join(f"<{k}>&amp;R{t}</{k}>" for k, t in texts.items() if t is not None)
    attributes = f' differentOddEven="{other}"' if other else ""
    attributes += f' differentFirst="{title}"' if title else ""
    file = book(sheet("", f"<headerFooter{attributes}>{inner}</headerFooter>"))
    out = labelled(file)
    root = etree.fromstring(read(out).encode())
    holder = root[-1]
    held = {etree.QName(one).localname: one.text or "" for one in holder}
    shown = {"oddHeader", *(["evenHeader"] if other == "1" else ())}
    shown |= {"firstHeader"} if title else set()
    for kind, old in texts.items():
        rest = f"\n{old}" if old else ""
        if kind in shown:
            size = "" if old else "&9"
            assert held[kind] == f"&R&K000001{size}{MARK}{rest}"
        else:
            assert held.get(kind) == (None if old is None else f"&R{old}")
    names = [etree.QName(one).localname for one in holder]
    assert names == sorted(names, key=("oddHeader", "evenHeader", "firstHeader").index)
    assert [m for m, _ in _marks(out)] == [MARK]


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("prefix", ["", "x"])
@pytest.mark.parametrize(
    "after",
    [
        "",
        "<{x}headerFooter/>",
        '<{x}headerFooter alignWithMargins="0" />',
        '<{x}headerFooter  scaleWithDoc="0"\n><!-- kept --></{x}headerFooter>',
        "<{x}headerFooter><{x}oddHeader/><{x}oddFooter>&amp;CF</{x}oddFooter></{x}headerFooter>",
        "<{x}headerFooter><{x}oddFooter>&amp;L2</{x}oddFooter></{x}headerFooter>",
        '<{x}headerFooter><{x}oddHeader xml:space="preserve"> A </{x}oddHeader></{x}headerFooter>',
        "<{x}headerFooter><{x}oddHeader><![CDATA[&R<b>]]></{x}oddHeader></{x}headerFooter>",
    ],
)
def test_marking_twice_and_taking_it_out_again(strict: bool, prefix: str, after: str) -> None:  # noqa: FBT001 - a case
    file = book(sheet(row(1, number("A1", "1")), after), strict=strict, prefix=prefix)
    out = labelled(file)
    assert labelled(out).getvalue() == out.getvalue()
    other = labelled(out, LabelOrder(ORDER.properties, "機密性3情報"))
    assert labelled(other).getvalue() != other.getvalue()
    assert read(labelled(other)) == read(out)
    bare = labelled(out, REMOVE)
    assert _marks(bare) == []
    assert XLSX.inspect(bare, Wants()).digest == XLSX.inspect(file, Wants()).digest
    if "oddHeader/>" not in after and "CDATA" not in after and after != "<{x}headerFooter/>":
        assert re.sub(r"\s*/>|\s*></\S*headerFooter>", "/>", read(bare)) == re.sub(
            r"\s*/>|\s*></\S*headerFooter>", "/>", read(file)
        )


def test_a_comment_in_a_header_element_is_kept() -> None:
    after = "<headerFooter><!-- kept --><oddFooter>F</oddFooter></headerFooter>"
    out = labelled(book(sheet("", after)))
    assert "<!-- kept --><oddHeader>" in read(out)
    assert "<!-- kept --><oddFooter>" in read(labelled(out, REMOVE))


@pytest.mark.parametrize("root", ["chartsheet", "dialogsheet"])
def test_charts_and_dialogs_on_sheets_of_their_own(root: str) -> None:
    xml = f'<{root}{{ns}}><sheetViews/><pageMargins/><pageSetup/><drawing r:id="rId1"/></{root}>'
    out = labelled(book(sheet(""), Tab(xml, "図", root)))
    assert f"<pageSetup/>{HEADER}<drawing" in read(out, f"xl/{root}s/sheet2.xml")


def test_sheets_of_old_macros() -> None:
    root = f'<xm:macrosheet{{ns}} xmlns:xm="{OLD_MACROS}"><sheetData/></xm:macrosheet>'
    file = book(Tab(root.replace("{ns}", f' xmlns="{OLD_MACROS}"'), kind="worksheet"))
    out = labelled(file)
    assert '<headerFooter xmlns="http://schemas.openxmlformats.org/spreadsheetml' in read(out)
    assert _marks(out) == [(MARK, "header 表1")]
    assert labelled(out).getvalue() == out.getvalue()
    assert read(labelled(out, REMOVE)).count("oddHeader") == 0


def test_alternatives_are_not_torn_apart() -> None:
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    controls = (
        f'<mc:AlternateContent xmlns:mc="{mc}"><mc:Choice Requires="x14"><controls/></mc:Choice>'
        "<mc:Fallback/></mc:AlternateContent>"
    )
    out = read(labelled(book(sheet("", "<pageSetup/>" + controls))))
    assert f"<pageSetup/>{HEADER}<mc:AlternateContent" in out
    inside = (
        f'<mc:AlternateContent xmlns:mc="{mc}"><mc:Choice Requires="x14"><headerFooter/>'
        "</mc:Choice><mc:Fallback><headerFooter/></mc:Fallback></mc:AlternateContent>"
    )
    assert read(labelled(book(sheet("", inside)))).count(HEADER) == 2


def test_custom_views_are_marked_too() -> None:
    views = (
        '<customSheetViews><customSheetView guid="{1}"><pageMargins/><pageSetup/><autoFilter/>'
        '</customSheetView><customSheetView guid="{2}"><headerFooter><oddHeader>A</oddHeader>'
        '</headerFooter></customSheetView><customSheetView guid="{3}"/></customSheetViews>'
    )
    out = read(labelled(book(sheet("", views))))
    assert f"<pageSetup/>{HEADER}<autoFilter/>" in out
    assert f"<oddHeader>A{OURS}</oddHeader>" in out
    assert out.count("<headerFooter>") == 3
    assert '<customSheetView guid="{3}"/>' in out


def test_a_header_that_is_full_is_left_and_told() -> None:
    full = f"<headerFooter><oddHeader>&amp;L{'長' * 240}</oddHeader></headerFooter>"
    file = book(sheet(""), sheet("", full))
    out = io.BytesIO()
    report = XLSX.write_label(file, out, ORDER)
    assert report.marked == 1
    assert report.skipped == (SkippedPage("mark.header-full", 2),)
    XLSX.verify_label(file, out, ORDER)
    assert read(out, "xl/worksheets/sheet2.xml") == read(file, "xl/worksheets/sheet2.xml")


def test_a_shorter_mark_that_stood_there_goes_when_the_longer_one_does_not_fit() -> None:
    text = "長" * 200
    after = f"<headerFooter><oddHeader>&amp;L{text}</oddHeader></headerFooter>"
    short = labelled(book(sheet("", after)), LabelOrder(ORDER.properties, "機密性3情報"))
    assert "機密性3" in read(short)
    out = io.BytesIO()
    long = LabelOrder(ORDER.properties, MARK + "　関係者限り" * 6)
    assert XLSX.write_label(short, out, long).skipped
    XLSX.verify_label(short, out, long)
    assert "機密性" not in read(out)


def test_all_other_bytes_stay() -> None:
    rows = "".join(row(n, number(f"A{n}", str(n))) for n in range(1, 500))
    odd = '<worksheet{ns}  xml:lang="ja" >\r\n<!-- c --><sheetData >' + rows + "</sheetData \n>"
    file = book(odd + "<?keep this?><pageSetup/>\n<legacyDrawing r:id='rId1'/></worksheet>\n")
    out = labelled(file)
    assert read(out).replace(HEADER, "") == read(file)
    assert f"<pageSetup/>\n{HEADER}<legacyDrawing" in read(out)


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_sheets_in_utf_16(codec: str) -> None:
    xml = '\ufeff<?xml version="1.0" encoding="UTF-16"?>' + sheet(row(1, number("A1", "1")))
    xml = (
        xml.replace("{x}", "")
        .replace("{ns}", f' xmlns="{LINK}"')
        .replace(LINK, "http://schemas.openxmlformats.org/spreadsheetml/2006/main")
    )
    out = labelled(book(Tab(xml.encode(codec))))
    made = members_of(out)["xl/worksheets/sheet1.xml"].decode(codec)
    assert made.replace(HEADER, "") == xml
    assert _marks(out) == [(MARK, "header 表1")]


def test_signs_in_a_mark_are_text() -> None:
    order = LabelOrder({}, "A&B <課>")
    out = labelled(book(sheet("")), order)
    assert escape("&R&K000001&9A&&B <課>") in read(out)
    seen = openpyxl.load_workbook(out).worksheets[0].oddHeader.right
    assert seen.text == "A&&B <課>"
    assert _marks(out) == [("A&B <課>", "header 表1")]


def test_a_mark_of_two_lines_is_refused() -> None:
    with pytest.raises(InvalidInput) as told:
        XLSX.write_label(book(sheet("")), io.BytesIO(), LabelOrder({}, "a\nb"))
    assert told.value.code == "mark.text-not-storable"


def test_openpyxl_reads_the_mark_beside_what_stood_there() -> None:
    made = openpyxl.Workbook()
    first = made.active
    first.oddHeader.left.text = "Left"
    first.oddHeader.right.text = "Author"
    first.oddHeader.right.size = 14
    first.HeaderFooter.differentFirst = True
    chart = openpyxl.chart.BarChart()
    chart.add_data(openpyxl.chart.Reference(first, min_col=1, min_row=1))
    made.create_chartsheet("グラフ").add_chart(chart)
    file = io.BytesIO()
    made.save(file)
    out = labelled(file)
    seen = openpyxl.load_workbook(out)
    assert seen.active.oddHeader.left.text == "Left"
    assert seen.active.oddHeader.right.text.startswith(MARK + "\n")
    assert seen.active.oddHeader.right.text.endswith("Author")
    assert seen.active.firstHeader.right.text == MARK
    assert seen.chartsheets[0].headerFooter.oddHeader.right.text == MARK


def test_without_a_mark_no_sheet_is_touched() -> None:
    file = book(sheet("", "<headerFooter><oddHeader>A</oddHeader></headerFooter>"))
    out = labelled(file, LabelOrder({"jp.go.meti.label": "C1;I1;A1"}))
    assert read(out) == read(file)
    marked = labelled(file)
    assert read(labelled(marked, LabelOrder({"jp.go.meti.label": "C1;I1;A1"}))) == read(marked)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (("<v>1</v>", "<v>2</v>"), "content"),
        ((OURS, OURS + "x"), "mark"),
        ((OURS, ""), "mark"),
        ((OURS, OURS + "&#10;more"), "content"),
        (("<pageSetup/>", '<pageSetup scale="9"/>'), "content"),
        ((HEADER, HEADER + "<rowBreaks/>"), "content"),
        (("<headerFooter>", '<headerFooter scaleWithDoc="0">'), "content"),
    ],
)
def test_a_result_that_differs_is_not_proven(change: tuple[str, str], what: str) -> None:
    from tests.formats.ooxml.builder import zipped

    file = book(sheet(row(1, number("A1", "1")), "<pageSetup/>"))
    out = labelled(file)
    members = dict[str, str | bytes](members_of(out))
    wrong = members["xl/worksheets/sheet1.xml"].decode().replace(*change)
    members["xl/worksheets/sheet1.xml"] = wrong.encode()
    with pytest.raises(InvalidInput) as told:
        XLSX.verify_label(file, zipped(members), ORDER)
    assert told.value.params["what"] == what
