"""The command line of the server (`docs/server.md`)."""

import argparse
import csv
import io
import json
import sqlite3
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from meti_desk import __version__
from meti_desk.domain.errors import EnvironmentProblem, InvalidInput, MetiDeskError
from meti_desk.server import auditing, keys, people, storage, units
from meti_desk.server.syncing import Server

_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_COLUMNS = ("id", "name", "unit", "mail", "role")
ROLES = {"staff", "office", *units.POSTS}


def main(argv: Sequence[str]) -> int:
    """Carry out one command; exit codes as those of `meti-desk`."""
    given = argparse.Namespace(json=False, data="")
    arguments = _parser().parse_args(argv, given)
    try:
        answer = _COMMANDS[arguments.command](arguments)
    except (MetiDeskError, OSError, sqlite3.Error) as error:
        return _failed(error, arguments)
    if answer is not None:
        _print(answer, arguments)
    return 1 if isinstance(answer, auditing.AuditState) and not answer.intact else 0


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    # No defaults here: a command's would take the place of what was said in front of it.
    left = argparse.SUPPRESS
    shared.add_argument("--json", action="store_true", default=left, help="JSON を一つだけ出します")
    shared.add_argument(
        "--data", metavar="DIR", default=left, help="データの置き場所（省略すると既定の場所）"
    )
    parser = argparse.ArgumentParser(
        prog="meti-desk-server", description="meti-desk の省のサーバー", parents=[shared]
    )
    parser.add_argument("--version", action="version", version=f"meti-desk-server {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, text: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=text, description=text, parents=[shared])

    command("init", "サーバーの鍵とデータベースを作ります")
    run = command("run", "サーバーを動かします")
    run.add_argument("--host", default="127.0.0.1", help="待ち受けるアドレス")
    run.add_argument("--port", type=int, default=8443, help="ポート")
    run.add_argument("--cert", metavar="PEM", help="TLS の証明書（この端末以外から使うときは必須）")
    run.add_argument("--key", metavar="PEM", help="TLS の秘密鍵")
    staff = command("people", "職員の名簿（CSV）を取り込みます")
    staff.add_argument("csv", metavar="CSV", help="列は id,name,unit,mail,role")
    enroll = command("enroll", "職員の端末を登録するための番号を作ります")
    enroll.add_argument("--person", required=True, metavar="ID", help="名簿の番号")
    listed = command("devices", "端末の一覧")
    listed.add_argument("--person", default="", metavar="ID", help="この職員のものだけ")
    command("revoke", "端末を使えなくします").add_argument("device", metavar="DEVICE")
    audit = command("audit", "記録の連鎖を確かめます")
    audit.add_argument("part", choices=("verify",))
    return parser


def folder_of(arguments: argparse.Namespace) -> Path:
    """Give the server's folder: the one named, or the platform's."""
    if arguments.data:
        return Path(arguments.data)
    import platformdirs

    return Path(platformdirs.user_data_dir("meti-desk-server", appauthor=False))


def now() -> int:
    """Give the time in milliseconds since 1970."""
    return int(time.time() * 1000)


def _init(arguments: argparse.Namespace) -> dict[str, str]:
    folder = folder_of(arguments)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    if (folder / keys.NAME).exists() or (folder / storage.DATABASE).exists():
        raise EnvironmentProblem("server.exists", path=str(folder))
    storage.make(folder)
    made = keys.make(folder)
    return {"data": str(folder), "fingerprint": made.fingerprint}


def _opened(arguments: argparse.Namespace) -> Server:
    folder = folder_of(arguments)
    return Server(storage.Database(folder), keys.load(folder))


def _run(arguments: argparse.Namespace) -> None:
    import uvicorn

    from meti_desk.server.web import application

    tls = bool(arguments.cert and arguments.key)
    if arguments.host not in _LOOPBACK and not tls:
        raise EnvironmentProblem("server.tls", host=arguments.host)
    uvicorn.run(
        application(_opened(arguments)), host=arguments.host, port=arguments.port,
        ssl_certfile=arguments.cert, ssl_keyfile=arguments.key,
        log_level="warning", access_log=False, server_header=False,
        timeout_keep_alive=30, h11_max_incomplete_event_size=16 << 10,
    )  # fmt: skip


def _people(arguments: argparse.Namespace) -> dict[str, int]:
    staff = _staff(Path(arguments.csv).read_bytes())
    server = _opened(arguments)
    try:
        people.put_people(server.database, staff, now())
    finally:
        server.database.close()
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
    server = _opened(arguments)
    try:
        made = people.new_code(server.database, arguments.person, server.key.fingerprint, now())
    finally:
        server.database.close()
    return {"code": made.code, "expires": made.expires}


def _devices(arguments: argparse.Namespace) -> dict[str, Any]:
    server = _opened(arguments)
    try:
        rows = people.devices(server.database, arguments.person)
    finally:
        server.database.close()
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
    server = _opened(arguments)
    try:
        people.revoke(server.database, arguments.device, now())
    finally:
        server.database.close()
    return {"revoked": arguments.device}


def _audit(arguments: argparse.Namespace) -> auditing.AuditState:
    server = _opened(arguments)
    try:
        return auditing.verify(server.database)
    finally:
        server.database.close()


_COMMANDS: dict[str, Callable[[argparse.Namespace], Any]] = {
    "init": _init,
    "run": _run,
    "people": _people,
    "enroll": _enroll,
    "devices": _devices,
    "revoke": _revoke,
    "audit": _audit,
}


def _print(answer: object, arguments: argparse.Namespace) -> None:
    plain = msgspec.to_builtins(answer)
    if arguments.json:
        print(json.dumps(plain, ensure_ascii=False))
        return
    for name, value in plain.items():
        rows = value if isinstance(value, list) else [value]
        for row in rows:
            told = " ".join(f"{k}={v}" for k, v in row.items()) if isinstance(row, dict) else row
            print(f"{name}: {told}")


def _failed(error: MetiDeskError | OSError | sqlite3.Error, arguments: argparse.Namespace) -> int:
    from meti_desk.wording import wording

    ours = error if isinstance(error, MetiDeskError) else EnvironmentProblem("server.unreadable")
    told = wording("ja").error(ours.code, ours.params, ours.articles).text()
    if arguments.json:
        view = {"code": ours.code, "params": dict(ours.params), "message": told}
        print(json.dumps({"error": view}, ensure_ascii=False))
    else:
        print(f"meti-desk-server: {told}", file=sys.stderr)
    return ours.exit_code
