"""Clues are taken from the text of any family, told by place, and the text itself stays inside."""

import io
from typing import Any

import docx
import pytest

from meti_desk.formats.base import Clue, TextPart, Wants, WordList
from meti_desk.formats.clues import ELSEWHERE, MOST_PLACES, clues_of
from meti_desk.formats.inspecting import inspect

PHONE = "電話 03-3501-1511"
BID = WordList("bid", ("予定価格",), ("予定価格の公表",))


def document(*lines: str) -> io.BytesIO:
    made = docx.Document()
    for line in lines:
        made.add_paragraph(line)
    held = io.BytesIO()
    made.save(held)
    held.seek(0)
    return held


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: document(PHONE, "予定価格の案"), "a.docx"),
        (lambda: io.BytesIO(f"{PHONE}\n予定価格の案\n".encode()), "a.txt"),
    ],
)
def test_any_family_gives_clues_and_no_text_unless_it_is_wanted(make: Any, name: str) -> None:
    told = inspect(make(), None, Wants(clues=(BID,), name=name))
    assert {(one.detector, one.value, one.count) for one in told.clues} == {
        ("phone", "03-3501-1511", 1), ("word.bid", "予定価格", 1),
    }  # fmt: skip
    assert told.text == ()
    assert told.prints == b""
    both = inspect(make(), None, Wants(clues=(), text=True, prints=True, name=name))
    assert [one.detector for one in both.clues] == ["phone"]
    assert PHONE in both.text[0].text
    assert both.prints


def test_clues_that_nobody_asked_for_are_not_looked_for() -> None:
    assert inspect(document(PHONE), None, Wants(text=True)).clues == ()


def test_clues_and_prints_leave_the_rest_of_the_inspection_as_it_is() -> None:
    plain = inspect(document(PHONE), None, Wants())
    asked = inspect(document(PHONE), None, Wants(clues=(), prints=True))
    assert (plain.digest, plain.findings, plain.marks) == (
        asked.digest,
        asked.findings,
        asked.marks,
    )


def test_each_page_is_told_up_to_a_number_of_them() -> None:
    parts = [TextPart(f"page {number}", PHONE) for number in range(1, MOST_PLACES + 31)]
    clues = clues_of(parts, ())
    assert clues[0] == Clue(detector="phone", place="page 1", value="03-3501-1511")
    assert len(clues) == MOST_PLACES + 1
    assert (clues[-1].place, clues[-1].count) == (ELSEWHERE, 30)
    assert sum(one.count for one in clues) == MOST_PLACES + 30
