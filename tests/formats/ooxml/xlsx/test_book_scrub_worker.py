"""The jobs of a confined worker on workbooks: all that a scrub loads late is loaded ahead."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from meti_desk.formats.base import Inspection, ScrubOrder, ScrubReport, Wants
from meti_desk.isolation import choose
from meti_desk.services.ports import Workers
from tests.formats.planted.xlsx import planted


@pytest.fixture
def workers() -> Iterator[Workers]:
    made = choose.workers()
    yield made
    made.close()


def test_a_confined_worker_scrubs_and_proves(tmp_path: Path, workers: Workers) -> None:
    file, plants = planted()
    for number in (1, 2):
        path, out = tmp_path / f"{number}.xlsx", tmp_path / f"out-{number}.xlsx"
        path.write_bytes(file.getvalue())
        with path.open("rb") as source:
            wants = Wants(name="a.xlsx")
            seen = workers.run("inspect", wants, {"source": source}, Inspection)
        assert len(seen.findings) > 50
        with path.open("rb") as source, out.open("w+b") as target:
            files: dict[str, BinaryIO] = {"source": source, "target": target}
            report = workers.run("scrub", ScrubOrder(), files, ScrubReport)
        assert sum(one.count for one in report.removed) > 80
        assert not any(leak.encode() in out.read_bytes() for leak in plants.leaks)
