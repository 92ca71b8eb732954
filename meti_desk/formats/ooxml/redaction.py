"""Making words of a Word document black for good (墨消し, Arts. 14-7, 15-2).

First the normal scrub runs: changes are settled, comments, embedded files, hidden text and
properties go. In what is left each character of a word becomes █, in every part, whatever runs it
is divided into; the text keeps its length. Field codes, links and descriptions that hold a word go.
What is no text - pictures - cannot be searched, and is told. Then the scrub runs once more, and
all of it is proven by passes that share no code with this.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import BinaryIO

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.evidence.clues import IDS, Words
from meti_desk.evidence.clues.masking import BLACK, Blackener
from meti_desk.evidence.clues.spotting import Spot, spot_clues, spot_words
from meti_desk.formats.base import ScrubOrder, ScrubReport
from meti_desk.formats.ooxml.docx import DOCX
from meti_desk.formats.ooxml.names import short
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.redaction_besides import Besides, black_rest
from meti_desk.formats.ooxml.redaction_proof import verify_redaction
from meti_desk.formats.ooxml.xml import Element
from meti_desk.formats.redaction import (
    ALL_DETECTORS,
    RedactionPlace,
    RedactOrder,
    RedactReport,
)
from meti_desk.sink import held_back

_WORDS = frozenset({"w:t", "w:delText", "m:t", "a:t", "c:v"})
_BREAKS = {"w:tab": "\t", "w:br": "\n", "w:cr": "\n", "w:ptab": "\t", "a:br": "\n"}
_ENDS = {"w:p": "\n", "a:p": "\n", "w:tc": "\t", "c:pt": "\n"}
_PLACES = (("header", "header"), ("footer", "footer"), ("footnote", "note"), ("endnote", "note"))
_PICTURES = (
    ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf", ".webp", ".wdp",
    ".svg", ".mp4", ".mp3", ".wav",
)  # fmt: skip


@dataclass(slots=True)
class _Story:
    """The text of one part, and which node each of its characters stands in."""

    part: str
    text: str
    nodes: list[tuple[int, Element]]
    """Where each node's text begins, and the node."""


@dataclass(slots=True)
class _Done:
    """What was found, and what was changed besides the text."""

    places: list[RedactionPlace] = field(default_factory=list)
    besides: Besides = field(default_factory=Besides)


def redaction_places(source: BinaryIO, order: RedactOrder) -> RedactReport:
    """Tell what a redaction would make black; nothing is written."""
    _check(order)
    clean, _ = _scrubbed(source, order)
    package = Package(clean)
    stories = _stories(package)
    found = _places(stories, _spots(stories, order))
    return RedactReport(places=tuple(found), notes=_notes(package))


def redact(source: BinaryIO, target: BinaryIO, order: RedactOrder) -> RedactReport:
    """Write the redacted and scrubbed document to `target`, once it is proven.

    Raises what a scrub raises, `RuleViolation("redact.not-possible", place=…, reason=…)`,
    `InvalidInput`: `redact.areas-pdf-only`, `redact.nothing-found`, `redact.left-behind`,
    `redact.text-changed`.
    """
    _check(order)
    clean, report = _scrubbed(source, order)
    package = Package(clean)
    notes = _notes(package)
    done = _black(package, order)
    besides = done.besides
    if not (done.places or besides.described or besides.links or besides.fields):
        raise InvalidInput("redact.nothing-found")
    cut, result = BytesIO(), BytesIO()
    package.save(cut)
    last = ScrubOrder(purpose=order.purpose)
    again = DOCX.scrub(cut, result, last)
    DOCX.verify_scrub(cut, result, last)
    verify_redaction(clean, result, order)
    with held_back(target) as sink:
        sink.write(result.getvalue())
    counts = (
        ("redact.descriptions-cleaned", besides.described),
        ("redact.links-removed", besides.links),
        ("redact.fields-frozen", besides.fields),
    )
    more = tuple(f"{code}:{count}" for code, count in counts if count)
    return RedactReport(
        places=tuple(done.places),
        removed=report.removed,
        left=again.left,
        notes=(*notes, *more),
    )


def _check(order: RedactOrder) -> None:
    if order.areas:
        raise InvalidInput("redact.areas-pdf-only")


