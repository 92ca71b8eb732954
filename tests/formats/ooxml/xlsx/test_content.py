"""Text and digest: what a reader sees of a workbook, and what is no part of it."""

import io
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName

from meti_desk.formats.base import Wants
from meti_desk.formats.ooxml.xlsx import XLSX
from tests.formats.ooxml.builder import members_of, zipped
from tests.formats.ooxml.xlsx.workbooks import (
    LINK,
    MAIN,
    Tab,
    book,
    labelled,
    number,
    row,
    sheet,
    text,
)

ALL = Wants(findings=False, text=True)
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000 1f15c489".replace(" ", "")
    + "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def _text(file: io.BytesIO) -> dict[str, str]:
    return {one.place: one.text for one in XLSX.inspect(file, ALL).text}


def _digest(file: io.BytesIO) -> str:
    return XLSX.inspect(file, Wants(findings=False)).digest


def _strings(*items: str) -> str:
    return f'<sst xmlns="{MAIN}">{"".join(f"<si>{one}</si>" for one in items)}</sst>'


def test_every_way_to_store_a_cell() -> None:
    shared = _strings(
        "<t>共有</t>",
        "<r><rPr><b/></rPr><t>太</t></r><r><t xml:space='preserve'>字 </t></r>",
        '<t>漢字</t><rPh sb="0" eb="2"><t>カンジ</t></rPh><phoneticPr fontId="1"/>',
        "<t>a&amp;b&#10;c_x0041_</t>",
        "<t/>",
        "",
    )
    cells = [f'<c r="{c}1" t="s"><v>{n}</v></c>' for n, c in enumerate("ABCDEF")]
    cells += [
        '<c r="G1" t="str"><f>A1&amp;"x"</f><v>式&lt;</v></c>',
        '<c r="H1" t="b"><v>1</v></c><c r="I1" t="b"><v>0</v></c>',
        '<c r="J1" t="e"><v>#N/A</v></c>',
        '<c r="K1" t="inlineStr"><is><r><t>中</t></r><r><t>に</t></r></is></c>',
        '<c r="L1" t="d"><v>2024-04-01</v></c>',
        '<c r="M1"><v>123456789012</v></c><c r="N1"><v>0.30000000000000004</v></c>',
        '<c r="O1"><v>1.23E3</v></c><c r="P1" t="s"><v>99</v></c><c r="Q1" s="1"/>',
    ]
    file = book(sheet(row(1, *cells)), shared=shared)
    assert _text(file)["sheet 表1"].split("\t") == [
        *("共有", "太字 ", "漢字", "a&b\ncA", "式<", "TRUE", "FALSE", "#N/A", "中に"),
        *("2024-04-01", "123456789012", "0.3", "1230"),
    ]


@pytest.mark.parametrize("prefix", ["", "x"])
@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize(
    ("rows", "shown"),
    [
        ('<{x}row><{x}c><{x}v>1</{x}v></{x}c><{x}c t="n"><{x}v>2</{x}v></{x}c></{x}row>', "1\t2"),
        ('\n <{x}row  r="1" >\n <{x}c\n r="A1" ><{x}v>1</{x}v>\n</{x}c></{x}row>', "1"),
        ("<{x}row r='1'><{x}c r='A1' t='str'><{x}v>a</{x}v></{x}c></{x}row>", "a"),
        ('<{x}row r="1"><{x}c s="0" r="B1"><{x}v>3</{x}v></{x}c></{x}row>', "3"),
        ('<{x}row r="1"><{x}c r="A1" t="str"><{x}v><![CDATA[<a>]]></{x}v></{x}c></{x}row>', "<a>"),
        ('<{x}row r="1"><!--<c><v>9</v></c>--><{x}c r="A1"><{x}v>4</{x}v></{x}c></{x}row>', "4"),
        ('<{x}row r="1"><{x}c r="A1"><{x}v>5</{x}v><{x}extLst/></{x}c></{x}row>', "5"),
        ('<{x}row r="1"><{x}c r="A1"><{x}f>1+1</{x}f><{x}v/></{x}c></{x}row>', ""),
        ('<{x}row r="1"/><{x}row r="2"><{x}c r="A2"><{x}v>6</{x}v></{x}c></{x}row>', "6"),
    ],
)
def test_every_way_to_write_a_row(rows: str, shown: str, prefix: str, strict: bool) -> None:  # noqa: FBT001 - a case
    file = book(sheet(rows), prefix=prefix, strict=strict)
    assert _text(file).get("sheet 表1", "") == shown
    labelled(file)


def test_the_same_cells_have_the_same_digest_however_they_are_stored() -> None:
    plain = book(sheet(row(1, text("A1", "語"), number("B1", "1230"), number("C1", "0.5"))))
    shared = book(
        sheet('<row r="1" spans="1:3"><c t="s" s="3" r="A1"><v>1</v></c><c><v>1.23E3</v></c>'
              '<c r="C1"><v>.5</v></c><c r="D1" s="4"/></row>'),
        shared=_strings("<t>x</t>", "<r><t>語</t></r>"),
    )  # fmt: skip
    assert _digest(plain) == _digest(shared)


