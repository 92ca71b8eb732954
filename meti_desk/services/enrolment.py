"""What this device knows of the ministry's server: where it is, who we are to it, who decides."""

import msgspec

from meti_desk.domain.errors import RuleViolation
from meti_desk.services.context import Context
from meti_desk.sync.mail import OUTCOME, UNIT, Outcome, Reader, UnitTold

STATE = "sync.state"


class SyncState(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the server; `url` empty: this device is not enrolled.

    `acked` is how far the server has confirmed the log, `last` when that was (ISO 8601), `offset`
    by how many milliseconds the server's clock is ahead of ours, `server` its public key. `since`
    is the last place of the log before this enrolment; `elsewhere` are the parts of it (first and
    last place) that were said to another server (`services.elsewhere`).
    """

    url: str = ""
    device: str = ""
    person: str = ""
    server: bytes = b""
    acked: int = 0
    last: str = ""
    offset: int = 0
    since: int = 0
    elsewhere: tuple[tuple[int, int], ...] = ()


def state(ctx: Context) -> SyncState:
    """Give what is known; an empty state where the device is not enrolled."""
    held = ctx.open_store().settings.get(STATE)
    return msgspec.json.decode(held, type=SyncState) if held else SyncState()


def keep(ctx: Context, known: SyncState) -> None:
    """Keep what is known."""
    ctx.open_store().settings.put(STATE, msgspec.json.encode(known).decode())


def enrolled(ctx: Context) -> SyncState:
    """Give what is known, or refuse (`sync.not-enrolled`)."""
    known = state(ctx)
    if not known.url:
        raise RuleViolation("sync.not-enrolled")
    return known


def unit(ctx: Context) -> UnitTold:
    """Tell who the person is to the server, and who decides for the 課室.

    Raises `RuleViolation`: `sync.not-enrolled`, `sync.not-told` (no sync since the enrolment).
    """
    known = enrolled(ctx)
    held = ctx.open_store().mailbox.get(UNIT, known.person)
    if held is None:
        raise RuleViolation("sync.not-told")
    return msgspec.msgpack.decode(held.body, type=UnitTold)


def points(readers: tuple[Reader, ...]) -> dict[str, bytes]:
    """Give the devices of readers as `sync.sealed.seal` takes them."""
    return {one.device: one.opening for one in readers}


def outcome_of(ctx: Context, seq: int) -> str:
    """Give the code by which the server refused what was said at a place of the log, or nothing."""
    held = ctx.open_store().mailbox.get(OUTCOME, f"{state(ctx).device}:{seq}")
    return msgspec.msgpack.decode(held.body, type=Outcome).code if held is not None else ""
