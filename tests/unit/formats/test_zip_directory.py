"""The quick reading of a zip's directory tells what the library tells, or leaves it to that."""

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats import zip_directory
from meti_desk.formats.container import Container

_NAMES = st.text(
    st.characters(codec="utf-8", exclude_characters="\\/:\0"), min_size=1, max_size=12
).filter(lambda name: ".." not in name)
_TIMES = st.tuples(
    st.integers(1980, 2107), st.integers(1, 12), st.integers(1, 28),
    st.integers(0, 23), st.integers(0, 59), st.integers(0, 29).map(lambda half: 2 * half),
)  # fmt: skip
_EXTRAS = st.sampled_from([b"", b"UT\5\0\1abcd", b"\xfe\xca\0\0", b"ab", b"UT\xff\0a"])


@st.composite
def _zips(draw: st.DrawFn) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in draw(st.lists(_NAMES, unique=True, max_size=5)):
            info = zipfile.ZipInfo(name, draw(_TIMES))
            info.compress_type = draw(st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]))
            info.external_attr = draw(st.integers(0, 0xFFFFFFFF))
            info.comment = draw(st.sampled_from([b"", b"said"]))
            info.extra = draw(_EXTRAS)
            archive.writestr(info, draw(st.binary(max_size=40)))
        archive.comment = draw(st.sampled_from([b"", b"", b"about all"]))
    return draw(st.sampled_from([b"", b"", b"#!before"])) + out.getvalue()


def _library(data: bytes) -> "list[tuple[object, ...]] | None":
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return [_told(info) for info in archive.infolist()]
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None


def _told(info: zipfile.ZipInfo) -> tuple[object, ...]:
    return (
        info.filename, info.orig_filename, info.date_time, info.compress_type, info.comment,
        info.extra, info.create_system, info.flag_bits, info.external_attr, info.internal_attr,
        info.header_offset, info.CRC, info.compress_size, info.file_size,
    )  # fmt: skip


def _ours(data: bytes) -> "list[tuple[object, ...]] | None":
    source = io.BytesIO(data)
    try:
        found, _ = zip_directory.read_directory(
            source, lambda at, size: data[at : at + size], len(data)
        )
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    return [_told(member.info) for member in found]


@given(_zips())
def test_every_zip_is_read_as_the_library_reads_it(data: bytes) -> None:
    assert _ours(data) == _library(data)


@given(_zips(), st.data())
def test_a_zip_with_a_changed_byte_is_read_as_the_library_reads_it(
    data: bytes, draw: st.DataObject
) -> None:
    at = draw.draw(st.integers(max(0, len(data) - 150), len(data) - 1))
    changed = bytearray(data)
    changed[at] = draw.draw(st.integers(0, 255))
    assert _ours(bytes(changed)) == _library(bytes(changed))


def _plain(**changes: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"a.xml": b"<a/>" * 9, "b/c.xml": b"<b/>", **changes}.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_a_plain_zip_is_not_given_to_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    data = _plain(**{"日本.xml": b"<c/>"})
    monkeypatch.delattr(zipfile, "ZipFile")
    opened = Container(io.BytesIO(data))
    assert {name: opened.read(name) for name in opened.members} == {
        "a.xml": b"<a/>" * 9, "b/c.xml": b"<b/>", "日本.xml": b"<c/>",
    }  # fmt: skip


def test_a_copy_keeps_the_headers_of_its_members() -> None:
    data, out = _plain(), io.BytesIO()
    Container(io.BytesIO(data)).rewrite(out, {"a.xml": b"<other/>"})
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out) as new:
        for before, after in zip(old.infolist(), new.infolist(), strict=True):
            assert (before.date_time, before.external_attr) == (
                after.date_time,
                after.external_attr,
            )
        assert new.testzip() is None
        assert new.read("a.xml") == b"<other/>"


@pytest.mark.parametrize("name", ["../x", "a/../x", "a\\..\\x", "/x", "\\x", "c:x", ".."])
def test_a_name_that_leads_out_is_refused(name: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("y" * len(name), b"")
    data = out.getvalue().replace(b"y" * len(name), name.encode())
    with pytest.raises(InvalidInput) as caught:
        Container(io.BytesIO(data))
    assert caught.value.params["reason"] == "path"


@pytest.mark.parametrize("name", ["a..b", "..a", "a.../b", "x"])
def test_a_name_with_dots_alone_is_none_of_those(name: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, b"1")
    assert Container(io.BytesIO(out.getvalue())).read(name) == b"1"


def test_a_record_of_zip64_before_the_end_is_left_to_the_library() -> None:
    data = bytearray(_plain())
    count = len(zipfile.ZipFile(io.BytesIO(data)).infolist())
    size, offset = struct.unpack_from("<LL", data, len(data) - 10)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, 0, 1)
    inside = bytearray(data[:-22])
    struct.pack_into("<H", inside, _last_entry(bytes(inside), offset) + 32, len(locator))
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, size + len(locator), offset, 0)
    made = bytes(inside) + locator + end
    assert _ours(made) == _library(made)


def _last_entry(raw: bytes, offset: int) -> int:
    return raw.rindex(b"PK\1\2", offset)
