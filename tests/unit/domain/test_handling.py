"""Every row of the table: where it applies, where not, how strongly, and what meets it."""

from dataclasses import replace
from datetime import date

import pytest

from meti_desk.domain.circumstances import Choice
from meti_desk.domain.classification import Availability, Confidentiality, Integrity
from meti_desk.domain.handling import Action, Circumstances, measures_for
from meti_desk.domain.label import AnyLabel, Label, Undecided
from meti_desk.domain.measures import ROWS, Measure, MeasureState, MeasureStrength, ready, refusal
from meti_desk.domain.permit import NotedPermit
from meti_desk.domain.policy import Exemption, Policy, Raised, StandingDecision, StoragePlace
from meti_desk.standard.policy_file import shipped_policy

POLICY = shipped_policy()
TODAY = date(2026, 11, 22)
LATER = date(2027, 3, 31)
C1, C2, C3 = (Label(level) for level in Confidentiality)
I2 = Label(Confidentiality.C1, Integrity.I2)
A2 = Label(Confidentiality.C1, availability=Availability.A2)
C2I2 = Label(Confidentiality.C2, Integrity.I2)
NOTED = NotedPermit(who="課長", when="11/20", how="口頭")
D, OPEN, W, N = MeasureState.DONE, MeasureState.OPEN, MeasureState.WAITING, MeasureState.DECLINED
MUST, MAY, NEVER = (
    MeasureStrength.MANDATORY,
    MeasureStrength.CONSIDER,
    MeasureStrength.PROHIBITED,
)
YES, NO = Choice(yes=True), Choice(yes=False, reason="相手が既に持っている")
OUT = ("x@example.com",)
IN = ("a@meti.go.jp",)
PAST = date(2026, 11, 21)

copy, distribute, printing, store, transfer, provide, publish, take_out, dispose = Action


def about(**more: object) -> Circumstances:
    return replace(Circumstances(today=TODAY), **more)  # type: ignore[arg-type]  # any field


def find(
    measure: str, action: Action, label: AnyLabel, here: Circumstances, policy: Policy = POLICY
) -> Measure | None:
    found = [one for one in measures_for(action, label, here, policy) if one.id == measure]
    assert len(found) <= 1
    return found[0] if found else None


INSIDE = about(area=2, recipients=IN)
RELEASED = about(official_record=True, record_released=True)

