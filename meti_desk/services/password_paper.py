"""パスワード通知書 as PDF, with the words of the docx (Art. 14-1)."""

from collections.abc import Sequence

from meti_desk.services.letters import texts_of_letters, visible
from meti_desk.services.paper_pdf import Paper

_SIDE = 2


def password_slip_pdf(
    names: Sequence[str], password: str, reading: Sequence[tuple[str, str]], date: str
) -> bytes:
    """Write the password and how each character is read aloud."""
    texts = texts_of_letters()["password"]
    sheet = Paper(texts["title"])
    sheet.line(date, right=True)
    sheet.line(texts["intro"])
    sheet.heading(texts["files"])
    for name in names:
        sheet.line(f"・{name}")
    sheet.heading(texts["password"])
    sheet.line(visible(password), size=16)
    sheet.heading(texts["reading"])
    rows = [(visible(char), word) for char, word in reading]
    half = -(-len(rows) // _SIDE)
    left, right = rows[:half], rows[half:]
    right += [("", "")] * (half - len(right))
    head = tuple(texts["reading_table"])
    sheet.table([(*head, *head), *((*a, *b) for a, b in zip(left, right, strict=True))], (1, 4) * 2)
    sheet.gap(8)
    sheet.line(texts["warning"])
    return sheet.saved()
