"""自己点検票: what is asked, of whom, under which conditions (Arts. 91-2, 92-2).

A form is data. Its conditions have the shape of FHIR Questionnaire's `enableWhen`: they name an
earlier question and an answer, so nothing is ever evaluated as an expression. `check` finds what a
schema cannot say; the answers and their states are in `selfcheck_answers`.
"""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Literal

from meti_desk.domain.ledger import canonical

APRIL = 4


class AnswerValue(StrEnum):
    """The five answers; `UNKNOWN` is answered but never counts as done."""

    DONE = "done"
    """実施した."""
    PARTLY = "partly"
    """一部実施."""
    NOT_DONE = "not-done"
    """実施していない."""
    NOT_APPLICABLE = "not-applicable"
    """該当する業務がなかった."""
    UNKNOWN = "unknown"
    """わからない."""


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence of a form in both languages."""

    ja: str = ""
    en: str = ""

    def get(self, language: str) -> str:
        """Give the sentence in a language (`ja` or `en`), in Japanese when it has no other."""
        return self.en if language == "en" and self.en else self.ja

    def __bool__(self) -> bool:
        return bool(self.ja)


@dataclass(frozen=True, slots=True)
class Option:
    """One answer as it is offered."""

    value: AnswerValue
    text: Text


@dataclass(frozen=True, slots=True)
class AnswerSet:
    """The answers that a kind of question allows, in the order in which they are shown."""

    id: str
    options: tuple[Option, ...]

    def allows(self, value: AnswerValue) -> bool:
        """Tell whether a question of this kind can be answered so."""
        return any(option.value is value for option in self.options)


@dataclass(frozen=True, slots=True)
class EnableWhen:
    """One condition: the answer to an earlier question is, or is not, this one."""

    question: str
    operator: Literal["=", "!="]
    answer: AnswerValue


@dataclass(frozen=True, slots=True)
class EvidenceSpec:
    """Which records of 取扱記録 speak for or against an answer.

    `collector` names what is counted, `window` over which time. With `prefill` the count may
    suggest an answer. `contradicts` lists the answers that the count can speak against.
    """

    collector: str
    window: Literal["fiscal-year", "all"] = "fiscal-year"
    prefill: bool = False
    contradicts: tuple[AnswerValue, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `link_id` is never used again for another meaning.

    `clause` is `art-14_p7`; `also` are further clauses that the same question covers. `change`
    says how it stands to last year's form: `same` and `wording` keep the meaning and can be
    compared, `new` and `changed` cannot; a changed one names its predecessor in `supersedes`.
    """

    link_id: str
    section: str
    clause: str
    text: Text
    help: Text
    good: Text
    bad: Text
    answer_set: str
    also: tuple[str, ...] = ()
    change: Literal["same", "wording", "new", "changed"] = "same"
    change_note: Text = Text()
    supersedes: str = ""
    enable_when: tuple[EnableWhen, ...] = ()
    enable_behavior: Literal["all", "any"] = "all"
    evidence: EvidenceSpec | None = None

    @property
    def comparable(self) -> bool:
        """Tell whether last year's answer had the same meaning (改善の比較)."""
        return self.change in {"same", "wording"}


@dataclass(frozen=True, slots=True)
class Section:
    """A group of questions that are shown together."""

    id: str
    title: Text


@dataclass(frozen=True, slots=True)
class Period:
    """The fiscal year that is checked and the last day to hand in (自己点検年度計画, Art. 91-1)."""

    year: int
    title: Text
    opens: date
    deadline: date


@dataclass(frozen=True, slots=True)
class StandardRef:
    """Which revision of the standard the questions were written from; `hash` is SHA-256, hex."""

    title: str
    revision: str
    hash: str


@dataclass(frozen=True, slots=True)
class Form:
    """自己点検票 for one role and one year."""

    url: str
    version: str
    derived_from: str
    role: Text
    title: Text
    ask: Text
    """Whom to ask when the answer is わからない."""
    period: Period
    standard: StandardRef
    answer_sets: tuple[AnswerSet, ...]
    sections: tuple[Section, ...]
    items: tuple[Item, ...]
    retired: tuple[str, ...] = ()
    """Link ids of earlier forms that may never be used again."""

    @property
    def key(self) -> str:
        """Under which name answers are kept: one set for a form and a year, over its versions."""
        return answers_key(self.url, self.period.year)

    def item(self, link_id: str) -> Item | None:
        """Find a question."""
        return next((item for item in self.items if item.link_id == link_id), None)

    def answer_set(self, name: str) -> AnswerSet:
        """Find the answers of a kind of question; a checked form has it."""
        return next(one for one in self.answer_sets if one.id == name)


def answers_key(url: str, year: int) -> str:
    """Name the set of answers to a form of a fiscal year."""
    return f"{url}#{year}"


