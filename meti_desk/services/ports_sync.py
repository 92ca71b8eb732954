"""Ports of the sync: the log that waits in the store, and the way to the server."""

from collections.abc import Mapping, Sequence
from typing import Protocol

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


class Line(Protocol):
    """The way to a server: one request, one answer."""

    def post(
        self, url: str, body: bytes, headers: Mapping[str, str], *, timeout: float
    ) -> tuple[int, bytes]:
        """Send and give status and answer.

        Raises `EnvironmentProblem`: `sync.unreachable`, `sync.untrusted` (its certificate),
        `sync.insecure` (neither TLS nor this device), `sync.answer-too-large`.
        """
