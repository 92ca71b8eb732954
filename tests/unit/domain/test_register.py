"""The register as its lines tell it, and what is offered for 確認."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meti_desk.domain import review
from meti_desk.domain.errors import InvalidInput
from meti_desk.domain.policy import StoragePlace
from meti_desk.domain.register import (
    COPIED,
    DISPOSED,
    ENTERED,
    IS_MISSING,
    IS_OVERDUE,
    LOWERED,
    NO_ACCESS,
    NOT_IN_PLACE,
    NOTED,
    RETURNED,
    STOCK,
    Line,
    copy_id,
    fold,
    place_of,
    provisional,
)
from meti_desk.standard.policy_file import shipped_policy

TODAY = date(2026, 12, 1)


def line(identity: str, what: str, **more: object) -> Line:
    return Line(id=identity, what=what, at="2026-11-20T09:00:00+09:00", **more)  # type: ignore[arg-type]


def test_a_place_that_was_named_ends_with_the_next_move() -> None:
    first = line("a", ENTERED, location="/c/案.docx", designated="金庫")
    assert fold([first]).designated == "金庫"
    moved = fold([first, line("b", NOTED, location="/d/案.docx")])
    assert (moved.location, moved.designated) == ("/d/案.docx", "")
    stays = fold([first, line("b", NOTED, access=("課",))])
    assert (stays.location, stays.designated, stays.access) == ("/c/案.docx", "金庫", ("課",))


def test_copies_are_numbered_behind_each_other_and_end_for_themselves() -> None:
    lines = [
        line("a", ENTERED),
        line("b", COPIED, count=2, first=4, holders=("甲",), due="2026-11-30", permit="p"),
        line("c", RETURNED, of=copy_id("b", 1), how="手渡し"),
        line("d", NOTED, of=copy_id("b", 2), holders=("乙",)),
        line("e", RETURNED, of="nobody.1"),
    ]
    entry = fold(lines)
    one, two = entry.copies.values()
    assert (one.n, one.state, one.ended_how, one.holder) == (4, "returned", "手渡し", "甲")
    assert (two.n, two.state_on(TODAY), two.holder, two.permit) == (5, "overdue", "乙", "p")
    assert IS_OVERDUE in entry.flags(TODAY)
    assert IS_OVERDUE not in entry.flags(date(2026, 11, 30))
    assert entry.state == "held"


def test_what_ended_asks_for_nothing_more() -> None:
    entered = line("a", ENTERED)
    missing = line("s", STOCK, result="missing")
    assert fold([entered]).flags(TODAY) == (NOT_IN_PLACE, NO_ACCESS)
    assert fold([entered, missing]).flags(TODAY)[0] == IS_MISSING
    for what in (DISPOSED, LOWERED):
        ended = fold([entered, missing, line("d", what, how="消去")])
        assert (ended.state, ended.flags(TODAY), ended.ended_how) == (what, (), "消去")
    again = fold([entered, line("d", LOWERED), line("e", ENTERED)])
    assert (again.state, again.ended_at) == ("held", "")


@settings(max_examples=100, derandomize=True)
@given(
    st.lists(
        st.builds(
            line,
            st.sampled_from("abcdef"),
            st.sampled_from((ENTERED, COPIED, NOTED, RETURNED, DISPOSED, LOWERED, STOCK, "new")),
            count=st.integers(0, 3),
            of=st.sampled_from(("", "a.1", "b.2", "x")),
            first=st.integers(0, 9),
            location=st.sampled_from(("", "here")),
        ),
        max_size=12,
    )
)
def test_any_lines_can_be_read_and_further_ones_take_no_copy_away(lines: list[Line]) -> None:
    before: set[str] = set()
    for end in range(len(lines) + 1):
        entry = fold(lines[:end])
        assert before <= set(entry.copies)
        before = set(entry.copies)
        entry.flags(TODAY)
        assert entry.state in ("held", "disposed", "lowered")


@pytest.mark.parametrize(
    ("location", "place"),
    [
        ("//server/share/secret/案.docx", "秘密文書"),
        ("\\\\server\\share\\secret\\下\\案.docx", "秘密文書"),
        ("第一金庫", "第一金庫"),
        ("//server/share/secret/../open/案.docx", ""),
        ("//server/share/secrets/案.docx", ""),
        ("", ""),
    ],
)
def test_a_place_is_found_by_folder_or_name(location: str, place: str) -> None:
    import dataclasses

    places = (
        StoragePlace(unit="課", name="秘密文書", folder="//server/share/secret"),
        StoragePlace(unit="課", name="第一金庫", paper=True),
    )
    policy = dataclasses.replace(shipped_policy(), c3_places=places)
    assert place_of(policy, "課", location) == place
    assert place_of(policy, "別の課", location) == ""


def test_what_stands_for_a_number_is_seen_to_be_none() -> None:
    assert provisional("0192-abcdef12") == "仮-abcdef12"


def test_a_code_is_read_back_and_nothing_else_is() -> None:
    for c in (1, 2, 3):
        for i in (1, 2):
            assert review.read_code(review.code(c, i, 2)) == (c, i, 2)
    for text in ("", "C4I1A1", "C1I1A1 ", "c1i1a1", "C１I1A1"):
        with pytest.raises(InvalidInput, match=r"review\.label"):
            review.read_code(text)


def test_the_state_of_a_review_is_what_asks_for_most() -> None:
    assert review.state_of(["valid", "correct"]) == "correct"
    assert review.state_of(["valid", "waiting", "gone"]) == "waiting"
    assert review.state_of(["objected", "gone"], judged_by_somebody=False) == "nobody"
    assert review.state_of(["valid"], judged_by_somebody=False) == "valid"
    assert review.state_of([]) == "gone"


@pytest.mark.parametrize(
    ("c", "before", "lowered", "offered"),
    [(1, 0, True, False), (1, 2, True, True), (1, 2, False, False), (2, 0, True, True),
     (3, 3, False, True), (1, 1, True, False)],
)  # fmt: skip
def test_what_is_offered(c: int, before: int, *, lowered: bool, offered: bool) -> None:
    assert review.is_offered(c, before, levels=(2, 3), lowered=lowered) is offered
