"""What policy makes of clues: which level, from how many on, and what it may not say."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from meti_desk.domain.classification import Confidentiality
from meti_desk.domain.clues import DETECTORS, ClueRule, ClueWords, spoken_for
from meti_desk.domain.foreign import ForeignRule
from meti_desk.domain.label import Label
from meti_desk.domain.policy import Policy
from meti_desk.domain.policy_check import problems
from meti_desk.evidence.clues import IDS
from meti_desk.standard.policy_file import shipped_policy

RULES = (ClueRule(detector="phone", suggests=2, at_least=3),)
LISTS = (ClueWords(id="bid", title="入札", words=("予定価格",), suggests=3),)
GUID = "11111111-2222-3333-4444-555555555555"


def test_policy_and_detectors_speak_of_the_same_kinds() -> None:
    assert DETECTORS == IDS
    assert {one.detector for one in shipped_policy().clues} == set(DETECTORS)


@pytest.mark.parametrize(("times", "level"), [(2, None), (3, 2), (30, 2)])
def test_a_few_telephone_numbers_speak_for_nothing(times: int, level: int | None) -> None:
    label = Label(Confidentiality(level)) if level else None
    assert spoken_for("phone", times, RULES, LISTS) == label


def test_a_list_of_words_and_what_policy_does_not_name() -> None:
    assert spoken_for("word.bid", 1, RULES, LISTS) == Label(Confidentiality.C3)
    assert spoken_for("word.other", 1, RULES, LISTS) is None
    assert spoken_for("my-number", 1, RULES, LISTS) is None


Change = Callable[[Policy], Policy]


def clue(**more: object) -> Change:
    rule = {"detector": "phone", "suggests": 2} | more
    return lambda policy: replace(policy, clues=(ClueRule(**rule),))  # type: ignore[arg-type] # wrong on purpose


def words(**more: object) -> Change:
    rule = {"id": "w", "title": "語", "words": ("語",), "suggests": 2} | more
    return lambda policy: replace(policy, clue_words=(ClueWords(**rule),))  # type: ignore[arg-type] # wrong on purpose


def foreign(*rules: dict[str, object]) -> Change:
    base: dict[str, object] = {"scheme": "msip", "id": GUID, "c": 2}
    made = tuple(ForeignRule(**(base | rule)) for rule in rules)  # type: ignore[arg-type] # wrong on purpose
    return lambda policy: replace(policy, foreign_labels=made)


@pytest.mark.parametrize(
    ("change", "path", "reason"),
    [
        (clue(detector="shoe-size"), ("clues", 0, "detector"), "not-allowed"),
        (clue(suggests=4), ("clues", 0, "suggests"), "not-allowed"),
        (clue(at_least=0), ("clues", 0, "at_least"), "not-allowed"),
        (words(id="A b"), ("clue_words", 0, "id"), "not-writable"),
        (words(title=" "), ("clue_words", 0, "title"), "empty"),
        (words(words=()), ("clue_words", 0, "words"), "too-few"),
        (words(words=("語", " ")), ("clue_words", 0, "words", 1), "empty"),
        (words(but=("",)), ("clue_words", 0, "but", 0), "empty"),
        (words(suggests=0), ("clue_words", 0, "suggests"), "not-allowed"),
        (foreign({"id": "label"}), ("foreign_labels", 0, "id"), "not-writable"),
        (foreign({"scheme": "tscp", "id": " "}), ("foreign_labels", 0, "id"), "empty"),
        (foreign({}, {"id": GUID.upper()}), ("foreign_labels", 0, "id"), "repeated"),
        (foreign({"c": 0}), ("foreign_labels", 0, "c"), "not-allowed"),
        (foreign({"a": 3}), ("foreign_labels", 0, "i"), "not-allowed"),
        (foreign({"restrictions": ("無",)}),
         ("foreign_labels", 0, "restrictions", 0), "unknown-restriction"),
        (foreign({"write": True, "name": "秘"}), ("foreign_labels", 0, "write"), "not-writable"),
        (foreign({"write": True, "owner": GUID}), ("foreign_labels", 0, "write"), "not-writable"),
    ],
)  # fmt: skip
def test_what_policy_may_not_say(change: Change, path: tuple[object, ...], reason: str) -> None:
    assert (path, reason) in list(problems(change(shipped_policy())))


@pytest.mark.parametrize(
    "change",
    [
        clue(),
        words(but=("言語",)),
        foreign({}, {"owner": GUID}, {"scheme": "nato", "id": "NATO SECRET"}),
        foreign({"write": True, "owner": GUID, "name": "機密性2", "restrictions": ("複製禁止",)}),
    ],
)
def test_what_policy_may_say(change: Change) -> None:
    assert list(problems(change(shipped_policy()))) == []