def fiscal_year(day: date) -> int:
    """Give the year (April to March) in which a day lies."""
    return day.year if day.month >= APRIL else day.year - 1


def fiscal_window(year: int) -> tuple[date, date]:
    """Give the first day of a fiscal year and the first day after it."""
    return date(year, APRIL, 1), date(year + 1, APRIL, 1)


@lru_cache(maxsize=64)
def form_hash(form: Form) -> str:
    """Hash a form's content in one way, whatever its file looks like: SHA-256, hex."""
    return _digest(asdict(form))


@lru_cache(maxsize=1024)
def meaning_hash(form: Form, item: Item) -> str:
    """Hash what an answer to a question means: clause, Japanese text and the possible answers.

    When a form changes within the year, an answer stays only where this stayed (Art. 91-3); a
    better help text or translation costs nobody an answer.
    """
    values = [option.value.value for option in form.answer_set(item.answer_set).options]
    return _digest(
        {"id": item.link_id, "clause": item.clause, "also": item.also,
         "text": item.text.ja, "values": values}
    )  # fmt: skip


def _digest(content: dict[str, object]) -> str:
    plain = _plain(content)
    return hashlib.sha256(canonical({"form": plain}).encode()).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    return value


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a form: a code, where (`link_id`, if it is a question) and what."""

    reason: str
    link_id: str = ""
    what: str = field(default="")


def check(form: Form, *, clauses: Collection[str], collectors: Collection[str]) -> list[Fault]:
    """Find what is wrong with a form beyond its schema.

    `clauses` are those that exist in the standard, `collectors` the kinds of evidence that can be
    counted. Conditions may only look back, which also rules cycles out. Reasons:
    `link-id.repeated`, `link-id.reused`, `section.unknown`, `section.empty`, `clause.unknown`,
    `answer-set.unknown`, `answer-set.repeated`, `enable-when.unknown`, `enable-when.not-earlier`,
    `enable-when.answer`, `collector.unknown`, `contradicts.unknown`, `supersedes.not-retired`,
    `change.without-note`, `period.dates`.
    """
    faults = list(_form_faults(form))
    seen: set[str] = set()
    for item in form.items:
        faults.extend(_identity_faults(form, item, seen))
        faults.extend(_reference_faults(form, item, clauses, collectors))
        faults.extend(_condition_faults(form, item, seen))
        seen.add(item.link_id)
    return faults


def _form_faults(form: Form) -> Iterator[Fault]:
    if form.period.opens > form.period.deadline:
        yield Fault("period.dates", what=form.period.deadline.isoformat())
    names = [one.id for one in form.answer_sets]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Fault("answer-set.repeated", what=name)
    used = {item.section for item in form.items}
    for section in form.sections:
        if section.id not in used:
            yield Fault("section.empty", what=section.id)


def _identity_faults(form: Form, item: Item, seen: Collection[str]) -> Iterator[Fault]:
    if item.link_id in seen:
        yield Fault("link-id.repeated", item.link_id, item.link_id)
    if item.link_id in form.retired:
        yield Fault("link-id.reused", item.link_id, item.link_id)
    if item.supersedes and item.supersedes not in form.retired:
        yield Fault("supersedes.not-retired", item.link_id, item.supersedes)
    if item.change != "same" and not item.change_note:
        yield Fault("change.without-note", item.link_id, item.change)


def _reference_faults(
    form: Form, item: Item, clauses: Collection[str], collectors: Collection[str]
) -> Iterator[Fault]:
    for clause in (item.clause, *item.also):
        if clause not in clauses:
            yield Fault("clause.unknown", item.link_id, clause)
    if item.section not in {section.id for section in form.sections}:
        yield Fault("section.unknown", item.link_id, item.section)
    answers = next((one for one in form.answer_sets if one.id == item.answer_set), None)
    if answers is None:
        yield Fault("answer-set.unknown", item.link_id, item.answer_set)
    if item.evidence is not None:
        if item.evidence.collector not in collectors:
            yield Fault("collector.unknown", item.link_id, item.evidence.collector)
        for value in item.evidence.contradicts:
            if answers is not None and not answers.allows(value):
                yield Fault("contradicts.unknown", item.link_id, value.value)


def _condition_faults(form: Form, item: Item, seen: Collection[str]) -> Iterator[Fault]:
    sets = {one.id: one for one in form.answer_sets}
    for condition in item.enable_when:
        asked = form.item(condition.question)
        if asked is None:
            yield Fault("enable-when.unknown", item.link_id, condition.question)
        elif condition.question not in seen:
            yield Fault("enable-when.not-earlier", item.link_id, condition.question)
        elif asked.answer_set in sets and not sets[asked.answer_set].allows(condition.answer):
            yield Fault("enable-when.answer", item.link_id, condition.answer.value)
