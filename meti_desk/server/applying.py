"""What is done with an event beyond keeping it: requests, decisions, reports.

Every event of a chain is kept whatever it says, so that a log never stops at one. What cannot be
done - decided by somebody else, too late, not theirs to say - is refused by a code that comes back
as mail and stands in the audit chain; the rest of the log is not touched by it.
"""

import logging
from collections.abc import Callable
from importlib import import_module

import msgspec

from meti_desk.domain.errors import MetiDeskError
from meti_desk.server import mail
from meti_desk.server.keys import ServerKey
from meti_desk.server.people import Device, Person
from meti_desk.server.refusal import RefusalError
from meti_desk.server.storage import Database, DatabaseFault, ValueFault
from meti_desk.sync.mail import OUTCOME, Outcome
from meti_desk.sync.wire import EventBody, WireEvent

_LOG = logging.getLogger(__name__)
NOT_UNDERSTOOD = "sync.not-understood"
FAILED = "server.failed"
HANDLERS: dict[str, str] = {
    "review-offered": "meti_desk.server.reviews:offered",
    "review-withdrawn": "meti_desk.server.reviews:withdrawn",
    "review-judged": "meti_desk.server.reviews:judged",
    "review-answered": "meti_desk.server.reviews:answered",
    "register-said": "meti_desk.server.registers:said",
    "register-stocktaken": "meti_desk.server.registers:stocktaken",
    "permit-asked": "meti_desk.server.permits:asked",
    "permit-decided": "meti_desk.server.permits:decided",
    "permit-withdrawn": "meti_desk.server.permits:withdrawn",
    "permit-revoked": "meti_desk.server.permits:revoked",
    "permit-reported": "meti_desk.server.permits:reported",
    "permit-noted": "meti_desk.server.noted:told",
    "permit-confirmed": "meti_desk.server.noted:judged",
    "standing-decided": "meti_desk.server.standing:decided",
}
"""By kind of event: `module:function` that takes a `Said`, and raises a `MetiDeskError` or a
`RefusalError` where it cannot be done. It writes inside the transaction that keeps the event."""


class Said(msgspec.Struct, frozen=True):
    """What a person's device said, and all that is needed to do it.

    `body` is the `said` of the event (MessagePack of a type that the kind names), `at` the server's
    time in milliseconds.
    """

    database: Database
    key: ServerKey
    device: Device
    person: Person
    event: WireEvent
    body: bytes
    at: int


def apply(
    database: Database, key: ServerKey, device: Device, person: Person, event: WireEvent, at: int
) -> None:
    """Do what an event asks for, if it asks for anything."""
    place = HANDLERS.get(event.kind)
    if place is None:
        return
    code = ""
    try:
        body = msgspec.msgpack.decode(event.body, type=EventBody).said
        if body:
            database.hold_directory()
            with database.transaction():
                _named(place)(Said(database, key, device, person, event, body, at))
    except (MetiDeskError, RefusalError) as refused:
        code = refused.code
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueFault):
        code = NOT_UNDERSTOOD
    except DatabaseFault:
        raise  # nothing of the request is kept, and the device comes again
    except Exception as error:  # noqa: BLE001 - a fault of ours stops no log for ever
        _LOG.error("%s: %s", event.kind, type(error).__name__)
        code = FAILED
    if code:
        tell(database, device, person, event, code, at)


def tell(
    database: Database, device: Device, person: Person, event: WireEvent, code: str, at: int
) -> None:
    """Tell a person that what a device said was recorded, but not done; inside a transaction."""
    told = Outcome(device=device.id, seq=event.seq, kind=event.kind, code=code, at=at)
    identity = f"{device.id}:{event.seq}"
    mail.post(database, (person.id,), OUTCOME, identity, msgspec.msgpack.encode(told), at)
    audit = {"what": "not-done", "device": device.id, "seq": event.seq, "code": code}
    database.record(at, audit)
    _LOG.info("not done: %s %s", event.kind, code)


def _named(place: str) -> Callable[[Said], object]:
    module, _, name = place.partition(":")
    found: Callable[[Said], object] = getattr(import_module(module), name)
    return found
