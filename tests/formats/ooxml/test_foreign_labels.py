"""Labels of other products in OOXML files that the tests build by the specifications."""

import io
import zipfile

import pytest
from docx import Document
from lxml import etree
from openpyxl import Workbook, load_workbook
from pptx import Presentation

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.base import DocumentFormat, ForeignLabel, LabelOrder, Wants
from meti_desk.formats.ooxml.docx import DOCX
from meti_desk.formats.ooxml.pptx import PPTX
from meti_desk.formats.ooxml.xlsx import XLSX
from tests.formats.ooxml.builder import (
    MAIN_TYPE,
    document,
    members_of,
    paragraph,
    rels,
    types,
    zipped,
)

GUID = "2096f6a2-d2f7-48be-b329-b73aaa526e5d"
NEW = "11111111-2222-4333-8444-555555555555"
TENANT = "cb46c030-1825-4e81-a295-151c039dbf02"
OTHER_TENANT = "aaaaaaaa-1825-4e81-a295-151c039dbf02"
OWN = {"jp.go.meti.label": "C2;I2;A1"}
CLBL = "http://schemas.microsoft.com/office/2020/mipLabelMetadata"
KIND = "http://schemas.microsoft.com/office/2020/02/relationships/classificationlabels"
LABEL_TYPE = "application/vnd.ms-office.classificationlabels+xml"
CUSTOM_KIND = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
)
CUSTOM_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
SPACE = "urn:bails:IntellectualProperty:"


def _msip(guid: str = GUID, tenant: str = TENANT, **values: str) -> dict[str, str]:
    said = {"Enabled": "true", "SiteId": tenant, "Name": "Confidential", "Method": "Privileged"}
    return {f"MSIP_Label_{guid}_{name}": value for name, value in (said | values).items()}


def _entry(guid: str = GUID, tenant: str = TENANT, *, on: str = "1", removed: str = "0") -> str:
    return (
        f'<clbl:label id="{{{guid}}}" enabled="{on}" method="Standard" siteId="{{{tenant}}}" '
        f'contentBits="2" removed="{removed}"/>'
    )


def _file(
    *,
    custom: dict[str, str] | None = None,
    label_info: str | None = None,
    more: dict[str, str] | None = None,
) -> io.BytesIO:
    """Make a Word document with properties, `LabelInfo.xml` and further members."""
    members: dict[str, str | bytes] = dict(members_of(document(paragraph("text"))))
    links = [
        ("rId1", CUSTOM_KIND.replace("custom-properties", "officeDocument"), "word/document.xml")
    ]
    overrides = {"word/document.xml": MAIN_TYPE}
    if custom is not None:
        rows = "".join(
            f'<property fmtid="{FORMAT_ID}" pid="{pid}" name="{name}">'
            f"<vt:lpwstr>{value}</vt:lpwstr></property>"
            for pid, (name, value) in enumerate(custom.items(), start=2)
        )
        members["docProps/custom.xml"] = (
            f'<Properties xmlns="{CUSTOM_KIND.replace("relationships/", "")}" xmlns:vt='
            '"http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
            f"{rows}</Properties>"
        )
        links.append(("rId2", CUSTOM_KIND, "docProps/custom.xml"))
        overrides["docProps/custom.xml"] = CUSTOM_TYPE
    if label_info is not None:
        members["docMetadata/LabelInfo.xml"] = (
            f'<clbl:labelList xmlns:clbl="{CLBL}">{label_info}</clbl:labelList>'
        )
        links.append(("rId3", KIND, "docMetadata/LabelInfo.xml"))
        overrides["docMetadata/LabelInfo.xml"] = LABEL_TYPE
    members["_rels/.rels"] = rels(*links)
    members["[Content_Types].xml"] = types(overrides)
    return zipped(members | (more or {}))


def _foreign(file: io.BytesIO) -> tuple[ForeignLabel, ...]:
    return DOCX.inspect(file, Wants(findings=False, digest=False)).foreign