def _scrubbed(source: BinaryIO, order: RedactOrder) -> tuple[BytesIO, ScrubReport]:
    clean = BytesIO()
    first = ScrubOrder(purpose=order.purpose, revisions=order.revisions)
    report = DOCX.scrub(source, clean, first)
    DOCX.verify_scrub(source, clean, first)
    return clean, report


def _notes(package: Package) -> tuple[str, ...]:
    """Tell of pictures; refuse what holds text that is neither XML nor a picture."""
    for name in package.names:
        if name.endswith((".bin", ".ole", ".xlsx", ".docx", ".pptx")):
            raise RuleViolation(
                "redact.not-possible", articles=("14-7",), place=name, reason="embedded"
            )
    pictures = sum(name.lower().endswith(_PICTURES) for name in package.names)
    return (f"redact.pictures-not-searched:{pictures}",) if pictures else ()


# ---- finding


def _parts(package: Package) -> list[str]:
    """Name all parts that are XML, but the package's own tables."""
    return [
        name
        for name in package.names
        if not name.endswith(".rels")
        and not name.startswith("[")
        and (name.endswith(".xml") or package.type_of(name).endswith("+xml"))
    ]


def _stories(package: Package) -> list[_Story]:
    stories = []
    for part in _parts(package):
        pieces: list[str] = []
        nodes: list[tuple[int, Element]] = []
        length = 0
        for piece, node in _walk(package.xml(part)):
            if node is not None:
                nodes.append((length, node))
            pieces.append(piece)
            length += len(piece)
        if nodes:
            stories.append(_Story(part, "".join(pieces), nodes))
    return stories


def _walk(root: Element) -> Iterator[tuple[str, Element | None]]:
    """Give the text of a part, node by node, with its breaks; both renderings of alternatives."""
    from lxml import etree

    for event, one in etree.iterwalk(root, events=("start", "end")):
        name = short(one.tag)
        if event == "start":
            if name in _WORDS:
                yield one.text or "", one
            elif name in _BREAKS:
                yield _BREAKS[name], None
        elif name in _ENDS:
            yield _ENDS[name], None


def _spots(stories: list[_Story], order: RedactOrder) -> list[Spot]:
    names = IDS if ALL_DETECTORS in order.detectors else order.detectors
    lists = [Words(one.id, one.words, one.but) for one in order.lists]
    return [
        spot._replace(part=number)
        for number, story in enumerate(stories)
        for spot in (
            *spot_words([story.text], order.words),
            *spot_clues([story.text], names, lists),
        )
    ]


def _places(stories: list[_Story], spots: list[Spot]) -> list[RedactionPlace]:
    counts = Counter((_place(stories[one.part].part), one.reason, one.shown) for one in spots)
    return [
        RedactionPlace(place=place, reason=reason, text=shown, count=count)
        for (place, reason, shown), count in counts.items()
    ]


def _place(part: str) -> str:
    name = part.rpartition("/")[2]
    if name.startswith("document"):
        return "body"
    return next((place for place, _ in _PLACES if name.startswith(place)), name)


# ---- making black


def _black(package: Package, order: RedactOrder) -> _Done:
    stories = _stories(package)
    spots = _spots(stories, order)
    done = _Done(places=_places(stories, spots))
    for number, story in enumerate(stories):
        held = [(one.start, one.end) for one in spots if one.part == number]
        if held:
            _black_story(package, story, held)
    names = IDS if ALL_DETECTORS in order.detectors else order.detectors
    lists = [Words(one.id, one.words, one.but) for one in order.lists]
    words = Blackener(order.words, names, lists)
    black_rest(package, _parts(package), words, done.besides)
    return done


def _black_story(package: Package, story: _Story, spans: list[tuple[int, int]]) -> None:
    gone = set[int]()
    for start, end in spans:
        gone.update(range(start, end))
    for at, node in story.nodes:
        text = node.text or ""
        made = "".join(
            BLACK if at + offset in gone and not letter.isspace() else letter
            for offset, letter in enumerate(text)
        )
        if made != text:
            if short(node.tag) == "c:v" and any(
                short(one.tag) in {"c:numCache", "c:numLit"} for one in node.iterancestors()
            ):
                raise RuleViolation(
                    "redact.not-possible", articles=("14-7",), place=story.part, reason="chart"
                )
            node.text = made
            package.touch(story.part)
