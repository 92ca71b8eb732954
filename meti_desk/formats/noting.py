"""What a look through a file gathers: findings by kind, with harm and consequence.

For the families of mails, archives and texts, whose files hold other files: what those say comes
along with its place.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec

from meti_desk.domain.errors import RuleViolation
from meti_desk.formats.base import Finding, Removal, Removed, ScrubOrder, ScrubReport, Severity

_SHOWN = 80
_OWN = ".own-property"
GOING = frozenset({"removed", "replaced", "accepted"})


class Kind(NamedTuple):
    """The class in the order of harm, the severity, and what 提供 and 公表 do with it."""

    group: int
    severity: Severity
    provide: Removal = "removed"
    publish: Removal = "removed"


class Notes:
    """Counts what was found, one row per kind, place and value."""

    def __init__(
        self, order: ScrubOrder, kinds: Mapping[str, Kind], *, showing: bool = False
    ) -> None:
        """Remember what a person wants; `showing`: only a list of findings is asked for."""
        self.order = order
        self.showing = showing
        self._kinds = kinds
        self._rows: Counter[tuple[str, str, str]] = Counter()
        self._inside: list[Finding] = []
        self._gone_inside: Counter[str] = Counter()

    def removal(self, kind: str) -> Removal:
        """Tell what becomes of a kind; our own properties are never kept in what is published."""
        group, _, provided, published = self._kinds[kind]
        publishing = self.order.purpose == "publish"
        asked = kind in self.order.keep or str(group) in self.order.keep
        if asked and not (publishing and kind.endswith(_OWN)):
            return "kept"
        return published if publishing else provided

    def goes(self, kind: str) -> bool:
        """Tell whether a kind is taken out."""
        return self.removal(kind) in GOING

    def add(self, kind: str, place: str, value: bytes | str = "", count: int = 1) -> bool:
        """Note a finding and tell whether it has to be taken out."""
        self._rows[(kind, place, shortened(value))] += count
        return self.goes(kind)

    def count(self, kind: str) -> int:
        """Tell how often a kind was found."""
        return sum(count for (found, _, _), count in self._rows.items() if found == kind)

    def found_inside(self, place: str, findings: Iterable[Finding]) -> None:
        """Take over the findings of a file inside."""
        for one in findings:
            inner = f"{place}/{one.place}" if one.place else place
            self._inside.append(msgspec.structs.replace(one, place=inner))

    def done_inside(self, place: str, report: ScrubReport) -> None:
        """Take over what the scrub of a file inside removed and left."""
        for one in report.removed:
            self._gone_inside[one.kind] += one.count
        self.found_inside(place, report.left)

    def findings(self) -> tuple[Finding, ...]:
        """Give all findings, the most harmful class first."""
        rows = [
            Finding(kind, self._kinds[kind].group, self._kinds[kind].severity, place, value, count,
                    self.removal(kind))
            for (kind, place, value), count in self._rows.items()
        ]  # fmt: skip
        return tuple(sorted((*rows, *self._inside), key=lambda row: (row.group, row.kind)))

    def report(self) -> ScrubReport:
        """Tell what went and what was left.

        Raises `RuleViolation("scrub.blocked", kind=…, count=…, member=…)` for what a person has to
        solve first (Arts. 14-7, 15-2).
        """
        rows = self.findings()
        blocking = [one for one in rows if one.removal == "blocks"]
        if blocking:
            raise RuleViolation(
                "scrub.blocked",
                articles=("15-2",) if self.order.purpose == "publish" else ("14-7",),
                kind=blocking[0].kind,
                count=sum(one.count for one in blocking),
                member=blocking[0].place[:_SHOWN],
            )
        gone = Counter(self._gone_inside)
        for one in rows:
            if one.removal in GOING:
                gone[one.kind] += one.count
        return ScrubReport(
            removed=tuple(Removed(kind, count) for kind, count in sorted(gone.items())),
            left=tuple(one for one in rows if one.removal not in GOING),
        )


def shortened(value: bytes | str) -> str:
    """Make a value fit to be shown: on one line, printable, 80 characters."""
    if isinstance(value, bytes):
        from meti_desk.formats.text.encoding import decode

        value = decode(value[: 8 * _SHOWN])
    plain = "".join(one if one.isprintable() else " " for one in value[: 4 * _SHOWN])
    plain = " ".join(plain.split())
    return plain if len(plain) <= _SHOWN else plain[: _SHOWN - 1] + "…"