def _written(file: io.BytesIO, foreign: dict[str, str]) -> io.BytesIO:
    out, again = io.BytesIO(), io.BytesIO()
    order = LabelOrder(OWN, foreign=foreign)
    DOCX.write_label(file, out, order)
    DOCX.verify_label(file, out, order)
    DOCX.write_label(out, again, order)
    assert again.getvalue() == out.getvalue()
    return out


def _custom(file: io.BytesIO) -> dict[str, str]:
    members = members_of(file)
    if "docProps/custom.xml" not in members:
        return {}
    root = etree.fromstring(members["docProps/custom.xml"])
    return {str(one.get("name")): "".join(map(str, one.itertext())) for one in root}


def test_a_document_without_other_labels_has_none() -> None:
    assert _foreign(_file()) == ()
    assert _foreign(_file(custom={"Author": "x"}, label_info="")) == ()


def test_both_of_microsofts_places_are_read() -> None:
    (older,) = _foreign(_file(custom=_msip()))
    assert (older.id, older.owner, older.place) == (GUID, TENANT, "docProps/custom.xml")
    (newer,) = _foreign(_file(label_info=_entry()))
    assert newer == ForeignLabel(
        scheme="msip", id=GUID, owner=TENANT, place="docMetadata/LabelInfo.xml",
        details={"Method": "Standard", "ContentBits": "2"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("on", "removed"), [("0", "0"), ("1", "1"), ("false", "0"), ("true", "true")]
)
def test_labels_that_are_off_or_removed_are_none(on: str, removed: str) -> None:
    assert _foreign(_file(label_info=_entry(on=on, removed=removed))) == ()


def test_a_tenant_that_the_newer_place_names_is_read_there_alone() -> None:
    custom = _msip() | _msip(NEW, OTHER_TENANT)
    moved = _foreign(_file(custom=custom, label_info=_entry(NEW)))
    assert [(one.id, one.owner) for one in moved] == [(NEW, TENANT), (NEW, OTHER_TENANT)]
    removed = _foreign(_file(custom=custom, label_info=_entry(on="0", removed="1")))
    assert [(one.id, one.owner) for one in removed] == [(NEW, OTHER_TENANT)]


def test_a_broken_label_part_is_damage() -> None:
    with pytest.raises(InvalidInput, match=r"document\.damaged"):
        _foreign(_file(label_info="<clbl:label"))


def test_writing_replaces_the_label_of_the_tenant_and_no_other() -> None:
    tscp = {SPACE + "BusinessAuthorizationCategory:Name": "Internal"}
    held = {"Author": "x"} | _msip() | _msip(NEW, OTHER_TENANT) | tscp
    wanted = _msip("99999999-2222-4333-8444-555555555555", Name="機密性2")
    out = _written(_file(custom=held), wanted)
    assert _custom(out) == {"Author": "x"} | _msip(NEW, OTHER_TENANT) | tscp | OWN | wanted
    assert "docMetadata/LabelInfo.xml" not in members_of(out)


def test_writing_replaces_all_under_the_same_prefix() -> None:
    held = _msip(SetDate="2020", ContentBits="8", ActionId="7")
    out = _written(_file(custom=held), _msip(Name="New"))
    assert _custom(out) == OWN | _msip(Name="New")
    tscp = {SPACE + "BusinessAuthorizationCategory:Name": "A", SPACE + "Impact:Scale": "UK"}
    new = {SPACE + "BusinessAuthorizationCategory:Name": "B"}
    assert _custom(_written(_file(custom=tscp), new)) == OWN | new


def test_labels_that_are_not_named_stay() -> None:
    assert _custom(_written(_file(custom=_msip()), {})) == OWN | _msip()


def test_a_document_without_properties_gets_them() -> None:
    out = _written(_file(), _msip())
    assert _custom(out) == OWN | _msip()
    assert [one.id for one in _foreign(out)] == [GUID]


def test_where_the_newer_place_is_used_the_label_goes_there() -> None:
    file = _file(custom=_msip(), label_info=_entry() + _entry(NEW, OTHER_TENANT) + "<clbl:extLst/>")
    out = _written(file, _msip(NEW, Name="N", ContentBits="1", SetDate="2026"))
    assert _custom(out) == OWN
    root = etree.fromstring(members_of(out)["docMetadata/LabelInfo.xml"])
    assert [etree.QName(one).localname for one in root] == ["label", "label", "extLst"]
    assert list(root[0].attrib.items()) == [
        ("id", f"{{{NEW}}}"), ("enabled", "1"), ("method", "Privileged"),
        ("siteId", f"{{{TENANT}}}"), ("contentBits", "1"), ("removed", "0"),
    ]  # fmt: skip
    assert root[1].get("siteId") == f"{{{OTHER_TENANT}}}"
    assert [(one.id, one.owner) for one in _foreign(out)] == [(NEW, TENANT), (NEW, OTHER_TENANT)]


def test_a_removed_label_keeps_the_place_and_is_replaced() -> None:
    out = _written(_file(label_info=_entry(TENANT, on="0", removed="1")), _msip(NEW))
    root = etree.fromstring(members_of(out)["docMetadata/LabelInfo.xml"])
    assert [one.get("id") for one in root] == [f"{{{NEW}}}"]
    links = members_of(out)["_rels/.rels"].decode()
    assert links.count(KIND) == 1
    assert members_of(out)["[Content_Types].xml"].decode().count(LABEL_TYPE) == 1


def test_a_label_that_is_switched_off_is_told_as_removed() -> None:
    out = _written(_file(label_info=_entry()), _msip(Enabled="false"))
    (entry,) = etree.fromstring(members_of(out)["docMetadata/LabelInfo.xml"])
    assert dict(entry.attrib.items()) == {
        "id": f"{{{TENANT}}}", "enabled": "0", "method": "Privileged",
        "siteId": f"{{{TENANT}}}", "removed": "1",
    }  # fmt: skip
    assert _foreign(out) == ()
    older = _written(_file(custom=_msip()), _msip(Enabled="false"))
    assert _foreign(older) == ()


def test_another_tenants_newer_place_is_left_alone() -> None:
    file = _file(label_info=_entry(GUID, OTHER_TENANT))
    out = _written(file, _msip(NEW))
    assert _custom(out) == OWN | _msip(NEW)
    same = "docMetadata/LabelInfo.xml"
    assert members_of(out)[same] == members_of(file)[same]


@pytest.mark.parametrize("name", ["Author", "MSIP_Label_x_Name", "jp.go.meti.label", ""])
def test_only_other_labels_may_be_set(name: str) -> None:
    with pytest.raises(InvalidInput, match=r"label\.foreign-key"):
        DOCX.write_label(_file(), io.BytesIO(), LabelOrder({}, foreign={name: "x"}))


def test_text_that_xml_cannot_hold_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"label\.text-not-storable"):
        DOCX.write_label(_file(), io.BytesIO(), LabelOrder({}, foreign=_msip(Name="a\0")))


