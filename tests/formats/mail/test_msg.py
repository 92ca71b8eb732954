import hashlib
import io
import os
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meti_desk.domain.errors import RuleViolation
from meti_desk.formats.base import Inspection, LabelOrder, ScrubOrder, Wants
from meti_desk.formats.inspecting import inspect
from meti_desk.formats.mail.msg import MSG
from meti_desk.formats.mail.packed_rtf import unpack
from tests.formats.mail.compound_writer import Tree, compound
from tests.formats.mail.mails import mail

CORPUS = os.environ.get("METI_DESK_CORPUS")
GUID = "0f5a3a5c-1111-2222-3333-444455556666"


def seen(data: bytes) -> Inspection:
    return inspect(io.BytesIO(data), None, Wants(text=True))


def wide(text: str) -> bytes:
    return text.encode("utf-16-le")


def message(more: Tree | None = None, *, inside: bool = False, **texts: str) -> Tree:
    fixed: Tree = {"__properties_version1.0": bytes(24 if inside else 32)}
    return (
        fixed | {f"__substg1.0_{tag[1:]}001F": wide(t) for tag, t in texts.items()} | (more or {})
    )


def attachment(name: str, data: "bytes | Tree") -> Tree:
    kind = "0102" if isinstance(data, bytes) else "000D"
    return {
        "__properties_version1.0": bytes(8),
        "__substg1.0_3707001F": wide(name),
        f"__substg1.0_3701{kind}": data,
    }


def named(**values: str) -> Tree:
    """Give properties that have names of their own."""
    entries = names = b""
    tree: Tree = {}
    for index, (name, value) in enumerate(values.items()):
        entries += struct.pack("<LHH", len(names), 1, index)
        raw = wide(name.replace("_", "-") if name.startswith("X") else name)
        names += struct.pack("<L", len(raw)) + raw + bytes(-len(raw) % 4)
        tree[f"__substg1.0_{0x8000 + index:04X}001F"] = wide(value)
    tree["__nameid_version1.0"] = {
        "__substg1.0_00030102": entries,
        "__substg1.0_00040102": names,
    }
    return tree


def test_subject_body_and_labels_are_read() -> None:
    label = f"MSIP_Label_{GUID}_Enabled=true; MSIP_Label_{GUID}_Name=Secret"
    tree = message(
        named(msip_labels=label, X_METI_Label="C2;I1;A1", Keywords="x"),
        p0037="【機密性2情報】予算", p1000="部外秘\r\n本文です。",
    )  # fmt: skip
    found = seen(compound(tree))
    assert (found.format, found.embeds, found.markable) == ("msg", False, False)
    assert found.properties == {"jp.go.meti.label": "C2;I1;A1"}
    assert [(one.id, one.name, one.place) for one in found.foreign] == [
        (GUID, "Secret", "msip_labels")
    ]
    assert {(one.place, one.text) for one in found.marks} == {
        ("subject", "【機密性2情報】予算"),
        ("body", "部外秘"),
    }
    assert {one.place: one.text for one in found.text}["body"] == "部外秘\n本文です。"
    data = compound(tree)
    assert seen(data).digest == hashlib.sha256(data).hexdigest()


def test_the_header_that_came_with_it_counts() -> None:
    headers = (
        "From: a@b\r\nX-METI-Label: C3;I1;A1\r\nX-METI-Subject-Mark: 【機密性3情報】\r\n"
        "Subject: 【機密性3情報】 件名\r\n"
    )
    found = seen(compound(message(p007D=headers, p0037="【機密性3情報】 件名", p1000="x")))
    assert found.properties == {"jp.go.meti.label": "C3;I1;A1"}
    assert [(one.text, one.own) for one in found.marks] == [("【機密性3情報】", True)]


def test_attachments_are_members_messages_too() -> None:
    inner = message(
        {"__attach_version1.0_#00000000": attachment("内.txt", "内側".encode())},
        inside=True, p0037="内側の件名", p1000="内側の本文",
    )  # fmt: skip
    labelled = mail().replace(b"\r\n\r\n", b"\r\nX-METI-Label: C2;I1;A1\r\n\r\n", 1)
    tree = message(
        {
            "__attach_version1.0_#00000000": attachment("../送付.eml", labelled),
            "__attach_version1.0_#00000001": attachment("転送", inner),
            "__attach_version1.0_#00000002": {"__properties_version1.0": bytes(8)},
        },
        p0037="件名",
    )
    found = seen(compound(tree))
    told = [(one.place, one.format, one.properties, one.obstacle) for one in found.members]
    label = {"jp.go.meti.label": "C2;I1;A1"}
    assert told == [
        ("_/送付.eml", "eml", label, ""),
        ("_/送付.eml/body", "txt", {}, ""),
        ("attachment-3", "", {}, "damaged"),
        ("転送", "msg", {}, ""),
        ("転送/body", "txt", {}, ""),
        ("転送/内.txt", "txt", {}, ""),
    ]
    assert "転送: body" in {one.place for one in found.text}


