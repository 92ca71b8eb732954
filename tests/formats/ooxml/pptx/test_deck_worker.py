"""The jobs of a confined worker on presentations: all that is loaded late is loaded ahead."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from meti_desk.formats.base import (
    LABEL_KEY,
    Inspection,
    LabelOrder,
    LabelReport,
    ScrubOrder,
    ScrubReport,
    Wants,
)
from meti_desk.isolation import choose
from meti_desk.services.ports import Workers
from tests.formats.ooxml.pptx.decks import Slide, deck, text_shape
from tests.formats.planted.pptx import planted

MARK = "機密性2情報（完全性2・可用性1） 複製禁止"
GUID = "2096f6a2-d2f7-48be-b329-b73aaa526e5d"


@pytest.fixture
def workers() -> Iterator[Workers]:
    made = choose.workers()
    yield made
    made.close()


def test_a_confined_worker_labels_and_reads_back(tmp_path: Path, workers: Workers) -> None:
    for number in (1, 2):
        path, out = tmp_path / f"{number}.pptx", tmp_path / f"out-{number}.pptx"
        made = deck(*[Slide(text_shape("言葉"), notes=text_shape("n"))] * number)
        path.write_bytes(made.getvalue())
        foreign = {f"MSIP_Label_{GUID}_Enabled": "true"}
        order = LabelOrder({LABEL_KEY: "C2;I2;A1"}, MARK, foreign=foreign)
        with path.open("rb") as source, out.open("w+b") as target:
            files: dict[str, BinaryIO] = {"source": source, "target": target}
            assert workers.run("label", order, files, LabelReport).marked == number
        with out.open("rb") as source:
            wants = Wants(text=True, prints=True, name="a.pptx")
            seen = workers.run("inspect", wants, {"source": source}, Inspection)
        assert (seen.format, seen.pages) == ("pptx", number)
        assert seen.properties == {LABEL_KEY: "C2;I2;A1"}
        assert [one.text for one in seen.marks] == [MARK]
        assert [one.id for one in seen.foreign] == [GUID]
        assert seen.text[0].text == "言葉"
        assert {one.kind for one in seen.findings} >= {"pptx.speaker-note"}


def test_a_confined_worker_shows_what_is_hidden_and_scrubs(
    tmp_path: Path, workers: Workers
) -> None:
    made, plants = planted()
    for number in (1, 2):
        path, out = tmp_path / f"{number}.pptx", tmp_path / f"out-{number}.pptx"
        path.write_bytes(made.getvalue())
        with path.open("rb") as source, out.open("w+b") as target:
            seen = workers.run("inspect", Wants(), {"source": source}, Inspection)
            files: dict[str, BinaryIO] = {"source": source, "target": target}
            report = workers.run("scrub", ScrubOrder(), files, ScrubReport)
        told = {one.kind for one in seen.findings if one.removal == "removed"}
        assert told <= {one.kind for one in report.removed}
        with zipfile.ZipFile(out) as box:
            after = b"\0".join(box.read(name) for name in box.namelist())
        assert [leak for leak in plants.leaks if leak.encode() in after] == []