@pytest.mark.parametrize("place", ["custom", "newer"])
def test_the_proof_finds_another_label_than_ordered(place: str) -> None:
    file = _file(label_info=_entry()) if place == "newer" else _file()
    out = _written(file, _msip(NEW))
    with pytest.raises(InvalidInput) as told:
        DOCX.verify_label(file, out, LabelOrder(OWN, foreign=_msip(GUID)))
    assert told.value.params["what"] == "properties"
    with pytest.raises(InvalidInput):
        DOCX.verify_label(file, file, LabelOrder({}, foreign=_msip(NEW)))


NATO = "urn:nato:stanag:4774:confidentialitymetadatalabel:1:0"
BINDING = "urn:nato:stanag:4778:bindinginformation:1:0"


def _nato(name: str = "originatorConfidentialityLabel") -> str:
    return (
        f'<s:{name} xmlns:s="{NATO}" ReviewDateTime="2030-01-01T00:00:00Z">'
        "<s:ConfidentialityInformation><s:PolicyIdentifier>NATO</s:PolicyIdentifier>"
        "<s:Classification>SECRET</s:Classification><s:PrivacyMark>CLEAR</s:PrivacyMark>"
        '<s:Category TagName="Releasable To" Type="PERMISSIVE"><s:GenericValue>JPN</s:GenericValue>'
        "<s:GenericValue>FRA</s:GenericValue></s:Category></s:ConfidentialityInformation>"
        f"<s:CreationDateTime>2026-11-10T12:30:00Z</s:CreationDateTime></s:{name}>"
    )


