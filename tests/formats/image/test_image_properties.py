"""Whatever a label says and whatever stands around it: it reads back, and goes when it has to."""

import os

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from meti_desk.formats.base import LabelOrder
from tests.formats.image.heif_files import Layout, build
from tests.formats.image.pictures import MAKERS, inspected, labelled, shows, with_segments
from tests.formats.image.test_image_scrub import first_picture, scrubbed

MORE = 300 if os.environ.get("METI_DESK_FULL") == "1" else 25
VALUES = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn")), min_size=1, max_size=400
).filter(lambda text: text.strip("\0 \t\r\n") != "")
PROPERTIES = st.dictionaries(
    st.sampled_from([f"jp.go.meti.{one}" for one in ("label", "handling", "id", "seal")]),
    VALUES,
    min_size=1,
)
SOURCES = {
    name: MAKERS[name]()
    for name in ("jpeg-xmp", "png-xmp", "webp", "gif-animated", "tiff-xmp", "bigtiff", "avif")
} | {"heic": build(Layout(iloc=0))}


@settings(derandomize=True, deadline=None, max_examples=MORE)
@given(st.sampled_from(sorted(SOURCES)), st.lists(PROPERTIES, min_size=1, max_size=3))
def test_the_last_of_several_labels_reads_back(name: str, orders: list[dict[str, str]]) -> None:
    data = SOURCES[name]
    done = data
    for one in orders:
        done = labelled(done, LabelOrder(one))
    assert inspected(done).properties == orders[-1]
    assert inspected(done).digest == inspected(data).digest
    kept = {key: value for key, value in orders[-1].items() if key.endswith(("label", "handling"))}
    assert inspected(scrubbed(done)).properties == kept
    assert inspected(scrubbed(done, "publish")).properties == {}


def first(data: bytes) -> tuple[object, ...] | str:
    """Decode the first picture, if what stands around it lets Pillow do so."""
    try:
        return first_picture(data)[:3]
    except (OSError, SyntaxError, ValueError) as error:
        return type(error).__name__


SEGMENTS = st.lists(
    st.tuples(
        st.sampled_from([0xE0, 0xE1, 0xE2, 0xE3, 0xED, 0xEF, 0xFE]),
        st.sampled_from(
            [b"", b"Exif\0\0", b"JFIF\0\1\1\0\0\1\0\1\0\0", b"JFXX\0", b"MPF\0", b"FPXR\0",
             b"Photoshop 3.0\0",
             b"http://ns.adobe.com/xap/1.0/\0", b"http://ns.adobe.com/xmp/extension/\0"]
        ).flatmap(lambda head: st.binary(max_size=60).map(lambda body: head + body)),
    ),
    max_size=8,
)  # fmt: skip


@pytest.mark.filterwarnings("ignore")  # Pillow's, about broken metadata
@settings(derandomize=True, deadline=None, max_examples=MORE)
@given(SEGMENTS, st.binary(max_size=40))
def test_any_segments_around_a_jpeg_leave_its_pixels_alone(
    segments: list[tuple[int, bytes]], behind: bytes
) -> None:
    plain = MAKERS["jpeg"]()
    data = with_segments(plain, *segments) + behind
    pixels = shows(plain)[0][:3]
    assume(first(data) == pixels)
    done = labelled(data)
    assert first(done) == pixels
    for purpose in ("provide", "publish"):
        clean = scrubbed(done, purpose)  # type: ignore[arg-type] # both are purposes
        assert first(clean) == pixels
        assert behind == b"" or not clean.endswith(b"\xff\xd9" + behind)
        assert scrubbed(clean, purpose) == clean  # type: ignore[arg-type] # the same
