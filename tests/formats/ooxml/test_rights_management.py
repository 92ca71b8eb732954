"""Documents that a label of Microsoft's encrypts: told as encrypted, with the label outside."""

import io
import struct

import pytest

from meti_desk.domain.errors import RuleViolation
from meti_desk.formats.base import LabelOrder, ProtectionFound, Wants
from meti_desk.formats.ooxml.docx import DOCX
from meti_desk.formats.registry import find

GUID = "2096f6a2-d2f7-48be-b329-b73aaa526e5d"
TENANT = "cb46c030-1825-4e81-a295-151c039dbf02"
SECTOR = 512
FREE, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
STORAGE, STREAM, ROOT = 1, 2, 5
RIGHTS = "DRMEncryptedTransform"


def _label_info(removed: str = "0") -> bytes:
    return (
        '<clbl:labelList xmlns:clbl="http://schemas.microsoft.com/office/2020/mipLabelMetadata">'
        f'<clbl:label id="{{{GUID}}}" enabled="1" method="Privileged" siteId="{{{TENANT}}}" '
        f'removed="{removed}"/></clbl:labelList>'
    ).encode()


def _entry(
    name: str, kind: int, start: int, size: int, *, beside: int = FREE, below: int = FREE
) -> bytes:
    raw = (name + "\0").encode("utf-16-le")
    return (
        raw.ljust(64, b"\0") + struct.pack("<HBB3L", len(raw), kind, 1, FREE, beside, below)
        + bytes(36) + struct.pack("<LQ", start, size)
    )  # fmt: skip


def _compound(label: bytes, rights: str = RIGHTS) -> io.BytesIO:
    """Write a compound file (version 3) with the streams of a document under rights management."""
    streams = [one.ljust(4096, b" ") for one in (bytes(4096), label)]
    lengths = [len(one) // SECTOR for one in streams]
    chains: list[int] = [TABLE, 2, END]
    starts = []
    for length in lengths:
        starts.append(len(chains))
        chains += [*range(len(chains) + 1, len(chains) + length), END]
    chains += [FREE] * (SECTOR // 4 - len(chains))
    directory = b"".join(
        (
            _entry("Root Entry", ROOT, END, 0, below=1),
            _entry("EncryptedPackage", STREAM, starts[0], len(streams[0]), beside=2),
            _entry("\6DataSpaces", STORAGE, 0, 0, below=3),
            _entry("TransformInfo", STORAGE, 0, 0, below=4),
            _entry("LabelInfo", STREAM, starts[1], len(streams[1]), beside=5),
            _entry(rights, STORAGE, 0, 0),
        )
    ).ljust(2 * SECTOR, b"\0")
    head = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
        + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
        + struct.pack("<9L", 0, 1, 1, 0, 4096, END, 0, END, 0) + struct.pack("<L", 0)
    )  # fmt: skip
    head += struct.pack("<L", FREE) * ((SECTOR - len(head)) // 4)
    table = struct.pack(f"<{SECTOR // 4}L", *chains)
    return io.BytesIO(head + table + directory + b"".join(streams))


def test_the_label_is_read_without_a_key_and_the_document_never_rewritten() -> None:
    file = _compound(_label_info())
    assert find(file).variant == "ooxml-encrypted"
    seen = DOCX.inspect(file, Wants())
    assert (seen.obstacle, seen.protection) == ("encrypted", ProtectionFound("office"))
    (label,) = seen.foreign
    assert (label.id, label.owner, label.place) == (GUID, TENANT, "LabelInfo")
    assert label.details == {"Method": "Privileged"}
    out = io.BytesIO()
    with pytest.raises(RuleViolation) as told:
        DOCX.write_label(file, out, LabelOrder({"jp.go.meti.label": "C2;I1;A1"}))
    assert told.value.code == "document.encrypted"
    assert out.getvalue() == b""


@pytest.mark.parametrize("label", [_label_info(removed="1"), b"", b"no xml", b"<!DOCTYPE x><x/>"])
def test_a_label_that_is_gone_or_unreadable_is_none(label: bytes) -> None:
    seen = DOCX.inspect(_compound(label), Wants())
    assert (seen.obstacle, seen.foreign) == ("encrypted", ())


def test_another_compound_file_is_not_taken_for_one() -> None:
    file = _compound(_label_info(), rights="Something")
    assert DOCX.recognise(file.getvalue()[:4096], file) is None
