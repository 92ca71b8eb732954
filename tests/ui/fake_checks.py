"""A self-check in memory: one form with eight sections, some of it answered."""

from datetime import date, timedelta
from pathlib import Path

import msgspec

from meti_desk.domain.errors import RuleViolation
from meti_desk.services.selfcheck_views import (
    Answered,
    AnswerRequest,
    AnswerView,
    EvidenceView,
    FigureView,
    FormList,
    FormRow,
    FormState,
    FormView,
    ItemView,
    MissingView,
    OptionView,
    PreviousView,
    SectionView,
    SubmissionView,
)

OPTIONS = tuple(
    OptionView(value, text)
    for value, text in (
        ("done", "実施した"),
        ("partly", "一部実施"),
        ("not-done", "実施していない"),
        ("not-applicable", "該当する業務がなかった"),
        ("unknown", "わからない"),
    )
)
WORDS = {one.value: one.text for one in OPTIONS}
SECTIONS = (
    ("label", "格付と明示", 6),
    ("use", "利用と保存", 4),
    ("give", "移送と提供", 4),
    ("publish", "公表", 2),
    ("erase", "消去", 2),
    ("id", "識別コードとパスワード", 3),
    ("outside", "区域外での情報処理", 3),
    ("incident", "教育・事故対応", 2),
)
TITLES = {name: title for name, title, _count in SECTIONS}
ASKED = "give-1"
TEXTS = {
    ASKED: (
        "省外の者に電子ファイルを渡すとき、作成者名や変更履歴などの"
        "付加情報を除いてから渡しましたか。"
    ),
}
HELP = (
    "Word や PDF には、名前・コメント・変更履歴・保存先などが残ります。"
    "渡す前に除くことが求められます。"
)


def _answer(value: str, request: AnswerRequest | None = None) -> AnswerView:
    lacks: tuple[str, ...] = ()
    if value in {"partly", "not-done"} and not (request and request.reason):
        lacks = ("reason",)
    return AnswerView(
        value=value,
        text=WORDS[value],
        origin="own",
        reason=request.reason if request else "",
        plan=request.plan if request else "",
        by_when=request.by_when if request else "",
        lacks=lacks,
    )


def _item(link_id: str, section: str, number: int) -> ItemView:
    evidence = None
    if link_id == ASKED:
        evidence = EvidenceView(
            collector="provided",
            events=tuple(f"ev-{n}" for n in range(12)),
            figures=(
                FigureView("provided", "今年度の省外への提供", 12, "info"),
                FigureView("scrubbed", "付加情報を除去して提供", 11, "good"),
                FigureView("unscrubbed", "除去の記録なし（6月3日）", 1, "bad"),
            ),
            suggested="partly",
            against=("done",),
        )
    text = TEXTS.get(
        link_id,
        f"{TITLES[section]}について、定められた手続のとおりに行いましたか（{number}）。",
    )
    return ItemView(
        link_id=link_id,
        number=number,
        section=section,
        clause="art-14_p7",
        clauses=("art-14_p7",),
        clause_text="第14条第7項",
        text=text,
        help=HELP,
        good="「省外に提供」から渡し、除去の記録が残っている。",
        bad="PDF に変換しただけで渡した。",
        options=OPTIONS,
        enabled=True,
        answer=_answer("done") if number <= 10 else None,
        evidence=evidence,
        change="changed" if link_id == ASKED else "same",
        previous=PreviousView(value="done", text="実施した"),
    )


def _items() -> tuple[ItemView, ...]:
    made: list[ItemView] = []
    for section, _title, count in SECTIONS:
        made += [_item(f"{section}-{n}", section, len(made) + n) for n in range(1, count + 1)]
    return tuple(made)


class FakeChecks:
    """One form, kept in a list."""

    def __init__(self) -> None:
        self.items = list(_items())
        self.state: FormState = "open"
        self.saved: list[AnswerRequest] = []
        self.written: list[Path] = []

    def list_forms(self) -> FormList:
        view = self.show()
        return FormList(
            (
                FormRow(
                    form=view.form,
                    version=view.version,
                    title=view.title,
                    role=view.role,
                    deadline=view.deadline,
                    days_left=8,
                    answered=view.answered,
                    applicable=view.applicable,
                    state=view.state,
                ),
            )
        )

    def show(self, form: str = "") -> FormView:
        items = tuple(self.items)
        missing = tuple(
            MissingView(one.link_id, "answer" if one.answer is None else one.answer.lacks[0])
            for one in items
            if one.answer is None or one.answer.lacks
        )
        answered = sum(1 for one in items if one.answer is not None)
        return FormView(
            form="staff",
            version="2026.1",
            items=items,
            title="自己点検　令和8年度（職員等）",
            role="職員等",
            period="令和8年度",
            year=2026,
            deadline=(date.today() + timedelta(days=8)).isoformat(),  # noqa: DTZ011 - a local day
            days_left=8,
            form_hash="0" * 64,
            standard="平成31年",
            ask="情報システムセキュリティ管理者",
            state=self.state,
            receipt="R-2026-0042" if self.state != "open" else "",
            submitted_at="2026-11-22T10:24:00+09:00" if self.state != "open" else "",
            answered=answered,
            applicable=len(items),
            sections=tuple(SectionView(s, t, 0, n) for s, t, n in SECTIONS),
            missing=missing,
            next=missing[0].link_id if missing else "",
        )

    def answer(self, request: AnswerRequest) -> Answered:
        self.saved.append(request)
        place = next(n for n, one in enumerate(self.items) if one.link_id == request.link_id)
        item = msgspec.structs.replace(self.items[place], answer=_answer(request.value, request))
        self.items[place] = item
        view = self.show()
        return Answered(
            item=item,
            answered=view.answered,
            applicable=view.applicable,
            enabled=tuple(one.link_id for one in self.items),
        )

    def answer_all(self) -> None:
        """Answer what is open."""
        self.items = [msgspec.structs.replace(one, answer=_answer("done")) for one in self.items]

    def outgoing(self, form: str = "") -> tuple[tuple[str, AnswerView], ...]:
        return tuple((one.link_id, one.answer) for one in self.items if one.answer is not None)

    def submit(self, form: str = "") -> SubmissionView:
        if self.show().missing:
            raise RuleViolation("selfcheck.incomplete", articles=("92-1",))
        self.state = "submitted"
        return SubmissionView(form="staff", version="2026.1", state="submitted", at="", receipt="R")

    def withdraw(self, form: str = "") -> SubmissionView:
        self.state = "open"
        return SubmissionView(form="staff", version="2026.1", state="open", at="", receipt="R")

    def export(self, form: str, path: Path) -> Path:
        self.written.append(path)
        path.write_bytes(b"docx")
        return path
