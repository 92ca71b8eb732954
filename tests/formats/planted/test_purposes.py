"""What stops publishing is among the findings before it is tried, in every family (Art. 15-2)."""

import io
from typing import get_args

import pytest

from meti_desk.domain.errors import MetiDeskError
from meti_desk.formats.base import Purpose, ScrubOrder, Wants
from meti_desk.formats.registry import find
from tests.formats.archive.test_archive_scrub import members
from tests.formats.odf.test_odf_scrub import PLANTED as OPEN_DOCUMENTS
from tests.formats.ooxml.planted import Planted
from tests.formats.planted.archives import zipped


def _files() -> dict[str, bytes]:
    held = {name: data for name, data in members()[0].items() if data}
    held |= {f"a.{kind}": build()[0].getvalue() for kind, build in OPEN_DOCUMENTS.items()}
    hidden = {name: held[name] for name in ("deck.pptx", "page.html", "media/a.svg")}
    return {**held, "inside.zip": zipped(Planted(), hidden)}


FILES = _files()


def _stopped(data: bytes, purpose: Purpose) -> str:
    source = io.BytesIO(data)
    try:
        find(source).family.scrub(source, io.BytesIO(), ScrubOrder(purpose))
    except MetiDeskError as error:
        return error.code
    return ""


@pytest.mark.parametrize("purpose", get_args(Purpose))
@pytest.mark.parametrize("name", FILES)
def test_a_finding_blocks_where_the_removal_would_stop(name: str, purpose: Purpose) -> None:
    source = io.BytesIO(FILES[name])
    seen = find(source).family.inspect(source, Wants(purpose=purpose)).findings
    blocks = {one.kind for one in seen if one.removal == "blocks"}
    if name.endswith(".pdf") and purpose == "provide":
        return  # hidden text of a PDF is told as blocking for both, and stays when provided
    assert bool(blocks) is (_stopped(FILES[name], purpose) == "scrub.blocked"), blocks


def test_some_stop_for_publishing_alone() -> None:
    alone = {
        name
        for name, data in FILES.items()
        if _stopped(data, "publish") and not _stopped(data, "provide")
    }
    assert {"deck.pptx", "page.html", "a.odt", "inside.zip"} <= {
        n.rsplit("/", 1)[-1] for n in alone
    }
