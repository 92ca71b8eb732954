import io
import zipfile

import pytest

from meti_desk.domain.errors import InvalidInput, MetiDeskError, RuleViolation
from meti_desk.formats.base import LabelOrder, ScrubOrder, Wants
from meti_desk.formats.ooxml.docx import DOCX
from tests.formats.ooxml.builder import (
    TRANSITIONAL,
    document,
    members_of,
    paragraph,
    rels,
    zipped,
)

ORDER = LabelOrder({"jp.go.meti.label": "C2;I1;A1"}, "機密性2情報")


def _changed(name: str, data: bytes) -> io.BytesIO:
    members: dict[str, str | bytes] = dict(members_of(document(paragraph("x"))))
    members[name] = data
    return zipped(members)


def _all_refuse(file: io.BytesIO, code: str) -> None:
    """Every method refuses by the same code and writes nothing."""
    original = file.getvalue()
    out = io.BytesIO()
    calls = (
        lambda: DOCX.inspect(file, Wants()),
        lambda: DOCX.write_label(file, out, ORDER),
        lambda: DOCX.scrub(file, out, ScrubOrder()),
    )
    for call in calls:
        with pytest.raises(MetiDeskError) as told:
            call()
        assert told.value.code == code
    assert out.getvalue() == b""
    assert file.getvalue() == original


@pytest.mark.parametrize("part", [0, 0.01, 0.3, 0.5, 0.9, 0.99])
def test_truncated_files_are_damaged(part: float) -> None:
    whole = document(paragraph("x" * 3000)).getvalue()
    _all_refuse(io.BytesIO(whole[: int(len(whole) * part)]), "document.damaged")


def test_a_truncated_document_is_still_recognised() -> None:
    whole = document(paragraph("x" * 3000)).getvalue()
    cut = io.BytesIO(whole[:-300])
    assert DOCX.recognise(cut.getvalue()[:4096], cut) == "docx"


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", b"%PDF-1.7", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]
)
def test_what_is_no_document_is_not_recognised(data: bytes) -> None:
    assert DOCX.recognise(data, io.BytesIO(data)) is None


@pytest.mark.parametrize(
    "dtd",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        b'<!-- c --><!DOCTYPE x SYSTEM "http://example.com/x.dtd">',
        b'<?p i?>\n<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    ],
)
@pytest.mark.parametrize("name", ["word/document.xml", "[Content_Types].xml", "_rels/.rels"])
def test_entities_are_refused_wherever_they_stand(dtd: bytes, name: str) -> None:
    plain = members_of(document(paragraph("x")))[name]
    _all_refuse(_changed(name, b'<?xml version="1.0"?>' + dtd + plain), "document.damaged")


def test_entities_in_utf_16_are_refused() -> None:
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    _all_refuse(_changed("word/document.xml", text.encode("utf-16")), "document.damaged")


def test_a_bomb_is_refused() -> None:
    _all_refuse(_changed("word/media/x.png", b"\0" * (30 << 20)), "document.bomb")


def test_a_document_without_a_body_is_damaged() -> None:
    _all_refuse(_changed("word/document.xml", b"<x/>"), "document.damaged")


def test_a_file_of_two_gigabytes_is_refused_before_it_is_read() -> None:
    class Huge(io.BytesIO):
        def seek(self, offset: int, whence: int = 0) -> int:
            return 2 << 30 if whence == 2 else super().seek(offset, whence)

        def read(self, size: int | None = -1) -> bytes:
            assert size is not None
            assert size >= 0, "the whole file was read"
            return super().read(size)

    with pytest.raises(InvalidInput) as told:
        DOCX.write_label(Huge(document("").getvalue()), io.BytesIO(), ORDER)
    assert told.value.code == "document.too-large"


def test_a_signed_document_is_described_and_never_rewritten() -> None:
    file = _changed("_xmlsignatures/sig1.xml", b"<Signature/>")
    seen = DOCX.inspect(file, Wants())
    assert seen.obstacle == "signed"
    assert seen.protection is not None
    assert seen.protection.method == "signed"
    for call in (
        lambda: DOCX.write_label(file, io.BytesIO(), ORDER),
        lambda: DOCX.scrub(file, io.BytesIO(), ScrubOrder()),
    ):
        with pytest.raises(RuleViolation) as told:
            call()
        assert told.value.code == "document.signed"


def test_an_encrypted_document_is_described_and_never_rewritten() -> None:
    from msoffcrypto.format.ooxml import OOXMLFile

    file = io.BytesIO()
    OOXMLFile(document(paragraph("x"))).encrypt("correct horse battery", file)
    assert DOCX.recognise(file.getvalue()[:4096], file) == "ooxml-encrypted"
    seen = DOCX.inspect(file, Wants())
    assert (seen.format, seen.obstacle) == ("ooxml-encrypted", "encrypted")
    assert seen.protection is not None
    assert seen.protection.method == "office"
    assert set(seen.protection.algorithms) == {"AES-256", "SHA-512", "CBC"}
    for call in (
        lambda: DOCX.write_label(file, io.BytesIO(), ORDER),
        lambda: DOCX.scrub(file, io.BytesIO(), ScrubOrder()),
    ):
        with pytest.raises(RuleViolation) as told:
            call()
        assert told.value.code == "document.encrypted"


def test_deep_nesting_is_refused_and_does_not_crash() -> None:
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    deep = "<w:sdt><w:sdtContent>" * 5000 + "</w:sdtContent></w:sdt>" * 5000
    data = f'<w:document xmlns:w="{w}"><w:body>{deep}</w:body></w:document>'.encode()
    _all_refuse(_changed("word/document.xml", data), "document.damaged")


def test_a_result_that_is_no_zip_is_not_proven() -> None:
    file = document(paragraph("x"))
    with pytest.raises(InvalidInput):
        DOCX.verify_scrub(file, io.BytesIO(b"nonsense"), ScrubOrder())
    with pytest.raises(InvalidInput):
        DOCX.verify_label(file, io.BytesIO(b"nonsense"), ORDER)


def test_no_member_is_encrypted_in_what_is_written() -> None:
    out = io.BytesIO()
    DOCX.write_label(document(paragraph("x")), out, ORDER)
    with zipfile.ZipFile(out) as box:
        assert not any(info.flag_bits & 1 for info in box.infolist())


def test_the_label_is_read_where_another_part_is_broken() -> None:
    whole = members_of(document(paragraph("本文"), settings="<w:zoom/>"))
    linked = rels(("rId9", f"{TRANSITIONAL['r']}/fontTable", "fontTable.xml"))
    out = zipped(whole | {"word/fontTable.xml": "<w:fonts", "word/_rels/document.xml.rels": linked})
    labelled = io.BytesIO()
    DOCX.write_label(out, labelled, ORDER)
    DOCX.verify_label(out, labelled, ORDER)
    seen = DOCX.inspect(labelled, Wants())
    assert seen.properties == ORDER.properties
    assert [(one.kind, one.removal) for one in seen.findings] == [("docx.damaged-part", "blocks")]
