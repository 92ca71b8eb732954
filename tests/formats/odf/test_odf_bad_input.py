"""Broken and hostile files: labelled or refused by a code, never with another body."""

import io
import random
import struct
import warnings
import zipfile
from pathlib import Path

import pytest

from meti_desk.domain.errors import InvalidInput, MetiDeskError, RuleViolation
from meti_desk.formats.base import LABEL_KEY, LabelOrder, ScrubOrder, Wants
from meti_desk.formats.inspecting import inspect
from meti_desk.formats.odf.family import ODF
from meti_desk.formats.registry import find
from tests.formats.odf.builder import (
    MARK,
    MEDIA,
    document,
    flat,
    manifest,
    members_for,
    members_of,
    p,
    slide,
    zipped,
)

ORDER = LabelOrder({LABEL_KEY: "C2;I2;A1"}, MARK)


def _label(file: io.BytesIO) -> io.BytesIO:
    out = io.BytesIO()
    ODF.write_label(file, out, ORDER)
    ODF.verify_label(file, out, ORDER)
    return out


def _refused(file: io.BytesIO) -> tuple[str, object]:
    out = io.BytesIO()
    with pytest.raises(MetiDeskError) as told:
        ODF.write_label(file, out, ORDER)
    assert out.getvalue() == b""
    return told.value.code, told.value.params.get("reason")


_ENTRY = (
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">'
    '<manifest:encryption-data manifest:checksum="x"><manifest:algorithm'
    ' manifest:algorithm-name="{cipher}" manifest:initialisation-vector="x"/>'
    '<manifest:key-derivation manifest:key-derivation-name="{derivation}"/>'
    '<manifest:start-key-generation manifest:start-key-generation-name="{start}"/>'
    "</manifest:encryption-data></manifest:file-entry>"
)


@pytest.mark.parametrize(
    ("cipher", "derivation", "start", "named"),
    [
        ("http://www.w3.org/2001/04/xmlenc#aes256-cbc", "PBKDF2",
         "http://www.w3.org/2000/09/xmldsig#sha256",
         ("aes-256", "cbc", "pbkdf2-hmac-sha-1", "sha-256")),
        ("Blowfish CFB", "PBKDF2", "SHA1", ("blowfish", "cfb", "pbkdf2-hmac-sha-1", "sha-1")),
        ("http://www.w3.org/2009/xmlenc11#aes256-gcm",
         "urn:org:documentfoundation:names:experimental:office:manifest:argon2id",
         "http://www.w3.org/2001/04/xmlenc#sha256", ("aes-256", "gcm", "argon2id", "sha-256")),
    ],
)  # fmt: skip
def test_encrypted_files_are_described_and_not_touched(
    cipher: str, derivation: str, start: str, named: tuple[str, ...]
) -> None:
    entry = _ENTRY.format(cipher=cipher, derivation=derivation, start=start)
    members = {**members_for("odt"), "content.xml": bytes(range(200)), "styles.xml": b"\1\2"}
    members["META-INF/manifest.xml"] = manifest("text", {}, entry)
    file = zipped(members)
    found = find(file)
    assert (found.family.id, found.variant) == ("odf", "odt")
    seen = ODF.inspect(file, Wants(text=True))
    assert (seen.obstacle, seen.markable, seen.digest) == ("encrypted", True, "")
    assert seen.protection is not None
    assert (seen.protection.method, seen.protection.algorithms) == ("odf", named)
    with pytest.raises(RuleViolation, match=r"document\.encrypted"):
        ODF.write_label(file, io.BytesIO(), ORDER)


def test_a_wholly_encrypted_package_is_recognised() -> None:
    members: dict[str, bytes | str] = {
        "mimetype": MEDIA + "text", "encrypted-package": b"\1" * 99,
        "META-INF/manifest.xml": manifest("text", {}),
    }  # fmt: skip
    assert ODF.inspect(zipped(members), Wants()).obstacle == "encrypted"


_SIGNATURE = (
    '<dsig:document-signatures xmlns:dsig="urn:oasis:names:tc:opendocument:xmlns:'
    'digitalsignature:1.0"><Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>'
    "</dsig:document-signatures>"
)


@pytest.mark.parametrize("content", [_SIGNATURE, "not <xml"])
def test_signed_files_are_looked_through_and_not_touched(content: str) -> None:
    members = members_for("odt", p("text"))
    file = zipped({**members, "META-INF/documentsignatures.xml": content})
    seen = ODF.inspect(file, Wants(text=True))
    assert (seen.obstacle, seen.text[0].text) == ("signed", "text\n")
    assert seen.protection is not None
    assert seen.protection.method == "signed"
    with pytest.raises(RuleViolation, match=r"document\.signed"):
        ODF.write_label(file, io.BytesIO(), ORDER)


def test_signed_macros_and_an_empty_list_are_no_obstacle() -> None:
    empty = _SIGNATURE.replace('<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>', "")
    file = zipped(
        {
            **members_for("odt", p("x")), "META-INF/macrosignatures.xml": _SIGNATURE,
            "META-INF/documentsignatures.xml": empty,
        }
    )  # fmt: skip
    out = _label(file)
    assert members_of(out)["META-INF/macrosignatures.xml"] == _SIGNATURE.encode()


def test_without_manifest_or_mimetype_a_file_is_labelled_or_left() -> None:
    members = members_for("odt", p("x"))
    bare = dict(members)
    del bare["META-INF/manifest.xml"]
    assert "META-INF/manifest.xml" not in members_of(_label(zipped(bare)))
    nameless = dict(members)
    del nameless["mimetype"]
    assert find(zipped(nameless)).variant == "odt"
    _label(zipped(nameless))
    del nameless["META-INF/manifest.xml"]
    assert find(zipped(nameless)).family.id != "odf"