APPLIES = [
    ("purpose", store, C1, about(), MUST, D),
    ("takeout-purpose", take_out, C2, about(), MUST, OPEN),
    ("takeout-purpose", provide, I2, about(carried="medium", area=2), MUST, OPEN),
    ("permission", transfer, C2, about(), MUST, OPEN),
    ("permission", transfer, I2, about(), MUST, OPEN),
    ("permission", transfer, A2, about(), MUST, OPEN),
    ("permission", provide, C2, about(electronic=False, area=2), MUST, OPEN),
    ("permission", distribute, C2, about(area=2, recipients=OUT), MUST, OPEN),
    ("permission", distribute, C2, about(area=0, recipients=IN), MUST, OPEN),
    ("permission", distribute, C2, about(recipients=IN), MUST, OPEN),
    ("permission", distribute, C2, about(recipients=IN, permits=(NOTED,)), MUST, D),
    ("permission", copy, C2, about(area=0), MUST, OPEN),
    ("permission", transfer, Undecided(), about(), MUST, OPEN),
    ("password", transfer, C2, about(), MAY, OPEN),
    ("password", transfer, C2, about(decisions={"password": YES}), MAY, D),
    ("password", transfer, C2, about(decisions={"password": NO}), MAY, N),
    ("password", transfer, C2, about(decisions={"password": Choice(yes=False)}), MAY, OPEN),
    ("encryption", transfer, C3, about(), MAY, OPEN),
    ("encryption", provide, C2, about(), MAY, OPEN),
    ("signature", transfer, I2, about(), MAY, OPEN),
    ("backup", transfer, I2, about(), MAY, OPEN),
    ("split", transfer, C1, about(), MAY, OPEN),
    ("recipient-measures", provide, C2, about(), MUST, D),
    ("recipient-measures", provide, A2, about(), MUST, D),
    ("remove-metadata", provide, C1, about(), MUST, D),
    ("remove-metadata", transfer, C1, about(recipients=OUT), MUST, D),
    ("remove-metadata", publish, C1, about(), MUST, D),
    ("confirm-c1", publish, C1, about(), MUST, D),
    ("confirm-c1", publish, C2, about(), NEVER, OPEN),
    ("confirm-c1", publish, C3, about(), NEVER, OPEN),
    ("confirm-c1", publish, Undecided(), about(), NEVER, OPEN),
    ("confirm-c1", publish, Undecided(C1), about(), NEVER, OPEN),
    ("copy-approval", copy, C3, about(), MUST, OPEN),
    ("copy-approval", copy, C3, about(electronic=False), MUST, OPEN),
    ("copy-approval", printing, C3, about(), MUST, OPEN),
    ("copy-approval", provide, C3, about(), MUST, OPEN),
    ("copy-approval", take_out, C3, about(permits=(NOTED,)), MUST, D),
    ("copy-approval", store, C3, about(decisions={"store-backup": YES}), MUST, OPEN),
    ("minimum-recipients", distribute, C2, INSIDE, MUST, D),
    ("minimum-recipients", distribute, C2, about(area=2), MUST, OPEN),
    ("minimum-recipients", provide, C2, about(recipients=OUT), MUST, D),
    ("offsite-permission", take_out, C2, about(), MUST, OPEN),
    ("offsite-permission", store, A2, about(area=0), MUST, OPEN),
    ("offsite-record", take_out, I2, about(), MUST, D),
    ("offsite-report", take_out, C3, about(), MUST, W),
    ("offsite-minimum", printing, C2, about(area=0), MUST, D),
    ("carry-permission", take_out, C2, about(system_carried=True), MUST, OPEN),
    ("safety-measures", store, C2, about(area=2), MUST, D),
    ("safety-measures", take_out, C2, about(), MUST, OPEN),
    ("safety-measures", take_out, C2, about(decisions={"safety-measures": YES}), MUST, D),
    ("safety-measures", store, A2, about(area=2, device_issued=False), MUST, OPEN),
    ("device-permission", store, C3, about(area=2, device_issued=False), MUST, OPEN),
    ("reconnect", store, C1, about(reconnects=True), MUST, OPEN),
    ("area-class", printing, C1, about(), MUST, D),
    ("ministry-mail", distribute, C2, about(via="mail", sender="a@meti.go.jp"), MUST, D),
    ("ministry-mail", distribute, C2, about(via="mail", sender="a@gmail.com"), MUST, OPEN),
    ("ministry-mail", distribute, C2, about(via="mail"), MUST, W),
    ("go-jp", provide, C1, about(via="mail", recipients=OUT, sender="a@meti.go.jp"), MUST, D),
    ("go-jp", provide, C1, about(via="mail", recipients=OUT, sender="a@meti.example"), MUST, OPEN),
    (
        "go-jp", transfer, C1,
        about(via="mail", recipients=OUT, sender="a@x.jp", recipient_knows_sender=True), MUST, D,
    ),
    ("contractor", provide, C2, about(contractor=True), MUST, D),
    ("external-service", provide, C2, about(via="general-terms"), NEVER, OPEN),
    ("external-service", publish, C3, about(via="social-media"), NEVER, OPEN),
    ("own-site", publish, A2, about(via="social-media"), MUST, OPEN),
    ("own-site", publish, A2, about(via="social-media", decisions={"own-site": YES}), MUST, D),
    ("access-control", store, A2, about(), MUST, D),
    ("c3-place", store, C3, about(), MUST, OPEN),
    ("c3-place", store, C3, about(decisions={"c3-place": YES}), MUST, D),
    ("c3-place", store, C3, about(electronic=False), MUST, OPEN),
    ("c3-register", store, C3, about(), MUST, D),
    ("store-backup", store, I2, about(), MAY, OPEN),
    ("store-backup", store, A2, about(), MAY, OPEN),
    ("retention", store, C1, about(retention_until=LATER), MUST, D),
    ("retention", dispose, C1, about(retention_until=LATER), NEVER, OPEN),
    ("retention", dispose, C1, about(official_record=True), NEVER, OPEN),
    ("retention", dispose, C1, replace(RELEASED, on_hold=True), NEVER, OPEN),
    ("retention", dispose, C1, about(official_record=False, on_hold=True), NEVER, OPEN),
    ("retention", dispose, C1, about(), MUST, OPEN),
    ("retention", dispose, C1, replace(RELEASED, retention_until=TODAY), NEVER, OPEN),
    ("retention", dispose, C1, replace(RELEASED, retention_until=PAST), MUST, D),
    ("erasure", dispose, C1, about(), MUST, D),
    ("medium-erasure", dispose, C1, about(erases="medium"), MUST, OPEN),
    (
        "medium-erasure", dispose, C1,
        about(erases="medium", decisions={"medium-erasure": YES}), MUST, D,
    ),
    ("paper-disposal", dispose, C2, about(erases="paper"), MUST, OPEN),
    ("paper-disposal", dispose, C3, about(electronic=False), MUST, OPEN),
]  # fmt: skip

