"""Finding words in 取扱記録: an index of trigrams over the texts of the bodies, for Japanese too.

Texts are compared by NFKC and without case, so that 機密性２ finds 機密性2. Of a long hexadecimal
value (a hash) the first 16 characters are indexed: it is found by its beginning. The index only
proposes; `Words.fit` decides on the body itself, so a wrong index can hide but never invent.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from meti_desk.store.database import Database

_GRAM = 3
_EDGE = "\n" * (_GRAM - 1)
"""Stands behind every text, so that its last one and two characters begin a trigram as well."""
_KEPT = 16
_HASH = re.compile(rf"[0-9a-f]{{{_KEPT + 1},}}")
_CHUNK = 500


def plain(text: str) -> str:
    """Fold width and case; the engine ends a text at NUL, so that becomes a space."""
    return unicodedata.normalize("NFKC", text).casefold().replace("\0", " ")


def texts(body: str) -> Iterator[str]:
    """Give the folded texts of a body of JSON - its values, not its keys, numbers or truths."""
    try:
        waiting: list[object] = [json.loads(body)]
    except (ValueError, RecursionError):
        waiting = [body]  # a damaged body is still found by what stands in it
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield plain(value)
        elif isinstance(value, dict):
            waiting.extend(reversed(list(value.values())))
        elif isinstance(value, list):
            waiting.extend(reversed(value))


def indexed(body: str) -> str:
    """Give what the index holds of a body."""
    return "".join(_HASH.sub(_beginning, text) + _EDGE for text in texts(body))


@dataclass(frozen=True, slots=True)
class Words:
    """The words that a person looks for; all of them must be there, in any order."""

    all: tuple[str, ...]

    @classmethod
    def of(cls, asked: str) -> "Words":
        """Split what was typed at white space, full width too."""
        return cls(tuple(dict.fromkeys(plain(asked).split())))

    def fit(self, body: str) -> bool:
        """Tell whether a body has them all."""
        held = indexed(body)
        if not all(_HASH.sub(_beginning, word) in held for word in self.all):
            return False
        hashes = [word for word in self.all if _HASH.search(word)]
        return not hashes or all(any(word in text for text in texts(body)) for word in hashes)

    def question(self, database: Database, terms: int) -> "Question | None":
        """Give the question to the index; nothing when some word cannot be there at all.

        A word of one or two characters is asked for by the trigrams that begin with it, and left
        to the look at the bodies if these are `terms` or more.
        """
        groups: list[str] = []
        whole = True
        for word in self.all:
            short = _HASH.sub(_beginning, word)
            if len(short) >= _GRAM:
                grams = (short[at : at + _GRAM] for at in range(len(short) - _GRAM + 1))
                groups.append(" AND ".join(map(_quoted, dict.fromkeys(grams))))
                continue
            found = _terms(database, short, terms)
            if not found:
                return None
            if len(found) < terms:
                groups.append("(" + " OR ".join(map(_quoted, found)) + ")")
            else:
                whole = False
        return Question(" AND ".join(groups), whole=whole)


@dataclass(frozen=True, slots=True)
class Question:
    """What the index is asked: `match` empty proposes everything; `whole` has every word in it."""

    match: str
    whole: bool


def index_one(database: Database, seq: int, body: str) -> None:
    """Add one event to the index."""
    database.run("INSERT INTO event_words (rowid, words) VALUES (?, ?)", (seq, indexed(body)))


def index_all(database: Database) -> None:
    """Add all events to an empty index."""
    last = 0
    while rows := database.run(
        "SELECT seq, body FROM events WHERE seq > ? ORDER BY seq LIMIT ?", (last, _CHUNK)
    ):
        for seq, body in rows:
            index_one(database, seq, body)
        last = rows[-1][0]


def _terms(database: Database, start: str, most: int) -> list[str]:
    """Give the trigrams that begin so, in order, `most` at most; each one costs one seek."""
    found: list[str] = []
    low = start
    while len(found) < most:
        rows = database.run("SELECT term FROM event_terms WHERE term >= ? LIMIT 1", (low,))
        if not rows or not rows[0][0].startswith(start):
            break
        found.append(rows[0][0])
        low = rows[0][0] + "\0"
    return found


def _quoted(gram: str) -> str:
    return '"' + gram.replace('"', '""') + '"'


def _beginning(match: re.Match[str]) -> str:
    return match.group()[:_KEPT]
