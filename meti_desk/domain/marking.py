"""明示: the mark in the text <-> Label, and how marks are told from mentions (Arts. 4, 5).

A mark stands alone - in a header or footer, at the top of a page, as a stamp, in the subject, the
file name or a property. A mention in running text is none: the standard itself is full of them and
can be C1. 秘書 and 秘密保持契約 are words, not marks.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from meti_desk.domain.classification import Availability, Confidentiality, Integrity
from meti_desk.domain.label import Label, Terms, check_audience
from meti_desk.domain.mark_text import (
    NO_TERMS,
    SEPARATORS,
    SPACE,
    Folded,
    Items,
    MarkTexts,
    fold,
    read_items,
    write_items,
)
from meti_desk.domain.patterns import lazily
from meti_desk.domain.restriction import Restriction, Vocabulary

NO_VOCABULARY = Vocabulary({})
"""For those who only need to know where marks stand; restrictions are then given as `unread`."""

BODY_TOP_LINES = 8
"""How many lines that are not blank count as the top of a running text."""

LONGEST_LINE = 4000
"""A line longer than this is running text, wherever it stands."""


class Place(StrEnum):
    """Where a text stands; only in `BODY` is what stands inside a line never a mark."""

    HEADER = "header"
    FOOTER = "footer"
    TOP = "top"
    STAMP = "stamp"
    SUBJECT = "subject"
    FILENAME = "filename"
    PROPERTY = "property"
    BODY = "body"


class Kind(StrEnum):
    """What a mark is written as."""

    CANONICAL = "canonical"
    """機密性2情報 and all its spellings."""
    CODE = "code"
    """C2I2A1."""
    OLD = "old"
    """秘, 極秘: proposes C3 (supplementary provision of 平成23)."""
    ATTENTION = "attention"
    """取扱注意: only warns (5-2)."""
    SPECIAL = "special"
    """特定秘密, 特別防衛秘密: stop, it is not this tool's business."""


class Certainty(StrEnum):
    """How sure it is that the words are meant as a mark."""

    CERTAIN = "certain"
    LIKELY = "likely"
    ASK = "ask"
    """The person has to say what it means now: 極秘 and 機密性4 have no level any more."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark that was found; `start` and `end` are its span in the text that was searched."""

    start: int
    end: int
    text: str
    kind: Kind
    place: Place
    certainty: Certainty = Certainty.CERTAIN
    confidentiality: Confidentiality | None = None
    integrity: Integrity | None = None
    availability: Availability | None = None
    restrictions: frozenset[Restriction] = frozenset()
    audience: frozenset[str] | None = None
    terms: Terms = NO_TERMS
    unread: tuple[str, ...] = ()
    """Words built like restrictions that the policy does not know."""

    @property
    def stop(self) -> bool:
        """Tell that nothing more may be done with this document here (特定秘密, 特別防衛秘密)."""
        return self.kind is Kind.SPECIAL

    @property
    def like_c3(self) -> bool:
        """Tell a mark of C3 or alike, which may not stand on other information (Art. 5-2)."""
        return self.confidentiality is Confidentiality.C3 and not self.stop

    @property
    def label(self) -> Label | None:
        """Give the label that the mark says; what it leaves open is 1. `None` without a 機密性."""
        if self.confidentiality is None:
            return None
        return Label(
            confidentiality=self.confidentiality,
            integrity=self.integrity or Integrity.I1,
            availability=self.availability or Availability.A1,
            restrictions=self.restrictions,
            audience=self.audience,
            terms=self.terms,
        )


DEFAULT_TEXTS = MarkTexts()


def format_mark(label: Label, texts: MarkTexts = DEFAULT_TEXTS, *, paper: bool = False) -> str:
    """Write the canonical mark (Art. 5-1).

    Like `機密性2情報（完全性2・可用性1） 複製禁止・審査委員限り`, always in the same order.

    `paper`: 完全性 and 可用性 are defined for electronic records only (Art. 2 (6)-(9)) and are left
    out. Raises `RuleViolation("label.audience-empty")` when nobody may see it, and
    `InvalidInput("label.audience-invalid")` for a name that cannot be written in one line.
    """
    check_audience(label)
    head = texts.confidentiality[label.confidentiality - 1]
    if not paper:
        head += f"（完全性{label.integrity.value}・可用性{label.availability.value}）"
    items = write_items(label, texts)
    return f"{head} {items}" if items else head


def parse_mark(text: str, vocabulary: Vocabulary, texts: MarkTexts = DEFAULT_TEXTS) -> Label | None:
    """Read one mark that is the whole of `text`; `None` when it is none or has unknown parts.

    `parse_mark(format_mark(label), vocabulary) == label` for every label of that vocabulary.
    """
    stripped = text.strip()
    found = find_marks(stripped, vocabulary, place=Place.STAMP, texts=texts)
    if len(found) != 1 or found[0].unread or found[0].kind is not Kind.CANONICAL:
        return None
    whole = found[0].start == 0 and found[0].end == len(stripped)
    return found[0].label if whole else None


