"""Workbooks: what hides in them is shown, goes, and is proven to have gone; the rest stays."""

import io
import re
import zipfile

import openpyxl
import pytest

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.formats.base import LabelOrder, ScrubOrder, ScrubReport, Wants
from meti_desk.formats.ooxml.book_kinds import KINDS
from meti_desk.formats.ooxml.xlsx import XLSX
from tests.formats.ooxml.builder import members_of, rels, zipped
from tests.formats.ooxml.planted import Planted
from tests.formats.ooxml.xlsx.workbooks import LINK, MARK, Tab, book, number, read, row, sheet, text
from tests.formats.planted.xlsx import planted

SHEET = "xl/worksheets/sheet1.xml"
PUBLISH = ScrubOrder(purpose="publish")
Garden = tuple[io.BytesIO, Planted, io.BytesIO]


def scrubbed(file: io.BytesIO, order: ScrubOrder | None = None) -> tuple[io.BytesIO, ScrubReport]:
    """Scrub, prove, and scrub again, which changes nothing."""
    order = order or ScrubOrder()
    before, out, again = file.getvalue(), io.BytesIO(), io.BytesIO()
    report = XLSX.scrub(file, out, order)
    XLSX.verify_scrub(file, out, order)
    XLSX.scrub(out, again, order)
    assert again.getvalue() == out.getvalue()
    assert file.getvalue() == before
    return out, report


def everything(file: io.BytesIO) -> bytes:
    """Give the file, the names of its members and all that they expand to."""
    parts = [name.encode() + b"\0" + data for name, data in members_of(file).items()]
    return file.getvalue() + b"\0".join(parts)


def left_in(file: io.BytesIO, plants: Planted) -> list[str]:
    """Give those planted strings that are still there, in either encoding."""
    held = everything(file)
    return [p for p in plants.leaks if p.encode() in held or p.encode("utf-16-le") in held]


@pytest.fixture(scope="module", params=["provide", "publish"])
def garden(request: pytest.FixtureRequest) -> Garden:
    file, plants = planted(hidden=request.param == "provide")
    return file, plants, scrubbed(file, ScrubOrder(purpose=request.param))[0]


def test_nothing_that_was_planted_is_left(garden: Garden) -> None:
    file, plants, out = garden
    assert len(plants.leaks) >= 130
    assert left_in(file, plants) == plants.leaks
    assert left_in(out, plants) == []


def test_all_that_is_seen_stayed(garden: Garden) -> None:
    _, plants, out = garden
    after = everything(out)
    assert len(plants.visible) >= 20
    assert [shown for shown in plants.visible if shown.encode() not in after] == []
    cells = read(out)
    assert "<f>SUM(C2:D2)</f><v>4711</v>" in cells
    assert all(f"<v>{value}</v>" in cells for value in (81, 82, 83))
    assert "https://www.example.go.jp/" in after.decode("utf-8", "ignore")
    assert b"4712" in after


def test_sheets_and_names_count_as_before(garden: Garden) -> None:
    out = garden[2]
    main = read(out, "xl/workbook.xml")
    assert re.findall(r'<sheet name="([^"]+)"', main) == ["表1", "表2"]
    assert 'name="_xlnm.Print_Area" localSheetId="1"' in main
    assert 'name="Near"' in main
    seen = openpyxl.load_workbook(out)
    assert seen.sheetnames == ["表1", "表2"]
    assert seen["表1"]["B2"].value == "=SUM(C2:D2)"


def test_types_and_relationships_name_only_what_is_there(garden: Garden) -> None:
    members = members_of(garden[2])
    parts = re.findall(r'PartName="/([^"]+)"', members["[Content_Types].xml"].decode())
    assert set(parts) <= set(members)
    for name, data in members.items():
        if not name.endswith(".xml") or name.startswith("["):
            continue
        folder, _, last = name.rpartition("/")
        held = members.get(f"{folder}/_rels/{last}.rels", b"").decode()
        used = set(re.findall(r'\br:(?:id|embed|link)="([^"]+)"', data.decode()))
        assert used <= set(re.findall(r'\bId="([^"]+)"', held)), name


