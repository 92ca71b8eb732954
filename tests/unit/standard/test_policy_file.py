"""The policy: what it may rule, and how a mistake is told."""

from datetime import date

import pytest

from meti_desk.data import read_text
from meti_desk.domain.classification import Confidentiality
from meti_desk.domain.errors import InvalidInput
from meti_desk.domain.label import Label
from meti_desk.domain.policy import Policy
from meti_desk.standard import policy_file
from meti_desk.standard.policy_file import parse_policy, schema_text, shipped_policy

C1, C2, C3 = (Label(level) for level in Confidentiality)
TODAY = date(2026, 11, 22)
SHIPPED = read_text("forms", "policy.toml")


def with_exemption(article: str, levels: str = "[]", *, scope: str = "", more: str = "") -> str:
    return (
        f'{SHIPPED}\n[[exemptions]]\narticle = "{article}"\nconfidentiality = {levels}\n'
        f'scope = "{scope}"\nreference = "細則"\nruled_by = "課長"\nruled_on = 2026-04-01\n{more}'
    )


def fault(text: str) -> tuple[int, str, str]:
    with pytest.raises(InvalidInput) as caught:
        parse_policy(text)
    assert caught.value.code == "policy.invalid"
    params = caught.value.params
    return int(params["line"]), str(params["path"]), str(params["reason"])


def test_the_published_schema_is_that_of_the_code() -> None:
    assert read_text("forms", "schema/policy.schema.json") == schema_text()


def test_the_shipped_policy_has_every_restriction_of_the_rules() -> None:
    policy = shipped_policy()
    assert set(policy.vocabulary.by_name) == {
        "複製禁止",
        "複製要許可",
        "配付禁止",
        "配付要許可",
        "印刷禁止",
        "印刷要許可",
        "転送禁止",
        "転記禁止",
        "再利用禁止",
        "再利用要許可",
        "送信禁止",
        "暗号化必須",
        "保存時暗号化必須",
        "通信時暗号化必須",
        "書換禁止",
        "書換要許可",
        "削除禁止",
        "削除要許可",
        "保存期間満了後要廃棄",
        "保存場所指定",
    }
    assert [one.confirmed for one in policy.definitions] == [False] * 3
    assert policy.exemptions == policy.standing == ()


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        ("a@meti.go.jp", True),
        ("経産花子 <a@enecho.METI.go.jp>", True),
        ("a@jpo.go.jp.", True),
        ("a@mof.go.jp", False),
        ("a@notmeti.go.jp", False),
        ("a@meti.go.jp.example.com", False),
        ("x@example.com,a@meti.go.jp", False),
        ("x@example.com; a@meti.go.jp", False),
        ("x@example.com、a@meti.go.jp", False),
        ("x@example.com a@meti.go.jp", False),
        ("x@example.com@meti.go.jp", False),
        ("x@example.com <a@meti.go.jp>", False),
        ("a@meti.go.jp <x@example.com>", False),
        ("meti.go.jp", False),
        ("", False),
    ],
)
def test_who_is_inside_the_ministry(address: str, *, inside: bool) -> None:
    assert shipped_policy().is_inside(address) is inside


def test_areas_that_nobody_declared_are_outside() -> None:
    policy = shipped_policy()
    assert [policy.is_controlled(area) for area in (None, 0, 1, 2, 3, 4)] == [
        False, False, True, True, True, False,
    ]  # fmt: skip


@pytest.mark.parametrize("domain", ["go.jp", ".go.jp", "jp", "com", "co.jp", "", "@meti.go.jp"])
def test_no_domain_wider_than_the_ministry(domain: str) -> None:
    text = SHIPPED.replace('["meti.go.jp", "jpo.go.jp"]', f'["meti.go.jp", "{domain}"]')
    line, path, reason = fault(text)
    assert SHIPPED.splitlines()[line - 1].startswith("inside_domains")
    assert (path, reason) == ("inside_domains[1]", "domain-too-wide")


@pytest.mark.parametrize(
    ("article", "levels", "scope"),
    [
        ("13", "[2]", "both"),
        ("13", "[2]", "transfer"),
        ("19-4", "[]", ""),
        ("77-1", "[2]", ""),
        ("77-3", "[1, 2, 3]", ""),
        ("77-5", "[1, 2]", ""),
        ("77-7", "[2]", ""),
        ("82-1", "[2, 3]", ""),
    ],
)
def test_exemptions_that_the_articles_name(article: str, levels: str, scope: str) -> None:
    policy = parse_policy(with_exemption(article, levels, scope=scope))
    assert [one.article for one in policy.exemptions] == [article]


@pytest.mark.parametrize(
    ("article", "levels", "scope", "reason"),
    [
        ("13", "[3]", "both", "beyond-article"),
        ("13", "[1, 2]", "both", "beyond-article"),
        ("13", "[]", "both", "beyond-article"),
        ("13", "[2]", "", "scope-not-of-article"),
        ("19-4", "[2]", "", "beyond-article"),
        ("77-1", "[2, 3]", "", "beyond-article"),
        ("77-1", "[2]", "both", "scope-not-of-article"),
        ("77-3", "[]", "", "beyond-article"),
        ("77-5", "[3]", "", "beyond-article"),
        ("77-7", "[1, 2]", "", "beyond-article"),
        ("82-1", "[]", "", "beyond-article"),
        ("14-2", "[2]", "", "not-allowed"),
        ("38-8", "[2]", "", "not-allowed"),
    ],
)
def test_exemptions_beyond_their_article_are_refused(
    article: str, levels: str, scope: str, reason: str
) -> None:
    line, path, found = fault(with_exemption(article, levels, scope=scope))
    assert found == reason
    assert path.startswith("exemptions[0].")
    assert line > SHIPPED.count("\n")


