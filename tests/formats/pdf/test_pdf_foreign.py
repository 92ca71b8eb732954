"""Labels of other products in PDFs: read from both places, written to the document information."""

import io

import pikepdf
import pytest
from pikepdf import Dictionary

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.base import LabelOrder
from meti_desk.formats.pdf import PDF
from tests.formats.pdf import build
from tests.formats.pdf.helpers import inspected, labelled, texts

GUID = "2096f6a2-d2f7-48be-b329-b73aaa526e5d"
NEW = "11111111-2222-4333-8444-555555555555"
TENANT = "cb46c030-1825-4e81-a295-151c039dbf02"
OWN = {"jp.go.meti.label": "C2;I2;A1"}


def _msip(guid: str = GUID, tenant: str = TENANT, name: str = "Confidential") -> dict[str, str]:
    said = {"Enabled": "true", "SiteId": tenant, "Name": name}
    return {f"MSIP_Label_{guid}_{key}": value for key, value in said.items()}


def _pdf(info: dict[str, str] | None = None, xmp: dict[str, str] | None = None) -> bytes:
    pdf = pikepdf.open(io.BytesIO(build.plain(1)))
    if info is not None:
        pdf.trailer["/Info"] = pdf.make_indirect(Dictionary({f"/{k}": v for k, v in info.items()}))
    if xmp is not None:
        rows = "".join(f"<pdfx:{key}>{value}</pdfx:{key}>" for key, value in xmp.items())
        packet = (
            '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-'
            'rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:pdfx="http://ns.adobe.com/pdfx/1.3'
            f'/" pdfx:Kept="as attribute">{rows}</rdf:Description></rdf:RDF></x:xmpmeta>'
        )
        pdf.Root.Metadata = pdf.make_stream(packet.encode())
    return build.saved(pdf)


def _ids(data: bytes) -> list[tuple[str, str]]:
    return [(one.id, one.place) for one in inspected(data).foreign]


def test_labels_are_read_from_the_information_and_from_xmp() -> None:
    assert inspected(_pdf()).foreign == ()
    (label,) = inspected(_pdf(info=_msip())).foreign
    assert (label.scheme, label.id, label.owner, label.name, label.place) == (
        "msip", GUID, TENANT, "Confidential", "Info",
    )  # fmt: skip
    assert _ids(_pdf(xmp=_msip())) == [(GUID, "XMP")]


def test_a_label_in_both_places_is_told_once() -> None:
    assert _ids(_pdf(info=_msip(), xmp=_msip() | _msip(NEW))) == [(GUID, "Info"), (NEW, "XMP")]


@pytest.mark.parametrize("value", ["", "false"])
def test_a_label_that_is_off_is_none(value: str) -> None:
    assert _ids(_pdf(info=_msip() | {f"MSIP_Label_{GUID}_Enabled": value})) == []


def test_writing_replaces_the_tenants_label_in_both_places() -> None:
    other = _msip("99999999-2222-4333-8444-555555555555", "aaaaaaaa-1825-4e81-a295-151c039dbf02")
    file = _pdf(info={"Title": "題"} | _msip() | other, xmp=_msip() | {"Mine": "stays"})
    data, _ = labelled(file, LabelOrder(OWN, foreign=_msip(NEW, name="機密性2")))
    assert {one.name for one in inspected(data).foreign} == {"Confidential", "機密性2"}
    pdf = pikepdf.open(io.BytesIO(data))
    assert str(pdf.docinfo["/Title"]) == "題"
    assert GUID not in str(dict(pdf.docinfo))
    packet = pdf.Root.Metadata.read_bytes().decode()
    assert GUID not in packet
    assert "stays" in packet
    assert "as attribute" in packet
    assert texts(data)[0].text == texts(file)[0].text
    again, _ = labelled(data, LabelOrder(OWN, foreign=_msip(NEW, name="機密性2")))
    assert again == data


def test_a_document_without_information_gets_it_and_no_order_changes_nothing() -> None:
    data, _ = labelled(_pdf(), LabelOrder({}, foreign=_msip()))
    assert _ids(data) == [(GUID, "Info")]
    kept, _ = labelled(data, LabelOrder(OWN))
    assert _ids(kept) == [(GUID, "Info")]


@pytest.mark.parametrize(
    ("foreign", "code"),
    [
        ({"Author": "x"}, "label.foreign-key"),
        ({f"MSIP_Label_{GUID}_a\0": "x"}, "label.foreign-key"),
        (_msip(name="a\0b"), "label.text-not-storable"),
        (_msip(name="\ud800"), "label.text-not-storable"),
    ],
)
def test_what_is_no_label_or_no_text_is_refused(foreign: dict[str, str], code: str) -> None:
    out = io.BytesIO()
    with pytest.raises(InvalidInput) as told:
        PDF.write_label(io.BytesIO(_pdf()), out, LabelOrder(OWN, foreign=foreign))
    assert told.value.code == code
    assert out.getvalue() == b""


def test_the_proof_finds_another_label_than_ordered() -> None:
    file = _pdf(xmp=_msip())
    data, _ = labelled(_pdf(), LabelOrder(OWN, foreign=_msip(NEW)))
    for result, wanted in ((data, _msip()), (file, _msip(NEW))):
        with pytest.raises(InvalidInput) as told:
            PDF.verify_label(io.BytesIO(file), io.BytesIO(result), LabelOrder(OWN, foreign=wanted))
        assert told.value.params["what"] == "properties"
