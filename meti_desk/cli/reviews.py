"""The command `review`: 確認 of labels, and the orders that come of it (Arts. 4-2, 5-1, 7-1)."""

import argparse
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from meti_desk.cli.table import columns

if TYPE_CHECKING:
    from meti_desk.cli.output import Output
    from meti_desk.services.desk import Desk
    from meti_desk.services.review_messages import CorrectionTask, JudgeRequest, ReviewRow

Maker = Callable[[str, str], argparse.ArgumentParser]
_SHORT = 12


def grammar(part: Maker) -> None:
    """Add the parts."""
    listed = part("list", "確認を待つ格付と、確認の結果")
    listed.add_argument("--open", action="store_true", help="確認を待つものだけ")
    judge = part("judge", "格付が妥当か判断し、又は修正を指示します")
    judge.add_argument("ids", nargs="+", metavar="ID", help="確認の番号")
    verdict = judge.add_mutually_exclusive_group(required=True)
    verdict.add_argument("--valid", action="store_true", help="妥当です")
    verdict.add_argument("--correct", action="store_true", help="修正を指示します")
    judge.add_argument("-c", type=int, choices=(1, 2, 3), default=0, help="指示する機密性")
    judge.add_argument("-i", type=int, choices=(1, 2), default=0, help="指示する完全性")
    judge.add_argument("-a", type=int, choices=(1, 2), default=0, help="指示する可用性")
    judge.add_argument(
        "-r", action="append", default=None, metavar="取扱制限",
        help="指示する取扱制限。繰り返せます（省略すると、決定のまま）",
    )  # fmt: skip
    judge.add_argument("--no-restrictions", action="store_true", help="取扱制限を付けません")
    judge.add_argument("--note", default="", metavar="T", help="指示の理由")
    judge.add_argument(
        "--document", action="append", default=[], metavar="DOC", help="その中の文書だけ"
    )
    part("tasks", "修正を指示された文書（要修正）")
    answer = part("answer", "修正の指示に理由を付けて答えます（第7条第1項の相談）")
    answer.add_argument("id", metavar="ID", help="確認の番号")
    answer.add_argument("--reason", required=True, metavar="T", help="理由")
    answer.add_argument(
        "--document", action="append", default=[], metavar="DOC", help="その中の文書だけ"
    )


def review(desk: "Desk", arguments: Namespace, output: "Output") -> int:
    """Do one of the parts."""
    area = desk.reviews
    if arguments.part == "list":
        _list(desk, arguments, output)
    elif arguments.part == "tasks":
        tasks = area.tasks()
        output.answer({"tasks": tasks}, _task_lines(tasks, output))
    elif arguments.part == "answer":
        row = area.answer(arguments.id, arguments.reason, tuple(arguments.document))
        output.answer({"reviews": (row,)}, _lines((row,), output))
    else:
        rows = area.judge(_request(arguments))
        output.answer({"reviews": rows}, _lines(rows, output))
    return 0


def _list(desk: "Desk", arguments: Namespace, output: "Output") -> None:
    view = desk.reviews.view()
    rows = [*view.to_judge]
    if arguments.open:
        rows += [one for one in view.mine if one.state in _OPEN]
        rows = [*{one.id: one for one in rows}.values()]
        output.answer({"judges": view.judges, "reviews": rows}, _lines(rows, output))
        return
    rows += [*view.judged, *view.mine]
    output.answer(msgspec.to_builtins(view), _lines([*{r.id: r for r in rows}.values()], output))


_OPEN = ("unsent", "waiting", "nobody", "objected", "correct")


def _request(arguments: Namespace) -> "JudgeRequest":
    from meti_desk.cli.usage import WrongUsage
    from meti_desk.services.review_messages import JudgeRequest

    ordered = any((arguments.c, arguments.i, arguments.a, arguments.r, arguments.no_restrictions))
    if arguments.valid and ordered:
        raise WrongUsage("usage.invalid", detail="--valid", command="meti-desk review judge")
    if arguments.correct and not arguments.c:
        raise WrongUsage("usage.missing", what="-c", command="meti-desk review judge")
    restrictions = None if arguments.r is None else tuple(arguments.r)
    return JudgeRequest(
        ids=tuple(arguments.ids),
        c=arguments.c if arguments.correct else 0,
        i=arguments.i,
        a=arguments.a,
        restrictions=() if arguments.no_restrictions else restrictions,
        note=arguments.note,
        documents=tuple(arguments.document),
    )


def _lines(rows: Sequence["ReviewRow"], output: "Output") -> Iterator[str]:
    words = output.words
    for row in rows:
        state = words.term(f"review.state.{row.state}")
        yield f"{row.id[:_SHORT]}  {state}  {output.label(row.label)}  {row.owner}".rstrip()
        if not row.readable:
            yield f"  ※ {words.term('review.unreadable')}"
        for one in row.documents:
            yield f"  - {one.title or one.id}  {one.place}".rstrip()
        if row.reason:
            yield f"  {words.term('review.reason')}: {row.reason}"
        for code, text in row.evidence:
            yield f"  {words.term(f'review.evidence.{code}')} {text}".rstrip()
        for step in row.steps:
            told = words.term(f"review.step.{step.what}")
            label = f"  {output.label(step.label)}" if step.label else ""
            yield f"  {step.at[:10]}  {told}{label}  {step.by}  {step.note}".rstrip()
        if row.said:
            yield f"  … {words.term('review.said')}"
        if row.refusal:
            yield f"  ※ {words.error(row.refusal, {}, ()).text()}"


def _task_lines(tasks: Sequence["CorrectionTask"], output: "Output") -> Iterator[str]:
    rows = [
        (
            one.review[:_SHORT], one.title or one.document, output.label(one.decided), "→",
            output.label(one.ordered), one.by, one.note,
        )
        for one in tasks
    ]  # fmt: skip
    yield from columns(rows)
