"""The command `selfcheck`: answering, handing in and printing a 自己点検票 (Arts. 91-2, 92-2)."""

from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from meti_desk.cli.output import Output
from meti_desk.cli.table import columns, pad, width
from meti_desk.cli.usage import WrongUsage
from meti_desk.domain.errors import InvalidInput
from meti_desk.services.desk import Desk
from meti_desk.services.selfcheck_views import (
    AnswerRequest,
    FormRow,
    FormView,
    ItemView,
    SubmissionView,
    words,
)

if TYPE_CHECKING:
    from meti_desk.services.selfcheck import SelfChecks

_INDENT = "      "


def selfcheck(desk: Desk, arguments: Namespace, output: Output) -> int:
    """List, show, answer, submit, withdraw or export the self-check."""
    return _PARTS[arguments.part](desk.selfcheck_in(arguments.lang), arguments, output)


def _list(checks: "SelfChecks", _arguments: Namespace, output: Output) -> int:
    forms = checks.list_forms()
    rows = [
        (one.form, one.title, *_far(one, output), output.words.term(f"selfcheck.{one.state}"))
        for one in forms.forms
    ]
    output.answer(forms, columns(rows))
    return 0


def _show(checks: "SelfChecks", arguments: Namespace, output: Output) -> int:
    shown = checks.show(arguments.form)
    output.answer(shown, _form(shown, output))
    return 0


def _answer(checks: "SelfChecks", arguments: Namespace, output: Output) -> int:
    value = arguments.value or (_suggested(checks, arguments) if arguments.confirm else "")
    if not value:
        raise WrongUsage("answer.value-missing")
    answered = checks.answer(
        AnswerRequest(
            form=arguments.form,
            link_id=arguments.link_id,
            value=value,
            reason=arguments.reason,
            plan=arguments.plan,
            by_when=arguments.by,
            confirm=arguments.confirm,
        )
    )
    told = output.words.term("selfcheck.answered")
    lines = [*_item(answered.item, output), f"{told} {answered.answered}/{answered.applicable}"]
    output.answer(answered, lines)
    return 0


def _suggested(checks: "SelfChecks", arguments: Namespace) -> str:
    """Give what the records suggest for a question.

    Raises `InvalidInput`: `selfcheck.no-item`, `answer.not-suggested`.
    """
    form = checks.show(arguments.form)
    asked = next((one for one in form.items if one.link_id == arguments.link_id), None)
    if asked is None:
        raise InvalidInput("selfcheck.no-item", form=form.form, link_id=arguments.link_id)
    if asked.evidence is None or asked.evidence.suggested is None:
        raise InvalidInput("answer.not-suggested", link_id=arguments.link_id, value="")
    return asked.evidence.suggested


def _submit(checks: "SelfChecks", arguments: Namespace, output: Output) -> int:
    return _handed(checks.submit(arguments.form), "event.selfcheck-submit", output)


def _withdraw(checks: "SelfChecks", arguments: Namespace, output: Output) -> int:
    return _handed(checks.withdraw(arguments.form), "event.selfcheck-withdraw", output)


def _handed(done: SubmissionView, term: str, output: Output) -> int:
    state = output.words.term(f"selfcheck.{done.state}")
    receipt = f"{output.words.term('selfcheck.receipt')} {done.receipt}"
    output.answer(done, [f"{output.words.term(term)} {done.at} {state}", receipt])
    return 0


def _export(checks: "SelfChecks", arguments: Namespace, output: Output) -> int:
    made = checks.export(arguments.form, Path(arguments.out), procedure=arguments.procedure)
    output.answer({"out": str(made)}, [str(made)])
    return 0


_PARTS: Mapping[str, Callable[["SelfChecks", Namespace, Output], int]] = {
    "list": _list,
    "show": _show,
    "answer": _answer,
    "submit": _submit,
    "withdraw": _withdraw,
    "export": _export,
}


def _far(form: FormRow | FormView, output: Output) -> tuple[str, str]:
    term = output.words.term
    return (
        f"{term('selfcheck.answered')} {form.answered}/{form.applicable}",
        f"{term('selfcheck.deadline')} {form.deadline}",
    )


def _form(form: FormView, output: Output) -> Iterator[str]:
    yield f"{form.title}（{form.role}）"
    yield "  ".join((*_far(form, output), output.words.term(f"selfcheck.{form.state}")))
    names = max(width(one.link_id) for one in form.items)
    for section in form.sections:
        yield ""
        yield f"【{section.title}】{section.answered}/{section.applicable}"
        for item in form.items:
            if item.section == section.id:
                yield from _item(item, output, names)


def _item(item: ItemView, output: Output, names: int = 0) -> Iterator[str]:
    term = output.words.term
    yield f"  {_sign(item)} {pad(item.link_id, names)}  {item.clause_text}"
    yield f"{_INDENT}{item.text}"
    answer, evidence = item.answer, item.evidence
    if answer is not None:
        origin = words().origins[answer.origin].get(output.words.language)
        yield f"{_INDENT}{term('selfcheck.answer')}: {answer.text}（{origin}）"
        for code, text in (
            ("reason", answer.reason), ("plan", answer.plan), ("by-when", answer.by_when),
        ):  # fmt: skip
            if text:
                yield f"{_INDENT}{term(f'lack.{code}')}: {text}"
        if answer.lacks:
            lacks = " ".join(term(f"lack.{lack}") for lack in answer.lacks)
            yield f"{_INDENT}{term('selfcheck.lacks')}: {lacks}"
    if evidence is not None and evidence.figures:
        told = " ".join(f"{one.label} {one.number}" for one in evidence.figures)
        yield f"{_INDENT}{term('selfcheck.evidence')}: {told}"
    if evidence is not None and evidence.suggested and answer is None:
        offered = {option.value: option.text for option in item.options}
        text = offered.get(evidence.suggested, evidence.suggested)
        yield f"{_INDENT}{term('selfcheck.suggested')}: {text}"


def _sign(item: ItemView) -> str:
    """Tell at a glance: not asked, open, lacking something, answered."""
    if not item.enabled:
        return "－"
    if item.answer is None:
        return "・"
    return "△" if item.answer.lacks else "○"
