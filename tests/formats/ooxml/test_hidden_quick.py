import pytest

from meti_desk.formats.ooxml.hidden import _may_hide

STYLES = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<w:styles xmlns:w="w"/>'


def test_styles_without_the_word_need_no_parsing() -> None:
    assert not _may_hide(STYLES.encode())
    assert not _may_hide(b"\xef\xbb\xbf" + STYLES.encode())
    assert not _may_hide(b"<w:styles/>")


@pytest.mark.parametrize(
    "styles",
    [
        STYLES.replace("/>", "><w:vanish/></w:styles>").encode(),
        STYLES.replace("UTF-8", "UTF-16").encode("utf-16"),
        STYLES.replace("UTF-8", "UTF-7").encode(),
        STYLES.replace("UTF-8", "IBM037").encode("cp037"),
        STYLES.replace("<w:", "<!DOCTYPE w><w:").encode(),
        STYLES.replace('version="1.0"', 'version="1.0"' + " " * 300 + 'encoding="UTF-7"').encode(),
        b"",
    ],
)
def test_what_may_say_it_in_another_way_is_parsed(styles: bytes) -> None:
    assert _may_hide(styles)
