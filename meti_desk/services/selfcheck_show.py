"""Makes the views of the self-check from form, answers and evidence; decides nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from meti_desk.domain.selfcheck import AnswerValue, Form, Item, form_hash
from meti_desk.domain.selfcheck_answers import (
    Answer,
    Origin,
    Submission,
    applicable,
    counts,
    lacks,
    missing,
    progress,
)
from meti_desk.services.selfcheck_evidence import Found
from meti_desk.services.selfcheck_views import (
    AnswerView,
    EvidenceView,
    FigureView,
    FormState,
    FormView,
    ItemView,
    Language,
    MissingView,
    OptionView,
    PreviousView,
    ProcedureView,
    SectionView,
    StepView,
    words,
)
from meti_desk.standard.paragraphs import told
from meti_desk.standard.selfcheck_file import Procedure


@dataclass(frozen=True, slots=True)
class State:
    """Everything that is known of one person's form at one moment.

    `answers` have their origin as the records stand now; `previous` are last year's.
    """

    form: Form
    answers: Mapping[str, Answer]
    found: Mapping[str, Found]
    previous: Mapping[str, Answer]
    submission: Submission | None


def refreshed(answer: Answer, found: Found | None) -> Answer:
    """Give an answer with its origin as the records stand now.

    Records go on growing after an answer was given: what has become contrary to them needs a
    reason before it is handed in, and what no longer is needs none.
    """
    if found is not None and answer.value in found.against:
        return replace(answer, origin=Origin.AGAINST)
    if answer.origin is Origin.AGAINST:
        return replace(answer, origin=Origin.OWN)
    if answer.origin is Origin.CONFIRMED and (found is None or found.suggested != answer.value):
        return replace(answer, origin=Origin.OWN)
    return answer


def form_state(submission: Submission | None) -> FormState:
    """Name the state of a form: open, handed in, or handed in after the deadline."""
    if submission is None or not submission.standing:
        return "open"
    return "late" if submission.late else "submitted"


def value_text(form: Form, item: Item, value: AnswerValue, language: Language) -> str:
    """Give an answer's words; a value that the question no longer offers keeps its code."""
    for option in form.answer_set(item.answer_set).options:
        if option.value is value:
            return option.text.get(language)
    return value.value


def answer_view(form: Form, item: Item, answer: Answer, language: Language) -> AnswerView:
    """Show an answer with what it still lacks."""
    return AnswerView(
        value=answer.value.value,
        text=value_text(form, item, answer.value, language),
        origin=answer.origin.value,
        reason=answer.reason,
        plan=answer.plan,
        by_when=answer.by_when,
        at=answer.at,
        form_version=answer.form_version,
        form_hash=answer.form_hash,
        stale=not counts(form, item, answer),
        lacks=lacks(form, item, answer),
    )


def evidence_view(found: Found, language: Language) -> EvidenceView:
    """Show what the records say; figures have their words from the form's data."""
    labels = words().figures
    return EvidenceView(
        collector=found.collector,
        first=found.first.isoformat() if found.first else "",
        last=found.last.isoformat() if found.last else "",
        figures=tuple(
            FigureView(
                figure.code,
                labels[figure.code].get(language),
                figure.number,
                figure.severity,
                figure.events,
            )
            for figure in found.figures
        ),
        events=found.events,
        suggested=found.suggested.value if found.suggested else None,
        against=tuple(sorted(value.value for value in found.against)),
    )


def _previous_view(state: State, item: Item, language: Language) -> PreviousView | None:
    answer = state.previous.get(item.link_id) or state.previous.get(item.supersedes)
    if answer is None:
        return None
    return PreviousView(
        value=answer.value.value,
        text=value_text(state.form, item, answer.value, language),
        reason=answer.reason,
        plan=answer.plan,
        by_when=answer.by_when,
        comparable=item.comparable and answer.link_id == item.link_id,
    )


def item_view(state: State, item: Item, language: Language, *, enabled: bool) -> ItemView:
    """Show one question with answer, evidence and last year's answer."""
    form = state.form
    answer = state.answers.get(item.link_id)
    found = state.found.get(item.link_id)
    return ItemView(
        link_id=item.link_id,
        number=form.items.index(item) + 1,
        section=item.section,
        clause=item.clause,
        clauses=(item.clause, *item.also),
        clause_text=told(item.clause, language),
        text=item.text.get(language),
        help=item.help.get(language),
        good=item.good.get(language),
        bad=item.bad.get(language),
        options=tuple(
            OptionView(option.value.value, option.text.get(language))
            for option in form.answer_set(item.answer_set).options
        ),
        enabled=enabled,
        answer=answer_view(form, item, answer, language) if answer else None,
        evidence=evidence_view(found, language) if found else None,
        previous=_previous_view(state, item, language),
        change=item.change,
        change_note=item.change_note.get(language),
    )


def _section_views(state: State, language: Language) -> tuple[SectionView, ...]:
    rows = []
    for section in state.form.sections:
        far = progress(state.form, state.answers, section.id)
        title = section.title.get(language)
        rows.append(SectionView(section.id, title, far.answered, far.applicable))
    return tuple(rows)


def form_view(state: State, language: Language, *, today: date) -> FormView:
    """Show a whole form."""
    form, submission = state.form, state.submission
    enabled = {item.link_id for item in applicable(form, state.answers)}
    gaps = missing(form, state.answers)
    far = progress(form, state.answers)
    standing = submission is not None and submission.standing
    return FormView(
        form=form.url,
        version=form.version,
        items=tuple(
            item_view(state, item, language, enabled=item.link_id in enabled) for item in form.items
        ),
        title=form.title.get(language),
        role=form.role.get(language),
        period=form.period.title.get(language),
        year=form.period.year,
        deadline=form.period.deadline.isoformat(),
        days_left=(form.period.deadline - today).days,
        form_hash=form_hash(form),
        standard=f"{form.standard.title}　{form.standard.revision}",
        ask=form.ask.get(language),
        state=form_state(submission),
        receipt=submission.receipt if submission and standing else "",
        submitted_at=submission.at if submission and standing else "",
        answered=far.answered,
        applicable=far.applicable,
        sections=_section_views(state, language),
        missing=tuple(MissingView(gap.link_id, gap.what) for gap in gaps),
        next=gaps[0].link_id if gaps else "",
    )


def procedure_view(procedure: Procedure, language: Language) -> ProcedureView:
    """Show 実施手順 in one language."""
    return ProcedureView(
        title=procedure.title.get(language),
        intro=procedure.intro.get(language),
        version=procedure.version,
        steps=tuple(
            StepView(step.title.get(language), step.text.get(language)) for step in procedure.steps
        ),
    )
