"""The commands `recipients` (宛先) and `key` (自分の鍵): certificates, and where the key lies."""

import argparse
from argparse import Namespace
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from meti_desk.cli import secrets
from meti_desk.cli.table import columns

if TYPE_CHECKING:
    from meti_desk.cli.output import Output
    from meti_desk.services.desk import Desk
    from meti_desk.services.own_key import OwnKeyView
    from meti_desk.services.recipient_messages import CertificateView, RecipientView

Maker = Callable[[str, str], argparse.ArgumentParser]


def grammar(part: Maker, key_part: Maker) -> None:
    """Add the parts of both commands."""
    part("list", "宛先の一覧").add_argument("words", nargs="*", metavar="WORD", help="探す語")
    for name, text in (("show", "宛先と証明書"), ("remove", "宛先を除きます")):
        part(name, text).add_argument("mail", metavar="ADDR", help="メールアドレス")
    add = part("add", "宛先を加えます。あるときは変えます")
    add.add_argument("mail", metavar="ADDR", help="メールアドレス")
    add.add_argument("--name", default=None, help="氏名")
    add.add_argument("--organisation", default=None, metavar="ORG", help="機関・会社")
    add.add_argument(
        "--accepts", action="append", default=None, metavar="METHOD",
        help="相手が受け取れる方法（zip, cms など）。繰り返せます",
    )  # fmt: skip
    add.add_argument(
        "--blocks-encrypted", action=argparse.BooleanOptionalAction, default=None,
        help="相手のメールが、暗号化した添付ファイルを止めます",
    )  # fmt: skip
    add.add_argument("--note", default=None, help="覚え書き")
    taken = part("import-cert", "証明書（PEM・DER・P7B）を取り込みます")
    taken.add_argument("file", metavar="FILE", help="証明書のファイル")
    taken.add_argument(
        "--mail", default="", metavar="ADDR", help="宛先（省略すると、証明書のメールアドレス）"
    )
    taken.add_argument("--compared", action="store_true", help="指紋を電話で確かめました")
    confirm = part("confirm", "証明書の指紋を電話で確かめたことを記録します")
    confirm.add_argument("mail", metavar="ADDR", help="メールアドレス")
    confirm.add_argument("fingerprint", metavar="SHA256", help="指紋（SHA-256）")
    key_part("show", "自分の鍵の場所と証明書")
    p12 = key_part("use-p12", "鍵ファイル（.p12）を自分の鍵にします。パスワードは記録しません")
    p12.add_argument("file", metavar="P12", help="鍵ファイル")
    card = key_part("use-card", "カードを自分の鍵にします。PIN は記録しません")
    card.add_argument("module", metavar="MODULE", help="読取りソフト（PKCS#11 モジュール）")
    card.add_argument("--serial", default="", metavar="N", help="カードの番号")
    card.add_argument("--id", default="", metavar="HEX", help="鍵の番号（CKA_ID）")
    for one in (p12, card):
        one.add_argument(
            "--key-password-file", metavar="F",
            help="パスワード又は PIN のファイル（- は標準入力）。あれば、その場で確かめます",
        )  # fmt: skip
    key_part("cards", "読取り機のカードの一覧").add_argument("module", metavar="MODULE")
    key_part("forget", "自分の鍵の設定を消します。鍵はそのままです")


def recipients(desk: "Desk", arguments: Namespace, output: "Output") -> int:
    """Do one of the parts of `recipients`."""
    book = desk.recipients
    if arguments.part == "list":
        rows = book.list(" ".join(arguments.words))
        output.answer({"recipients": rows}, columns([_cells(one, output) for one in rows]))
    elif arguments.part == "remove":
        book.remove(arguments.mail)
        output.answer({"removed": arguments.mail}, [arguments.mail])
    elif arguments.part == "import-cert":
        _import(desk, arguments, output)
    else:
        row = _changed(desk, arguments)
        output.answer({"recipient": row}, _lines(row, output))
    return 0


def _changed(desk: "Desk", arguments: Namespace) -> "RecipientView":
    if arguments.part == "show":
        return desk.recipients.show(arguments.mail)
    if arguments.part == "confirm":
        fingerprint = arguments.fingerprint.replace(":", "").replace(" ", "").lower()
        return desk.recipients.confirm(arguments.mail, fingerprint)
    return _add(desk, arguments)


