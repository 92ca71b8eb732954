"""An emergency of cryptography as the window sees it, kept in memory."""

from collections.abc import Sequence

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.services.emergency_messages import (
    Affected,
    AffectedFile,
    AffectedKey,
    AlgorithmRow,
    CopyState,
    RemovedCopy,
    ReprotectRequest,
)
from meti_desk.services.messages import Done, DoneFile
from meti_desk.services.ports import Progress
from meti_desk.services.views import error_view

OLD = "以前の パスワード 7301-Xq"
FILES = ("審査結果.csv", "委託先名簿.csv", "見積書.xlsx")


class FakeEmergency:
    """Three files that were protected by ZIP."""

    def __init__(self) -> None:
        self.marks: dict[str, tuple[str, bool]] = {}
        self.states: dict[str, CopyState] = dict.fromkeys(FILES, "waiting")

    def algorithms(self) -> tuple[AlgorithmRow, ...]:
        rows = (
            ("aes", "AES", "block", "listed", 41),
            ("gcm", "GCM", "mode", "listed", 30),
            ("sha-256", "SHA-256", "hash", "listed", 41),
            ("sha-1", "SHA-1", "hash", "monitored", 3),
            ("camellia", "Camellia", "block", "listed", 0),
        )
        return tuple(
            AlgorithmRow(
                id=one, name=name, category=kind, used=used,
                state="compromised" if one in self.marks else state,
                since="2026-11-01" if one in self.marks else "",
                reference=self.marks.get(one, ("", False))[0],
                by_notice=self.marks.get(one, ("", False))[1],
            )
            for one, name, kind, state, used in rows
        )  # fmt: skip

    def mark(self, ids: Sequence[str], reference: str, *, since: str = "") -> Affected:
        del since
        self.marks |= dict.fromkeys(ids, (reference, False))
        return self.affected()

    def lift(self, ids: Sequence[str], reference: str) -> None:
        del reference
        for one in ids:
            if self.marks[one][1]:
                raise RuleViolation("crypto.marked-by-notice", algorithm=one)
            del self.marks[one]

    def take_notice(self, path: str) -> Affected:
        if not path.endswith(".json"):
            raise RuleViolation("crypto.notice-unsigned", name=path)
        self.marks["sha-1"] = ("令和8年第3号", True)
        return self.affected()

    def affected(self) -> Affected:
        if "sha-1" not in self.marks:
            return Affected()
        files = tuple(
            AffectedFile(
                id=f"event-{name}", title=name, at="2026-10-01T10:00:00+09:00", method="zip",
                algorithms=("sha-1",), path=f"/home/sato/渡した物/{name}.zip",
                state=state, recipients=("tanaka@example.com",),
            )
            for name, state in self.states.items()
        )  # fmt: skip
        key = AffectedKey(kind="recipient", name="田中 tanaka@example.com", algorithms=("sha-1",))
        return Affected(files=files, keys=(key,))

    def reprotect(self, request: ReprotectRequest, progress: Progress | None = None) -> Done:
        rows = []
        for number, name in enumerate(FILES):
            if self.states[name] != "waiting":
                continue
            if progress is not None:
                progress.step(number, len(FILES), name)
            path = f"/home/sato/渡した物/{name}.zip"
            if request.password != OLD:
                wrong = error_view(InvalidInput("open.wrong-password"))
                rows.append(DoneFile(path=path, error=wrong))
                continue
            self.states[name] = "replaced"
            rows.append(DoneFile(path=path, out=(f"{path}.metienc",), method="metienc"))
        return Done(files=tuple(rows), events=(), password="tulip-9150-Zr-mosaic-kite")

    def remove_old(self, ids: Sequence[str] = ()) -> tuple[RemovedCopy, ...]:
        del ids
        gone = [name for name, state in self.states.items() if state == "replaced"]
        self.states |= dict.fromkeys(gone, "removed")
        return tuple(RemovedCopy(id=f"event-{name}", path=name) for name in gone)
