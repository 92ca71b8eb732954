"""自己点検票 and its 実施手順 as docx for print, A4 (Arts. 91-2, 92-2).

One table per section: number, clause, question, answer, reason and plan, evidence. The header
carries the paper's own mark, because it holds a person's answers.
"""

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt, RGBColor

from meti_desk.services import selfcheck_docx_parts as parts
from meti_desk.services.selfcheck_export import Paper, evidence_lines
from meti_desk.services.selfcheck_views import (
    AnswerView,
    ItemView,
    Language,
    ProcedureView,
    SectionView,
    words,
)

if TYPE_CHECKING:
    from docx.document import Document as DocumentObject
    from docx.table import Table
    from docx.text.paragraph import Paragraph

COLUMNS = (
    ("number", 9.0),
    ("clause", 21.0),
    ("question", 59.0),
    ("answer", 26.0),
    ("reason", 32.0),
    ("evidence", 35.0),
)
"""Title and width in millimetres."""
RED = RGBColor(0xB0, 0x00, 0x00)
GRAY = RGBColor(0x66, 0x66, 0x66)


def paper_docx(paper: Paper) -> bytes:
    """Write the form with its answers."""
    view = paper.view
    title = f"{paper.word('title')}　{view.period}（{view.role}）"
    if paper.language == "en":
        title = f"{paper.word('title')}, {view.period}: {view.role}"
    document = parts.new_document(title, paper.language, paper.now)
    parts.set_header(document, title, paper.word("page"), paper.mark)
    parts.set_footer(
        document, f"{paper.word('form')} {view.version}  ·  SHA-256 {view.form_hash[:16]}"
    )
    document.add_heading(title, level=1)
    _person_table(document, paper)
    _summary_table(document, paper)
    note = document.add_paragraph()
    note.paragraph_format.space_before = Pt(4)
    parts.write(note, paper.word("note"), size=8, color=GRAY)
    for number, section in enumerate(view.sections, start=1):
        if paper.items(section.id):
            _section_table(document, paper, section, number)
    return parts.saved(document)


def _person_table(document: "DocumentObject", paper: Paper) -> None:
    view, person = paper.view, paper.person
    state = {"submitted": "submitted", "late": "late", "open": "draft"}[view.state]
    progress = paper.word("progress_value").format(
        answered=view.answered, applicable=view.applicable
    )
    receipt = view.receipt[:16].upper()
    rows = (
        ("unit", person.unit, "name", person.name),
        ("post", person.post, "printed", f"{paper.now:%Y-%m-%d}"),
        ("state", paper.word(state), "progress", progress),
        ("receipt", "-".join(receipt[at : at + 4] for at in range(0, len(receipt), 4)),
         "standard", view.standard),
    )  # fmt: skip
    table = parts.add_table(document, (22, 69, 22, 69))
    for first, one, second, two in rows:
        cells = parts.add_row(table)
        for cell, key in ((cells[0], first), (cells[2], second)):
            parts.label_cell(cell, paper.word(key))
        for cell, text in ((cells[1], one), (cells[3], two)):
            parts.write(cell.paragraphs[0], text or "－", size=9)


def _summary_table(document: "DocumentObject", paper: Paper) -> None:
    counted = Counter(item.answer.value if item.answer else "" for item in paper.items())
    texts = {option.value: option.text for item in paper.view.items for option in item.options}
    order = ("done", "partly", "not-done", "not-applicable", "unknown")
    columns = [(texts.get(value, value), counted[value]) for value in order]
    columns.append((paper.word("unanswered"), counted[""]))
    columns.append((paper.word("total"), sum(counted.values())))
    gap = document.add_paragraph()
    gap.paragraph_format.space_before = Pt(2)
    table = parts.add_table(document, [parts.WIDTH / len(columns)] * len(columns))
    for cell, (text, _) in zip(parts.add_row(table), columns, strict=True):
        parts.label_cell(cell, text)
        cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    for cell, (_, number) in zip(parts.add_row(table), columns, strict=True):
        parts.write(cell.paragraphs[0], str(number), bold=True, size=12)
        cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER


def _section_table(
    document: "DocumentObject", paper: Paper, section: SectionView, number: int
) -> None:
    heading = f"{number}　{section.title}（{section.answered}/{section.applicable}）"
    if paper.language == "en":
        heading = f"{number}  {section.title} ({section.answered}/{section.applicable})"
    document.add_heading(heading, level=2)
    table = parts.add_table(document, [width for _, width in COLUMNS])
    header = parts.add_row(table, header=True)
    for cell, (name, _) in zip(header, COLUMNS, strict=True):
        parts.label_cell(cell, paper.column(name))
    parts.keep_with_next(header)
    for item in paper.items(section.id):
        _item_row(table, paper, item)


def _item_row(table: "Table", paper: Paper, item: ItemView) -> None:
    cells = parts.add_row(table)
    for cell in cells:
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.TOP
    parts.write(cells[0].paragraphs[0], str(item.number), size=8.5)
    cells[0].paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    parts.write(cells[1].paragraphs[0], item.clause_text, size=8)
    parts.write(cells[2].paragraphs[0], item.text, size=9)
    _write_answer(cells[3].paragraphs[0], paper, item.answer)
    if item.answer is not None:
        for at, (key, text) in enumerate(_reasons(item.answer)):
            spot = cells[4].paragraphs[0] if at == 0 else cells[4].add_paragraph()
            parts.write(spot, paper.word(key), bold=True, size=8)
            parts.write(spot, text, size=8)
    for at, line in enumerate(evidence_lines(item.evidence, paper.language)):
        spot = cells[5].paragraphs[0] if at == 0 else cells[5].add_paragraph()
        bad = _severity(item, at) == "bad"
        parts.write(spot, line, size=8, bold=bad, color=RED if bad else None)


def _write_answer(paragraph: "Paragraph", paper: Paper, answer: AnswerView | None) -> None:
    if answer is None:
        parts.write(paragraph, paper.word("unanswered"), size=9, color=GRAY)
        return
    parts.write(paragraph, answer.text, bold=True, size=9)
    if answer.origin != "own":
        origin = words().origins[answer.origin].get(paper.language)
        parts.write(paragraph, f"\n{origin}", size=7, color=GRAY)


def _reasons(answer: AnswerView) -> list[tuple[str, str]]:
    given = (("reason", answer.reason), ("plan", answer.plan), ("by_when", answer.by_when))
    return [(key, text) for key, text in given if text]


def _severity(item: ItemView, at: int) -> str:
    figures = item.evidence.figures if item.evidence else ()
    return figures[at].severity if at < len(figures) and figures[0].number else "info"


def procedure_docx(view: ProcedureView, language: Language, *, now: datetime) -> bytes:
    """Write 実施手順; it holds nobody's answers, so its header carries no 機密性2."""
    told = words().words
    document = parts.new_document(view.title, language, now)
    parts.set_header(document, view.title, told["page"].get(language), "")
    version = told["procedure_version"].get(language).format(version=view.version)
    parts.set_footer(document, version)
    document.add_heading(view.title, level=1)
    _body(document.add_paragraph(), view.intro)
    for number, step in enumerate(view.steps, start=1):
        document.add_heading(f"{number}　{step.title}", level=2)
        _body(document.add_paragraph(), step.text)
    return parts.saved(document)


def _body(paragraph: "Paragraph", text: str) -> None:
    written = parts.write(paragraph, text, size=10.5)
    written.paragraph_format.line_spacing = 1.3
    written.paragraph_format.space_after = Pt(4)
