"""Answers to a 自己点検票: what was said, on which form, how far it is, handing in (Art. 92-2).

An answer pins the form's version and hash and the meaning of its question. An answer may be kept
while it still lacks its reason - a person is never stopped while typing - but the form cannot be
handed in until `missing` is empty.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.domain.ledger import canonical
from meti_desk.domain.selfcheck import AnswerValue, Form, Item, form_hash, meaning_hash

Lack = Literal["answer", "changed", "reason", "plan", "by-when", "against-reason"]
ARTICLES = ("92-2",)


class Origin(StrEnum):
    """Where an answer comes from."""

    OWN = "own"
    """The person's own word."""
    CONFIRMED = "confirmed-from-evidence"
    """Suggested by the records and confirmed by the person."""
    AGAINST = "against-evidence"
    """The records say otherwise; it needs a reason."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. `by_when` is an ISO date, `at` an ISO moment with offset."""

    link_id: str
    value: AnswerValue
    form_version: str
    form_hash: str
    meaning: str
    """`meaning_hash` of the question that was answered."""
    at: str
    origin: Origin = Origin.OWN
    reason: str = ""
    plan: str = ""
    by_when: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """What keeps a form from being handed in."""

    link_id: str
    what: Lack


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the applicable questions have an answer that counts."""

    answered: int
    applicable: int

    @property
    def complete(self) -> bool:
        """Tell whether every applicable question has an answer."""
        return self.answered == self.applicable


Answers = Mapping[str, Answer]


def make_answer(
    form: Form,
    item: Item,
    value: AnswerValue,
    *,
    at: str,
    origin: Origin = Origin.OWN,
    reason: str = "",
    plan: str = "",
    by_when: str = "",
) -> Answer:
    """Answer a question of a form.

    Raises `InvalidInput`: `answer.not-offered` when the question does not allow the value,
    `answer.by-when` when the date is none. Reason and plan may still come (see `missing`).
    """
    if not form.answer_set(item.answer_set).allows(value):
        raise InvalidInput("answer.not-offered", link_id=item.link_id, value=value.value)
    if by_when:
        try:
            by_when = date.fromisoformat(by_when).isoformat()
        except ValueError:
            raise InvalidInput("answer.by-when", link_id=item.link_id, value=by_when) from None
    return Answer(
        link_id=item.link_id,
        value=value,
        form_version=form.version,
        form_hash=form_hash(form),
        meaning=meaning_hash(form, item),
        at=at,
        origin=origin,
        reason=reason.strip(),
        plan=plan.strip(),
        by_when=by_when,
    )


def counts(form: Form, item: Item, answer: Answer | None) -> bool:
    """Tell whether an answer still answers its question as it stands now (Art. 91-3)."""
    return answer is not None and answer.meaning == meaning_hash(form, item)


def applicable(form: Form, answers: Answers) -> tuple[Item, ...]:
    """Give the questions that apply under the answers so far, in order.

    A condition on a question that does not apply itself, or is not answered, is not met - also
    for `!=`, so that a follow-up appears only after its question was answered.
    """
    enabled: dict[str, Item] = {}
    for item in form.items:
        met = [
            condition.question in enabled
            and counts(form, enabled[condition.question], answers.get(condition.question))
            and (answers[condition.question].value is condition.answer)
            is (condition.operator == "=")
            for condition in item.enable_when
        ]
        rule = all if item.enable_behavior == "all" else any
        if not met or rule(met):
            enabled[item.link_id] = item
    return tuple(enabled.values())


def progress(form: Form, answers: Answers, section: str = "") -> Progress:
    """Count answered and applicable questions, of one section or of all."""
    asked = [item for item in applicable(form, answers) if section in {"", item.section}]
    answered = sum(counts(form, item, answers.get(item.link_id)) for item in asked)
    return Progress(answered, len(asked))


def lacks(form: Form, item: Item, answer: Answer | None) -> tuple[Lack, ...]:
    """Say what an answer still lacks: 実施していない needs why, what will be done and by when."""
    if answer is None:
        return ("answer",)
    if not counts(form, item, answer):
        return ("changed",)
    found: list[Lack] = []
    if answer.origin is Origin.AGAINST and not answer.reason:
        found.append("against-reason")
    if answer.value is AnswerValue.NOT_DONE:
        if not answer.reason and "against-reason" not in found:
            found.append("reason")
        if not answer.plan:
            found.append("plan")
        if not answer.by_when:
            found.append("by-when")
    return tuple(found)


def missing(form: Form, answers: Answers) -> list[Missing]:
    """List, in the order of the form, what keeps it from being handed in."""
    return [
        Missing(item.link_id, what)
        for item in applicable(form, answers)
        for what in lacks(form, item, answers.get(item.link_id))
    ]


@dataclass(frozen=True, slots=True)
class Submission:
    """A form that was handed in: a frozen copy of the answers, so later forms change nothing."""

    form: str
    form_version: str
    form_hash: str
    at: str
    late: bool
    answers: tuple[Answer, ...]
    receipt: str
    """SHA-256 over form, person, moment and answers, hex."""
    withdrawn_at: str = ""

    @property
    def standing(self) -> bool:
        """Tell whether it is handed in and was not taken back."""
        return not self.withdrawn_at


def receipt_hash(form: Form, person: str, at: str, answers: tuple[Answer, ...]) -> str:
    """Hash what was handed in, by whom and when; the person can prove it with this later."""
    body = {
        "form": form.url,
        "form_hash": form_hash(form),
        "person": person,
        "at": at,
        "answers": [asdict(answer) for answer in answers],
    }
    return hashlib.sha256(canonical(body).encode()).hexdigest()


def submit(form: Form, answers: Answers, *, person: str, at: str, today: date) -> Submission:
    """Hand a complete form in; after the deadline it is taken and says that it is late.

    Only answers to applicable questions go. Raises `RuleViolation("selfcheck.incomplete")` with
    the number of gaps and the first question that has one (Art. 92-2).
    """
    gaps = missing(form, answers)
    if gaps:
        raise RuleViolation(
            "selfcheck.incomplete", articles=ARTICLES, missing=len(gaps), first=gaps[0].link_id
        )
    going = tuple(answers[item.link_id] for item in applicable(form, answers))
    return Submission(
        form=form.url,
        form_version=form.version,
        form_hash=form_hash(form),
        at=at,
        late=today > form.period.deadline,
        answers=going,
        receipt=receipt_hash(form, person, at, going),
    )


def check_withdraw(form: Form, submission: Submission | None, *, today: date) -> Submission:
    """Give the submission that may be taken back, which ends with the deadline's day.

    Raises `RuleViolation`: `selfcheck.not-submitted`, `selfcheck.withdraw-after-deadline`.
    """
    if submission is None or not submission.standing:
        raise RuleViolation("selfcheck.not-submitted", articles=ARTICLES)
    if today > form.period.deadline:
        raise RuleViolation(
            "selfcheck.withdraw-after-deadline",
            articles=ARTICLES,
            deadline=form.period.deadline.isoformat(),
        )
    return submission
