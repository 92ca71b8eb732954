"""周知: tell all who received a document, or made others from it, that its label changed (7-2)."""

from collections.abc import Sequence
from pathlib import Path

from meti_desk.domain import events
from meti_desk.domain.errors import InvalidInput
from meti_desk.services import letters_change
from meti_desk.services.consult import in_words
from meti_desk.services.context import Context
from meti_desk.services.facts import recorded
from meti_desk.services.giving import today, write_paper
from meti_desk.services.letters_change import Told
from meti_desk.services.lineage import root_of
from meti_desk.services.messages import Done, DoneFile
from meti_desk.services.ports import DocumentRecord
from meti_desk.services.reach import affected
from meti_desk.services.views import label_view
from meti_desk.services.writing import record_only

LIST_NAME = "格付変更の周知先.docx"
MAIL_NAME = "周知のメール（{name}）.eml"
_LONGEST_NAME = 40


def notice(ctx: Context, document: str, out: Path) -> Done:
    """Draft the notices about one document into `out`, and record to whom.

    A list for the person who tells (docx); a mail for each recipient, which names only what that
    recipient received, and one for each other person who decided a label of what was made from it.
    `document` is an id of the record or a path. Raises `InvalidInput("document.unknown")`.
    """
    store = ctx.open_store()
    record = store.documents.get(root_of(ctx, store, document))
    if record is None:
        raise InvalidInput("document.unknown", document=document)
    label = recorded(ctx, record)
    reach = affected(store, record)
    row = DoneFile(
        path=record.path, label=label_view(label), notes=reach.notes or ("notice.nobody",)
    )
    if not reach.notes:
        return Done(files=(row,))
    out.mkdir(parents=True, exist_ok=True)
    told = Told(record.title, in_words(ctx, label))
    given = [(name, _told(ctx, held)) for name, held in reach.received.items()]
    made = _told(ctx, reach.descendants)
    person = ctx.person()
    listing = letters_change.notice_list(given, made, person, today(ctx))
    mails = [(name, letters_change.notice_mail(name, held, person)) for name, held in given]
    for holder in dict.fromkeys(one.decider for one in made):
        if holder and holder != ctx.actor():
            own = [one for one in made if one.decider == holder]
            mails.append((holder, letters_change.holder_mail(holder, told, own, person)))
    body = events.notice_body(
        document=record.id,
        title=record.title,
        label=label,
        recipients=list(dict.fromkeys(name for name, _ in mails)),
        descendants=[one.id for one in reach.descendants],
    )
    event = record_only(ctx, events.NOTICE, body)
    letter = write_paper(ctx, out / LIST_NAME, listing)
    drafted = tuple(write_paper(ctx, out / _mail_name(name), data) for name, data in mails)
    from msgspec.structs import replace

    row = replace(row, out=drafted)
    return Done(files=(row,), events=(event,), letter=letter, mail=drafted[0] if drafted else "")


def _told(ctx: Context, records: Sequence[DocumentRecord]) -> list[Told]:
    return [Told(one.title, in_words(ctx, recorded(ctx, one)), one.decided_by) for one in records]


def _mail_name(name: str) -> str:
    """Name a draft after who gets it, without what a file's name cannot hold."""
    held = "".join(char if char.isalnum() or char in "@.-_" else "_" for char in name)
    return MAIL_NAME.format(name=held[:_LONGEST_NAME])
