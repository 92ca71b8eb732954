"""The bricks of our printed papers: a clean A4 document, fonts for Japanese, tables, page fields.

`python-docx` starts from a template of its own that carries a thumbnail, hundreds of styles and
somebody's editing marks; what we hand out holds only what we put in.
"""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

if TYPE_CHECKING:
    from docx.document import Document as DocumentObject
    from docx.table import Table, _Cell
    from docx.text.paragraph import Paragraph

FONT = "Noto Sans CJK JP"
FALLBACK = "Yu Gothic"
"""Named as the substitute in the font table, for Word on machines without the first."""
TEXT = RGBColor(0x33, 0x33, 0x33)
PRIMARY = RGBColor(0x00, 0x17, 0xC1)
LINE = "B3B3B3"
SHADE = "E8F1FE"
PALE = "F2F2F2"
MARGIN = 14
"""Left and right, in millimetres."""
WIDTH = 210 - 2 * MARGIN
INSET = 70
"""Between a cell's border and its text, in twentieths of a point."""

_KEPT_STYLES = {"Normal", "Normal Table", "Table Normal", "Header", "Footer", "Heading 1",
                "Heading 2", "Default Paragraph Font", "No List", "Title"}  # fmt: skip


def new_document(title: str, language: str, now: datetime) -> "DocumentObject":
    """Make an empty A4 document without traces: only a title, a language and a date."""
    document = Document()
    _drop_template_parts(document)
    _set_styles(document, language)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(MARGIN)
    section.top_margin, section.bottom_margin = Mm(24), Mm(18)
    section.header_distance, section.footer_distance = Mm(10), Mm(9)
    properties = document.core_properties
    properties.title = title
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.keywords = properties.subject = properties.category = ""
    properties.language = {"ja": "ja-JP", "en": "en-GB"}.get(language, language)
    properties.revision = 1
    moment = now.astimezone(UTC).replace(microsecond=0, tzinfo=None)
    properties.created = properties.modified = moment
    return document


def _drop_template_parts(document: "DocumentObject") -> None:
    package, part = document.part.package, document.part
    unwanted = {RELATIONSHIP_TYPE.THUMBNAIL, RELATIONSHIP_TYPE.EXTENDED_PROPERTIES}
    for key in [key for key, rel in package.rels.items() if rel.reltype in unwanted]:
        del package.rels[key]
    unused = {RELATIONSHIP_TYPE.CUSTOM_XML, RELATIONSHIP_TYPE.NUMBERING}
    for key, rel in list(part.rels.items()):
        if rel.reltype in unused or "stylesWithEffects" in rel.reltype:
            del part.rels[key]
        elif rel.reltype == RELATIONSHIP_TYPE.FONT_TABLE:
            # The font table is no XML part to python-docx: its bytes are all there is.
            rel.target_part._blob = _font_table()  # noqa: SLF001
    for element in document.element.iter():
        for name in [name for name in element.attrib if "}rsid" in str(name)]:
            del element.attrib[name]
    settings = document.settings.element
    for name in ("w:rsids", "w:attachedTemplate", "w:themeFontLang"):
        for element in settings.findall(qn(name)):
            settings.remove(element)


def _font_table() -> bytes:
    font = (
        f'<w:font w:name="{FONT}"><w:altName w:val="{FALLBACK}"/>'
        '<w:charset w:val="80"/><w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font>'
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><w:fonts {nsdecls("w")}>{font}</w:fonts>'.encode()
    )


def _set_styles(document: "DocumentObject", language: str) -> None:
    styles = document.styles
    for style in list(styles):
        if style.name not in _KEPT_STYLES or style.type == WD_STYLE_TYPE.LIST:
            style.delete()
    for rsid in list(styles.element.iter(qn("w:rsid"))):
        rsid.getparent().remove(rsid)
    defaults = styles.element.find(qn("w:docDefaults"))
    for run in defaults.iter(qn("w:rPr")):
        run.clear()
        run.append(_fonts())
        run.append(parse_xml(f'<w:sz {nsdecls("w")} w:val="18"/>'))
        latin = {"ja": "en-US", "en": "en-GB"}.get(language, "en-US")
        run.append(parse_xml(f'<w:lang {nsdecls("w")} w:val="{latin}" w:eastAsia="ja-JP"/>'))
    normal = styles["Normal"]
    normal.font.color.rgb = TEXT
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.space_before = Pt(0)
    normal.paragraph_format.line_spacing = 1.0
    for name in ("Header", "Footer"):
        # Their own stops are made for another paper width and would catch our tabs.
        for tabs in list(styles[name].element.iter(qn("w:tabs"))):
            tabs.getparent().remove(tabs)
    for name, size, before, after in (("Heading 1", 16, 0, 6), ("Heading 2", 11, 12, 4)):
        style = styles[name]
        style.element.rPr.clear()
        style.element.rPr.append(_fonts())
        style.font.size, style.font.bold = Pt(size), True
        style.font.color.rgb = TEXT if name == "Heading 1" else PRIMARY
        style.paragraph_format.space_before = Pt(before)
        style.paragraph_format.space_after = Pt(after)
        style.paragraph_format.keep_with_next = True


def _fonts() -> Any:
    names = " ".join(f'w:{part}="{FONT}"' for part in ("ascii", "hAnsi", "eastAsia", "cs"))
    return parse_xml(f"<w:rFonts {nsdecls('w')} {names}/>")


def write(
    paragraph: "Paragraph", text: str, *, bold: bool = False, size: float = 0,
    color: RGBColor | None = None,
) -> "Paragraph":  # fmt: skip
    """Add a run of text; line breaks in it stay."""
    run = paragraph.add_run(text)
    run.bold = bold or None
    if size:
        run.font.size = Pt(size)
    if color is not None:
        run.font.color.rgb = color
    return paragraph


