"""Label and mark of presentations: on every slide, once, on top, and nothing else changes."""

import io
import itertools
import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from pptx import Presentation
from pptx.util import Inches

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.base import HANDLING_KEY, LABEL_KEY, LabelOrder, LabelReport, Wants
from meti_desk.formats.ooxml.pptx import PPTX
from tests.formats.ooxml.builder import members_of, zipped
from tests.formats.ooxml.pptx.decks import Slide, deck, text_shape

MARK = "機密性2情報（完全性2・可用性1） 複製禁止"
ORDER = LabelOrder({LABEL_KEY: "C2;I2;A1", HANDLING_KEY: "複製禁止"}, MARK)
OTHER = LabelOrder(ORDER.properties, "機密性1情報（完全性1・可用性1）")
EXAMPLES = 400 if os.environ.get("METI_DESK_FULL") else 40
MARK_SHAPE = re.compile(rb'<p:sp xmlns:p="[^"]+" xmlns:a="[^"]+">.*?</p:sp>', re.DOTALL)


def _written(file: io.BytesIO, order: LabelOrder = ORDER) -> io.BytesIO:
    out = io.BytesIO()
    PPTX.write_label(file, out, order)
    PPTX.verify_label(file, out, order)
    return out


def _digest(file: io.BytesIO) -> str:
    return PPTX.inspect(file, Wants(findings=False)).digest


def _slide(file: io.BytesIO, number: int = 1) -> bytes:
    return members_of(file)[f"ppt/slides/slide{number}.xml"]


GROUP = (
    '<p:grpSp><p:nvGrpSpPr><p:cNvPr id="7" name="g"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr>'
    f"<p:grpSpPr/>{text_shape('in group', 8)}</p:grpSp>"
)
ALTERNATE = (
    f'<mc:AlternateContent><mc:Choice Requires="a14">{text_shape("choice", 11)}</mc:Choice>'
    f"<mc:Fallback>{text_shape('fallback', 11)}</mc:Fallback></mc:AlternateContent>"
)
EXTENSION = '<p:extLst><p:ext uri="{x}"><p:sp/></p:ext></p:extLst>'
TIMING = "<p:timing><p:tnLst><p:par><p:cTn><p:childTnLst/></p:cTn></p:par></p:tnLst></p:timing>"


@pytest.mark.parametrize(
    ("strict", "shapes", "tail", "hidden"),
    list(
        itertools.product(
            (False, True),
            ("", text_shape("text"), text_shape("a") + GROUP, ALTERNATE + GROUP),
            ("", EXTENSION),
            (False, True),
        )
    ),
)
def test_every_slide_gets_the_mark_once_and_on_top(
    strict: bool,  # noqa: FBT001 - the parameters of a table
    shapes: str,
    tail: str,
    hidden: bool,  # noqa: FBT001
) -> None:
    attributes = ' show="0"' if hidden else ""
    file = deck(
        Slide(shapes, attributes, TIMING, tail), Slide("", notes=text_shape("n")), strict=strict
    )
    out = _written(file)
    for number in (1, 2):
        data = _slide(out, number)
        assert data.decode().count(MARK) == 1
        assert MARK_SHAPE.sub(b"", data) == _slide(file, number)
        tree = next(one for one in etree.fromstring(data).iter() if str(one.tag).endswith("spTree"))
        drawn = [one for one in tree if not str(one.tag).endswith("extLst")]
        assert "".join(map(str, drawn[-1].itertext())) == MARK
        ids = re.findall(rb'cNvPr id="(\d+)" name="jp', data) + re.findall(
            rb'cNvPr id="(\d+)" name="[^j]', data
        )
        assert ids.count(ids[0]) == 1
    assert b"jp.go.meti.mark" not in members_of(out)["ppt/slideMasters/slideMaster1.xml"]
    assert _digest(out) == _digest(file)
    assert _written(out).getvalue() == out.getvalue()
    changed = _written(out, OTHER)
    assert MARK not in _slide(changed).decode()
    assert _slide(changed).decode().count("機密性1情報") == 1
    bare = _written(changed, LabelOrder({}, ""))
    assert _slide(bare) == _slide(file)
    assert _slide(bare, 2) == _slide(file, 2)


