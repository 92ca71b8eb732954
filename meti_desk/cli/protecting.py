"""The commands `protect` and `open`: passwords, certificates of recipients, the own key."""

import argparse
from argparse import Namespace
from typing import TYPE_CHECKING

from meti_desk.cli import secrets
from meti_desk.cli.passwording import chosen
from meti_desk.services.messages import OpenRequest, ProtectRequest

if TYPE_CHECKING:
    from meti_desk.cli.output import Output
    from meti_desk.services.desk import Desk


def protect_grammar(parser: argparse.ArgumentParser, methods: tuple[str, ...]) -> None:
    """Add the options of `protect`, but for the files and the password."""
    closing_grammar(parser, methods)
    parser.add_argument(
        "--to", action="append", default=[], metavar="ADDR", help="宛先（登録した証明書あて）"
    )
    parser.add_argument("--hide-name", action="store_true", help="ファイル名を外に見せません")
    parser.add_argument(
        "--together", default="", metavar="NAME", help="全部を、この名前の一つのファイルに入れます"
    )


def closing_grammar(parser: argparse.ArgumentParser, methods: tuple[str, ...]) -> None:
    """Add how the files of `protect` and `handle` are closed, but for the password."""
    parser.add_argument(
        "--method", default="", choices=methods, help="保護の方法（省略すると最適なもの）"
    )
    parser.add_argument("--unlisted-reason", default="", help="やむを得ない理由（第30条第1項）")
    parser.add_argument(
        "--cert", action="append", default=[], metavar="F", help="宛先の証明書。繰り返せます"
    )
    parser.add_argument(
        "--compared", action="store_true", help="証明書の指紋を相手と電話で照合しました"
    )


def open_grammar(parser: argparse.ArgumentParser) -> None:
    """Add the options of `open`, but for the files and the password."""
    parser.add_argument("--key", default="", metavar="P12", help="自分の鍵のファイル")
    parser.add_argument("--own-key", action="store_true", help="登録した自分の鍵・カード")
    parser.add_argument(
        "--key-password-file", metavar="F", help="鍵のパスワード・PIN のファイル（- は標準入力）"
    )


def protect(desk: "Desk", arguments: Namespace, output: "Output") -> int:
    """Protect; a generated password is shown once, on the terminal only."""
    from meti_desk.cli.commands import show_done

    request = ProtectRequest(
        paths=tuple(arguments.files),
        out=arguments.out,
        method=arguments.method,
        password=chosen(desk, arguments),
        reason_unlisted=arguments.unlisted_reason,
        certificate_files=tuple(arguments.cert),
        recipients=tuple(arguments.to),
        compared=arguments.compared,
        hide_name=arguments.hide_name,
        together=arguments.together,
    )
    return show_done(desk.protect(request), output)


def open_files(desk: "Desk", arguments: Namespace, output: "Output") -> int:
    """Take protected files out again, by the own key or a password."""
    from meti_desk.cli.commands import show_done

    by_key = bool(arguments.key or arguments.own_key)
    password, key_password = chosen(desk, arguments), ""
    if by_key:
        key_password = _key_password(arguments)
    elif not password:
        password = secrets.prompt("パスワード: ", otherwise="secret.needed")
    request = OpenRequest(
        paths=tuple(arguments.files),
        out=arguments.out,
        password=password,
        key=arguments.key,
        own_key=arguments.own_key,
        key_password=key_password,
    )
    return show_done(desk.open(request), output)


def _key_password(arguments: Namespace) -> str:
    if arguments.key_password_file:
        return secrets.from_file(arguments.key_password_file)
    return secrets.prompt("鍵のパスワード・PIN: ", otherwise="secret.needed")
