"""`people`, `enroll`, `devices` and `revoke`: who the staff are and what they use."""

import argparse
from pathlib import Path
from typing import Any

from meti_desk.server import directory, people
from meti_desk.server.command import Command, now, opened


def _people(arguments: argparse.Namespace) -> directory.Taken:
    data = Path(arguments.csv).read_bytes()
    with opened(arguments) as server:
        return directory.take(server, data, now(), complete=arguments.complete)


def _staff_arguments(its: argparse.ArgumentParser) -> None:
    its.add_argument("csv", metavar="CSV", help="列は id,name,unit,mail,role（active は任意）")
    its.add_argument("--complete", action="store_true", help="名簿にない職員を、離職として扱います")


def _enroll(arguments: argparse.Namespace) -> dict[str, Any]:
    with opened(arguments) as server:
        made = people.new_code(server.database, arguments.person, server.key.fingerprint, now())
    return {"code": made.code, "expires": made.expires}


def _devices(arguments: argparse.Namespace) -> dict[str, Any]:
    with opened(arguments) as server:
        rows = people.devices(server.database, arguments.person)
    return {
        "devices": [
            {
                "id": one.id, "person": one.person, "name": one.name,
                "enrolled_at": one.enrolled_at, "revoked_at": one.revoked_at,
                "seen_at": one.seen_at, "last_seq": one.last_seq,
            }
            for one in rows
        ]
    }  # fmt: skip


def _revoke(arguments: argparse.Namespace) -> dict[str, str]:
    with opened(arguments) as server:
        people.revoke(server.database, arguments.device, now())
    return {"revoked": arguments.device}


COMMANDS = (
    Command(
        "people", "職員の名簿（CSV）を取り込みます", _people, _staff_arguments,
    ),
    Command(
        "enroll", "職員の端末を登録するための番号を作ります", _enroll,
        lambda its: its.add_argument("--person", required=True, metavar="ID", help="名簿の番号"),
    ),
    Command(
        "devices", "端末の一覧", _devices,
        lambda its: its.add_argument(
            "--person", default="", metavar="ID", help="この職員のものだけ"
        ),
    ),
    Command(
        "revoke", "端末を使えなくします", _revoke,
        lambda its: its.add_argument("device", metavar="DEVICE"),
    ),
)  # fmt: skip
