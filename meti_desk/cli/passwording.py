"""The command `passwords`: the book of agreed passwords, slips, telephone (Art. 14-1)."""

import argparse
import sys
from argparse import Namespace
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from meti_desk.cli import secrets
from meti_desk.domain.agreed import TOLD_BY
from meti_desk.domain.errors import EnvironmentProblem

if TYPE_CHECKING:
    from meti_desk.cli.output import Output
    from meti_desk.services.desk import Desk
    from meti_desk.services.password_messages import AgreedView

Maker = Callable[[str, str], argparse.ArgumentParser]


def grammar(part: Maker) -> None:
    """Add the parts of the command."""
    part("list", "合意したパスワードの一覧（パスワードは示しません）")
    for name, text in (
        ("agree", "相手と合意したパスワードを記録します（省略すると作ります）"),
        ("rotate", "新しいパスワードに替えます"),
    ):
        made = part(name, text)
        made.add_argument("recipient", metavar="ADDR", help="相手のメールアドレス")
        made.add_argument("--told-by", choices=TOLD_BY, default="phone", help="伝える方法")
        made.add_argument("--reason", default="", metavar="T", help="メールで伝える理由")
        made.add_argument("--password-file", metavar="F", help="自分で決めたパスワードのファイル")
    for name, text in (
        ("forget", "合意したパスワードを消します"),
        ("reveal", "パスワードを端末に示します（--json では JSON に）"),
        ("phone", "電話で読み上げる文を示します"),
    ):
        shown = part(name, text)
        shown.add_argument("recipient", metavar="ADDR", help="相手のメールアドレス")
        if name == "reveal":
            shown.add_argument(
                "--former", type=int, default=0, metavar="N", help="N 回前のパスワード"
            )
    slip = part("slip", "パスワード通知書を書きます")
    slip.add_argument("recipient", metavar="ADDR", help="相手のメールアドレス")
    slip.add_argument("--out", required=True, metavar="FILE", help=".docx .pdf")
    make = part("make", "パスワードを作って示します（記録しません）")
    make.add_argument("--words", action="store_true", help="語を並べたパスワード")
    make.add_argument("--length", type=int, default=0, help="文字又は語の数")


def passwords(desk: "Desk", arguments: Namespace, output: "Output") -> int:
    """Do one of the parts."""
    return _PARTS[arguments.part](desk, arguments, output)


def chosen(desk: "Desk", arguments: Namespace) -> str:
    """Read a password where a file was named, or take the agreed one (`--password-of`)."""
    if arguments.password_of:
        return desk.passwords.use(arguments.password_of)
    return secrets.given(arguments.password_file)


def _list(desk: "Desk", _arguments: Namespace, output: "Output") -> int:
    rows = desk.passwords.list()
    output.answer({"passwords": rows}, [_line(one, output) for one in rows])
    return 0


def _agree(desk: "Desk", arguments: Namespace, output: "Output") -> int:
    from meti_desk.services.password_messages import AgreeRequest

    done = desk.passwords.agree(
        AgreeRequest(
            recipient=arguments.recipient,
            password=secrets.given(arguments.password_file),
            told_by=arguments.told_by,
            reason=arguments.reason,
            rotate=arguments.part == "rotate",
        )
    )
    shape: dict[str, Any] = {"entry": done.entry, "events": done.events}
    output.answer(shape, [_line(done.entry, output)])
    if not arguments.password_file:
        secrets.show(done.password)
    return 0


def _forget(desk: "Desk", arguments: Namespace, output: "Output") -> int:
    events = desk.passwords.forget(arguments.recipient)
    output.answer({"forgotten": arguments.recipient, "events": events}, [arguments.recipient])
    return 0


def _reveal(desk: "Desk", arguments: Namespace, output: "Output") -> int:
    _require_somebody(output)
    password = desk.passwords.reveal(arguments.recipient, arguments.former)
    output.answer({"recipient": arguments.recipient, "password": password}, [password])
    return 0


def _phone(desk: "Desk", arguments: Namespace, output: "Output") -> int:
    _require_somebody(output)
    lines = desk.passwords.telephone(desk.passwords.reveal(arguments.recipient))
    output.answer({"recipient": arguments.recipient, "telephone": lines}, lines)
    return 0


def _make(desk: "Desk", arguments: Namespace, output: "Output") -> int:
    _require_somebody(output)
    made = desk.passwords.make("words" if arguments.words else "characters", arguments.length)
    shape: dict[str, object] = msgspec.to_builtins(made)
    output.answer(shape, [made.password, *made.telephone])
    return 0


def _slip(desk: "Desk", arguments: Namespace, output: "Output") -> int:
    from meti_desk.services.password_messages import SlipRequest

    request = SlipRequest(out=arguments.out, recipient=arguments.recipient)
    name = desk.passwords.slip(request)
    output.answer({"password_slip": name}, [f"→ {name}"])
    return 0


def _require_somebody(output: "Output") -> None:
    """Show a password on a terminal, or where JSON was asked for: never into a pipe by chance."""
    if not output.as_json and not sys.stdout.isatty():
        raise EnvironmentProblem("password.no-terminal")


def _line(one: "AgreedView", output: "Output") -> str:
    words = output.words
    due = f"  ※ {words.term('password.due')}" if one.due else ""
    used = one.last_used[:10] or "－"
    told = words.term(f"told-by.{one.told_by}")
    return f"{one.recipient}  {one.agreed_at[:10]}  {told}  {used}{due}"


_PARTS: dict[str, Callable[["Desk", Namespace, "Output"], int]] = {
    "list": _list,
    "agree": _agree,
    "rotate": _agree,
    "forget": _forget,
    "reveal": _reveal,
    "phone": _phone,
    "slip": _slip,
    "make": _make,
}


def add_password_of(parser: argparse.ArgumentParser) -> None:
    """Let a command take the agreed password of recipients."""
    parser.add_argument(
        "--password-of", action="append", default=[], metavar="ADDR",
        help="この相手と合意したパスワード。繰り返せます",
    )  # fmt: skip
