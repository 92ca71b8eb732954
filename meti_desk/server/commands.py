"""The command line of the server (`docs/server.md`): its areas, its answers and its errors."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module

import msgspec

from meti_desk import __version__
from meti_desk.domain.errors import EnvironmentProblem, MetiDeskError
from meti_desk.server.command import Command
from meti_desk.server.storage import DatabaseFault

AREAS = (
    "meti_desk.server.commands_running",
    "meti_desk.server.commands_staff",
    "meti_desk.server.commands_keeping",
    "meti_desk.server.commands_publishing",
    "meti_desk.server.commands_reporting",
)
"""Modules that hold `COMMANDS`, in the order of the help."""


def main(argv: Sequence[str]) -> int:
    """Carry out one command; exit codes as those of `meti-desk`."""
    commands = {one.name: one for one in _commands()}
    given = argparse.Namespace(json=False, data="", database="", database_file="")
    arguments = _parser(tuple(commands.values())).parse_args(argv, given)
    command = commands[arguments.command]
    try:
        answer = command.work(arguments)
    except (MetiDeskError, OSError, DatabaseFault) as error:
        return _failed(error, arguments)
    if answer is not None:
        _print(answer, arguments)
    return command.code(answer)


def _commands() -> Iterator[Command]:
    for area in AREAS:
        yield from import_module(area).COMMANDS


def _parser(known: Sequence[Command]) -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    # No defaults here: a command's would take the place of what was said in front of it.
    left = argparse.SUPPRESS
    shared.add_argument("--json", action="store_true", default=left, help="JSON を一つだけ出します")
    shared.add_argument(
        "--data", metavar="DIR", default=left, help="データの置き場所（省略すると既定の場所）"
    )
    shared.add_argument(
        "--database", metavar="URL", default=left,
        help="PostgreSQL の場所（postgresql://…。合言葉は書かず、~/.pgpass などに置きます）",
    )  # fmt: skip
    shared.add_argument(
        "--database-file", metavar="FILE", default=left, help="PostgreSQL の場所を書いたファイル"
    )
    parser = argparse.ArgumentParser(
        prog="meti-desk-server", description="meti-desk の省のサーバー", parents=[shared]
    )
    parser.add_argument("--version", action="version", version=f"meti-desk-server {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for one in known:
        one.arguments(
            commands.add_parser(one.name, help=one.text, description=one.text, parents=[shared])
        )
    return parser


def _print(answer: object, arguments: argparse.Namespace) -> None:
    plain = msgspec.to_builtins(answer)
    if arguments.json:
        print(json.dumps(plain, ensure_ascii=False))
        return
    from meti_desk.server.telling import lines
    from meti_desk.wording import wording

    for line in lines(plain, wording("ja")):
        print(line)


def _failed(error: MetiDeskError | OSError | DatabaseFault, arguments: argparse.Namespace) -> int:
    from meti_desk.wording import wording

    code = "server.database" if isinstance(error, DatabaseFault) else "server.unreadable"
    ours = error if isinstance(error, MetiDeskError) else EnvironmentProblem(code)
    told = wording("ja").error(ours.code, ours.params, ours.articles).text()
    if arguments.json:
        view = {"code": ours.code, "params": dict(ours.params), "message": told}
        print(json.dumps({"error": view}, ensure_ascii=False))
    else:
        print(f"meti-desk-server: {told}", file=sys.stderr)
    return ours.exit_code
