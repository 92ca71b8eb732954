"""What the server keeps ready for a person: the newest state of each thing that concerns them.

A piece of mail replaces the one before it of the same kind and id, so a new or restored device
gets all that matters by reading from the beginning. Each person's pieces are numbered without
the order ever changing; a device's cursor is the number of the last one that it took.
"""

import msgspec

MAIL = "mail"
"""The topic of the sync under which a person's mail comes; its versions are the numbers."""
OUTCOME = "outcome"
"""The kind that tells why something a device said was not done (`Outcome`)."""
UNIT = "unit"
"""The kind that tells who the person is to the server, and who decides (`UnitTold`)."""


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """One piece: whose it is, what it is about, which state of it, and the state itself.

    `body` is MessagePack of a type that the `kind` names; `revision` only grows for one `id`.
    """

    person: str
    kind: str
    id: str
    revision: int
    body: bytes


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a device said at `seq` of its log was recorded, but not done: the code says why.

    `about` is the id of the permit, the document and so on that it was about.
    """

    device: str
    seq: int
    kind: str
    code: str
    about: str = ""
    at: int = 0


class Reader(msgspec.Struct, frozen=True, kw_only=True):
    """A device that may read what is sealed for those responsible (P-256 point, 65 bytes)."""

    device: str
    person: str
    name: str
    posts: tuple[str, ...]
    opening: bytes


class UnitTold(msgspec.Struct, frozen=True, kw_only=True):
    """Who a person is to the server, and who decides for their 課室.

    `posts` are those of the person (`services` compare them with `domain.permit.DECIDERS`),
    `readers` the devices of all who hold a post there or for the whole ministry, `own` all devices
    of the person: what is sealed for others is sealed for them too, so that each shows it.
    """

    person: str
    name: str
    unit: str
    posts: tuple[str, ...] = ()
    readers: tuple[Reader, ...] = ()
    own: tuple[Reader, ...] = ()
