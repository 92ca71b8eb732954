import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meti_desk.domain.errors import InvalidInput
from meti_desk.system.naming import (
    candidates,
    inside,
    is_temporary,
    shorten,
    split,
    temporary_name,
)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("報告.docx", ("報告", ".docx")),
        ("a.b.pdf", ("a.b", ".pdf")),
        ("a.zip.metilabel.json", ("a.zip", ".metilabel.json")),
        ("a.tar.gz", ("a", ".tar.gz")),
        (".hidden", (".hidden", "")),
        ("plain", ("plain", "")),
        ("a." + "x" * 200, ("a." + "x" * 200, "")),
    ],
)
def test_splits_off_the_suffix(name: str, parts: tuple[str, str]) -> None:
    assert split(name) == parts


def test_numbers_stand_before_the_suffix() -> None:
    found = [p.name for p in itertools.islice(candidates(Path("d/a.docx")), 3)]
    assert found == ["a.docx", "a (2).docx", "a (3).docx"]


@settings(derandomize=True, max_examples=200)
@given(st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1))
def test_every_candidate_fits_and_is_another(name: str) -> None:
    final = Path("d").joinpath("x" + name * 9)
    found = [p.name for p in itertools.islice(candidates(final), 12)]
    assert len(set(found)) == 12
    assert all(len(n.encode()) <= 255 for n in found)


def test_shortening_keeps_characters_whole() -> None:
    assert shorten("名" * 100, " (2).docx") == "名" * 82 + " (2).docx"


@pytest.mark.parametrize("name", ["", ".", "..", "../a", "a/b", "a\\b", "a\0b"])
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        inside(Path("folder"), name)
    assert caught.value.code == "file.outside"


def test_temporary_names_follow_from_the_operation() -> None:
    one, same, other = (temporary_name(Path("d/a.docx"), o) for o in ("1", "1", "2"))
    assert one == same != other
    assert one.parent == Path("d")
    assert is_temporary(one)
    assert not is_temporary(Path("d/a.docx"))
