"""Reads 自己点検票 and their 実施手順 from TOML, and finds those that travel with the application.

A form goes through its published JSON Schema and then through `domain.selfcheck.check`; whatever
is wrong is told with line, path and reason, and a wrong form is never used in part (Art. 91-2).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from meti_desk import data
from meti_desk.domain.errors import InvalidInput
from meti_desk.domain.selfcheck import Fault, Form, Text, check
from meti_desk.standard.paragraphs import clauses
from meti_desk.standard.schema_file import load_toml, told
from meti_desk.standard.toml_lines import line_of

CODE = "form.invalid"
FOLDER = "selfcheck"
COLLECTORS = frozenset(
    {
        "algorithms-listed",
        "backup-considered",
        "c3-copies-approved",
        "c3-needed",
        "contractor-minimum",
        "copies-inherit",
        "decided",
        "disposed",
        "distribution-needed",
        "encryption-considered",
        "inherited",
        "marked",
        "offsite-permitted",
        "password-considered",
        "permitted",
        "provided-scrubbed",
        "published-c1",
        "published-scrubbed",
        "recipient-measures",
        "signature-considered",
        "split-considered",
    }
)
"""The kinds of evidence that a form may ask for; a test holds them equal to those counted."""

_KEYS: Mapping[str, str] = {
    "clause.unknown": "clause",
    "section.unknown": "section",
    "answer-set.unknown": "answer_set",
    "enable-when.unknown": "enable_when",
    "enable-when.not-earlier": "enable_when",
    "enable-when.answer": "enable_when",
    "collector.unknown": "evidence",
    "contradicts.unknown": "evidence",
    "supersedes.not-retired": "supersedes",
    "change.without-note": "change",
    "period.dates": "deadline",
    "section.empty": "sections",
    "answer-set.repeated": "answer_sets",
}
"""Which key of the file a fault is about; all others are about `link_id`."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a procedure."""

    title: Text
    text: Text


@dataclass(frozen=True, slots=True)
class Procedure:
    """自己点検の実施手順, which comes with a form and has its version (Arts. 91-2, 92-2)."""

    form: str
    version: str
    title: Text
    intro: Text
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form with its procedure; `name` is the short name used on the command line."""

    name: str
    form: Form
    procedure: Procedure


Loader = Callable[[], Sequence[Sheet]]
"""Where the forms of this device come from: those shipped, or those a server distributed."""


@cache
def _schema(name: str) -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = json.loads(data.read_text("forms", f"schema/{name}.schema.json"))
    return loaded


def load_form(text: str) -> Form:
    """Read a form. Raises `InvalidInput("form.invalid", line=, path=, reason=, what=)`."""
    form = load_toml(text, schema=_schema("selfcheck"), kind=Form, code=CODE)
    faults = check(form, clauses=clauses(), collectors=COLLECTORS)
    if faults:
        raise _refusal(text, form, faults[0])
    return form


def _refusal(text: str, form: Form, fault: Fault) -> InvalidInput:
    key = _KEYS.get(fault.reason, "link_id")
    path: tuple[str | int, ...] = (key,)
    if fault.link_id:
        same = [at for at, item in enumerate(form.items) if item.link_id == fault.link_id]
        # Of a repeated link id the later question is the wrong one.
        path = ("items", same[-1], key)
    elif key == "deadline":
        path = ("period", key)
    return InvalidInput(
        CODE, line=line_of(text, path), path=told(path), reason=fault.reason, what=fault.what
    )


def load_procedure(text: str, form: Form) -> Procedure:
    """Read the procedure of a form; it has to name that form and its version."""
    loaded = load_toml(
        text, schema=_schema("selfcheck-procedure"), kind=Procedure, code="procedure.invalid"
    )
    for key, given, wanted in (
        ("form", loaded.form, form.url),
        ("version", loaded.version, form.version),
    ):
        if given != wanted:
            raise InvalidInput(
                "procedure.invalid",
                line=line_of(text, (key,)),
                path=key,
                reason="other-form",
                what=wanted,
            )
    return loaded


@cache
def shipped() -> tuple[Sheet, ...]:
    """Give the forms that travel with the application, by name."""
    folder = data.data("forms").joinpath(FOLDER)
    suffix, partner = ".toml", "-procedure.toml"
    names = {entry.name for entry in folder.iterdir()}
    sheets = []
    for name in sorted(names):
        stem = name.removesuffix(suffix)
        if stem + partner not in names:
            continue
        form = load_form(folder.joinpath(name).read_text(encoding="utf-8"))
        procedure = folder.joinpath(stem + partner).read_text(encoding="utf-8")
        sheets.append(Sheet(stem, form, load_procedure(procedure, form)))
    return tuple(sheets)
