import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.ooxml.sheet_header import (
    LONGEST,
    Section,
    bare,
    escape,
    lines,
    own_marks,
    text_of,
    with_mark,
    without_mark,
)

MARK = "機密性2情報（完全性2・可用性1）"
SIGN = "&K000001"
ALONE = f"{SIGN}&9"
"""Where nothing stands behind the mark."""
EXAMPLES = 5000 if os.environ.get("METI_DESK_FULL") else 300


@pytest.mark.parametrize(
    ("header", "marked"),
    [
        ("", f"&R{ALONE}{MARK}"),
        ("Title", f"Title&R{ALONE}{MARK}"),
        ("&LLeft&CMiddle", f"&LLeft&CMiddle&R{ALONE}{MARK}"),
        ("&LLeft&RAuthor &P", f"&LLeft&R{SIGN}{MARK}\nAuthor &P"),
        ('&R&"Arial,Bold"&12Right', f'&R{SIGN}{MARK}\n&"Arial,Bold"&12Right'),
        ("&RA&LB", f"&R{SIGN}{MARK}\nA&LB"),
        ("&R&LB", f"&R{ALONE}{MARK}&LB"),
        ("R&&D &&R", f"R&&D &&R&R{ALONE}{MARK}"),
        ("&rsmall", f"&r{SIGN}{MARK}\nsmall"),
        ("Tom & Jerry&", f"Tom & Jerry&R{SIGN}{MARK}\n&"),
        ('&C&"Arial', f'&C&R{SIGN}{MARK}\n&"Arial'),
        ("&C&G", f"&C&G&R{ALONE}{MARK}"),
        ("&C&KFF0000red&K01+000", f"&C&KFF0000red&K01+000&R{ALONE}{MARK}"),
    ],
)
def test_the_mark_is_the_first_line_at_the_right(header: str, marked: str) -> None:
    assert with_mark(header, MARK) == marked
    assert with_mark(marked, MARK) == marked
    assert own_marks(marked) == [MARK]
    assert own_marks(header) == []
    assert bare(marked) == bare(header)


@pytest.mark.parametrize(
    ("section", "header", "marked"),
    [
        ("L", "&CMiddle", f"&CMiddle&L{ALONE}{MARK}"),
        ("C", "Middle&RRight", f"{SIGN}{MARK}\nMiddle&RRight"),
        ("C", "&LLeft&CMiddle", f"&LLeft&C{SIGN}{MARK}\nMiddle"),
    ],
)
def test_other_sections(section: Section, header: str, marked: str) -> None:
    assert with_mark(header, MARK, section) == marked
    assert without_mark(marked) == header


def test_another_mark_takes_the_place_of_the_old_one() -> None:
    first = with_mark("&RAuthor", "機密性3情報")
    assert first is not None
    assert with_mark(first, MARK) == f"&R{SIGN}{MARK}\nAuthor"
    assert without_mark(first) == "&RAuthor"


def test_a_mark_moved_to_another_section_is_not_doubled() -> None:
    moved = f"&L{SIGN}{MARK}\nText"
    assert with_mark(moved, MARK) == f"&LText&R{ALONE}{MARK}"


def test_a_mark_is_known_after_libreoffice_wrote_it() -> None:
    saved = f'&R&"Calibri,Regular"&11{SIGN}{MARK}\nAuthor'
    assert own_marks(saved) == [MARK]
    assert with_mark(saved, MARK) == saved
    assert without_mark(saved) == '&R&"Calibri,Regular"&11Author'


def test_what_a_person_typed_or_coloured_is_not_ours() -> None:
    for typed in (f"&R{MARK}", f"&R&K000000{MARK}", f"&R&KFF0000{MARK}"):
        assert own_marks(typed) == []
        assert without_mark(typed) == typed


def test_signs_and_escapes_in_a_mark_stay_text() -> None:
    for mark in ("A&B", "&&", "&R", "_x0041_ 12", "7日まで"):
        marked = with_mark("&R12", mark)
        assert marked is not None
        assert own_marks(marked) == [mark]
        assert text_of(marked) == "12"


def test_removing_lets_no_digits_run_into_a_size() -> None:
    assert text_of(without_mark(f"&R&12{SIGN}x\n34")).strip() == "34"


def test_a_header_of_255_characters_is_the_longest() -> None:
    room = LONGEST - len(f"&R{ALONE}{MARK}")
    assert with_mark("x" * room, MARK) is not None
    assert with_mark("x" * (room + 1), MARK) is None
    # Excel counts what lies beyond the first plane twice.
    assert with_mark("x" * (room - 2) + "𠮷", MARK) is not None
    assert with_mark("x" * (room - 1) + "𠮷", MARK) is None


@pytest.mark.parametrize("mark", ["a\nb", "a\0", "\ud800", "\x0b"])
def test_what_no_header_can_hold_is_refused(mark: str) -> None:
    with pytest.raises(InvalidInput) as told:
        escape(mark)
    assert told.value.code == "mark.text-not-storable"


def test_the_lines_are_what_a_reader_sees() -> None:
    header = '&L&"Arial,Bold"&14A&&B\nsecond&C&KFF0000_x0041_&D&R&P / &N'
    assert [line for line in lines(header) if line] == ["A&B", "second", "A&D", "&P / &N"]


PIECES = st.sampled_from(
    [
        *("&L", "&C", "&R", "&l", "&&", "&", SIGN, "&KFF0000", "&K01+000", '&"Arial,Bold"', '&"x'),
        *("&12", "&P", "&N", "abc", "機密", "\n", "&G", "&B", "_x000D_", "12", " ", "𠮷"),
    ]
)
HEADERS = st.lists(PIECES, max_size=9).map("".join)


def _plain(header: str) -> str:
    return "".join(text_of(header).split())


@settings(max_examples=EXAMPLES, derandomize=True, deadline=None)
@given(HEADERS, st.sampled_from([MARK, "1x", "A&B", "_x0041_"]), st.sampled_from("LCR"))
def test_any_header_keeps_its_text_and_takes_a_mark_once(
    header: str, mark: str, section: Section
) -> None:
    marked = with_mark(header, mark, section)
    assert marked is not None
    assert own_marks(marked) == [mark]
    assert with_mark(marked, mark, section) == marked
    plain = without_mark(header)
    assert own_marks(plain) == []
    assert without_mark(plain) == plain
    assert bare(marked) == bare(header)
    assert _plain(marked) == _plain(header)
    removed = without_mark(marked)
    assert _plain(removed) == _plain(header)
    assert bare(removed) == bare(header)


@settings(max_examples=EXAMPLES, derandomize=True, deadline=None)
@given(st.text(st.characters(codec="utf-16"), max_size=60))
def test_a_header_without_our_mark_is_left_to_the_letter(header: str) -> None:
    if SIGN.lower() not in header.lower():
        assert without_mark(header) == header


def test_a_mark_that_was_written_larger_stays_and_goes_as_before() -> None:
    older = f"&LText&R{SIGN}{MARK}"
    assert with_mark(older, MARK) == older
    assert without_mark(older) == without_mark(f"&LText&R{ALONE}{MARK}") == "&LText"
    assert own_marks(f"&R{ALONE}{MARK}") == [MARK]
    assert with_mark("", "2類") == f"&R{SIGN}2類"
