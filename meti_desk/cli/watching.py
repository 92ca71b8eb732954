"""The command `watch`: folders in which new documents without a label are noticed (Art. 4-1)."""

from argparse import Namespace

from meti_desk.cli.output import Output
from meti_desk.cli.table import columns
from meti_desk.services.desk import Desk


def watch(desk: Desk, arguments: Namespace, output: Output) -> int:
    """List, add or remove folders; or look at what is new and tell what waits for a label."""
    if arguments.part == "look":
        return _look(desk, output)
    if arguments.part == "add":
        desk.watch(arguments.folder)
    if arguments.part == "remove":
        desk.unwatch(arguments.folder)
    rows = desk.watched()
    lines = columns([(one.since[:16].replace("T", " "), one.folder) for one in rows])
    output.answer({"folders": rows}, lines)
    return 0


def _look(desk: Desk, output: Output) -> int:
    waiting = desk.look_around()
    rows = desk.home().to_decide
    lines = columns([(one.seen_at[:16].replace("T", " "), one.path) for one in rows])
    output.answer({"waiting": waiting, "to_decide": rows}, lines)
    return 0
