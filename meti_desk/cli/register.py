"""The command `register`: the 機密性3情報管理簿 (Arts. 10-4, 11-2, 11-5)."""

import argparse
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from meti_desk.cli.table import columns

if TYPE_CHECKING:
    from meti_desk.cli.output import Output
    from meti_desk.services.desk import Desk
    from meti_desk.services.register_messages import (
        RegisterEnd,
        RegisterNote,
        RegisterRow,
        StockEntry,
    )

Maker = Callable[[str, str], argparse.ArgumentParser]


def grammar(part: Maker) -> None:
    """Add the parts."""
    listed = part("list", "管理簿の一覧。責任者には課室の全部")
    listed.add_argument("words", nargs="*", metavar="WORD", help="探す語")
    listed.add_argument("--ended", action="store_true", help="廃棄・格付変更の済んだものも")
    show = part("show", "一件と、その経過")
    _entry(show)
    _note(part)
    for name, text in (("return", "複製の返却"), ("dispose", "消去・廃棄")):
        end = part(name, text)
        _entry(end)
        end.add_argument(
            "--copy", required=name == "return", default="", metavar="N", help="複製の番号"
        )
        end.add_argument("--how", default="", metavar="T", help="方法（細断、消去など）")
        end.add_argument("--reason", default="", metavar="T", help="理由")
        end.add_argument("--at", default="", metavar="YYYY-MM-DD", help="日（省略すると今日）")
    stock = part("stocktake", "棚卸しの結果を記録します（課室情報セキュリティ責任者）")
    stock.add_argument(
        "--result", action="append", default=[], metavar="ENTRY=present|missing|elsewhere[:T]",
        help="一件の結果。繰り返せます。elsewhere は「:」の後に場所を書きます",
    )  # fmt: skip
    stock.add_argument(
        "--rest-present", action="store_true", help="ほかの保管中のものは、すべてありました"
    )
    export = part("export", "管理簿（棚卸しの一覧）を書き出します")
    export.add_argument("--out", required=True, metavar="FILE", help=".docx .csv")
    export.add_argument("--ended", action="store_true", help="廃棄・格付変更の済んだものも")


