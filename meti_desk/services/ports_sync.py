"""Ports of the sync: the log and the mail in the store, the device key, the way to the server."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from meti_desk.domain.mailbox import Held
from meti_desk.domain.outbox import OutboxRow


class Outbox(Protocol):
    """The device's log in the store."""

    def last(self) -> OutboxRow | None:
        """Give the newest entry."""

    def put(self, rows: Sequence[OutboxRow]) -> None:
        """Append entries, all or none."""

    def after(self, seq: int, limit: int) -> Sequence[OutboxRow]:
        """Give entries behind a place, in order."""

    def at(self, seq: int) -> OutboxRow | None:
        """Give the entry at a place."""


class Sealer(Protocol):
    """The device key; the private half never leaves the store."""

    def public_key(self) -> bytes:
        """Give the raw public key (Ed25519)."""

    def sign(self, message: bytes) -> bytes:
        """Sign."""

    def opening_point(self) -> bytes:
        """Give the public point (P-256) under which others seal what this device may read."""

    def agree(self, point: bytes) -> bytes:
        """Give the ECDH secret with a point; see `sync.sealed.unseal`."""


class Mailbox(Protocol):
    """What is said to others and heard from the server; `store.mailbox` has this shape."""

    def say(self, seq: int, body: bytes) -> None:
        """Keep what is sent with an event; in the transaction of the event."""

    def said(self, seq: int) -> bytes:
        """Give what goes with an event, or nothing."""

    def cursors(self) -> Mapping[str, int]:
        """Give how far each topic was taken."""

    def move(self, topic: str, version: int) -> None:
        """Note how far a topic was taken; in the transaction of what it brought."""

    def put(self, held: Held) -> bool:
        """Keep a state unless the same or a newer one is here; tells whether it was kept."""

    def get(self, kind: str, identity: str) -> Held | None:
        """Find a thing."""

    def of(self, kind: str, state: str = "") -> Sequence[Held]:
        """List things of a kind, in one state or all, the newest first."""

    def drop(self, kind: str, identity: str) -> None:
        """Forget one thing, whatever its revision."""

    def forget(self, also: str = "") -> None:
        """Forget what a server told; what waits for an answer stays, but not of kind `also`."""


class Line(Protocol):
    """The way to a server: one request, one answer."""

    def post(
        self, url: str, body: bytes, headers: Mapping[str, str], *, timeout: float
    ) -> tuple[int, bytes]:
        """Send and give status and answer.

        Raises `EnvironmentProblem`: `sync.unreachable`, `sync.untrusted` (its certificate),
        `sync.insecure` (neither TLS nor this device), `sync.answer-too-large`.
        """
