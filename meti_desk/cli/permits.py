"""The command `permit`: ask, decide, withdraw, revoke, report, records (申請・許可)."""

import argparse
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from meti_desk.cli.table import columns
from meti_desk.cli.usage import WrongUsage, some_text

if TYPE_CHECKING:
    from meti_desk.cli.output import Output
    from meti_desk.services.desk import Desk
    from meti_desk.services.permit_messages import NotedRow, PermitRow, StandingRow

Maker = Callable[[str, str], argparse.ArgumentParser]
_DAY = "YYYY-MM-DD"


def grammar(part: Maker, actions: Sequence[str]) -> None:
    """Add the parts of the command."""
    _request(part("request", "許可を申請します"), actions)
    shown = part("list", "申請と許可の一覧")
    shown.add_argument("--to-decide", action="store_true", help="自分が決定するものだけ")
    for name, text in (("show", "申請の内容と状態"), ("withdraw", "申請を取り下げます")):
        part(name, text).add_argument("id", metavar="ID", help="申請の番号")
    _decide(part("decide", "申請を決定します。番号を並べると、まとめて決定します"))
    revoke = part("revoke", "許可を取り消します")
    revoke.add_argument("id", metavar="ID", help="許可の番号")
    revoke.add_argument("--note", required=True, metavar="T", help="取消しの理由")
    report = part("report", "終わったことを報告します（第77条第3項・第7項）")
    report.add_argument("id", metavar="ID", help="許可の番号")
    report.add_argument("--text", required=True, metavar="T", help="報告の内容")
    record = part("record", "許可の記録を書き出します（第77条第2項・第6項）")
    record.add_argument(
        "--out", required=True, metavar="FILE", type=some_text, help=".docx か .csv のファイル"
    )
    noted = part("noted", "口頭・書面で許可済（要確認）の一覧と確認")
    noted.add_argument(
        "do", nargs="?", choices=("list", "confirm", "deny"), default="list", metavar="DO",
        help="list confirm deny",
    )  # fmt: skip
    noted.add_argument("id", nargs="?", default="", metavar="ID", help="記録の番号")
    noted.add_argument("--note", default="", metavar="T", help="注記。deny では必要です")
    _standing(part("standing", "あらかじめの決定（検討する措置を、先に決めておくこと）"))


def _request(asked: argparse.ArgumentParser, actions: Sequence[str]) -> None:
    asked.add_argument(
        "action", choices=(*actions, "use", "connect"), metavar="ACTION", help=" ".join(actions)
    )
    asked.add_argument("files", nargs="*", metavar="FILE", help="対象の文書")
    asked.add_argument("--blanket", default="", metavar="KIND", help="文書の種類（包括許可）")
    asked.add_argument(
        "--to", action="append", default=[], metavar="ADDR", help="相手（@ドメインも）"
    )
    asked.add_argument("--area", type=int, choices=(0, 1, 2, 3), help="行き先の区域のクラス")
    asked.add_argument("--from", dest="since", default="", metavar=_DAY, help="期間の始め")
    asked.add_argument("--until", default="", metavar=_DAY, help="期間の終わり")
    asked.add_argument("--reason", default="", metavar="T", help="理由")
    asked.add_argument(
        "--measure", action="append", default=[], metavar="T", help="講ずる措置。繰り返せます"
    )
    asked.add_argument(
        "--article", action="append", default=[], metavar="N",
        help="申請する条項（省略すると、その行為に要るもの）",
    )  # fmt: skip
    asked.add_argument(
        "-r", action="append", default=[], metavar="取扱制限", help="許可を求める取扱制限"
    )
    asked.add_argument(
        "--include-copies", action="store_true",
        help="写し一つの承認を含めます（第10条第4項・複製禁止）",
    )  # fmt: skip


def _decide(decided: argparse.ArgumentParser) -> None:
    decided.add_argument("ids", nargs="+", metavar="ID", help="申請の番号")
    which = decided.add_mutually_exclusive_group(required=True)
    which.add_argument("--grant", action="store_true", help="許可します（届出は受理します）")
    which.add_argument("--refuse", action="store_true", help="却下します")
    decided.add_argument(
        "--designate", action="append", default=[], metavar="MEASURE",
        help="指定する措置（第13条）。繰り返せます",
    )  # fmt: skip
    decided.add_argument("--note", default="", metavar="T", help="注記。却下では理由が必要です")
    decided.add_argument("--until", default="", metavar=_DAY, help="申請より短い期間の終わり")
    decided.add_argument("--no-report", action="store_true", help="終了報告を要しません")


