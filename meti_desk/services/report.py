"""The report of a run over many files: one row each, as CSV that Excel opens."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from meti_desk.services.context import Context
from meti_desk.services.messages import DoneFile, LabelView

_FORMULA = "=+-@\t\r\n＝＋－＠"
"""Beginnings that a spreadsheet would take for a formula; a Japanese one takes wide ones too."""

DONE, SKIPPED, REFUSED = "done", "skipped", "refused"
SKIPS = frozenset({"batch.already-done", "batch.already-labelled"})
"""Notes of rows of which nothing had to be done."""


def outcome(row: DoneFile) -> str:
    """Name what became of a file: `done`, `skipped` or `refused`."""
    if row.error is not None:
        return REFUSED
    return SKIPPED if SKIPS & {_code(note) for note in row.notes} else DONE


def write(ctx: Context, rows: Sequence[DoneFile], path: Path) -> Path:
    """Write a row for each file, in words; gives the name, numbered where it was taken.

    UTF-8 with a byte order mark: that alone lets every Excel tell it from Shift-JIS, and file
    names with characters that Shift-JIS does not have are kept.
    """
    head = ("file", "outcome", "label", "result", "reason", "code")
    names = [ctx.words.term(f"report.{one}") for one in head]
    return table(ctx, path, names, (_cells(ctx, row) for row in rows))


def table(ctx: Context, path: Path, head: Sequence[str], lines: Iterable[Sequence[str]]) -> Path:
    """Write a table as CSV under a free name near `path`; no cell is taken for a formula."""
    with ctx.files.scratch(path.parent) as target:
        text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="", write_through=True)
        writer = csv.writer(text)
        writer.writerow(head)
        writer.writerows([_plain(cell) for cell in line] for line in lines)
        text.flush()
        placed = ctx.files.publish(target, path)
        text.detach()
    return placed


def _cells(ctx: Context, row: DoneFile) -> tuple[str, ...]:
    words = ctx.words
    error = row.error
    why = words.error(error.code, error.params, error.articles) if error else ""
    return (
        row.path,
        words.term(f"outcome.{outcome(row)}"),
        _label(row.label),
        "\n".join(row.out),
        why or " ".join(_told(ctx, row.notes)),
        error.code if error else " ".join(row.notes),
    )


def _told(ctx: Context, notes: Iterable[str]) -> Iterator[str]:
    for note in notes:
        code, _, value = note.partition(":")
        yield f"{ctx.words.term(f'note.{code}')}{f' {value}' if value else ''}"


def _code(note: str) -> str:
    return note.partition(":")[0]


def _label(label: LabelView | None) -> str:
    if label is None or not label.decided:
        return ""
    more = (*label.restrictions, *(f"{name}限り" for name in label.audience))
    return " ".join((f"機密性{label.c}", f"完全性{label.i}", f"可用性{label.a}", *more))


def _plain(cell: str) -> str:
    """Keep a spreadsheet from taking a name for a formula, and bytes that are no text readable."""
    text = cell.encode(errors="replace").decode()
    return f"'{text}" if text[:1] in _FORMULA and text else text
