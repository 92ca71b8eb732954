"""Gives finished files their names: those of many threads in one round (`Together`).

First the store remembers what the finished results will look like, then the file system is touched
in one step for each, then events and records are committed together with the end of the journal
entries. A round needs two commits and one sync of each folder, however many files it places; what
fails for one file fails for that one only, and leaves its journal in order.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from meti_desk.services.context import Context
from meti_desk.together import Together

Folders = set[Path]
"""Folders that got a name which is not durable yet."""


@dataclass(slots=True)
class Placing:
    """A file that is to get its name, and what came of it.

    `begin` writes the journal, `touch` names the file and adds the folders that are to be synced,
    `end` records it under the name it got and gives the event; `settle` puts the journal in order
    when `touch` failed, as after a crash. `begin` and `end` are called inside a transaction. What
    is not `quick` to name - it has to be copied - keeps nobody waiting: it has a round of its own.
    """

    ctx: Context
    begin: Callable[[], None]
    touch: Callable[[Folders], Path]
    end: Callable[[Path], str]
    settle: Callable[[], None]
    quick: bool = True
    placed: Path = field(default_factory=Path)
    event: str = ""
    error: Exception | None = None
    folders: Folders = field(default_factory=set)


def place(placing: Placing) -> tuple[Path, str]:
    """Place a file, perhaps with those of other threads; gives its name and the event's id.

    Not to be called inside a transaction: others wait for the store while they place theirs.
    """
    if placing.quick:
        _ROUNDS.do(placing)
    else:
        _place_all((placing,))
    if placing.error is not None:
        raise placing.error
    return placing.placed, placing.event


def _place_all(placings: Sequence[Placing]) -> None:
    """Place the files of one round; an error stays with the file that it is of."""
    for store in {id(one.ctx.store): one.ctx for one in placings}.values():
        mine = [one for one in placings if one.ctx.store is store.store]
        _write(store, mine, _begin)
        for one in _good(mine):
            with _settled(one):
                one.placed = one.touch(one.folders)
        for folder in sorted({folder for one in _good(mine) for folder in one.folders}):
            _sync(store, folder, [one for one in _good(mine) if folder in one.folders])
        _write(store, _good(mine), _end)


_ROUNDS = Together(_place_all)


def _good(placings: Sequence[Placing]) -> list[Placing]:
    return [one for one in placings if one.error is None]


def _begin(one: Placing) -> None:
    one.begin()


def _end(one: Placing) -> None:
    one.event = one.end(one.placed)


def _write(ctx: Context, placings: Sequence[Placing], step: Callable[[Placing], None]) -> None:
    """Write a step of all files in one commit; where that fails, each alone tells its error."""
    if len(placings) > 1:
        try:
            with ctx.open_store().transaction():
                for one in placings:
                    step(one)
        except Exception:  # noqa: BLE001, S110 - each is tried alone, and tells its own error
            pass
        else:
            return
    for one in placings:
        try:
            with ctx.open_store().transaction():
                step(one)
        except Exception as error:  # noqa: BLE001 - told to the one whose file it is
            one.error = error


def _sync(ctx: Context, folder: Path, placings: Sequence[Placing]) -> None:
    try:
        ctx.files.settle(folder)
    except Exception:
        for one in placings:
            with _settled(one):
                raise


@contextlib.contextmanager
def _settled(one: Placing) -> Iterator[None]:
    """Leave the journal in order when placing fails: as after a crash, only at once.

    Where not even that can be done (the disk of the store is full) the next start does it.
    """
    try:
        yield
    except BaseException as error:
        with contextlib.suppress(Exception):
            one.settle()
        if not isinstance(error, Exception):
            raise
        one.error = error
