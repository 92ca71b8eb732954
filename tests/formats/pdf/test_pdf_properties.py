import os
import string
import subprocess
import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from meti_desk.formats.base import LabelOrder
from meti_desk.formats.pdf.geometry import Sheet, place
from meti_desk.formats.pdf.subset import make_subset
from tests.formats.pdf import build
from tests.formats.pdf.helpers import FULL, inspected, labelled

SOURCE = build.plain(1)
KEYS = st.text(string.ascii_lowercase, min_size=1, max_size=12).map("jp.go.meti.".__add__)
WORDS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=40
)
MARKS = st.text(
    "機密性完全可用情報複製禁止秘（）・ 0123ABab限り月日まで", min_size=1, max_size=40
).filter(lambda text: text.strip() == text)


@settings(derandomize=True, deadline=None, max_examples=300 if FULL else 40)
@given(properties=st.dictionaries(KEYS, WORDS, max_size=4), mark=MARKS)
def test_a_label_written_is_the_label_read(properties: dict[str, str], mark: str) -> None:
    data, _ = labelled(SOURCE, LabelOrder(properties, mark))
    seen = inspected(data)
    assert seen.properties == properties
    assert [one.text for one in seen.marks if one.own] == [mark]


@settings(derandomize=True, deadline=None, max_examples=2000 if FULL else 200)
@given(
    width=st.floats(1, 5000),
    height=st.floats(1, 5000),
    left=st.floats(-1000, 1000),
    low=st.floats(-1000, 1000),
    rotate=st.sampled_from([0, 90, 180, 270]),
    unit=st.floats(0.1, 10),
    length=st.floats(1, 60),
)
def test_a_mark_lies_on_its_page_or_is_not_set(
    *, width: float, height: float, left: float, low: float, rotate: int, unit: float, length: float
) -> None:
    box = (left, low, left + width, low + height)
    matrix = place(Sheet(box, rotate, unit), length, 1.3)
    if matrix is None:
        return
    a, b, c, d, e, f = matrix
    for x, y in ((0, 0), (length, 0), (0, 1.3), (length, 1.3)):
        assert box[0] - 0.01 <= a * x + c * y + e <= box[2] + 0.01
        assert box[1] - 0.01 <= b * x + d * y + f <= box[3] + 0.01
    assert 5.99 <= (a * a + b * b) ** 0.5 * unit <= 10.51


def test_the_same_text_gives_the_same_font_program() -> None:
    one, two = make_subset("機密性2情報"), make_subset("報情2性密機")
    assert one == two
    assert len(one.program) < 8000
    assert len(set(one.codes.values())) == len(one.codes)


def test_the_cut_font_is_sound_and_has_the_outlines_of_the_whole() -> None:
    from io import BytesIO

    from fontTools.pens.recordingPen import DecomposingRecordingPen
    from fontTools.ttLib import TTFont

    from meti_desk.data import read_bytes

    text = "機密性2情報（完全性2・可用性1） 複製禁止がÄ"
    subset = make_subset(text)
    cut = TTFont(BytesIO(subset.program))
    whole = TTFont(BytesIO(read_bytes("resources", "fonts/BIZUDGothic-Regular.ttf")))
    names, cmap = cut.getGlyphOrder(), whole.getBestCmap()
    for one in text:
        drawn = []
        for font, name in ((cut, names[subset.codes[one]]), (whole, cmap[ord(one)])):
            pen = DecomposingRecordingPen(font.getGlyphSet())
            font.getGlyphSet()[name].draw(pen)
            drawn.append(pen.value)
        assert drawn[0] == drawn[1], one


def test_the_family_is_cheap_to_import() -> None:
    code = (
        "import sys, io; from meti_desk.formats.pdf import PDF; "
        "PDF.recognise(b'PK', io.BytesIO()); "
        "heavy = {'pikepdf', 'pypdfium2', 'fontTools', 'lxml'} & set(sys.modules); "
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env=dict(os.environ))
