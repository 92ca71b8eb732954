"""What the person has decided so far on the decision screen, and the requests it makes.

Plain values, no Qt: the screen writes here, asks for the requests, and shows what comes back.
"""

from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from meti_desk.formats.base import Revisions
from meti_desk.services.messages import (
    ActionName,
    ClassifyRequest,
    HandleRequest,
    LabelView,
    PlanRequest,
    SuggestedFile,
)

CARRIED_OUT: frozenset[ActionName] = frozenset({"store", "provide", "publish"})
"""The actions that meti-desk carries out itself; for the others it shows the measures."""

GIVEN: frozenset[ActionName] = frozenset({"provide", "transfer", "distribute"})
"""The actions in which somebody receives something."""

_STAYS: frozenset[ActionName] = frozenset({"distribute", "store", "copy"})
"""The actions that stay where the person is, so that the declared place counts."""

_FOLDERS: dict[ActionName, str] = {"provide": "提供用", "publish": "公表用"}


def proposed(files: tuple[SuggestedFile, ...]) -> LabelView | None:
    """Join the proposals of several files into the one that covers them all (Art. 6).

    機密性 is the highest, restrictions are all of them, the audience is what all have in common.
    """
    labels = [one.label for one in files if one.label is not None]
    if not labels:
        return None
    audiences = [frozenset(one.audience) for one in labels if one.audience]
    common = frozenset.intersection(*audiences) if audiences else frozenset()
    restrictions = dict.fromkeys(name for one in labels for name in one.restrictions)
    return LabelView(
        c=max((one.c or 0 for one in labels), default=0) or None,
        i=max((one.i or 0 for one in labels), default=0) or None,
        a=max((one.a or 0 for one in labels), default=0) or None,
        restrictions=tuple(restrictions),
        audience=tuple(sorted(common)),
        decided=all(one.decided for one in labels),
    )


