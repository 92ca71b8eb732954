"""What is written is read back, whatever the names of the audience look like."""

from hypothesis import given
from hypothesis import strategies as st

from meti_desk.domain.label import AnyLabel, Label, Undecided, at_least_as_strict, effective
from meti_desk.domain.marking import Place, find_marks, format_mark, parse_mark
from meti_desk.domain.stored_label import (
    Seal,
    decode_seal,
    handling_text,
    label_text,
    parse,
    parse_texts,
    to_properties,
)
from tests.properties.strategies import VOCABULARY, any_labels, exact, marked_labels, wide_labels


@exact
@given(marked_labels)
def test_a_mark_is_read_back_as_it_was_written(label: Label) -> None:
    assert parse_mark(format_mark(label), VOCABULARY) == label


@exact
@given(marked_labels)
def test_a_mark_on_paper_keeps_all_but_integrity_and_availability(label: Label) -> None:
    read = parse_mark(format_mark(label, paper=True), VOCABULARY)
    assert read is not None
    assert read.confidentiality is label.confidentiality
    assert (read.restrictions, read.audience, read.terms) == (
        label.restrictions,
        label.audience,
        label.terms,
    )


@exact
@given(marked_labels, st.sampled_from([Place.HEADER, Place.FOOTER, Place.BODY, Place.STAMP]))
def test_a_mark_is_found_whole_in_a_line_of_its_own(label: Label, place: Place) -> None:
    mark = format_mark(label)
    (found,) = find_marks(f"  {mark} \n本文です。\n", VOCABULARY, place=place)
    assert found.text == mark
    assert found.label == label


@exact
@given(wide_labels | any_labels)
def test_properties_are_read_back_as_they_were_written(label: AnyLabel) -> None:
    properties = to_properties(label)
    assert parse(properties, VOCABULARY) == label
    assert parse_texts(label_text(label), handling_text(label), VOCABULARY) == label
    for value in properties.values():
        assert value == value.strip()
        assert value.isprintable()


@exact
@given(st.text(max_size=30), st.text(max_size=60))
def test_nonsense_never_becomes_a_mild_label(label: str, handling: str) -> None:
    read = parse_texts(label, handling, VOCABULARY)
    if label.strip() != label_text(read):
        assert isinstance(read, Undecided)
        assert effective(read).youhogo
    again = parse(to_properties(read), VOCABULARY)
    assert again == read


@exact
@given(st.text(max_size=200))
def test_any_text_can_be_searched_in_any_place(text: str) -> None:
    for place in Place:
        for mark in find_marks(text, VOCABULARY, place=place):
            assert text[mark.start : mark.end] == mark.text


@exact
@given(marked_labels, marked_labels)
def test_two_marks_in_two_lines_are_both_found(one: Label, two: Label) -> None:
    text = f"{format_mark(one)}\n{format_mark(two)}"
    assert [mark.label for mark in find_marks(text, VOCABULARY, place=Place.HEADER)] == [one, two]


@exact
@given(st.lists(st.text(max_size=20), min_size=7, max_size=7), st.binary(max_size=64))
def test_a_seal_is_read_back_as_it_was_written(parts: list[str], signature: bytes) -> None:
    label, handling, document, by, at, digest, key = parts
    seal = Seal(label, handling, document, by, at, digest, key, signature)
    assert decode_seal(seal.encode()) == seal


@exact
@given(st.text(max_size=80))
def test_what_is_no_seal_reads_as_none(text: str) -> None:
    read = decode_seal(text)
    assert read is None or decode_seal(read.encode()) == read


@exact
@given(wide_labels)
def test_reading_with_a_smaller_vocabulary_never_loses_a_restriction(label: Label) -> None:
    empty = type(VOCABULARY)({})
    read = parse(to_properties(label), empty)
    assert isinstance(read, Label)
    assert {one.name for one in read.restrictions} == {one.name for one in label.restrictions}
    assert at_least_as_strict(read, Label(label.confidentiality))
