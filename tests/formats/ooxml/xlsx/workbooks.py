"""Makes workbooks member by member, so that a test says exactly what is in them."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from meti_desk.formats.base import LabelOrder
from meti_desk.formats.ooxml.xlsx import XLSX
from tests.formats.ooxml.builder import rels, types, zipped

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_LINK = "http://purl.oclc.org/ooxml/officeDocument/relationships"
OLD_MACROS = "http://schemas.microsoft.com/office/excel/2006/main"
BOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
PART_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.{}+xml"
MARK = "機密性2情報（完全性2・可用性1） 複製禁止"
ORDER = LabelOrder({"jp.go.meti.label": "C2;I2;A1"}, MARK)
REMOVE = LabelOrder({}, "")


@dataclass
class Tab:
    """One sheet: its XML (`{x}` is the prefix, `{ns}` the declaration), name, kind, links."""

    xml: str | bytes
    name: str = ""
    kind: str = "worksheet"
    state: str = ""
    links: Sequence[tuple[str, str, str]] = field(default=())


def sheet(cells: str = "", after: str = "", *, before: str = "") -> str:
    """Write a worksheet with rows as they are given, and what follows them."""
    data = f"<{{x}}sheetData>{cells}</{{x}}sheetData>"
    return f"<{{x}}worksheet{{ns}}>{before}{data}{after}</{{x}}worksheet>"


def row(number: int, *cells: str) -> str:
    """Write a row of ready cells."""
    return f'<{{x}}row r="{number}">{"".join(cells)}</{{x}}row>'


def number(place: str, value: str, more: str = "") -> str:
    """Write a cell with a number."""
    return f'<{{x}}c r="{place}"{more}><{{x}}v>{value}</{{x}}v></{{x}}c>'


def text(place: str, value: str) -> str:
    """Write a cell with its own text."""
    inside = f"<{{x}}is><{{x}}t>{value}</{{x}}t></{{x}}is>"
    return f'<{{x}}c r="{place}" t="inlineStr">{inside}</{{x}}c>'


def book(
    *tabs: Tab | str,
    strict: bool = False,
    prefix: str = "",
    main_type: str = BOOK_TYPE,
    members: Mapping[str, str | bytes] | None = None,
    shared: str | bytes | None = None,
    styles: str = "",
    settings: str = "",
) -> io.BytesIO:
    """Make a workbook; `members` are added as they are."""
    main, link = (STRICT_MAIN, STRICT_LINK) if strict else (MAIN, LINK)
    x = f"{prefix}:" if prefix else ""
    declared = f' xmlns{":" + prefix if prefix else ""}="{main}" xmlns:r="{link}"'
    overrides = {"xl/workbook.xml": main_type}
    listed, rows, parts = "", [], dict[str, str | bytes]()
    for at, tab in enumerate(tabs, start=1):
        one = Tab(tab) if isinstance(tab, str) else tab
        part = f"xl/{one.kind}s/sheet{at}.xml"
        xml = one.xml
        parts[part] = (
            xml.replace("{x}", x).replace("{ns}", declared) if isinstance(xml, str) else xml
        )
        overrides[part] = PART_TYPE.format(one.kind)
        state = f' state="{one.state}"' if one.state else ""
        listed += f'<sheet name="{one.name or f"表{at}"}" sheetId="{at}"{state} r:id="rId{at}"/>'
        rows.append((f"rId{at}", f"{link}/{one.kind}", f"/{part}"))
        if one.links:
            parts[f"xl/{one.kind}s/_rels/sheet{at}.xml.rels"] = rels(*one.links)
    for name, content in (("sharedStrings", shared), ("styles", styles)):
        if content:
            parts[f"xl/{name}.xml"] = content
            rows.append((f"rId{name}", f"{link}/{name}", f"{name}.xml"))
    made: dict[str, str | bytes] = {
        "[Content_Types].xml": types(overrides, {"png": "image/png", "vml": "text/xml"}),
        "_rels/.rels": rels(("rId1", f"{link}/officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{link}">{settings}'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": rels(*rows),
        **parts,
        **(members or {}),
    }
    return zipped(made)


def labelled(file: io.BytesIO, order: LabelOrder = ORDER) -> io.BytesIO:
    """Label and prove; whoever tests more goes on from here."""
    out = io.BytesIO()
    XLSX.write_label(file, out, order)
    XLSX.verify_label(file, out, order)
    return out


def read(file: io.BytesIO, name: str = "xl/worksheets/sheet1.xml") -> str:
    """Give a member as text."""
    with zipfile.ZipFile(file) as box:
        return box.read(name).decode()
