"""Remarks in the content of pages go; content without any stays as it was written."""

from io import BytesIO

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meti_desk.formats.pdf.removal import _may_remark
from tests.formats.pdf import build
from tests.formats.pdf.helpers import scrubbed

_SECRET = b"tanaka"


def content_of(data: bytes) -> bytes:
    with pikepdf.open(BytesIO(data)) as pdf:
        return pdf.pages[0].Contents.read_bytes()


@pytest.mark.parametrize(
    "remark",
    [
        b"% tanaka\n",
        b"% (tanaka)\n",
        b"(100%) pop % tanaka\n",
        b"% ) ( tanaka\n",
        b"% \\( tanaka ( 50%\n1 g\n(x) pop\n",
        b"BT (a\\)b%) Tj ET % tanaka )\n",
        b"q BI /W 1 /H 1 /BPC 8 /CS /G ID ( EI Q\n% tanaka )\n",
    ],
)
def test_a_remark_goes_whatever_stands_around_it(remark: bytes) -> None:
    given_ = build.with_content(build.text("seen") + remark + b"0 g\n")
    assert _SECRET in content_of(given_)
    assert _SECRET not in content_of(scrubbed(given_))


@pytest.mark.parametrize("words", ["100%", "a(b%)c", "a\\(b%", "%%EOF"])
def test_content_without_a_remark_stays_as_it_was_written(words: str) -> None:
    content = b"BT\n/F1   12 Tf  60 700 Td (" + words.encode() + b") Tj ET\n"
    assert content_of(scrubbed(build.with_content(content))).strip() == content.strip()


@settings(derandomize=True, max_examples=2000)
@given(
    st.lists(st.sampled_from([b"(", b")", b"\\", b"%", b"\n", b"a", b" ", b"<41>"]), max_size=12)
)
def test_what_is_told_to_have_no_remark_has_none(pieces: list[bytes]) -> None:
    data = b"".join(pieces)
    assert _may_remark(data) or not has_remark(data)


def has_remark(data: bytes) -> bool:
    """Read letter by letter, as ISO 32000-1, 7.2 and 7.3.4.2 have it."""
    depth, at = 0, 0
    while at < len(data):
        one = data[at : at + 1]
        if one == b"%" and depth == 0:
            return True
        at += 2 if one == b"\\" and depth else 1
        depth += {b"(": 1, b")": -1 if depth else 0}.get(one, 0)
    return False
