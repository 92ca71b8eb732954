"""`audit`: prove that what the server holds is what it took."""

import argparse

from meti_desk.server import auditing
from meti_desk.server.command import Command, opened


def _audit(arguments: argparse.Namespace) -> auditing.AuditState:
    with opened(arguments) as server:
        return auditing.verify(server.database)


COMMANDS = (
    Command(
        "audit", "記録の連鎖を確かめます", _audit,
        lambda its: its.add_argument("part", choices=("verify",)),
        lambda state: 0 if state.intact else 1,
    ),
)  # fmt: skip
