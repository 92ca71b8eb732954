"""What the auditors tell of a part by its bytes: never less than its elements hold."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from meti_desk.formats.audit_xml import LOCAL, anywhere, is_plain, may_hold, may_hold_path, parsed
from meti_desk.formats.audit_zip import AuditedZip
from meti_desk.formats.odf.audit import _PATH as IN_ODF
from meti_desk.formats.ooxml.audit import _ATTRIBUTES as NOT_LEFT_IN_WORD
from meti_desk.formats.ooxml.audit import _PATH as IN_WORD
from meti_desk.formats.ooxml.audit import _WORDS as WORDS_OF_WORD
from meti_desk.formats.ooxml.book_audit import _PATH as IN_BOOKS
from meti_desk.formats.ooxml.slide_audit import _PATH as IN_SLIDES

_PIECES = (
    "C",
    ":",
    "\\",
    "/",
    "//",
    "\\\\",
    "file",
    "home",
    "Users",
    "server",
    ".",
    " ",
    "x",
    "案",
)
_ENCODINGS = ("UTF-8", "UTF-16", "UTF-16BE", "UTF-32", "US-ASCII", "Shift_JIS", "EUC-JP")


@settings(derandomize=True, max_examples=400)
@given(
    text=st.lists(st.sampled_from(_PIECES), max_size=8).map("".join),
    encoding=st.sampled_from(_ENCODINGS),
    declared=st.booleans(),
    inside=st.booleans(),
)
def test_a_part_with_a_path_is_never_passed_over(
    *, text: str, encoding: str, declared: bool, inside: bool
) -> None:
    root = etree.Element("{urn:x}a")
    etree.SubElement(root, "{urn:x}b").text = text if inside else "1"
    root.set("said", "1" if inside else text)
    declared = declared or encoding not in {"UTF-8", "US-ASCII", "UTF-16"}
    data = etree.tostring(root, encoding=encoding, xml_declaration=declared)
    found = any(path.search(text) for path in (IN_ODF, IN_WORD, IN_BOOKS, IN_SLIDES))
    assert may_hold_path(data) or not found


@settings(derandomize=True, max_examples=400)
@given(st.lists(st.sampled_from((*_PIECES, "https", "FILE", "<b/>")), max_size=12).map("".join))
def test_a_path_may_be_in_a_part_exactly_where_these_words_are(text: str) -> None:
    data = f"<a>{text}</a>".encode()
    words = (b":\\", b"\\\\", b"file:/", b"/home/", b"/Users/")
    single = data.count(b":/") != data.count(b"://")
    assert may_hold_path(data) == (single or any(word in data for word in words))


def test_every_attribute_that_is_not_to_be_left_begins_with_a_word() -> None:
    assert all(f":{name}".encode().startswith(WORDS_OF_WORD) for name in NOT_LEFT_IN_WORD)


@pytest.mark.parametrize(
    ("data", "plain"),
    [
        (b"<a/>", True),
        (b"\xef\xbb\xbf<a/>", True),
        (b"\r\n <a/>", True),
        (b'<?xml version="1.0" encoding="utf-8" standalone="yes"?><a/>', True),
        (b"<?xml version='1.0' encoding = 'US-ASCII'?><a/>", True),
        (b'<?xml version="1.0" encoding="Shift_JIS"?><a/>', False),
        (b'<?xml version="1.0" encoding="UTF-7"?><a/>', False),
        ("<a/>".encode("utf-16"), False),
        ("<a/>".encode("cp037"), False),
        (b"<a b='&#67;:&#92;x'/>", False),
        (b"", False),
    ],
)
def test_only_letters_that_stand_as_they_are_count_as_plain(data: bytes, *, plain: bool) -> None:
    assert is_plain(data) is plain
    assert may_hold(data, (b"absent",)) is not plain
    assert may_hold(data + b"<!-- here -->", (b"here",))


def test_names_are_found_in_any_namespace_and_in_none() -> None:
    root = parsed(b"<a xmlns:x='urn:x' xmlns:y='urn:y'><x:n/><y:n/><n/><m/><!--n--></a>")
    assert [LOCAL[one.tag] for one in root.iter(*anywhere(("n",)))] == ["n", "n", "n"]
    assert [LOCAL[one.tag] for one in root] == ["n", "n", "n", "m", ""]


def _zip(*, method: int, comment: bytes = b"") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as box:
        box.writestr("案/a.xml", b"<a/>" * 1000)
        box.writestr("b.bin", b"")
        box.comment = comment
    return file.getvalue()


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_members_are_read_as_the_standard_library_reads_them(method: int) -> None:
    data = _zip(method=method, comment=b"x")
    with zipfile.ZipFile(io.BytesIO(data)) as one, AuditedZip(io.BytesIO(data)) as two:
        for info in two.infolist():
            assert two.read(info) == two.read(info.filename) == one.read(info.filename)
    with pytest.raises(KeyError):
        AuditedZip(io.BytesIO(data)).read("absent")


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("what", ["crc", "size", "name", "magic", "body"])
def test_a_member_that_is_not_what_its_head_says_is_refused(method: int, what: str) -> None:
    data = bytearray(_zip(method=method))
    listed = data.index(b"PK\1\2")
    place = {
        "crc": listed + 16, "size": listed + 24, "name": 31, "magic": 2, "body": 60,
    }[what]  # fmt: skip
    data[place] ^= 0x55
    with (
        AuditedZip(io.BytesIO(bytes(data))) as box,
        pytest.raises((zipfile.BadZipFile, zipfile.zlib.error)),  # type: ignore[attr-defined]
    ):
        box.read(box.infolist()[0])
