"""`policy`, `form` and `notice`: publish for all devices, and show what is published."""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from meti_desk.domain.errors import InvalidInput
from meti_desk.server import publishing
from meti_desk.server.command import Command, now, opened
from meti_desk.sync.snapshots import CRYPTO, POLICY, topic_of

_PROCEDURE = "-procedure.toml"
_Part = Callable[[argparse.Namespace], dict[str, Any]]


def _policy_arguments(parser: argparse.ArgumentParser) -> None:
    parts = _parts(parser)
    publish = parts("publish", "確かめて、すべての端末に配布します")
    publish.add_argument("file", metavar="FILE", help="取扱方針（TOML）")
    show = parts("show", "配布している版を示します")
    show.add_argument("--out", default="", metavar="FILE", help="中身を書き出します")


def _form_arguments(parser: argparse.ArgumentParser) -> None:
    parts = _parts(parser)
    publish = parts("publish", "実施手順とともに確かめて、すべての端末に配布します")
    publish.add_argument("file", metavar="FILE", help="自己点検票（TOML）")
    publish.add_argument(
        "--procedure",
        default="",
        metavar="FILE",
        help="実施手順（省略: 名前-procedure.toml）",
    )
    publish.add_argument("--name", default="", help="短い呼び名（省略すると、ファイルの名前）")
    parts("list", "配布している自己点検票の一覧")
    show = parts("show", "配布している版を示します")
    show.add_argument("url", metavar="URL", help="自己点検票の url")
    show.add_argument("--out", default="", metavar="FILE", help="中身を書き出します")


def _notice_arguments(parser: argparse.ArgumentParser) -> None:
    parts = _parts(parser)
    publish = parts("publish", "危殆化の通知を、すべての端末に配布します")
    publish.add_argument("file", metavar="FILE", help="通知（JSON）")
    show = parts("show", "配布している通知を示します")
    show.add_argument("--out", default="", metavar="FILE", help="中身を書き出します")


def _parts(parser: argparse.ArgumentParser) -> Callable[[str, str], argparse.ArgumentParser]:
    """Give the maker of a command's parts, which take `--json` and `--data` behind them, too."""
    left = argparse.SUPPRESS
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--json", action="store_true", default=left, help=left)
    shared.add_argument("--data", default=left, help=left)
    parts = parser.add_subparsers(dest="part", required=True, metavar="PART")
    return lambda name, text: parts.add_parser(name, help=text, description=text, parents=[shared])


def _text(path: Path) -> str:
    """Read a file as UTF-8 (`publish.not-text`)."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput("publish.not-text", path=path.name) from None


def _publish_policy(arguments: argparse.Namespace) -> dict[str, Any]:
    text = _text(Path(arguments.file))
    with opened(arguments) as server:
        return _told(publishing.publish_policy(server.database, text, now()))


def _publish_form(arguments: argparse.Namespace) -> dict[str, Any]:
    path = Path(arguments.file)
    beside = path.with_name(f"{path.stem}{_PROCEDURE}")
    partner = Path(arguments.procedure) if arguments.procedure else beside
    if not partner.is_file():
        raise InvalidInput("publish.no-procedure", articles=("91-2",), path=str(partner))
    name = arguments.name or path.stem
    with opened(arguments) as server:
        made = publishing.publish_form(server.database, _text(path), _text(partner), name, now())
        return _told(made)


def _publish_notice(arguments: argparse.Namespace) -> dict[str, Any]:
    text = _text(Path(arguments.file))
    with opened(arguments) as server:
        return _told(publishing.publish_notice(server.database, text, now()))


def _list(arguments: argparse.Namespace) -> dict[str, Any]:
    with opened(arguments) as server:
        return {"forms": [_told(one) for one in publishing.forms(server.database)]}


def _shown(topic: Callable[[argparse.Namespace], str]) -> _Part:
    def show(arguments: argparse.Namespace) -> dict[str, Any]:
        with opened(arguments) as server:
            found = publishing.current(server.database, topic(arguments))
            content = publishing.text_of(server.database, topic(arguments))
        if found is None or content is None:
            raise InvalidInput("publish.nothing")
        if arguments.out:
            with Path(arguments.out).open("x", encoding="utf-8", newline="") as file:
                file.write(content.text)
        return _told(found)

    return show


def _told(one: publishing.Published) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(one)
    plain["at"] = datetime.fromtimestamp(one.at / 1000, UTC).isoformat(timespec="seconds")
    return {name: value for name, value in plain.items() if value != ""}


_PARTS: dict[tuple[str, str], _Part] = {
    ("policy", "publish"): _publish_policy,
    ("policy", "show"): _shown(lambda _: POLICY),
    ("form", "publish"): _publish_form,
    ("form", "list"): _list,
    ("form", "show"): _shown(lambda arguments: topic_of("form", arguments.url)),
    ("notice", "publish"): _publish_notice,
    ("notice", "show"): _shown(lambda _: CRYPTO),
}


def _work(arguments: argparse.Namespace) -> dict[str, Any]:
    return _PARTS[arguments.command, arguments.part](arguments)


COMMANDS = (
    Command("policy", "取扱方針を配布します", _work, _policy_arguments),
    Command("form", "自己点検票を配布します", _work, _form_arguments),
    Command("notice", "危殆化の通知を配布します", _work, _notice_arguments),
)
