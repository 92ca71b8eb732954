"""取扱制限 act on top of the table."""

from dataclasses import replace
from datetime import date

import pytest

from meti_desk.domain.circumstances import Choice
from meti_desk.domain.classification import Confidentiality
from meti_desk.domain.errors import RuleViolation
from meti_desk.domain.handling import Action, Circumstances, measures_for
from meti_desk.domain.label import Label, Terms, Undecided
from meti_desk.domain.measures import Measure, MeasureState, MeasureStrength, ready, refusal
from meti_desk.domain.permit import NotedPermit, Permit, PermitScope, PermitState
from meti_desk.domain.restriction_rules import check_reuse
from meti_desk.domain.stored_label import unknown_restriction
from meti_desk.standard.policy_file import shipped_policy

POLICY = shipped_policy()
TODAY = date(2026, 11, 22)
OUT = ("x@example.com",)
IN = ("a@meti.go.jp",)
NOTED = NotedPermit(who="課長", when="11/20", how="口頭")
DONE, OPEN = MeasureState.DONE, MeasureState.OPEN
WAITING = MeasureState.WAITING
MUST, NEVER = MeasureStrength.MANDATORY, MeasureStrength.PROHIBITED
HERE = Circumstances(today=TODAY, area=2, recipients=IN)


def label(*names: str, level: Confidentiality = Confidentiality.C1, **more: object) -> Label:
    words = frozenset(POLICY.vocabulary.by_name[name] for name in names)
    return replace(Label(level, restrictions=words), **more)  # type: ignore[arg-type]  # any field


def find(
    measure: str, action: Action, of: Label | Undecided, here: Circumstances
) -> Measure | None:
    found = [one for one in measures_for(action, of, here, POLICY) if one.id == measure]
    assert len(found) <= 1
    return found[0] if found else None


@pytest.mark.parametrize(
    ("name", "action", "here", "strength", "state"),
    [
        ("複製禁止", Action.COPY, HERE, NEVER, OPEN),
        ("複製禁止", Action.PROVIDE, HERE, NEVER, OPEN),
        ("複製禁止", Action.PRINT, HERE, None, None),
        ("複製禁止", Action.STORE, HERE, None, None),
        ("複製要許可", Action.COPY, HERE, MUST, OPEN),
        ("複製要許可", Action.COPY, replace(HERE, permits=(NOTED,)), MUST, DONE),
        ("配付禁止", Action.DISTRIBUTE, HERE, NEVER, OPEN),
        ("配付禁止", Action.PROVIDE, HERE, NEVER, OPEN),
        ("配付禁止", Action.PUBLISH, HERE, NEVER, OPEN),
        ("配付禁止", Action.TRANSFER, HERE, NEVER, OPEN),
        ("配付禁止", Action.COPY, HERE, None, None),
        ("配付要許可", Action.DISTRIBUTE, HERE, MUST, OPEN),
        ("印刷禁止", Action.PRINT, HERE, NEVER, OPEN),
        ("印刷禁止", Action.COPY, HERE, None, None),
        ("印刷要許可", Action.PRINT, HERE, MUST, OPEN),
        ("送信禁止", Action.TRANSFER, HERE, NEVER, OPEN),
        ("送信禁止", Action.DISTRIBUTE, HERE, NEVER, OPEN),
        ("送信禁止", Action.TRANSFER, replace(HERE, carried="medium"), None, None),
        ("送信禁止", Action.STORE, HERE, None, None),
        ("転送禁止", Action.TRANSFER, HERE, NEVER, OPEN),
        ("転送禁止", Action.TRANSFER, replace(HERE, received=False), None, None),
        ("暗号化必須", Action.TRANSFER, HERE, MUST, DONE),
        ("暗号化必須", Action.STORE, HERE, None, None),
        ("通信時暗号化必須", Action.DISTRIBUTE, HERE, MUST, DONE),
        ("保存時暗号化必須", Action.STORE, HERE, MUST, OPEN),
        ("保存時暗号化必須", Action.STORE, replace(HERE, encrypted_at_rest=True), MUST, DONE),
        ("保存場所指定", Action.STORE, HERE, MUST, OPEN),
        ("保存期間満了後要廃棄", Action.STORE, HERE, MUST, WAITING),
        ("削除禁止", Action.DISPOSE, HERE, NEVER, OPEN),
        ("削除要許可", Action.DISPOSE, HERE, MUST, OPEN),
        ("書換禁止", Action.STORE, HERE, None, None),
    ],
)
def test_where_a_restriction_bites(
    name: str, action: Action, here: Circumstances, strength: MeasureStrength | None,
    state: MeasureState | None,
) -> None:  # fmt: skip
    found = find(f"restriction:{name}", action, label(name), here)
    assert (found and found.strength, found and found.state) == (strength, state)


