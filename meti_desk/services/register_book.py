"""What this device itself put into the 機密性3情報管理簿, and what the server told of it.

One's own lines are made from 取扱記録 (`register_lines`) and kept whole here, because their words
may have to be sealed for others later.
"""

from collections.abc import Iterator

import msgspec

from meti_desk.domain.errors import InvalidInput
from meti_desk.domain.mailbox import Held
from meti_desk.domain.register import Line
from meti_desk.services import sealing
from meti_desk.services.context import Context
from meti_desk.services.enrolment import SyncState
from meti_desk.sync.mail import Mail
from meti_desk.sync.register import (
    REGISTER,
    LineWords,
    RegisterTold,
    RegisterWords,
    words_about,
)

OWN = "register-own"
"""Kind of an entry as this device wrote it; never from the server."""


class OwnEntry(msgspec.Struct, frozen=True, kw_only=True):
    """The lines that this device wrote of a document.

    `owner` is the person whose entry it is where that is another one (who is responsible notes
    into the entries of the 課室); `said` counts the lines that were said, `sealed_for` names the
    devices that the words were sealed for.
    """

    document: str
    owner: str = ""
    title: str = ""
    decided_by: str = ""
    decided_at: str = ""
    handling: str = ""
    lines: tuple[Line, ...] = ()
    said: int = 0
    sealed_for: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Name it among the entries of this device."""
        return f"{self.document}/{self.owner}"


def taken(_ctx: Context, known: SyncState, piece: Mail) -> str:
    """Take an entry that the server tells of; gives the word under which it is listed."""
    try:
        told = msgspec.msgpack.decode(piece.body, type=RegisterTold)
    except msgspec.DecodeError:
        raise InvalidInput("sync.not-understood") from None
    return f"mine-{told.state}" if told.person == known.person else told.state


def own(ctx: Context, document: str, owner: str = "") -> OwnEntry | None:
    """Give what this device wrote of a document."""
    held = ctx.open_store().mailbox.get(OWN, f"{document}/{owner}")
    return msgspec.msgpack.decode(held.body, type=OwnEntry) if held is not None else None


def all_own(ctx: Context) -> Iterator[OwnEntry]:
    """Give all that this device wrote, the newest first."""
    for held in ctx.open_store().mailbox.of(OWN):
        yield msgspec.msgpack.decode(held.body, type=OwnEntry)


def keep(ctx: Context, entry: OwnEntry) -> None:
    """Keep what this device wrote."""
    at = ctx.clock.now().isoformat(timespec="seconds")
    state = "said" if entry.said == len(entry.lines) else "unsent"
    body = msgspec.msgpack.encode(entry)
    ctx.open_store().mailbox.put(Held(OWN, entry.key, 0, state, body, at))


def told_of(ctx: Context, entry: str) -> RegisterTold | None:
    """Give an entry as the server told of it last."""
    held = ctx.open_store().mailbox.get(REGISTER, entry)
    return _read(held) if held is not None else None


def all_told(ctx: Context) -> Iterator[RegisterTold]:
    """Give all entries that the server told of."""
    for held in ctx.open_store().mailbox.of(REGISTER):
        told = _read(held)
        if told is not None:
            yield told


def _read(held: Held) -> RegisterTold | None:
    try:
        return msgspec.msgpack.decode(held.body, type=RegisterTold)
    except msgspec.DecodeError:
        return None  # of a later version


def words_of(ctx: Context, told: RegisterTold) -> tuple[RegisterWords, ...]:
    """Open the words of an entry, those of each device that this one can read."""
    about = words_about(told.document)
    opened = (sealing.opened(ctx, sealed, about, RegisterWords) for sealed in told.words.values())
    return tuple(one for one in opened if one is not None)


def stock_note(ctx: Context, told: RegisterTold) -> str:
    """Open the note of the newest stock-taking."""
    plain = sealing.opened_bytes(ctx, told.stock_words, words_about(told.id, "stock"))
    return plain.decode(errors="replace") if plain is not None else ""


def words_to_say(entry: OwnEntry, most: int) -> RegisterWords:
    """Give the words of an entry, with the newest `most` lines."""
    cut = max(0, len(entry.lines) - most)
    return RegisterWords(
        title=entry.title, decided_by=entry.decided_by, decided_at=entry.decided_at,
        handling=entry.handling, lines=tuple(map(_words, entry.lines[cut:])), cut=cut,
    )  # fmt: skip


def _words(line: Line) -> LineWords:
    return LineWords(
        line=line.id, location=line.location, designated=line.designated, access=line.access,
        holders=line.holders, due=line.due, how=line.how, reason=line.reason, actor=line.actor,
    )  # fmt: skip
