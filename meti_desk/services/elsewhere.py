"""Which parts of this device's log were said to another server.

The log is one, and a new server gets it whole: its chain, its numbers, everything that was done.
But a request or a decision was said to the server of its time (異動 to another 課室 or ministry):
of another one it asks nothing. Which part that is only the device knows; it says so with each
request (`SyncRequest.elsewhere`).
"""

import msgspec

from meti_desk.services import permit_held
from meti_desk.services.context import Context

_TOLD = "sync.told"
"""The setting that keeps to whom the log was said so far."""


class Told(msgspec.Struct, frozen=True, array_like=True):
    """The log up to `last`, behind what the entry before names, was said to `server` (hex)."""

    server: str
    last: int


def leave(ctx: Context, server: bytes, last: int) -> None:
    """Keep that the log up to here was said to a server; in the transaction that leaves it."""
    told = (*_told(ctx), Told(server.hex(), last))
    ctx.open_store().settings.put(_TOLD, msgspec.json.encode(told).decode())


def parts(ctx: Context, server: bytes, last: int) -> tuple[tuple[int, int], ...]:
    """Give the parts of a log of `last` entries that were said to others than this server.

    Each is the first and the last place. Of a device that left with an earlier version, which kept
    no such note, the archive of permits tells whether all of it was said to this very server.
    """
    told = _told(ctx)
    if not told:
        others = any(one != server for one in permit_held.servers(ctx))
        return ((1, last),) if others and last else ()
    found: list[tuple[int, int]] = []
    first = 1
    for one in told:
        if one.server != server.hex() and first <= one.last:
            if found and found[-1][1] == first - 1:
                first = found.pop()[0]
            found.append((first, one.last))
        first = max(first, one.last + 1)
    return tuple(found)


def _told(ctx: Context) -> tuple[Told, ...]:
    held = ctx.open_store().settings.get(_TOLD)
    return msgspec.json.decode(held, type=tuple[Told, ...]) if held else ()