def test_encryption_that_must_be_is_a_duty_of_14_2() -> None:
    for here in (HERE, replace(HERE, area=0)):
        found = find("encryption", Action.DISTRIBUTE, label("暗号化必須"), here)
        assert found is not None
        assert (found.strength, found.state, found.reason) == (MUST, DONE, "暗号化必須")
        assert found.automatic
    declined = replace(HERE, decisions={"encryption": Choice(yes=False, reason="不要")})
    error = refusal(measures_for(Action.DISTRIBUTE, label("暗号化必須"), declined, POLICY))
    assert error is not None
    assert (error.code, error.params["why"]) == ("measure.open", "decision.contradicts-duty")


def permit(**more: object) -> Permit:
    scope = PermitScope(
        articles=frozenset({"13", "9"}), digests=frozenset({"ab"}),
        actions=frozenset({"provide", "copy"}), recipients=frozenset(OUT),
        since=TODAY, until=TODAY,
    )  # fmt: skip
    return Permit(
        id="P1", scope=replace(scope, **more), requested_by="a", requested_at="t",
        state=PermitState.GRANTED,
    )  # type: ignore[arg-type]  # fmt: skip  # any field


SENDING = Circumstances(today=TODAY, area=2, recipients=OUT, digest="ab")


@pytest.mark.parametrize(
    ("action", "given", "state"),
    [
        (Action.PROVIDE, permit(includes_copies=True), DONE),
        (Action.PROVIDE, permit(), OPEN),
        (Action.COPY, permit(includes_copies=True), OPEN),
        (Action.PROVIDE, NOTED, OPEN),
    ],
)
def test_the_one_protected_file_passes_only_where_the_permit_says_so(
    action: Action, given: Permit | NotedPermit, state: MeasureState
) -> None:
    secret = label("複製禁止", level=Confidentiality.C2)
    found = find("restriction:複製禁止", action, secret, replace(SENDING, permits=(given,)))
    assert found is not None
    assert (found.strength, found.state) == (NEVER, state)


def test_a_permit_allows_the_restrictions_that_it_names() -> None:
    for names, state in ((frozenset({"複製要許可"}), DONE), (frozenset(), OPEN)):
        here = replace(SENDING, permits=(permit(restrictions=names),))
        found = find("restriction:複製要許可", Action.COPY, label("複製要許可"), here)
        assert found is not None
        assert found.state is state


def test_what_a_permit_designates_has_to_be_done() -> None:
    given = replace(
        permit(), state=PermitState.CONDITIONAL, designated=("password", "手渡しで回収")
    )
    here = replace(SENDING, permits=(given,))
    secret = label(level=Confidentiality.C2)
    password = find("password", Action.PROVIDE, secret, here)
    assert password is not None
    assert (password.strength, password.reason) == (MUST, "P1")
    own = find("designated:手渡しで回収", Action.PROVIDE, secret, here)
    assert own is not None
    assert (own.state, own.articles) == (OPEN, ("13",))


def test_a_restriction_that_nobody_knows_forbids() -> None:
    strange = Label(Confidentiality.C1, restrictions=frozenset({unknown_restriction("閲覧制限")}))
    for action in Action:
        found = find("restriction:閲覧制限", action, strange, HERE)
        assert (found is None) is (action is Action.STORE)
        assert found is None or (found.strength, found.state) == (NEVER, OPEN)


