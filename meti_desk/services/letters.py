"""取扱依頼書 (Art. 14-6), パスワード通知書 (Art. 14-1) and the draft of the mail (Art. 53).

The words are data (`forms/letters.toml`). The password stands in its slip alone and never in the
mail or the letter: what opens a file does not travel with it.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any

from meti_desk.data import read_text
from meti_desk.domain.classification import Confidentiality
from meti_desk.domain.label import Label
from meti_desk.services.messages import Person
from meti_desk.services.plain import plain

JAPANESE_FONT = "Noto Sans CJK JP"
MAIL_LIMIT = 20 * 1024 * 1024
"""Attachments above this many bytes are left out of the draft: gateways refuse them."""


_PICTURES = 0x2400
"""Where Unicode has the pictures of control characters."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that is given away, as the letter lists it."""

    name: str
    label: Label


def _visible(text: str) -> str:
    """Write a password as it is; a control character is shown by its picture."""
    return "".join(
        chr(_PICTURES + ord(char)) if ord(char) < ord(" ") else plain(char) for char in text
    )


@lru_cache(maxsize=1)
def _texts() -> dict[str, dict[str, Any]]:
    return tomllib.loads(read_text("forms", "letters.toml"))


def handling_letter(
    enclosures: Sequence[Enclosure],
    recipients: Sequence[str],
    person: Person,
    date: str,
    *,
    contractor: bool,
) -> bytes:
    """Write the 取扱依頼書 that goes with the files as docx: labels, restrictions, what we ask."""
    texts = _texts()["handling"]
    document = _document(texts["title"])
    _line(document, date, right=True)
    for recipient in recipients:
        _line(document, f"{recipient} 様")
    _line(document, " ".join(filter(None, (person.unit, person.post, person.name))), right=True)
    _line(document, texts["intro"])
    rows = [
        (
            one.name,
            _grade(one.label),
            "・".join(_handling(one.label)) or texts["no_restriction"],
        )
        for one in enclosures
    ]
    _table(document, texts["table"], rows)
    document.add_heading(texts["heading"], level=2)
    for rule in _rules([one.label for one in enclosures], contractor=contractor):
        document.add_paragraph(plain(rule), style="List Number")
    document.add_heading(texts["contact"], level=2)
    _line(document, " ".join(filter(None, (person.unit, person.name, person.mail))))
    return _saved(document)


def password_slip(
    names: Sequence[str], password: str, reading: Sequence[tuple[str, str]], date: str
) -> bytes:
    """Write the パスワード通知書 as docx: the password and how each character is read aloud."""
    texts = _texts()["password"]
    document = _document(texts["title"])
    _line(document, date, right=True)
    _line(document, texts["intro"])
    document.add_heading(texts["files"], level=2)
    for name in names:
        document.add_paragraph(plain(name), style="List Bullet")
    document.add_heading(texts["password"], level=2)
    run = document.add_paragraph().add_run(_visible(password))
    run.font.name = "DejaVu Sans Mono"
    run.font.size = _points(16)
    document.add_heading(texts["reading"], level=2)
    reading = [(_visible(char), word) for char, word in reading]
    half = (len(reading) + 1) // 2
    left, right = list(reading[:half]), list(reading[half:])
    right += [("", "")] * (len(left) - len(right))
    rows = [(*a, *b) for a, b in zip(left, right, strict=True)]
    _table(document, [*texts["reading_table"], *texts["reading_table"]], rows)
    _line(document, texts["warning"])
    return _saved(document)


def mail_draft(
    recipients: Sequence[str],
    person: Person,
    mark: str,
    attachments: Sequence[tuple[str, bytes]],
    *,
    protected: bool,
) -> bytes:
    """Write the draft as an unsent message (`.eml`) that a mail program opens for editing."""
    from email.message import EmailMessage
    from email.policy import SMTP
    from mimetypes import guess_type

    texts = _texts()["mail"]
    message = EmailMessage(policy=SMTP)
    message["X-Unsent"] = "1"
    if _sendable(person.mail):
        message["From"] = person.mail
    message["To"] = ", ".join(address for address in recipients if _sendable(address))
    message["Subject"] = plain(texts["subject"].format(mark=mark))
    values = {
        "to": "、".join(map(plain, recipients)),
        "unit": plain(person.unit),
        "post": plain(person.post),
        "name": plain(person.name),
        "mail": plain(person.mail),
    }
    body = texts["body" if protected else "body_plain"].format(**values)
    message.set_content(body.lstrip(), charset="utf-8")
    for name, data in attachments:
        kind = guess_type(name)[0] or "application/octet-stream"
        main, _, sub = kind.partition("/")
        message.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return message.as_bytes()


def _sendable(address: str) -> bool:
    """Tell whether an address may stand in a header as it is, and is one address and no more."""
    name, _, domain = address.rpartition("@")
    whole = bool(name) and bool(domain) and address.isprintable() and plain(address) == address
    return whole and not set(address) & set(' ,;:<>()[]"\\') and "@" not in name


def _grade(label: Label) -> str:
    rest = f"完全性{label.integrity:d}・可用性{label.availability:d}"
    return f"機密性{label.confidentiality:d}（{rest}）"


def _handling(label: Label) -> list[str]:
    names = sorted(one.name for one in label.restrictions)
    return [*names, *(f"{name}限り" for name in sorted(label.audience or ()))]


def _rules(labels: Sequence[Label], *, contractor: bool) -> list[str]:
    texts = _texts()["handling"]
    highest = max(label.confidentiality for label in labels)
    rules: list[str] = list(texts["rules_c1"])
    if highest >= Confidentiality.C2:
        rules += texts["rules_c2"]
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


def _points(size: float) -> Any:
    from docx.shared import Pt

    return Pt(size)


def _document(title: str) -> Any:
    """Make an empty A4 document with Japanese fonts and without the template's author."""
    import docx
    from docx.oxml.ns import qn
    from docx.shared import Mm, RGBColor

    document = docx.Document()
    core = document.core_properties
    core.author = core.last_modified_by = core.comments = core.keywords = ""
    core.title = title
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(25)
    section.top_margin = section.bottom_margin = Mm(22)
    for name in ("Normal", "Title", "Heading 2", "List Bullet", "List Number"):
        style = document.styles[name]
        style.font.name = JAPANESE_FONT
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
            fonts.set(qn(kind), JAPANESE_FONT)
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(theme), None)
        style.font.color.rgb = RGBColor(0x1A, 0x1A, 0x1A)
    document.styles["Normal"].font.size = _points(10.5)
    document.styles["Title"].font.size = _points(18)
    document.styles["Heading 2"].font.size = _points(12)
    document.add_paragraph(title, style="Title")
    return document


def _line(document: Any, text: str, *, right: bool = False) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph = document.add_paragraph(plain(text))
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _table(document: Any, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = document.add_table(rows=1, cols=len(head), style="Table Grid")
    for cell, text in zip(table.rows[0].cells, head, strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = plain(text)
    document.add_paragraph()


def _saved(document: Any) -> bytes:
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()