def test_messages_in_each_other_end() -> None:
    inner = message(inside=True, p0037="x")
    for _ in range(20):
        inner = message(
            {"__attach_version1.0_#00000000": attachment("m", inner)}, inside=True, p0037="x"
        )
    found = seen(compound(inner | {"__properties_version1.0": bytes(32)}))
    assert found.members[-1].obstacle == "too-deep"


def test_old_messages_are_read_in_their_code_page() -> None:
    fixed = bytes(32) + struct.pack("<HHLLL", 3, 0x3FFD, 0, 932, 0)
    tree: Tree = {
        "__properties_version1.0": fixed,
        "__substg1.0_0037001E": "機密".encode("cp932") + b"\0",
        "__substg1.0_10130102": '<meta charset="utf-8"><p>本文'.encode(),
    }
    assert [one.text for one in seen(compound(tree)).text] == ["機密", "本文"]


def test_the_example_of_the_specification_is_unpacked() -> None:
    packed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af3"
        "2068656c090020627705b06c647d0a800fa0"
    )
    assert unpack(packed) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    plain = struct.pack("<LLLL", 0, 5, 0x414C454D, 0) + b"{\\rtf"
    assert unpack(plain) == b"{\\rtf"
    rtf: Tree = message({"__substg1.0_10090102": packed}, p0037="x")
    assert seen(compound(rtf)).text[-1].text.strip() == "hello world"


@settings(derandomize=True, max_examples=200)
@given(st.binary(max_size=200), st.integers(0, 2**32 - 1))
def test_no_packed_text_brings_it_down(data: bytes, size: int) -> None:
    head = struct.pack("<LLLL", 0, size, 0x75465A4C, 0)
    assert len(unpack(head + data)) <= 200 * 8 * 17


def test_messages_are_never_rewritten() -> None:
    source = io.BytesIO(compound(message(p0037="x")))
    with pytest.raises(RuleViolation, match=r"format\.not-embeddable"):
        MSG.write_label(source, io.BytesIO(), LabelOrder({}))
    with pytest.raises(RuleViolation, match=r"format\.not-embeddable"):
        MSG.verify_label(source, io.BytesIO(), LabelOrder({}))
    with pytest.raises(RuleViolation, match=r"scrub\.legacy"):
        MSG.scrub(source, io.BytesIO(), ScrubOrder())
    with pytest.raises(RuleViolation, match=r"scrub\.legacy"):
        MSG.verify_scrub(source, io.BytesIO(), ScrubOrder())


@settings(derandomize=True, max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=12))
def test_no_damage_brings_it_down(changes: list[tuple[int, int]]) -> None:
    tree = message(
        named(X_METI_Label="C2") | {"__attach_version1.0_#00000000": attachment("a", b"x" * 900)},
        p0037="x", p1000="y" * 900,
    )  # fmt: skip
    data = bytearray(compound(tree))
    for at, value in changes:
        data[8 + at % (len(data) - 8)] = value
    assert seen(bytes(data)).digest


@pytest.mark.skipif(CORPUS is None, reason="METI_DESK_CORPUS is not set")
def test_real_messages_are_read() -> None:
    paths = sorted(Path(CORPUS or "").rglob("*.msg"))
    told = {path.name: seen(path.read_bytes()) for path in paths}
    assert {one.format for one in told.values()} == {"msg"}
    for name, found in told.items():
        assert {"subject", "body"} <= {one.place for one in found.text}, name
        assert all("\ufffd" not in one.text for one in found.text), name
    places = [one.place for one in told["testMSG_att_msg.msg"].members]
    assert places == [
        "body",
        "smbprn.00009008.KdcPjl.pdf",
        "Test Attachment",
        "Test Attachment/body",
    ]
    assert {one.format for one in told["testMSG_att_doc.msg"].members} == {"txt", "doc"}
