"""Labels of other products among named properties."""

import pytest

from meti_desk.formats.foreign import guid_of, is_true, of_properties, prefix_of

GUID = "2096f6a2-d2f7-48be-b329-b73aaa526e5d"
TENANT = "cb46c030-1825-4e81-a295-151c039dbf02"


def _msip(guid: str = GUID, **values: str) -> dict[str, str]:
    return {f"MSIP_Label_{guid}_{name}": value for name, value in values.items()}


def test_microsofts_label_is_read_with_tenant_name_and_what_else_it_says() -> None:
    written = _msip(
        Enabled="true", SiteId=TENANT, Method="Privileged", SetDate="2018-11-08T21:13:16-0800",
        Name="Confidential", ContentBits="2",
    )  # fmt: skip
    (label,) = of_properties({"Author": "x", **written}, "docProps/custom.xml")
    assert (label.scheme, label.id, label.owner, label.name) == (
        "msip", GUID, TENANT, "Confidential",
    )  # fmt: skip
    assert label.place == "docProps/custom.xml"
    assert label.details == {
        "Method": "Privileged", "SetDate": "2018-11-08T21:13:16-0800", "ContentBits": "2",
    }  # fmt: skip


@pytest.mark.parametrize("enabled", ["True", "TRUE", "1", " true "])
def test_enabled_in_every_spelling(enabled: str) -> None:
    assert of_properties(_msip(Enabled=enabled), "") != ()


@pytest.mark.parametrize("values", [{"Enabled": "false"}, {"Enabled": ""}, {"Name": "Secret"}])
def test_a_label_that_is_off_or_without_its_switch_is_none(values: dict[str, str]) -> None:
    assert of_properties(_msip(**values), "") == ()


def test_labels_of_two_tenants_stay_apart_and_guids_fold() -> None:
    other = "11111111-2222-3333-4444-555555555555"
    mixed = {**_msip(GUID.upper(), Enabled="true"), **_msip(GUID, Name="A")}
    labels = of_properties({**mixed, **_msip(other, Enabled="true", Name="B")}, "")
    assert [(one.id, one.name) for one in labels] == [(GUID, "A"), (other, "B")]


def test_libreoffices_label_names_category_authority_and_impact() -> None:
    space = "urn:bails:IntellectualProperty:"
    written = {
        space + "BusinessAuthorizationCategory:Name": "Confidential",
        space + "BusinessAuthorizationCategory:Identifier": "urn:example:tscp:1:confidential",
        space + "PolicyAuthority:Name": "TSCP Example Policy Authority",
        space + "PolicyAuthority:Identifier": "None",
        space + "Impact:Level:Confidentiality": "2",
    }
    (label,) = of_properties(written, "meta.xml")
    assert (label.scheme, label.id) == ("tscp", "urn:example:tscp:1:confidential")
    assert (label.name, label.owner) == ("Confidential", "TSCP Example Policy Authority")
    assert label.details == {"Kind": "intellectualproperty", "Impact:Level:Confidentiality": "2"}


def test_a_category_without_identifier_goes_by_its_name_and_one_without_both_is_none() -> None:
    space = "urn:bails:ExportControl:BusinessAuthorizationCategory:"
    (label,) = of_properties({space + "Name": "EAR", space + "Identifier": "None"}, "")
    assert label.id == "EAR"
    assert of_properties({space + "Name": "None", "urn:bails:loextRelNum": "1"}, "") == ()
    assert of_properties({"urn:bails:ExportControl:Impact:Scale": "UK-Cabinet"}, "") == ()


def test_the_prefix_of_a_label_is_shared_by_all_its_properties() -> None:
    assert prefix_of(f"MSIP_Label_{GUID}_Name") == f"msip_label_{GUID}_"
    assert prefix_of("urn:bails:NationalSecurity:Impact:Scale") == "urn:bails:nationalsecurity:"
    assert prefix_of("MSIP_Label_nothing_Name") is None
    assert prefix_of("jp.go.meti.label") is None


def test_guids_and_booleans() -> None:
    assert guid_of("{" + GUID.upper() + "}") == GUID
    assert guid_of(" tenant ") == "tenant"
    assert is_true("1")
    assert not is_true("yes")
