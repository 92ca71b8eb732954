"""What was said and heard, in memory."""

from collections.abc import Mapping, Sequence

from meti_desk.domain.mailbox import Held


class MemoryMailbox:
    def __init__(self) -> None:
        self.spoken: dict[int, bytes] = {}
        self.places: dict[str, int] = {}
        self.rows: dict[tuple[str, str], Held] = {}

    def say(self, seq: int, body: bytes) -> None:
        assert seq not in self.spoken
        self.spoken[seq] = body

    def said(self, seq: int) -> bytes:
        return self.spoken.get(seq, b"")

    def cursors(self) -> Mapping[str, int]:
        return dict(self.places)

    def move(self, topic: str, version: int) -> None:
        self.places[topic] = version

    def put(self, held: Held) -> bool:
        before = self.rows.get((held.kind, held.id))
        ours = before is not None and held.revision == before.revision == 0
        if before is not None and held.revision <= before.revision and not ours:
            return False
        self.rows[held.kind, held.id] = held
        return True

    def get(self, kind: str, identity: str) -> Held | None:
        return self.rows.get((kind, identity))

    def of(self, kind: str, state: str = "") -> Sequence[Held]:
        found = [one for one in self.rows.values() if one.kind == kind and state in ("", one.state)]
        return sorted(sorted(found, key=lambda one: one.id), key=lambda one: one.at, reverse=True)

    def drop(self, kind: str, identity: str) -> None:
        self.rows.pop((kind, identity), None)

    def forget(self, also: str = "") -> None:
        self.places.clear()
        self.rows = {
            place: one for place, one in self.rows.items() if one.revision == 0 and one.kind != also
        }

    def copy(self) -> tuple[dict[int, bytes], dict[str, int], dict[tuple[str, str], Held]]:
        return dict(self.spoken), dict(self.places), dict(self.rows)

    def restore(
        self, copy: tuple[dict[int, bytes], dict[str, int], dict[tuple[str, str], Held]]
    ) -> None:
        self.spoken, self.places, self.rows = copy