def test_a_member_that_stands_twice_is_refused() -> None:
    file = document("odt", p("x"))
    with warnings.catch_warnings(), zipfile.ZipFile(file, "a") as target:
        warnings.simplefilter("ignore")
        target.writestr("content.xml", b"<x/>")
    assert find(file).variant == "odt"
    assert _refused(file) == ("document.damaged", "duplicate-name")


def test_data_descriptors_and_zip64_are_understood() -> None:
    class Stream(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: object) -> int:
            raise OSError

        def tell(self) -> int:
            raise OSError

    stream = Stream()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in members_for("odt", p("x")).items():
            with target.open(zipfile.ZipInfo(name), "w", force_zip64=name == "styles.xml") as one:
                one.write(data if isinstance(data, bytes) else data.encode())
    file = io.BytesIO(stream.getvalue())
    assert struct.pack("<L", 0x08074B50) in file.getvalue()
    out = _label(file)
    assert zipfile.ZipFile(out).testzip() is None
    assert members_of(out)["content.xml"] == members_of(file)["content.xml"]


def test_a_wrong_checksum_is_refused() -> None:
    file = document("odt", p("x"))
    with zipfile.ZipFile(file) as source:
        info = source.getinfo("content.xml")
    data = bytearray(file.getvalue())
    directory = data.rindex(b"content.xml")
    data[directory - 30] ^= 0xFF
    assert info.CRC
    assert _refused(io.BytesIO(data)) == ("document.damaged", "checksum")


_LAUGHS = '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;">]>'


@pytest.mark.parametrize("name", ["content.xml", "styles.xml", "meta.xml"])
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda xml: xml.replace("\n", "\n" + _LAUGHS, 1), "dtd"),
        (lambda xml: xml.replace("\n", "\n<!--" + "x" * 70000 + "-->" + _LAUGHS, 1), "dtd"),
        (lambda xml: xml[:-9], "xml"),
        (lambda xml: xml.replace("UTF-8", "UTF-99"), "encoding"),
        (lambda xml: xml.replace("office:version", "office:version=''  office:version"), "xml"),
    ],
)  # fmt: skip
def test_parts_that_are_no_plain_xml_are_refused(name: str, change: object, reason: str) -> None:
    members = members_for("odt", p("x"))
    members[name] = change(str(members[name]))  # type: ignore[operator]
    assert _refused(zipped(members)) == ("document.damaged", reason)


def test_a_doctype_that_only_names_a_dtd_is_let_pass() -> None:
    members = members_for("odt", p("x"))
    dtd = '<!DOCTYPE manifest:manifest PUBLIC "-//OpenOffice.org//DTD Manifest 1.0//EN" "M.dtd">'
    members["META-INF/manifest.xml"] = str(members["META-INF/manifest.xml"]).replace(
        "\n", "\n" + dtd, 1
    )
    assert dtd.encode() in members_of(_label(zipped(members)))["META-INF/manifest.xml"]


def test_content_that_is_nested_too_deep_is_refused() -> None:
    deep = "<text:span>" * 600 + "</text:span>" * 600
    assert _refused(document("odt", p(deep)))[0] == "document.damaged"
    assert _refused(flat("odt", p(deep)))[0] == "document.damaged"


@pytest.mark.parametrize("kept", [90, 400, 1000])
def test_a_cut_off_file_is_named_and_reported_as_damaged(kept: int) -> None:
    cut = io.BytesIO(document("odt", p("x")).getvalue()[:kept])
    found = find(cut)
    assert (found.family.id, found.variant) == ("odf", "odt")
    with pytest.raises(InvalidInput, match=r"document\.damaged"):
        inspect(cut, None, Wants(name="a.odt"))


def test_a_document_without_its_body_is_damaged() -> None:
    members = members_for("odt")
    members["content.xml"] = str(members["content.xml"]).replace("office:text", "office:other")
    assert _refused(zipped(members)) == ("document.damaged", "body")


def test_other_zips_and_texts_that_speak_of_it_are_not_ours() -> None:
    assert find(zipped({"a.txt": "x"})).family.id != "odf"
    assert find(zipped({"mimetype": "application/epub+zip", "a": "x"})).family.id != "odf"
    spoken = b"# urn:oasis:names:tc:opendocument:xmlns:office:1.0 is a namespace\n"
    assert find(io.BytesIO(spoken)).family.id != "odf"


def test_the_scrub_of_a_flat_file_is_refused_by_name() -> None:
    for act in (ODF.scrub, ODF.verify_scrub):
        with pytest.raises(RuleViolation) as told:
            act(flat("odp"), io.BytesIO(), ScrubOrder())
        assert (told.value.code, told.value.params["format"]) == (
            "scrub.unsupported-format", "fodp"
        )  # fmt: skip


@pytest.mark.parametrize("variant", ["odt", "ods", "odp", "fodt"])
def test_flipped_bytes_are_refused_by_code_or_labelled_with_proof(variant: str) -> None:
    body = {"odp": slide("a", "x")}.get(variant, "")
    file = flat("odt", p("x")) if variant == "fodt" else document(variant, body)
    chosen = random.Random(5)
    for _ in range(120):
        data = bytearray(file.getvalue())
        for _ in range(chosen.randrange(1, 4)):
            data[chosen.randrange(len(data))] = chosen.randrange(256)
        broken = io.BytesIO(data)
        try:
            found = find(broken)
            if found.family.id == "odf":
                ODF.inspect(broken, Wants(text=True))
                _label(broken)
        except MetiDeskError as refused:
            assert refused.code.split(".")[0] in {"document", "label"}  # noqa: PT017 - all are met
            assert refused.code != "label.not-proven", Path(variant)  # noqa: PT017
