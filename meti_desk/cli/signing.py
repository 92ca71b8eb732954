"""The commands `sign` and `verify` (電子署名, Art. 14-3)."""

import argparse
import re
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from meti_desk.cli import secrets
from meti_desk.cli.usage import WrongUsage, some_text

if TYPE_CHECKING:
    from meti_desk.cli.output import Output
    from meti_desk.services.desk import Desk
    from meti_desk.services.signing_messages import SignatureView, StampPlace, VerifiedFile

Maker = Callable[[str, str], argparse.ArgumentParser]

NOT_INTACT, NOT_TRUSTED = 5, 3
_NUMBER = r"(\d+(?:\.\d+)?)"
_PLACE = re.compile(rf"(\d+):{_NUMBER},{_NUMBER}(?:,{_NUMBER},{_NUMBER})?")


def grammar(command: Maker) -> None:
    """Add both commands."""
    sign = command("sign", "電子署名を付けます（PDF は中に、ほかは .p7s を横に）")
    sign.add_argument("files", nargs="+", metavar="FILE", help="対象のファイル")
    add_key_of(sign)
    sign.add_argument("--out", metavar="DIR", type=some_text, help="結果を置くフォルダ")
    sign.add_argument("--reason", default="", metavar="T", help="署名の理由")
    sign.add_argument(
        "--visible", default="", metavar="PAGE:X,Y[,W,H]",
        help="PDF に見える署名欄（ページと、左上からの位置・幅・高さ。ポイント）",
    )  # fmt: skip
    sign.add_argument("--detached", action="store_true", help="PDF も .p7s を横に作ります")
    sign.add_argument("--no-time-stamp", action="store_true", help="タイムスタンプを求めません")
    sign.add_argument("--unlisted-reason", default="", help="やむを得ない理由（第30条第1項）")
    verify = command("verify", "電子署名を確かめます")
    verify.add_argument("files", nargs="+", metavar="FILE", help="対象のファイル")
    verify.add_argument(
        "--content", default="", metavar="FILE", help="別に置かれた署名（.p7s）の対象"
    )
    verify.add_argument(
        "--require-trusted", action="store_true",
        help="証明書を確認できない署名があれば、終了コードを 3 にします",
    )  # fmt: skip


def add_key_of(parser: argparse.ArgumentParser) -> None:
    """Let a command take a key: a file, or the person's own."""
    parser.add_argument(
        "--key", default="", metavar="P12", help="署名する鍵のファイル（省略すると自分の鍵）"
    )
    parser.add_argument(
        "--key-password-file", metavar="F", help="鍵のパスワード又は PIN のファイル（- は標準入力）"
    )


def sign(desk: "Desk", arguments: Namespace, output: "Output") -> int:
    """Sign files."""
    from meti_desk.cli.commands import show_done
    from meti_desk.services.signing_messages import SignRequest

    if arguments.key_password_file:
        secret = secrets.from_file(arguments.key_password_file)
    else:
        secret = secrets.prompt("鍵のパスワード又は PIN: ", otherwise="key.password-missing")
    request = SignRequest(
        paths=tuple(arguments.files),
        key=arguments.key,
        secret=secret,
        out=arguments.out or "",
        reason=arguments.reason,
        place=_place(arguments.visible) if arguments.visible else None,
        detached=arguments.detached,
        stamp=not arguments.no_time_stamp,
        reason_unlisted=arguments.unlisted_reason,
    )
    return show_done(desk.signatures.sign(request), output)


def _place(text: str) -> "StampPlace":
    from meti_desk.services.signing_messages import StampPlace

    found = _PLACE.fullmatch(text.strip())
    if found is None:
        raise WrongUsage("usage.value", what="--visible", value=text, command="meti-desk sign")
    page, x, y, width, height = found.groups()
    if width is None:
        return StampPlace(page=int(page), x=float(x), y=float(y))
    return StampPlace(
        page=int(page), x=float(x), y=float(y), width=float(width), height=float(height)
    )


def verify(desk: "Desk", arguments: Namespace, output: "Output") -> int:
    """Tell of the signatures of files; ends with 5 where one was changed."""
    from meti_desk.cli.commands import each_row
    from meti_desk.cli.output import worst

    if arguments.content and len(arguments.files) > 1:
        raise WrongUsage(
            "usage.value", what="--content", value=arguments.content, command="meti-desk verify"
        )
    rows = desk.signatures.verify(arguments.files, arguments.content)
    output.answer({"files": rows}, each_row(rows, output, _lines))
    found = [one for row in rows for one in row.signatures]
    code = worst([row.error for row in rows])
    if not all(one.intact for one in found):
        code = max(code, NOT_INTACT)
    if arguments.require_trusted and any(one.chain != "trusted" for one in found):
        code = max(code, NOT_TRUSTED)
    return code


def _lines(row: "VerifiedFile", output: "Output") -> Iterator[str]:
    words = output.words
    if row.content:
        yield f"  {words.term('signature.of')}: {row.content}"
    for one in row.signatures:
        yield f"  {'○' if one.intact else '×'} {words.term(state_term(one))}"
        yield f"    {words.term('signature.signer')}: {one.signer or '?'}"
        when = "signature.time-stamped" if one.time_proven else "signature.time-claimed"
        yield f"    {words.term(when)}: {one.time or '?'}"
        yield f"    {words.term('signature.chain')}: {words.term(f'chain.{one.chain}')}"
        yield from _more(one, output)


def state_term(one: "SignatureView") -> str:
    """Name what is said first of a signature."""
    if not one.intact:
        return "signature.not-intact"
    return "signature.intact" if one.chain == "trusted" else "signature.intact-unknown"


def _more(one: "SignatureView", output: "Output") -> Iterator[str]:
    words = output.words
    yield f"    {words.term('signature.algorithms')}: {' '.join(one.algorithms)}"
    codes: Iterable[str] = (
        *one.problems,
        *((one.chain_why,) if one.chain_why else ()),
        f"signature.label-{one.label}",
        *((f"signature.later-{one.later}",) if one.later != "none" else ()),
        *(f"signature.{state}" for _, state in one.unlisted),
        *one.notes,
    )
    for code in dict.fromkeys(codes):
        yield f"    ※ {words.term(f'note.{code}')}"
