"""Saying something to others through the server: an event of 取扱記録 with words that go along.

Offline it waits in the device's log like everything else; nothing is said twice, and what was said
cannot be taken out of the log. Only a later event takes it back.
"""

from collections.abc import Mapping

from meti_desk.domain.errors import InvalidInput
from meti_desk.domain.ledger import Event
from meti_desk.services.context import Context
from meti_desk.sync.projection import MOST_SAID


def say(ctx: Context, kind: str, body: Mapping[str, object], said: bytes) -> Event:
    """Append an event whose `said` part (MessagePack of the kind's type) goes to the server.

    May stand in a transaction of the caller. Raises `InvalidInput("sync.said-too-long")`.
    """
    if len(said) > MOST_SAID:
        raise InvalidInput("sync.said-too-long", limit=MOST_SAID)
    store = ctx.open_store()
    with store.transaction():
        event = store.ledger.append(kind, body, ctx.clock.now())
        store.mailbox.say(event.seq, said)
    return event