ABSENT = [
    ("takeout-purpose", take_out, C1, about()),
    ("takeout-purpose", transfer, C2, about()),
    ("permission", transfer, C1, about()),
    ("permission", distribute, C3, INSIDE),
    ("permission", transfer, I2, about(electronic=False)),
    ("permission", copy, C3, about()),
    ("permission", publish, I2, about()),
    ("password", transfer, I2, about()),
    ("password", transfer, C2, about(electronic=False)),
    ("password", provide, C2, about(area=2)),
    ("encryption", transfer, C1, about()),
    ("encryption", transfer, C3, about(carried="paper")),
    ("encryption", distribute, C3, INSIDE),
    ("signature", transfer, C3, about()),
    ("backup", transfer, C3, about()),
    ("split", provide, C3, about(area=2)),
    ("split", transfer, C3, about(electronic=False)),
    ("recipient-measures", provide, C1, about()),
    ("recipient-measures", transfer, C2, about(recipients=IN)),
    ("remove-metadata", provide, C1, about(electronic=False)),
    ("remove-metadata", transfer, C3, about(recipients=IN)),
    ("confirm-c1", provide, C2, about()),
    ("copy-approval", copy, C2, about()),
    ("copy-approval", store, C3, about()),
    ("copy-approval", transfer, C3, about(leaves_second_copy=False)),
    ("minimum-recipients", distribute, C1, INSIDE),
    ("offsite-permission", take_out, C1, about()),
    ("offsite-permission", store, C3, about(area=2)),
    ("offsite-permission", store, C3, about()),
    ("offsite-record", store, C3, about(area=1)),
    ("offsite-report", store, C3, about(area=1)),
    ("offsite-minimum", store, C3, about(area=1)),
    ("carry-permission", take_out, C1, about(system_carried=True)),
    ("carry-permission", take_out, C3, about()),
    ("safety-measures", store, C1, about()),
    ("device-permission", store, C1, about(device_issued=False)),
    ("device-permission", store, C3, about()),
    ("reconnect", take_out, C3, about()),
    ("ministry-mail", provide, C2, about()),
    ("ministry-mail", provide, C1, about(via="mail")),
    ("go-jp", distribute, C2, about(via="mail", recipients=IN)),
    ("contractor", provide, C2, about()),
    ("contractor", provide, C1, about(contractor=True)),
    ("external-service", publish, I2, about(via="social-media")),
    ("external-service", provide, C3, about(via="mail")),
    ("own-site", publish, C1, about(via="social-media")),
    ("access-control", store, C1, about()),
    ("c3-place", store, C2, about()),
    ("c3-register", store, C2, about()),
    ("store-backup", store, C3, about()),
    ("retention", store, C3, about()),
    ("retention", dispose, C1, about(retention_until=None, official_record=False)),
    ("erasure", dispose, C1, about(erases="medium")),
    ("medium-erasure", dispose, C3, about()),
    ("paper-disposal", dispose, C1, about(erases="paper")),
]


@pytest.mark.parametrize(("measure", "action", "label", "here", "strength", "state"), APPLIES)
def test_where_a_row_applies(
    measure: str, action: Action, label: AnyLabel, here: Circumstances,
    strength: MeasureStrength, state: MeasureState,
) -> None:  # fmt: skip
    found = find(measure, action, label, here)
    assert found is not None
    assert (found.strength, found.state) == (strength, state)


