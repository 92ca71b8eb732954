"""Documents made of real text for the test of source finding, and what is common to two texts.

What is right is found here without fingerprints: by the set of all stretches of 60 characters.
"""

import random
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import docx

from meti_desk.domain.errors import MetiDeskError
from meti_desk.evidence.folding import fold
from meti_desk.evidence.passages import LEAST
from meti_desk.formats.base import Wants
from meti_desk.formats.inspecting import inspect

_LETTERHEAD = (
    "この文書は、関係者限りとして作成したものであり、無断で複製し、又は第三者に提供することを禁じます。"
    "内容についての問合せは、文書の末尾に記載した担当までお願いします。"
    "なお、記載された日付、金額及び名称は、作成の時点のものであり、予告なく変更することがあります。"
)
_FORMULA = (
    "This message is intended for the named recipients only. If you received it by mistake, "
    "please delete it and tell the sender; any copying, distribution or use of its contents is "
    "prohibited."
)
BOILERPLATE = (_LETTERHEAD, _FORMULA)
_LINE = re.compile(r"[^\n]+")
_SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？]+[ 　]*")
_FORBIDDEN = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Text:
    """A real document and its text."""

    path: Path
    text: str

    @property
    def paragraphs(self) -> list[str]:
        """Its lines that are long enough to be found."""
        return [line[0].strip() for line in _LINE.finditer(self.text) if usable(line[0])]

    @property
    def sentences(self) -> list[str]:
        """Three sentences that follow each other, long enough together."""
        found = [
            [one[0] for one in _SENTENCE.finditer(line[0])] for line in _LINE.finditer(self.text)
        ]
        threes = ["".join(line[at : at + 3]) for line in found for at in range(len(line) - 2)]
        return [one.strip() for one in threes if usable(one)]


def usable(text: str) -> bool:
    """Tell whether a passage is to be found: long enough, and no row of dots."""
    plain = folded(text)
    return len(plain) >= LEAST and len(set(plain)) >= 10


def folded(text: str) -> str:
    """Give a text as it is compared."""
    return "".join(map(chr, fold(text).tolist()))


def stretches(text: str) -> frozenset[str]:
    """Give all stretches of 60 characters that are no rows of dots."""
    plain = folded(text)
    all_of_them = (plain[at : at + LEAST] for at in range(len(plain) - LEAST + 1))
    return frozenset(one for one in all_of_them if len(set(one)) >= 10)


def read(path: Path) -> str:
    """Give the text of a file, or nothing."""
    try:
        with path.open("rb") as file:
            wants = Wants(findings=False, digest=False, text=True, name=path.name)
            parts = inspect(file, None, wants).text
    except MetiDeskError:
        return ""
    return "\n".join(part.text for part in parts)


def real_texts(corpus: Path, least: int) -> list[Text]:
    """Give the documents of the corpus with so many characters of text; of equal ones the first."""
    found: dict[str, Text] = {}
    for path in sorted(corpus.rglob("*")):
        if path.is_file() and path.suffix[1:] in KINDS:
            text = _FORBIDDEN.sub("", read(path))
            if len(folded(text)) >= least:
                found.setdefault(folded(text), Text(path, text))
    return list(found.values())


KINDS = frozenset({"docx", "pptx", "xlsx", "odt", "odp", "ods", "pdf", "msg", "eml", "rtf", "txt"})


def write(path: Path, paragraphs: Sequence[str]) -> Path:
    """Write a Word document."""
    made = docx.Document()
    for text in paragraphs:
        made.add_paragraph(_FORBIDDEN.sub("", text))
    made.save(str(path))
    return path


def around(host: Text, chosen: random.Random, copied: str) -> Iterator[str]:
    """Put a passage between paragraphs of another document, with custom before and behind."""
    lines = [line[0] for line in _LINE.finditer(host.text)]
    begin = chosen.randrange(max(1, len(lines) - 8))
    own = lines[begin : begin + 8]
    middle = chosen.randrange(len(own) + 1)
    yield BOILERPLATE[0]
    yield from own[:middle]
    if copied:
        yield copied
    yield from own[middle:]
    yield BOILERPLATE[1]


def translated(files: Sequence[Path], profile: Path) -> list[Path]:
    """Let LibreOffice write Word documents as ODF, and these as PDF; gives the PDFs."""
    if not files:
        return []
    folder = files[0].parent
    for suffix, kind in ((".docx", "odt"), (".odt", "pdf")):
        subprocess.run(
            [
                "soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless",
                "--convert-to", kind, "--outdir", str(folder),
                *(str(path.with_suffix(suffix)) for path in files),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=240,
            check=False,
        )  # fmt: skip
    return [path.with_suffix(".pdf") for path in files]


def has_libreoffice() -> bool:
    """Tell whether LibreOffice is installed."""
    return shutil.which("soffice") is not None
