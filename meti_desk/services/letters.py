"""取扱依頼書 (Art. 14-6), パスワード通知書 (Art. 14-1) and the draft of the mail (Art. 53).

The words are data (`forms/letters.toml`). The password stands in its slip alone and never in the
mail or the letter: what opens a file does not travel with it.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from meti_desk.data import read_text
from meti_desk.domain.classification import Confidentiality
from meti_desk.domain.label import Label
from meti_desk.services import paper
from meti_desk.services.messages import Person
from meti_desk.services.plain import plain

MAIL_LIMIT = 20 * 1024 * 1024
"""Attachments above this many bytes are left out of the draft: gateways refuse them."""

_PICTURES = 0x2400
"""Where Unicode has the pictures of control characters."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that is given away, as the letter lists it."""

    name: str
    label: Label


def visible(text: str) -> str:
    """Write a password as it is; a control character is shown by its picture."""
    return "".join(
        chr(_PICTURES + ord(char)) if ord(char) < ord(" ") else plain(char) for char in text
    )


@lru_cache(maxsize=1)
def texts_of_letters() -> dict[str, dict[str, Any]]:
    """Give the words of all letters."""
    return tomllib.loads(read_text("forms", "letters.toml"))


def handling_letter(
    enclosures: Sequence[Enclosure],
    recipients: Sequence[str],
    person: Person,
    date: str,
    *,
    contractor: bool,
    by_certificate: bool = False,
) -> bytes:
    """Write the 取扱依頼書 that goes with the files as docx: labels, restrictions, what we ask.

    `by_certificate`: it says that the recipients' own keys open the files, without a password.
    """
    texts = texts_of_letters()["handling"]
    sheet = paper.document(texts["title"])
    paper.line(sheet, date, right=True)
    for recipient in recipients:
        paper.line(sheet, f"{recipient} 様")
    paper.line(sheet, " ".join(filter(None, (person.unit, person.post, person.name))), right=True)
    paper.line(sheet, texts["intro"])
    rows = [
        (
            one.name,
            _grade(one.label),
            "・".join(_handling(one.label)) or texts["no_restriction"],
        )
        for one in enclosures
    ]
    paper.table(sheet, texts["table"], rows)
    if by_certificate:
        paper.line(sheet, texts["by_certificate"])
    sheet.add_heading(texts["heading"], level=2)
    for rule in _rules(
        [one.label for one in enclosures], contractor=contractor, by_certificate=by_certificate
    ):
        sheet.add_paragraph(plain(rule), style="List Number")
    sheet.add_heading(texts["contact"], level=2)
    paper.line(sheet, " ".join(filter(None, (person.unit, person.name, person.mail))))
    return paper.saved(sheet)


def password_slip(
    names: Sequence[str], password: str, reading: Sequence[tuple[str, str]], date: str
) -> bytes:
    """Write the パスワード通知書 as docx: the password and how each character is read aloud."""
    texts = texts_of_letters()["password"]
    sheet = paper.document(texts["title"])
    paper.line(sheet, date, right=True)
    paper.line(sheet, texts["intro"])
    sheet.add_heading(texts["files"], level=2)
    for name in names:
        sheet.add_paragraph(plain(name), style="List Bullet")
    sheet.add_heading(texts["password"], level=2)
    run = sheet.add_paragraph().add_run(visible(password))
    run.font.name = "DejaVu Sans Mono"
    run.font.size = paper.points(16)
    sheet.add_heading(texts["reading"], level=2)
    reading = [(visible(char), word) for char, word in reading]
    half = (len(reading) + 1) // 2
    left, right = list(reading[:half]), list(reading[half:])
    right += [("", "")] * (len(left) - len(right))
    rows = [(*a, *b) for a, b in zip(left, right, strict=True)]
    paper.table(sheet, [*texts["reading_table"], *texts["reading_table"]], rows)
    paper.line(sheet, texts["warning"])
    return paper.saved(sheet)


def mail_draft(
    recipients: Sequence[str],
    person: Person,
    mark: str,
    attachments: Sequence[tuple[str, bytes]],
    *,
    protected: bool,
    opens: Literal["password", "agreed", "certificate"] = "password",
) -> bytes:
    """Write the draft as an unsent message (`.eml`) that a mail program opens for editing.

    `opens` is what the recipients open protected files with.
    """
    texts = texts_of_letters()["mail"]
    bodies = {"password": "body", "agreed": "body_agreed", "certificate": "body_certificate"}
    kind = bodies[opens] if protected else "body_plain"
    body = texts[kind].format(to="、".join(map(plain, recipients)), **paper.person_values(person))
    return paper.unsent(recipients, person, texts["subject"].format(mark=mark), body, attachments)


def _grade(label: Label) -> str:
    rest = f"完全性{label.integrity:d}・可用性{label.availability:d}"
    return f"機密性{label.confidentiality:d}（{rest}）"


def _handling(label: Label) -> list[str]:
    names = sorted(one.name for one in label.restrictions)
    return [*names, *(f"{name}限り" for name in sorted(label.audience or ()))]


def _rules(labels: Sequence[Label], *, contractor: bool, by_certificate: bool) -> list[str]:
    texts = texts_of_letters()["handling"]
    highest = max(label.confidentiality for label in labels)
    rules: list[str] = list(texts["rules_c1"])
    if highest >= Confidentiality.C2:
        rules += texts["rules_c2"]
        rules.append(texts["rules_key" if by_certificate else "rules_password"])
    if highest is Confidentiality.C3:
        rules += texts["rules_c3"]
    names = sorted({one.name for label in labels for one in label.restrictions})
    rules += [texts["rules_restriction"].format(name=name) for name in names]
    audiences = sorted({name for label in labels for name in label.audience or ()})
    if audiences:
        rules.append(texts["rules_audience"].format(names="、".join(audiences)))
    if contractor:
        rules += texts["rules_contractor"]
    if any(label.youhogo for label in labels):
        rules += texts["rules_end"]
    return rules
