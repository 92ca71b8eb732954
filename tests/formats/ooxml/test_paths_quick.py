"""What is told of a part's paths by its written form: never less than its attributes hold."""

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from meti_desk.formats.ooxml.paths import has_path, may_hold_path

_PIECES = (
    *("C", ":", "\\", "/", "//", "\\\\", "file", "FILE", "home", "Users", "u\u017fers", "Volumes"),
    *("mnt", "server", ".", " ", "x", "案", "&", "<", '"'),
)


@settings(derandomize=True, max_examples=400)
@given(text=st.lists(st.sampled_from(_PIECES), max_size=8).map("".join), inside=st.booleans())
def test_a_part_with_a_path_is_never_passed_over(*, text: str, inside: bool) -> None:
    root = etree.Element("{urn:x}a")
    etree.SubElement(root, "{urn:x}b").text = text if inside else "1"
    root.set("said", "1" if inside else text)
    assert may_hold_path(root) or not has_path(text)


@settings(derandomize=True, max_examples=400)
@given(text=st.lists(st.sampled_from((*_PIECES, "https", "FiLe")), max_size=9).map("".join))
def test_a_part_may_hold_a_path_exactly_where_these_words_are(text: str) -> None:
    root = etree.Element("{urn:x}a", said=text)
    written = etree.tostring(root, encoding="UTF-8").lower()
    words = (b"\\", b"file:/", b"/home/", b"/users/", b"/volumes/", b"/mnt/", "\u017f".encode())
    single = written.count(b":/") != written.count(b"://")
    assert may_hold_path(root) == (single or any(word in written for word in words))


def test_addresses_in_the_web_are_no_paths() -> None:
    root = etree.Element("{http://example.go.jp/x}a", said="https://example.go.jp/home")
    assert not may_hold_path(root)
