"""One thing that the server told a device, or that waits for its answer."""

from typing import NamedTuple


class Held(NamedTuple):
    """The newest known state of a thing.

    `kind` and `id` name it, `revision` 0 is one that the server has not answered yet, `state` a
    word by which lists are made, `body` MessagePack or JSON of its kind, `at` when it came here
    (ISO 8601).
    """

    kind: str
    id: str
    revision: int
    state: str
    body: bytes
    at: str
