"""One entry of a device's log as it waits to be sent; `meti_desk.sync.wire` gives it its hash."""

from typing import NamedTuple


class OutboxRow(NamedTuple):
    """Place, kind, version, body and the two hashes of an entry."""

    seq: int
    kind: str
    version: int
    body: bytes
    prev: bytes
    hash: bytes