def test_dates_are_shown_as_dates() -> None:
    codes = {
        164: "yyyy/mm/dd",
        165: '[$-411]ggge"年"m"月"d"日"',
        166: '0.00"days"',
        167: "[Red]General",
        168: "[h]:mm",
        169: "0.00E+00",
    }
    formats = "".join(f'<numFmt numFmtId="{n}" formatCode="{c.replace(chr(34), "&quot;")}"/>'
                      for n, c in codes.items())  # fmt: skip
    numbers = [0, 14, 57, 22, *codes]
    xfs = "".join(f'<xf numFmtId="{n}"/>' for n in numbers)
    styles = (
        f'<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts><cellStyleXfs><xf numFmtId="14"/>'
        f"</cellStyleXfs><cellXfs>{xfs}</cellXfs></styleSheet>"
    )
    cells = [number(f"{chr(65 + n)}1", "45383.75", f' s="{n}"') for n in range(len(numbers))]
    cells += [
        number("R1", "1", ' s="1"'),
        number("S1", "61", ' s="1"'),
        number("T1", "0.5", ' s="1"'),
    ]
    cells += [number("U1", "-5", ' s="1"'), number("V1", "3000000", ' s="1"')]
    date, plain = "2024-04-01 18:00:00", "45383.75"
    ends = ["1900-01-01", "1900-03-01", "12:00:00", "-5", "3000000"]
    shown = [plain, date, date, date, date, date, plain, plain, date, plain]
    assert _text(book(sheet(row(1, *cells)), styles=styles))["sheet 表1"].split("\t") == [
        *shown, *ends
    ]  # fmt: skip
    old = book(sheet(row(1, cells[1])), styles=styles, settings='<workbookPr date1904="1"/>')
    assert _text(old)["sheet 表1"] == "2028-04-02 18:00:00"


def test_hidden_sheets_are_text_and_say_so() -> None:
    file = book(
        Tab(sheet(row(1, text("A1", "見える"))), "公開"),
        Tab(sheet(row(1, text("A1", "隠れた"))), "裏", state="hidden"),
        Tab(sheet(row(1, text("A1", "もっと"))), "奥", state="veryHidden"),
    )
    assert _text(file) == {
        "sheet 公開": "見える",
        "hidden-sheet 裏": "隠れた",
        "hidden-sheet 奥": "もっと",
    }


def _drawn() -> io.BytesIO:
    a, c = DRAWING + "main", DRAWING + "chart"
    shape = (
        f'<xdr:wsDr xmlns:xdr="{DRAWING}spreadsheetDrawing" xmlns:a="{a}" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><xdr:sp><xdr:txBody>'
        "<a:p><a:r><a:t>図形の</a:t></a:r><a:r><a:t>文字</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
        '<mc:AlternateContent><mc:Choice Requires="x"><a:p><a:t>新</a:t></a:p></mc:Choice>'
        "<mc:Fallback><a:p><a:t>旧</a:t></a:p></mc:Fallback></mc:AlternateContent></xdr:wsDr>"
    )
    chart = (
        f'<c:chartSpace xmlns:c="{c}" xmlns:a="{a}"><a:p><a:t>題</a:t></a:p><c:pt><c:v>7</c:v>'
        "</c:pt><c:pt><c:v>8</c:v></c:pt></c:chartSpace>"
    )
    vml = (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:x="urn:schemas-microsoft-com:office:excel">'
        '<v:shape><v:textbox>押す<br/></v:textbox><x:ClientData ObjectType="Button"/></v:shape>'
        '<v:shape><v:textbox>秘密</v:textbox><x:ClientData ObjectType="Note"/></v:shape></xml>'
    )
    image = ("rId3", LINK + "/image", "../media/image1.png")
    members: dict[str, str | bytes] = {
        "xl/drawings/drawing1.xml": shape,
        "xl/drawings/vml1.vml": vml,
        "xl/charts/chart1.xml": chart,
        "xl/media/image1.png": PIXEL,
        "xl/drawings/_rels/drawing1.xml.rels": (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{LINK}/chart" Target="../charts/chart1.xml"/>'
            f'<Relationship Id="{image[0]}" Type="{image[1]}" Target="{image[2]}"/></Relationships>'
        ),
    }
    links = [
        ("rId1", LINK + "/drawing", "../drawings/drawing1.xml"),
        ("rId2", LINK + "/vmlDrawing", "../drawings/vml1.vml"),
    ]
    return book(Tab(sheet("", '<drawing r:id="rId1"/>'), "絵", links=links), members=members)


def test_what_lies_on_a_sheet_is_text() -> None:
    assert _text(_drawn())["sheet 絵"].split("\n") == [
        *("図形の文字", "新", "題", "7", "8", "押す"),
    ]


