import re
import tomllib

import pytest

from meti_desk import data
from meti_desk.domain.errors import InvalidInput
from meti_desk.domain.selfcheck import Text
from meti_desk.services.selfcheck_evidence import COLLECTORS as COUNTED
from meti_desk.services.selfcheck_views import words
from meti_desk.standard.paragraphs import article, clauses, numbers, told
from meti_desk.standard.selfcheck_file import COLLECTORS, load_form, load_procedure, shipped

STAFF = data.read_text("forms", "selfcheck/staff.toml")
PROCEDURE = data.read_text("forms", "selfcheck/staff-procedure.toml")
ARTICLES = {*range(3, 21), 30, 33, 38, 43, 53, 56, 72, 73, 74, *range(77, 84), 90, 92, 99}


def refused(text: str) -> tuple[str, int, str, str]:
    with pytest.raises(InvalidInput) as caught:
        load_form(text)
    error = caught.value
    line = error.params["line"]
    assert isinstance(line, int)
    return error.code, line, str(error.params["path"]), str(error.params["reason"])


def line_with(text: str, words_in_it: str) -> int:
    return next(at for at, line in enumerate(text.splitlines(), 1) if words_in_it in line)


def test_the_staff_form_asks_enough_from_the_right_articles() -> None:
    form = load_form(STAFF)
    assert 25 <= len(form.items) <= 40
    asked = {numbers(clause)[0] for item in form.items for clause in (item.clause, *item.also)}
    assert asked <= ARTICLES
    assert {4, 5, 6, 7, 10, 13, 14, 15, 16, 17, 19, 20, 30, 33, 38, 43, 53, 56, 72, 73, 74, 77,
            78, 80, 82, 83, 90, 92, 99} <= asked  # fmt: skip
    assert {item.clause for item in form.items} <= clauses()
    assert form.role == Text("職員等", "Staff")


def test_every_text_of_the_form_is_there_in_both_languages() -> None:
    form = load_form(STAFF)
    japanese = re.compile("[ぁ-んァ-ヶ一-龠]")
    for item in form.items:
        for text in (item.text, item.help, item.good, item.bad):
            assert japanese.search(text.ja), item.link_id
            assert not japanese.search(text.en), item.link_id
        assert item.text.ja.endswith("か。"), item.link_id
        assert item.text.en.endswith("?"), item.link_id


def test_evidence_is_asked_only_where_it_is_counted_and_worded() -> None:
    assert set(COUNTED) == COLLECTORS
    named = {code.partition(".")[0] for code in words().figures}
    assert named == COLLECTORS
    assert {f"{name}.total" for name in COLLECTORS} <= set(words().figures)


def test_the_shipped_form_comes_with_its_procedure() -> None:
    (sheet,) = [sheet for sheet in shipped() if sheet.name == "staff"]
    assert sheet.procedure.form == sheet.form.url
    assert sheet.procedure.version == sheet.form.version
    assert len(sheet.procedure.steps) >= 5
    assert all(step.text.ja and step.text.en for step in sheet.procedure.steps)


def test_a_procedure_of_another_version_is_refused() -> None:
    text = PROCEDURE.replace('version = "2026.1"', 'version = "2025.1"')
    with pytest.raises(InvalidInput) as caught:
        load_procedure(text, load_form(STAFF))
    assert caught.value.code == "procedure.invalid"
    assert caught.value.params["line"] == line_with(PROCEDURE, "version =")
    assert caught.value.params["reason"] == "other-form"


@pytest.mark.parametrize(
    ("old", "new", "marker", "reason"),
    [
        ('clause = "art-14_p7"', 'clause = "art-14_p9"', 'clause = "art-14_p9"', "clause.unknown"),
        ('clause = "art-14_p7"', 'clause = "14-7"', 'clause = "14-7"', "not-allowed"),
        ('link_id = "move-mail"', 'link_id = "move-encrypt"', "", "link-id.repeated"),
        ("retired = []", 'retired = ["use-access"]', 'link_id = "use-access"', "link-id.reused"),
        ('section = "publish"', 'section = "nowhere"', 'section = "nowhere"', "section.unknown"),
        ('{ question = "move-permission"', '{ question = "no-such"', 'question = "no-such"',
         "enable-when.unknown"),
        ('{ question = "move-permission"', '{ question = "care-mail"', 'question = "care-mail"',
         "enable-when.not-earlier"),
        ('collector = "decided"', 'collector = "guessed"', 'collector = "guessed"',
         "collector.unknown"),
        ("year = 2026", 'year = "令和8"', 'year = "令和8"', "wrong-type"),
        ('deadline = "2026-11-30"', 'deadline = "2026-09-30"', "deadline =", "period.dates"),
        ('deadline = "2026-11-30"', 'deadline = "2026-11-31"', "deadline =", "not-allowed"),
        ('link_id = "use-access"\n', 'link_id = "use-access"\nweight = 3\n', "weight = 3",
         "unknown-key"),
        ('operator = "!="', 'operator = ">"', 'operator = ">"', "not-allowed"),
    ],
)  # fmt: skip
def test_a_wrong_form_is_refused_with_line_and_reason(
    old: str, new: str, marker: str, reason: str
) -> None:
    assert old in STAFF
    text = STAFF.replace(old, new, 1)
    code, line, path, why = refused(text)
    assert (code, why) == ("form.invalid", reason)
    if marker:
        assert line == line_with(text, marker)
    else:
        assert line == line_with(STAFF, old), "the later of the two questions is the wrong one"
    assert path


def test_a_missing_text_is_told_by_its_question() -> None:
    question = STAFF.index('link_id = "use-access"')
    at = STAFF.index("help.en", question)
    text = STAFF[:at] + STAFF[STAFF.index("\n", at) + 1 :]
    code, line, path, reason = refused(text)
    assert (code, reason) == ("form.invalid", "missing-key")
    assert path.endswith("help.en")
    assert line == line_with(text, 'link_id = "use-access"') + text[question:at].count("\n") - 1


def test_broken_toml_is_told_by_its_line() -> None:
    text = STAFF.replace('version = "2026.1"', 'version = "2026.1', 1)
    assert refused(text)[1:] == (line_with(text, 'version = "2026.1'), "", "syntax")


def test_numbers_of_a_clause() -> None:
    assert len(clauses()) == 306
    assert told("art-14_p7") == "第14条第7項"
    assert told("art-13_p1") == "第13条"
    assert told("art-14_p7", "en") == "Art. 14-7"
    assert article("art-14_p7") == "14-7"
    with pytest.raises(ValueError, match="14-7"):
        numbers("14-7")


def test_the_schemas_hold_the_files_they_are_published_for() -> None:
    assert "$schema" in data.read_text("forms", "schema/selfcheck.schema.json")
    assert tomllib.loads(PROCEDURE)["form"] == tomllib.loads(STAFF)["url"]
