"""Reads a TOML file that somebody wrote by hand, and says in which line it is wrong.

Policy and self-check forms are data that ministries write themselves, so a mistake has to be told
with its line and reason, never as a traceback. Three passes: TOML syntax, the published JSON
Schema (unknown keys are refused there), and the conversion to our own types.
"""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any, TypeVar

from meti_desk.domain.errors import InvalidInput
from meti_desk.domain.patterns import lazily
from meti_desk.standard.toml_lines import line_of

T = TypeVar("T")

Step = str | int

_SYNTAX_PLACE = lazily(r"\(at line (\d+)")
_MSGSPEC_PLACE = lazily(r" - at `\$(.*)`$")
_MSGSPEC_STEP = lazily(r"\.([^.\[]+)|\[(\d+|\.\.\.)\]")

_REASONS: Mapping[str, str] = {
    "additionalProperties": "unknown-key",
    "unevaluatedProperties": "unknown-key",
    "required": "missing-key",
    "type": "wrong-type",
    "minItems": "too-few",
    "maxItems": "too-many",
    "uniqueItems": "repeated",
}
"""What a failed keyword of JSON Schema means for the person; all others are `not-allowed`."""


def load_toml(text: str, *, schema: Mapping[str, Any], kind: type[T], code: str) -> T:
    """Read TOML, check it against a JSON Schema and give it as `kind` (anything msgspec knows).

    Raises `InvalidInput(code, line=…, path=…, reason=…)`: `line` counts from 1, `path` is like
    `restrictions[3].name`, `reason` one of `syntax`, `unknown-key`, `missing-key`, `wrong-type`,
    `too-few`, `too-many`, `repeated`, `not-allowed`.
    """
    # Both take tens of milliseconds to import, and only those who read a form need them.
    import msgspec

    try:
        raw = tomllib.loads(text)
    except RecursionError:
        raise InvalidInput(code, line=1, path="", reason="syntax") from None
    except tomllib.TOMLDecodeError as error:
        found = _SYNTAX_PLACE.search(str(error))
        line = int(found.group(1)) if found else text.count("\n") + 1
        raise InvalidInput(code, line=line, path="", reason="syntax") from error
    data = _plain(raw)
    _check(data, text, schema, code)
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        raise refuse(code, text, _msgspec_path(str(error)), "not-allowed") from error


def refuse(code: str, text: str, path: Sequence[Step], reason: str) -> InvalidInput:
    """Make the error for a place in a TOML text that is well-formed but says the wrong thing."""
    return InvalidInput(code, line=line_of(text, path), path=told(path), reason=reason)


def told(path: Sequence[Step]) -> str:
    """Write a path as people read it: `restrictions[3].name`."""
    words = ""
    for step in path:
        words += f"[{step}]" if isinstance(step, int) else f".{step}" if words else step
    return words


def _plain(value: Any) -> Any:
    """Turn dates into ISO 8601 text: JSON Schema knows no dates."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, date | time) else value


def _check(data: Any, text: str, schema: Mapping[str, Any], code: str) -> None:
    import jsonschema

    validator = jsonschema.Draft202012Validator(schema)
    error = jsonschema.exceptions.best_match(validator.iter_errors(data))
    if error is None:
        return
    path = list(error.absolute_path)
    keyword = str(error.validator)
    if keyword == "additionalProperties" and isinstance(error.instance, dict):
        known = error.schema.get("properties", {})
        path += [key for key in error.instance if key not in known][:1]
    if keyword == "required" and isinstance(error.instance, dict):
        path += [key for key in error.validator_value if key not in error.instance][:1]
    raise refuse(code, text, path, _REASONS.get(keyword, "not-allowed")) from error


def _msgspec_path(message: str) -> list[Step]:
    found = _MSGSPEC_PLACE.search(message)
    steps: list[Step] = []
    for key, index in _MSGSPEC_STEP.findall(found.group(1) if found else ""):
        if index == "...":
            break
        steps.append(key or int(index))
    return steps