# What may stand directly before and behind a mark. A letter or kana makes it a mention:
# 「機密性2情報の取扱い」 is a title, 「秘書」 a person.
_BEFORE = rf"(?:(?<=[\s{SEPARATORS}()\[\]【】〔〕〈〉《》『』「」<>:_.\-◎○●■☑☒✓✔レ*※])|(?<![\s\S]))"
_AFTER = rf"(?=[\s{SEPARATORS}()\[\]【】〔〕〈〉《》『』「」<>:_.\-□◻☐*※]|$)"

_LEVELS = (
    rf"(?:{SPACE}[(・、,/;]?{SPACE}完{SPACE}全{SPACE}性{SPACE}:?{SPACE}(?P<i>[12])(?:{SPACE}情{SPACE}報)?"
    rf"{SPACE}[・、,/;]?{SPACE}可{SPACE}用{SPACE}性{SPACE}:?{SPACE}(?P<a>[12])(?:{SPACE}情{SPACE}報)?"
    rf"(?:{SPACE}\))?)?"
)
_NOT_A_LIST = rf"(?!{SPACE}[・、,/~\-〜]{SPACE}(?:機密性{SPACE})?[1-4](?![0-9年時]))"
_CANONICAL = lazily(
    rf"{_BEFORE}機{SPACE}密{SPACE}性{SPACE}:?{SPACE}(?P<c>[1-4])(?![0-9])(?:{SPACE}情{SPACE}報)?"
    rf"{_NOT_A_LIST}{_LEVELS}{_AFTER}",
    re.MULTILINE,
)
_CODE = lazily(
    rf"{_BEFORE}C(?P<c>[1-3]){SPACE}[;/,・_\-]?{SPACE}I(?P<i>[12]){SPACE}[;/,・_\-]?{SPACE}"
    rf"A(?P<a>[12]){_AFTER}",
    re.MULTILINE | re.IGNORECASE,
)
_OLD = lazily(
    rf"{_BEFORE}(?P<word>極{SPACE}秘(?:{SPACE}(?:文{SPACE}書|資{SPACE}料))?|"
    rf"秘{SPACE}密{SPACE}文{SPACE}書|秘{SPACE}文{SPACE}書|マ{SPACE}ル{SPACE}秘|厳{SPACE}秘|秘)"
    rf"{_AFTER}",
    re.MULTILINE,
)
_ATTENTION = lazily(
    rf"{_BEFORE}(?:取{SPACE}(?:り{SPACE})?扱{SPACE}(?:い{SPACE})?(?:厳{SPACE}重{SPACE})?注{SPACE}意|"
    rf"部{SPACE}外{SPACE}秘|社{SPACE}外{SPACE}秘|関係者外秘|"
    rf"CONFIDENTIAL|TOP SECRET|SECRET){_AFTER}",
    re.MULTILINE | re.IGNORECASE,
)
_SPECIAL = lazily(
    rf"{_BEFORE}(?:特{SPACE}定{SPACE}秘{SPACE}密|特{SPACE}別{SPACE}防{SPACE}衛{SPACE}秘{SPACE}密|"
    rf"特{SPACE}定{SPACE}特{SPACE}別{SPACE}防{SPACE}衛{SPACE}秘{SPACE}密)"
    rf"(?:{SPACE}\({SPACE}(?:機密|極秘|秘){SPACE}\))?{_AFTER}",
    re.MULTILINE,
)
# 秘 密 保 持: letters set apart for looks, so a single 秘 beside another single letter is no mark.
_LONE_BEFORE = lazily(rf"(?:^|\s)[^\s{SEPARATORS}()\[\]【】「」<>:_.\-]{SPACE}$")
_LONE_AFTER = lazily(rf"{SPACE}[^\s{SEPARATORS}()\[\]【】「」<>:_.\-](?:\s|$)")
_EMPTY_BOX = lazily(rf"[□◻☐]{SPACE}$")
_OPENERS = "【[(〔〈《『「<"
_CLOSERS = "】])〕〉》』」>"
_QUOTES = "「『"
_PAIRS = dict(zip(_OPENERS, _CLOSERS, strict=True))


def find_marks(
    text: str,
    vocabulary: Vocabulary = NO_VOCABULARY,
    *,
    place: Place = Place.BODY,
    texts: MarkTexts = DEFAULT_TEXTS,
) -> tuple[Mark, ...]:
    """Find the marks of a text that stands at `place`, in order; mentions are left out.

    In a body only whole lines among its first ones are marks. Brackets around a mark belong to it.
    Several different 機密性 in one line are a list or a form, not a mark, unless all but one stand
    behind an empty box.
    """
    folded = fold(text)
    found = [
        mark
        for line_start, line_end in _lines(folded.text, place)
        for mark in _in_line(text, folded, line_start, line_end, vocabulary, place, texts)
    ]
    return tuple(sorted(found, key=lambda mark: mark.start))


def _lines(text: str, place: Place) -> Iterator[tuple[int, int]]:
    seen = 0
    for line in re.finditer(r"[^\r\n\v\f]+", text):
        if not line.group().strip() or len(line.group()) > LONGEST_LINE:
            continue
        seen += 1
        if place is Place.BODY and seen > BODY_TOP_LINES:
            return
        yield line.span()


