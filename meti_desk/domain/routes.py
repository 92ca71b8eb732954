"""移送経路: by which ways the parts of a split document travel, and what the rules say of each.

Art. 14-5 asks for different ways. What a way needs is told by its articles; a general external
service (約款による外部サービス) takes no 要機密情報 (Art. 73-1), split or not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.domain.label import AnyLabel, Label

RouteKind = Literal["mail", "medium", "transfer-service", "hand", "paper", "general-service"]

ARTICLES: dict[RouteKind, tuple[str, ...]] = {
    "mail": ("53-1",),
    "medium": ("11-3", "38-5"),
    "transfer-service": ("73-1",),
    "hand": ("13-1",),
    "paper": ("13-1",),
    "general-service": ("73-1",),
}
"""Which article speaks of a way; the order is that in which they are offered."""

USUAL: tuple[RouteKind, ...] = ("mail", "medium", "transfer-service", "hand", "paper")
"""What is proposed for the first part, the second …, until the person chooses."""

_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Route:
    """One way: its kind and, where there are two of a kind, which one (書留, 課の使者 …)."""

    kind: RouteKind
    detail: str = ""

    @property
    def carries_file(self) -> bool:
        """Tell whether a file can go this way; paper takes a share alone."""
        return self.kind != "paper"


def read_route(text: str) -> Route:
    """Read `mail` or `medium:書留` (`route.unknown`)."""
    kind, _, detail = text.partition(":")
    detail = detail.strip()
    if kind not in ARTICLES or len(detail) > _LONGEST or not (detail.isprintable() or not detail):
        raise InvalidInput("route.unknown", value=text[:_LONGEST])
    return Route(kind, detail)


def check_routes(routes: Sequence[Route], label: AnyLabel | None, *, n: int, k: int) -> None:
    """Refuse ways that the rules forbid, or that make the split pointless (Arts. 14-5, 73-1).

    An undecided document is taken for 要機密, which it may be. Raises `RuleViolation`:
    `route.general-service`, `route.twice`, `route.paper-only`; `InvalidInput("route.count")`.
    """
    if len(routes) != n:
        raise InvalidInput("route.count", found=len(routes), expected=n)
    secret = not isinstance(label, Label) or label.youkimitsu
    if secret and any(one.kind == "general-service" for one in routes):
        raise RuleViolation("route.general-service", articles=("73-1",))
    seen: set[Route] = set()
    for number, one in enumerate(routes, start=1):
        if one in seen:
            raise RuleViolation("route.twice", articles=("14-5",), part=number, route=one.kind)
        seen.add(one)
    on_paper = sum(not one.carries_file for one in routes)
    if on_paper >= (n if k == n else k):
        # Any parts that suffice must have the document among them.
        raise InvalidInput("route.paper-only", paper=on_paper, most=(n if k == n else k) - 1)


def proposed(n: int) -> tuple[Route, ...]:
    """Propose different ways for `n` parts; beyond the usual ones, further media are told apart."""
    first = [Route(kind) for kind in USUAL[:n]]
    more = [Route("medium", str(number + 2)) for number in range(n - len(first))]
    return (*first, *more)
