"""One round of writing: all that has gathered in one transaction, and what to do when it fails."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from meti_desk.server.storage.base import (
    AwayFault,
    ConflictFault,
    DatabaseFault,
    LostFault,
    UnsureFault,
)
from meti_desk.server.storage.sharing import Asked, Batch

_TRIES = 5


class _Whole(Exception):  # noqa: N818 - no error: the round has to be done in another way
    """The transaction cannot go on; each piece gets one of its own."""


class Writer(Protocol):
    """What a round needs of the database."""

    def transaction(self) -> AbstractContextManager[None]:
        """Commit all of the block together, or none."""
        ...

    @property
    def alive(self) -> bool:
        """Tell whether the transaction under way may still be committed."""
        ...


def do_round(database: Writer, asked: Sequence[Asked]) -> None:
    """Do all pieces, each wholly or not at all, and leave each outcome with its piece.

    They share a transaction. Where that is taken back - a conflict, a lost connection, a full disk
    - each is done in one of its own, so that none fails for another's sake. What waited until the
    commit may fail only there; nothing of it is kept then, either. A database that cannot be
    reached is tried once, not once for each of them: nobody is told before all are.
    """
    if len(asked) == 1:
        _single(database, asked[0])
        return
    try:
        with database.transaction():
            groups = _grouped(asked)
            for batch, pieces in groups:
                _attempt(database, batch, pieces, alone=len(groups) == 1)
    except (UnsureFault, AwayFault) as fault:
        _give(asked, fault)
    except (DatabaseFault, _Whole):
        for place, one in enumerate(asked):
            _single(database, one)
            if isinstance(one.outcome, AwayFault):
                _give(asked[place:], one.outcome)
                return


def _give(asked: Sequence[Asked], fault: DatabaseFault) -> None:
    for one in asked:
        one.outcome = fault


def _grouped(asked: Sequence[Asked]) -> list[tuple[Batch, list[Asked]]]:
    known: dict[Batch, list[Asked]] = {}
    for one in asked:
        known.setdefault(one.batch, []).append(one)
    return [*known.items()]


def _attempt(database: Writer, batch: Batch, pieces: Sequence[Asked], *, alone: bool) -> None:
    """Do a group inside the common transaction; raises when that has to be taken back.

    Several pieces that are `alone` in it need no savepoint: where they fail, so does all of it.
    """
    try:
        with nullcontext() if alone and len(pieces) > 1 else database.transaction():
            outcomes = batch([one.item for one in pieces])
    except DatabaseFault as fault:
        if isinstance(fault, ConflictFault | LostFault) or not database.alive or len(pieces) > 1:
            raise
        outcomes = [fault]
    except Exception as error:
        if len(pieces) > 1:
            raise _Whole from error
        outcomes = [error]
    for one, outcome in zip(pieces, outcomes, strict=True):
        one.outcome = outcome


def _single(database: Writer, asked: Asked) -> None:
    for _ in range(_TRIES):
        try:
            with database.transaction():
                (asked.outcome,) = asked.batch([asked.item])
        except (ConflictFault, LostFault) as fault:
            asked.outcome = fault
            continue
        except Exception as error:  # noqa: BLE001 - told to the one whose work it is
            asked.outcome = error
        return