def add_field(paragraph: "Paragraph", code: str) -> None:
    """Add a field that the reader computes, such as `PAGE` or `NUMPAGES`."""
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", code), ("separate", ""), ("value", "1"), ("end", "")):
        if kind in {"begin", "separate", "end"}:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        else:
            element = OxmlElement("w:t" if kind == "value" else "w:instrText")
            element.text = text or "1"
            if not kind:
                element.set(qn("xml:space"), "preserve")
                element.text = f" {code} "
        run._r.append(element)  # noqa: SLF001 - python-docx has no fields


def add_page_numbers(paragraph: "Paragraph", pattern: str, *, size: float = 8) -> None:
    """Write `pattern`, where `{page}` and `{pages}` become fields."""
    before, rest = pattern.split("{page}")
    between, after = rest.split("{pages}")
    for text, field in ((before, "PAGE"), (between, "NUMPAGES"), (after, "")):
        write(paragraph, text)
        if field:
            add_field(paragraph, field)
    for run in paragraph.runs:
        run.font.size = Pt(size)


def add_table(document: "DocumentObject", widths: Sequence[float]) -> "Table":
    """Add an empty table with fixed column widths in millimetres and thin lines."""
    table: Table = document.add_table(rows=0, cols=len(widths))
    table.autofit = False
    properties = table._tbl.tblPr  # noqa: SLF001 - borders and margins have no interface
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="{LINE}"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    properties.append(parse_xml(f"<w:tblBorders {nsdecls('w')}>{edges}</w:tblBorders>"))
    # Word puts the text of a cell at the margin; this puts its border there.
    properties.append(parse_xml(f'<w:tblInd {nsdecls("w")} w:w="{INSET}" w:type="dxa"/>'))
    properties.append(parse_xml(f'<w:tblLayout {nsdecls("w")} w:type="fixed"/>'))
    inner = "".join(
        f'<w:{edge} w:w="{size}" w:type="dxa"/>'
        for edge, size in (("top", 45), ("left", INSET), ("bottom", 45), ("right", INSET))
    )
    properties.append(parse_xml(f"<w:tblCellMar {nsdecls('w')}>{inner}</w:tblCellMar>"))
    _order_table_properties(properties)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    return table


def _order_table_properties(properties: Any) -> None:
    order = ("tblStyle", "tblW", "jc", "tblInd", "tblBorders", "tblLayout", "tblCellMar", "tblLook")
    # The schema fixes the order, and Word is strict about it.
    seen: dict[str, Any] = {}
    for element in list(properties):
        properties.remove(element)
        seen[element.tag.rpartition("}")[2]] = element
    seen.pop("tblStyle", None)
    for name in order:
        if name in seen:
            properties.append(seen[name])


def add_row(table: "Table", *, header: bool = False) -> "list[_Cell]":
    """Add a row that no page break splits; a header row is repeated on each page."""
    row = table.add_row()  # type: ignore[no-untyped-call] # python-docx gives it no annotation
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - no interface for these
    properties.append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
    if header:
        properties.append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
    cells = list(row.cells)
    for cell, column in zip(cells, table.columns, strict=True):
        cell.width = column.width
    return cells


def shade(cell: "_Cell", color: str) -> None:
    """Fill a cell with a colour (hex)."""
    cell._tc.get_or_add_tcPr().append(  # noqa: SLF001 - no interface for shading
        parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{color}"/>')
    )


def label_cell(cell: "_Cell", text: str, *, size: float = 8) -> None:
    """Write a column's or row's title into a shaded cell."""
    shade(cell, SHADE)
    write(cell.paragraphs[0], text, bold=True, size=size)


def keep_with_next(cells: "Sequence[_Cell]") -> None:
    """Keep a row on the page of the row behind it."""
    for cell in cells:
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.keep_with_next = True


def set_header(document: "DocumentObject", title: str, pages: str, mark: str) -> None:
    """Write the running header: title, page numbers and the paper's own mark (Art. 5-1)."""
    section = document.sections[0]
    header = section.header.paragraphs[0]
    _tabs(header)
    write(header, f"{title}\t", size=8)
    add_page_numbers(header, pages)
    write(header, "\t", size=8)
    write(header, mark, bold=True, size=10.5)
    border = f'<w:bottom w:val="single" w:sz="4" w:space="3" w:color="{LINE}"/>'
    header._p.get_or_add_pPr().append(  # noqa: SLF001 - no interface for borders
        parse_xml(f"<w:pBdr {nsdecls('w')}>{border}</w:pBdr>")
    )
    _order_border(header)


def _order_border(paragraph: "Paragraph") -> None:
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - no interface for borders
    border, tabs = properties.find(qn("w:pBdr")), properties.find(qn("w:tabs"))
    if tabs is not None and border is not None:
        tabs.addprevious(border)


def _tabs(paragraph: "Paragraph") -> None:
    from docx.enum.text import WD_TAB_ALIGNMENT

    stops = paragraph.paragraph_format.tab_stops
    stops.clear_all()
    stops.add_tab_stop(Mm(WIDTH / 2), WD_TAB_ALIGNMENT.CENTER)
    stops.add_tab_stop(Mm(WIDTH), WD_TAB_ALIGNMENT.RIGHT)


def set_footer(document: "DocumentObject", text: str) -> None:
    """Write a line at the foot of each page."""
    footer = document.sections[0].footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    write(footer, text, size=7, color=RGBColor(0x66, 0x66, 0x66))


def saved(document: "DocumentObject") -> bytes:
    """Give the finished file."""
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()
