"""Hidden sheets, rows, columns and cells: what may go goes, what is needed asks a person."""

import pytest

from meti_desk.domain.errors import RuleViolation
from meti_desk.formats.base import ScrubOrder, Wants
from meti_desk.formats.ooxml.xlsx import XLSX
from tests.formats.ooxml.builder import rels
from tests.formats.ooxml.xlsx.test_book_scrub import everything, scrubbed
from tests.formats.ooxml.xlsx.workbooks import LINK, MAIN, Tab, book, number, row, sheet, text

PUBLISH = ScrubOrder(purpose="publish")
SECRET = sheet(row(1, text("A1", "SECRET")))


def _formula(told: str, place: str = "B2") -> str:
    return f'<{{x}}c r="{place}"><{{x}}f>{told}</{{x}}f><{{x}}v>1</{{x}}v></{{x}}c>'


def _names(*names: str) -> str:
    return f"<definedNames>{''.join(names)}</definedNames>"


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_that_nothing_needs_goes(state: str) -> None:
    tabs = [
        Tab(SECRET, "前", state=state),
        Tab(sheet(row(1, text("A1", "seen"))), "表"),
        Tab(SECRET, "隠し", state=state),
        Tab(sheet(row(1, _formula("表!A1"))), "後"),
    ]
    settings = '<bookViews><workbookView activeTab="3" firstSheet="1"/></bookViews>'
    file = book(*tabs, settings=settings)
    out, report = scrubbed(file)
    assert b"SECRET" not in everything(out)
    assert {one.kind: one.count for one in report.removed}["xlsx.hidden-sheet"] == 2
    main = everything(out).decode("utf-8", "ignore")
    assert 'activeTab="1"' in main
    assert 'firstSheet="0"' in main
    with pytest.raises(RuleViolation) as told:
        scrubbed(file, PUBLISH)
    assert (told.value.code, told.value.params["kind"]) == ("scrub.blocked", "xlsx.hidden-sheet")
    kept, _ = scrubbed(file, ScrubOrder(purpose="publish", keep=("xlsx.hidden-sheet",)))
    assert b"SECRET" in everything(kept)


CHECK = (
    "<{x}dataValidations><{x}dataValidation sqref='A1' type='list'><{x}formula1>隠し!$A$1:$A$9"
    "</{x}formula1></{x}dataValidation></{x}dataValidations>"
)
RULE = (
    "<{x}conditionalFormatting sqref='A1'><{x}cfRule type='expression' priority='1'>"
    "<{x}formula>隠し!$A$1&gt;1</{x}formula></{x}cfRule></{x}conditionalFormatting>"
)
NEEDING = {
    "a formula": (_formula("隠し!A1"), "", ""),
    "a formula with quotes": (_formula("SUM('隠し'!A1:A9)"), "", ""),
    "a name": (_formula("税率*2"), "", '<definedName name="税率">隠し!$A$1</definedName>'),
    "a name of a name": (
        _formula("Rate*2"),
        "",
        '<definedName name="Rate">Base</definedName><definedName name="BASE">隠し!A1</definedName>',
    ),
    "several sheets": (_formula("SUM(表:後!A1)"), "", ""),
    "a name put together": (_formula("INDIRECT(A1&amp;&quot;!A1&quot;)"), "", ""),
    "a check": (
        "",
        CHECK,
        "",
    ),
    "a rule of formats": (
        "",
        RULE,
        "",
    ),
}


@pytest.mark.parametrize("what", NEEDING)
def test_a_hidden_sheet_that_is_needed_asks_a_person(what: str) -> None:
    cell, after, names = NEEDING[what]
    file = book(
        Tab(sheet(row(2, cell) if cell else "", after), "表"),
        Tab(SECRET, "隠し", state="hidden"),
        Tab(sheet(), "後"),
    )
    members = {}
    if names:
        from tests.formats.ooxml.builder import members_of, zipped

        members = dict(members_of(file))
        main = members["xl/workbook.xml"].decode()
        members["xl/workbook.xml"] = main.replace("</sheets>", "</sheets>" + _names(names)).encode()
        file = zipped(members)
    (found,) = [one for one in XLSX.inspect(file, Wants()).findings if one.group == 4]
    assert (found.kind, found.removal) == ("xlsx.hidden-sheet-used", "blocks")
    assert found.place == "hidden-sheet 隠し"
    assert found.value.startswith("表!B2" if cell else "表!表")
    for order in (ScrubOrder(), PUBLISH):
        with pytest.raises(RuleViolation) as told:
            scrubbed(file, order)
        assert told.value.params["kind"] == "xlsx.hidden-sheet-used"
    kept, _ = scrubbed(file, ScrubOrder(keep=("xlsx.hidden-sheet-used",)))
    assert b"SECRET" in everything(kept)