def _standing(standing: argparse.ArgumentParser) -> None:
    standing.add_argument(
        "do", nargs="?", choices=("list", "add", "end"), default="list", metavar="DO",
        help="list add end",
    )  # fmt: skip
    standing.add_argument("what", nargs="?", default="", metavar="MEASURE|ID", help="措置又は番号")
    standing.add_argument("--answer", choices=("yes", "no"), default="", help="行うか、行わないか")
    standing.add_argument(
        "-c", type=int, action="append", choices=(1, 2, 3), default=[], help="機密性。繰り返せます"
    )
    standing.add_argument("--to", action="append", default=[], metavar="ADDR", help="相手")
    standing.add_argument("--from", dest="since", default="", metavar=_DAY, help="期間の始め")
    standing.add_argument("--until", default="", metavar=_DAY, help="期間の終わり")
    standing.add_argument("--reason", default="", metavar="T", help="理由")


def permit(desk: "Desk", arguments: Namespace, output: "Output") -> int:
    """Do one of the parts."""
    area = desk.permits
    if arguments.part == "list":
        view = area.view()
        rows = view.to_decide if arguments.to_decide else (*view.mine, *view.to_decide)
        rows = rows if arguments.to_decide else (*rows, *view.decided)
        output.answer({"permits": rows}, columns([_cells(one, output) for one in rows]))
    elif arguments.part == "record":
        written = str(area.record(Path(arguments.out)))
        output.answer({"out": written}, [written])
    elif arguments.part == "noted":
        _noted(desk, arguments, output)
    elif arguments.part == "standing":
        _stand(desk, arguments, output)
    elif arguments.part == "decide":
        decided = _decided(desk, arguments)
        output.answer({"permits": decided}, columns([_cells(one, output) for one in decided]))
    else:
        row = _one(desk, arguments)
        output.answer({"permit": row}, _lines(row, output))
    return 0


def _one(desk: "Desk", arguments: Namespace) -> "PermitRow":
    area = desk.permits
    if arguments.part == "show":
        return area.show(arguments.id)
    if arguments.part == "withdraw":
        return area.withdraw(arguments.id)
    if arguments.part == "revoke":
        return area.revoke(arguments.id, arguments.note)
    if arguments.part == "report":
        return area.report(arguments.id, arguments.text)
    from meti_desk.services.permit_messages import AskRequest

    return area.ask(
        AskRequest(
            action=arguments.action,
            paths=tuple(arguments.files),
            blanket=arguments.blanket,
            articles=tuple(arguments.article),
            recipients=tuple(arguments.to),
            area=arguments.area,
            since=arguments.since,
            until=arguments.until,
            restrictions=tuple(arguments.r),
            includes_copies=arguments.include_copies,
            reason=arguments.reason,
            measures=tuple(arguments.measure),
        )
    )


def _decided(desk: "Desk", arguments: Namespace) -> "tuple[PermitRow, ...]":
    from meti_desk.services.permit_messages import DecideRequest

    return desk.permits.decide(
        DecideRequest(
            ids=tuple(arguments.ids),
            granted=arguments.grant,
            designated=tuple(arguments.designate),
            note=arguments.note,
            report_waived=arguments.no_report,
            until=arguments.until,
        )
    )


def _noted(desk: "Desk", arguments: Namespace, output: "Output") -> None:
    area = desk.permits
    if arguments.do != "list":
        _needed(arguments.id, "ID", "noted")
        area.judge_noted(arguments.id, right=arguments.do == "confirm", note=arguments.note)
    rows = area.view().noted
    output.answer({"noted": rows}, columns([_noted_cells(one, output) for one in rows]))


def _stand(desk: "Desk", arguments: Namespace, output: "Output") -> None:
    from meti_desk.services.permit_messages import StandingRow

    area = desk.permits
    if arguments.do == "add":
        _needed(arguments.what, "MEASURE", "standing")
        area.stand(
            StandingRow(
                id="",
                measure=arguments.what,
                answer=arguments.answer,
                levels=tuple(arguments.c),
                recipients=tuple(arguments.to),
                since=arguments.since,
                until=arguments.until,
                reason=arguments.reason,
            )
        )
    elif arguments.do == "end":
        _needed(arguments.what, "ID", "standing")
        area.end_standing(arguments.what)
    rows = area.view().standing
    output.answer({"standing": rows}, columns([_standing_cells(one, output) for one in rows]))


