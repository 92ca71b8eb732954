"""Folders that are watched: new documents without a label are noticed there (Art. 4-1).

Off until a person names a folder. What was there before is left alone - old files are decided when
they are used -, and so is what was marked as published.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from meti_desk.domain.errors import EnvironmentProblem, MetiDeskError
from meti_desk.domain.label import Label
from meti_desk.services.context import Context
from meti_desk.services.facts import opened
from meti_desk.services.folders import listed
from meti_desk.services.messages import ToDecide, Watched
from meti_desk.services.public import is_public
from meti_desk.services.suggest import QUICK

_FOLDERS, _SEEN = "watch.folders", "watch.seen"
_EMPTY = "document.empty"
_NEWEST = 50
"""So many stand on ホーム; the number of all is told beside them."""


class _Seen(msgspec.Struct, frozen=True):
    """What was looked at: its state then, and when it was found to wait; empty: it does not."""

    changed: int
    size: int
    waiting_since: str = ""


def watched(ctx: Context) -> tuple[Watched, ...]:
    """Give the folders that are watched."""
    held = ctx.open_store().settings.get(_FOLDERS, "[]")
    return msgspec.json.decode(held, type=tuple[Watched, ...])


def watch(ctx: Context, folder: str) -> None:
    """Watch a folder and all below it from now on; `folder.missing` where there is none."""
    path = Path(folder).absolute()
    if not path.is_dir():
        raise EnvironmentProblem("folder.missing", path=str(path))
    rows = watched(ctx)
    if str(path) not in {one.folder for one in rows}:
        since = ctx.clock.now().isoformat(timespec="seconds")
        _keep(ctx, (*rows, Watched(folder=str(path), since=since)))


def unwatch(ctx: Context, folder: str) -> None:
    """Watch a folder no longer; what was noticed there is forgotten."""
    path = str(Path(folder).absolute())
    _keep(ctx, tuple(one for one in watched(ctx) if one.folder not in (folder, path)))
    seen = _seen(ctx)
    _remember(ctx, {one: state for one, state in seen.items() if not _within(one, path)})


def look_around(ctx: Context) -> int:
    """Look at what is new in the watched folders and give how many documents wait for a label.

    Each file is looked at once, and again when it was changed. A folder that is away now is looked
    at the next time. What cannot be read counts as undecided.
    """
    before = _seen(ctx)
    now: dict[str, _Seen] = {}
    for folder in watched(ctx):
        away = not Path(folder.folder).is_dir()
        now |= {
            path: state for path, state in before.items() if away and _within(path, folder.folder)
        }
        for path, changed, size in _new(folder):
            known = before.get(path)
            same = known is not None and (known.changed, known.size) == (changed, size)
            if known is not None and same and not known.waiting_since:
                now[path] = known
                continue
            since = known.waiting_since if known is not None else ""
            told = since or ctx.clock.now().isoformat(timespec="seconds")
            waits = _waits(ctx, Path(path))
            now[path] = _Seen(changed, size, told if waits else "")
    if now != before:
        _remember(ctx, now)
    return sum(1 for state in now.values() if state.waiting_since)


def to_decide(ctx: Context) -> tuple[tuple[ToDecide, ...], int]:
    """Give the newest documents that wait for a label (要決定), and how many wait.

    What was decided or removed since the last look is left out already.
    """
    decided = {record.path for record in ctx.open_store().documents.recent(4 * _NEWEST)}
    rows = [
        ToDecide(path=path, title=Path(path).name, seen_at=state.waiting_since)
        for path, state in _seen(ctx).items()
        if state.waiting_since and path not in decided and Path(path).is_file()
    ]
    rows.sort(key=lambda one: (one.seen_at, one.path), reverse=True)
    return tuple(rows[:_NEWEST]), len(rows)


def forget(ctx: Context, paths: tuple[str, ...]) -> None:
    """Take documents off the list at once, without waiting for the next look."""
    names = {str(Path(path).absolute()) for path in paths}
    seen = _seen(ctx)
    _remember(
        ctx,
        {
            path: msgspec.structs.replace(state, waiting_since="") if path in names else state
            for path, state in seen.items()
        },
    )


def _new(folder: Watched) -> Iterator[tuple[str, int, int]]:
    """Give what came or was changed since the folder is watched.

    The time of the last change of the file's entry tells it: a copy keeps the time of its content,
    and a file that was moved here is new here.
    """
    since = datetime.fromisoformat(folder.since).timestamp()
    for row in listed([folder.folder]):
        try:
            state = Path(row.path).stat()
        except OSError:
            continue
        if max(state.st_mtime, state.st_ctime) >= since and Path(row.path).is_file():
            yield row.path, state.st_mtime_ns, state.st_size


def _waits(ctx: Context, path: Path) -> bool:
    try:
        with opened(ctx, path, QUICK) as facts:
            return not (isinstance(facts.label, Label) or is_public(ctx, facts.file_hash))
    except MetiDeskError as error:
        return error.code != _EMPTY
    except OSError:
        return False


def _within(path: str, folder: str) -> bool:
    return Path(path).is_relative_to(folder)


def _keep(ctx: Context, rows: tuple[Watched, ...]) -> None:
    ctx.open_store().settings.put(_FOLDERS, msgspec.json.encode(rows).decode())


def _seen(ctx: Context) -> dict[str, _Seen]:
    held = ctx.open_store().settings.get(_SEEN, "{}")
    return msgspec.json.decode(held, type=dict[str, _Seen])


def _remember(ctx: Context, seen: dict[str, _Seen]) -> None:
    ctx.open_store().settings.put(_SEEN, msgspec.json.encode(seen).decode())
