import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from meti_desk.formats.audit_xml import bare
from meti_desk.formats.spaces import without_spaces

SPACES = "".join(c for c in map(chr, range(0x3100)) if c.isspace())


@settings(derandomize=True, max_examples=60)
@given(st.text(), st.integers(0, 3000))
def test_a_text_of_any_length_loses_its_white_space_and_nothing_else(word: str, times: int) -> None:
    text = f"{word} {SPACES}語" * times
    expected = "".join(text.split())
    assert without_spaces(text) == bare(text) == expected


def test_pieces_end_anywhere() -> None:
    for around in range((1 << 16) - 4, (1 << 16) + 4):
        text = "\U0001f600" * around + " \u3000\n" + unicodedata.normalize("NFD", "が") * 9
        assert without_spaces(text) == bare(text) == "".join(text.split())
