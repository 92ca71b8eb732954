"""The register of 機密性3 as the window sees it, kept in memory."""

from pathlib import Path

from msgspec.structs import replace

from meti_desk.domain.errors import InvalidInput
from meti_desk.services.register_messages import (
    CopyRow,
    HistoryRow,
    RegisterEnd,
    RegisterNote,
    RegisterRow,
    RegisterView,
    StockEntry,
    StockOutcome,
)

AT = "2026-11-18T10:05:00+09:00"
UNIT = "商務情報政策局 総務課"


def entry(place: int, title: str, **other: object) -> RegisterRow:
    """Give an entry."""
    held = RegisterRow(
        id=f"e{place}", document=f"doc-{place}", number=f"2026-{place:04d}", state="held",
        title=title, keeper="佐藤 花子", decided_by="佐藤 花子", decided_at=AT,
        restrictions="複製禁止", location="共有フォルダ（総務課・秘）", designated="課の金庫",
        access=("課長 鈴木 一郎", "係長 佐藤 花子"), entered_at=AT, mine=True,
        history=(HistoryRow(what="entered", at=AT, by="佐藤 花子"),),
    )  # fmt: skip
    return replace(held, **other)


def entries() -> tuple[RegisterRow, ...]:
    """Give some entries, with copies and with what is to be done."""
    copies = (
        CopyRow(id="c1", number="2026-0012-1", state="held", how="copy", holder="審査 一郎",
                due="2026-12-10", permit="p3", at=AT),
        CopyRow(id="c2", number="2026-0012-2", state="overdue", how="take-out",
                holder="高橋 次郎", due="2026-11-19", at=AT),
        CopyRow(id="c3", number="2026-0012-3", state="returned", holder="田中 三郎", at=AT),
    )  # fmt: skip
    return (
        entry(12, "応募者名簿.xlsx", copies=copies, flags=("register.overdue",)),
        entry(13, "人事異動案.xlsx", stock="present", stock_at=AT, stock_by="鈴木 一郎"),
        entry(14, "交渉方針_案.docx", access=(), provisional=True, number="3",
              flags=("register.no-access", "register.not-in-place")),
    )  # fmt: skip


class FakeRegister:
    """Empty, until a test fills it."""

    def __init__(self) -> None:
        self.held = RegisterView(enrolled=False)
        self.notes: list[RegisterNote] = []
        self.ends: list[tuple[str, RegisterEnd]] = []
        self.stock: list[tuple[StockEntry, ...]] = []
        self.written: list[tuple[Path, bool]] = []

    def fill(self, *, responsible: bool = False) -> None:
        """Have three entries."""
        self.held = RegisterView(
            enrolled=True, responsible=responsible, unit=UNIT, entries=entries()
        )

    def view(self, words: str = "", *, ended: bool = False) -> RegisterView:
        rows = tuple(
            one
            for one in self.held.entries
            if words in f"{one.title} {one.number} {one.location}" and (ended or not one.ended_at)
        )
        return replace(self.held, entries=rows)

    def show(self, entry: str) -> RegisterRow:
        return next(one for one in self.held.entries if one.id == entry)

    def note(self, note: RegisterNote) -> RegisterRow:
        self.notes.append(note)
        held = self.show(note.entry)
        return self._put(
            replace(
                held,
                location=held.location if note.location is None else note.location,
                access=held.access if note.access is None else note.access,
            )
        )

    def give_back(self, end: RegisterEnd) -> RegisterRow:
        self.ends.append(("return", end))
        held = self.show(end.entry)
        copies = tuple(
            replace(one, state="returned") if one.id == end.copy else one for one in held.copies
        )
        return self._put(replace(held, copies=copies, flags=()))

    def dispose(self, end: RegisterEnd) -> RegisterRow:
        self.ends.append(("dispose", end))
        return self._put(replace(self.show(end.entry), state="disposed", ended_at=AT))

    def stocktake(self, results: tuple[StockEntry, ...]) -> StockOutcome:
        self.stock.append(results)
        lost = tuple(self.show(one.entry) for one in results if one.result == "missing")
        return StockOutcome(id="st1", recorded=len(results), missing=lost)

    def export(self, path: Path, *, ended: bool = False) -> Path:
        if path.suffix not in {".docx", ".csv"}:
            raise InvalidInput("export.unknown-kind", name=path.name)
        self.written.append((path, ended))
        return path

    def _put(self, row: RegisterRow) -> RegisterRow:
        rows = tuple(row if one.id == row.id else one for one in self.held.entries)
        self.held = replace(self.held, entries=rows)
        return row
