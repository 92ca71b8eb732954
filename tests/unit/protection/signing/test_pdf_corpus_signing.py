"""Real PDFs: labelled first, as the application demands, then signed, and every one verified."""

import os
import random
from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest

from meti_desk.domain.errors import MetiDeskError
from meti_desk.formats.base import LabelOrder
from meti_desk.formats.labelling import label
from tests.unit.protection.signing.signing_world import in_pdf, plain_pdf, signed_pdf

FULL = os.environ.get("METI_DESK_FULL") == "1"
LARGEST = 8 << 20


def documents() -> list[Path]:
    folder = os.environ.get("METI_DESK_CORPUS")
    if not folder:
        pytest.skip("METI_DESK_CORPUS does not name the folder of real files")
    found = sorted(one for one in Path(folder).rglob("*.pdf") if one.stat().st_size < LARGEST)
    return found if FULL else random.Random(14).sample(found, min(12, len(found)))


def test_what_can_be_labelled_can_be_signed() -> None:
    order = LabelOrder({"jp.go.meti.label": "C2;I2;A1"}, "機密性2情報")
    outcome: Counter[str] = Counter()
    for path in documents():
        target = BytesIO()
        try:
            label(BytesIO(path.read_bytes()), target, order)
        except MetiDeskError as error:
            outcome[error.code] += 1
            continue
        try:
            made = signed_pdf(target.getvalue())
        except MetiDeskError as error:
            outcome[error.code] += 1
            continue
        *_, one = in_pdf(made)
        assert (one.problems, one.intact, one.covers) == ((), True, "whole"), path
        outcome["signed"] += 1
    assert outcome["signed"] > outcome.total() // 2, outcome
    assert outcome["sign.pdf-irregular"] == 0, outcome


def test_the_sample_is_signed_everywhere() -> None:
    (one,) = in_pdf(signed_pdf(plain_pdf()))
    assert one.intact
