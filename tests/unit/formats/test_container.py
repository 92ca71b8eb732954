import io
import random
import struct
import weakref
import zipfile
import zlib

import pytest

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.container import Container, Limits
from meti_desk.formats.zip_writer import Numbers, ZipWriter


def _zip(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as box:
        for name, data in members.items():
            box.writestr(zipfile.ZipInfo(name, (2024, 5, 6, 7, 8, 10)), data, method)
    return out


class _Pipe(io.RawIOBase):
    """A target that cannot seek, so that zipfile writes data descriptors."""

    def __init__(self) -> None:
        self.data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        self.data += bytes(data)  # type: ignore[call-overload]
        return len(bytes(data))  # type: ignore[call-overload]


def _code(file: io.BytesIO, limits: Limits | None = None) -> tuple[str, object]:
    with pytest.raises(InvalidInput) as told:
        Container(file, limits)
    return told.value.code, told.value.params.get("reason") or told.value.params.get("what")


def _rewritten(file: io.BytesIO, *args: object, **more: object) -> zipfile.ZipFile:
    out = io.BytesIO()
    Container(file).rewrite(out, *args, **more)  # type: ignore[arg-type]
    box = zipfile.ZipFile(out)
    assert box.testzip() is None
    return box


def test_untouched_members_are_copied_compressed_as_they_are() -> None:
    file = _zip({"a": b"a" * 5000, "b": b"b" * 5000})
    before = Container(file).packed("a")
    with _rewritten(file, {"b": b"changed", "new": b"n"}, ()) as box:
        assert box.namelist() == ["a", "b", "new"]
        assert box.read("b") == b"changed"
        assert box.getinfo("a").date_time == (2024, 5, 6, 7, 8, 10)
        assert Container(box.fp).packed("a") == before  # type: ignore[arg-type]


def test_removed_members_are_gone_and_the_order_stays() -> None:
    with _rewritten(_zip({"a": b"1", "b": b"2", "c": b"3"}), {}, ("b",)) as box:
        assert box.namelist() == ["a", "c"]


def test_data_descriptors_are_understood() -> None:
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as box:  # type: ignore[arg-type]
        box.writestr("x", b"hello " * 100)
    file = io.BytesIO(bytes(pipe.data))
    assert zipfile.ZipFile(file).getinfo("x").flag_bits & 8
    with _rewritten(file, {}) as box:
        assert box.read("x") == b"hello " * 100
        assert not box.getinfo("x").flag_bits & 8


def test_zip64_members_are_understood_and_written_small() -> None:
    file = io.BytesIO()
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as box,
        box.open("big", "w", force_zip64=True) as member,
    ):
        member.write(b"data" * 100)
    with _rewritten(file, {"other": b"o"}) as box:
        assert box.read("big") == b"data" * 100


def test_names_of_every_spelling_survive() -> None:
    members = {"日本語.xml": b"1", "ä.xml": b"2", "plain.xml": b"3"}
    with _rewritten(_zip(members), {"plain.xml": b"4"}) as box:
        assert {name: box.read(name) for name in box.namelist()} == members | {"plain.xml": b"4"}


def test_clean_gives_equal_bytes_whoever_packed_it() -> None:
    one = _zip({"a": b"content " * 99})
    two = io.BytesIO()
    with zipfile.ZipFile(two, "w", zipfile.ZIP_DEFLATED) as box:
        info = zipfile.ZipInfo("a", (1999, 1, 2, 3, 4, 6))
        info.comment, info.extra = b"secret", struct.pack("<HH4s", 0x4D45, 4, b"seal")
        box.writestr(info, b"content " * 99, zipfile.ZIP_DEFLATED)
        box.comment = b"secret too"
    results = []
    for file in (one, two):
        out = io.BytesIO()
        Container(file).rewrite(out, {}, clean=True)
        results.append(out.getvalue())
    assert results[0] == results[1]
    assert b"secret" not in results[1]
    assert Container(two).has_metadata()
    assert not Container(io.BytesIO(results[0])).has_metadata()


def test_slack_behind_a_deflate_stream_does_not_survive_cleaning() -> None:
    file = _zip({"a": b"a" * 100})
    raw = bytearray(file.getvalue())
    member = Container(file).members["a"]
    raw[member.data_at + member.packed : member.data_at + member.packed] = b"SLACK"
    for at in (18, raw.index(b"PK\x01\x02") + 20):
        raw[at : at + 4] = struct.pack("<L", member.packed + 5)
    end = raw.index(b"PK\x05\x06")
    raw[end + 16 : end + 20] = struct.pack("<L", raw.index(b"PK\x01\x02"))
    out = io.BytesIO()
    Container(io.BytesIO(bytes(raw))).rewrite(out, {}, clean=True)
    assert b"SLACK" not in out.getvalue()
    assert Container(out).read("a") == b"a" * 100


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "a/../../x", "..\\x", "C:\\x", "\\x"])
def test_names_that_lead_outside_are_refused(name: str) -> None:
    assert _code(_zip({name: b"1"})) == ("document.damaged", "path")