def test_the_inspection_shows_our_mark_and_leaves_it_out_of_the_text() -> None:
    file = deck(Slide(text_shape("言葉")), Slide())
    seen = PPTX.inspect(_written(file), Wants(text=True))
    assert [(one.text, one.place, one.own) for one in seen.marks] == [(MARK, "slide 1", True)]
    assert [(one.place, one.text) for one in seen.text] == [("slide 1", "言葉")]
    assert (seen.format, seen.pages, seen.properties) == ("pptx", 2, ORDER.properties)


def test_a_label_alone_touches_no_slide() -> None:
    file = deck(Slide(text_shape("text")))
    out = _written(file, LabelOrder(ORDER.properties))
    before, after = members_of(file), members_of(out)
    assert {n for n in before if before[n] != after[n]} == {"[Content_Types].xml", "_rels/.rels"}
    assert set(after) - set(before) == {"docProps/custom.xml"}


def test_untouched_members_lie_in_the_file_as_the_same_compressed_bytes() -> None:
    file = deck(Slide(text_shape("x")), more={"ppt/media/film.mp4": os.urandom(3 << 20)})
    out = _written(file)
    for name in zipfile.ZipFile(file).namelist():
        if not name.startswith(("ppt/slides/slide", "[Content", "_rels")):
            assert _packed(file, name) == _packed(out, name), name


def _packed(file: io.BytesIO, name: str) -> bytes:
    info = zipfile.ZipFile(file).getinfo(name)
    data = file.getvalue()
    names, extra = data[info.header_offset + 26], data[info.header_offset + 28]
    start = info.header_offset + 30 + names + extra
    return data[start : start + info.compress_size]


@pytest.mark.parametrize(
    "declaration",
    [
        '<?xml version="1.0" encoding="UTF-8"?>',
        "",
        "\ufeff",
        '<?xml version="1.0" encoding="UTF-16"?>',
        '<?xml version="1.0" encoding="ISO-8859-1"?>',
    ],
)
@pytest.mark.parametrize("prefix", ["p", "", "ns0"])
def test_encodings_and_prefixes_of_other_programs(declaration: str, prefix: str) -> None:
    first = _slide(deck(Slide(text_shape("caf\xe9 </p:spTree> text")))).decode()
    source = first[first.index("<p:sld") :].replace("</p:spTree> text", "&lt;/p:spTree> text")
    if prefix != "p":
        source = source.replace("xmlns:p=", f"xmlns:{prefix}=" if prefix else "xmlns=")
        source = source.replace("<p:", f"<{prefix}:" if prefix else "<")
        source = source.replace("</p:", f"</{prefix}:" if prefix else "</")
    encoding = "utf-16" if "16" in declaration else "latin-1" if "8859" in declaration else "utf-8"
    whole = (declaration + source).encode(encoding)
    file = deck(Slide(whole=whole))
    out = _written(file)
    assert PPTX.inspect(out, Wants()).marks[0].text == MARK
    assert "café" in PPTX.inspect(out, Wants(text=True)).text[0].text
    assert _written(out).getvalue() == out.getvalue()
    assert _slide(_written(out, LabelOrder({}, ""))) == whole


def test_a_tree_in_a_comment_is_not_taken_for_the_tree() -> None:
    file = deck(Slide("<!-- </p:spTree> --><![CDATA[</p:spTree>]]>" + text_shape("x")))
    assert MARK_SHAPE.sub(b"", _slide(_written(file))) == _slide(file)


def _marked_shape() -> str:
    shape = MARK_SHAPE.search(_slide(_written(deck(Slide()))))
    assert shape is not None
    return shape.group().decode()


def test_marks_that_others_moved_or_doubled_become_one_on_top() -> None:
    ours = _marked_shape()
    group = GROUP.replace("</p:grpSp>", ours + "</p:grpSp>")
    moved = deck(Slide(ours + group + text_shape("above", 30)))
    out = _slide(_written(moved))
    assert out.count(b"jp.go.meti.mark") == 1
    assert out.index(b"above") < out.index(b"jp.go.meti.mark")
    assert _digest(moved) == _digest(deck(Slide(GROUP + text_shape("above", 30))))


