"""Labels of other products and ours: which rule counts, which one is written, and how."""

import pytest

from meti_desk.domain.classification import Availability, Confidentiality, Integrity
from meti_desk.domain.foreign import (
    ForeignRule,
    is_automatic,
    msip_off,
    msip_properties,
    own_tscp,
    rule_for,
    rule_to_write,
    tscp_properties,
)
from meti_desk.domain.label import Label
from meti_desk.formats.foreign import of_properties
from meti_desk.standard.policy_file import shipped_policy

A, B = "aaaaaaaa-0000-0000-0000-000000000001", "bbbbbbbb-0000-0000-0000-000000000002"
T1, T2 = "11111111-0000-0000-0000-000000000001", "22222222-0000-0000-0000-000000000002"
WORDS = shipped_policy().vocabulary
NO_COPY = frozenset({WORDS.by_name["複製禁止"]})
MOMENT = "2026-11-20T00:30:00Z"


def rule(guid: str = A, owner: str = T1, c: int = 2, **more: object) -> ForeignRule:
    base: dict[str, object] = {"name": "機密性2", "write": True}
    return ForeignRule(scheme="msip", id=guid, owner=owner, c=c, **(base | more))  # type: ignore[arg-type] # by name


def test_the_same_guid_of_another_tenant_is_another_label() -> None:
    rules = (rule(owner=T1, c=2), rule(owner=T2, c=3))
    found = rule_for(rules, "msip", A.upper(), "{" + T2.upper() + "}")
    assert found is rules[1]
    assert rule_for(rules, "msip", A, B) is None
    assert rule_for(rules, "tscp", A, T1) is None
    assert rule_for(rules, "msip", B, T1) is None


def test_a_rule_that_names_its_owner_goes_first() -> None:
    anybody, named = rule(owner="", c=1), rule(owner=T1, c=3)
    assert rule_for((anybody, named), "msip", A, T1) is named
    assert rule_for((anybody, named), "msip", A, T2) is anybody


def test_the_label_that_a_rule_gives() -> None:
    label = rule(c=3, i=2, restrictions=("複製禁止",)).label(WORDS)
    assert label == Label(Confidentiality.C3, Integrity.I2, Availability.A1, NO_COPY)


def test_what_is_written_says_no_more_than_our_label() -> None:
    plain, strict, high = rule(A), rule(B, restrictions=("複製禁止",)), rule(T1, c=3)
    rules = (plain, strict, high)
    c2 = Label(Confidentiality.C2)
    assert rule_to_write(rules, c2, WORDS) is plain
    assert rule_to_write(rules, Label(Confidentiality.C2, restrictions=NO_COPY), WORDS) is strict
    assert rule_to_write(rules, Label(Confidentiality.C3, restrictions=NO_COPY), WORDS) is high
    assert rule_to_write(rules, Label(Confidentiality.C1), WORDS) is None
    assert rule_to_write((rule(write=False),), c2, WORDS) is None


def test_what_is_written_is_read_back() -> None:
    written = msip_properties(rule(A.upper()), MOMENT) | msip_off(B, T1)
    [label] = of_properties(written, "here")
    assert (label.id, label.owner, label.name) == (A, T1, "機密性2")
    assert label.details == {"SetDate": MOMENT, "Method": "Privileged", "ContentBits": "0"}
    assert not is_automatic(label.details)
    assert written[f"MSIP_Label_{B}_Enabled"] == "false"


@pytest.mark.parametrize(("method", "automatic"), [("Standard", True), ("Privileged", False)])
def test_a_label_that_nobody_chose(method: str, automatic: bool) -> None:  # noqa: FBT001 - a parameter of the table
    assert is_automatic({"Method": method}) is automatic
    assert not is_automatic({})


def test_what_libreoffice_reads() -> None:
    label = Label(Confidentiality.C2, Integrity.I2)
    written = tscp_properties(label, "機密性2情報", "経済産業省")
    [read] = of_properties(written, "here")
    assert (read.scheme, read.id, read.name, read.owner) == (
        "tscp",
        "C2",
        "機密性2情報",
        "経済産業省",
    )
    assert own_tscp(read.owner, read.details, "経済産業省") == label
    assert own_tscp(read.owner, read.details, "他省") is None
    for wrong in ({"Impact:Level:Integrity": "9"}, {"Impact:Scale": "FIPS-199"}):
        assert own_tscp(read.owner, read.details | wrong, "経済産業省") is None
    levels = [
        read.details[f"Impact:Level:{part}"]
        for part in ("Confidentiality", "Integrity", "Availability")
    ]
    assert levels == ["2", "2", "1"]
