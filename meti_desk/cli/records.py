"""The commands `ledger` and `selfcheck`."""

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

import msgspec

from meti_desk.cli.output import Output
from meti_desk.services.desk import Desk
from meti_desk.services.messages import LedgerRow
from meti_desk.services.selfcheck_views import AnswerRequest


def ledger(desk: Desk, arguments: Namespace, output: Output) -> int:
    """List, search, verify or export 取扱記録."""
    if arguments.part == "verify":
        state = desk.verify_ledger()
        term = "ledger.intact" if state.intact else "ledger.broken"
        output.answer(state, [f"{output.words.term(term)} {state.events} {state.first_bad or ''}"])
        return 0 if state.intact else 5
    if arguments.part == "export":
        desk.export_ledger(arguments.out)
        output.answer({"out": arguments.out}, [arguments.out])
        return 0
    rows = desk.ledger(getattr(arguments, "words", ""), arguments.limit)
    output.answer({"events": rows}, _ledger_lines(rows, output))
    return 0


def _ledger_lines(rows: tuple[LedgerRow, ...], output: Output) -> Iterator[str]:
    for row in rows:
        kind = output.words.term(f"event.{row.kind}")
        label = output.label(row.label) if row.label else ""
        yield f"{row.seq}\t{row.at}\t{kind}\t{row.title}\t{label}"


def selfcheck(desk: Desk, arguments: Namespace, output: Output) -> int:
    """List, show, answer, submit, withdraw or export the self-check."""
    checks = desk.selfcheck
    part = arguments.part
    if part == "list":
        forms = checks.list_forms()
        rows = [f"{row.form}  {row.title}  {row.answered}/{row.applicable}" for row in forms.forms]
        output.answer(forms, rows)
    elif part == "show":
        shown = checks.show(arguments.form)
        rows = [f"{item.link_id}  {item.clause}  {item.text}" for item in shown.items]
        output.answer(shown, rows)
    elif part == "answer":
        request = AnswerRequest(
            form=arguments.form, link_id=arguments.link_id, value=arguments.value,
            reason=arguments.reason, plan=arguments.plan, by_when=arguments.by,
        )  # fmt: skip
        answered = checks.answer(request)
        output.answer(answered, [f"{answered.answered}/{answered.applicable}"])
    elif part in ("submit", "withdraw"):
        done = getattr(checks, part)(arguments.form)
        output.answer(done, [str(msgspec.to_builtins(done))])
    else:
        made = checks.export(
            arguments.form, Path(arguments.out), procedure=arguments.procedure
        )
        output.answer({"out": str(made)}, [str(made)])
    return 0
