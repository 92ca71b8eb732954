"""The command line's grammar (`docs/cli.md` is the contract)."""

import argparse
from collections.abc import Callable, Collection, Sequence
from importlib import import_module
from typing import Any

from meti_desk import __version__
from meti_desk.cli.usage import Parser, WrongUsage, some_text

ACTIONS = (
    "copy",
    "distribute",
    "print",
    "store",
    "transfer",
    "provide",
    "publish",
    "take-out",
    "dispose",
)

METHODS = ("office", "pdf", "zip", "cms", "metienc", "html")

Maker = Callable[[str, str], argparse.ArgumentParser]
"""Makes the parser of a command, or of a part of one, from its name and its help."""

Parts = Callable[[str, str], Maker]
"""Makes a command that has parts; what it gives makes those."""

Grammar = tuple[tuple[str, ...], Callable[[Maker, Parts], None]]


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Understand a command line; raises `WrongUsage`.

    Only the grammar of the commands that it names is made, which is a tenth of all. Whoever asks
    for help, or made a mistake, is answered by the whole of it.
    """
    if not any(word.startswith(("-h", "--h")) for word in argv):
        try:
            return build(frozenset(argv)).parse_args(argv)
        except WrongUsage:
            pass
    return build().parse_args(argv)


def build(wanted: Collection[str] | None = None) -> argparse.ArgumentParser:
    """Build the parser; global options are understood before and after a command.

    `wanted` names the commands that it has to know, `None` stands for all. `parse_args` raises
    `WrongUsage`.
    """
    shared = _globals(suppress=True)
    parser = Parser(
        prog="meti-desk",
        description="情報の格付・保護・記録・自己点検。引数なしで画面を開きます。",
        parents=[_globals(suppress=False)],
    )
    parser.add_argument("--version", action="version", version=f"meti-desk {__version__}")
    # Without `prog` argparse formats a usage to find it, and loads what it needs for that.
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", required=True, prog=parser.prog
    )

    def command(name: str, text: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=text, description=text, parents=[shared])

    def parts_of(name: str, text: str) -> Maker:
        held = command(name, text)
        parts = held.add_subparsers(dest="part", required=True, metavar="PART", prog=held.prog)
        return lambda part, told: parts.add_parser(part, help=told, parents=[shared])

    for names, add in _GRAMMAR:
        if wanted is None or any(name in wanted for name in names):
            add(command, parts_of)
    return parser


def _of(module: str) -> Any:
    """Load the module of a command that stands elsewhere."""
    return import_module(f"meti_desk.cli.{module}")


def _globals(*, suppress: bool) -> Parser:
    group = Parser(add_help=False)
    absent = argparse.SUPPRESS if suppress else None
    flag = argparse.SUPPRESS if suppress else False
    group.add_argument("--json", action="store_true", default=flag, help="JSON を一つだけ出します")
    group.add_argument("--store", metavar="DIR", default=absent, help="記録の置き場所")
    group.add_argument(
        "--passphrase-file", metavar="F", default=absent, help="パスフレーズのファイル"
    )
    group.add_argument("--lang", choices=("ja", "en"), default=absent, help="表示の言語")
    return group


def _files(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="対象のファイル")


def _out(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    parser.add_argument(
        "--out", metavar="DIR", type=some_text, required=required, help="結果を置くフォルダ"
    )


def _label(parser: argparse._ActionsContainer, *, required: bool) -> None:
    parser.add_argument("-c", type=int, choices=(1, 2, 3), required=required, help="機密性")
    parser.add_argument("-i", type=int, choices=(1, 2), default=1, help="完全性")
    parser.add_argument("-a", type=int, choices=(1, 2), default=1, help="可用性")
    parser.add_argument("-r", action="append", default=[], metavar="取扱制限", help="繰り返せます")
    parser.add_argument("--audience", action="append", default=[], help="○○限り。繰り返せます")
    parser.add_argument(
        "--source", action="append", default=[], metavar="F", help="元の文書（第6条）"
    )
    parser.add_argument("--reason", default="", metavar="T", help="決定の理由")


def _password(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--password-file", metavar="F", help="パスワードのファイル（- は標準入力）")
    _of("passwording").add_password_of(parser)


def _init(command: Maker, _: Parts) -> None:
    init = command("init", "暗号化した記録を作ります")
    init.add_argument("--name", default="", help="氏名")
    init.add_argument("--post", default="", help="官職")
    init.add_argument("--unit", default="", help="課室")
    init.add_argument("--mail", default="", help="メールアドレス")
    init.add_argument("--keyring", action="store_true", help="OS の鍵束でも開けるようにします")


def _inspect(command: Maker, _: Parts) -> None:
    inspect = command("inspect", "形式・格付・明示・付加情報・保護を調べます")
    _files(inspect)
    inspect.add_argument("--for", dest="purpose", choices=("provide", "publish"), default="provide")


def _suggest(command: Maker, _: Parts) -> None:
    suggest = command("suggest", "格付を根拠とともに提案します")
    _files(suggest)
    suggest.add_argument("--source", action="append", default=[], metavar="F", help="元の文書")


def _doctor(command: Maker, _: Parts) -> None:
    command("doctor", "設定の誤りと直し方を示します")


def _classify(command: Maker, _: Parts) -> None:
    classify = command("classify", "格付を決定し、明示し、記録します")
    _files(classify)
    _label(classify, required=True)
    classify.add_argument(
        "--mark", action=argparse.BooleanOptionalAction, default=True, help="明示"
    )
    _out(classify, required=False)
    classify.add_argument(
        "--resume", action="store_true", help="前回の処理で済んだファイルを飛ばします"
    )
    classify.add_argument(
        "--undecided-only", action="store_true", help="格付のあるファイルをそのままにします"
    )
    classify.add_argument("--report", default="", metavar="FILE", help="結果の一覧（CSV）")
    classify.add_argument(
        "--consulted", default="", metavar="誰が、いつ、回答", help="相談の結果（第7条第1項）"
    )
    classify.add_argument(
        "--export-tscp", action="store_true", help="LibreOffice の分類としても書き込みます"
    )


def _consult(command: Maker, _: Parts) -> None:
    consult = command("consult", "ほかの人が決定した格付の見直しを相談する書面を作ります")
    consult.add_argument("file", metavar="FILE", help="対象のファイル")
    _label(consult, required=True)
    _out(consult, required=False)
    notice = command("notice", "格付を変えたことを周知する下書きを作ります")
    notice.add_argument("document", metavar="DOC", help="文書の番号又はファイル")
    _out(notice)


def _scrub(command: Maker, _: Parts) -> None:
    scrub = command("scrub", "付加情報を除去します")
    _files(scrub)
    _out(scrub)
    scrub.add_argument("--for", dest="purpose", choices=("provide", "publish"), default="provide")
    _scrub_choices(scrub)
    scrub.add_argument("--report", default="", metavar="FILE", help="結果の一覧（CSV）")


def _convert(command: Maker, _: Parts) -> None:
    convert = command("convert", "旧形式（doc・xls・ppt・rtf）を新しい形式に変換します")
    _files(convert)
    _out(convert)


def _protect(command: Maker, _: Parts) -> None:
    protect = command("protect", "パスワードと暗号で保護します")
    _files(protect)
    _out(protect)
    _of("protecting").protect_grammar(protect, METHODS)
    _password(protect)


def _open(command: Maker, _: Parts) -> None:
    opened = command("open", "保護したファイルを開いて取り出します")
    _files(opened)
    _out(opened)
    _of("protecting").open_grammar(opened)
    _password(opened)


def _scrub_choices(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--keep", action="append", default=[], metavar="CLASS", help="残す種類")
    parser.add_argument("--revisions", choices=("accept", "reject", "refuse"), default="accept")


def _redact(command: Maker, _: Parts) -> None:
    redact = command("redact", "語句・範囲・個人情報を墨消しします（内容から取り除きます）")
    _files(redact)
    _out(redact, required=False)
    redact.add_argument("--preview", action="store_true", help="箇所を示すだけで、何も書きません")
    redact.add_argument(
        "--word", action="append", default=[], metavar="W",
        help="墨消しする語句。繰り返せます。ほかの利用者にも見えるため、--words-file が安全です",
    )  # fmt: skip
    redact.add_argument(
        "--words-file", metavar="F", help="墨消しする語句のファイル（一行に一つ。- は標準入力）"
    )
    redact.add_argument(
        "--area", action="append", default=[], metavar="PAGE:X,Y,W,H",
        help="PDF の範囲（ページと、左上からの位置・幅・高さ。ポイント）。繰り返せます",
    )  # fmt: skip
    redact.add_argument(
        "--detect", default="", metavar="ID,…|all", help="個人情報の種類（my-number,phone など）"
    )
    redact.add_argument("--for", dest="purpose", choices=("provide", "publish"), default="provide")
    redact.add_argument(
        "--revisions", choices=("accept", "reject", "refuse"), default="accept",
        help="変更履歴の扱い",
    )  # fmt: skip


def _circumstances(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=ACTIONS, metavar="ACTION", help=" ".join(ACTIONS))
    _files(parser)
    parser.add_argument("--to", action="append", default=[], metavar="ADDR", help="相手")
    parser.add_argument("--contractor", action="store_true", help="相手は委託先です")
    parser.add_argument("--area", type=int, choices=(0, 1, 2, 3), help="行き先の区域のクラス")
    parser.add_argument("--permit", default="", metavar="ID", help="許可の番号")
    parser.add_argument(
        "--permit-noted", default="", metavar="誰が、いつ、どう", help="口頭・書面の許可"
    )
    parser.add_argument("--decide", action="append", default=[], metavar="MEASURE=yes|no:REASON")


def _plan(command: Maker, _: Parts) -> None:
    _circumstances(command("plan", "行為に必要な措置を示します"))


def _handle(command: Maker, _: Parts) -> None:
    handle = command("handle", "必要な措置を講じて実行します")
    _circumstances(handle)
    _label_optional(handle)
    _out(handle, required=False)
    _of("protecting").closing_grammar(handle, METHODS)
    _of("signing").add_key_of(handle)
    _scrub_choices(handle)
    _password(handle)
    _of("splitting").add_wish(handle)
    handle.add_argument(
        "--same-route-reason", default="", metavar="T",
        help="パスワードとファイルを同じ経路で送る理由（第14条第1項）",
    )  # fmt: skip


def _label_optional(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("格付も同時に決定する場合")
    _label(group, required=False)


def _ledger(_: Maker, parts_of: Parts) -> None:
    ledger = parts_of("ledger", "取扱記録")
    ledger("list", "一覧").add_argument("--limit", type=int, default=100)
    search = ledger("search", "検索")
    search.add_argument("words")
    search.add_argument("--limit", type=int, default=100)
    ledger("verify", "改ざんの有無を確かめます")
    ledger("export", "CSV に書き出します").add_argument("--out", required=True, metavar="FILE")
    ledger("lineage", "元の文書と、作られた文書").add_argument("document", metavar="DOC")


def _recipients(_: Maker, parts_of: Parts) -> None:
    own = parts_of("key", "自分の鍵（署名と復号に使います）")
    _of("recipients").grammar(parts_of("recipients", "宛先と証明書（第14条第2項）"), own)


def _watch(_: Maker, parts_of: Parts) -> None:
    watch = parts_of("watch", "見守るフォルダ")
    watch("list", "一覧")
    for name, text in (("add", "見守ります"), ("remove", "見守るのをやめます")):
        watch(name, text).add_argument("folder", metavar="FOLDER")
    watch("look", "新しい文書を探し、決定を待つ文書を示します")


def _permit(_: Maker, parts_of: Parts) -> None:
    part = parts_of("permit", "申請・許可・報告（第13条・第77条）")
    _of("permits").grammar(part, ACTIONS)


def _published(command: Maker, _: Parts) -> None:
    _files(command("published", "公表済みの情報として記録します"))


def _shell(command: Maker, _: Parts) -> None:
    shell = command("shell", "ファイル管理ソフトの右クリック")
    shell.add_argument("part", choices=("install", "uninstall", "status"))


def _selfcheck(_: Maker, parts_of: Parts) -> None:
    part = parts_of("selfcheck", "自己点検")
    part("list", "自己点検票の一覧")
    for name, text in (("show", "設問と回答"), ("submit", "提出"), ("withdraw", "取下げ")):
        part(name, text).add_argument("form", nargs="?", default="")
    answer = part("answer", "回答")
    answer.add_argument("link_id", metavar="ITEM")
    answer.add_argument(
        "value", nargs="?", default="", help="done, partly, not-done, not-applicable, unknown"
    )
    answer.add_argument(
        "--confirm", action="store_true", help="記録からの提案を確かめて、そのとおりに回答します"
    )
    answer.add_argument("--form", default="", help="自己点検票（省略すると最初のもの）")
    answer.add_argument("--reason", default="", metavar="T", help="理由")
    answer.add_argument("--plan", default="", metavar="T", help="計画")
    answer.add_argument("--by", default="", metavar="YYYY-MM-DD", help="いつまでに")
    export = part("export", "自己点検票を書き出します")
    export.add_argument("form", nargs="?", default="")
    export.add_argument("--out", required=True, metavar="FILE", help=".docx .csv .json")
    export.add_argument("--procedure", action="store_true", help="実施手順を書き出します")


def _whole(module: str, name: str, text: str) -> Grammar:
    """Give the grammar of a command whose parts are all told by a module of its own."""
    return (name,), lambda _, parts_of: _of(module).grammar(parts_of(name, text))


_GRAMMAR: tuple[Grammar, ...] = (
    (("init",), _init),
    (("inspect",), _inspect),
    (("suggest",), _suggest),
    (("doctor",), _doctor),
    (("classify",), _classify),
    (("consult", "notice"), _consult),
    (("scrub",), _scrub),
    (("redact",), _redact),
    (("convert",), _convert),
    (("protect",), _protect),
    (("split", "join"), lambda command, _: _of("splitting").grammar(command)),
    (("sign", "verify"), lambda command, _: _of("signing").grammar(command)),
    (("open",), _open),
    (("plan",), _plan),
    (("handle",), _handle),
    (("selfcheck",), _selfcheck),
    (("ledger",), _ledger),
    (("key", "recipients"), _recipients),
    (("watch",), _watch),
    (("permit",), _permit),
    _whole("passwording", "passwords", "合意したパスワード（第14条第1項）"),
    _whole("emergencies", "crypto", "暗号の危殆化（第30条第2項）"),
    (("enroll", "sync"), lambda command, parts_of: _of("syncing").grammar(command, parts_of)),
    _whole("reviews", "review", "格付の確認と修正の指示（第4条第2項）"),
    _whole("register", "register", "機密性3情報管理簿（第11条第2項）"),
    _whole("storing", "store", "記録の鍵（パスフレーズ・控え・復旧）"),
    (("published",), _published),
    (("shell",), _shell),
)
"""Names of commands with what adds their grammar, in the order of the help."""