@pytest.mark.parametrize(("measure", "action", "label", "here"), ABSENT)
def test_where_a_row_does_not_apply(
    measure: str, action: Action, label: AnyLabel, here: Circumstances
) -> None:
    assert find(measure, action, label, here) is None


def test_every_row_is_tested_both_ways() -> None:
    everywhere = {"purpose", "area-class"}
    assert {row[0] for row in APPLIES} == set(ROWS)
    assert {row[0] for row in ABSENT} == set(ROWS) - everywhere


def test_articles_follow_the_act() -> None:
    def articles(measure: str, action: Action, here: Circumstances) -> tuple[str, ...]:
        found = find(measure, action, C2, here)
        assert found is not None
        return found.articles

    assert articles("remove-metadata", provide, about()) == ("14-7",)
    assert articles("remove-metadata", publish, about()) == ("15-2",)
    assert articles("external-service", provide, about(via="general-terms")) == ("73-1",)
    assert articles("external-service", provide, about(via="social-media")) == ("74-1",)
    assert articles("safety-measures", take_out, about()) == ("38-7", "78-1", "80")
    foreign = about(device_issued=False, system_carried=True)
    assert articles("safety-measures", take_out, foreign) == ("38-7", "78-1", "78-2", "82-2", "83")
    assert articles("offsite-report", take_out, foreign) == ("77-3", "77-7")


def ruling(article: str, *levels: int, **more: object) -> Policy:
    one = Exemption(
        article=article, reference="細則3", ruled_by="課長", ruled_on=date(2026, 4, 1),
        confidentiality=levels, **more,
    )  # type: ignore[arg-type]  # fmt: skip  # the literals of the table below
    return replace(POLICY, exemptions=(one,))


@pytest.mark.parametrize(
    ("measure", "action", "label", "here", "policy", "state"),
    [
        ("permission", transfer, C2, about(), ruling("13", 2, scope="transfer"), D),
        ("permission", transfer, C2I2, about(), ruling("13", 2, scope="transfer"), D),
        ("permission", transfer, C3, about(), ruling("13", 2, scope="transfer"), OPEN),
        ("permission", transfer, I2, about(), ruling("13", 2, scope="transfer"), OPEN),
        ("permission", transfer, Undecided(C2), about(), ruling("13", 2, scope="transfer"), OPEN),
        ("permission", transfer, C2, about(today=None), ruling("13", 2, scope="transfer"), OPEN),
        ("permission", provide, C2, about(), ruling("13", 2, scope="transfer"), OPEN),
        ("permission", provide, C2, about(), ruling("13", 2, scope="provide"), OPEN),
        ("permission", provide, C2, about(), ruling("13", 2, scope="both"), D),
        ("permission", provide, C2, about(area=2), ruling("13", 2, scope="provide"), D),
        ("offsite-permission", take_out, C2, about(), ruling("77-1", 2), D),
        ("offsite-permission", take_out, C3, about(), ruling("77-1", 2), OPEN),
        ("offsite-report", take_out, C3, about(), ruling("77-3", 3), D),
        ("offsite-report", take_out, C2, about(system_carried=True), ruling("77-3", 2), W),
        ("device-permission", store, C3, about(device_issued=False), ruling("82-1", 3), D),
        ("carry-permission", take_out, C2, about(system_carried=True), ruling("77-5", 2), OPEN),
        (
            "carry-permission", take_out, C2, about(system_carried=True),
            ruling("77-5", 2, also_38_8="裁定"), D,
        ),
        (
            "carry-permission", take_out, C3, about(system_carried=True),
            ruling("77-5", 1, 2, also_38_8="裁定"), OPEN,
        ),
    ],
)  # fmt: skip
def test_exemptions_reach_as_far_as_their_article(
    measure: str, action: Action, label: AnyLabel, here: Circumstances, policy: Policy,
    state: MeasureState,
) -> None:  # fmt: skip
    found = find(measure, action, label, here, policy)
    assert found is not None
    assert found.state is state
    if state is D:
        assert found.why == "exempt"
        assert "細則3" in found.reason


