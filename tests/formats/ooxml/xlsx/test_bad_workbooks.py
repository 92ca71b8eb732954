"""Broken, hostile and protected workbooks: labelled or refused by a code, never changed."""

import io
import struct
import zipfile

import openpyxl
import pytest

from meti_desk.domain.errors import InvalidInput, MetiDeskError, RuleViolation
from meti_desk.formats.base import LabelOrder, ScrubOrder, Wants
from meti_desk.formats.ooxml.xlsx import XLSX
from meti_desk.formats.registry import find
from tests.formats.ooxml.builder import members_of, zipped
from tests.formats.ooxml.xlsx.workbooks import (
    BOOK_TYPE,
    LINK,
    MAIN,
    ORDER,
    Tab,
    book,
    labelled,
    number,
    read,
    row,
    sheet,
)

SHEET = "xl/worksheets/sheet1.xml"
MACRO = "application/vnd.ms-excel."


def _small() -> io.BytesIO:
    return book(sheet(row(1, number("A1", "1"))))


def _changed(name: str, data: bytes) -> io.BytesIO:
    members = dict[str, str | bytes](members_of(_small()))
    members[name] = data
    return zipped(members)


def _refused(file: io.BytesIO) -> list[str]:
    """Give the codes by which looking and labelling refuse; both leave everything as it is."""
    original = file.getvalue()
    codes = []
    out = io.BytesIO()
    for call in (
        lambda: XLSX.inspect(file, Wants(text=True)),
        lambda: XLSX.write_label(file, out, ORDER),
    ):
        with pytest.raises(MetiDeskError) as told:
            call()
        codes.append(told.value.code)
    assert out.getvalue() == b""
    assert file.getvalue() == original
    return codes


@pytest.mark.parametrize(
    ("main_type", "variant"),
    [
        (BOOK_TYPE, "xlsx"),
        (BOOK_TYPE.replace("sheet.main", "template.main"), "xltx"),
        (MACRO + "sheet.macroEnabled.main+xml", "xlsm"),
        (MACRO + "template.macroEnabled.main+xml", "xltm"),
    ],
)
@pytest.mark.parametrize("strict", [False, True])
def test_the_variants(main_type: str, variant: str, strict: bool) -> None:  # noqa: FBT001 - a case
    file = book(sheet(row(1, number("A1", "1"))), main_type=main_type, strict=strict)
    assert find(file).variant == variant
    assert XLSX.inspect(labelled(file), Wants()).format == variant


def test_macros_stay_as_they_are() -> None:
    binary = bytes(range(256)) * 40
    file = book(
        sheet(""),
        main_type=MACRO + "sheet.macroEnabled.main+xml",
        members={"xl/vbaProject.bin": binary},
    )
    assert members_of(labelled(file))["xl/vbaProject.bin"] == binary


def test_a_binary_workbook_is_known_and_left_alone() -> None:
    file = book(Tab(b"\x81\x01\x00"), main_type=MACRO + "sheet.binary.macroEnabled.main")
    seen = XLSX.inspect(file, Wants())
    assert (find(file).variant, seen.format) == ("xlsb", "xlsb")
    assert (seen.embeds, seen.markable) == (False, False)
    assert len(seen.digest) == 64
    with pytest.raises(RuleViolation) as told:
        XLSX.write_label(file, io.BytesIO(), ORDER)
    assert told.value.code == "format.not-embeddable"


@pytest.mark.parametrize("part", [0.05, 0.5, 0.9, 0.99])
def test_a_truncated_workbook_is_known_and_damaged(part: float) -> None:
    whole = book(sheet("".join(row(n, number(f"A{n}", str(n))) for n in range(1, 900)))).getvalue()
    file = io.BytesIO(whole[: int(len(whole) * part)])
    assert set(_refused(file)) == {"document.damaged"}
    if part > 0.4:
        assert find(file).variant == "xlsx"