def _add(desk: "Desk", arguments: Namespace) -> "RecipientView":
    """Add a recipient, or change what the options name of one that is there."""
    from meti_desk.domain.errors import InvalidInput
    from meti_desk.services.recipient_messages import RecipientRequest

    try:
        held = desk.recipients.show(arguments.mail)
    except InvalidInput as error:
        if error.code != "recipient.unknown":
            raise
        held = None

    def kept(given: object, before: object) -> object:
        return before if given is None else given

    values = {
        "name": kept(arguments.name, held.name if held else ""),
        "organisation": kept(arguments.organisation, held.organisation if held else ""),
        "accepts": tuple(arguments.accepts or (held.accepts if held else ())),
        "blocks_encrypted": kept(
            arguments.blocks_encrypted, held.blocks_encrypted if held else False
        ),
        "note": kept(arguments.note, held.note if held else ""),
        "before": held.mail if held else "",
    }
    return desk.recipients.put(RecipientRequest(mail=arguments.mail, **values))  # type: ignore[arg-type]


def _import(desk: "Desk", arguments: Namespace, output: "Output") -> None:
    from meti_desk.services.recipient_messages import ImportRequest

    done = desk.recipients.import_from(
        ImportRequest(path=arguments.file, mail=arguments.mail, compared=arguments.compared)
    )
    lines = [done.recipient.mail]
    lines += [line for one in done.certificates for line in _certificate(one, output)]
    output.answer(done, lines)


def key(desk: "Desk", arguments: Namespace, output: "Output") -> int:
    """Do one of the parts of `key`."""
    own = desk.own_key
    if arguments.part == "forget":
        own.forget()
        output.answer({"key": None}, [])
        return 0
    if arguments.part == "cards":
        found = own.cards(arguments.module)
        lines = [f"{one.label}  {one.serial}  {one.maker} {one.model}" for one in found]
        output.answer({"cards": found}, lines)
        return 0
    secret = getattr(arguments, "key_password_file", None)
    given = secrets.from_file(secret) if secret else None
    if arguments.part == "use-p12":
        held = own.use_p12(arguments.file, given)
    elif arguments.part == "use-card":
        held = own.use_card(
            arguments.module, serial=arguments.serial, key_id=arguments.id, pin=given
        )
    else:
        held = own.show()
    output.answer({"key": held if held.kind else None}, _own_lines(held, output))
    return 0


def _own_lines(held: "OwnKeyView", output: "Output") -> Iterator[str]:
    words = output.words
    yield words.term(f"own-key.{held.kind or 'none'}")
    if held.kind == "p12":
        yield f"  {held.path}"
    elif held.kind == "card":
        yield f"  {held.token} {held.serial}  {held.module}"
    if held.certificate is not None:
        yield from _certificate(held.certificate, output)


def _cells(row: "RecipientView", output: "Output") -> tuple[str, ...]:
    words = output.words
    states = [words.term(f"certificate.state.{one.state}") for one in row.certificates]
    inside = words.term("recipient.inside" if row.inside else "recipient.outside")
    return row.mail, inside, row.name, row.organisation, "・".join(states)


def _lines(row: "RecipientView", output: "Output") -> Iterator[str]:
    words = output.words
    inside = words.term("recipient.inside" if row.inside else "recipient.outside")
    yield f"{row.mail}  {inside}  {row.name}  {row.organisation}".rstrip()
    if row.accepts:
        methods = "・".join(words.term(f"method.{one}") for one in row.accepts)
        yield f"  {words.term('recipient.accepts')}: {methods}"
    if row.blocks_encrypted:
        yield f"  ※ {words.term('recipient.blocks')}"
    if row.note:
        yield f"  {row.note}"
    for one in row.certificates:
        yield from _certificate(one, output)


def _certificate(one: "CertificateView", output: "Output") -> Iterator[str]:
    words = output.words
    state = words.term(f"certificate.state.{one.state}")
    yield f"  {'○' if one.usable else '×'} {one.name}  {one.kind}  {state}  〜{one.ends[:10]}"
    yield f"    SHA-256 {grouped(one.fingerprint)}"
    if one.needs_phone or not one.usable:
        yield f"    ※ {words.term(one.why)}"
    if one.short:
        yield f"    ※ {words.term('certificate.short')}"


def grouped(fingerprint: str) -> str:
    """Write a fingerprint so that it can be read aloud: groups of four."""
    upper = fingerprint.upper()
    return " ".join(upper[at : at + 4] for at in range(0, len(upper), 4))