def _in_line(
    raw: str,
    folded: Folded,
    start: int,
    end: int,
    vocabulary: Vocabulary,
    place: Place,
    texts: MarkTexts,
) -> Iterator[Mark]:
    line = Folded(folded.text[start:end], folded.origin[start:end])
    taken: list[tuple[int, int]] = []
    found: list[Mark] = []
    for kind, match in _matches(line.text, texts):
        items = Items(end=match.end())
        if kind in (Kind.CANONICAL, Kind.CODE, Kind.OLD):
            items = read_items(raw, line, match.end(), vocabulary, texts)
        span = _with_brackets(line.text, match.start(), max(items.end, match.end()))
        overlaps = any(span[0] < other[1] and other[0] < span[1] for other in taken)
        if (
            _quoted(line.text, span)
            or overlaps
            or (place is Place.BODY and line.text.strip() != line.text[slice(*span)])
        ):
            continue
        taken.append(span)
        found.append(_mark(raw, line, span, kind, match, items, place))
    levels = {mark.confidentiality for mark in found if mark.kind is Kind.CANONICAL}
    for mark in found:
        if mark.kind is not Kind.CANONICAL or len(levels) == 1:
            yield mark


def _matches(line: str, texts: MarkTexts) -> Iterator[tuple[Kind, re.Match[str]]]:
    for kind, pattern in (
        (Kind.SPECIAL, _SPECIAL), *_own_words(texts), (Kind.CANONICAL, _CANONICAL),
        (Kind.CODE, _CODE), (Kind.OLD, _OLD), (Kind.ATTENTION, _ATTENTION),
    ):  # fmt: skip
        for match in pattern.finditer(line):
            before = line[: match.start()]
            if _EMPTY_BOX.search(before):
                continue
            if match.group() == "秘" and (
                _LONE_BEFORE.search(before) or _LONE_AFTER.match(line, match.end())
            ):
                continue
            yield kind, match


def _own_words(texts: MarkTexts) -> Iterator[tuple[Kind, re.Pattern[str]]]:
    """Recognise the words of this policy, where they differ from those that everybody uses."""
    for level, word in enumerate(texts.confidentiality, start=1):
        if word != DEFAULT_TEXTS.confidentiality[level - 1]:
            spaced = SPACE.join(re.escape(char) for char in fold(word).text if char.strip())
            yield (
                Kind.CANONICAL,
                re.compile(rf"{_BEFORE}{spaced}(?P<c{level}>){_LEVELS}{_AFTER}", re.MULTILINE),
            )


def _quoted(line: str, span: tuple[int, int]) -> bool:
    """Tell words that a sentence quotes (「秘」と記された) from a stamp (「秘」)."""
    before, after = line[: span[0]][-1:], line[span[1] :][:1]
    if before in _QUOTES and before:
        return True
    inside = line[span[0]] in _QUOTES
    return inside and (before.isalnum() or after.isalnum())


def _with_brackets(line: str, start: int, end: int) -> tuple[int, int]:
    """Widen a span by the brackets that enclose exactly it."""
    while True:
        left, right = start, end
        while left and line[left - 1].isspace():
            left -= 1
        while right < len(line) and line[right].isspace():
            right += 1
        if not left or right >= len(line) or _PAIRS.get(line[left - 1]) != line[right]:
            return start, end
        start, end = left - 1, right + 1


_OLD_LEVELS = 4
"""機密性4 and 極秘 stem from the rules of 平成13; the levels end at 3 today."""


def _mark(
    raw: str,
    line: Folded,
    span: tuple[int, int],
    kind: Kind,
    match: re.Match[str],
    items: Items,
    place: Place,
) -> Mark:
    start, end = line.start(span[0]), line.end(span[1])
    groups = match.groupdict()
    level, certainty = _level(kind, match), _certainty(kind, match)
    integrity, availability = groups.get("i"), groups.get("a")
    return Mark(
        start=start,
        end=end,
        text=raw[start:end],
        kind=kind,
        place=place,
        certainty=certainty,
        confidentiality=Confidentiality(level) if level else None,
        integrity=Integrity(int(integrity)) if integrity else None,
        availability=Availability(int(availability)) if availability else None,
        restrictions=frozenset(items.restrictions),
        audience=frozenset(items.audience) if items.audience is not None else None,
        terms=items.terms,
        unread=tuple(items.unread),
    )


def _level(kind: Kind, match: re.Match[str]) -> int | None:
    if kind is Kind.OLD:
        return 3
    if kind in (Kind.ATTENTION, Kind.SPECIAL):
        return None
    groups = match.groupdict()
    if "c" in groups:
        return min(int(groups["c"]), 3)
    return next(int(name[1:]) for name in groups if re.fullmatch(r"c[123]", name))


def _certainty(kind: Kind, match: re.Match[str]) -> Certainty:
    old_level = match.groupdict().get("c") == str(_OLD_LEVELS)
    if old_level or (kind is Kind.OLD and match.group().startswith("極")):
        return Certainty.ASK
    if kind in (Kind.OLD, Kind.ATTENTION):
        return Certainty.LIKELY
    return Certainty.CERTAIN