@pytest.mark.parametrize("member", [SHEET, "xl/workbook.xml", "[Content_Types].xml"])
@pytest.mark.parametrize(
    "dtd",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        b'<!-- c --><!DOCTYPE x SYSTEM "http://example.com/x.dtd">',
        b'<?p i?>\n<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_entities_are_refused(dtd: bytes, member: str) -> None:
    plain = members_of(_small())[member]
    file = _changed(member, b'<?xml version="1.0"?>' + dtd + plain)
    assert set(_refused(file)) == {"document.damaged"}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<worksheet/>",
        b"<html/>",
        f'<worksheet xmlns="{MAIN}"/>'.encode(),
        f'<worksheet xmlns="{MAIN}"><sheetData></worksheet>'.encode(),
        f'<worksheet xmlns="{MAIN}"><sheetData><row></sheetData></worksheet>x'.encode(),
        f'<worksheet xmlns="{MAIN}"><sheetData/><pageSetup></worksheet>'.encode(),
        f'<worksheet xmlns="{MAIN}"><sheetData/><headerFooter><oddHeader>a'.encode(),
        f'<worksheet xmlns="{MAIN}"><sheetData/><drawing r:id="1"/></worksheet>'.encode(),
        f'<worksheet xmlns="{MAIN}">{"<a>" * 5000}{"</a>" * 5000}</worksheet>'.encode(),
        f'<?xml version="1.0" encoding="Shift_JIS"?><worksheet xmlns="{MAIN}">'
        "<sheetData/></worksheet>".encode(),
    ],
)  # fmt: skip
def test_broken_sheets_are_refused(data: bytes) -> None:
    file = _changed(SHEET, data)
    out = io.BytesIO()
    with pytest.raises(InvalidInput) as told:
        XLSX.write_label(file, out, ORDER)
    assert told.value.code == "document.damaged"
    assert out.getvalue() == b""


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"><v>1</c></row>',
        '<row r="1"><c r="A1" t="str"><v>&nbsp;</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c>',
        '<row r="1"><c r="A1" t="str"><v>&#55296;</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><![CDATA[',
    ],
)
def test_broken_rows_are_refused_by_who_reads_them(rows: str) -> None:
    with pytest.raises(InvalidInput) as told:
        XLSX.inspect(book(sheet(rows)), Wants(text=True))
    assert told.value.code == "document.damaged"


