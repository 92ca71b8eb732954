"""What the self-check shows: shapes for window, command line and export (the JSON of `cli.md`)."""

from functools import cache
from typing import Literal

import msgspec

from meti_desk import data

Language = Literal["ja", "en"]
FormState = Literal["open", "submitted", "late"]


class OptionView(msgspec.Struct, frozen=True):
    """An answer as it is offered."""

    value: str
    text: str


class AnswerView(msgspec.Struct, frozen=True, kw_only=True):
    """An answer as it is kept; `stale` when the question has changed since (Art. 91-3)."""

    value: str
    text: str
    origin: str
    reason: str = ""
    plan: str = ""
    by_when: str = ""
    at: str = ""
    form_version: str = ""
    form_hash: str = ""
    stale: bool = False
    lacks: tuple[str, ...] = ()
    """What it still needs before handing in: `reason`, `plan`, `by-when`, `against-reason`, …"""


class FigureView(msgspec.Struct, frozen=True):
    """A number from the records with its words; `events` are the ledger ids behind it."""

    code: str
    label: str
    number: int
    severity: Literal["info", "good", "warn", "bad"]
    events: tuple[str, ...] = ()


class EvidenceView(msgspec.Struct, frozen=True, kw_only=True):
    """What the records say; `against` lists the answers that would need a reason."""

    collector: str
    first: str = ""
    last: str = ""
    figures: tuple[FigureView, ...] = ()
    events: tuple[str, ...] = ()
    suggested: str | None = None
    against: tuple[str, ...] = ()


class PreviousView(msgspec.Struct, frozen=True, kw_only=True):
    """Last year's answer; `comparable` false when the question meant something else then."""

    value: str
    text: str
    reason: str = ""
    plan: str = ""
    by_when: str = ""
    comparable: bool = True


class ItemView(msgspec.Struct, frozen=True, kw_only=True):
    """One question. `number` counts in the whole form; `enabled` false: it does not apply."""

    link_id: str
    number: int
    section: str
    clause: str
    clauses: tuple[str, ...]
    clause_text: str
    """第14条第7項."""
    text: str
    help: str
    good: str
    bad: str
    options: tuple[OptionView, ...]
    enabled: bool
    answer: AnswerView | None = None
    evidence: EvidenceView | None = None
    previous: PreviousView | None = None
    change: Literal["same", "wording", "new", "changed"] = "same"
    change_note: str = ""


class SectionView(msgspec.Struct, frozen=True):
    """A section with how far it is."""

    id: str
    title: str
    answered: int
    applicable: int


class MissingView(msgspec.Struct, frozen=True):
    """What keeps the form from being handed in."""

    link_id: str
    what: str


class StepView(msgspec.Struct, frozen=True):
    """One step of 実施手順."""

    title: str
    text: str


class ProcedureView(msgspec.Struct, frozen=True, kw_only=True):
    """実施手順 in one language (Arts. 91-2, 92-2)."""

    title: str
    intro: str
    version: str
    steps: tuple[StepView, ...]


class FormView(msgspec.Struct, frozen=True, kw_only=True):
    """A whole form with answers and evidence (`selfcheck show`)."""

    form: str
    version: str
    items: tuple[ItemView, ...]
    title: str
    role: str
    period: str
    year: int
    deadline: str
    days_left: int
    """Days until the deadline; 0 on its day, negative when it has passed."""
    form_hash: str
    standard: str
    ask: str
    state: FormState
    receipt: str = ""
    submitted_at: str = ""
    answered: int = 0
    applicable: int = 0
    sections: tuple[SectionView, ...] = ()
    missing: tuple[MissingView, ...] = ()
    next: str = ""
    """Where to go on: the first question that still needs something, or empty."""


class FormRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of `selfcheck list`."""

    form: str
    version: str
    title: str
    role: str
    deadline: str
    days_left: int
    answered: int
    applicable: int
    state: FormState


class FormList(msgspec.Struct, frozen=True):
    """The answer of `selfcheck list`."""

    forms: tuple[FormRow, ...]


class AnswerRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Answer one question; `confirm` takes over what the records suggest."""

    form: str
    link_id: str
    value: str
    reason: str = ""
    plan: str = ""
    by_when: str = ""
    confirm: bool = False


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """What keeping an answer changed: the question anew, progress, and which questions apply."""

    item: ItemView
    answered: int
    applicable: int
    enabled: tuple[str, ...]


class SubmissionView(msgspec.Struct, frozen=True, kw_only=True):
    """A form that was handed in or taken back."""

    form: str
    version: str
    state: FormState
    at: str
    receipt: str
    events: tuple[str, ...] = ()


class Phrase(msgspec.Struct, frozen=True):
    """A word in both languages."""

    ja: str
    en: str

    def get(self, language: Language) -> str:
        """Give it in a language."""
        return self.en if language == "en" else self.ja


class Words(msgspec.Struct, frozen=True):
    """The words of the printed form and of its figures, from `forms/selfcheck/words.toml`."""

    columns: dict[str, Phrase]
    origins: dict[str, Phrase]
    words: dict[str, Phrase]
    figures: dict[str, Phrase]


@cache
def words() -> Words:
    """Read the words once."""
    return msgspec.toml.decode(data.read_text("forms", "selfcheck/words.toml"), type=Words)
