"""The family of files that are text: plain, HTML, XML, RTF.

They carry no label: many programs read them byte by byte. The digest is the SHA-256 of all
bytes, so that line ends and encodings count: what another program makes of them is not known here.
"""

import html
import re
from typing import BinaryIO, NoReturn

from meti_desk.domain.errors import RuleViolation
from meti_desk.formats.base import (
    MAGIC_BYTES,
    Finding,
    Inspection,
    LabelOrder,
    LabelReport,
    MarkFound,
    ScrubOrder,
    ScrubReport,
    TextPart,
    Wants,
)
from meti_desk.formats.inner import first_nest
from meti_desk.formats.mark_lines import first_lines, marks_of_lines
from meti_desk.formats.members import Nest
from meti_desk.formats.sidecar.hashing import sha256
from meti_desk.formats.sidecar.kinds import kind_of
from meti_desk.formats.text.encoding import decode

KINDS = frozenset({"txt", "html", "xml", "svg", "rtf"})
LARGEST_READ = 32 << 20
"""Bytes of a file whose text is read; what stands behind is not looked at."""
_HEAD = 1 << 16
"""Bytes in which marks are looked for when the whole text is not wanted."""
_TAG = re.compile(r"<!--.*?(?:-->|\Z)|<!\[CDATA\[(.*?)(?:\]\]>|\Z)|<[^>]*(?:>|\Z)", re.DOTALL)
_DECLARED = re.compile(rb"<\?xml[^>]{1,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})")
_ABOUT = ("title", "subject", "keywords", "doccomm", "category")


class Plain:
    """The family of texts, of the shape that `DocumentFormat` describes."""

    id = "text"

    def recognise(self, head: bytes, source: BinaryIO) -> str | None:
        """Name the kind of text; what has control characters is none."""
        kind = kind_of(head, source)
        return kind if kind in KINDS else None

    def inspect(self, source: BinaryIO, wants: Wants) -> Inspection:
        """Tell the marks at the beginning and, when wanted, text and digest."""
        source.seek(0)
        kind = self.recognise(source.read(MAGIC_BYTES), source) or "txt"
        source.seek(0)
        data = source.read(LARGEST_READ if wants.text or kind == "rtf" else _HEAD)
        marks, text = _READERS.get(kind, _plain)(data)
        return Inspection(
            format=kind,
            marks=marks,
            findings=self.findings_within(source, ScrubOrder(wants.purpose), first_nest())
            if wants.findings
            else (),
            text=tuple(one for one in text if one.text.strip()) if wants.text else (),
            digest=sha256(source) if wants.digest else "",
            embeds=False,
            markable=False,
        )

    def write_label(self, source: BinaryIO, target: BinaryIO, order: LabelOrder) -> LabelReport:
        """Refuse with `format.not-embeddable`: the services write a sidecar."""
        del target, order
        self._refuse("format.not-embeddable", source)

    def verify_label(self, source: BinaryIO, result: BinaryIO, order: LabelOrder) -> None:
        """Refuse with `format.not-embeddable`."""
        del result, order
        self._refuse("format.not-embeddable", source)

    def scrub(self, source: BinaryIO, target: BinaryIO, order: ScrubOrder) -> ScrubReport:
        """Write the text without what is hidden in it (Arts. 14-7, 15-2).

        Raises `RuleViolation`: `scrub.blocked`; `scrub.unsupported-format` for XML, of which nobody
        knows what it tells; `InvalidInput("document.too-large")` for a page or RTF of that size.
        """
        return self.scrub_within(source, target, order, first_nest())

    def scrub_within(
        self, source: BinaryIO, target: BinaryIO, order: ScrubOrder, nest: Nest
    ) -> ScrubReport:
        """Scrub as one file among others; see `formats.inner`."""
        from meti_desk.formats.text.scrubbing import scrub

        return scrub(source, target, order, self._kind(source), nest)

    def findings_within(
        self, source: BinaryIO, order: ScrubOrder, nest: Nest
    ) -> tuple[Finding, ...]:
        """List what a scrub with the standard choices would take out, or leave."""
        from meti_desk.formats.text.scrubbing import findings

        return findings(source, order, self._kind(source), nest)

    def verify_scrub(self, source: BinaryIO, result: BinaryIO, order: ScrubOrder) -> None:
        """Prove with independent auditors that nothing was left and all that is seen stayed."""
        from meti_desk.formats.text.scrubbing import verify

        verify(source, result, order, self._kind(source))

    def _kind(self, source: BinaryIO) -> str:
        source.seek(0)
        return self.recognise(source.read(MAGIC_BYTES), source) or "txt"

    def _refuse(self, code: str, source: BinaryIO, *articles: str) -> NoReturn:
        kind = self._kind(source)
        raise RuleViolation(code, articles=articles, format=kind)


_Read = tuple[tuple[MarkFound, ...], tuple[TextPart, ...]]


def _plain(data: bytes) -> _Read:
    text = decode(data)
    # In CSV a cell may stand in quotation marks.
    lines = (line.replace('"', " ") for line in first_lines(text))
    return marks_of_lines(lines, "top"), (TextPart("text", text),)


def _page(data: bytes) -> _Read:
    from meti_desk.formats.text.html import declared_charset, read

    page = read(decode(data, declared_charset(data)))
    marks = marks_of_lines([page.title], "property")
    marks += marks_of_lines(first_lines(page.text), "top")
    return marks, (TextPart("title", page.title), TextPart("text", page.text))


def _markup(data: bytes) -> _Read:
    declared = _DECLARED.search(data[:200])
    text = decode(data, declared[1].decode("latin-1") if declared else "")
    seen = html.unescape(_TAG.sub(lambda found: f"{found[1] or ''}\n", text))
    seen = "\n".join(line for one in seen.splitlines() if (line := one.strip()))
    return marks_of_lines(first_lines(seen), "top"), (TextPart("text", seen),)


def _rtf(data: bytes) -> _Read:
    from meti_desk.formats.text.rtf import joined, read

    found = read(data)
    texts = {place: joined(found.text(place)) for place in ("header", "footer", "body", *_ABOUT)}
    marks = marks_of_lines(first_lines(texts["body"]), "body")
    for place in ("header", "footer"):
        marks += marks_of_lines(first_lines(texts[place]), place)
    marks += marks_of_lines([texts[place] for place in _ABOUT], "property")
    seen = ("title", "header", "body", "footer")
    return marks, tuple(TextPart(place, texts[place]) for place in seen)


_READERS = {"html": _page, "xml": _markup, "svg": _markup, "rtf": _rtf}

PLAIN = Plain()
