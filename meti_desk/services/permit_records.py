"""Records of permits: asked, decided, used, reported (Arts. 77-2, 77-6), as docx or CSV.

Who is responsible writes those of the 課室, a member of staff their own: what this device holds is
what its person may see. The uses come from 取扱記録 of this device, whose entries name the permit,
or were told with the report of the end.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from meti_desk.domain.errors import InvalidInput
from meti_desk.domain.permit import PermitState
from meti_desk.services.context import Context
from meti_desk.services.permit_messages import LEFT, PermitRow, PermitUse
from meti_desk.services.permit_uses import by_permit
from meti_desk.services.report import table

COLUMNS = (
    "id", "state", "articles", "actions", "documents", "recipients", "period", "reason",
    "promised", "requester", "requested_at", "decider", "decided_at", "designated", "note",
    "ended", "uses", "report", "reported_at",
)  # fmt: skip
SUFFIXES = (".docx", ".csv")
_DOCUMENTS = COLUMNS.index("documents")
_LABEL_WIDTH = 34
_LABEL = re.compile(r"C([1-3])I([12])A([12])")


def write(ctx: Context, path: Path, rows: Iterable[PermitRow]) -> Path:
    """Write the records under a free name near `path`; its suffix says how.

    CSV is UTF-8 with a byte order mark, which Excel opens, and no cell is taken for a formula.
    Raises `InvalidInput("permit.record-suffix")` for another suffix.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise InvalidInput("permit.record-suffix", articles=("77-2",), name=path.name)
    shown = list(rows)
    uses = by_permit(ctx)
    head = [ctx.words.term(f"permit.record.{one}") for one in COLUMNS]
    lines = [_cells(ctx, one, uses.get(one.id, ())) for one in shown]
    if suffix == ".csv":
        return table(ctx, path, head, lines)
    data = _docx(ctx, head, lines, _mark(ctx, shown))
    with ctx.files.scratch(path.parent) as target:
        target.write(data)
        target.flush()
        return ctx.files.publish(target, path)


def _uses(ctx: Context, row: PermitRow, own: Sequence[PermitUse]) -> str:
    """Write what was done under a permit: as recorded here, or as told with the report."""
    told = (
        (_moment(ctx, one.at), ctx.words.term(f"action.{one.action}"), one.title)
        for one in own or row.uses
    )
    return "\n".join("  ".join(filter(None, one)) for one in told)


def _cells(ctx: Context, row: PermitRow, own: Sequence[PermitUse]) -> tuple[str, ...]:
    term = ctx.words.term
    documents = [f"{one.title or one.id}（{_label(one.label)}）" for one in row.documents]
    if row.blanket:
        documents.append(f"{term('permit.record.blanket')}: {row.blanket}")
    note = row.ended_note
    ended = (
        _moment(ctx, row.ended_at),
        row.ender,
        term(note) if note.startswith("permit.") else note,
    )
    decided = row.decider and f"{row.decider}（{row.post}）"
    return (
        row.id,
        state_word(ctx, row),
        "・".join(_article(ctx, one) for one in row.articles),
        "・".join(term(f"action.{one}") for one in row.actions),
        "\n".join(documents),
        "\n".join(row.recipients),
        f"{row.since} - {row.until}",
        row.reason,
        "\n".join(_measure(ctx, one) for one in row.measures),
        row.requester,
        _moment(ctx, row.requested_at),
        decided,
        _moment(ctx, row.decided_at),
        "\n".join(_measure(ctx, one) for one in row.designated),
        row.note,
        "  ".join(filter(None, ended)) if row.ended_at else "",
        _uses(ctx, row, own),
        _report(ctx, row),
        _moment(ctx, row.reported_at),
    )


def state_word(ctx: Context, row: PermitRow) -> str:
    """Name the state; a request that the server never took is told apart from one refused."""
    if row.state == PermitState.REFUSED.value and not row.revision:
        return ctx.words.term("permit.state.not-taken")
    word = ctx.words.term(f"permit.state.{row.state}")
    if row.left and row.state != LEFT:
        word = f"{word}（{ctx.words.term('permit.left')}）"
    if not row.words_sound:
        word = f"{word}（{ctx.words.term('permit.record.words-unverified')}）"
    return word if row.verified else f"{word}（{ctx.words.term('permit.record.unverified')}）"


def _measure(ctx: Context, words: str) -> str:
    term = ctx.words.term(f"measure.{words}")
    return words if term == f"measure.{words}" else term


def _report(ctx: Context, row: PermitRow) -> str:
    if row.report_waived:
        return ctx.words.term("permit.record.waived")
    if row.report_due or row.unreported:
        return ctx.words.term("permit.record.due")
    return row.report


def _moment(ctx: Context, at: str) -> str:
    """Write a moment to the minute, by the clock of this place: the server counts in UTC."""
    try:
        read = datetime.fromisoformat(at)
    except ValueError:
        return at
    if read.tzinfo is not None:
        read = read.astimezone(ctx.clock.now().tzinfo)
    return f"{read:%Y-%m-%d %H:%M}"


def _article(ctx: Context, ref: str) -> str:
    article, _, paragraph = ref.partition("-")
    name = "permit.record.paragraph" if paragraph else "permit.record.article"
    return ctx.words.term(name).replace("{article}", article).replace("{paragraph}", paragraph)


def _label(code: str) -> str:
    """Write a label code, `C3I2A1`, in words."""
    read = _LABEL.fullmatch(code)
    return "機密性{} 完全性{} 可用性{}".format(*read.groups()) if read else code


def _mark(ctx: Context, rows: Iterable[PermitRow]) -> str:
    """Give the paper's own mark: at least 機密性2, and as high as what it names."""
    levels = [
        int(one.label[1]) for row in rows for one in row.documents if one.label[1:2].isdigit()
    ]
    highest = min(max([2, *levels]), len(ctx.policy.marks.confidentiality))
    return ctx.policy.marks.confidentiality[highest - 1]


def _docx(ctx: Context, head: Sequence[str], lines: Sequence[Sequence[str]], mark: str) -> bytes:
    """Write one table for each permit: what stands where can be read without scrolling."""
    from meti_desk.services import selfcheck_docx_parts as parts

    words, now, person = ctx.words, ctx.clock.now(), ctx.person()
    title = words.term("permit.record.title")
    document = parts.new_document(title, "ja", now)
    parts.set_header(document, title, "{page} / {pages}", mark)
    parts.set_footer(document, f"{person.unit}  {ctx.actor()}  {now:%Y-%m-%d}".strip())
    document.add_heading(title, level=1)
    if not lines:
        parts.write(document.add_paragraph(), words.term("permit.record.none"), size=9)
    for number, line in enumerate(lines, start=1):
        first = line[_DOCUMENTS].partition("\n")[0].partition("（")[0]
        document.add_heading(_printable(f"{number}　{line[1]}　{first}"), level=2)
        block = parts.add_table(document, (_LABEL_WIDTH, parts.WIDTH - _LABEL_WIDTH))
        for name, text in _filled(head, line):
            cells = parts.add_row(block)
            parts.label_cell(cells[0], name)
            parts.write(cells[1].paragraphs[0], text, size=9)
    return parts.saved(document)


def _filled(head: Sequence[str], line: Sequence[str]) -> Iterator[tuple[str, str]]:
    for name, text in zip(head, line, strict=True):
        if text.strip():
            yield name, _printable(text)


def _printable(text: str) -> str:
    """Leave out characters that no XML holds; whoever wrote the words may have typed them."""
    return "".join(one for one in text if one == "\n" or (one >= " " and one not in "\ufffe\uffff"))