def test_38_8_follows_77_5_only() -> None:
    text = with_exemption("77-1", "[2]", more='also_38_8 = "裁定"\n')
    assert fault(text)[1:] == ("exemptions[0].also_38_8", "beyond-article")


def exempting() -> Policy:
    return parse_policy(with_exemption("13", "[2]", scope="provide", more="until = 2027-03-31\n"))


def test_an_exemption_holds_for_its_level_scope_and_time() -> None:
    policy = exempting()
    assert policy.exemption("13", C2, scope="provide", today=TODAY)
    assert not policy.exemption("13", C2, scope="transfer", today=TODAY)
    assert not policy.exemption("13", C2, scope="both", today=TODAY)
    assert not policy.exemption("13", C3, scope="provide", today=TODAY)
    assert not policy.exemption("13", C1, scope="provide", today=TODAY)
    assert not policy.exemption("77-1", C2, today=TODAY)
    assert policy.exemption("13", C2, scope="provide", today=date(2027, 3, 31))
    for day in (None, date(2026, 3, 31), date(2027, 4, 1)):
        assert not policy.exemption("13", C2, scope="provide", today=day)


STANDING = """
[[standing]]
id = "1"
measure = "MEASURE"
needed = false
confidentiality = [2]
recipients = "outside"
until = 2027-03-31
reason = "通信路で暗号化される"
decided_by = "課長"
"""


def test_a_standing_decision_holds_for_its_label_recipients_and_time() -> None:
    policy = parse_policy(SHIPPED + STANDING.replace("MEASURE", "split"))
    assert policy.standing_decision("split", C2, "outside", TODAY)
    assert not policy.standing_decision("split", C3, "outside", TODAY)
    assert not policy.standing_decision("split", C2, "inside", TODAY)
    assert not policy.standing_decision("encryption", C2, "outside", TODAY)
    assert not policy.standing_decision("split", C2, "outside", date(2027, 4, 1))
    assert not policy.standing_decision("split", C2, "outside", None)


def test_a_standing_decision_answers_a_consideration_never_a_duty() -> None:
    text = SHIPPED + STANDING.replace("MEASURE", "permission")
    assert fault(text)[1:] == ("standing[0].measure", "unknown-measure")


@pytest.mark.parametrize(
    ("old", "new", "path", "reason"),
    [
        ("fiscal_year_starts = 4", "fiscal_year_starts = 13", "fiscal_year_starts", "not-allowed"),
        ("process = 32", "process = 0", "workers.documents_per_process", "not-allowed"),
        ('level = "C3"', 'level = "C2"', "definitions", "levels-incomplete"),
        ('name = "複製要許可"', 'name = "複製禁止"', "restrictions[0].name", "repeated"),
        ('name = "複製要許可"', 'name = "課内限り"', "restrictions[1].name", "not-writable"),
        ('name = "複製要許可"', 'name = "複製・許可"', "restrictions[1].name", "not-writable"),
        ('verb = "print"', 'verb = ""', "restrictions[4].verb", "not-allowed"),
        ('verb = "encrypt"', 'verb = "copy"', "restrictions[0].verb", "verb-mixed"),
        ('verb = "overwrite"', 'verb = "copy"', "restrictions[0].serves", "verb-mixed"),
        (
            'makes_mandatory = "encryption"', 'makes_mandatory = "x"',
            "restrictions[11].makes_mandatory", "unknown-measure",
        ),
        ('bites = ["print"]', "bites = []", "restrictions[4].bites", "too-few"),
        ('bites = ["print"]', 'bites = ["x"]', "restrictions[4].bites[0]", "not-allowed"),
        ("number = 1", "number = 0", "areas[0].number", "repeated"),
        ("inside = false", "inside = true", "areas[0].inside", "class-0-is-outside"),
        ('"機密性1情報", ', '"機密性2", ', "marks.confidentiality[0]", "not-distinct"),
        ('embargo = "公表禁止"', 'embargo = "公表 禁止"', "marks.embargo", "not-writable"),
        ('measure = "split"', 'measure = "permission"', "proposals[2].measure", "unknown-measure"),
        ('"暗号化とパスワードの別送により保護するため"', '""', "proposals[2].reason", "empty"),
        ("noted_allowed", "note_allowed", "permits.note_allowed", "unknown-key"),
    ],
)  # fmt: skip
def test_mistakes_are_told_with_their_place(old: str, new: str, path: str, reason: str) -> None:
    assert old in SHIPPED
    assert fault(SHIPPED.replace(old, new, 1))[1:] == (path, reason)


def test_a_raised_measure_has_a_source() -> None:
    raised = '\n[[raised]]\nmeasure = "encryption"\nfrom_confidentiality = 3\nreference = "通達"\n'
    policy = parse_policy(SHIPPED + raised)
    assert policy.is_raised("encryption", C3)
    assert not policy.is_raised("encryption", C2)
    assert not policy.is_raised("split", C3)
    assert fault(SHIPPED + raised.replace("通達", ""))[1:] == ("raised[0].reference", "empty")


def test_the_quick_reading_is_the_same_and_never_milder() -> None:
    text = read_text("forms", "policy.toml")
    assert policy_file._quickly(text) == parse_policy(text)
    for wrong in (text + "\n[unknown]\nx = 1\n", text.replace('"meti.go.jp"', '"go.jp"'), "=", ""):
        assert policy_file._quickly(wrong) is None
