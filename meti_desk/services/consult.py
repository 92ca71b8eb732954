"""相談: ask before a label that somebody else decided is changed (Art. 7-1)."""

from datetime import datetime
from pathlib import Path

from meti_desk.domain import events
from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.domain.label import AnyLabel, Label, Undecided, effective
from meti_desk.domain.marking import format_mark
from meti_desk.services import deciding, letters_change
from meti_desk.services.context import Context
from meti_desk.services.facts import Facts, opened
from meti_desk.services.giving import today, write_paper
from meti_desk.services.messages import ClassifyRequest, Done, DoneFile
from meti_desk.services.suggest import QUICK
from meti_desk.services.views import label_view
from meti_desk.services.writing import record_only

LETTER_NAME = "格付の相談.docx"
MAIL_NAME = "格付の相談のメール.eml"
UNDECIDED = "未決定"


def consult(ctx: Context, path: str, reason: str, proposed: ClassifyRequest) -> Done:
    """Draft the consultation about one document, and record that it was asked.

    Nothing about the document changes: `classify` goes on with `ClassifyRequest.consulted` once an
    answer is there. Raises `InvalidInput("consult.reason-missing")`, and `RuleViolation`:
    `consult.not-needed` where the person decides alone - the label is theirs, nobody decided
    yet, or the content was changed since (7-3) -, `consult.same-label`.
    """
    ctx.open_store()
    if not reason.strip():
        raise InvalidInput("consult.reason-missing", articles=("7-1",))
    chosen = deciding.requested(ctx, proposed)
    wanted = deciding.with_sources(chosen, deciding.sources_label(ctx, proposed.sources))
    with opened(ctx, Path(path), QUICK) as facts:
        deciding.check_special(ctx, facts)
        held = _held(ctx, facts, wanted)
        asked = _asked(ctx, facts, held, wanted, reason)
        folder = Path(proposed.out) if proposed.out else facts.path.parent
        folder.mkdir(parents=True, exist_ok=True)
        letter = letters_change.consult_letter(asked, ctx.person(), today(ctx))
        event = record_only(ctx, events.CONSULT, _body(facts, held, wanted, asked))
        written = write_paper(ctx, folder / LETTER_NAME, letter)
        mail = letters_change.consult_mail(asked, ctx.person(), (Path(written).name, letter))
        drafted = write_paper(ctx, folder / MAIL_NAME, mail)
    row = DoneFile(path=path, label=label_view(held), notes=("consult.drafted",))
    return Done(files=(row,), events=(event,), letter=written, mail=drafted)


def _held(ctx: Context, facts: Facts, wanted: Label) -> Label:
    """Give the label that somebody else decided, or refuse: there is nothing to ask."""
    held = facts.label
    changed = facts.seal == "content-changed"
    if not isinstance(held, Label) or changed or deciding.is_mine(ctx, facts):
        raise RuleViolation("consult.not-needed", articles=("7-1", "7-3"))
    if held == wanted:
        raise RuleViolation("consult.same-label", articles=("7-1",))
    return held


def _asked(
    ctx: Context, facts: Facts, held: Label, wanted: Label, reason: str
) -> letters_change.Asked:
    record = facts.record
    return letters_change.Asked(
        title=facts.title,
        held=in_words(ctx, held),
        proposed=in_words(ctx, wanted),
        decider=record.decided_by if record is not None else "",
        decided_at=_day(record.decided_at) if record is not None else "",
        reason=reason.strip(),
    )


def _day(moment: str) -> str:
    """Write the day of a recorded moment as letters do."""
    try:
        day = datetime.fromisoformat(moment)
    except ValueError:
        return ""
    return f"{day.year}年{day.month}月{day.day}日"


def _body(facts: Facts, held: Label, wanted: Label, asked: letters_change.Asked) -> events.Body:
    return events.consult_body(
        document=facts.document_id or facts.copied_from or facts.file_hash,
        title=facts.title,
        label=held,
        proposed=wanted,
        decider=asked.decider,
        reason=asked.reason,
    )


def in_words(ctx: Context, label: AnyLabel) -> str:
    """Write a label as the mark says it; an undecided one says so, with its floor."""
    if isinstance(label, Undecided) and label.at_least is None:
        return UNDECIDED
    told = format_mark(effective(label), ctx.policy.marks.texts)
    return told if isinstance(label, Label) else f"{UNDECIDED}（{told}以上）"