def test_every_class_is_shown_before_it_goes() -> None:
    file, plants = planted()
    findings = XLSX.inspect(file, Wants()).findings
    assert {one.group for one in findings} == {1, 2, 3, 4, 5, 6, 7, 8, 12, 13, 15}
    told = " ".join(f"{one.value} {one.place}" for one in findings)
    unseen = [leak for leak in plants.leaks if leak not in told]
    assert len(unseen) < len(plants.leaks) // 3
    assert ("xlsx.comment", "sheet 表1!A2") in {(one.kind, one.place) for one in findings}
    assert ("xlsx.external-link", "sheet 表1!A3") in {(one.kind, one.place) for one in findings}
    left = XLSX.inspect(scrubbed(file)[0], Wants()).findings
    assert {one.removal for one in left} == {"kept"}


def test_label_and_handling_stay_when_provided_and_go_when_published() -> None:
    file, _ = planted()
    out, _ = scrubbed(file)
    assert XLSX.inspect(out, Wants()).properties == {"jp.go.meti.label": "C2;I1;A1"}
    plain, marked = book(sheet(row(1, number("A1", "1")))), io.BytesIO()
    XLSX.write_label(plain, marked, LabelOrder({"jp.go.meti.label": "C1;I1;A1"}, MARK))
    provided, _ = scrubbed(marked)
    assert MARK.encode() in everything(provided)
    published, report = scrubbed(marked, PUBLISH)
    assert b"jp.go.meti" not in everything(published)
    assert MARK.encode() not in everything(published)
    assert "xlsx.own-property" in {one.kind for one in report.removed}


@pytest.mark.parametrize("kept", sorted(KINDS) + [str(number) for number in range(1, 16)])
def test_a_person_may_keep_every_kind(kept: str) -> None:
    file, _ = planted()
    _, report = scrubbed(file, ScrubOrder(keep=(kept,)))
    left = {one.kind for one in report.left} | {str(one.group) for one in report.left}
    found = XLSX.inspect(file, Wants(digest=False)).findings
    there = any(kept in {one.kind, str(one.group)} for one in found)
    assert (kept in left) == there


def test_changes_of_a_shared_workbook_are_accepted_or_refused() -> None:
    file, _ = planted()
    removed = {one.kind: one.count for one in scrubbed(file)[1].removed}
    assert removed["xlsx.revision"] == 2
    for revisions in ("reject", "refuse"):
        with pytest.raises(RuleViolation) as told:
            scrubbed(file, ScrubOrder(revisions=revisions))
        assert (told.value.code, told.value.params["kind"]) == ("scrub.blocked", "xlsx.revision")
    scrubbed(file, ScrubOrder(revisions="refuse", keep=("xlsx.revision",)))


def test_a_formula_that_reaches_outside_gives_way_to_its_result() -> None:
    cells = [
        '<{x}c r="A1" t="str"><{x}f>[1]S!A1&amp;"円"</{x}f><{x}v>12円</{x}v></{x}c>',
        '<{x}c r="B1"><{x}f>A2*2</{x}f><{x}v>8</{x}v></{x}c>',
        '<{x}c r="C1"><{x}f t="shared" ref="C1:D1" si="3">[1]S!A1+A1</{x}f><{x}v>5</{x}v></{x}c>',
        '<{x}c r="D1"><{x}f t="shared" si="3"/><{x}v>6</{x}v></{x}c>',
        '<{x}c r="E1"><{x}f t="shared" ref="E1:F1" si="4">A1</{x}f><{x}v>7</{x}v></{x}c>',
        '<{x}c r="F1"><{x}f t="shared" si="4"/><{x}v>9</{x}v></{x}c>',
        '<{x}c r="G1"><{x}f>T1[2020]</{x}f><{x}v>1</{x}v></{x}c>',
    ]
    for prefix in ("", "x"):
        out, report = scrubbed(book(sheet(row(1, *cells)), prefix=prefix))
        found = read(out).replace("x:", "")
        assert '<c r="A1" t="str"><v>12円</v></c>' in found
        assert '<c r="C1"><v>5</v></c><c r="D1"><v>6</v></c>' in found
        assert "<f>A2*2</f>" in found
        assert '<f t="shared" si="4"/>' in found
        assert "<f>T1[2020]</f>" in found
        assert {one.kind: one.count for one in report.removed}["xlsx.external-link"] == 2


