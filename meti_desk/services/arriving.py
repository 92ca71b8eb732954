"""What the server keeps ready for this device: believed only when its key signed it.

Each download is applied in one transaction with its cursor. A topic or kind that this version
does not know is passed over, and its mail kept as it came for a later version.
"""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module

import msgspec

from meti_desk.domain.errors import MetiDeskError, RuleViolation
from meti_desk.domain.mailbox import Held
from meti_desk.services import published
from meti_desk.services.context import Context
from meti_desk.services.enrolment import SyncState
from meti_desk.sync import wire
from meti_desk.sync.mail import MAIL, Mail
from meti_desk.sync.snapshots import POLICY

MAILS: Mapping[str, str] = {
    "outcome": "meti_desk.services.outcomes:arrived",
    "unit": "meti_desk.services.others:unit_told",
    "permit": "meti_desk.services.permit_arriving:permit",
    "review": "meti_desk.services.review_book:taken",
    "register": "meti_desk.services.register_book:taken",
    "standing": "meti_desk.services.permit_standing:arrived",
}
"""By kind of mail: `module:function` that takes `(Context, SyncState, Mail)` and gives the word
under which it is listed (`Held.state`); `None`: what is here stays. What it raises as
`MetiDeskError` is kept as `unread`."""
TOPICS: Mapping[str, str] = {
    "policy": "meti_desk.services.published:take",
    "crypto": "meti_desk.services.published:take",
    "form": "meti_desk.services.published:take",
}
"""By first word of a topic (before `:`): `module:function` that takes `(Context, Download)`."""
_UNREAD = "unread"


def take_in(ctx: Context, known: SyncState, downloads: Sequence[wire.Download]) -> bool:
    """Apply what came, in order; tells whether anything was new.

    Raises `RuleViolation("sync.download")` for what the server's key did not sign, or what is
    somebody else's; nothing of it is applied. What is older than what is here is passed over.
    """
    store = ctx.open_store()
    new = False
    for one in downloads:
        message = wire.download_message(one.topic, one.version, one.body)
        if not ctx.verify(known.server, message, one.signature):
            raise RuleViolation("sync.download")
        with store.transaction():
            if one.version <= store.mailbox.cursors().get(one.topic, 0):
                continue
            _apply(ctx, known, one)
            store.mailbox.move(one.topic, one.version)
            new = True
        if one.topic == POLICY:
            published.put_in_force(ctx)
    return new


def _apply(ctx: Context, known: SyncState, one: wire.Download) -> None:
    if one.topic == MAIL:
        _mail(ctx, known, one.body)
        return
    place = TOPICS.get(one.topic.partition(":")[0])
    if place:
        _named(place)(ctx, one)


def _mail(ctx: Context, known: SyncState, body: bytes) -> None:
    try:
        piece = msgspec.msgpack.decode(body, type=Mail)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise RuleViolation("sync.download") from None
    if piece.person != known.person:
        raise RuleViolation("sync.download")
    store = ctx.open_store()
    mailbox = store.mailbox
    held = mailbox.get(piece.kind, piece.id)
    if held is not None and held.revision >= piece.revision:
        return
    place = MAILS.get(piece.kind)
    try:
        with store.transaction():
            told = _named(place)(ctx, known, piece) if place else ""
    except MetiDeskError as problem:
        if problem.code.startswith("store."):
            raise  # a full disk says nothing about the mail: it comes again with the next sync
        told = _UNREAD  # kept as it came: a later version, or another key, may read it
    if told is None:
        return
    at = ctx.clock.now().isoformat(timespec="seconds")
    mailbox.put(Held(piece.kind, piece.id, piece.revision, str(told), piece.body, at))


def _named(place: str) -> Callable[..., object]:
    module, _, name = place.partition(":")
    found: Callable[..., object] = getattr(import_module(module), name)
    return found
