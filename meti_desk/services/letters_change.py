"""相談書 and the 周知 of a changed label (Arts. 7-1, 7-2), in the words of `letters.toml`."""

from collections.abc import Sequence
from dataclasses import dataclass

from meti_desk.services import paper
from meti_desk.services.letters import texts_of_letters
from meti_desk.services.messages import Person
from meti_desk.services.plain import plain


@dataclass(frozen=True, slots=True)
class Asked:
    """What a 相談 says: the document, its label as a mark, the one proposed, who decided, why."""

    title: str
    held: str
    proposed: str
    decider: str
    decided_at: str
    reason: str

    def values(self) -> dict[str, str]:
        """Give each as one line."""
        unknown = str(texts_of_letters()["consult"]["unknown"])
        return {
            name: plain(getattr(self, name)) or unknown
            for name in ("title", "held", "proposed", "decider", "decided_at", "reason")
        }


@dataclass(frozen=True, slots=True)
class Told:
    """One document of a 周知: its name, its label as a mark, who decided it."""

    title: str
    label: str
    decider: str = ""


def consult_letter(asked: Asked, person: Person, date: str) -> bytes:
    """Write the 相談書 as docx, with room for the answer."""
    texts = texts_of_letters()["consult"]
    sheet = paper.document(texts["title"])
    paper.line(sheet, date, right=True)
    paper.line(sheet, f"{texts['to']} 様")
    _sender(sheet, person)
    paper.line(sheet, texts["intro"])
    values = asked.values()
    paper.table(
        sheet, texts["table"], [(word, values[name]) for name, word in texts["rows"].items()]
    )
    sheet.add_heading(texts["answer"], level=2)
    for answer in texts["answers"]:
        paper.line(sheet, f"□ {answer}")
    paper.line(sheet, texts["answer_line"])
    return paper.saved(sheet)


def consult_mail(asked: Asked, person: Person, letter: tuple[str, bytes]) -> bytes:
    """Write the draft of the mail that brings the 相談書; who is consulted is filled in there."""
    texts = texts_of_letters()["consult"]
    body = texts["body"].format(**asked.values(), **paper.person_values(person))
    return paper.unsent((), person, texts["subject"], body, [letter])


def notice_list(
    recipients: Sequence[tuple[str, Sequence[Told]]],
    descendants: Sequence[Told],
    person: Person,
    date: str,
) -> bytes:
    """Write as docx who has to be told of what, for the person who tells them (Art. 7-2)."""
    texts = texts_of_letters()["notice"]
    sheet = paper.document(texts["title"])
    paper.line(sheet, date, right=True)
    _sender(sheet, person)
    paper.line(sheet, texts["intro"])
    rows = [(name, one.title, one.label) for name, told in recipients for one in told]
    paper.table(sheet, texts["table"], rows or [(texts["none"], "", "")])
    sheet.add_heading(texts["descendants"], level=2)
    paper.table(
        sheet,
        texts["descendants_table"],
        [(one.title, one.label, one.decider) for one in descendants] or [(texts["none"], "", "")],
    )
    return paper.saved(sheet)


def notice_mail(recipient: str, told: Sequence[Told], person: Person) -> bytes:
    """Write the draft to one who received documents: these alone, and nobody else's name."""
    texts = texts_of_letters()["notice"]
    body = texts["body"].format(
        to=plain(recipient), documents=_listed(told), **paper.person_values(person)
    )
    return paper.unsent((recipient,), person, texts["subject"], body)


def holder_mail(holder: str, source: Told, told: Sequence[Told], person: Person) -> bytes:
    """Write the draft to one who decided the label of what was made from the document (Art. 6)."""
    texts = texts_of_letters()["notice"]
    body = texts["body_holder"].format(
        to=plain(holder),
        title=plain(source.title),
        held=plain(source.label),
        documents=_listed(told),
        **paper.person_values(person),
    )
    return paper.unsent((holder,), person, texts["subject_holder"], body)


def _listed(told: Sequence[Told]) -> str:
    return "\n".join(f"・{plain(one.title)}　{plain(one.label)}" for one in told)


def _sender(sheet: object, person: Person) -> None:
    told = " ".join(filter(None, (person.unit, person.post, person.name)))
    paper.line(sheet, told, right=True)
