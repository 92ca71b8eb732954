from io import BytesIO

import pikepdf
from lxml import etree
from pikepdf import Name

from meti_desk.formats.base import LabelOrder
from meti_desk.formats.pdf import xmp
from tests.formats.pdf import build
from tests.formats.pdf.helpers import ORDER, inspected, labelled, scrubbed

PACKET = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 pdfaid:part="1" pdfaid:conformance="B"/>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Title</rdf:li></rdf:Alt></dc:title>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""


def archived() -> bytes:
    with pikepdf.open(BytesIO(build.plain(1))) as pdf:
        pdf.Root.Metadata = pdf.make_stream(PACKET.encode(), Type=Name.Metadata, Subtype=Name.XML)
        return build.saved(pdf)


def packet(data: bytes) -> bytes:
    with pikepdf.open(BytesIO(data)) as pdf:
        assert "/Filter" not in pdf.Root.Metadata, "PDF/A-1 wants the packet readable as it is"
        return pdf.Root.Metadata.read_bytes()


def test_a_pdfa_stays_one_and_describes_our_properties() -> None:
    data, report = labelled(archived())
    assert report.notes == ()
    written = packet(data)
    root = etree.fromstring(written)
    assert root.xpath("//*[@*[local-name()='part']='1']")
    spaces = [one.text for one in root.iter("{http://www.aiim.org/pdfa/ns/schema#}namespaceURI")]
    assert spaces == [xmp.NAMESPACE]
    names = [one.text for one in root.iter("{http://www.aiim.org/pdfa/ns/property#}name")]
    assert names == ["handling", "label"]
    assert b"pdfx" not in written
    with pikepdf.open(BytesIO(data)) as pdf:
        form = pdf.pages[0].Resources.XObject.MetiMark
        assert form.Resources.ColorSpace.G0[0] == Name.CalGray, "no device colour without intent"
        assert "/Group" not in form
        assert "/ExtGState" not in form.Resources
        assert "/CIDSet" in form.Resources.Font.F0.DescendantFonts[0].FontDescriptor


def test_taking_the_label_off_takes_the_description_too() -> None:
    data, _ = labelled(labelled(archived())[0], LabelOrder({}, ""))
    assert b"jp.go.meti" not in data
    assert b"extension" not in packet(data)
    assert b"Title" in packet(data)


def test_writing_other_properties_leaves_one_description() -> None:
    data, _ = labelled(labelled(archived())[0], LabelOrder({"jp.go.meti.label": "C3;I1;A1"}, ""))
    assert packet(data).count(b"namespaceURI>" + xmp.NAMESPACE.encode()) == 1
    assert inspected(data).properties == {"jp.go.meti.label": "C3;I1;A1"}


def test_a_scrub_keeps_the_claim_and_drops_the_rest() -> None:
    written = packet(scrubbed(labelled(archived())[0]))
    assert b"pdfaid:part" in written
    assert b"Title" not in written
    assert b"C2;I2;A1" in written


def test_an_ordinary_file_shows_the_properties_under_pdfx_too() -> None:
    data, _ = labelled(build.plain(1))
    assert b"<pdfx:jp.go.meti.label>C2;I2;A1</pdfx:jp.go.meti.label>" in packet(data)


def test_properties_are_found_in_xmp_alone() -> None:
    with pikepdf.open(BytesIO(labelled(build.plain(1))[0])) as pdf:
        del pdf.trailer["/Info"]
        data = build.saved(pdf)
    assert inspected(data).properties == ORDER.properties


def test_an_unreadable_packet_is_left_alone() -> None:
    with pikepdf.open(BytesIO(build.plain(1))) as pdf:
        pdf.Root.Metadata = pdf.make_stream(b"<not xml", Type=Name.Metadata, Subtype=Name.XML)
        data = build.saved(pdf)
    marked, _ = labelled(data)
    assert packet(marked) == b"<not xml"


def test_entities_in_a_packet_are_not_expanded() -> None:
    bomb = (
        b'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/" a="&b;"/>'
    )
    with pikepdf.open(BytesIO(build.plain(1))) as pdf:
        pdf.Root.Metadata = pdf.make_stream(bomb, Type=Name.Metadata, Subtype=Name.XML)
        data = build.saved(pdf)
    assert inspected(labelled(data)[0]).properties == ORDER.properties