@dataclass
class Draft:
    """The decision while it is being made."""

    paths: tuple[str, ...]
    sources: tuple[str, ...] = ()
    titles: dict[str, str] = field(default_factory=dict)
    """Titles of the sources that are named by id."""
    consulted: tuple[str, str, str] = ("", "", "")
    """Who was consulted about another's label, when, and the answer (Art. 7-1)."""
    proposal: LabelView | None = None
    c: int | None = None
    i: int = 1
    a: int = 1
    restrictions: list[str] = field(default_factory=list)
    audience: list[str] = field(default_factory=list)
    reason: str = ""
    mark: bool = True
    action: ActionName = "store"
    to: tuple[str, ...] = ()
    contractor: bool = False
    permit: tuple[str, str, str] = ("", "", "")
    """Who permitted, when, how (口頭・書面で許可済)."""
    permit_id: str = ""
    """The 包括許可 that the person says this is a case of."""
    decisions: dict[str, str] = field(default_factory=dict)
    """What the person answered, by measure; empty: taken back, and no proposal stands in for it."""
    offered: dict[str, str] = field(default_factory=dict)
    """The policy's proposals that stand chosen on the screen; the button makes them decisions."""
    inside: bool = False
    """Whether the person declared to be inside the 要管理対策区域."""
    password: str = ""
    agreed: bool = False
    """Take the password that is agreed with the recipients."""
    same_route_reason: str = ""
    """Why password and file may go the same way, asked for after a refusal (Art. 14-1)."""
    key_secret: str = ""
    """Password or PIN of the own key, where a signature is necessary (Art. 14-3)."""
    out: str = ""
    keep: tuple[str, ...] = ()
    """Kinds of 付加情報 that stay in what is given away."""
    revisions: Revisions = "accept"

    def adopt(self, proposal: LabelView | None) -> None:
        """Take a proposal as the starting point; the person's button makes it a decision."""
        self.proposal = proposal
        if proposal is None:
            return
        self.c = proposal.c
        self.i = proposal.i or 1
        self.a = proposal.a or 1
        self.restrictions = list(proposal.restrictions)
        self.audience = list(proposal.audience)

    def follow(self, ordered: LabelView, note: str) -> None:
        """Begin with the label that was ordered (修正の指示, Art. 4-2), and with its reason.

        Of sources that the person names, the document inherits all the same (Art. 6-1).
        """
        if not self.sources:
            self.c, self.i, self.a = ordered.c, ordered.i or 1, ordered.a or 1
            self.restrictions, self.audience = list(ordered.restrictions), list(ordered.audience)
            self.reason = self.reason or note
            return
        self.c = max(self.c or 0, ordered.c or 0) or None
        self.i, self.a = max(self.i, ordered.i or 1), max(self.a, ordered.a or 1)
        self.restrictions = [*dict.fromkeys((*self.restrictions, *ordered.restrictions))]
        self.audience = self.audience or list(ordered.audience)

    @property
    def lowers(self) -> bool:
        """Tell whether the choice is below what the evidence proposes (Art. 7-1)."""
        held = self.proposal
        return bool(held and held.c and self.c and self.c < held.c)

    @property
    def reason_needed(self) -> str:
        """Name why a reason is asked: `lower` (Art. 7), `c3` (Art. 3-2), or nothing."""
        if self.lowers:
            return "lower"
        if self.c == 3 and (self.proposal is None or self.proposal.c != 3):  # noqa: PLR2004 - C3
            return "c3"
        return ""

    @property
    def label_complete(self) -> bool:
        """Tell whether the label can be decided now."""
        return (
            bool(self.paths) and self.c is not None and not (self.reason_needed and not self.reason)
        )

    @property
    def gives(self) -> bool:
        """Tell whether somebody is named who receives something."""
        return self.action in GIVEN and bool(self.to)

    @property
    def out_folder(self) -> str:
        """Give the folder for results: the one chosen, or one beside the first file."""
        if self.out or not self.paths:
            return self.out
        beside = Path(self.paths[0]).parent
        name = _FOLDERS.get(self.action, "")
        return str(beside / name) if name else str(beside)

    @property
    def answers(self) -> dict[str, str]:
        """Give the person's answers, and the proposals that the person leaves chosen."""
        both = {**self.offered, **self.decisions}
        return {measure: answer for measure, answer in both.items() if answer}

    @property
    def signs(self) -> bool:
        """Tell whether a signature was found necessary (Art. 14-3)."""
        return self.answers.get("signature", "").startswith("yes")

    @property
    def key_missing(self) -> bool:
        """Tell whether the act here would sign, and nobody gave the key's password yet."""
        return self.signs and self.action in CARRIED_OUT - {"store"} and not self.key_secret

    @property
    def area(self) -> int | None:
        """Give the class of the place it goes to: outside for 移送, inside only when declared."""
        if self.action == "transfer":
            return 0
        return 1 if self.inside and self.action in _STAYS else None

    def classify_request(self) -> ClassifyRequest:
        """Give the decision as a request; 機密性 must be chosen."""
        return ClassifyRequest(
            paths=self.paths,
            c=self.c or 0,
            i=self.i,
            a=self.a,
            restrictions=tuple(self.restrictions),
            audience=tuple(self.audience),
            sources=self.sources,
            reason=self.reason,
            mark=self.mark,
            consulted=", ".join(self.consulted) if all(self.consulted) else "",
        )

    def plan_request(self) -> PlanRequest:
        """Give the question which measures the action needs under this label."""
        noted = ", ".join(self.permit) if all(self.permit) else ""
        return PlanRequest(
            action=self.action,
            paths=self.paths,
            to=self.to,
            contractor=self.contractor,
            area=self.area,
            permit=self.permit_id,
            permit_noted=noted,
            decisions={k: answer for k, answer in self.decisions.items() if answer},
            label=self.classify_request() if self.c else None,
        )

    def handle_request(self) -> HandleRequest:
        """Give the order to carry the plan out; 保存 stays in place, so that it has no folder."""
        plan = msgspec.structs.replace(self.plan_request(), decisions=self.answers)
        out = "" if self.action == "store" else self.out_folder
        return HandleRequest(
            plan=plan,
            out=out,
            password=self.password,
            agreed=self.agreed,
            same_route_reason=self.same_route_reason,
            key_secret=self.key_secret if self.signs else "",
            keep=self.keep,
            revisions=self.revisions,
        )
