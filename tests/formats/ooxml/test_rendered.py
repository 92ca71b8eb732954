"""Made documents as LibreOffice shows them: the mark on every page, nothing moved."""

import io
from pathlib import Path

import pytest

from meti_desk.formats.base import LabelOrder
from meti_desk.formats.ooxml.docx import DOCX
from tests.formats.libreoffice import SOFFICE, convert, pages
from tests.formats.ooxml.builder import document, paragraph

MARK = "機密性2情報（完全性2・可用性1） 複製禁止"
BREAK = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
TABLE = "<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>"
PAGE = '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="{}" w:right="1000" w:bottom="1000" '
PAGE += 'w:left="1000" w:header="{}" w:footer="600" w:gutter="0"/>'


def _reference(kind: str, link: str) -> str:
    return f'<w:headerReference w:type="{kind}" r:id="{link}"/>'


def _pages(count: int, name: str) -> str:
    """Fill pages to the last line, so that any push shows as one page more."""
    return "".join(paragraph(f"{name} {number}") for number in range(count))


def _made() -> dict[str, io.BytesIO]:
    odd = "<w:evenAndOddHeaders/>"
    plain = PAGE.format(1400, 700)
    tight = PAGE.format(400, 700)
    every = "".join(_reference(kind, kind) for kind in ("default", "first", "even"))
    headers = {kind: paragraph(f"own {kind}") for kind in ("default", "first", "even")}
    body = _pages(150, "line")
    inner = f"<w:p><w:pPr><w:sectPr>{plain}<w:titlePg/></w:sectPr></w:pPr></w:p>"
    tabled = {"default": TABLE.format(paragraph("cell")) + paragraph("after")}
    control = f"<w:sdt><w:sdtContent>{paragraph('in a control')}</w:sdtContent></w:sdt>"
    return {
        "bare": document(body),
        "strict": document(body + f"<w:sectPr>{plain}</w:sectPr>", strict=True),
        "tight": document(body + f"<w:sectPr>{tight}</w:sectPr>"),
        "title": document(body + f"<w:sectPr>{plain}<w:titlePg/></w:sectPr>"),
        "odd": document(body + f"<w:sectPr>{plain}</w:sectPr>", settings=odd),
        "every": document(
            body + f"<w:sectPr>{every}{plain}<w:titlePg/></w:sectPr>", headers=headers, settings=odd
        ),
        "sections": document(
            body + inner + body + f"<w:sectPr>{plain}<w:titlePg/></w:sectPr>", settings=odd
        ),
        "table": document(
            body + f"<w:sectPr>{_reference('default', 'default')}{plain}</w:sectPr>", headers=tabled
        ),
        "control": document(
            body + f"<w:sectPr>{_reference('default', 'default')}{plain}</w:sectPr>",
            headers={"default": control},
        ),
        "breaks": document(body + BREAK + BREAK + paragraph("end")),
    }


@pytest.mark.libreoffice
@pytest.mark.timeout(600)
def test_the_mark_is_on_every_page_and_nothing_moves(tmp_path: Path) -> None:
    if SOFFICE is None:
        pytest.skip("soffice is not installed")
    for name, file in _made().items():
        out = io.BytesIO()
        DOCX.write_label(file, out, LabelOrder({}, MARK))
        (tmp_path / f"{name}-a.docx").write_bytes(file.getvalue())
        (tmp_path / f"{name}-b.docx").write_bytes(out.getvalue())
    convert(tmp_path, sorted(tmp_path.glob("*.docx")), "pdf")
    mark = "".join(MARK.split())
    wrong = {}
    for name in _made():
        before, after = pages(tmp_path / f"{name}-a.pdf"), pages(tmp_path / f"{name}-b.pdf")
        assert len(before) >= 2
        marked = [text.count(mark) for text in after]
        plain = [text.replace(mark, "") for text in after]
        same = [sorted(one) for one in before] == [sorted(one) for one in plain]
        if len(before) != len(after) or set(marked) != {1} or not same:
            wrong[name] = (len(before), len(after), marked, same)
    assert wrong == {}
