"""The small grammar of a mark: 取扱制限, audience and terms behind the 格付 (Art. 5-1).

Marks are read ignoring white space and width, because programs print `機密性 2 情報` and
people type `機密性２情報`; what is kept - names of an audience - is taken from the text as it was
written.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from meti_desk.domain.errors import InvalidInput
from meti_desk.domain.label import Label, Terms
from meti_desk.domain.patterns import lazily
from meti_desk.domain.restriction import Restriction, Vocabulary

SPACE = r"[^\S\r\n]?"
"""White space inside one line of a folded text, where there is never more than one."""

SEPARATORS = "・、,/|;"
"""What stands between two items, after folding to half width."""

PLAIN = "\u3041-\u3096\u30a1-\u30fa\u30fc\u4e00-\u9fff々〇A-Za-z0-9"
"""The characters of a name that needs no quotation marks."""

_PLAIN_NAME = lazily(f"[{PLAIN}]+")
_ONLY = "限り"
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}
_MAX_NAME = 60

NO_TERMS = Terms()
"""No dates and no hours."""


@dataclass(frozen=True, slots=True)
class MarkTexts:
    """The words of a mark, which are policy: one for each 機密性, and what an embargo forbids."""

    confidentiality: tuple[str, str, str] = ("機密性1情報", "機密性2情報", "機密性3情報")
    embargo: str = "公表禁止"
    """Written behind the day: 2026年12月1日まで公表禁止."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A text without differences of width, and where each of its characters came from."""

    text: str
    origin: tuple[int, ...]

    def start(self, position: int) -> int:
        """Give the place in the original at which the folded character at `position` stands."""
        return self.origin[position] if position < len(self.origin) else self.origin[-1] + 1

    def end(self, position: int) -> int:
        """Give the place in the original behind the folded text that ends before `position`."""
        return self.origin[position - 1] + 1 if position else 0


def fold(text: str) -> Folded:
    """Fold widths and compatibility forms character by character: `２` to `2`, `㊙` to `秘`.

    A run of white space in a line becomes one space, so that no text, however made, is slow.
    """
    out: list[str] = []
    origin: list[int] = []
    for index, char in enumerate(text):
        for part in unicodedata.normalize("NFKC", char):
            blank = part.isspace() and part not in "\r\n\v\f"
            if blank and out and out[-1] == " ":
                continue
            out.append(" " if blank else part)
            origin.append(index)
    return Folded("".join(out), tuple(origin) or (0,))


@dataclass(slots=True)
class Items:
    """What stood behind the 格付 of a mark; `unread` looks like an item but is unknown."""

    restrictions: set[Restriction] = field(default_factory=set)
    audience: set[str] | None = None
    terms: Terms = NO_TERMS
    unread: list[str] = field(default_factory=list)
    end: int = 0
    """Folded position behind the last item."""

    @property
    def empty(self) -> bool:
        """Tell that no item was found."""
        held = self.restrictions or self.audience or self.unread
        return not held and self.terms == NO_TERMS


def write_items(label: Label, texts: MarkTexts) -> str:
    """Write restrictions, audience and terms, joined by ・ and always in the same order.

    Raises `InvalidInput("label.audience-invalid", name=…)` for a name that cannot be written.
    """
    words = sorted(restriction.name for restriction in label.restrictions)
    words += [f"{quote(name)}{_ONLY}" for name in sorted(label.audience or ())]
    terms = label.terms
    if terms.embargo:
        words.append(f"{_day(terms.embargo)}まで{texts.embargo}")
    if terms.use_until:
        words.append(f"{_day(terms.use_until)}まで利用可")
    if terms.keep_until:
        words.append(f"{_day(terms.keep_until)}まで保存")
    if terms.restore_hours is not None:
        words.append(f"{terms.restore_hours}時間以内復旧")
    return "・".join(words)


def quote(name: str) -> str:
    """Write a name of the audience so that it is read back; in 「」 where it could be misread."""
    if not name or name != name.strip() or any(_unwritable(char) for char in name):
        raise InvalidInput("label.audience-invalid", name=name.strip()[:_MAX_NAME])
    plain = _PLAIN_NAME.fullmatch(name) and _ONLY not in name and len(name) <= _MAX_NAME
    return name if plain else "「" + name.replace("」", "」」") + "」"


def _unwritable(char: str) -> bool:
    """Tell a character that a line of text cannot carry: control, format, line separator."""
    return unicodedata.category(char) in {"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"}


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


_QUOTED = lazily(f"「((?:[^」\r\n]|」」)+)」{SPACE}限{SPACE}り")
# A space may stand between a digit or letter and a kanji only: that is where programs put one.
_BARE = lazily(
    f"((?:[{PLAIN}]|(?<=[A-Za-z0-9])[ ](?=[{PLAIN}])|(?<![A-Za-z0-9 ])[ ](?=[A-Za-z0-9]))"
    f"{{1,{_MAX_NAME + 20}}}?){SPACE}限{SPACE}り"
)
_DATE = (
    rf"(?:(?P<era>令{SPACE}和|平{SPACE}成|昭{SPACE}和){SPACE})?(?P<y>[0-9]{{1,4}}|元){SPACE}年"
    rf"{SPACE}(?P<m>[0-9]{{1,2}}){SPACE}月{SPACE}(?P<d>[0-9]{{1,2}}){SPACE}日{SPACE}ま{SPACE}で{SPACE}"
)
_RESTORE = lazily(f"([0-9]{{1,6}}){SPACE}時{SPACE}間{SPACE}以{SPACE}内{SPACE}(?:に)?復{SPACE}旧")
_LIKE_ITEM = lazily(
    f"[{PLAIN}]{{1,30}}?(?:禁止|厳禁|要許可|不可|必須|要廃棄|まで保存|復旧|指定|{_ONLY})"
)
_BETWEEN = lazily(f"{SPACE}[{SEPARATORS}(]?{SPACE}")
_CLOSING = lazily(rf"{SPACE}\)")
_STOP = lazily(rf"{SPACE}(?:$|[\r\n\s{SEPARATORS}()\[\]【】〔〕〈〉《》『』「」<>:_.])")


