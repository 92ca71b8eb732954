"""Permits as the window sees them, kept in memory; decisions change them at once."""

from datetime import timedelta
from pathlib import Path

from msgspec.structs import replace

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.services.permit_messages import (
    AskRequest,
    DecideRequest,
    NotedRow,
    PermitDocument,
    PermitRow,
    PermitsView,
    StandingRow,
)
from meti_desk.ui.widgets.dates import today

NOW = "2026-11-23T09:12:00+09:00"
HEAD = "課室情報セキュリティ責任者"
UNIT = "商務情報政策局 総務課"


def day(days: int) -> str:
    """Give the day so many days from now."""
    return (today() + timedelta(days=days)).isoformat()


def document(name: str, label: str = "C2I1A1") -> PermitDocument:
    return PermitDocument(id=f"doc-{name}", title=name, label=label)


def wish(number: int, **other: object) -> PermitRow:
    """Give a request of a colleague."""
    held = PermitRow(
        id=f"p{number}", state="requested", revision=1, articles=("13",), actions=("provide",),
        documents=(document(f"審査資料_{number:02d}.docx"),), recipients=("iin@example.com",),
        since=day(0), until=day(30), reason="第3回審査委員会で配る資料を事前に渡すため",
        measures=("encryption", "remove-metadata"), unit=UNIT, requester="佐藤 花子",
        requested_at=NOW, decidable=True,
    )  # fmt: skip
    return replace(held, **other)


def mine() -> tuple[PermitRow, ...]:
    """Give own requests in every state."""
    own = {"mine": True, "decidable": False, "requester": "佐藤 花子"}
    head = {"decider": "鈴木 一郎", "post": HEAD, "decided_at": "2026-11-20T15:02:00+09:00"}
    return (
        wish(
            1, **own, revision=0, pending="permit-asked",
            documents=(document("委託契約書_案.docx"),),
        ),
        wish(2, **own, documents=tuple(document(f"会議資料{n}.pptx") for n in range(1, 6))),
        wish(
            3, **own, **head, state="conditional", revision=2,
            documents=(document("補助金交付先一覧.xlsx"),),
            designated=("encryption", "signature", "渡した後に電話で確かめる"), note="11月末まで",
        ),
        wish(
            4, **own, **head, state="granted", revision=2, articles=("77-1",),
            actions=("take-out",), recipients=(), documents=(document("懇談会_論点.docx"),),
            until=day(5),
        ),
        wish(
            5, **own, **head, state="refused", revision=2,
            documents=(document("名簿.csv", "C3I2A1"),),
            note="名簿は要旨で足りるため。個人名を除いた表で申請してください。",
        ),
        wish(
            6, **own, **head, state="expired", revision=2, articles=("77-1",),
            actions=("take-out",), recipients=(), documents=(document("○○審議会資料.docx"),),
            since=day(-9), until=day(-2), report_due=True,
        ),
        wish(
            7, **own, **head, state="reported", revision=3, documents=(document("通知書.pdf"),),
            reported_at=NOW, report="紙の写しを持ち帰り、裁断した。",
        ),
        wish(
            8, **own, blanket="審査委員に渡す会議資料", documents=(), state="refused",
            refusal="permit.own-request",
        ),
    )  # fmt: skip


NOTED = NotedRow(
    id="n1", state="waiting", person="佐藤 花子", at=NOW, who="課長 鈴木 一郎", when="11月20日",
    how="口頭", action="provide", title="会議資料.docx", mine=True,
)  # fmt: skip


