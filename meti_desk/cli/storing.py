"""The command `store`: passphrase, backup of the key, recovery, another key (Arts. 30-2, 30-4)."""

import argparse
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from meti_desk.cli import secrets
from meti_desk.domain.errors import EnvironmentProblem

if TYPE_CHECKING:
    from meti_desk.cli.output import Output
    from meti_desk.services.desk import Desk
    from meti_desk.services.store_keys import StoreKeysView

Maker = Callable[[str, str], argparse.ArgumentParser]


def grammar(part: Maker) -> None:
    """Add the parts of the command."""
    part("status", "鍵の守られ方")
    passphrase = part("passphrase", "パスフレーズを変えます")
    passphrase.add_argument("--new-passphrase-file", metavar="F", help="新しいパスフレーズ")
    part("rekey", "鍵を新しくします（危殆化のおそれがあるとき。第30条第2項）")
    backup = part("backup-key", "鍵の控えを作ります（第30条第4項）")
    backup.add_argument("--out", required=True, metavar="FILE", help="控えのファイル")
    backup.add_argument("--code-file", metavar="F", help="番号を書き出すファイル（別に保管します）")
    restore = part("restore-key", "鍵の控えで開き、パスフレーズを決め直します")
    restore.add_argument("backup", metavar="FILE", help="控えのファイル")
    restore.add_argument("--code-file", metavar="F", help="控えの番号のファイル（- は標準入力）")
    restore.add_argument("--new-passphrase-file", metavar="F", help="新しいパスフレーズ")
    recovery = part("recovery", "省の復旧用の鍵を設定します")
    recovery.add_argument("--cert", default="", metavar="PEM", help="省略すると、設定を外します")
    recover = part("recover", "省の復旧用の鍵で開き、パスフレーズを決め直します")
    recover.add_argument("--key", required=True, metavar="P12", help="省の秘密鍵")
    recover.add_argument("--key-password-file", metavar="F", help="秘密鍵のパスワード")
    recover.add_argument("--new-passphrase-file", metavar="F", help="新しいパスフレーズ")
    part("restore-database", "壊れた記録を、最後のバックアップに戻します")


def store(desk: "Desk", arguments: Namespace, output: "Output") -> int:
    """Do one of the parts and tell how the key is kept afterwards."""
    told = _PARTS[arguments.part](desk, arguments)
    status = desk.store_keys.status()
    output.answer({**told, "store": status}, _lines(status, told, output))
    return 0


def _status(desk: "Desk", arguments: Namespace) -> dict[str, str]:
    if arguments.passphrase_file:
        _opened(desk, arguments)
    return {}


def _passphrase(desk: "Desk", arguments: Namespace) -> dict[str, str]:
    old = _opened(desk, arguments)
    new = secrets.new_passphrase(arguments.new_passphrase_file)
    desk.store_keys.change_passphrase(old, new)
    return {}


def _rekey(desk: "Desk", arguments: Namespace) -> dict[str, str]:
    desk.store_keys.rekey(_opened(desk, arguments))
    return {}


def _backup(desk: "Desk", arguments: Namespace) -> dict[str, str]:
    # The code goes to a terminal or to a file of its own, never into a pipe.
    if not arguments.code_file and not sys.stderr.isatty():
        raise EnvironmentProblem("secret.nowhere-to-show")
    code = desk.store_keys.back_up(_opened(desk, arguments), arguments.out)
    if arguments.code_file:
        secrets.write(arguments.code_file, code)
        return {"out": arguments.out, "code_file": arguments.code_file}
    print(f"控えの番号: {code}", file=sys.stderr)
    return {"out": arguments.out}


def _restore(desk: "Desk", arguments: Namespace) -> dict[str, str]:
    code = secrets.given(arguments.code_file) or secrets.prompt("控えの番号: ")
    new = secrets.new_passphrase(arguments.new_passphrase_file)
    desk.store_keys.restore(arguments.backup, code, new)
    return {}


def _recovery(desk: "Desk", arguments: Namespace) -> dict[str, str]:
    desk.store_keys.set_recovery(_opened(desk, arguments), arguments.cert)
    return {}


def _recover(desk: "Desk", arguments: Namespace) -> dict[str, str]:
    password = secrets.given(arguments.key_password_file) or secrets.prompt("鍵のパスワード: ")
    new = secrets.new_passphrase(arguments.new_passphrase_file)
    desk.store_keys.recover(arguments.key, password, new)
    return {}


def _restore_database(desk: "Desk", arguments: Namespace) -> dict[str, str]:
    return {"backup": desk.store_keys.restore_database(_passphrase_of(arguments))}


def _opened(desk: "Desk", arguments: Namespace) -> str:
    """Open the store by the passphrase, which is needed once more for the key itself."""
    passphrase = _passphrase_of(arguments)
    desk.unlock(passphrase)
    return passphrase


def _passphrase_of(arguments: Namespace) -> str:
    given = secrets.given(arguments.passphrase_file)
    return given or secrets.prompt("今のパスフレーズ: ")


_PARTS: dict[str, Callable[["Desk", Namespace], dict[str, str]]] = {
    "status": _status,
    "passphrase": _passphrase,
    "rekey": _rekey,
    "backup-key": _backup,
    "restore-key": _restore,
    "recovery": _recovery,
    "recover": _recover,
    "restore-database": _restore_database,
}


def _lines(status: "StoreKeysView", told: dict[str, str], output: "Output") -> Iterator[str]:
    words = output.words
    for name, value in told.items():
        yield f"{words.term(f'store.{name}')}: {value}"
    yield f"{words.term('store.keyring')}: {words.term(f'word.{_yes(status.keyring)}')}"
    yield f"{words.term('store.recovery')}: {status.recovery or words.term('word.no')}"
    if status.unlocked:
        yield f"{words.term('store.backed-up')}: {status.backed_up[:16] or words.term('word.no')}"
        yield f"{words.term('store.failed')}: {status.failed}"


def _yes(held: bool) -> str:  # noqa: FBT001 - the value is what is told
    return "yes" if held else "no"
