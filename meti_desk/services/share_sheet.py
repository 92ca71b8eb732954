"""The sheet for a share that goes on paper (分割した情報の書面): a QR code and words, Art. 14-5.

As docx and as PDF with the same words. It names the set and the part, never the document.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from meti_desk.protection.split_text import ShareText, code_text, word_lines
from meti_desk.services import paper
from meti_desk.services.letters import texts_of_letters
from meti_desk.services.paper_pdf import Paper

if TYPE_CHECKING:
    import segno

_SIDE = 150.0


@dataclass(frozen=True, slots=True)
class ShareSheet:
    """What a sheet says: the share, how many parts there are and are needed, and the day."""

    share: ShareText
    n: int
    k: int
    date: str

    def as_docx(self) -> bytes:
        """Write the sheet as docx."""
        texts = texts_of_letters()["share"]
        sheet = paper.document(self._title)
        paper.line(sheet, texts["intro"])
        paper.table(sheet, texts["table"], self._rows())
        sheet.add_heading(texts["code"], level=2)
        paper.line(sheet, texts["code_help"])
        picture = BytesIO()
        self._code().save(picture, kind="png", scale=8, border=4)
        picture.seek(0)
        sheet.add_picture(picture, width=paper.points(_SIDE))
        sheet.add_heading(texts["words"], level=2)
        paper.line(sheet, self._how)
        lines = self._lines()
        line, word = texts["words_table"]
        paper.table(sheet, [line, *[word] * (len(lines[0]) - 1)], lines)
        paper.line(sheet, texts["warning"])
        return paper.saved(sheet)

    def as_pdf(self) -> bytes:
        """Write the sheet as PDF."""
        texts = texts_of_letters()["share"]
        sheet = Paper(self._title)
        sheet.line(texts["intro"])
        sheet.gap(6)
        sheet.table(self._rows(), (2, 5))
        sheet.heading(texts["code"])
        sheet.line(texts["code_help"])
        sheet.code([*self._code().matrix], _SIDE)
        sheet.heading(texts["words"])
        sheet.line(self._how)
        sheet.gap(6)
        lines = self._lines()
        sheet.table(lines, [1] + [3] * (len(lines[0]) - 1), size=9.5)
        sheet.gap(6)
        sheet.line(texts["warning"])
        return sheet.saved()

    @property
    def _title(self) -> str:
        title: str = texts_of_letters()["share"]["title"]
        return title.format(index=self.share.index, n=self.n)

    @property
    def _how(self) -> str:
        texts = texts_of_letters()["share"]
        how: str = texts["words_slip" if self.share.scheme == "slip-39" else "words_xor"]
        return how

    def _rows(self) -> Sequence[Sequence[str]]:
        texts = texts_of_letters()["share"]
        names = texts["rows"]
        return (
            (names["set"], self.share.set),
            (names["index"], texts["index"].format(n=self.n, index=self.share.index)),
            (names["needed"], texts["needed"].format(k=self.k)),
            (names["date"], self.date),
        )

    def _lines(self) -> Sequence[Sequence[str]]:
        """Give the words line by line, each with its number, the last line filled up."""
        lines = word_lines(self.share)
        wide, number, found = len(lines[0]), 1, []
        for at, line in enumerate(lines, start=1):
            cells = [f"{number + place}. {word}" for place, word in enumerate(line)]
            number += len(line)
            found.append((str(at), *cells, *[""] * (wide - len(line))))
        return found

    def _code(self) -> "segno.QRCode":
        import segno

        return segno.make(code_text(self.share, self.n), error="q", micro=False)
