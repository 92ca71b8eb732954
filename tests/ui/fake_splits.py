"""Splitting, joining and agreed passwords as the window sees them, kept in memory."""

from pathlib import Path
from typing import Literal

from meti_desk.domain.agreed import check_way
from meti_desk.domain.errors import InvalidInput, MetiDeskError
from meti_desk.services.joining import check_words
from meti_desk.services.messages import DoneFile, ErrorView, LabelView
from meti_desk.services.password_messages import AgreedDone, AgreedView, AgreeRequest, SlipRequest
from meti_desk.services.ports import Progress
from meti_desk.services.splitting import offered_routes
from meti_desk.services.splitting_messages import (
    JoinDone,
    JoinRequest,
    JoinView,
    PartRow,
    PartView,
    RouteView,
    SplitDone,
    SplitRequest,
    WordsView,
)

SET = "3f2a9c1b" * 4


class FakeSplits:
    """A set of three parts; file names tell what each one is (`2of3`, `changed`, `foreign`)."""

    def __init__(self) -> None:
        self.ordered: list[SplitRequest] = []
        self.joined: list[JoinRequest] = []
        self.failing: ErrorView | None = None
        self.needed = 3

    def routes(self, parts: int) -> tuple[RouteView, ...]:
        return offered_routes(parts)

    def split(self, request: SplitRequest, progress: Progress) -> SplitDone:
        progress.step(1, request.parts, request.path)
        if self.failing is not None:
            return SplitDone(files=(DoneFile(path=request.path, error=self.failing),))
        self.ordered.append(request)
        parts = tuple(self._part(n, request) for n in range(1, request.parts + 1))
        row = DoneFile(
            path=request.path, out=tuple(one.path for one in parts), method="split",
            meets="split.meets",
        )  # fmt: skip
        return SplitDone(files=(row,), set=SET, needed=request.threshold, parts=parts)

    def _part(self, number: int, request: SplitRequest) -> PartView:
        kind, _, detail = request.routes[number - 1].partition(":")
        found = next(one for one in offered_routes(5) if one.kind == kind)
        name = f"{request.out}/分割-{SET[:8]}-{number}of{request.parts}"
        paper = kind == "paper"
        return PartView(
            index=number,
            path=f"{name}-書面.docx" if paper else f"{name}.metipart",
            pdf=f"{name}-書面.pdf" if paper else "",
            route=RouteView(kind=kind, detail=detail, articles=found.articles),
        )

    def look(self, request: JoinRequest) -> JoinView:
        rows, have = [], set()
        for path in (*request.paths, *(f"share:{n}" for n, _ in enumerate(request.shares, 1))):
            row = _row(path, have)
            rows.append(row)
            if row.state == "there":
                have.add(row.index)
        missing = tuple(n for n in (1, 2, 3) if n not in have)
        return JoinView(
            parts=tuple(rows), set=SET, n=3, needed=self.needed, have=tuple(sorted(have)),
            missing=missing, ready=len(have) >= self.needed, signer="known",
        )  # fmt: skip

    def join(self, request: JoinRequest, progress: Progress) -> JoinDone:
        progress.step(0, len(request.paths), request.paths[0])
        view = self.look(request)
        rows = tuple(DoneFile(path=one.path, error=one.error) for one in view.parts)
        if self.failing is not None:
            return JoinDone(files=rows, view=view, error=self.failing)
        self.joined.append(request)
        out = f"{request.out}/補助金審査_結果案.docx"
        label = LabelView(c=2, i=1, a=1, restrictions=("複製禁止",), decided=True)
        row = DoneFile(path=view.parts[0].path, out=(out,), label=label)
        return JoinDone(files=(row,), events=("e1",), view=view, out=out)

    def check_words(self, text: str) -> WordsView:
        return check_words(text)


def _row(path: str, have: set[int]) -> PartRow:
    name = Path(path).name
    state: Literal["there", "changed", "foreign", "repeated"] = "there"
    index = int(name.partition("of")[0][-1]) if "of3" in name else 3
    code = ""
    if "changed" in name:
        state, code = "changed", "split.part-damaged"
    elif "foreign" in name:
        state, code = "foreign", "join.foreign-part"
    elif index in have:
        state = "repeated"
    params: dict[str, str | int] = {"what": "hash", "set": "77e0d1a4"}
    error = ErrorView(code, params, exit=5) if code else None
    return PartRow(
        path=path, state=state, index=index, set=SET, on_paper=name.startswith("share:"),
        error=error,
    )  # fmt: skip


class FakePasswords:
    """The book; a made password counts up."""

    def __init__(self) -> None:
        self.rows: dict[str, list[str]] = {}
        self.views: dict[str, AgreedView] = {}
        self.slips: list[SlipRequest] = []
        self.failing: MetiDeskError | None = None

    def entry(self, recipient: str) -> AgreedView | None:
        return self.views.get(recipient)

    def list(self) -> tuple[AgreedView, ...]:
        return tuple(self.views.values())

    def agree(self, request: AgreeRequest) -> AgreedDone:
        if self.failing is not None:
            raise self.failing
        check_way(request.told_by, request.reason)
        held = self.rows.setdefault(request.recipient, [])
        held.insert(0, request.password or f"mofu-7Kpq-29xd-Lw4t-B{len(held)}")
        self.views[request.recipient] = AgreedView(
            recipient=request.recipient, agreed_at="2026-11-20T09:30:00+09:00",
            told_by=request.told_by, number=len(held), age_days=0, due=False,
            reason=request.reason, former=len(held) - 1,
        )  # fmt: skip
        return AgreedDone(entry=self.views[request.recipient], password=held[0])

    def reveal(self, recipient: str) -> str:
        if recipient not in self.rows:
            raise InvalidInput("password.not-agreed", recipient=recipient)
        return self.rows[recipient][0]

    def use(self, recipients: "tuple[str, ...]") -> str:
        return self.reveal(recipients[0])

    def forget(self, recipient: str) -> tuple[str, ...]:
        self.views.pop(recipient, None)
        self.rows.pop(recipient, None)
        return ("e2",)

    def slip(self, request: SlipRequest) -> str:
        self.slips.append(request)
        return request.out
