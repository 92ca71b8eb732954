"""The jobs of a confined worker on media: all that is loaded late is loaded ahead."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from meti_desk.formats.base import Inspection, ScrubOrder, ScrubReport, Wants
from meti_desk.isolation import choose
from meti_desk.services.ports import Workers
from tests.formats.planted.media import BUILDERS
from tests.formats.planted.pictures import Planted


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    made = choose.workers()
    yield made
    made.close()


@pytest.mark.parametrize("name", BUILDERS)
def test_a_confined_worker_shows_scrubs_and_proves(
    name: str, tmp_path: Path, workers: Workers
) -> None:
    p = Planted()
    path, out = tmp_path / name, tmp_path / f"out-{name}"
    path.write_bytes(BUILDERS[name](p))
    with path.open("rb") as source, out.open("w+b") as target:
        seen = workers.run("inspect", Wants(name=name), {"source": source}, Inspection)
        files: dict[str, BinaryIO] = {"source": source, "target": target}
        report = workers.run("scrub", ScrubOrder(), files, ScrubReport)
    assert {one.kind for one in seen.findings} == {one.kind for one in report.removed}
    assert not any(leak.encode() in out.read_bytes() for leak in p.leaks)
