"""What the server could not do of what this device said: told to whoever waits for the answer."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

import msgspec

from meti_desk.domain.errors import InvalidInput
from meti_desk.services.context import Context
from meti_desk.services.enrolment import SyncState
from meti_desk.sync.mail import Mail, Outcome

if TYPE_CHECKING:
    from meti_desk.domain.ledger import Event

_PERMITS = "meti_desk.services.permit_arriving:refused"
OUTCOMES: Mapping[str, str] = {
    "register-said": "meti_desk.services.registering:refused",
    "permit-asked": _PERMITS,
    "permit-decided": _PERMITS,
    "permit-withdrawn": _PERMITS,
    "permit-revoked": _PERMITS,
    "permit-reported": _PERMITS,
    "permit-noted": _PERMITS,
    "permit-confirmed": _PERMITS,
    "standing-decided": _PERMITS,
}
"""By kind of event: `module:function` that takes `(Context, Outcome, Event)`; the event is the one
of this device that was not done."""


def arrived(ctx: Context, known: SyncState, mail: Mail) -> str:
    """Take in an outcome; gives its code, under which it is listed.

    One of another device of the same person waits there for its answer, not here.
    """
    try:
        told = msgspec.msgpack.decode(mail.body, type=Outcome)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise InvalidInput("sync.not-understood") from None
    place = OUTCOMES.get(told.kind)
    if told.device == known.device and place and told.seq > 0:
        event = next(iter(ctx.open_store().ledger.since(told.seq - 1)), None)
        if event is not None and event.kind == told.kind:
            module, _, name = place.partition(":")
            do: Callable[[Context, Outcome, Event], object] = getattr(import_module(module), name)
            do(ctx, told, event)
    return told.code
