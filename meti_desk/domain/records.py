"""What the store keeps beside 取扱記録 and hands to the services, as plain values.

They stand here, below both, because the store may not import the services that speak of them.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChainState:
    """How the chain of 取扱記録 stands after it was recomputed (Arts. 77-2, 77-6).

    `first_bad` is the id of the first event that does not fit, or of the last event that the store
    remembers when that one is gone; nothing when the chain holds.
    """

    events: int
    intact: bool
    first_bad: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRecord:
    """What the store knows of one document; `label` is the text of `domain.stored_label`."""

    id: str
    title: str
    path: str
    file_hash: str
    """SHA-256 of the file as it lies there now, hex."""
    digest: str
    """Normalized content digest, hex."""
    label: str
    handling: str
    decided_by: str
    decided_at: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """An operation that was begun: what its end looks like, so that a crash can be told apart."""

    id: str
    temporary: str
    """Path of a named temporary file, or empty where the system needs none."""
    final: str
    result_hash: str
    event_kind: str
    event_body: bytes
    """JSON of the event that is appended when the result is found in place."""