@lru_cache(maxsize=64)
def _spaced(word: str) -> re.Pattern[str]:
    """Match a word with or without white space between its characters."""
    return re.compile(SPACE.join(re.escape(char) for char in fold(word).text if char.strip()))


def read_items(
    raw: str, folded: Folded, start: int, vocabulary: Vocabulary, texts: MarkTexts
) -> Items:
    """Read the items that follow each other from `start` (a folded position) on, in one line."""
    items = Items(end=start)
    position, opened = start, False
    while True:
        between = _BETWEEN.match(folded.text, position)
        begin = between.end() if between else position
        end = _read_one(raw, folded, begin, vocabulary, texts, items)
        if end is None:
            return items
        opened = opened or "(" in folded.text[position:begin]
        closing = _CLOSING.match(folded.text, end) if opened else None
        if closing:
            end, opened = closing.end(), False
        position = items.end = end


def _read_one(
    raw: str, folded: Folded, at: int, vocabulary: Vocabulary, texts: MarkTexts, items: Items
) -> int | None:
    for reader in (_restriction, _term, _restore, _audience, _unknown):
        end = reader(raw, folded, at, vocabulary, texts, items)
        if end is not None:
            return end
    return None


def _stops(folded: Folded, end: int) -> bool:
    return _STOP.match(folded.text, end) is not None


def _restriction(
    _raw: str, folded: Folded, at: int, vocabulary: Vocabulary, _texts: MarkTexts, items: Items
) -> int | None:
    for name in sorted(vocabulary.by_name, key=len, reverse=True):
        found = _spaced(name).match(folded.text, at)
        if found and _stops(folded, found.end()):
            items.restrictions.add(vocabulary.by_name[name])
            return found.end()
    return None


def _date_terms(texts: MarkTexts) -> Iterator[tuple[str, str]]:
    yield "embargo", texts.embargo
    yield "use_until", "利用可"
    yield "keep_until", "保存"


def _term(
    _raw: str, folded: Folded, at: int, _vocabulary: Vocabulary, texts: MarkTexts, items: Items
) -> int | None:
    day = _date_pattern().match(folded.text, at)
    when = _as_date(day) if day else None
    if day is None or when is None:
        return None
    for name, word in _date_terms(texts):
        found = _spaced(word).match(folded.text, day.end())
        if found and _stops(folded, found.end()):
            held = items.terms
            items.terms = Terms(
                embargo=when if name == "embargo" else held.embargo,
                use_until=when if name == "use_until" else held.use_until,
                keep_until=when if name == "keep_until" else held.keep_until,
                restore_hours=held.restore_hours,
            )
            return found.end()
    return None


@lru_cache(maxsize=1)
def _date_pattern() -> re.Pattern[str]:
    return re.compile(_DATE)


def _as_date(found: re.Match[str]) -> date | None:
    era = re.sub(r"\s", "", found["era"] or "")
    year = 1 if found["y"] == "元" else int(found["y"])
    try:
        return date(year + _ERAS.get(era, 0), int(found["m"]), int(found["d"]))
    except ValueError:
        return None


def _restore(
    _raw: str, folded: Folded, at: int, _vocabulary: Vocabulary, _texts: MarkTexts, items: Items
) -> int | None:
    found = _RESTORE.match(folded.text, at)
    if found is None or not _stops(folded, found.end()):
        return None
    held = items.terms
    items.terms = Terms(held.embargo, held.use_until, held.keep_until, int(found.group(1)))
    return found.end()


def _audience(
    raw: str, folded: Folded, at: int, _vocabulary: Vocabulary, _texts: MarkTexts, items: Items
) -> int | None:
    quoted = _QUOTED.match(folded.text, at)
    found = quoted or _BARE.match(folded.text, at)
    if found is None or not _stops(folded, found.end()):
        return None
    name = raw[folded.start(found.start(1)) : folded.end(found.end(1))]
    name = name.replace("」」", "」") if quoted else re.sub(r"\s", "", name)
    items.audience = (items.audience or set()) | {name}
    return found.end()


def _unknown(
    raw: str, folded: Folded, at: int, _vocabulary: Vocabulary, _texts: MarkTexts, items: Items
) -> int | None:
    """Keep a word that is built like a restriction: the person is shown what was not understood."""
    found = _LIKE_ITEM.match(folded.text, at)
    if found is None or not _stops(folded, found.end()):
        return None
    items.unread.append(raw[folded.start(found.start()) : folded.end(found.end())])
    return found.end()