@pytest.mark.parametrize(
    ("member", "old", "new", "counts"),
    [
        ("xl/drawings/drawing1.xml", "図形", "図面", True),
        ("xl/drawings/drawing1.xml", "旧", "古", False),
        ("xl/charts/chart1.xml", "<c:v>8<", "<c:v>9<", True),
        ("xl/drawings/vml1.vml", "押す", "引く", True),
        ("xl/drawings/vml1.vml", "秘密", "公開", False),
        ("xl/workbook.xml", 'name="絵"', 'name="画"', True),
    ],
)
def test_what_is_drawn_counts(member: str, old: str, new: str, counts: bool) -> None:  # noqa: FBT001 - a case
    file = _drawn()
    members = dict[str, str | bytes](members_of(file))
    changed = members_of(file)[member].decode().replace(old, new)
    assert changed.encode() != members[member]
    members[member] = changed
    assert (_digest(zipped(members)) != _digest(file)) is counts


def test_a_picture_counts() -> None:
    members = dict[str, str | bytes](members_of(_drawn()))
    members["xl/media/image1.png"] = PIXEL.replace(b"\x9cc``", b"\x9cca`")
    assert members["xl/media/image1.png"] != PIXEL
    assert _digest(zipped(members)) != _digest(_drawn())


def _made(change: Callable[[openpyxl.Workbook], object] | None = None) -> io.BytesIO:
    made = openpyxl.Workbook()
    first = made.active
    first.title = "表"
    first.append(["項目", "数"])
    first.append(["一", 1])
    first["C2"] = "=B2*2"
    first.oddHeader.center.text = "見出し"
    if change:
        change(made)
    file = io.BytesIO()
    made.save(file)
    return file


def _set(place: str, value: object) -> Callable[[openpyxl.Workbook], object]:
    return lambda made: made.active.__setitem__(place, value)


@pytest.mark.parametrize(
    "change",
    [
        _set("A2", "二"),
        _set("B2", 2),
        _set("B2", "1"),
        _set("C2", "=B2*3"),
        _set("D9", "new"),
        lambda made: made.active.move_range("A2", rows=1),
        lambda made: setattr(made.active, "title", "別"),
        lambda made: made.create_sheet("増"),
        lambda made: setattr(made.active.oddHeader.center, "text", "題"),
        lambda made: setattr(made.active.oddFooter.left, "text", "脚"),
    ],
)
def test_what_a_reader_sees_counts(change: Callable[[openpyxl.Workbook], object]) -> None:
    assert _digest(_made(change)) != _digest(_made())


def _view(made: openpyxl.Workbook) -> None:
    made.active.sheet_view.zoomScale = 40
    made.active.freeze_panes = "B2"
    made.active.sheet_view.selection[0].sqref = "C3"


@pytest.mark.parametrize(
    "change",
    [
        _view,
        lambda made: setattr(made.properties, "creator", "人"),
        lambda made: setattr(made.active.page_setup, "orientation", "landscape"),
        lambda made: setattr(made.active["A1"], "comment", Comment("注", "人")),
        lambda made: setattr(made.active["A1"], "font", openpyxl.styles.Font(bold=True)),
        lambda made: setattr(made.active["A1"], "value", "項 目"),
        lambda made: made.defined_names.add(DefinedName("名", attr_text="表!$A$1")),
        lambda made: setattr(made.active.oddHeader.center, "size", 20),
        lambda made: setattr(made.active.column_dimensions["A"], "width", 40),
    ],
)
def test_what_is_no_content_does_not_count(change: Callable[[openpyxl.Workbook], object]) -> None:
    assert _digest(_made(change)) == _digest(_made())


def test_neither_mark_nor_saving_again_changes_the_digest() -> None:
    file = _made()
    again = io.BytesIO()
    openpyxl.load_workbook(labelled(file)).save(again)
    assert _digest(again) == _digest(labelled(file)) == _digest(file)


def test_the_order_of_calculation_and_printer_settings_are_no_content() -> None:
    file = _made()
    out = io.BytesIO(file.getvalue())
    with zipfile.ZipFile(out, "a") as box:
        box.writestr("xl/calcChain.xml", f'<calcChain xmlns="{MAIN}"><c r="C2" i="1"/></calcChain>')
        box.writestr("xl/printerSettings/printerSettings1.bin", b"printer")
    assert _digest(out) == _digest(file)


def test_marks_that_stand_in_a_workbook() -> None:
    header = "<headerFooter><oddHeader>&amp;L社外秘</oddHeader><oddFooter>機密性２情報</oddFooter>"
    top = row(1, text("A1", "秘")) + row(3, text("B3", "取扱注意"))
    deep = "".join(row(n, text(f"A{n}", "x")) for n in range(1, 9)) + row(9, text("A9", "極秘"))
    file = book(sheet(top, header + "</headerFooter>"), Tab(sheet(deep), "機密性3情報"))
    seen = XLSX.inspect(labelled(file), Wants(findings=False, digest=False))
    assert {(m.text, m.place, m.own) for m in seen.marks} == {
        ("機密性2情報（完全性2・可用性1） 複製禁止", "header 表1", True),
        ("社外秘", "header 表1", False),
        ("機密性２情報", "footer 表1", False),
        ("秘", "top 表1", False),
        ("取扱注意", "top 表1", False),
        ("機密性3情報", "sheet 機密性3情報", False),
    }
    assert seen.digest == ""
    assert seen.text == ()
