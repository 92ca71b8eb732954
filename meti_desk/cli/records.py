"""The command `ledger`: 取扱記録 to read, to search, to verify, to take along; and lineage."""

from argparse import Namespace

from meti_desk.cli.output import Output
from meti_desk.cli.table import columns
from meti_desk.domain import events
from meti_desk.services.desk import Desk
from meti_desk.services.messages import LedgerRow, LineageNode

BROKEN = 5
"""The exit code when the record was changed behind our back."""


def ledger(desk: Desk, arguments: Namespace, output: Output) -> int:
    """List, search, verify or export 取扱記録."""
    if arguments.part == "verify":
        state = desk.verify_ledger()
        term = "ledger.intact" if state.intact else "ledger.broken"
        line = f"{output.words.term(term)} {state.events} {state.first_bad or ''}".rstrip()
        output.answer(state, [line])
        return 0 if state.intact else BROKEN
    if arguments.part == "export":
        written = desk.export_ledger(arguments.out)
        output.answer({"out": written}, [written])
        return 0
    if arguments.part == "lineage":
        return _lineage(desk, arguments.document, output)
    rows = desk.ledger(getattr(arguments, "words", ""), arguments.limit)
    output.answer({"events": rows}, columns([_cells(row, output) for row in rows]))
    return 0


def _lineage(desk: Desk, document: str, output: Output) -> int:
    view = desk.lineage(document)
    output.answer(view, columns([_generation(node, output) for node in view.nodes]))
    return 0


def _generation(node: LineageNode, output: Output) -> tuple[str, ...]:
    """Show one document: how many generations away, its label, its title, who received it."""
    words = output.words
    given = f"{words.term('lineage.given')}: {', '.join(node.recipients)}"
    return (
        f"{node.level:+d}" if node.level else "0",
        output.label(node.label),
        node.title,
        words.term("lineage.unknown") if not node.known else given if node.recipients else "",
    )


def _cells(row: LedgerRow, output: Output) -> tuple[str, ...]:
    kind = output.words.term(f"event.{row.kind}")
    act = row.detail.get(events.ACTION)
    if isinstance(act, str) and act:
        kind = output.words.term(f"action.{act}")
    return (
        str(row.seq),
        row.at[:16].replace("T", " "),
        kind,
        output.label(row.label) if row.label else "",
        row.title,
    )
