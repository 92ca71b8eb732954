"""The command `ledger`: 取扱記録 to read, to search, to verify and to take along."""

from argparse import Namespace

from meti_desk.cli.output import Output
from meti_desk.cli.table import columns
from meti_desk.domain import events
from meti_desk.services.desk import Desk
from meti_desk.services.messages import LedgerRow

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
    rows = desk.ledger(getattr(arguments, "words", ""), arguments.limit)
    output.answer({"events": rows}, columns([_cells(row, output) for row in rows]))
    return 0


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
