"""周知: tell all who received a document, or made others from it, that its label changed (7-2)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from meti_desk.domain import events
from meti_desk.domain.errors import InvalidInput
from meti_desk.domain.lineage import descendants
from meti_desk.services import letters_change
from meti_desk.services.consult import in_words
from meti_desk.services.context import Context
from meti_desk.services.facts import opened, recorded
from meti_desk.services.giving import today, write_paper
from meti_desk.services.letters_change import Told
from meti_desk.services.messages import Done, DoneFile
from meti_desk.services.ports import DocumentRecord, Documents, Store
from meti_desk.services.suggest import QUICK
from meti_desk.services.views import label_view
from meti_desk.services.writing import record_only

LIST_NAME = "格付変更の周知先.docx"
MAIL_NAME = "周知のメール（{name}）.eml"
_LONGEST_NAME = 40


class MadeFrom(Mapping[str, Sequence[str]]):
    """The steps from a document to what was made of it, asked of the store one by one (Art. 6)."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def __getitem__(self, source: str) -> Sequence[str]:
        return [one.id for one in self._documents.made_from(source)]

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


@dataclass(frozen=True, slots=True)
class Affected:
    """Who and what a change of one label reaches; `received` gives each recipient's documents."""

    descendants: tuple[DocumentRecord, ...]
    received: Mapping[str, tuple[DocumentRecord, ...]]

    @property
    def notes(self) -> tuple[str, ...]:
        """Tell how many documents and recipients; nothing where the change reaches nobody."""
        if not self.descendants and not self.received:
            return ()
        counts = (("descendants", self.descendants), ("recipients", self.received))
        return tuple(f"notice.{name}:{len(held)}" for name, held in counts if held)


def affected(store: Store, record: DocumentRecord) -> Affected:
    """Find what was made from a document over all generations, and who received any of them."""
    found = descendants(MadeFrom(store.documents), record.id)
    made = tuple(one for one in map(store.documents.get, found) if one is not None)
    received: dict[str, dict[str, DocumentRecord]] = {}
    for one in (record, *made):
        for event in store.ledger.events(kinds=(events.HANDLE,), document=one.id):
            for name in events.read(event).recipients:
                received.setdefault(name, {})[one.id] = one
    return Affected(made, {name: tuple(held.values()) for name, held in sorted(received.items())})


def notice(ctx: Context, document: str, out: Path) -> Done:
    """Draft the notices about one document into `out`, and record to whom.

    A list for the person who tells (docx); a mail for each recipient, which names only what that
    recipient received, and one for each other person who decided a label of what was made from it.
    `document` is an id of the record or a path. Raises `InvalidInput("notice.unknown-document")`.
    """
    store = ctx.open_store()
    record = _record(ctx, store, document)
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


def _record(ctx: Context, store: Store, document: str) -> DocumentRecord:
    record = store.documents.get(document)
    if record is None and Path(document).is_file():
        with opened(ctx, Path(document), QUICK) as facts:
            record = facts.record
    if record is None:
        raise InvalidInput("notice.unknown-document", articles=("7-2",), name=document)
    return record


def _told(ctx: Context, records: Sequence[DocumentRecord]) -> list[Told]:
    return [Told(one.title, in_words(ctx, recorded(ctx, one)), one.decided_by) for one in records]


def _mail_name(name: str) -> str:
    """Name a draft after who gets it, without what a file's name cannot hold."""
    held = "".join(char if char.isalnum() or char in "@.-_" else "_" for char in name)
    return MAIL_NAME.format(name=held[:_LONGEST_NAME])
