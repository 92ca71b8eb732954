"""The answers of the server's command line as people read them; with `--json` they stay plain.

Keys become words, moments the clock of this place, states what the windows call them. A key without
a word is shown as it is: better seen raw than hidden.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from meti_desk.wording.moments import local

if TYPE_CHECKING:
    from meti_desk.wording import Wording

_MOMENTS = frozenset({"at", "expires", "enrolled_at", "revoked_at", "seen_at"})
"""Keys of moments: milliseconds since 1970, or ISO 8601."""

_NAMES = {"act": "action", "done": "event", "permit": "permit.state", "review": "review.state"}
"""What the name of a figure is, by its kind."""


def lines(answer: Mapping[str, Any], words: "Wording") -> Iterator[str]:
    """Write an answer: one line for each key, one for each row of a list."""
    for key, value in answer.items():
        name = _word(key, words)
        rows = value if isinstance(value, list) else [value]
        if not rows:
            yield f"{name}: {words.term('word.no')}"
        for row in rows:
            told = _row(row, words) if isinstance(row, dict) else _value(key, row, words)
            yield f"{name}: {told}"


def _row(row: Mapping[str, Any], words: "Wording") -> str:
    shown = dict(row)
    if "kind" in row and "name" in row:
        kind, name = str(row["kind"]), str(row["name"])
        code = f"{_NAMES.get(kind, '')}.{name}"
        shown["kind"] = _word(kind, words)
        shown["name"] = words.term(code) if words.knows(code) else name
    told = ((_word(key, words), _value(key, value, words)) for key, value in shown.items())
    return "、".join(f"{name} {value}" for name, value in told)


def _word(key: str, words: "Wording") -> str:
    return words.term(f"server-told.{key}") if words.knows(f"server-told.{key}") else key


def _value(key: str, value: object, words: "Wording") -> str:
    if value is None or value == "":
        return words.term("word.no")
    if isinstance(value, bool):
        return words.term("word.yes" if value else "server-told.not")
    if key in _MOMENTS and isinstance(value, int | str):
        return local(value)
    if key == "what" and isinstance(value, str):
        return _state(value, words)
    return str(value)


def _state(what: str, words: "Wording") -> str:
    """Name what is counted as standing now (`permit.requested`, `devices-away`)."""
    kind, dot, state = what.partition(".")
    if not dot:
        return _word(what, words)
    code = f"{kind}.state.{state}"
    return f"{_word(kind, words)}（{words.term(code) if words.knows(code) else state}）"