def test_duplicate_names_are_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as box:
        box.writestr("a", b"1")
        with pytest.warns(UserWarning, match="Duplicate"):
            box.writestr("a", b"2")
    assert _code(file) == ("document.damaged", "duplicate-name")


def test_members_with_a_password_are_refused() -> None:
    raw = bytearray(_zip({"a": b"1"}).getvalue())
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    assert _code(io.BytesIO(bytes(raw)))[0] == "document.encrypted"


@pytest.mark.parametrize("cut", [0, 1, 20, 100, -1, -10, -30])
def test_truncated_files_are_refused(cut: int) -> None:
    whole = _zip({"a": b"a" * 500, "b": b"b" * 500}, zipfile.ZIP_STORED).getvalue()
    assert _code(io.BytesIO(whole[:cut]))[0] == "document.damaged"


def test_a_bomb_is_seen_before_it_expands() -> None:
    assert _code(_zip({"a": b"\0" * (20 << 20)})) == ("document.bomb", "ratio")


def test_many_and_large_members_are_bombs() -> None:
    file = _zip({str(n): b"x" * 100 for n in range(30)})
    assert _code(file, Limits(members=20)) == ("document.bomb", "members")
    assert _code(file, Limits(total=2000)) == ("document.bomb", "total")
    assert _code(file, Limits(size=100))[0] == "document.too-large"


def test_overlapping_members_are_refused() -> None:
    file = _zip({"a": b"a" * 300, "b": b"b" * 300})
    raw = bytearray(file.getvalue())
    second = raw.index(b"PK\x01\x02", raw.index(b"PK\x01\x02") + 1)
    raw[second + 42 : second + 46] = struct.pack("<L", 0)
    assert _code(io.BytesIO(bytes(raw)))[0] == "document.damaged"


def test_a_member_that_lies_about_its_size_is_damaged() -> None:
    raw = bytearray(_zip({"a": b"a" * 5000}).getvalue())
    at = raw.index(b"PK\x01\x02") + 24
    raw[at : at + 4] = struct.pack("<L", 10)
    box = Container(io.BytesIO(bytes(raw)))
    with pytest.raises(InvalidInput) as told:
        box.read("a")
    assert told.value.params["reason"] == "checksum"


def test_what_was_read_of_a_file_is_kept_until_it_changes() -> None:
    file = _zip({"a": b"one"})
    first = Container.of(file)
    assert Container.of(file) is first
    file.seek(0)
    file.write(_zip({"a": b"two"}).getvalue())
    second = Container.of(file)
    assert second is not first
    assert second.read("a") == b"two"


def test_two_files_are_two_files() -> None:
    data = _zip({"a": b"one"}).getvalue()
    assert Container.of(io.BytesIO(data)) is not Container.of(io.BytesIO(data))


def test_files_that_nobody_looks_at_any_more_are_forgotten() -> None:
    def opened() -> weakref.ref[io.BytesIO]:
        file = _zip({"a": b"x"})
        assert Container.of(file) is Container.of(file)
        Container.of(file).opened = Container.of(file)
        return weakref.ref(file)

    gone = [opened() for _ in range(6)]
    assert [one() is None for one in gone[:4]] == [True] * 4


def test_a_file_that_was_written_to_is_read_anew() -> None:
    file = _zip({"a": b"x"})
    first = Container.of(file)
    file.seek(0)
    file.truncate()
    file.write(_zip({"a": b"y"}).getvalue())
    assert Container.of(file) is not first
    assert Container.of(file).read("a") == b"y"


@pytest.mark.parametrize("kind", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_long_member_is_cleaned_piece_by_piece(kind: int) -> None:
    content = random.Random(3).randbytes(3 << 20) + b"a" * (3 << 20)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", kind) as box:
        box.writestr("film", content)
    out = io.BytesIO()
    Container(file).rewrite(out, {}, clean=True)
    one, two = Container(file), Container(out)
    assert one.same(two, "film")
    assert two.has_metadata() is False


def test_slack_behind_a_long_member_does_not_survive_cleaning() -> None:
    content = random.Random(3).randbytes(2 << 20)
    deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
    data = deflate.compress(content) + deflate.flush() + b"SLACK" * 9
    file = io.BytesIO()
    writer = ZipWriter(file)
    writer.write("film", (data,), Numbers(8, zlib.crc32(content), len(data), len(content)), None)
    writer.close()
    out, again = io.BytesIO(), io.BytesIO()
    Container(file).rewrite(out, {}, clean=True)
    assert b"SLACK" in file.getvalue()
    assert b"SLACK" not in out.getvalue()
    assert Container(out).read("film") == content
    Container(out).rewrite(again, {}, clean=True)
    assert again.getvalue() == out.getvalue()