def _needed(value: str, what: str, part: str) -> None:
    if not value:
        raise WrongUsage("usage.missing", command=f"meti-desk permit {part}", what=what)


def _cells(row: "PermitRow", output: "Output") -> tuple[str, ...]:
    words = output.words
    names = [one.title or one.id for one in row.documents[:1]]
    more = f" +{len(row.documents) - 1}" if len(row.documents) > 1 else ""
    acts = "・".join(words.term(f"action.{one}") for one in row.actions)
    waits = words.term("permit.unsent") if row.pending else ""
    if not row.words_sound:
        waits = words.term("permit.record.words-unverified")
    who = words.term("permit.mine") if row.mine else row.requester
    what = (names[0] if names else row.blanket) + more
    return row.id, state(row, output), who, acts, what, f"〜{row.until}", waits


def state(row: "PermitRow", output: "Output") -> str:
    """Name the state of a permit."""
    taken = row.revision or row.state != "refused"
    word = output.words.term(f"permit.state.{row.state if taken else 'not-taken'}")
    past = row.left and row.state != "left"
    return f"{word}（{output.words.term('permit.left')}）" if past else word


def _lines(row: "PermitRow", output: "Output") -> Iterator[str]:
    from meti_desk.wording.moments import local

    words, missing = output.words, row.report_due or row.unreported
    yield f"{row.id}  {state(row, output)}"
    told = (
        ("articles", "・".join(words.article(one) for one in row.articles)),
        ("actions", "・".join(words.term(f"action.{one}") for one in row.actions)),
        ("documents", "、".join(f"{one.title or one.id} ({one.label})" for one in row.documents)),
        ("blanket", row.blanket),
        ("recipients", "、".join(row.recipients)),
        ("period", f"{row.since} - {row.until}"),
        ("reason", row.reason),
        ("promised", _measures(row.measures, output)),
        ("requester", row.requester),
        ("decider", f"{row.decider}  {row.post}".strip()),
        ("decided_at", local(row.decided_at)),
        ("designated", _measures(row.designated, output)),
        ("note", row.note),
        ("ended", _ended(row, output)),
        ("report", words.term("permit.record.due") if missing else row.report),
    )
    for name, text in told:
        if text:
            yield f"  {words.term(f'permit.record.{name}')}: {text}"
    if not row.verified:
        yield f"  ※ {words.error('permit.unverified', {}).cause}"
    if not row.words_sound:
        yield f"  ※ {words.error('permit.words-unverified', {}).cause}"
    if row.pending:
        yield f"  ※ {words.term('permit.unsent')}"
    if row.refusal:
        yield f"  × {words.error(row.refusal, {}).cause}"


def _ended(row: "PermitRow", output: "Output") -> str:
    from meti_desk.wording.moments import local

    note = row.ended_note
    why = output.words.term(note) if note.startswith("permit.") else note
    return f"{local(row.ended_at)}  {row.ender}  {why}".strip() if row.ended_at else ""


def _measures(measures: Sequence[str], output: "Output") -> str:
    """Name measures: those of the standard by their words, others as somebody wrote them."""
    terms = ((one, f"measure.{one}") for one in measures)
    words = output.words
    return "、".join(words.term(term) if words.knows(term) else one for one, term in terms)


def _noted_cells(row: "NotedRow", output: "Output") -> tuple[str, ...]:
    words = output.words
    told = words.term("permit.state.left" if row.state == "left" else f"noted.state.{row.state}")
    if row.left and row.state != "left":
        told = f"{told}（{words.term('permit.left')}）"
    waits = words.term("permit.unsent") if row.pending else ""
    if not row.words_sound:
        waits = words.term("permit.record.words-unverified")
    return row.id, told, row.person, row.title, f"{row.who}, {row.when}, {row.how}", row.note, waits


def _standing_cells(row: "StandingRow", output: "Output") -> tuple[str, ...]:
    words = output.words
    levels = "・".join(f"機密性{one}" for one in row.levels)
    answer = words.term(f"permit.answer.{row.answer}")
    force = words.term("permit.in-force" if row.in_force else "permit.not-in-force")
    if row.left:
        force = words.term("permit.left" if row.decider else "permit.state.left")
    waits = words.term("permit.unsent") if row.pending else ""
    measure, period = _measures((row.measure,), output), f"{row.since} - {row.until}"
    told = (measure, answer, levels, "、".join(row.recipients), period)
    return row.id, force, *told, row.decider, row.reason, waits
