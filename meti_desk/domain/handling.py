"""Action x Label x Circumstances -> the measures that the standard and the policy ask for.

Each function below is one group of rows of the table; a row that does not apply yields nothing.
Raising 機密性, 完全性 or 可用性 never removes or weakens a measure while no exemption is in force.
"""

from collections.abc import Iterator

from meti_desk.domain.circumstances import (
    GIVING,
    Action,
    Circumstances,
    Facts,
    confirmed,
    considered,
    duty,
    permitted,
    prohibited,
)
from meti_desk.domain.classification import Confidentiality
from meti_desk.domain.label import AnyLabel
from meti_desk.domain.measures import ROWS, Measure, MeasureStrength
from meti_desk.domain.permit import Permit
from meti_desk.domain.policy import Policy, Scope
from meti_desk.domain.policy_check import CONSIDERED
from meti_desk.domain.restriction_rules import demands, restriction_measures
from meti_desk.domain.retention_rules import disposing, storing


def measures_for(
    action: Action, label: AnyLabel, about: Circumstances, policy: Policy
) -> tuple[Measure, ...]:
    """Give every measure of one act on one piece of information, each with its state.

    `ready` and `refusal` of `domain.measures` tell whether the act may go ahead. An undecided label
    is handled as its floor, at least C2, and is exempt from nothing.
    """
    facts = Facts(action, label, about, policy)
    demanded = dict(demands(facts))
    found = (
        *_always(facts),
        *_giving(facts),
        *_considering(facts, demanded),
        *_copying(facts),
        *_publishing(facts),
        *_mailing(facts),
        *_services(facts),
        *_outside(facts),
        *storing(facts, demanded),
        *disposing(facts),
        *restriction_measures(facts),
        *_designated(facts),
    )
    return tuple(found)


def _always(facts: Facts) -> Iterator[Measure]:
    yield duty("purpose", done=True, why="guide")
    declared = facts.about.area is not None
    yield duty("area-class", done=True, why="area.declared" if declared else "area.assumed-outside")


def _giving(facts: Facts) -> Iterator[Measure]:
    """移送, 提供, 配付 (Arts. 10-1, 10-3, 13, 14-6, 14-7, 72-2)."""
    label = facts.label
    if label.youhogo and (facts.action is Action.TAKE_OUT or facts.about.carried):
        yield confirmed(facts, "takeout-purpose", "takeout.purpose")
    if label.youhogo and (facts.moves_out or facts.provides):
        scopes: tuple[Scope, ...] = ()
        scopes += ("transfer",) if facts.moves_out else ()
        scopes += ("provide",) if facts.provides else ()
        yield permitted(facts, "permission", exemption=facts.exempt("13", scopes))
    hands_out = facts.action in GIVING and (
        facts.action is Action.DISTRIBUTE or bool(facts.about.recipients)
    )
    if label.youkimitsu and hands_out:
        listed = bool(facts.about.recipients)
        yield duty("minimum-recipients", done=listed, why="recipients", by="list" if listed else "")
    if label.youhogo and facts.provides:
        yield duty("recipient-measures", done=True, why="letter", by="letter", automatic=True)
        if facts.about.contractor:
            yield duty(
                "contractor", done=True, why="contractor.return", by="reminder", automatic=True
            )
    if facts.provides and facts.electronic:
        yield duty(
            "remove-metadata",
            done=True,
            why="scrub",
            by="scrub",
            automatic=True,
            articles=("14-7",),
        )


def _considering(facts: Facts, demanded: dict[str, str]) -> Iterator[Measure]:
    """パスワード, 暗号化, 電子署名, バックアップ, 分割 (Arts. 14-1 to 14-5)."""
    label = facts.label
    moving = facts.moves_out and facts.electronic
    applies = {
        "password": moving and label.youkimitsu,
        "encryption": moving and label.youkimitsu,
        "signature": moving and label.youhozen,
        "backup": moving and label.youhozen,
        "split": moving,
    }
    leaves = moving or facts.provides or facts.sends
    for measure, applied in applies.items():
        by = demanded.get(measure, "")
        if by and leaves and facts.electronic:
            yield considered(facts, measure, demanded_by=by)
        elif applied:
            raised = "policy" if facts.policy.is_raised(measure, label) else ""
            yield considered(facts, measure, demanded_by=raised)


def _copying(facts: Facts) -> Iterator[Measure]:
    """Ask for approval of a second C3, on paper as well (Art. 10-4)."""
    makes = facts.second_file or facts.action in (Action.COPY, Action.PRINT)
    if facts.label.confidentiality is Confidentiality.C3 and makes:
        yield permitted(facts, "copy-approval")


def _publishing(facts: Facts) -> Iterator[Measure]:
    """公表: C1 only, and without 付加情報 (Arts. 15-1, 15-2)."""
    if facts.action is not Action.PUBLISH:
        return
    if facts.decided and not facts.label.youkimitsu:
        yield duty("confirm-c1", done=True, why="label.is-c1", by="label", automatic=True)
    else:
        yield prohibited("confirm-c1", "label.not-c1" if facts.decided else "label.undecided")
    if facts.electronic:
        yield duty(
            "remove-metadata",
            done=True,
            why="scrub",
            by="scrub",
            automatic=True,
            articles=("15-2",),
        )