STANDING = StandingDecision(
    id="2026-01", measure="split", needed=False, confidentiality=(1, 2), recipients="outside",
    until=LATER, reason="通信路で暗号化", decided_by="課長",
)  # fmt: skip


def test_a_standing_decision_answers_a_consideration_and_is_cited() -> None:
    policy = replace(POLICY, standing=(STANDING,))
    found = find("split", provide, C2, about(), policy)
    assert found is not None
    assert (found.state, found.fulfilled_by, found.met) == (N, "2026-01", True)
    assert found.reason == "2026-01: 通信路で暗号化"
    own = find("split", provide, C2, about(decisions={"split": YES}), policy)
    assert own is not None
    assert own.state is D
    for action, label in ((transfer, C2), (provide, C3), (provide, Undecided(C2))):
        other = find("split", action, label, about(), policy)
        assert other is not None
        assert other.state is OPEN


def test_policy_may_raise_a_consideration_to_a_duty() -> None:
    raised = Raised(measure="encryption", from_confidentiality=3, reference="通達")
    policy = replace(POLICY, raised=(raised,))
    for label, strength in ((C2, MAY), (C3, MUST)):
        found = find("encryption", transfer, label, about(), policy)
        assert found is not None
        assert found.strength is strength
    refused = find("encryption", transfer, C3, about(decisions={"encryption": NO}), policy)
    assert refused is not None
    assert (refused.state, refused.met) == (OPEN, False)


@pytest.mark.parametrize(
    ("place", "state"),
    [
        ("//server/share/secret/a", D),
        ("\\\\server\\share\\secret", D),
        ("//server/share/secret2", OPEN),
        ("//server/share/secret/../open", OPEN),
        ("金庫", D),
        ("", OPEN),
    ],
)
def test_the_places_for_c3_are_those_that_were_designated(place: str, state: MeasureState) -> None:
    places = (
        StoragePlace(unit="課", name="共有", folder="//server/share/secret/"),
        StoragePlace(unit="課", name="金庫", paper=True),
    )
    policy = replace(POLICY, c3_places=places)
    found = find("c3-place", store, C3, about(place=place), policy)
    assert found is not None
    assert found.state is state


def test_a_plan_is_ready_when_all_is_met_and_considered() -> None:
    here = about(area=2, recipients=IN)
    assert ready(measures_for(distribute, C2, here, POLICY))
    sending = about(recipients=OUT, permits=(NOTED,), area=2)
    assert ready(measures_for(provide, C2, sending, POLICY))
    answered = dict.fromkeys(("password", "encryption", "split"), NO)
    far = replace(sending, area=0)
    assert not ready(measures_for(provide, C2, far, POLICY))
    assert ready(measures_for(provide, C2, replace(far, decisions=answered), POLICY))


@pytest.mark.parametrize(
    ("action", "label", "here", "code", "articles"),
    [
        (provide, C2, about(), "permission.missing", ("13",)),
        (publish, C2, about(), "publish.not-c1", ("15-1",)),
        (publish, Undecided(), about(), "publish.not-c1", ("15-1",)),
        (transfer, C1, about(), "decision.missing", ("14-5",)),
        (dispose, C1, about(official_record=True), "retention.forbids", ("12",)),
        (dispose, C1, about(erases="medium", official_record=False), "measure.open", ("16-2",)),
        (provide, C2, about(via="general-terms"), "external-service.forbidden", ("73-1",)),
        (copy, C3, about(), "permission.missing", ("10-4",)),
    ],
)
def test_the_refusal_names_the_first_unmet_measure(
    action: Action, label: AnyLabel, here: Circumstances, code: str, articles: tuple[str, ...]
) -> None:
    error = refusal(measures_for(action, label, here, POLICY))
    assert error is not None
    assert (error.code, error.articles) == (code, articles)


def test_nothing_is_refused_when_all_is_met() -> None:
    assert refusal(measures_for(store, C1, about(), POLICY)) is None


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("yes", Choice(yes=True)),
        ("yes:念のため", Choice(yes=True, reason="念のため")),
        ("no: 既知", Choice(yes=False, reason="既知")),
        ("maybe", Choice(yes=False)),
    ],
)
def test_answers_are_read(text: str, choice: Choice) -> None:
    assert Choice.parse(text) == choice
