"""自己点検票 on paper and as data: docx, CSV and JSON after OSCAL's assessment results (Art. 92-2).

The exports show what the form view shows, in its order; questions that do not apply are left out.
"""

import csv
import io
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from meti_desk.services.messages import Person
from meti_desk.services.selfcheck_views import (
    AnswerView,
    EvidenceView,
    FormView,
    ItemView,
    Language,
    ProcedureView,
    words,
)

OSCAL_VERSION = "1.1.2"
NAMESPACE = uuid.UUID("5e1fc4ec-0000-5000-8000-6d6574696465")
"""Under which the ids of exported results are made, so that the same form gives the same ids."""

CSV_COLUMNS = (
    "section",
    "number",
    "clause",
    "question",
    "answer",
    "value",
    "origin",
    "reason",
    "plan",
    "by_when",
    "evidence",
    "last_year",
    "answered_at",
    "link_id",
    "version",
)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Paper:
    """What is written: the form as it is shown, whose it is, when, and the paper's own mark."""

    view: FormView
    person: Person
    now: datetime
    mark: str
    language: Language

    def word(self, key: str) -> str:
        """Give one of the form's words in the paper's language."""
        return words().words[key].get(self.language)

    def column(self, key: str) -> str:
        """Give a column's title."""
        return words().columns[key].get(self.language)

    def items(self, section: str = "") -> tuple[ItemView, ...]:
        """Give the questions that apply, of one section or of all."""
        return tuple(
            item for item in self.view.items if item.enabled and section in {"", item.section}
        )


def evidence_lines(evidence: EvidenceView | None, language: Language) -> tuple[str, ...]:
    """Write figures as `提供 12件`; those that count nothing are left out, a total of 0 is said."""
    told = words().words
    if evidence is None:
        return (told["no_evidence"].get(language),)
    if not evidence.figures[0].number:
        return (told["no_records"].get(language),)
    return tuple(
        told["count"].get(language).format(label=figure.label, number=figure.number)
        for figure in evidence.figures
    )


def to_csv(paper: Paper) -> bytes:
    """Write one row per question, UTF-8 with a mark at its start so that Excel reads it.

    Free text that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    titles = {section.id: section.title for section in paper.view.sections}
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow([paper.column(name) for name in CSV_COLUMNS])
    for item in paper.items():
        answer = item.answer
        origin = words().origins[answer.origin].get(paper.language) if answer else ""
        row = [
            titles[item.section],
            str(item.number),
            item.clause_text,
            item.text,
            answer.text if answer else "",
            answer.value if answer else "",
            origin,
            answer.reason if answer else "",
            answer.plan if answer else "",
            answer.by_when if answer else "",
            " / ".join(evidence_lines(item.evidence, paper.language)),
            item.previous.text if item.previous else "",
            answer.at if answer else "",
            item.link_id,
            answer.form_version if answer else "",
        ]
        writer.writerow([_safe_cell(cell) for cell in row])
    return target.getvalue().encode("utf-8-sig")


def _safe_cell(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


STATUS: Mapping[str, Mapping[str, str]] = {
    "done": {"state": "satisfied", "reason": "pass"},
    "partly": {"state": "not-satisfied", "reason": "fail"},
    "not-done": {"state": "not-satisfied", "reason": "fail"},
    "not-applicable": {"state": "satisfied", "reason": "other"},
    "unknown": {"state": "not-satisfied", "reason": "other"},
}
"""OSCAL knows two states only; わからない is never satisfied, and nothing to do is no failure."""


def to_oscal(paper: Paper) -> bytes:
    """Write the answers as OSCAL assessment results: a finding per question, evidence observed.

    Our own answer, origin and dates stand in properties, since OSCAL's states are only two.
    """
    view = paper.view
    moment = paper.now.isoformat(timespec="seconds")
    answered = [(item, item.answer) for item in paper.items() if item.answer is not None]
    result = {
        "uuid": _id(paper, "result"),
        "title": view.title,
        "description": view.standard,
        "start": min((answer.at for _, answer in answered), default=moment),
        "end": view.submitted_at or moment,
        "props": _props(form_hash=view.form_hash, state=view.state, receipt=view.receipt),
        "reviewed-controls": {
            "control-selections": [
                {"include-controls": [{"control-id": item.clause} for item in paper.items()]}
            ]
        },
        "observations": [
            _observation(paper, item, moment) for item in paper.items() if item.evidence
        ],
        "findings": [_finding(paper, item, answer) for item, answer in answered],
    }
    document = {
        "assessment-results": {
            "uuid": _id(paper, "document"),
            "metadata": {
                "title": view.title,
                "last-modified": moment,
                "version": view.version,
                "oscal-version": OSCAL_VERSION,
            },
            "import-ap": {"href": view.form},
            "results": [result],
        }
    }
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"


def _id(paper: Paper, part: str) -> str:
    person = f"{paper.person.unit}/{paper.person.name}"
    return str(uuid.uuid5(NAMESPACE, f"{paper.view.form_hash}/{person}/{part}"))


def _props(**values: str) -> list[dict[str, str]]:
    return [
        {"name": name.replace("_", "-"), "value": value} for name, value in values.items() if value
    ]


def _observation(paper: Paper, item: ItemView, moment: str) -> dict[str, object]:
    evidence = item.evidence
    figures = evidence.figures if evidence else ()
    return {
        "uuid": _id(paper, f"observation/{item.link_id}"),
        "description": " / ".join(evidence_lines(evidence, paper.language)),
        "methods": ["EXAMINE"],
        "props": [{"name": figure.code, "value": str(figure.number)} for figure in figures],
        "collected": moment,
    }


def _finding(paper: Paper, item: ItemView, answer: AnswerView) -> dict[str, object]:
    finding: dict[str, object] = {
        "uuid": _id(paper, f"finding/{item.link_id}"),
        "title": item.text,
        "description": answer.reason or answer.text,
        "props": _props(
            link_id=item.link_id,
            answer=answer.value,
            origin=answer.origin,
            plan=answer.plan,
            by_when=answer.by_when,
            answered_at=answer.at,
            form_version=answer.form_version,
            form_hash=answer.form_hash,
        ),
        "target": {
            "type": "statement-id",
            "target-id": item.clause,
            "status": STATUS[answer.value],
        },
    }
    if item.evidence:
        observation = _id(paper, f"observation/{item.link_id}")
        finding["related-observations"] = [{"observation-uuid": observation}]
    return finding


def to_docx(paper: Paper) -> bytes:
    """Write 自己点検票 for print; see `selfcheck_docx`."""
    from meti_desk.services.selfcheck_docx import paper_docx

    return paper_docx(paper)


def procedure_docx(view: ProcedureView, language: Language, *, now: datetime) -> bytes:
    """Write 実施手順 for print (Art. 91-2)."""
    from meti_desk.services import selfcheck_docx

    return selfcheck_docx.procedure_docx(view, language, now=now)


FORMATS: Mapping[str, Callable[[Paper], bytes]] = {
    ".docx": to_docx,
    ".csv": to_csv,
    ".json": to_oscal,
}
"""How the form is written, by the file's suffix."""
