"""あらかじめの決定: what it answers, and that no further one makes anything laxer."""

from dataclasses import replace
from datetime import date

import pytest

from meti_desk.domain.classification import Confidentiality
from meti_desk.domain.label import Label, Undecided
from meti_desk.domain.standing import Standing, answer

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
C2, C3 = Label(Confidentiality.C2), Label(Confidentiality.C3)
ONE = Standing(
    id="s1", measure="encryption", needed=False, levels=frozenset({2}),
    recipients=frozenset({"A@example.com", "@univ.example"}), since=FIRST, until=LAST,
    reason="相手方が対応できない", unit="政策課",
)  # fmt: skip


def answers(one: Standing, **changed: object) -> bool:
    act = {"measure": "encryption", "label": C2, "recipients": ["a@example.com"], "today": FIRST}
    return one.answers(**{**act, **changed})  # type: ignore[arg-type]  # the fields above


def test_it_answers_what_it_names() -> None:
    assert answers(ONE)
    assert answers(ONE, today=LAST)
    assert answers(ONE, recipients=["x@UNIV.example", "A@Example.com"])


@pytest.mark.parametrize(
    "changed",
    [
        {"measure": "password"}, {"label": C3}, {"label": Undecided()}, {"label": Undecided(C2)},
        {"recipients": []}, {"recipients": ["a@example.com", "b@example.com"]},
        {"recipients": ["x@sub.univ.example"]}, {"today": None}, {"today": date(2026, 10, 31)},
        {"today": date(2026, 12, 1)},
    ],
)  # fmt: skip
def test_it_answers_nothing_else(changed: dict[str, object]) -> None:
    assert not answers(ONE, **changed)


def test_named_nothing_means_all() -> None:
    wide = replace(ONE, levels=frozenset(), recipients=frozenset())
    assert answers(wide, label=C3, recipients=[])
    assert not answers(wide, label=Undecided(C3))
    assert not answers(replace(wide, ended=True))


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"measure": "permission"}, "measure"), ({"levels": frozenset({4})}, "levels"),
        ({"until": date(2026, 10, 1)}, "period"), ({"reason": " "}, "reason"),
    ],
)  # fmt: skip
def test_one_that_is_none_answers_nothing(change: dict[str, object], what: str) -> None:
    bad = replace(ONE, **change)  # type: ignore[arg-type]  # the fields above
    assert bad.problem == what
    assert not answers(bad, measure=bad.measure, today=bad.until)


def test_of_several_the_stricter_counts_and_only_those_of_the_unit() -> None:
    yes = replace(ONE, id="s2", needed=True)
    longer = replace(ONE, id="s3", until=date(2026, 12, 31))

    def found(*held: Standing, unit: str = "政策課") -> Standing | None:
        return answer(
            held, measure="encryption", label=C2, recipients=iter(["a@example.com"]), today=FIRST,
            unit=unit,
        )  # fmt: skip

    assert found(ONE, yes, longer) is yes
    assert found(longer, ONE) is longer
    assert found(ONE, yes, unit="総務課") is None
    assert found() is None