def _bound(*labels: str) -> str:
    bindings = "".join(
        f'<mb:MetadataBinding><mb:Metadata>{one}</mb:Metadata><mb:DataReference URI="#p"/>'
        "</mb:MetadataBinding>"
        for one in labels
    )
    return (
        f'<mb:BindingInformation xmlns:mb="{BINDING}"><mb:MetadataBindingContainer>{bindings}'
        "</mb:MetadataBindingContainer></mb:BindingInformation>"
    )


def test_natos_labels_are_read_bound_or_bare() -> None:
    (bare,) = _foreign(_file(more={"customXml/item1.xml": _nato()}))
    assert bare == ForeignLabel(
        scheme="nato", id="NATO/SECRET", owner="NATO", name="SECRET", place="customXml/item1.xml",
        details={
            "Kind": "originator", "PrivacyMark": "CLEAR", "Category:Releasable To": "JPN, FRA",
            "CreationDateTime": "2026-11-10T12:30:00Z", "ReviewDateTime": "2030-01-01T00:00:00Z",
        },
    )  # fmt: skip
    bound = _bound(_nato(), _nato("alternativeConfidentialityLabel"))
    labels = _foreign(_file(more={"customXml/item7.xml": bound}))
    assert [one.details["Kind"] for one in labels] == ["originator", "alternative"]
    assert [one.details["DataReference"] for one in labels] == ["#p", "#p"]


@pytest.mark.parametrize(
    "data",
    [
        "no xml " + NATO,
        f'<!DOCTYPE x [<!ENTITY a "{NATO}">]><x>&a;</x>',
        f'<x xmlns="{NATO}"/>',
        f'<ConfidentialityInformation xmlns="{NATO}"/>',
        "<x/>",
    ],
)
def test_other_custom_parts_are_passed_over(data: str) -> None:
    assert _foreign(_file(more={"customXml/item1.xml": data})) == ()


def _family(kind: str) -> tuple[DocumentFormat, io.BytesIO]:
    file = io.BytesIO()
    if kind == "xlsx":
        Workbook().save(file)
        return XLSX, file
    if kind == "pptx":
        made = Presentation()
        made.slides.add_slide(made.slide_layouts[0])
        made.save(file)
        return PPTX, file
    Document().save(file)
    return DOCX, file


@pytest.mark.parametrize("kind", ["docx", "xlsx", "pptx"])
def test_microsofts_rules_hold_for_an_independent_reader(kind: str) -> None:
    family, file = _family(kind)
    out, order = io.BytesIO(), LabelOrder(OWN, "機密性2情報", foreign=_msip())
    family.write_label(file, out, order)
    family.verify_label(file, out, order)
    seen = family.inspect(out, Wants())
    assert [(one.id, one.name) for one in seen.foreign] == [(GUID, "Confidential")]
    assert seen.digest == family.inspect(file, Wants()).digest
    assert _read_by_others(kind, out) == OWN | _msip()
    with zipfile.ZipFile(out) as box:
        custom = etree.fromstring(box.read("docProps/custom.xml"))
        pids = [int(str(one.get("pid"))) for one in custom]
        assert sorted(pids) == list(range(2, 2 + len(pids)))
        assert {one.get("fmtid") for one in custom} == {FORMAT_ID}
        assert {etree.QName(one[0]).localname for one in custom} == {"lpwstr"}
        assert box.read("_rels/.rels").decode().count(CUSTOM_KIND) == 1
        assert box.read("[Content_Types].xml").decode().count(CUSTOM_TYPE) == 1


def _read_by_others(kind: str, out: io.BytesIO) -> dict[str, str]:
    if kind == "xlsx":
        return {one.name: str(one.value) for one in load_workbook(out).custom_doc_props.props}
    opened = Presentation(out) if kind == "pptx" else Document(out)
    blob = opened.part.package.part_related_by(CUSTOM_KIND).blob
    return {
        str(one.get("name")): "".join(map(str, one.itertext())) for one in etree.fromstring(blob)
    }
