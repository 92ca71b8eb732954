"""The 機密性3情報管理簿 on paper and as a table: the list for 棚卸し, with boxes to tick (11-2).

A document and each of its copies has a row, with あり / なし / ほかの場所 to tick and room
for a remark. The paper bears the mark of 機密性3 itself: it names what is kept secret.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from meti_desk.domain.errors import InvalidInput
from meti_desk.services.context import Context
from meti_desk.services.register_messages import CopyRow, RegisterRow, RegisterView
from meti_desk.services.report import table

if TYPE_CHECKING:
    from docx.document import Document as DocumentObject

COLUMNS = (
    ("number", 26.0), ("title", 50.0), ("keeper", 25.0), ("location", 47.0), ("access", 27.0),
    ("permit", 18.0), ("state", 22.0), ("found", 28.0), ("remark", 26.0),
)  # fmt: skip
"""Of the paper, each with its width in millimetres (A4, landscape)."""
TABLE = (
    "number", "title", "keeper", "location", "designated", "access", "permit", "how", "at", "due",
    "state", "ended", "stock", "stock_at", "stock_by", "present", "missing", "elsewhere", "remark",
    "entry",
)  # fmt: skip
"""Of the CSV: what is empty is to be filled in."""
BOX = "☐"
SUFFIXES = (".docx", ".csv")
_HEIGHT, _WIDTH = 210, 297


def export(ctx: Context, view: RegisterView, path: Path) -> Path:
    """Write the register under a free name near `path`; its suffix says how (`export.format`)."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise InvalidInput("export.format", suffix=path.suffix)
    if suffix == ".csv":
        head = [ctx.words.term(f"register.column.{one}") for one in TABLE]
        return table(ctx, path, head, _lines(ctx, view))
    data = _docx(ctx, view)
    with ctx.files.scratch(path.parent) as target:
        target.write(data)
        target.flush()
        return ctx.files.publish(target, path)


def _lines(ctx: Context, view: RegisterView) -> Iterator[tuple[str, ...]]:
    term = ctx.words.term
    for row in view.entries:
        stock = term(f"register.stock.{row.stock}") if row.stock else ""
        yield (
            row.number, _title(ctx, row), row.keeper, row.location, row.designated,
            "・".join(row.access), "", "", _day(row.entered_at), "",
            term(f"register.state.{row.state}"), _ended(row.ended_at, row.ended_how), stock,
            _day(row.stock_at), row.stock_by, BOX, BOX, BOX, row.stock_note, row.id,
        )  # fmt: skip
        for copy in row.copies:
            yield (
                copy.number, _title(ctx, row), copy.holder, copy.location, "", "", copy.permit,
                how_word(ctx, copy), _day(copy.at), copy.due, term(f"register.state.{copy.state}"),
                _ended(copy.ended_at, copy.ended_how), "", "", "", *_boxes(copy), "", row.id,
            )  # fmt: skip


def _boxes(copy: CopyRow) -> tuple[str, str, str]:
    return (BOX, BOX, BOX) if copy.state in ("held", "overdue") else ("", "", "")


def how_word(ctx: Context, copy: CopyRow) -> str:
    """Name the act that made a copy."""
    return ctx.words.term(f"register.how.{copy.how}") if copy.how else ""


def _ended(at: str, how: str) -> str:
    return " ".join(filter(None, (_day(at), how)))


def _day(at: str) -> str:
    return at[:10]


def _title(ctx: Context, row: RegisterRow) -> str:
    return row.title or ctx.words.term("register.unreadable")


def _docx(ctx: Context, view: RegisterView) -> bytes:
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm, Pt

    from meti_desk.services import selfcheck_docx_parts as parts

    words, now = ctx.words, ctx.clock.now()
    title = words.term("register.title")
    document = parts.new_document(title, "ja", now)
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(_WIDTH), Mm(_HEIGHT)
    mark = ctx.policy.marks.confidentiality[2]
    parts.set_header(document, title, "{page} / {pages}", mark)
    for stop, at in zip(
        section.header.paragraphs[0].paragraph_format.tab_stops, (0.5, 1.0), strict=False
    ):
        stop.position = Mm((_WIDTH - 2 * parts.MARGIN) * at)
    parts.set_footer(document, f"{view.unit}  {ctx.actor()}  {now:%Y-%m-%d}".strip())
    document.add_heading(f"{title}　{view.unit}".strip(), level=1)
    parts.write(document.add_paragraph(), words.term("register.list.note"), size=8)
    _table(ctx, document, view)
    signed = document.add_paragraph()
    signed.paragraph_format.space_before = Pt(10)
    parts.write(signed, words.term("register.list.taken"), size=9)
    return parts.saved(document)


def _table(ctx: Context, document: "DocumentObject", view: RegisterView) -> None:
    from meti_desk.services import selfcheck_docx_parts as parts

    if not view.entries:
        parts.write(document.add_paragraph(), ctx.words.term("register.list.none"), size=9)
        return
    made = parts.add_table(document, [width for _, width in COLUMNS])
    for cell, (name, _) in zip(parts.add_row(made, header=True), COLUMNS, strict=True):
        parts.label_cell(cell, ctx.words.term(f"register.column.{name}"))
    for line in _paper_lines(ctx, view):
        for cell, text in zip(parts.add_row(made), line, strict=True):
            parts.write(cell.paragraphs[0], _printable(text), size=8)


def _paper_lines(ctx: Context, view: RegisterView) -> Iterator[Sequence[str]]:
    term = ctx.words.term
    present, missing, elsewhere = (f"{BOX}{term(f'register.stock.{one}')}" for one in _RESULTS)
    found = f"{present}  {missing}\n{elsewhere}"
    for row in view.entries:
        place = "\n".join(filter(None, (row.location, row.designated)))
        yield (
            row.number, _title(ctx, row), row.keeper, place, "・".join(row.access), "",
            term(f"register.state.{row.state}"), found if row.state == "held" else "", "",
        )  # fmt: skip
        for copy in row.copies:
            state = term(f"register.state.{copy.state}")
            due = f"\n{term('register.column.due')} {copy.due}" if copy.due else ""
            yield (
                copy.number, f"└ {how_word(ctx, copy)}", copy.holder, copy.location, "",
                copy.permit, f"{state}{due}", found if all(_boxes(copy)) else "", "",
            )  # fmt: skip


_RESULTS = ("present", "missing", "elsewhere")


def _printable(text: str) -> str:
    """Leave out characters that no XML holds; whoever wrote the words may have typed them."""
    return "".join(one for one in text if one == "\n" or (one >= " " and one not in "\ufffe\uffff"))