@pytest.mark.parametrize(
    "odd",
    [
        "<?xml version='1.0' encoding='UTF-16'?>",
        "<!-- a remark -->",
        "'",
    ],
)
def test_sheets_that_are_written_in_an_unusual_way(odd: str) -> None:
    cell = '<{x}c r="A1" t="str"><{x}f>[1]S!A1</{x}f><{x}v>result</{x}v></{x}c>'
    xml = sheet(row(1, cell, text("B1", "seen")))
    made = xml.replace("{x}", "").replace(
        "{ns}", f' xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        f'xmlns:r="{LINK}"'
    )  # fmt: skip
    data: str | bytes = made
    if "UTF-16" in odd:
        data = (odd + made).encode("utf-16")
    elif odd == "'":
        data = made.replace('"', "'")
    else:
        data = made.replace("<sheetData>", f"<sheetData>{odd}")
    out, _ = scrubbed(book(Tab(data)))
    found = read(out)
    assert "result" in found
    assert "seen" in found
    assert "[1]" not in found
    assert "remark" not in found


def test_strings_of_deleted_cells_lose_their_text_and_nothing_moves() -> None:
    shared = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="2">'
        "<si><t>gone</t></si><si><t>seen</t></si><si><t/></si><si><t>far &amp; gone</t></si></sst>"
    )
    cell = '<{x}c r="A1" t="s"><{x}v>1</{x}v></{x}c>'
    out, report = scrubbed(book(sheet(row(1, cell)), shared=shared))
    assert "<si><t/></si><si><t>seen</t></si><si><t/></si><si><t/></si></sst>" in read(
        out, "xl/sharedStrings.xml"
    )
    assert {one.kind: one.count for one in report.removed}["xlsx.orphan-string"] == 2
    assert XLSX.inspect(out, Wants(text=True)).text[0].text == "seen"


@pytest.mark.parametrize("odd", ["<!-- PLANT -->", "<?mso PLANT?>"])
@pytest.mark.parametrize("behind", [True, False])
def test_remarks_around_strings_go(odd: str, behind: bool) -> None:  # noqa: FBT001 - of a test
    shared = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    shared += f"<si><t>seen</t></si>{'' if behind else odd}</sst>{odd if behind else ''}"
    cell = '<{x}c r="A1" t="s"><{x}v>0</{x}v></{x}c>'
    out, _ = scrubbed(book(sheet(row(1, cell)), shared=shared))
    assert b"PLANT" not in everything(out)
    assert "seen" in read(out, "xl/sharedStrings.xml")


def test_thousands_of_names_cost_little() -> None:
    names = "".join(f'<definedName name="N_{n}">N_{n + 1}+1</definedName>' for n in range(3000))
    members: dict[str, str | bytes] = dict(
        members_of(
            book(
                Tab(sheet(row(1, *(f"<{{x}}c><{{x}}f>N_{n}</{{x}}f></{{x}}c>" for n in range(99)))))
            )
        )
    )
    main = bytes(members["xl/workbook.xml"]).decode()  # type: ignore[arg-type]
    last = '<definedName name="N_3000" hidden="1">7</definedName>'
    members["xl/workbook.xml"] = main.replace(
        "</sheets>", f"</sheets><definedNames>{names}{last}</definedNames>"
    )
    left = scrubbed(zipped(members))[1].left
    assert [one.kind for one in left] == ["xlsx.hidden-name-used"]


