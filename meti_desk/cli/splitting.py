"""The commands `split` and `join`: parts over different ways, and back (Art. 14-5)."""

import argparse
from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from meti_desk.cli.usage import WrongUsage, some_text

if TYPE_CHECKING:
    from meti_desk.cli.output import Output
    from meti_desk.services.desk import Desk
    from meti_desk.services.split_wish import SplitWish
    from meti_desk.services.splitting_messages import JoinView, SplitDone

Maker = Callable[[str, str], argparse.ArgumentParser]


def grammar(command: Maker) -> None:
    """Add both commands."""
    split = command("split", "暗号化して分割します（別々の経路で送るため。第14条第5項）")
    split.add_argument("file", metavar="FILE", help="対象のファイル")
    split.add_argument("--parts", type=int, required=True, metavar="N", help="分割する数（2～16）")
    split.add_argument(
        "--threshold", type=int, default=0, metavar="K", help="戻すのに要る数（省略すると全部）"
    )
    split.add_argument(
        "--route", action="append", default=[], metavar="KIND[:DETAIL]",
        help="移送経路。1 番目から順に繰り返します（mail medium transfer-service hand paper "
        "general-service）",
    )  # fmt: skip
    split.add_argument("--unlisted-reason", default="", help="やむを得ない理由（第30条第1項）")
    split.add_argument(
        "--out", metavar="DIR", type=some_text, required=True, help="結果を置くフォルダ"
    )
    join = command("join", "分割した情報を戻します")
    join.add_argument(
        "files", nargs="+", metavar="PART", help="分割した情報、書面の画像・PDF、語を書いた文章"
    )
    join.add_argument("--out", metavar="FILE", type=some_text, help="結果のファイル又はフォルダ")
    join.add_argument("--look", action="store_true", help="揃い方を示すだけで、何も書きません")


def add_wish(parser: argparse.ArgumentParser) -> None:
    """Let an act be told how its result is to be split (`--decide split=yes`)."""
    parser.add_argument("--split-parts", type=int, default=0, metavar="N", help="分割する数")
    parser.add_argument(
        "--split-threshold", type=int, default=0, metavar="K", help="戻すのに要る数"
    )
    parser.add_argument(
        "--split-route", action="append", default=[], metavar="KIND[:DETAIL]",
        help="移送経路。1 番目から順に繰り返します",
    )  # fmt: skip


def wish_of(arguments: Namespace) -> "SplitWish | None":
    """Read how the result is to be split; nothing where nothing was said."""
    from meti_desk.services.split_wish import SplitWish

    if not arguments.split_parts:
        return None
    routes = tuple(arguments.split_route)
    return SplitWish(arguments.split_parts, arguments.split_threshold, routes)


def split(desk: "Desk", arguments: Namespace, output: "Output") -> int:
    """Split a file and tell which part goes which way."""
    from meti_desk.cli.output import worst
    from meti_desk.services.splitting_messages import SplitRequest

    done = desk.splits.split(
        SplitRequest(
            path=arguments.file,
            out=arguments.out,
            parts=arguments.parts,
            threshold=arguments.threshold,
            routes=tuple(arguments.route),
            reason_unlisted=arguments.unlisted_reason,
        )
    )
    output.answer(done, _split_lines(done, output))
    return worst([one.error for one in done.files])


def join(desk: "Desk", arguments: Namespace, output: "Output") -> int:
    """Put a document together, or only tell what is missing (`--look`)."""
    from meti_desk.cli.output import worst
    from meti_desk.services.splitting_messages import JoinRequest

    if not arguments.out and not arguments.look:
        raise WrongUsage("usage.missing", what="--out", command="meti-desk join")
    request = JoinRequest(paths=tuple(arguments.files), out=arguments.out or "")
    if arguments.look:
        view = desk.splits.look(request)
        output.answer({"view": view}, _view_lines(view, output))
        return worst([one.error for one in view.parts])
    done = desk.splits.join(request)
    lines = [*_view_lines(done.view, output)]
    if done.error is not None:
        lines.append(f"× {output.error(done.error)}")
    if done.out:
        lines.append(f"→ {done.out}")
    output.answer(done, lines)
    return worst([*(one.error for one in done.files), done.error])


def _split_lines(done: "SplitDone", output: "Output") -> Iterator[str]:
    words = output.words
    for row in done.files:
        yield Path(row.path).name
        if row.error is not None:
            yield f"  × {output.error(row.error)}"
            continue
        yield f"  {words.term(row.meets)}"
        for part in done.parts:
            way = f"  {words.term(f'route.{part.route.kind}')}" if part.route else ""
            detail = f"（{part.route.detail}）" if part.route and part.route.detail else ""
            yield f"  {part.index}/{len(done.parts)} → {part.path}{way}{detail}"
            if part.pdf:
                yield f"        {part.pdf}"
        for note in row.notes:
            yield f"  ※ {words.term(f'note.{note}')}"


def _view_lines(view: "JoinView", output: "Output") -> Iterator[str]:
    words = output.words
    for one in view.parts:
        number = f" {one.index}" if one.index else ""
        yield f"{Path(one.path).name}  {words.term(f'part-state.{one.state}')}{number}"
        if one.error is not None:
            yield f"  × {output.error(one.error)}"
    if view.n:
        missing = ", ".join(map(str, view.missing))
        yield f"{len(view.have)}/{view.n}（{words.term('join.needed')} {view.needed}）"
        if missing and not view.ready:
            yield f"{words.term('join.missing')}: {missing}"
        yield words.term(f"join.signer-{view.signer}")