def test_the_mark_keeps_its_shape_id_unless_another_shape_has_it() -> None:
    ours = re.sub(r'id="\d+"', 'id="77"', _marked_shape(), count=1)
    assert b'id="77" name="jp' in _slide(_written(deck(Slide(ours)), OTHER))
    both = _slide(_written(deck(Slide(ours + text_shape("x", 77))), OTHER))
    assert b'id="78" name="jp' in both


@pytest.mark.parametrize(
    "taken", [["4294967295"], ["2147483647", "2147483646"], ["x", "-1", ""], ["5", "5"]]
)
def test_odd_shape_ids_leave_a_free_one(taken: list[str]) -> None:
    shapes = "".join(text_shape("x").replace('id="2"', f'id="{one}"') for one in taken)
    data = _slide(_written(deck(Slide(shapes))))
    (ours,) = re.findall(rb'id="(\d+)" name="jp', data)
    assert 1 < int(ours) < 0x7FFFFFFF
    assert data.count(b'id="' + ours + b'"') == 1


def test_a_shape_of_our_name_with_more_than_a_mark_is_content() -> None:
    disguised = text_shape("words\nsecond line", name="jp.go.meti.mark")
    file = deck(Slide(disguised))
    out = _written(file)
    assert b"second line" in _slide(out)
    assert _digest(file) != _digest(deck(Slide()))
    assert [one.own for one in PPTX.inspect(out, Wants()).marks] == [True]


def test_a_presentation_without_slides_is_labelled_and_says_so() -> None:
    out = io.BytesIO()
    assert PPTX.write_label(deck(), out, ORDER) == LabelReport(notes=("pptx.no-slides",))
    PPTX.verify_label(deck(), out, ORDER)


def test_a_slide_that_is_too_small_is_named() -> None:
    file, out = deck(Slide(), Slide(), size=(914400, 914400)), io.BytesIO()
    report = PPTX.write_label(file, out, ORDER)
    assert [(one.code, one.page) for one in report.skipped] == [
        ("mark.page-too-small", 1), ("mark.page-too-small", 2),
    ]  # fmt: skip
    PPTX.verify_label(file, out, ORDER)
    assert PPTX.inspect(out, Wants()).properties == ORDER.properties


@pytest.mark.parametrize("size", [None, (12192000, 6858000), (30267275, 42794238), (2000000,) * 2])
def test_the_mark_lies_within_the_slide(size: tuple[int, int] | None) -> None:
    (shape,) = MARK_SHAPE.findall(_slide(_written(deck(Slide(), size=size))))
    x, y = map(int, re.findall(rb'<a:off x="(\d+)" y="(\d+)"', shape)[0])
    cx, cy = map(int, re.findall(rb'<a:ext cx="(\d+)" cy="(\d+)"', shape)[0])
    width, height = size or (9144000, 6858000)
    assert 0 < x < x + cx < width
    assert 0 < y < y + cy < height / 2
    assert x + cx > width * 0.95
    assert int(re.findall(rb'sz="(\d+)"', shape)[0]) >= 600


@pytest.mark.parametrize("text", ["a\nb", "a\0b", "\ud800"])
def test_a_mark_that_cannot_be_written_is_refused(text: str) -> None:
    out = io.BytesIO()
    with pytest.raises(InvalidInput, match="text-not-storable"):
        PPTX.write_label(deck(Slide()), out, LabelOrder({}, text))
    assert out.getvalue() == b""


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=60))
@settings(max_examples=EXAMPLES, deadline=None, derandomize=True)
def test_any_text_is_read_back_as_it_was_marked(text: str) -> None:
    file = deck(Slide(text_shape("x")))
    out = _written(file, LabelOrder({LABEL_KEY: text}, text))
    assert _written(out, LabelOrder({LABEL_KEY: text}, text)).getvalue() == out.getvalue()
    assert _slide(_written(out, LabelOrder({}, ""))) == _slide(file)


def _tampered(file: io.BytesIO, name: str, old: bytes, new: bytes) -> io.BytesIO:
    members: dict[str, str | bytes] = dict(members_of(file))
    data = members[name]
    assert isinstance(data, bytes)
    assert old in data
    return zipped(members | {name: data.replace(old, new)})


