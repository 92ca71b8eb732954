import io
import subprocess
import sys
from typing import BinaryIO

import pytest

from meti_desk.formats.base import Inspection, Wants
from meti_desk.formats.inspecting import inspect
from meti_desk.formats.registry import FAMILIES, Entry, disagreement, find


class Toy:
    """A family of its own: files that begin with TOY."""

    id = "toy"

    def recognise(self, head: bytes, _source: BinaryIO) -> str | None:
        return "toy2" if head.startswith(b"TOY2") else None

    def inspect(self, source: BinaryIO, _wants: Wants) -> Inspection:
        return Inspection(format="toy2", digest=str(len(source.read())))


TOY = Toy()


def test_a_family_is_added_by_one_line() -> None:
    sys.modules.setdefault("toy_family", sys.modules[__name__])
    entry = Entry("toy", "toy_family:TOY", lambda head: head.startswith(b"TOY"))
    families = (entry, *FAMILIES)
    found = find(io.BytesIO(b"TOY2 content"), families)
    assert (found.family.id, found.variant) == ("toy", "toy2")
    # What only looks like it, and what does not at all, go on to the others.
    assert find(io.BytesIO(b"TOY3 content"), families).variant == "txt"
    assert find(io.BytesIO(b"%PDF-1.7"), families).variant == "pdf"
    # And it takes part in everything that asks the registry.
    assert inspect(io.BytesIO(b"TOY2"), None, Wants(), families).digest == "4"


def test_every_family_can_be_loaded_and_names_itself() -> None:
    assert [entry.load().id for entry in FAMILIES][-1] == "other"


def test_recognising_text_loads_no_library() -> None:
    script = (
        "import io, sys\n"
        "from meti_desk.formats.registry import find\n"
        "assert find(io.BytesIO(b'text')).variant == 'txt'\n"
        "print([m for m in ('lxml', 'pikepdf', 'pypdfium2', 'cryptography') if m in sys.modules])\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, text=True
    ).stdout
    assert told == "[]\n"


def test_the_name_plays_no_part_and_a_lie_is_reported() -> None:
    found = inspect(io.BytesIO(b"SQLite format 3\0"), None, Wants(name="報告.docx"))
    assert found.format == "sqlite"
    assert [(f.kind, f.severity) for f in found.findings] == [
        ("file.extension-disagrees", "medium")
    ]


@pytest.mark.parametrize(
    ("name", "variant", "told"),
    [
        ("a.docx", "docx", False),
        ("a.docx", "ooxml-encrypted", False),
        ("A.DOCX", "docx", False),
        ("a.docx", "pdf", True),
        ("a.txt", "exe", True),
        ("a.jpg", "jpeg", False),
        ("a.unknown", "exe", False),
        ("docx", "pdf", False),
        ("", "pdf", False),
    ],
)
def test_extensions_and_content(name: str, variant: str, told: bool) -> None:  # noqa: FBT001 - a case
    assert (disagreement(name, variant) is not None) is told
