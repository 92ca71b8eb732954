"""The paper that all letters are written on: a plain docx, and an unsent mail.

The words come from those who write; here is only what a Japanese office expects of the sheet.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from meti_desk.services.messages import Person
from meti_desk.services.plain import plain

JAPANESE_FONT = "Noto Sans CJK JP"


def person_values(person: Person) -> dict[str, str]:
    """Give what a text says of the person who writes it, as one line each."""
    return {
        "unit": plain(person.unit),
        "post": plain(person.post),
        "name": plain(person.name),
        "mail": plain(person.mail),
    }


def unsent(
    recipients: Sequence[str],
    person: Person,
    subject: str,
    body: str,
    attachments: Sequence[tuple[str, bytes]] = (),
) -> bytes:
    """Write a mail that was not sent yet (`.eml`), for a mail program to open and edit.

    Recipients that are no addresses are left for the person to fill in.
    """
    from email.message import EmailMessage
    from email.policy import SMTP
    from mimetypes import guess_type

    message = EmailMessage(policy=SMTP)
    message["X-Unsent"] = "1"
    if sendable(person.mail):
        message["From"] = person.mail
    message["To"] = ", ".join(address for address in recipients if sendable(address))
    message["Subject"] = plain(subject)
    message.set_content(body.lstrip(), charset="utf-8")
    for name, data in attachments:
        kind = guess_type(name)[0] or "application/octet-stream"
        main, _, sub = kind.partition("/")
        message.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return message.as_bytes()


def sendable(address: str) -> bool:
    """Tell whether an address may stand in a header as it is, and is one address and no more."""
    name, _, domain = address.rpartition("@")
    whole = bool(name) and bool(domain) and address.isprintable() and plain(address) == address
    return whole and not set(address) & set(' ,;:<>()[]"\\') and "@" not in name


def points(size: float) -> Any:
    """Give a size of type."""
    from docx.shared import Pt

    return Pt(size)


def document(title: str) -> Any:
    """Make an empty A4 document with Japanese fonts and without the template's author."""
    import docx
    from docx.oxml.ns import qn
    from docx.shared import Mm, RGBColor

    sheet = docx.Document()
    core = sheet.core_properties
    core.author = core.last_modified_by = core.comments = core.keywords = ""
    core.title = title
    section = sheet.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(25)
    section.top_margin = section.bottom_margin = Mm(22)
    for name in ("Normal", "Title", "Heading 2", "List Bullet", "List Number"):
        style = sheet.styles[name]
        style.font.name = JAPANESE_FONT
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
            fonts.set(qn(kind), JAPANESE_FONT)
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(theme), None)
        style.font.color.rgb = RGBColor(0x1A, 0x1A, 0x1A)
    sheet.styles["Normal"].font.size = points(10.5)
    sheet.styles["Title"].font.size = points(18)
    sheet.styles["Heading 2"].font.size = points(12)
    sheet.add_paragraph(title, style="Title")
    return sheet


def line(sheet: Any, text: str, *, right: bool = False) -> None:
    """Add a line; sender and date stand at the right."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph = sheet.add_paragraph(plain(text))
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def table(sheet: Any, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Add a table with a head and lines around its cells."""
    made = sheet.add_table(rows=1, cols=len(head), style="Table Grid")
    for cell, text in zip(made.rows[0].cells, head, strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    for row in rows:
        for cell, text in zip(made.add_row().cells, row, strict=True):
            cell.text = plain(text)
    sheet.add_paragraph()


def saved(sheet: Any) -> bytes:
    """Give the bytes of the docx."""
    buffer = BytesIO()
    sheet.save(buffer)
    return buffer.getvalue()
