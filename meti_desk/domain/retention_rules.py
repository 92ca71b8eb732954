"""保存, 消去, 廃棄: where information lies, how long, and how it ends (Arts. 11, 12, 16, 17)."""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from meti_desk.domain.circumstances import (
    Action,
    Facts,
    confirmed,
    considered,
    duty,
    prohibited,
)
from meti_desk.domain.classification import Confidentiality
from meti_desk.domain.label import effective
from meti_desk.domain.measures import Measure


def storing(facts: Facts, demanded: Mapping[str, str]) -> Iterator[Measure]:
    """Give the measures of 保存 (Arts. 11-2, 11-4, 11-5, 11-6, 12)."""
    if facts.action is not Action.STORE:
        return
    label = facts.label
    if label.youhogo and facts.electronic:
        yield duty("access-control", done=True, why="rights", by="file-rights", automatic=True)
    if label.confidentiality is Confidentiality.C3:
        yield _c3_place(facts)
        yield duty("c3-register", done=True, why="register", by="ledger", automatic=True)
    if facts.electronic and (label.youhozen or label.youantei):
        raised = "policy" if facts.policy.is_raised("store-backup", label) else ""
        yield considered(facts, "store-backup", demanded_by=demanded.get("store-backup", raised))
    if facts.about.retention_until or effective(facts.given).terms.keep_until:
        yield duty("retention", done=True, why="retention.kept", by="reminder", automatic=True)


def _c3_place(facts: Facts) -> Measure:
    """Accept a place that the 課室 designated; any other has to be confirmed by the person."""
    place = facts.about.place.replace("\\", "/").rstrip("/")
    for known in facts.policy.c3_places:
        folder = known.folder.replace("\\", "/").rstrip("/")
        inside = folder and PurePosixPath(place).is_relative_to(folder) and ".." not in place
        if place and (place == known.name or inside):
            return duty("c3-place", done=True, why="place.designated", by=known.name)
    return confirmed(facts, "c3-place", "place.not-designated")


def disposing(facts: Facts) -> Iterator[Measure]:
    """Give the measures of 消去 and 廃棄 (Arts. 12, 16, 17)."""
    if facts.action is not Action.DISPOSE:
        return
    yield from _retention(facts)
    erases = facts.about.erases
    if erases == "medium":
        yield confirmed(facts, "medium-erasure", "medium.irrecoverable")
    elif erases == "paper" or not facts.electronic:
        if facts.label.youkimitsu:
            yield confirmed(facts, "paper-disposal", "paper.irrecoverable")
    else:
        yield duty("erasure", done=True, why="erase", by="erase", automatic=True)


def _retention(facts: Facts) -> Iterator[Measure]:
    """Refuse to erase what has to be kept: the term, 行政文書, 開示請求・訴訟・監査 (Art. 12)."""
    about = facts.about
    ends = [day for day in (about.retention_until, effective(facts.given).terms.keep_until) if day]
    running = any(about.today is None or about.today <= day for day in ends)
    unreleased = about.official_record is True and not about.record_released
    for why, holds in (
        ("retention.hold", about.on_hold),
        ("retention.official-record", unreleased),
        ("retention.running", running and about.official_record is not False),
    ):
        if holds:
            yield prohibited("retention", why)
            return
    if about.official_record is None:
        yield confirmed(facts, "retention", "retention.undeclared")
    elif ends:
        yield duty("retention", done=True, why="retention.over")
