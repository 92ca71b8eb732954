"""The command `crypto`: the table of algorithms, and what to do when one is compromised (30-2)."""

import argparse
from argparse import Namespace
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from meti_desk.cli import secrets
from meti_desk.cli.table import columns

if TYPE_CHECKING:
    from meti_desk.cli.output import Output
    from meti_desk.services.desk import Desk
    from meti_desk.services.emergency_messages import Affected

Maker = Callable[[str, str], argparse.ArgumentParser]


def grammar(part: Maker) -> None:
    """Add the parts of the command."""
    part("list", "暗号の一覧と、使っているファイルの数")
    for name, text in (("mark", "危殆化の印を付けます"), ("lift", "付けた印を外します")):
        marked = part(name, text)
        marked.add_argument("algorithms", nargs="+", metavar="ALGORITHM", help="一覧の番号（id）")
        marked.add_argument(
            "--reference", required=True, metavar="T", help="根拠（通知の番号など）"
        )
        if name == "mark":
            marked.add_argument("--since", default="", metavar="YYYY-MM-DD", help="いつから")
    part("notice", "署名された通知を取り込みます").add_argument("notice", metavar="FILE")
    part("affected", "危殆化した暗号によるファイルと鍵の一覧")
    anew = part("reprotect", "保護し直します（古い写しは残ります）")
    _ids(anew)
    anew.add_argument("--password-file", metavar="F", help="今のパスワード（- は標準入力）")
    anew.add_argument("--new-password-file", metavar="F", help="新しいパスワード（省略すると生成）")
    anew.add_argument("--method", default="", help="保護の方法（省略すると最適なもの）")
    _ids(part("remove-old", "保護し直したファイルの、古い写しを消去します"))


def _ids(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--id", action="append", default=[], metavar="ID", help="記録の番号（省略するとすべて）"
    )


def crypto(desk: "Desk", arguments: Namespace, output: "Output") -> int:
    """Do one of the parts."""
    return _PARTS[arguments.part](desk, arguments, output)


def _list(desk: "Desk", _arguments: Namespace, output: "Output") -> int:
    rows = desk.emergency.algorithms()
    words = output.words
    lines = columns(
        [(one.id, words.term(f"crypto.{one.state}"), str(one.used), one.since) for one in rows]
    )
    output.answer({"algorithms": rows}, lines)
    return 0


def _mark(desk: "Desk", arguments: Namespace, output: "Output") -> int:
    found = desk.emergency.mark(arguments.algorithms, arguments.reference, since=arguments.since)
    return _told(found, output)


def _lift(desk: "Desk", arguments: Namespace, output: "Output") -> int:
    desk.emergency.lift(arguments.algorithms, arguments.reference)
    return _told(desk.emergency.affected(), output)


def _notice(desk: "Desk", arguments: Namespace, output: "Output") -> int:
    return _told(desk.emergency.take_notice(arguments.notice), output)


def _affected(desk: "Desk", _arguments: Namespace, output: "Output") -> int:
    return _told(desk.emergency.affected(), output)


def _told(found: "Affected", output: "Output") -> int:
    output.answer({"files": found.files, "keys": found.keys}, [*_lines(found, output)])
    return 0


def _lines(found: "Affected", output: "Output") -> Iterator[str]:
    words = output.words
    if not (found.files or found.keys):
        yield words.term("affected.none")
    for heading, any_ in (("files", found.files), ("keys", found.keys)):
        if any_:
            yield words.term(f"affected.{heading}")
        if heading == "files":
            for one in found.files:
                state = words.term(f"copy.{one.state}")
                yield f"  {one.path or one.title}（{'・'.join(one.algorithms)}）{state} id:{one.id}"
        else:
            for key in found.keys:
                kind = words.term(f"affected.{key.kind}")
                yield f"  {kind} {key.name}（{'・'.join(key.algorithms)}）"


def _reprotect(desk: "Desk", arguments: Namespace, output: "Output") -> int:
    from meti_desk.cli.commands import show_done
    from meti_desk.cli.progress import Watched
    from meti_desk.services.emergency_messages import ReprotectRequest

    request = ReprotectRequest(
        ids=tuple(arguments.id),
        password=secrets.given(arguments.password_file) or secrets.prompt("今のパスワード: "),
        new_password=secrets.given(arguments.new_password_file),
        method=arguments.method,
    )
    with Watched(output.words) as progress:
        done = desk.emergency.reprotect(request, progress)
    code = show_done(done, output)
    if not request.new_password:
        secrets.show(done.password)
    return code


def _remove_old(desk: "Desk", arguments: Namespace, output: "Output") -> int:
    from meti_desk.cli.output import worst

    rows = desk.emergency.remove_old(arguments.id)
    lines = [f"{one.path}: {output.error(one.error) if one.error else 'OK'}" for one in rows]
    output.answer({"files": rows}, lines)
    return worst([one.error for one in rows])


_PARTS: dict[str, Callable[["Desk", Namespace, "Output"], int]] = {
    "list": _list,
    "mark": _mark,
    "lift": _lift,
    "notice": _notice,
    "affected": _affected,
    "reprotect": _reprotect,
    "remove-old": _remove_old,
}