@pytest.mark.parametrize(
    ("name", "old", "new", "what"),
    [
        ("docProps/custom.xml", b"C2;I2;A1", b"C1;I2;A1", "properties"),
        ("ppt/slides/slide1.xml", MARK.encode(), "機密性1情報".encode(), "mark"),
        ("ppt/slides/slide2.xml", b"jp.go.meti.mark", b"another name", "mark"),
        ("ppt/slides/slide1.xml", b"word", b"Word", "content"),
        ("ppt/slides/slide1.xml", b'name="Text"', b'name="Tex"', "content"),
        ("ppt/slideMasters/slideMaster1.xml", b'id="1"', b'id="3"', "content"),
        ("ppt/presentation.xml", b'r:id="s2"', b'r:id="s3"', "content"),
    ],
)
def test_the_proof_finds_what_is_not_as_ordered(
    name: str, old: bytes, new: bytes, what: str
) -> None:
    file = deck(Slide(text_shape("word")), Slide())
    with pytest.raises(InvalidInput) as told:
        PPTX.verify_label(file, _tampered(_written(file), name, old, new), ORDER)
    assert told.value.params["what"] == what


def test_the_proof_finds_lost_and_added_parts_and_a_mark_below_other_shapes() -> None:
    file = deck(Slide(text_shape("word")), more={"ppt/media/a.png": b"x"})
    out = dict(members_of(_written(file)))
    lost = {name: data for name, data in out.items() if name != "ppt/media/a.png"}
    (shape,) = MARK_SHAPE.findall(out["ppt/slides/slide1.xml"])
    below = out["ppt/slides/slide1.xml"].replace(shape, b"").replace(b"<p:sp>", shape + b"<p:sp>")
    for members, what in (
        (lost, "parts"),
        (out | {"ppt/new.xml": b"<x/>"}, "parts"),
        (out | {"ppt/slides/slide1.xml": below}, "mark"),
    ):
        with pytest.raises(InvalidInput) as told:
            PPTX.verify_label(file, zipped(members), ORDER)
        assert told.value.params["what"] == what


def test_python_pptx_opens_a_deck_of_its_own_with_our_mark_and_properties(tmp_path: Path) -> None:
    made = Presentation()
    for layout in (0, 1, 5, 6):
        made.slides.add_slide(made.slide_layouts[layout])
    table = made.slides.add_slide(made.slide_layouts[6]).shapes.add_table(
        2, 2, Inches(1), Inches(1), Inches(4), Inches(1)
    )
    table.table.cell(0, 0).text = "値"
    file = io.BytesIO()
    made.save(file)
    out = tmp_path / "out.pptx"
    out.write_bytes(_written(file).getvalue())
    opened = Presentation(str(out))
    for slide in opened.slides:
        shapes = list(slide.shapes)
        assert shapes[-1].text_frame.text == MARK
        assert shapes[-1].name == "jp.go.meti.mark"
        assert len({one.shape_id for one in shapes}) == len(shapes)
    custom = opened.part.package.part_related_by(
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
    )
    values = {
        one.get("name"): "".join(map(str, one.itertext())) for one in etree.fromstring(custom.blob)
    }
    assert values == ORDER.properties


@pytest.mark.parametrize(
    "change",
    [
        lambda ours: ours.replace(' txBox="1"', ""),
        lambda ours: ours.replace('name="jp.go.meti.mark"', 'name="jp.go.meti.mark.12"'),
    ],
)
def test_a_mark_that_libreoffice_converted_is_still_ours(change: Callable[[str], str]) -> None:
    file = deck(Slide(change(_marked_shape())))
    assert [one.own for one in PPTX.inspect(file, Wants()).marks] == [True]
    assert _digest(file) == _digest(deck(Slide()))
    assert _slide(_written(file)).count(b"jp.go.meti.mark") == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda ours: ours.replace("jp.go.meti.mark", "jp.go.meti.marked"),
        lambda ours: ours.replace(
            '<p:nvPr userDrawn="1"/>', '<p:nvPr><p:ph type="body"/></p:nvPr>'
        ),
    ],
)
def test_what_only_looks_like_our_mark_is_content(change: Callable[[str], str]) -> None:
    file = deck(Slide(change(_marked_shape())))
    assert _digest(file) != _digest(deck(Slide()))
    assert _slide(_written(file)).decode().count(MARK) == 2
