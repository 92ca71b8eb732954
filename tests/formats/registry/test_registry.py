import hashlib
import io
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

import pytest

from meti_desk.domain.classification import Confidentiality
from meti_desk.domain.errors import InvalidInput
from meti_desk.domain.label import Label
from meti_desk.formats.base import (
    Inspection,
    LabelOrder,
    LabelReport,
    MarkFound,
    ScrubOrder,
    ScrubReport,
    TextPart,
    Wants,
)
from meti_desk.formats.inspecting import inspect
from meti_desk.formats.labelling import label
from meti_desk.formats.registry import FAMILIES, Entry, disagreement, expected, find
from meti_desk.services.classify import classify
from meti_desk.services.facts import opened
from meti_desk.services.messages import ClassifyRequest
from tests.unit.services.fakes import World


class Toy:
    """A family of its own: a first line `TOY2`, lines `key=value` for us, and a body."""

    id = "toy"

    def recognise(self, head: bytes, _source: BinaryIO) -> str | None:
        return "toy2" if head.startswith(b"TOY2") else None

    def inspect(self, source: BinaryIO, wants: Wants) -> Inspection:
        ours, mark, body = self._parts(source)
        return Inspection(
            format="toy2",
            properties=ours,
            marks=(MarkFound(mark, "header", own=True),) if mark else (),
            digest=hashlib.sha256(body).hexdigest() if wants.digest else "",
            text=(TextPart("body", body.decode()),) if wants.text else (),
        )

    def write_label(self, source: BinaryIO, target: BinaryIO, order: LabelOrder) -> LabelReport:
        _, mark, body = self._parts(source)
        mark = mark if order.mark is None else order.mark
        lines = [f"{key}={value}" for key, value in sorted(order.properties.items())]
        lines += [f"mark={mark}"] if mark else []
        target.write("\n".join(["TOY2", *lines, "", ""]).encode() + body)
        return LabelReport(marked=1 if mark else 0)

    def verify_label(self, source: BinaryIO, result: BinaryIO, order: LabelOrder) -> None:
        ours, _, body = self._parts(result)
        if ours != order.properties or body != self._parts(source)[2]:
            raise InvalidInput("label.not-proven", what="properties")

    def scrub(self, source: BinaryIO, target: BinaryIO, order: ScrubOrder) -> ScrubReport:
        raise NotImplementedError

    def verify_scrub(self, source: BinaryIO, result: BinaryIO, order: ScrubOrder) -> None:
        raise NotImplementedError

    def _parts(self, source: BinaryIO) -> tuple[dict[str, str], str, bytes]:
        source.seek(0)
        head, _, body = source.read().partition(b"\n\n")
        lines = dict(line.split("=", 1) for line in head.decode().splitlines()[1:])
        return {k: v for k, v in lines.items() if k != "mark"}, lines.get("mark", ""), body


TOY = Toy()


@pytest.fixture
def families() -> tuple[Entry, ...]:
    """Give all families, and the toy by the one line that adds it."""
    sys.modules.setdefault("toy_family", sys.modules[__name__])
    mine = _only_extension("toy", "toy2")
    return (
        Entry("toy", "toy_family:TOY", lambda head: head.startswith(b"TOY"), mine),
        *FAMILIES,
    )


def _only_extension(extension: str, variant: str) -> dict[str, frozenset[str]]:
    return {extension: frozenset({variant})}


def test_a_family_is_added_by_one_line(families: tuple[Entry, ...]) -> None:
    found = find(io.BytesIO(b"TOY2 content"), families)
    assert (found.family.id, found.variant) == ("toy", "toy2")
    # What only looks like it, and what does not at all, go on to the others.
    assert find(io.BytesIO(b"TOY3 content"), families).variant == "txt"
    assert find(io.BytesIO(b"%PDF-1.7"), families).variant == "pdf"
    # Its extension is known: a text that calls itself one is told.
    assert disagreement("a.toy", "txt", families) is not None
    assert disagreement("a.toy", "toy2", families) is None


def test_the_new_family_is_inspected_labelled_and_read_back(families: tuple[Entry, ...]) -> None:
    source, target = io.BytesIO("TOY2\n\n本文です。".encode()), io.BytesIO()
    order = LabelOrder({"jp.go.meti.label": "C2;I2;A1"}, "機密性2情報")
    assert label(source, target, order, families).marked == 1
    found = inspect(target, None, Wants(text=True, prints=True), families)
    assert found.properties == order.properties
    assert found.marks[0].own
    assert found.text[0].text == "本文です。"
    assert found.digest == inspect(source, None, Wants(), families).digest
    # What is asked of the text of any family is answered for this one too.
    long = io.BytesIO(b"TOY2\n\n" + "長い本文がここに書かれています。".encode() * 30)
    assert inspect(long, None, Wants(prints=True), families).prints
    with pytest.raises(InvalidInput, match=r"label\.not-proven"):
        TOY.verify_label(source, io.BytesIO(b"TOY2\n\nother"), order)


def test_the_new_family_goes_the_whole_way_of_a_decision(
    families: tuple[Entry, ...], tmp_path: Path
) -> None:
    world = World(tmp_path)
    world.workers.jobs["inspect"] = lambda wants, files: inspect(
        files["source"], files.get("sidecar"), wants, families
    )
    world.workers.jobs["label"] = lambda order, files: label(
        files["source"], files["target"], order, families
    )
    path = tmp_path / "案.toy"
    path.write_bytes("TOY2\n\n本文です。".encode())
    [row] = classify(world.ctx, ClassifyRequest(paths=(str(path),), c=2, mark=True)).files
    assert row.error is None
    assert (row.label.c if row.label else 0) == 2
    assert path.read_bytes().startswith(b"TOY2\njp.go.meti.")
    with opened(world.ctx, path, Wants()) as facts:
        assert facts.label == Label(Confidentiality.C2)
        assert facts.seal == "sealed"


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
        ("a.txt", "eml", False),
        ("a.tgz", "gz", False),
        ("a.msg", "doc", True),
        ("a.jpg", "jpeg", False),
        ("a.unknown", "exe", False),
        ("docx", "pdf", False),
        ("", "pdf", False),
    ],
)
def test_extensions_and_content(name: str, variant: str, told: bool) -> None:  # noqa: FBT001 - a case
    assert (disagreement(name, variant) is not None) is told


def test_names_tell_which_families_to_expect() -> None:
    place = {entry.name: 1 << index for index, entry in enumerate(FAMILIES)}
    assert expected([]) == expected(["README", "x.none"]) == 0
    assert expected(["a.DOCX", "b.docx"]) == place["docx"]
    assert expected(["a.docx", "dir.pdf/b.odt"]) == place["docx"] | place["odf"]
