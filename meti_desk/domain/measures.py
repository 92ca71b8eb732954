"""The measures of the standard, one row each, and what became of them in one act."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from meti_desk.domain.errors import RuleViolation


class MeasureStrength(IntEnum):
    """How a measure binds; a larger value is stricter."""

    CONSIDER = 1
    """検討し、必要があると認めるときは: decided, and recorded even when the answer is no."""
    MANDATORY = 2
    PROHIBITED = 3
    """The act itself may not be done."""


class MeasureState(StrEnum):
    """Where a measure stands in one act."""

    DONE = "done"
    OPEN = "open"
    WAITING = "waiting"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One measure of one act. `why` is a code for the wording, `reason` what a person gave.

    `fulfilled_by` names what meets it. `automatic`: meti-desk carries it out itself. `later`: it is
    due after the act (report, return), so that it holds nothing up.
    """

    id: str
    articles: tuple[str, ...]
    strength: MeasureStrength
    state: MeasureState
    why: str = ""
    reason: str = ""
    fulfilled_by: str = ""
    automatic: bool = False
    later: bool = False

    @property
    def article(self) -> str:
        """Give the first article."""
        return self.articles[0]

    @property
    def met(self) -> bool:
        """Tell whether this measure lets the act go ahead."""
        declined = self.strength is MeasureStrength.CONSIDER and self.state is MeasureState.DECLINED
        return self.later or declined or self.state is MeasureState.DONE


ROWS: Mapping[str, tuple[str, ...]] = {
    "purpose": ("3-1", "8", "38-1"),
    "takeout-purpose": ("10-1",),
    "permission": ("13",),
    "password": ("14-1",),
    "encryption": ("14-2", "30-1"),
    "signature": ("14-3", "30-1"),
    "backup": ("14-4",),
    "split": ("14-5",),
    "recipient-measures": ("14-6",),
    "remove-metadata": ("14-7", "15-2"),
    "confirm-c1": ("15-1",),
    "copy-approval": ("10-4",),
    "minimum-recipients": ("10-3",),
    "offsite-permission": ("77-1",),
    "offsite-record": ("77-2",),
    "offsite-report": ("77-3", "77-7"),
    "offsite-minimum": ("77-4",),
    "carry-permission": ("38-8", "77-5", "77-6", "77-8"),
    "safety-measures": ("38-7", "78-1", "78-2", "80", "82-2", "83"),
    "device-permission": ("82-1",),
    "reconnect": ("38-9",),
    "area-class": ("43-5",),
    "ministry-mail": ("53-1",),
    "go-jp": ("53-2",),
    "contractor": ("72-2",),
    "external-service": ("73-1", "74-1"),
    "own-site": ("74-3",),
    "access-control": ("11-4",),
    "c3-place": ("11-5",),
    "c3-register": ("11-2",),
    "store-backup": ("11-6",),
    "retention": ("12",),
    "erasure": ("16-1",),
    "medium-erasure": ("16-2",),
    "paper-disposal": ("17",),
}
"""Every measure that the standard itself asks for, and its articles; restrictions add their own."""

RESTRICTION_ARTICLES = ("9",)
"""What makes a restriction bind."""

PERMISSIONS: Mapping[str, str] = {
    "permission": "13",
    "copy-approval": "10-4",
    "offsite-permission": "77-1",
    "carry-permission": "77-5",
    "device-permission": "82-1",
}
"""The measures that a permit fulfils, and the article under which it has to be granted."""


def ready(measures: Sequence[Measure]) -> bool:
    """Tell whether the act may go ahead: nothing prohibited, nothing open, all considered."""
    return all(measure.met for measure in measures)


def refusal(measures: Sequence[Measure]) -> RuleViolation | None:
    """Make the refusal for the first unmet measure: prohibitions, then duties, then decisions.

    Codes: `publish.not-c1`, `restriction.forbids`, `retention.forbids`,
    `external-service.forbidden`, `permission.waiting`, `permission.missing`, `measure.open`,
    `decision.missing`; each with the `measure`, the `why` and the articles.
    """
    unmet = sorted((one for one in measures if not one.met), key=lambda one: -one.strength)
    if not unmet:
        return None
    first = unmet[0]
    return RuleViolation(_code(first), articles=first.articles, measure=first.id, why=first.why)


_PROHIBITIONS: Mapping[str, str] = {
    "confirm-c1": "publish.not-c1",
    "retention": "retention.forbids",
    "external-service": "external-service.forbidden",
}


def _code(measure: Measure) -> str:
    if measure.strength is MeasureStrength.PROHIBITED:
        return _PROHIBITIONS.get(measure.id, "restriction.forbids")
    if measure.strength is MeasureStrength.CONSIDER:
        return "decision.missing"
    if measure.state is MeasureState.WAITING:
        return "permission.waiting"
    needs_permit = measure.id in PERMISSIONS or measure.why == "restriction.needs-permit"
    return "permission.missing" if needs_permit else "measure.open"
