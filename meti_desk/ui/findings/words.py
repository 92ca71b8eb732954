"""Words of the findings: places, severities, and what removal does, in words and with an icon."""

from collections.abc import Sequence
from typing import NamedTuple

from meti_desk.formats.base import Finding
from meti_desk.ui.strings import place_name, term, tr

SEVERITIES = ("high", "medium", "low")
"""The worst first."""
BLOCKS = "blocks"


class Sign(NamedTuple):
    """An icon beside words; the words say the same."""

    icon: str
    tone: str


_SIGNS = {
    "high": Sign("alert", "danger"),
    "medium": Sign("info", "warning"),
    "low": Sign("check", "muted"),
}
BLOCKED = Sign("ban", "danger")


def severity_sign(severity: str) -> Sign:
    """Give the icon of a severity."""
    return _SIGNS[severity]


def severity_word(severity: str) -> str:
    """Say how grave a finding is."""
    return term(f"severity.{severity}")


def worst(findings: Sequence[Finding]) -> str:
    """Give the worst severity of some findings."""
    return min((one.severity for one in findings), key=SEVERITIES.index, default="low")


def kind_word(kind: str) -> str:
    """Name a kind of finding."""
    return term(f"finding.{kind}", kind)


def group_word(group: int) -> str:
    """Name a class of findings."""
    return term(f"group.{group}")


def removal_word(removal: str) -> str:
    """Say in short what removal does."""
    return term(f"removal.{removal}")


def removal_reason(removal: str) -> str:
    """Say what removal does to the document, or what has to be done first."""
    return term(f"removal-why.{removal}")


def place_word(place: str) -> str:
    """Name a place so that a person finds it: `slide 3` is スライド 3."""
    named = place_name(place)
    if named != place or not place:
        return named
    first, gap, rest = place.partition(" ")
    word = term(f"place.{first}", first)
    return f"{word}{gap}{rest}"


def total(findings: Sequence[Finding]) -> int:
    """Count findings, each as often as it is there."""
    return sum(one.count for one in findings)


def found_line(findings: Sequence[Finding]) -> str:
    """Say in one line what was found."""
    if not findings:
        return tr("見つかりません")
    blocked = sum(1 for one in findings if one.removal == BLOCKS)
    parts = [tr("{n}件", n=total(findings))]
    grave = total([one for one in findings if one.severity == "high"])
    if grave:
        parts.append(tr("重大 {n}件", n=grave))
    if blocked:
        parts.append(tr("先に解決が必要"))
    return "・".join(parts)
