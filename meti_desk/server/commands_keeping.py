"""`audit` and `migrate`: prove what the server holds, and bring its tables up to date."""

import argparse

from meti_desk.server import auditing, storage
from meti_desk.server.command import Command, opened, place_of


def _audit(arguments: argparse.Namespace) -> auditing.AuditState:
    with opened(arguments) as server:
        return auditing.verify(server.database)


def _migrate(arguments: argparse.Namespace) -> dict[str, str]:
    before, after = storage.migrate(place_of(arguments))
    return {"from": before, "to": after}


COMMANDS = (
    Command(
        "audit", "記録の連鎖を確かめます", _audit,
        lambda its: its.add_argument("part", choices=("verify",)),
        lambda state: 0 if state.intact else 1,
    ),
    Command("migrate", "データベースの表を、この版のものにします", _migrate),
)  # fmt: skip
