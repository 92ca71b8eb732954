"""The jobs of a confined worker on OpenDocument: all that is loaded late is loaded ahead."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from meti_desk.formats.base import LABEL_KEY, Inspection, LabelOrder, LabelReport, Wants
from meti_desk.isolation import choose
from meti_desk.services.ports import Workers
from tests.formats.odf.builder import MARK, document, p, sheet, slide


@pytest.fixture
def workers() -> Iterator[Workers]:
    made = choose.workers()
    yield made
    made.close()


def test_a_confined_worker_labels_and_reads_back(tmp_path: Path, workers: Workers) -> None:
    made = {
        "a.odt": document("odt", p("text")),
        "b.ods": document("ods", sheet("s", ("c",))),
        "c.odp": document("odp", slide("one", "x")),
    }
    for name, file in made.items():
        path, out = tmp_path / name, tmp_path / f"out-{name}"
        path.write_bytes(file.getvalue())
        with path.open("rb") as source, out.open("w+b") as target:
            order = LabelOrder({LABEL_KEY: "C2;I2;A1"}, MARK)
            files: dict[str, BinaryIO] = {"source": source, "target": target}
            assert workers.run("label", order, files, LabelReport).marked == 1
        with out.open("rb") as source:
            seen = workers.run("inspect", Wants(text=True), {"source": source}, Inspection)
        assert seen.properties == {LABEL_KEY: "C2;I2;A1"}
        assert [one.text for one in seen.marks] == [MARK]
        assert seen.text
