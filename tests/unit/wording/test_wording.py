"""Every code that is raised or shown has its sentence in both languages."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from meti_desk import wording as package
from meti_desk.data import read_text
from meti_desk.domain import events
from meti_desk.domain.clues import DETECTORS
from meti_desk.domain.measures import ROWS
from meti_desk.wording import Wording, wording

ROOT = Path(package.__file__).parent.parent
KINDS = {"RuleViolation", "EnvironmentProblem", "InvalidInput", "unreadable", "refuse"}
CODE = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
TEXTS = {
    language: tomllib.loads(read_text("i18n", f"wording.{language}.toml"))
    for language in ("ja", "en")
}


def codes() -> Iterator[str]:
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            first = node.args[0] if node.args else None
            if node.func.id in KINDS and isinstance(first, ast.Constant):
                value = str(first.value)
                if CODE.fullmatch(value):
                    yield value


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_error_has_cause_and_remedy(language: str) -> None:
    known = TEXTS[language]["errors"]
    missing = sorted({code for code in codes() if code not in known})
    assert missing == []
    assert [code for code, text in known.items() if not text.get("cause")] == []


def test_both_languages_say_the_same_things() -> None:
    for table in ("errors", "measures", "terms"):
        assert TEXTS["ja"][table].keys() == TEXTS["en"][table].keys(), table
    for code, text in TEXTS["ja"]["errors"].items():
        for part in ("cause", "remedy"):
            filled = set(re.findall(r"\{\w+\}", text.get(part, "")))
            assert filled == set(
                re.findall(r"\{\w+\}", TEXTS["en"]["errors"][code].get(part, ""))
            ), code


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_measure_and_event_has_its_words(language: str) -> None:
    assert set(ROWS) - TEXTS[language]["measures"].keys() == set()
    kinds = {value for name, value in vars(events).items() if name in {
        "CLASSIFY", "SCRUB", "PROTECT", "OPEN", "HANDLE", "CONSULT", "NOTICE",
        "SELFCHECK_SUBMIT", "SELFCHECK_WITHDRAW",
    }}  # fmt: skip
    assert {f"event.{kind}" for kind in kinds} - TEXTS[language]["terms"].keys() == set()
    detectors = {*(f"detector.{one}" for one in DETECTORS), "detector.word"}
    assert detectors - TEXTS[language]["terms"].keys() == set()


@pytest.mark.parametrize(
    ("ref", "japanese", "english"),
    [
        ("14-7", "第14条第7項", "Art. 14-7"),
        ("13", "第13条", "Art. 13"),
        ("20-1(4)", "第20条第1項第4号", "Art. 20-1 (4)"),
    ],
)
def test_references_are_cited_as_the_language_does(ref: str, japanese: str, english: str) -> None:
    assert wording("ja").article(ref) == japanese
    assert wording("en").article(ref) == english


def test_an_unknown_code_is_shown_as_it_is() -> None:
    told = wording("ja").error("no.such-code", {"name": "値"})
    assert "no.such-code" in told.cause
    assert "値" in told.cause


def test_a_parameter_is_text_and_never_a_template() -> None:
    texts = {"errors": {"a.b": {"cause": "「{name}」", "remedy": "{other}"}}}
    told = Wording(texts, "ja").error("a.b", {"name": "{other}{0}%s", "other": "x"})
    assert told.cause == "「{other}{0}%s」"
    assert told.remedy == "x"


def test_a_term_falls_back_to_its_beginning() -> None:
    words = Wording({"terms": {"finding.docx": "Word"}}, "ja")
    assert words.term("finding.docx.comment") == "Word"
    assert words.term("other.thing") == "other.thing"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_kind_of_finding_has_its_word(language: str) -> None:
    kinds = {
        found
        for path in (ROOT / "formats").rglob("*.py")
        for found in re.findall(r'"((?:docx|pdf)\.[a-z-]+)"', path.read_text(encoding="utf-8"))
        if f"note.{found}" not in TEXTS[language]["terms"]
    }
    assert len(kinds) > 40
    assert {f"finding.{kind}" for kind in kinds} - TEXTS[language]["terms"].keys() == set()