@pytest.mark.parametrize(
    ("action", "recipients", "strength", "state"),
    [
        (Action.DISTRIBUTE, IN, MUST, OPEN),
        (Action.DISTRIBUTE, ("委員",), MUST, DONE),
        (Action.DISTRIBUTE, ("委員", *IN), MUST, OPEN),
        (Action.PROVIDE, (), MUST, OPEN),
        (Action.PUBLISH, (), NEVER, OPEN),
        (Action.STORE, (), None, None),
    ],
)
def test_an_audience_limits_who_receives(
    action: Action, recipients: tuple[str, ...], strength: MeasureStrength | None,
    state: MeasureState | None,
) -> None:  # fmt: skip
    here = replace(HERE, recipients=recipients)
    found = find("restriction:audience", action, label(audience=frozenset({"委員"})), here)
    assert (found and found.strength, found and found.state) == (strength, state)


def test_an_audience_of_nobody_stops_every_act() -> None:
    found = find("restriction:audience", Action.COPY, label(audience=frozenset()), HERE)
    assert found is not None
    assert not found.met


@pytest.mark.parametrize(
    ("terms", "action", "today", "measure", "stands"),
    [
        (Terms(embargo=date(2026, 12, 1)), Action.PUBLISH, TODAY, "embargo", True),
        (Terms(embargo=TODAY), Action.PUBLISH, TODAY, "embargo", False),
        (Terms(embargo=TODAY), Action.PUBLISH, None, "embargo", True),
        (Terms(embargo=date(2026, 12, 1)), Action.PROVIDE, TODAY, "embargo", False),
        (Terms(use_until=TODAY), Action.COPY, TODAY, "use-until", False),
        (Terms(use_until=date(2026, 11, 21)), Action.COPY, TODAY, "use-until", True),
        (Terms(use_until=date(2026, 11, 21)), Action.DISPOSE, TODAY, "use-until", False),
        (Terms(use_until=TODAY), Action.COPY, None, "use-until", True),
        (Terms(restore_hours=24), Action.STORE, TODAY, "restore", True),
        (Terms(restore_hours=24), Action.COPY, TODAY, "restore", False),
    ],
)
def test_terms_hold(
    terms: Terms, action: Action, today: date | None, measure: str, *, stands: bool
) -> None:
    here = replace(HERE, today=today)
    found = find(f"restriction:{measure}", action, label(terms=terms), here)
    assert (found is not None) is stands
    assert found is None or not found.met


def test_keep_until_holds_against_erasure() -> None:
    kept = label(terms=Terms(keep_until=date(2031, 3, 31)))
    error = refusal(measures_for(Action.DISPOSE, kept, HERE, POLICY))
    assert error is not None
    assert (error.code, error.params["why"]) == ("retention.forbids", "retention.running")
    assert ready(measures_for(Action.STORE, kept, HERE, POLICY))


def test_the_restrictions_of_an_undecided_floor_bite_too() -> None:
    found = find("restriction:複製禁止", Action.COPY, Undecided(label("複製禁止")), HERE)
    assert found is not None
    assert not found.met


@pytest.mark.parametrize(
    ("name", "operation", "code"),
    [
        ("転記禁止", "reuse", "restriction.forbids"),
        ("再利用禁止", "reuse", "restriction.forbids"),
        ("再利用要許可", "reuse", "restriction.needs-permit"),
        ("書換禁止", "overwrite", "restriction.forbids"),
        ("書換要許可", "overwrite", "restriction.needs-permit"),
        ("複製禁止", "reuse", ""),
    ],
)
def test_reuse_and_overwriting(name: str, operation: str, code: str) -> None:
    if not code:
        check_reuse(label(name), POLICY, operation)  # type: ignore[arg-type]  # one of the words
        return
    with pytest.raises(RuleViolation) as caught:
        check_reuse(label(name), POLICY, operation)  # type: ignore[arg-type]  # one of the words
    assert (caught.value.code, caught.value.params) == (code, {"name": name})


def test_reuse_of_what_nobody_understands_is_refused() -> None:
    strange = Label(Confidentiality.C1, restrictions=frozenset({unknown_restriction("閲覧制限")}))
    with pytest.raises(RuleViolation, match=r"restriction\.forbids"):
        check_reuse(strange, POLICY)
