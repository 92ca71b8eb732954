"""The commands `enroll` and `sync`: this device and the ministry's server."""

import argparse
import json
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from meti_desk.cli.usage import WrongUsage

if TYPE_CHECKING:
    from meti_desk.cli.output import Output
    from meti_desk.services.desk import Desk
    from meti_desk.services.syncing import SyncView

Maker = Callable[[str, str], argparse.ArgumentParser]


def grammar(command: Maker, parts_of: Callable[[str, str], Maker]) -> None:
    """Add both commands."""
    enrolled = command("enroll", "この端末を省のサーバーに登録します")
    enrolled.add_argument(
        "code", metavar="CODE", nargs="?", default="",
        help="渡された番号。- なら標準入力から読みます",
    )  # fmt: skip
    enrolled.add_argument("--server", required=True, metavar="URL", help="サーバーのアドレス")
    enrolled.add_argument("--oidc", action="store_true", help="番号の代わりに、ログインします")
    enrolled.add_argument(
        "--certificate", default="", metavar="PEM", help="番号の代わりに、証明書と鍵のファイル"
    )
    enrolled.add_argument(
        "--fingerprint", default="", metavar="HEX", help="サーバーの鍵の指紋（番号のないとき）"
    )
    enrolled.add_argument(
        "--no-browser", action="store_true", help="ブラウザーを開かず、アドレスだけ示します"
    )
    part = parts_of("sync", "省のサーバーとの同期")
    part("now", "記録を送り、受取りの証明を受けます")
    part("status", "最終同期と、未送信の件数")
    part("outgoing", "送られるものを、そのとおりに示します")
    part("leave", "サーバーの登録をこの端末から外します")


def enroll(desk: "Desk", arguments: Namespace, output: "Output") -> int:
    """Make this device one of the person's, by a code, a login or a certificate."""
    if [bool(arguments.code), arguments.oidc, bool(arguments.certificate)].count(True) != 1:
        raise WrongUsage("enrol.code-or-login")
    if arguments.certificate:
        from meti_desk.sync.line import HttpLine

        line = HttpLine(Path(arguments.certificate))
        view = desk.syncing.enrol_by_certificate(arguments.server, line, arguments.fingerprint)
        return _told(view, output)
    if arguments.oidc:
        return _told(_by_login(desk, arguments, output), output)
    code = _typed() if arguments.code == "-" else arguments.code
    return _told(desk.syncing.enrol(code, arguments.server), output)


def _typed() -> str:
    """Read the code from the first line of standard input.

    In argv everybody on the machine sees it, and the shell keeps it in its history. What is no
    code is refused like one that was mistyped.
    """
    return sys.stdin.buffer.readline().decode("utf-8-sig", "replace").strip()


def _by_login(desk: "Desk", arguments: Namespace, output: "Output") -> "SyncView":
    from meti_desk.sync.landing import LoopbackLanding

    def show(address: str) -> None:
        # To the other stream: with --json the answer alone stands on the first.
        print(f"{output.words.term('login.open')}\n{address}", file=sys.stderr, flush=True)
        if not arguments.no_browser:
            import webbrowser

            webbrowser.open(address)

    landing = LoopbackLanding(show)
    try:
        return desk.syncing.enrol_by_login(arguments.server, landing, arguments.fingerprint)
    finally:
        landing.close()


def sync(desk: "Desk", arguments: Namespace, output: "Output") -> int:
    """Do one of the parts."""
    area = desk.syncing
    if arguments.part == "outgoing":
        # Hashes as people compare them, here as in the window.
        rows = [json.dumps(one, ensure_ascii=False, default=bytes.hex) for one in area.outgoing()]
        output.answer({"events": [json.loads(row) for row in rows]}, rows)
        return 0
    if arguments.part == "now":
        return _told(area.sync(), output)
    if arguments.part == "leave":
        area.leave()
    return _told(area.status(), output)


def _told(view: "SyncView", output: "Output") -> int:
    output.answer({"sync": view}, _lines(view, output))
    return 0


def _lines(view: "SyncView", output: "Output") -> Iterator[str]:
    from meti_desk.wording.moments import local

    words = output.words
    if not view.enrolled:
        yield f"{words.term('sync.enrolled')}: {words.term('word.no')}"
        return
    told = (
        ("url", view.url),
        ("device", view.device),
        ("person", view.person),
        ("name", view.name),
        ("unit", view.unit),
        ("posts", "・".join(view.posts)),
        ("last", local(view.last)),
        ("acked", view.acked),
        ("unsent", view.unsent),
    )
    for name, value in told:
        yield f"{words.term(f'sync.{name}')}: {value if value != '' else words.term('word.no')}"