def test_a_hidden_sheet_is_needed_through_another_one() -> None:
    file = book(
        Tab(sheet(row(2, _formula("中!A1"))), "表"),
        Tab(sheet(row(1, _formula("奥!A1", "A1"))), "中", state="hidden"),
        Tab(SECRET, "奥", state="veryHidden"),
        Tab(sheet(row(1, _formula("奥!A1", "A1"))), "無関係", state="hidden"),
    )
    found = {
        one.place: (one.kind, one.value)
        for one in XLSX.inspect(file, Wants()).findings
        if one.group == 4
    }
    assert found == {
        "hidden-sheet 中": ("xlsx.hidden-sheet-used", "表!B2"),
        "hidden-sheet 奥": ("xlsx.hidden-sheet-used", "中!A1"),
        "hidden-sheet 無関係": ("xlsx.hidden-sheet", "無関係"),
    }


def test_a_chart_and_a_table_need_their_sheet() -> None:
    drawing = "http://schemas.openxmlformats.org/drawingml/2006/"
    chart = (
        f'<c:chartSpace xmlns:c="{drawing}chart"><c:chart><c:plotArea><c:ser><c:val><c:numRef>'
        "<c:f>隠し!$A$1:$A$3</c:f></c:numRef></c:val></c:ser></c:plotArea></c:chart></c:chartSpace>"
    )
    table = f'<table xmlns="{MAIN}" id="1" name="T" displayName="売上" ref="A1:A2"/>'
    hidden = Tab(SECRET, "隠し", state="hidden", links=[("t", f"{LINK}/table", "../tables/t.xml")])
    links = [("d", f"{LINK}/drawing", "../drawings/d.xml")]
    members = {
        "xl/drawings/d.xml": f'<xdr:wsDr xmlns:xdr="{drawing}spreadsheetDrawing"/>',
        "xl/drawings/_rels/d.xml.rels": rels(("c", f"{LINK}/chart", "../charts/c.xml")),
        "xl/charts/c.xml": chart,
        "xl/tables/t.xml": table,
    }
    by_chart = book(
        Tab(sheet("", '<{x}drawing r:id="d"/>'), "表", links=links), hidden, members=members
    )
    by_table = book(Tab(sheet(row(1, _formula("SUM(売上[金額])"))), "表"), hidden, members=members)
    for file, place in ((by_chart, "表!c.xml"), (by_table, "表!B1")):
        kinds = {one.kind: one.value for one in XLSX.inspect(file, Wants()).findings}
        assert kinds.get("xlsx.hidden-sheet-used", "").startswith(place[:2]), place


STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="170" formatCode=";;;"/>'
    '</numFmts><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="170"/></cellXfs></styleSheet>'
)
UNSEEN = {
    "xlsx.hidden-rows": (
        sheet('<{x}row r="3" hidden="1"><{x}c r="A3"><{x}v>1</{x}v></{x}c></{x}row>'),
        "3",
    ),
    "xlsx.hidden-columns": (
        sheet(
            row(1, number("B1", "1"), number("D1", "1")),
            before='<{x}cols><{x}col min="2" max="3" width="9" hidden="1"/></{x}cols>',
        ),
        "B",
    ),
    "xlsx.invisible-cell": (sheet(row(1, number("A1", "5", ' s="1"'))), "A1"),
}


@pytest.mark.parametrize("kind", UNSEEN)
def test_what_is_hidden_on_a_sheet_stays_and_blocks_publishing(kind: str) -> None:
    xml, told = UNSEEN[kind]
    file = book(xml, styles=STYLES)
    (found,) = [one for one in XLSX.inspect(file, Wants()).findings if one.group == 4]
    assert (found.kind, found.value, found.removal) == (kind, told, "kept")
    assert [one.kind for one in scrubbed(file)[1].left] == [kind]
    with pytest.raises(RuleViolation) as refused:
        scrubbed(file, PUBLISH)
    assert refused.value.params["kind"] == kind
    scrubbed(file, ScrubOrder(purpose="publish", keep=(kind,)))


def test_empty_hidden_rows_and_columns_tell_nothing() -> None:
    file = book(
        sheet(
            '<{x}row r="3" hidden="1"/>' + row(5, number("A5", "1")),
            before='<{x}cols><{x}col min="2" max="16384" width="0"/></{x}cols>',
        )
    )
    assert [one for one in XLSX.inspect(file, Wants()).findings if one.group == 4] == []
    scrubbed(file, PUBLISH)


def test_names_of_sheets_that_were_deleted_long_ago_go() -> None:
    from tests.formats.ooxml.builder import members_of, zipped

    members = dict(members_of(book(Tab(sheet(row(2, _formula("Used+Near"))), "表"))))
    names = _names(
        '<definedName name="_xlnm.Print_Area" localSheetId="7">表!$A$1</definedName>',
        '<definedName name="Far">DELETED!$A$1</definedName>',
        '<definedName name="Used">DELETED2!$A$1</definedName>',
        '<definedName name="Near">表!$A$1:表!$B$2</definedName>',
        "<definedName name=\"Broken\">'DELETED (2)'!#REF!</definedName>",
    )
    main = members["xl/workbook.xml"].decode()
    members["xl/workbook.xml"] = main.replace("</sheets>", "</sheets>" + names).encode()
    out, report = scrubbed(zipped(members))
    assert {one.kind: one.count for one in report.removed}["xlsx.hidden-name"] == 3
    after = members_of(out)["xl/workbook.xml"].decode()
    assert 'name="Near"' in after
    assert after.count("DELETED") == 1
