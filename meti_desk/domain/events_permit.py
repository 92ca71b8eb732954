"""Events about permits: what was asked, decided, reported, and confirmed (Arts. 13, 77, 82).

The words - titles, reasons - stand in the body and stay on this device; what goes to the server
beside these facts is sealed (`sync.permits`).
"""

from collections.abc import Mapping, Sequence

from meti_desk.domain.events import ACTION, PERMIT, REASON, RECIPIENTS, TITLE, Body
from meti_desk.domain.permit import PermitScope

PERMIT_ASKED = "permit-asked"
"""申請"""
PERMIT_DECIDED = "permit-decided"
"""許可・条件付許可・却下"""
PERMIT_WITHDRAWN = "permit-withdrawn"
"""取下げ"""
PERMIT_REVOKED = "permit-revoked"
"""取消し"""
PERMIT_REPORTED = "permit-reported"
"""終了報告 (Arts. 77-3, 77-7)"""
PERMIT_NOTED_TOLD = "permit-noted"
"""口頭・書面で許可済（要確認） told to those who confirm it."""
PERMIT_CONFIRMED = "permit-confirmed"
"""Its confirmation, or that it was not so."""
STANDING_DECIDED = "standing-decided"
"""A decision in advance about a `consider` measure, or its end."""

KINDS = (
    PERMIT_ASKED, PERMIT_DECIDED, PERMIT_WITHDRAWN, PERMIT_REVOKED, PERMIT_REPORTED,
    PERMIT_NOTED_TOLD, PERMIT_CONFIRMED, STANDING_DECIDED,
)  # fmt: skip

_ARTICLES, _SINCE, _UNTIL, _TITLES = "articles", "since", "until", "titles"
_GRANTED, _DESIGNATED, _NOTE = "granted", "designated", "note"
_REPORT, _EVENT, _RIGHT = "report", "event", "right"
_MEASURE, _ANSWER, _ENDED = "measure", "answer", "ended"


def asked_body(
    permit: str, scope: PermitScope, *, titles: Sequence[str], reason: str, measures: Sequence[str]
) -> Body:
    """Write that a permit was asked for, or its words sealed anew for other readers."""
    return {
        **_about(permit, titles),
        ACTION: ", ".join(sorted(scope.actions)),
        _ARTICLES: sorted(scope.articles),
        RECIPIENTS: sorted(scope.recipients),
        _SINCE: scope.since.isoformat(),
        _UNTIL: scope.until.isoformat(),
        REASON: reason,
        "promised": list(measures),
    }


def decided_body(
    permit: str, *, titles: Sequence[str], granted: bool, designated: Sequence[str], note: str
) -> Body:
    """Write what this person decided about a request of somebody else."""
    told = {_GRANTED: granted, _DESIGNATED: list(designated), _NOTE: note}
    return {**_about(permit, titles), **told}


def named_body(permit: str, *, titles: Sequence[str] = (), note: str = "") -> Body:
    """Write that a request was taken back, or a permit revoked, and why."""
    return {**_about(permit, titles), _NOTE: note}


def reported_body(permit: str, *, titles: Sequence[str], report: str) -> Body:
    """Write the report of the end (Arts. 77-3, 77-7)."""
    return {**_about(permit, titles), _REPORT: report}


def noted_told_body(noted: str, *, event: str, title: str, note: str) -> Body:
    """Write that the responsible person is told of a permission noted in event `event`."""
    return {**_about(noted, (title,)), _EVENT: event, _NOTE: note}


def confirmed_body(noted: str, *, title: str, right: bool, note: str) -> Body:
    """Write whether a noted permission was confirmed."""
    return {**_about(noted, (title,)), _RIGHT: right, _NOTE: note}


def standing_body(standing: str, *, measure: str, answer: str, reason: str, ended: bool) -> Body:
    """Write a decision in advance, or that it was taken back."""
    told = {_MEASURE: measure, _ANSWER: answer, REASON: reason, _ENDED: ended}
    return {**_about(standing, ()), **told}


def about(data: Mapping[str, object]) -> str:
    """Read the id of the permit, the noted permission or the standing decision; or nothing."""
    held = data.get(PERMIT)
    told = held.get("id") if isinstance(held, Mapping) else ""
    return told if isinstance(told, str) else ""


def _about(permit: str, titles: Sequence[str]) -> Body:
    named = [one for one in titles if one]
    # The place is that of `events.PermitEntry`: the server's records name the permit by it.
    return {PERMIT: {"id": permit}, TITLE: named[0] if named else "", _TITLES: named}
