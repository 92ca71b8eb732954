"""What is told of a part's paths by its written form: never less than its attributes hold."""

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from meti_desk.formats.ooxml.clean_story import may_tell
from meti_desk.formats.ooxml.names import full
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


_ENCODINGS = ("utf-8", "UTF-16", "iso-8859-1", "us-ascii")


@settings(derandomize=True, max_examples=400)
@given(
    text=st.lists(st.sampled_from((*_PIECES, "FiLe")), max_size=8).map("".join),
    encoding=st.sampled_from(_ENCODINGS),
    numbered=st.booleans(),
)
def test_the_bytes_of_a_part_hide_no_path_that_its_tree_has(
    *, text: str, encoding: str, numbered: bool
) -> None:
    data = etree.tostring(etree.Element("a", said=text), encoding=encoding, xml_declaration=True)
    if numbered and encoding != "UTF-16":
        head, said, rest = data.partition(b'said="')
        value, end = rest[:-3], rest[-3:]
        for letter in b":/\\":
            value = value.replace(bytes([letter]), b"&#%d;" % letter)
        data = head + said + value + end
    root = etree.fromstring(data)
    assert may_hold_path(root, data) or not has_path(text)
    assert may_hold_path(root, data) >= may_hold_path(root)


_TELLING = ("w:author", "w:date", "w:rsidRPr", "w14:paraId", "w16du:dateUtc", "w15:author", "w:ed")
_NAMES = ("w:rsid", "w:date", "w:val", "w14:textFill", "w:editor")


@settings(derandomize=True, max_examples=300)
@given(
    names=st.lists(st.sampled_from(_NAMES), max_size=4),
    attributes=st.lists(st.sampled_from((*_TELLING, *_NAMES)), max_size=3, unique=True),
    space=st.sampled_from((" ", "\n", "\t  ")),
    prefix=st.sampled_from(("", "x", "文", "long-prefix-of-more-than-thirty-two-letters")),
    encoding=st.sampled_from(_ENCODINGS),
)
def test_the_bytes_of_a_part_hide_no_attribute_that_tells_of_an_editor(
    *, names: list[str], attributes: list[str], space: str, prefix: str, encoding: str
) -> None:
    """Whatever their prefix: names stand in the bytes of a part letter by letter."""
    declared, spelled = "", {}
    for one in ("w", "w14", "w15", "w16du"):
        spelled[one] = one + (prefix if encoding in ("utf-8", "UTF-16") else "")
        declared += f' xmlns:{spelled[one]}="{full(f"{one}:x")[0][1:-2]}"'

    def name(short_name: str) -> str:
        before, _, rest = short_name.partition(":")
        return f"{spelled[before]}:{rest}"

    told = "".join(f'{space}{name(one)}="x"' for one in attributes)
    inner = "".join(f"<{name(one)}/><{name(one)}></{name(one)}>" for one in names)
    text = f'<?xml version="1.0" encoding="{encoding}"?><{name("w:p")}{declared}{told}>{inner}'
    data = f"{text}</{name('w:p')}>".encode(encoding)
    has_one = any(one in _TELLING or one in ("w:rsid", "w:date") for one in attributes)
    assert may_tell(data) or not has_one
    if not attributes and not prefix and encoding == "utf-8":
        assert not may_tell(data)
    assert not has_one or list(etree.fromstring(data).attrib)
