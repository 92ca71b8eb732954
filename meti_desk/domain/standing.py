"""あらかじめの決定: what the 課室情報セキュリティ責任者 decided in advance about a 検討 (Art. 14).

Such a decision says for which levels, for whom and until when a `consider` measure is needed or
not, and why; each record cites it. It holds for the 課室 whose responsible person made it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from meti_desk.domain.label import AnyLabel, Label
from meti_desk.domain.policy_check import CONSIDERED
from meti_desk.domain.recipients import all_named

_LEVELS = frozenset({1, 2, 3})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One decision. Both days of the period belong to it.

    `levels` are those of 機密性, `recipients` mail addresses or domains beginning with `@`; empty
    of either: all. `needed`: the measure is taken; else it is not, for `reason`.
    """

    id: str
    measure: str
    needed: bool
    levels: frozenset[int] = frozenset()
    recipients: frozenset[str] = frozenset()
    since: date
    until: date
    reason: str
    unit: str = ""
    decided_by: str = ""
    ended: bool = False

    @property
    def problem(self) -> str:
        """Name what is missing or wrong - a word for tests and logs -, or nothing."""
        wrong = {
            "measure": self.measure not in CONSIDERED,
            "levels": not self.levels <= _LEVELS,
            "period": self.until < self.since,
            "reason": not self.reason.strip(),
        }
        return next((what for what, is_wrong in wrong.items() if is_wrong), "")

    def answers(
        self, *, measure: str, label: AnyLabel, recipients: Iterable[str], today: date | None
    ) -> bool:
        """Tell whether it decides this measure for this act; without a day nothing is in force.

        An undecided label is decided by nobody in advance. Where the decision names recipients, all
        of the act's have to be among them, and there has to be one.
        """
        if self.ended or self.problem or today is None or not isinstance(label, Label):
            return False
        level = not self.levels or int(label.confidentiality) in self.levels
        in_time = self.since <= today <= self.until
        reaches = not self.recipients or all_named(self.recipients, recipients)
        return self.measure == measure and level and in_time and reaches


def answer(
    decisions: Iterable[Standing], *, measure: str, label: AnyLabel, recipients: Iterable[str],
    today: date | None, unit: str,
) -> Standing | None:  # fmt: skip
    """Find the decision of a 課室 that answers a measure; none: the person decides.

    Of several, one that asks for the measure goes before one that does not, then the one that runs
    longer: nothing becomes laxer by a further decision.
    """
    told = tuple(recipients)
    fitting = [
        one
        for one in decisions
        if one.unit == unit
        and one.answers(measure=measure, label=label, recipients=told, today=today)
    ]
    return max(fitting, key=lambda one: (one.needed, one.until, one.id), default=None)