def test_traces_of_a_password_go_when_published_and_the_protection_stays() -> None:
    protection = '<{x}sheetProtection password="CAFE" hashValue="aGFzaA==" sheet="1"/>'
    file = book(sheet(row(1, number("A1", "1")), protection))
    provided, report = scrubbed(file)
    assert "CAFE" in read(provided)
    assert {one.kind for one in report.left} == {"xlsx.protection", "xlsx.protection-hash"}
    assert '<sheetProtection sheet="1"/>' in read(scrubbed(file, PUBLISH)[0])


def _with_macros(file: io.BytesIO) -> io.BytesIO:
    members: dict[str, str | bytes] = dict(members_of(file))
    name = "xl/_rels/workbook.xml.rels"
    kind = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
    entry = f'<Relationship Id="v" Type="{kind}" Target="vbaProject.bin"/></Relationships>'
    members[name] = bytes(members[name]).decode().replace("</Relationships>", entry)  # type: ignore[arg-type]
    members["xl/vbaProject.bin"] = b"macro"
    return zipped(members)


def test_macros_are_told_and_block_publishing() -> None:
    file = _with_macros(book(sheet(row(1, number("A1", "1")))))
    assert [(one.kind, one.removal) for one in scrubbed(file)[1].left] == [("xlsx.macro", "kept")]
    with pytest.raises(RuleViolation) as told:
        scrubbed(file, PUBLISH)
    assert told.value.params["kind"] == "xlsx.macro"


def test_a_hidden_sheet_that_macros_may_use_is_not_taken_away() -> None:
    tabs = Tab(sheet(), "表"), Tab(sheet(row(1, text("A1", "secret"))), "隠し", state="hidden")
    scrubbed(book(*tabs))
    with pytest.raises(RuleViolation) as told:
        scrubbed(_with_macros(book(*tabs)))
    assert told.value.params["kind"] == "xlsx.hidden-sheet-used"


def test_a_formula_without_a_stored_result_is_not_taken_away() -> None:
    first = '<{x}c r="A1"><{x}f t="shared" ref="A1:B1" si="0">[1]S!A1</{x}f><{x}v>5</{x}v></{x}c>'
    empty = '<{x}c r="A2" t="str"><{x}f>[1]S!A1</{x}f><{x}v></{x}v></{x}c>'
    scrubbed(book(sheet(row(1, first) + row(2, empty))))
    for unknown in ('<{x}f t="shared" si="0"/>', "<{x}f>[1]S!B1</{x}f>"):
        file = book(sheet(row(1, first, f'<{{x}}c r="B1">{unknown}</{{x}}c>')))
        with pytest.raises(RuleViolation) as told:
            scrubbed(file)
        assert told.value.params["kind"] == "xlsx.external-link-used"
        places = [one.place for one in XLSX.inspect(file, Wants()).findings]
        assert "sheet 表1!B1" in places


def test_buttons_on_pivot_tables_need_a_person() -> None:
    kind = "http://schemas.microsoft.com/office/2007/relationships/slicerCache"
    members: dict[str, str | bytes] = dict(members_of(planted()[0]))
    name = "xl/_rels/workbook.xml.rels"
    entry = f'<Relationship Id="sl" Type="{kind}" Target="slicerCaches/s1.xml"/></Relationships>'
    members[name] = bytes(members[name]).decode().replace("</Relationships>", entry)  # type: ignore[arg-type]
    members["xl/slicerCaches/s1.xml"] = "<slicerCacheDefinition><data/></slicerCacheDefinition>"
    with pytest.raises(RuleViolation) as told:
        scrubbed(zipped(members))
    assert told.value.params["kind"] == "xlsx.slicer"