@pytest.mark.parametrize(
    "shared", ["<sst", f'<sst xmlns="{MAIN}"><si><t>a</si></sst>', f'<sst xmlns="{MAIN}"><si>']
)
def test_broken_strings_are_refused_by_who_reads_them(shared: str) -> None:
    file = book(sheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'), shared=shared)
    with pytest.raises(InvalidInput) as told:
        XLSX.inspect(file, Wants(text=True))
    assert told.value.code == "document.damaged"


@pytest.mark.parametrize(
    "data",
    [b"<x/>", b"", f'<worksheet xmlns="{MAIN}"/>'.encode(), b"\xff\xfe\x00"],
)
def test_what_has_no_workbook_is_damaged(data: bytes) -> None:
    assert set(_refused(_changed("xl/workbook.xml", data))) == {"document.damaged"}


def test_entries_whose_sheet_is_missing_are_passed_over() -> None:
    members = dict[str, str | bytes](members_of(book(sheet(""), sheet(row(1, number("A1", "7"))))))
    del members[SHEET]
    out = labelled(zipped(members))
    seen = XLSX.inspect(out, Wants(findings=False, text=True))
    assert [(one.place, one.text) for one in seen.text] == [("sheet 表2", "7")]
    assert [mark.place for mark in seen.marks] == ["header 表2"]


def test_duplicate_members_are_refused() -> None:
    file = _small()
    with zipfile.ZipFile(file, "a") as box, pytest.warns(UserWarning, match="Duplicate"):
        box.writestr(SHEET, "<x/>")
    assert set(_refused(file)) == {"document.damaged"}


def test_two_parts_with_core_properties_are_no_obstacle() -> None:
    members = dict[str, str | bytes](members_of(_small()))
    kind = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    rels = members["_rels/.rels"]
    assert isinstance(rels, bytes)
    two = "".join(
        f'<Relationship Id="c{n}" Type="{kind}" Target="docProps/core{n}.xml"/>' for n in (1, 2)
    )
    members["_rels/.rels"] = rels.decode().replace("</Relationships>", two + "</Relationships>")
    core = '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
    for n in (1, 2):
        members[f"docProps/core{n}.xml"] = core
    out = labelled(zipped(members))
    assert members_of(out)["docProps/core2.xml"].decode() == core


class _Unseekable(io.BytesIO):
    """Lets the standard library write data descriptors, as streaming programs do."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_told: int) -> int:
        raise io.UnsupportedOperation

    def tell(self) -> int:
        raise io.UnsupportedOperation


def test_data_descriptors() -> None:
    stream = _Unseekable()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as box:
        for name, data in members_of(_small()).items():
            box.writestr(name, data)
    file = io.BytesIO(stream.getvalue())
    with zipfile.ZipFile(file) as box:
        assert all(info.flag_bits & 8 for info in box.infolist())
    assert openpyxl.load_workbook(labelled(file)).active["A1"].value == 1


def test_zip64() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as box:
        for name, data in members_of(_small()).items():
            with box.open(name, "w", force_zip64=True) as member:
                member.write(data)
    assert struct.pack("<HH", 1, 16) in file.getvalue()
    assert openpyxl.load_workbook(labelled(file)).active["A1"].value == 1


def test_a_wrong_checksum_of_a_sheet_is_refused() -> None:
    file = _small()
    with zipfile.ZipFile(file) as box:
        crc = box.getinfo(SHEET).CRC
    wrong = file.getvalue().replace(struct.pack("<L", crc), struct.pack("<L", crc ^ 1))
    assert set(_refused(io.BytesIO(wrong))) == {"document.damaged"}


def test_members_with_a_password_are_refused() -> None:
    raw = bytearray(_small().getvalue())
    at = raw.find(b"PK\1\2")
    raw[at + 8] |= 1
    assert set(_refused(io.BytesIO(bytes(raw)))) == {"document.encrypted"}


def test_a_bomb_is_refused() -> None:
    bomb = f'<worksheet xmlns="{MAIN}"><sheetData>'.encode() + b" " * (40 << 20)
    assert set(_refused(_changed(SHEET, bomb))) == {"document.bomb"}


def test_a_signed_workbook_is_described_and_never_rewritten() -> None:
    file = _changed("_xmlsignatures/sig1.xml", b"<Signature/>")
    seen = XLSX.inspect(file, Wants())
    assert seen.obstacle == "signed"
    assert seen.protection is not None
    with pytest.raises(RuleViolation) as told:
        XLSX.write_label(file, io.BytesIO(), ORDER)
    assert told.value.code == "document.signed"
    with pytest.raises(RuleViolation) as told:
        XLSX.scrub(file, io.BytesIO(), ScrubOrder())
    assert told.value.code == "document.signed"


def test_an_encrypted_workbook_is_never_rewritten() -> None:
    from msoffcrypto.format.ooxml import OOXMLFile

    file = io.BytesIO()
    OOXMLFile(_small()).encrypt("correct horse battery", file)
    assert find(file).variant == "ooxml-encrypted"
    assert XLSX.inspect(file, Wants()).obstacle == "encrypted"
    with pytest.raises(RuleViolation) as told:
        XLSX.write_label(file, io.BytesIO(), ORDER)
    assert told.value.code == "document.encrypted"
    with pytest.raises(RuleViolation) as told:
        XLSX.scrub(file, io.BytesIO(), ScrubOrder())
    assert told.value.code == "document.encrypted"


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", b"%PDF-1.7", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]
)
def test_what_is_no_workbook_is_not_recognised(data: bytes) -> None:
    assert XLSX.recognise(data, io.BytesIO(data)) is None


def test_properties_that_no_xml_can_hold_are_refused() -> None:
    with pytest.raises(InvalidInput) as told:
        XLSX.write_label(_small(), io.BytesIO(), LabelOrder({"jp.go.meti.label": "\0"}, ""))
    assert told.value.code == "label.text-not-storable"


def test_a_relationship_to_the_outside_is_no_sheet() -> None:
    members = dict[str, str | bytes](members_of(_small()))
    members["xl/_rels/workbook.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{LINK}/worksheet" Target="http://example.com/a.xml" '
        'TargetMode="External"/></Relationships>'
    )
    out = io.BytesIO()
    assert XLSX.write_label(zipped(members), out, ORDER).marked == 0
    assert read(out) == read(_small())