def _mailing(facts: Facts) -> Iterator[Measure]:
    """電子メール: from the ministry's service, and from .go.jp to outside persons (Art. 53)."""
    about = facts.about
    if about.via != "mail":
        return
    domain = about.sender.strip(" <>").rstrip(".").lower()
    unknown = not domain
    if facts.label.youkimitsu:
        inside = facts.policy.is_inside(domain)
        yield duty("ministry-mail", done=inside, why="mail.sender", later=unknown)
    if facts.outside or facts.provides:
        fits = domain.endswith(".go.jp") or about.recipient_knows_sender
        yield duty("go-jp", done=fits, why="mail.go-jp", later=unknown)


def _services(facts: Facts) -> Iterator[Measure]:
    """約款による外部サービス and social media (Arts. 73-1, 74-1, 74-3)."""
    about = facts.about
    if about.via in ("social-media", "general-terms") and facts.label.youkimitsu:
        article = "74-1" if about.via == "social-media" else "73-1"
        yield prohibited("external-service", about.via, (article,))
    if about.via == "social-media" and facts.label.youantei:
        yield confirmed(facts, "own-site", "own-site")


def _outside(facts: Facts) -> Iterator[Measure]:
    """区域外での情報処理, 端末の持出し, devices that are not the ministry's (Arts. 38, 77-83)."""
    about, protected = facts.about, facts.label.youhogo
    if protected and facts.processes_outside:
        yield permitted(facts, "offsite-permission", exemption=facts.exempt("77-1"))
        yield duty("offsite-record", done=True, why="record", by="ledger", automatic=True)
        yield duty("offsite-minimum", done=True, why="guide")
    if protected and about.system_carried:
        yield permitted(facts, "carry-permission", exemption=_carry_exemption(facts))
    if protected and (facts.processes_outside or about.system_carried):
        yield _end_report(facts)
    if protected and not about.device_issued:
        yield permitted(facts, "device-permission", exemption=facts.exempt("82-1"))
    if protected and (facts.electronic or about.system_carried):
        yield _safety(facts)
    if about.reconnects:
        yield confirmed(facts, "reconnect", "reconnect")


def _end_report(facts: Facts) -> Measure:
    """Remind of the report at the end, unless it was waived.

    77-3 lets who permitted it waive it for any class, 77-7 for a carried system only with
    機密性2情報.
    """
    waived: list[str] = []
    articles: tuple[str, ...] = ()
    if facts.processes_outside:
        articles += ("77-3",)
        waived.append(facts.exempt("77-3") or _waiver(facts, "77-1"))
    if facts.about.system_carried:
        articles += ("77-7",)
        c2 = facts.decided and facts.label.confidentiality is Confidentiality.C2
        waived.append(facts.exempt("77-7") or (_waiver(facts, "77-5") if c2 else ""))
    if all(waived):
        told = "; ".join(dict.fromkeys(waived))
        return duty(
            "offsite-report",
            done=True,
            why="exempt",
            reason=told,
            by="exemption",
            articles=articles,
        )
    return duty(
        "offsite-report", done=False, why="report.at-end", by="reminder", later=True,
        articles=articles,
    )  # fmt: skip


def _waiver(facts: Facts, article: str) -> str:
    permit = facts.permit(article)
    return permit.id if isinstance(permit, Permit) and permit.report_waived else ""


def _carry_exemption(facts: Facts) -> str:
    """Follow 77-5 only where the ministry ruled in writing that 38-8 does so too."""
    ruling = facts.policy.exemption("77-5", facts.label, today=facts.about.today)
    return ruling.also_38_8 and facts.exempt("77-5") if ruling else ""


def _safety(facts: Facts) -> Measure:
    """Ask for the fixed 安全管理措置: a checklist outside the office (Arts. 38-7, 78-83)."""
    about = facts.about
    away = facts.processes_outside or about.system_carried
    articles: tuple[str, ...] = ("38-7",)
    if facts.processes_outside:
        articles += ("78-1", "80") if about.device_issued else ("78-1",)
    articles += ("78-2",) if about.system_carried else ()
    articles += () if about.device_issued else ("82-2", "83")
    if away or not about.device_issued:
        return confirmed(facts, "safety-measures", "checklist", articles)
    return duty("safety-measures", done=True, why="guide", articles=articles)


def _designated(facts: Facts) -> Iterator[Measure]:
    """Ask for the measures that the responsible person designated in the permit (Art. 13)."""
    for article in ("13", "77-1"):
        permit = facts.permit(article)
        if not isinstance(permit, Permit):
            continue
        for words in permit.designated:
            if words not in CONSIDERED:
                yield confirmed(facts, f"designated:{words}", "permission.designated", (article,))


STRENGTH_NAMES = {
    MeasureStrength.CONSIDER: "consider",
    MeasureStrength.MANDATORY: "mandatory",
    MeasureStrength.PROHIBITED: "prohibited",
}
"""The words of the command line for the strengths."""

__all__ = ["ROWS", "STRENGTH_NAMES", "Action", "Circumstances", "measures_for"]
