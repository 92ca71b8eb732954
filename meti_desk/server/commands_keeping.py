"""`audit`, `backup`, `restore`, `migrate`: prove, keep and bring back what the server holds."""

import argparse
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from meti_desk.server import auditing, backing, backing_file, storage
from meti_desk.server.command import Command, folder_of, now, opened, place_of, ran_by


def _audit(arguments: argparse.Namespace) -> auditing.AuditState:
    with opened(arguments) as server:
        return auditing.verify(server.database)


def _migrate(arguments: argparse.Namespace) -> dict[str, str]:
    before, after = storage.migrate(place_of(arguments))
    return {"from": before, "to": after}


def _file_arguments(name: str) -> Callable[[argparse.ArgumentParser], object]:
    def add(parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", metavar=name, help="バックアップのファイル")
        parser.add_argument(
            "--passphrase-file", metavar="FILE", required=True,
            help="合言葉を書いたファイル（一行目、12 文字以上）",
        )  # fmt: skip

    return add


def _backup(arguments: argparse.Namespace) -> backing.Saved:
    passphrase = backing_file.passphrase_of(Path(arguments.passphrase_file))
    folder, place = folder_of(arguments), place_of(arguments)
    version = storage.version_of(place)  # also an older one, that is about to be migrated
    out = Path(arguments.file)
    with closing(storage.Database(place, version)) as database:
        database.ran_by = ran_by()
        return backing.backup(database, folder, out, passphrase, now(), version)


def _restore(arguments: argparse.Namespace) -> backing.Restored:
    passphrase = backing_file.passphrase_of(Path(arguments.passphrase_file))
    folder = folder_of(arguments)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    source = Path(arguments.file)
    return backing.restore(place_of(arguments), folder, source, passphrase, now(), ran_by())


COMMANDS = (
    Command(
        "audit", "記録の連鎖を確かめます", _audit,
        lambda its: its.add_argument("part", choices=("verify",)),
        lambda state: 0 if state.intact else 1,
    ),
    Command(
        "backup", "動いているまま、全部を一つの暗号化したファイルに写します", _backup,
        _file_arguments("OUT"),
    ),
    Command(
        "restore", "バックアップを、空の場所に戻して確かめます", _restore,
        _file_arguments("FROM"), lambda found: 0 if found.audit.intact else 1,
    ),
    Command("migrate", "データベースの表を、この版のものにします", _migrate),
)  # fmt: skip
