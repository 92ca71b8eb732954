"""Reviews of labels as the window sees them, kept in memory."""

from msgspec.structs import replace

from meti_desk.domain.errors import RuleViolation
from meti_desk.services.messages import LabelView
from meti_desk.services.review_messages import (
    CorrectionTask,
    JudgeRequest,
    ReviewDocument,
    ReviewRow,
    ReviewStep,
    ReviewsView,
)

AT = "2026-11-20T14:30:00+09:00"
C1 = LabelView(c=1, i=1, a=1, decided=True)
C2 = LabelView(c=2, i=1, a=1, decided=True)
C3 = LabelView(c=3, i=2, a=1, restrictions=("複製禁止",), decided=True)
FOLDER = "/srv/share/総務課/審査"


def review(number: int, **other: object) -> ReviewRow:
    """Give a label that a colleague decided."""
    name = f"審査資料_{number:02d}.docx"
    held = ReviewRow(
        id=f"r{number}", revision=1, state="waiting", owner="佐藤 花子", label=C2, decided_at=AT,
        documents=(ReviewDocument(id=f"d{number}", state="waiting", title=name,
                                  place=f"{FOLDER}/{name}"),),
        unit="商務情報政策局 総務課", reason="審査の途中のため",
        evidence=(("source", "令和7年度_審査要領.docx"), ("detector", "phone")), judgeable=True,
    )  # fmt: skip
    return replace(held, **other)


TASK = CorrectionTask(
    review="r90", revision=2, document="d90", title="応募者名簿.xlsx",
    path="/home/sato/文書/応募者名簿.xlsx", decided=C2, ordered=C3,
    note="個人の評価が入っているため、機密性3にしてください。", by="鈴木 一郎",
    post="課室情報セキュリティ責任者", at=AT,
)  # fmt: skip


class FakeReviews:
    """Empty, until a test fills it."""

    def __init__(self) -> None:
        self.held = ReviewsView(enrolled=False)
        self.judged: list[JudgeRequest] = []
        self.answers: list[tuple[str, str, tuple[str, ...]]] = []

    def as_head(self, count: int = 3) -> None:
        """Have so many labels to judge; one was lowered, one is of another's making."""
        rows = [review(n) for n in range(1, count + 1)]
        if count > 1:
            rows[1] = replace(
                rows[1], label=C1, owner="高橋 次郎", reason="公表する資料のため",
                evidence=(("lowered", "機密性2から"),),
            )  # fmt: skip
        if count > 2:
            step = ReviewStep(what="objected", by="佐藤 花子", at=AT, note="要旨のみのため")
            rows[2] = replace(rows[2], state="objected", label=C3, steps=(step,))
        self.held = ReviewsView(enrolled=True, judges=True, to_judge=tuple(rows))

    def as_staff(self) -> None:
        """Have an order to carry out."""
        self.held = ReviewsView(enrolled=True, tasks=(TASK,))

    def view(self) -> ReviewsView:
        return self.held

    def judge(self, request: JudgeRequest) -> tuple[ReviewRow, ...]:
        if request.c and not request.note:
            raise RuleViolation("permit.reason-missing", articles=("4-2",))
        self.judged.append(request)
        rows = tuple(one for one in self.held.to_judge if one.id in request.ids)
        left = tuple(one for one in self.held.to_judge if one.id not in request.ids)
        done = tuple(replace(one, said=True, judgeable=False) for one in rows)
        self.held = replace(self.held, to_judge=left, judged=(*done, *self.held.judged))
        return done

    def tasks(self) -> tuple[CorrectionTask, ...]:
        return self.held.tasks

    def answer(self, review_id: str, reason: str, documents: tuple[str, ...] = ()) -> ReviewRow:
        self.answers.append((review_id, reason, documents))
        tasks = tuple(
            replace(one, said=True) if one.review == review_id else one for one in self.held.tasks
        )
        self.held = replace(self.held, tasks=tasks)
        return review(90, said=True)