def test_an_embedded_file_becomes_the_picture_that_stood_for_it() -> None:
    file, _ = planted()
    drawing = read(scrubbed(file)[0], "xl/drawings/drawing1.xml")
    assert drawing.count("<xdr:pic>") == 2
    assert "<xdr:col>1</xdr:col>" in drawing
    members: dict[str, str | bytes] = dict(members_of(file))
    members["xl/drawings/_rels/vmlDrawing1.vml.rels"] = rels()
    with pytest.raises(RuleViolation) as told:
        scrubbed(zipped(members))
    assert told.value.params["kind"] == "xlsx.embedded-unseen"


FORGOTTEN = {
    "xlsx.path": ("<sheetData>", '<sheetPr codeName="C:\\Users\\x"/><sheetData>'),
    "xlsx.external-link": ("<f>SUM(C2:D2)</f>", "<f>[1]S!A1</f>"),
    "xlsx.custom-view": ("</sheetData>", "</sheetData><customSheetView/>"),
    "xlsx.scenario": ("</sheetData>", "</sheetData><scenario/>"),
    "xlsx.embedded": ("</sheetData>", "</sheetData><oleObject/>"),
    "xlsx.editing-state": ("<sheetData>", "<!-- x --><sheetData>"),
    "xlsx.orphan-string": ("<v>0</v>", "<v>2</v>"),
}


def _forged(file: io.BytesIO, name: str, old: str, new: str) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        for member, data in members_of(file).items():
            made = data.replace(old.encode(), new.encode()) if member == name else data
            assert member != name or made != data
            box.writestr(zipfile.ZipInfo(member), made)
    return out


@pytest.mark.parametrize("kind", FORGOTTEN)
def test_the_auditor_finds_what_the_removal_forgot(kind: str) -> None:
    clean, _ = scrubbed(planted()[0])
    forged = _forged(clean, SHEET, *FORGOTTEN[kind])
    with pytest.raises(InvalidInput) as told:
        XLSX.verify_scrub(clean, forged, ScrubOrder())
    assert (told.value.code, told.value.params["kind"]) == ("scrub.left-behind", kind)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (SHEET, "<v>4711</v>", "<v>4712</v>"),
        (SHEET, "<f>SUM(C2:D2)</f>", ""),
        (SHEET, "SHOWN", "LIED"),
        (SHEET, "<f>SUM(C2:D2)</f>", "<f>SUM(C2:D3)</f>"),
        ("xl/sharedStrings.xml", "SHOWN", "LIED"),
        ("xl/workbook.xml", "表2", "表3"),
        ("xl/drawings/drawing1.xml", "SHOWN", "LIED"),
        ("xl/charts/chart1.xml", "4712", "4713"),
        ("xl/styles.xml", '<cellXfs count="1"><xf/>', '<cellXfs count="1"><xf numFmtId="9"/>'),
        ("xl/drawings/_rels/drawing1.xml.rels", "jpg.jpg", "png.png"),
    ],
)
def test_the_auditor_sees_whatever_changed(name: str, old: str, new: str) -> None:
    source = planted()[0]
    clean, _ = scrubbed(source)
    forged = _forged(clean, name, old, new)
    with pytest.raises(InvalidInput) as told:
        XLSX.verify_scrub(source, forged, ScrubOrder())
    assert told.value.code == "scrub.text-changed"


def test_a_strict_workbook_is_cleaned_alike() -> None:
    cell = '<{x}c r="A1" t="str"><{x}f>[1]S!A1</{x}f><{x}v>result</{x}v></{x}c>'
    scenario = '<{x}scenarios><{x}scenario name="x" user="Yamada"/></{x}scenarios>'
    out, _ = scrubbed(book(sheet(row(1, cell), scenario), strict=True))
    assert "result" in read(out)
    assert b"Yamada" not in everything(out)
    assert "[1]" not in read(out)


def test_a_binary_workbook_is_refused() -> None:
    kind = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
    file = book(sheet(), main_type=kind)
    assert XLSX.inspect(file, Wants()).findings == ()
    with pytest.raises(RuleViolation) as told:
        XLSX.scrub(file, io.BytesIO(), ScrubOrder())
    assert told.value.code == "scrub.unsupported-format"