class FakePermits:
    """Not enrolled and empty, until a test fills it."""

    def __init__(self) -> None:
        self.held = PermitsView(enrolled=False)
        self.asked: list[AskRequest] = []
        self.decisions: list[DecideRequest] = []
        self.judged: list[tuple[str, bool, str]] = []
        self.stood: list[StandingRow] = []
        self.taken_back: list[tuple[str, str]] = []
        self.written: list[Path] = []
        self.found: list[tuple[str, str]] = []

    def as_staff(self) -> None:
        """Be one who asked for several things."""
        self.held = PermitsView(enrolled=True, mine=mine(), noted=(NOTED,))

    def as_head(self, count: int = 3) -> None:
        """Be who decides, with so many requests of a colleague."""
        rows = [wish(n) for n in range(1, count + 1)]
        if count > 1:
            other = {"recipients": ("press@example.com",), "until": day(90)}
            rows[1] = replace(rows[1], **other)
        if count > 2:
            rows[2] = replace(rows[2], documents=(document("応募者名簿.xlsx", "C3I2A1"),))
        noted = replace(NOTED, mine=False)
        self.held = PermitsView(
            enrolled=True, decides=True, posts=(HEAD,), to_decide=tuple(rows), noted=(noted,),
            decided=(
                wish(90, state="granted", revision=2, decidable=False, decider="鈴木 一郎",
                     post=HEAD, decided_at="2026-11-20T15:02:00+09:00"),
                wish(
                    91, state="expired", revision=2, decidable=False, decider="鈴木 一郎",
                    post=HEAD, decided_at="2026-11-02T15:02:00+09:00", since=day(-20),
                    until=day(-1), report_due=True, articles=("77-1",), actions=("take-out",),
                    recipients=(), documents=(document("○○審議会資料.docx"),),
                ),
            ),
            standing=(
                StandingRow(
                    id="s1", measure="signature", answer="no", levels=(1, 2),
                    recipients=("@example.com",), since=day(-30), until=day(120),
                    reason="審査委員は内容を知っており、改ざんの利益がないため",
                    decider="鈴木 一郎", post=HEAD,
                ),
            ),
        )  # fmt: skip

    def view(self) -> PermitsView:
        return self.held

    def ask(self, request: AskRequest) -> PermitRow:
        if not self.held.enrolled:
            raise RuleViolation("sync.not-enrolled")
        self.asked.append(request)
        row = wish(
            100 + len(self.asked), revision=0, mine=True, pending="permit-asked", decidable=False,
            actions=(request.action,), recipients=request.recipients, blanket=request.blanket,
            documents=tuple(document(Path(one).name) for one in request.paths),
            since=request.since or day(0), until=request.until or day(30),
            reason=request.reason, measures=request.measures,
            includes_copies=request.includes_copies, restrictions=request.restrictions,
        )  # fmt: skip
        self.held = replace(self.held, mine=(row, *self.held.mine))
        return row

    def withdraw(self, permit_id: str) -> PermitRow:
        return self._change(permit_id, pending="permit-withdrawn")

    def report(self, permit_id: str, text: str) -> PermitRow:
        mine = {one.id for one in self.held.mine}
        if permit_id not in mine:
            self.found.append((permit_id, text))
            return next(one for one in self.held.decided if one.id == permit_id)
        return self._change(permit_id, report=text, pending="permit-reported")

    def decide(self, request: DecideRequest) -> tuple[PermitRow, ...]:
        if not request.granted and not request.note:
            raise RuleViolation("permit.reason-missing", articles=("13",))
        self.decisions.append(request)
        rows = tuple(
            replace(one, decidable=False, pending="permit-decided")
            if one.id in request.ids
            else one
            for one in self.held.to_decide
        )
        self.held = replace(self.held, to_decide=rows)
        return tuple(one for one in rows if one.id in request.ids)

    def revoke(self, permit_id: str, note: str) -> PermitRow:
        self.taken_back.append((permit_id, note))
        rows = tuple(
            replace(one, state="revoked", note=note) if one.id == permit_id else one
            for one in self.held.decided
        )
        self.held = replace(self.held, decided=rows)
        return next(one for one in rows if one.id == permit_id)

    def judge_noted(self, noted_id: str, *, right: bool, note: str) -> None:
        self.judged.append((noted_id, right, note))
        state = "confirmed" if right else "denied"
        rows = tuple(
            replace(one, state=state, note=note, judged_by="鈴木 一郎")
            if one.id == noted_id
            else one
            for one in self.held.noted
        )
        self.held = replace(self.held, noted=rows)

    def stand(self, row: StandingRow) -> StandingRow:
        made = replace(row, id=f"s{len(self.held.standing) + 1}", decider="鈴木 一郎", post=HEAD)
        self.stood.append(made)
        self.held = replace(self.held, standing=(made, *self.held.standing))
        return made

    def end_standing(self, standing_id: str) -> None:
        rows = tuple(
            replace(one, in_force=False) if one.id == standing_id else one
            for one in self.held.standing
        )
        self.held = replace(self.held, standing=rows)

    def record(self, path: Path) -> Path:
        if path.suffix not in {".docx", ".csv"}:
            raise InvalidInput("export.unknown-kind", name=path.name)
        self.written.append(path)
        return path

    def _change(self, permit_id: str, **new: object) -> PermitRow:
        rows = tuple(replace(one, **new) if one.id == permit_id else one for one in self.held.mine)
        self.held = replace(self.held, mine=rows)
        return next(one for one in rows if one.id == permit_id)