def _entry(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("entry", metavar="ENTRY", help="番号（2026-0012）、又は文書の番号")


def _note(part: Maker) -> None:
    note = part("note", "所在・範囲・持ち主・期限を書き加えます。前の記載は残ります")
    _entry(note)
    note.add_argument("--reason", required=True, metavar="T", help="理由")
    note.add_argument("--location", default=None, metavar="T", help="所在")
    note.add_argument("--place", default=None, metavar="T", help="指定場所（第11条第5項）")
    note.add_argument(
        "--access", action="append", default=None, metavar="T",
        help="アクセスを認める者の範囲（第11条第2項）。繰り返せます",
    )  # fmt: skip
    note.add_argument("--copy", default="", metavar="N", help="この複製について")
    note.add_argument(
        "--holder", action="append", default=[], metavar="T", help="複製の持ち主。繰り返せます"
    )
    note.add_argument("--due", default=None, metavar="YYYY-MM-DD", help="返却の期限")
    note.add_argument(
        "--copies", type=int, default=0, metavar="N", help="ほかで作った複製を登録します"
    )
    note.add_argument("--permit", default="", metavar="ID", help="複製の承認の番号（第10条第4項）")


def register(desk: "Desk", arguments: Namespace, output: "Output") -> int:
    """Do one of the parts."""
    area, part = desk.register, arguments.part
    if part == "list":
        view = area.view(" ".join(arguments.words), ended=arguments.ended)
        output.answer({"register": view}, _table(view.entries, output))
    elif part == "export":
        made = area.export(Path(arguments.out), ended=arguments.ended)
        output.answer({"out": str(made)}, [str(made)])
    elif part == "stocktake":
        _stocktake(desk, arguments, output)
    else:
        row = _changed(desk, arguments)
        output.answer({"entry": row}, _lines(row, output))
    return 0


def _changed(desk: "Desk", arguments: Namespace) -> "RegisterRow":
    area = desk.register
    if arguments.part == "show":
        return area.show(arguments.entry)
    if arguments.part == "note":
        return area.note(_noted(arguments))
    end = _end(arguments)
    return area.give_back(end) if arguments.part == "return" else area.dispose(end)


def _noted(arguments: Namespace) -> "RegisterNote":
    from meti_desk.services.register_messages import RegisterNote

    single = arguments.holder[0] if arguments.holder and not arguments.copies else None
    return RegisterNote(
        entry=arguments.entry,
        reason=arguments.reason,
        location=arguments.location,
        designated=arguments.place,
        access=tuple(arguments.access) if arguments.access else None,
        copy=arguments.copy,
        holder=single,
        due=arguments.due,
        new_copies=arguments.copies,
        holders=tuple(arguments.holder) if arguments.copies else (),
        permit=arguments.permit,
    )


def _end(arguments: Namespace) -> "RegisterEnd":
    from meti_desk.services.register_messages import RegisterEnd

    return RegisterEnd(
        entry=arguments.entry, copy=arguments.copy, how=arguments.how, reason=arguments.reason,
        at=arguments.at,
    )  # fmt: skip


def _stocktake(desk: "Desk", arguments: Namespace, output: "Output") -> None:
    from meti_desk.services.register_messages import StockEntry

    area = desk.register
    given = [_result(text) for text in arguments.result]
    if arguments.rest_present:
        named = {area.show(one.entry).id for one in given}
        held = area.view().entries
        given += [StockEntry(entry=row.id, result="present") for row in held if row.id not in named]
    outcome = area.stocktake(tuple(given))
    words = output.words
    lines = [f"{words.term('register.recorded')}: {outcome.recorded}"]
    lines += [
        f"※ {row.number}  {row.title}  {words.term('register.missing')}" for row in outcome.missing
    ]
    output.answer({"stocktaking": outcome}, lines)


def _result(text: str) -> "StockEntry":
    from meti_desk.cli.usage import WrongUsage
    from meti_desk.services.register_messages import StockEntry

    entry, parted, told = text.partition("=")
    result, _, note = told.partition(":")
    if not parted:
        raise WrongUsage(
            "usage.value", what="--result", value=text, command="meti-desk register stocktake"
        )
    return StockEntry(entry=entry, result=result, note=note)


def _table(rows: Sequence["RegisterRow"], output: "Output") -> list[str]:
    words = output.words
    return columns(
        [
            (
                row.number, words.term(f"register.state.{row.state}"),
                row.title or words.term("register.unreadable"), row.keeper,
                row.designated or row.location, str(len(row.copies)),
                "".join(f"※{words.term(one)}" for one in row.flags),
            )
            for row in rows
        ]
    )  # fmt: skip


def _lines(row: "RegisterRow", output: "Output") -> Iterator[str]:
    words = output.words
    yield from _table((row,), output)
    told = (
        ("location", row.location), ("designated", row.designated),
        ("access", "・".join(row.access)), ("stock", _stock(row, output)),
    )  # fmt: skip
    for name, text in told:
        if text:
            yield f"  {words.term(f'register.column.{name}')}: {text}"
    for copy in row.copies:
        state = words.term(f"register.state.{copy.state}")
        how = words.term(f"register.how.{copy.how}") if copy.how else ""
        more = " ".join(filter(None, (copy.holder, copy.permit, copy.due, copy.ended_at[:10])))
        yield f"  - {copy.number}  {state}  {how}  {more}".rstrip()
    for line in row.history:
        what = words.term(f"register.what.{line.what}")
        more = "  ".join(filter(None, (line.copy, line.detail, line.reason, line.by)))
        yield f"  {line.at[:10]}  {what}  {more}".rstrip()


def _stock(row: "RegisterRow", output: "Output") -> str:
    if not row.stock:
        return ""
    told = output.words.term(f"register.stock.{row.stock}")
    return " ".join(filter(None, (told, row.stock_at[:10], row.stock_by, row.stock_note)))
