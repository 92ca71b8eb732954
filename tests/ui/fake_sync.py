"""The sync as the window sees it, kept in memory."""

from msgspec.structs import replace

from meti_desk.domain.errors import EnvironmentProblem, RuleViolation
from meti_desk.services.login import Landing
from meti_desk.services.syncing import SyncView

CODE = "23456789ABCDEFGH-0123456789abcdef"
URL = "https://desk.example.go.jp"
ENROLLED = SyncView(
    enrolled=True, url=URL, device="d1", person="y1", unsent=3, name="佐藤 花子",
    unit="商務情報政策局 総務課",
)  # fmt: skip


class FakeSyncing:
    """Three records wait; a server that can be away."""

    def __init__(self) -> None:
        self.view = SyncView(enrolled=False)
        self.away = False
        self.tried = 0

    def status(self) -> SyncView:
        return self.view

    def enrol(self, code: str, url: str) -> SyncView:
        if code != CODE:
            raise RuleViolation("enrol.code")
        self.view = replace(ENROLLED, url=url)
        return self.view

    def enrol_by_login(self, url: str, landing: Landing, pinned: str = "") -> SyncView:
        del pinned
        landing.visited("")
        self.view = replace(ENROLLED, url=url)
        return self.view

    def sync(self) -> SyncView:
        if self.away:
            self.view = replace(self.view, trouble="sync.unreachable")
            raise EnvironmentProblem("sync.unreachable", host="desk.example.go.jp", error="Timeout")
        self.view = replace(
            self.view, acked=3, unsent=0, last="2026-11-20T10:00:00+09:00", trouble=""
        )
        return self.view

    def leave(self) -> None:
        self.view = SyncView(enrolled=False)

    def when_due(self) -> bool:
        self.tried += 1
        return self.view.enrolled

    def outgoing(self, limit: int = 50) -> tuple[dict[str, object], ...]:
        rows: tuple[dict[str, object], ...] = (
            {"seq": 1, "kind": "classify", "at": "2026-11-20", "ledger": b"\x01", "facts": {}},
        )
        return rows[:limit] if self.view.unsent else ()
