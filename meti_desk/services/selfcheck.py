"""自己点検: answering a form, resuming it, handing it in and taking it back (Arts. 91-2, 92-2).

Every answer is durable as soon as it is given. Until a form is handed in, answers and evidence are
the person's alone; the ledger learns only that a form was handed in, never what was answered.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import msgspec

from meti_desk.domain import events as ev
from meti_desk.domain.errors import EnvironmentProblem, InvalidInput, RuleViolation
from meti_desk.domain.selfcheck import AnswerValue, Form, Item, answers_key
from meti_desk.domain.selfcheck_answers import (
    ARTICLES,
    Answer,
    Origin,
    Submission,
    applicable,
    check_withdraw,
    make_answer,
    progress,
    submit,
)
from meti_desk.services.context import Context
from meti_desk.services.selfcheck_evidence import KINDS, Found, collect_all
from meti_desk.services.selfcheck_show import (
    State,
    answer_view,
    form_state,
    form_view,
    item_view,
    procedure_view,
    refreshed,
)
from meti_desk.services.selfcheck_views import (
    Answered,
    AnswerRequest,
    AnswerView,
    FormList,
    FormRow,
    FormView,
    Language,
    ProcedureView,
    SubmissionView,
    words,
)
from meti_desk.standard.selfcheck_file import Loader, Sheet, shipped

SUBMISSION = "_submission"
"""Reserved link id under which the submission is kept; no link id of a form begins with `_`."""


class SelfChecks:
    """The use cases of the self-check.

    Forms are named by url, by short name (`staff`) or not at all, which means the first one. All
    methods but `procedure` raise `EnvironmentProblem("store.locked")` while the store is locked,
    and all raise `InvalidInput("selfcheck.no-form")` for a form that is not known.
    """

    def __init__(self, ctx: Context, forms: Loader = shipped, language: Language = "ja") -> None:
        self._ctx = ctx
        self._forms = forms
        self._language = language

    def list_forms(self) -> FormList:
        """List the forms with how far each is, without evidence, so that it is quick."""
        return FormList(tuple(self._row(sheet.form) for sheet in self._forms()))

    def show(self, form: str = "") -> FormView:
        """Give a form with answers, evidence and last year's answers (`selfcheck show`)."""
        return form_view(self._state(self._sheet(form).form), self._language, today=self._today())

    def procedure(self, form: str = "") -> ProcedureView:
        """Give the 実施手順 of a form; needs no unlocked store."""
        return procedure_view(self._sheet(form).procedure, self._language)

    def answer(self, request: AnswerRequest) -> Answered:
        """Keep one answer durably and give the question anew with the progress.

        Whether it is one's own, confirmed from the records or against them is found here; `confirm`
        asks for what the records suggest. Raises `RuleViolation("selfcheck.submitted")` after
        handing in, `InvalidInput`: `selfcheck.no-item`, `answer.unknown-value`,
        `answer.not-offered`, `answer.not-asked` (its condition is not met), `answer.by-when`,
        `answer.not-suggested`.
        """
        form = self._sheet(request.form).form
        item = form.item(request.link_id)
        if item is None:
            raise InvalidInput("selfcheck.no-item", form=form.url, link_id=request.link_id)
        kept = self._kept(form)
        self._check_open(self._submission(form))
        if item not in applicable(form, kept):
            raise InvalidInput("answer.not-asked", link_id=item.link_id)
        found = self._found(form, item)
        answer = self._made(form, item, request, found.get(item.link_id))
        with self._ctx.open_store().transaction():
            self._ctx.open_store().answers.save(form.key, item.link_id, msgspec.json.encode(answer))
        answers = {**kept, item.link_id: answer}
        state = State(form, answers, found, self._previous(form), None)
        far = progress(form, answers)
        return Answered(
            item=item_view(state, item, self._language, enabled=True),
            answered=far.answered,
            applicable=far.applicable,
            enabled=tuple(one.link_id for one in applicable(form, answers)),
        )

    def outgoing(self, form: str = "") -> tuple[tuple[str, AnswerView], ...]:
        """Give exactly what handing in would send: link ids and answers, no evidence."""
        state = self._state(self._sheet(form).form)
        return tuple(
            (item.link_id, answer_view(state.form, item, answer, self._language))
            for item in applicable(state.form, state.answers)
            if (answer := state.answers.get(item.link_id)) is not None
        )

    def submit(self, form: str = "") -> SubmissionView:
        """Hand a form in: freeze a copy of the answers and record it, both or neither.

        Raises `RuleViolation`: `selfcheck.submitted`, `selfcheck.incomplete`.
        """
        asked = self._sheet(form).form
        state = self._state(asked)
        self._check_open(state.submission)
        person = self._ctx.person()
        done = submit(
            asked,
            state.answers,
            person=f"{person.unit}\n{person.name}",
            at=self._now(),
            today=self._today(),
        )
        return self._record(asked, done, ev.SELFCHECK_SUBMIT)

    def withdraw(self, form: str = "") -> SubmissionView:
        """Take a form back until the deadline; the answers can then be changed again.

        Raises `RuleViolation`: `selfcheck.not-submitted`, `selfcheck.withdraw-after-deadline`.
        """
        asked = self._sheet(form).form
        standing = check_withdraw(asked, self._submission(asked), today=self._today())
        return self._record(
            asked, replace(standing, withdrawn_at=self._now()), ev.SELFCHECK_WITHDRAW
        )

    def export(self, form: str, path: Path, *, mark: str = "", procedure: bool = False) -> Path:
        """Write the 自己点検票, or its 実施手順, as `.docx`, `.csv` or `.json`; gives the name.

        A name that is taken gets a number. `mark` is the label that the paper carries itself;
        empty: the form's default. Raises `InvalidInput("export.format")` for another suffix; 実施
        手順 is docx only.
        """
        from meti_desk.services import selfcheck_export as out

        sheet = self._sheet(form)
        suffix = path.suffix.lower()
        if suffix not in out.FORMATS or (procedure and suffix != ".docx"):
            raise InvalidInput("export.format", suffix=suffix)
        if procedure:
            view = procedure_view(sheet.procedure, self._language)
            content = out.procedure_docx(view, self._language, now=self._ctx.clock.now())
        else:
            paper = out.Paper(
                form_view(self._state(sheet.form), self._language, today=self._today()),
                self._ctx.person(),
                self._ctx.clock.now(),
                mark or words().words["mark"].get(self._language),
                self._language,
            )
            content = out.FORMATS[suffix](paper)
        with self._ctx.files.scratch(path.parent) as file:
            file.write(content)
            return self._ctx.files.publish(file, path)

    def _sheet(self, name: str) -> Sheet:
        for sheet in self._forms():
            if name in {"", sheet.name, sheet.form.url}:
                return sheet
        raise InvalidInput("selfcheck.no-form", form=name)

    def _now(self) -> str:
        return self._ctx.clock.now().isoformat(timespec="seconds")

    def _today(self) -> date:
        return self._ctx.clock.now().date()

    def _row(self, form: Form) -> FormRow:
        far = progress(form, self._kept(form))
        return FormRow(
            form=form.url,
            version=form.version,
            title=form.title.get(self._language),
            role=form.role.get(self._language),
            deadline=form.period.deadline.isoformat(),
            days_left=(form.period.deadline - self._today()).days,
            answered=far.answered,
            applicable=far.applicable,
            state=form_state(self._submission(form)),
        )

    def _state(self, form: Form) -> State:
        found = self._found(form, *form.items)
        submission = self._submission(form)
        kept = self._kept(form)
        if submission is None or not submission.standing:
            kept = {key: refreshed(answer, found.get(key)) for key, answer in kept.items()}
        else:
            # What was handed in is shown as it was handed in, whatever the records say since.
            kept = {answer.link_id: answer for answer in submission.answers}
        return State(form, kept, found, self._previous(form), submission)

    def _found(self, form: Form, *items: Item) -> Mapping[str, Found]:
        specs = {item.link_id: item.evidence for item in items if item.evidence is not None}
        if not specs:
            return {}
        events = self._ctx.open_store().ledger.events(kinds=KINDS)
        return collect_all(specs, events, year=form.period.year)

    def _made(self, form: Form, item: Item, request: AnswerRequest, found: Found | None) -> Answer:
        try:
            value = AnswerValue(request.value)
        except ValueError:
            raise InvalidInput(
                "answer.unknown-value", link_id=item.link_id, value=request.value
            ) from None
        if request.confirm and (found is None or found.suggested is not value):
            raise InvalidInput("answer.not-suggested", link_id=item.link_id, value=value.value)
        made = make_answer(
            form,
            item,
            value,
            at=self._now(),
            origin=Origin.CONFIRMED if request.confirm else Origin.OWN,
            reason=request.reason,
            plan=request.plan,
            by_when=request.by_when,
        )
        return refreshed(made, found)

    def _kept(self, form: Form) -> Mapping[str, Answer]:
        return self._load(form.key)[0]

    def _submission(self, form: Form) -> Submission | None:
        return self._load(form.key)[1]

    def _previous(self, form: Form) -> Mapping[str, Answer]:
        """Give last year's answers: those handed in, or the ones that were kept."""
        kept, submission = self._load(answers_key(form.url, form.period.year - 1))
        if submission is not None and submission.standing:
            return {answer.link_id: answer for answer in submission.answers}
        return kept

    def _load(self, key: str) -> tuple[Mapping[str, Answer], Submission | None]:
        rows = self._ctx.open_store().answers.load(key)
        try:
            kept = {
                link_id: msgspec.json.decode(row, type=Answer)
                for link_id, row in rows.items()
                if link_id != SUBMISSION
            }
            row = rows.get(SUBMISSION)
            submission = msgspec.json.decode(row, type=Submission) if row else None
        except msgspec.DecodeError as error:
            raise EnvironmentProblem("selfcheck.unreadable", form=key) from error
        return kept, submission

    def _check_open(self, submission: Submission | None) -> None:
        if submission is not None and submission.standing:
            raise RuleViolation("selfcheck.submitted", articles=ARTICLES, at=submission.at)

    def _record(self, form: Form, done: Submission, kind: str) -> SubmissionView:
        store = self._ctx.open_store()
        body = ev.selfcheck_body(
            form=form.url,
            version=done.form_version,
            form_hash=done.form_hash,
            receipt=done.receipt,
        )
        with store.transaction():
            event = store.ledger.append(kind, body, self._ctx.clock.now())
            store.answers.save(form.key, SUBMISSION, msgspec.json.encode(done))
        return SubmissionView(
            form=form.url,
            version=done.form_version,
            state=form_state(done),
            at=done.withdrawn_at or done.at,
            receipt=done.receipt,
            events=(event.id,),
        )
