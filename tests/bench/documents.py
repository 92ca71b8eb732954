"""Makes Word documents of a realistic size, every one with its own text."""

import io
import random
import zipfile
from pathlib import Path

import docx
from PIL import Image

from meti_desk.domain.errors import MetiDeskError
from meti_desk.formats.base import MAGIC_BYTES, Wants
from meti_desk.formats.ooxml.docx import DOCX

_WORDS = (
    *("会議", "資料", "報告", "審査", "委員", "補助金", "政策", "検討", "議事録", "契約", "仕様"),
    *("見積", "予算", "要求", "概要", "骨子", "参考", "別紙", "様式", "一覧", "計画", "方針"),
)
_OWN = "独自番号"
_BASES = 10
_BODY = "word/document.xml"
PHOTO = (1600, 1200)
"""Pixels of a picture that makes a document as large as those with photographs are."""
PHONE = (5600, 4200)
"""Pixels of noise that have the bytes of a few photographs as telephones take them."""


def small(path: Path) -> Path:
    """Write a Word document of one sentence."""
    made = docx.Document()
    made.add_paragraph("補助金の審査の結果")
    made.save(str(path))
    return path


def many(
    folder: Path, count: int, seed: int = 0, *, picture: tuple[int, int] = (64, 48)
) -> list[Path]:
    """Write so many documents with paragraphs, a table and a picture of this many pixels.

    They have about 40 KB with the small picture, over 1 MB with one of `PHOTO`.
    """
    folder.mkdir(parents=True)
    bases = [_base(random.Random(seed + number), picture) for number in range(min(_BASES, count))]
    made = []
    for number in range(count):
        path = folder / f"文書{number:04}.docx"
        path.write_bytes(_own(bases[number % len(bases)], f"{_OWN}{number}"))
        made.append(path)
    return made


def _base(chance: random.Random, pixels: tuple[int, int]) -> dict[str, bytes]:
    made = docx.Document()
    made.add_heading(_OWN)
    for _ in range(40):
        made.add_paragraph("".join(chance.choice(_WORDS) for _ in range(chance.randint(5, 40))))
    for row in made.add_table(rows=6, cols=4).rows:
        for cell in row.cells:
            cell.text = chance.choice(_WORDS)
    picture = io.BytesIO()
    noise = chance.randbytes(pixels[0] * pixels[1] * 3)
    Image.frombytes("RGB", pixels, noise).save(picture, "JPEG")
    picture.seek(0)
    made.add_picture(picture)
    whole = io.BytesIO()
    made.save(whole)
    with zipfile.ZipFile(whole) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _own(base: dict[str, bytes], text: str) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in base.items():
            changed = data.replace(_OWN.encode(), text.encode()) if name == _BODY else data
            archive.writestr(name, changed)
    return whole.getvalue()


def can_be_labelled(path: Path) -> bool:
    """Tell whether a document is one that our family takes: whole, not encrypted, not signed."""
    with path.open("rb") as source:
        try:
            found = DOCX.recognise(source.read(MAGIC_BYTES), source)
            return found == "docx" and not DOCX.inspect(source, Wants(findings=False)).obstacle
        except MetiDeskError:
            return False
