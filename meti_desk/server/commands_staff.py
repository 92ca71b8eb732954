"""`people`, `enroll`, `devices` and `revoke`: who the staff are and what they use."""

import argparse
import csv
import io
from pathlib import Path
from typing import Any

from meti_desk.domain.errors import InvalidInput
from meti_desk.server import people, units
from meti_desk.server.command import Command, now, opened

_COLUMNS = ("id", "name", "unit", "mail", "role")
ROLES = {"staff", units.OFFICE, *units.POSTS}
"""Words that the directory's column `role` may hold."""


def _people(arguments: argparse.Namespace) -> dict[str, int]:
    staff = _staff(Path(arguments.csv).read_bytes())
    with opened(arguments) as server:
        people.put_people(server.database, staff, now())
    return {"people": len(staff)}


def _staff(data: bytes) -> list[people.Person]:
    """Read all of the directory before any of it is written; Excel writes UTF-8 or Shift_JIS."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp932", "replace")
    rows = csv.DictReader(io.StringIO(text, newline=""), restval="")
    if not set(rows.fieldnames or ()) >= set(_COLUMNS):
        raise InvalidInput("server.people", columns=",".join(_COLUMNS))
    staff = []
    for row in rows:
        identity, name, unit, mail, role = (row[one].strip() for one in _COLUMNS)
        if not role or not set(role.split()) <= ROLES:
            raise InvalidInput("server.role", role=role[:40])
        staff.append(people.Person(identity, name, unit, mail, role))
    return staff


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
        "people", "職員の名簿（CSV）を取り込みます", _people,
        lambda its: its.add_argument("csv", metavar="CSV", help="列は id,name,unit,mail,role"),
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
