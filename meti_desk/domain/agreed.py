"""合意したパスワード: what was agreed with a recipient for the files that go there (Art. 14-1)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from meti_desk.domain.errors import InvalidInput, RuleViolation

ToldBy = Literal["phone", "in-person", "post", "other", "mail"]
TOLD_BY: tuple[ToldBy, ...] = ("phone", "in-person", "post", "other", "mail")
"""How a password reached the recipient; files travel by mail, so that one is not another way."""

DUE_AFTER = 180
"""Days after which a new password is reminded of."""
KEPT = 3
"""Former passwords that stay: they open what was sent before."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """A password that is agreed with `recipient` (a mail address); `number` counts from 1."""

    recipient: str
    number: int
    password: str = field(repr=False)
    agreed_at: str
    told_by: str
    reason: str = ""
    last_used: str = ""

    def age(self, now: datetime) -> int:
        """Tell for how many days it has been in use."""
        return max((now - datetime.fromisoformat(self.agreed_at)).days, 0)

    def due(self, now: datetime) -> bool:
        """Tell whether it is time for a new one."""
        return self.age(now) >= DUE_AFTER


def check_way(told_by: str, reason: str) -> ToldBy:
    """Refuse a password told on the way that the files take, unless there is a reason (14-1).

    Raises `RuleViolation("password.same-route")`, `InvalidInput("password.unknown-way")`.
    """
    for one in TOLD_BY:
        if one == told_by:
            if one == "mail" and not reason.strip():
                raise RuleViolation("password.same-route", articles=("14-1",))
            return one
    raise InvalidInput("password.unknown-way", value=told_by)
