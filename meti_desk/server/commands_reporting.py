"""`report`: figures by 課室 and month, for the office."""

import argparse
from pathlib import Path
from typing import Any

import msgspec

from meti_desk.server import reporting
from meti_desk.server.command import Command, now, opened


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--unit", default=None, metavar="U", help="この課室だけ")
    parser.add_argument("--since", default="", metavar="YYYY-MM", help="この月から")
    parser.add_argument("--until", default="", metavar="YYYY-MM", help="この月まで")
    parser.add_argument("--csv", default="", metavar="OUT", help="表（CSV）に書き出します")


def _report(arguments: argparse.Namespace) -> dict[str, Any]:
    with opened(arguments) as server:
        found = reporting.report(
            server.database, now(), unit=arguments.unit, since=arguments.since,
            until=arguments.until,
        )  # fmt: skip
    if arguments.csv:
        with Path(arguments.csv).open("xb") as file:
            file.write(reporting.table(found))
        return {"out": arguments.csv, "lines": len(found.lines)}
    if arguments.json:
        plain: dict[str, Any] = msgspec.to_builtins(found)
        return plain
    totals = [{"kind": k, "name": name, "n": n} for k, name, n in reporting.totals(found)]
    return {"at": found.at, "total": totals, "now": [msgspec.to_builtins(o) for o in found.now]}


COMMANDS = (Command("report", "課室と月ごとの件数", _report, _arguments),)
