"""What is read of presentations: text in reading order, the digest, marks in their places."""

import io
import random

import pytest
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from meti_desk.formats.base import LABEL_KEY, LabelOrder, MarkFound, Wants
from meti_desk.formats.ooxml.pptx import PPTX
from tests.formats.ooxml.builder import members_of, zipped
from tests.formats.ooxml.pptx.decks import (
    MC,
    TRANSITIONAL,
    Slide,
    deck,
    picture,
    text_shape,
)

TABLE = (
    '<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="5" name="t"/></p:nvGraphicFramePr>'
    '<p:xfrm><a:off x="0" y="2000000"/><a:ext cx="9" cy="9"/></p:xfrm><a:graphic><a:graphicData>'
    "<a:tbl>{}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
)
DIAGRAM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
DRAWING = "http://schemas.microsoft.com/office/drawing/2008/diagram"


def _cell(text: str, attributes: str = "") -> str:
    body = f"<a:txBody><a:bodyPr/><a:p><a:r><a:t>{text}</a:t></a:r></a:p></a:txBody>"
    return f"<a:tc{attributes}>{body}</a:tc>"


def _texts(file: io.BytesIO) -> dict[str, str]:
    return {one.place: one.text for one in PPTX.inspect(file, Wants(text=True)).text}


def _digest(file: io.BytesIO) -> str:
    return PPTX.inspect(file, Wants(findings=False)).digest


def _marks(file: io.BytesIO) -> set[tuple[str, str]]:
    return {(one.place, one.text) for one in PPTX.inspect(file, Wants()).marks}


def test_the_title_comes_first_then_the_shapes_as_they_stand() -> None:
    group = (
        '<p:grpSp><p:nvGrpSpPr><p:cNvPr id="7" name="g"/></p:nvGrpSpPr><p:grpSpPr/>'
        f"{text_shape('inner')}</p:grpSp>"
    )
    row = f"<a:tr>{_cell('a')}{_cell('b')}</a:tr><a:tr>{_cell('c')}{_cell('d')}</a:tr>"
    shapes = text_shape("body\nsecond") + group + TABLE.format(row) + text_shape("top", ph="title")
    file = deck(Slide(shapes, notes=text_shape("said", ph="body")), Slide(text_shape("next")))
    assert _texts(file) == {
        "slide 1": "top\nbody\nsecond\ninner\na\tb\nc\td",
        "notes 1": "said",
        "slide 2": "next",
    }


def test_runs_breaks_fields_and_formulas() -> None:
    inner = (
        "<a:r><a:t>one</a:t></a:r><a:r><a:t>two</a:t></a:r><a:br/>"
        '<a:fld type="slidenum"><a:t>7</a:t></a:fld><a:fld type="datetime1"><a:t>9/9</a:t></a:fld>'
        '<a:fld type="x"><a:t>kept</a:t></a:fld><a:endParaRPr/>'
        f'<mc:AlternateContent xmlns:mc="{MC}"><mc:Choice Requires="a14"><a14:m xmlns:a14="x">'
        '<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math">'
        "<m:r><m:t>x=1</m:t></m:r></m:oMath></a14:m></mc:Choice><mc:Fallback><a:r><a:t>pic</a:t>"
        "</a:r></mc:Fallback></mc:AlternateContent>"
    )
    shape = text_shape("X").replace("<a:r><a:t>X</a:t></a:r>", inner)
    assert _texts(deck(Slide(shape))) == {"slide 1": "onetwo\nkeptx=1"}


def test_what_nobody_sees_is_left_out() -> None:
    hidden = text_shape("hidden").replace('name="Text"', 'name="Text" hidden="1"')
    row = f"<a:tr>{_cell('wide', ' gridSpan=' + chr(34) + '2' + chr(34))}"
    row += _cell("covered", ' hMerge="1"') + "</a:tr>"
    alternate = (
        f"<mc:AlternateContent><mc:Choice>{text_shape('new')}</mc:Choice>"
        f"<mc:Fallback>{text_shape('old')}</mc:Fallback></mc:AlternateContent>"
    )
    numbers = text_shape("12", ph="sldNum")
    file = deck(Slide(hidden + TABLE.format(row) + alternate, notes=numbers))
    assert _texts(file) == {"slide 1": "wide\nnew"}


def _chart_deck(value: float = 3.5, title: str = "売上") -> io.BytesIO:
    made = Presentation()
    slide = made.slides.add_slide(made.slide_layouts[5])
    slide.shapes.title.text = title
    data = CategoryChartData()  # type: ignore[no-untyped-call] # python-pptx has no types
    data.categories = ["東", "西"]
    data.add_series("系列", (1.25, value))  # type: ignore[no-untyped-call] # as above
    slide.shapes.add_chart(
        XL_CHART_TYPE.COLUMN_CLUSTERED, Inches(1), Inches(2), Inches(5), Inches(3), data
    )
    file = io.BytesIO()
    made.save(file)
    return file


def test_the_values_of_charts_are_text_and_content() -> None:
    text = _texts(_chart_deck())["slide 1"]
    assert text.startswith("売上\n")
    assert {"東", "西", "系列", "1.25", "3.5"} <= set(text.split("\n"))
    assert _digest(_chart_deck(3.5)) == _digest(_chart_deck(3.5))
    assert _digest(_chart_deck(3.5)) != _digest(_chart_deck(3.6))


def _diagram_deck(*, drawn: str | None = "drawn") -> io.BytesIO:
    frame = (
        '<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="5" name="t"/></p:nvGraphicFramePr>'
        f'<a:graphic><a:graphicData><dgm:relIds xmlns:dgm="{DIAGRAM}" r:dm="d" r:lo="x"/>'
        "</a:graphicData></a:graphic></p:graphicFrame>"
    )
    extension = "" if drawn is None else f'<dsp:dataModelExt xmlns:dsp="{DRAWING}" relId="w"/>'
    model = (
        f'<dgm:dataModel xmlns:dgm="{DIAGRAM}" xmlns:a="{TRANSITIONAL["a"]}"><dgm:ptLst><dgm:pt>'
        "<dgm:t><a:p><a:r><a:t>model</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:ptLst>"
        f"<dgm:extLst>{extension}</dgm:extLst></dgm:dataModel>"
    )
    drawing = (
        f'<dsp:drawing xmlns:dsp="{DRAWING}" xmlns:a="{TRANSITIONAL["a"]}"><dsp:txBody><a:p>'
        f"<a:r><a:t>{drawn}</a:t></a:r></a:p></dsp:txBody></dsp:drawing>"
    )
    return deck(
        Slide(
            frame,
            links=(
                ("d", "diagramData", "../diagrams/data1.xml"),
                ("w", "diagramDrawing", "../diagrams/drawing1.xml"),
            ),
        ),
        more={"ppt/diagrams/data1.xml": model, "ppt/diagrams/drawing1.xml": drawing},
    )


def test_diagrams_give_the_text_of_their_drawing_or_else_of_their_data() -> None:
    assert _texts(_diagram_deck()) == {"slide 1": "drawn"}
    assert _texts(_diagram_deck(drawn=None)) == {"slide 1": "model"}
    assert _digest(_diagram_deck(drawn="drawn")) != _digest(_diagram_deck(drawn="drawm"))


PNG = b"\x89PNG\r\n\x1a\n"


def _pictured(data: bytes = b"first", *, link: str = "i") -> io.BytesIO:
    return deck(
        Slide(picture(link), links=(("i", "image", "../media/a.png"),)),
        more={"ppt/media/a.png": data},
    )


def test_the_digest_follows_what_is_seen() -> None:
    base = deck(Slide(text_shape("one")), Slide(text_shape("two"), notes=text_shape("n")))
    changed = [
        deck(Slide(text_shape("one.")), Slide(text_shape("two"), notes=text_shape("n"))),
        deck(Slide(text_shape("two"), notes=text_shape("n")), Slide(text_shape("one"))),
        deck(Slide(text_shape("one")), Slide(text_shape("two"), notes=text_shape("n")), layout=(
            text_shape("logo")
        )),
        deck(Slide(text_shape("one")), Slide(text_shape("two"), notes=text_shape("n")), master=(
            text_shape("logo")
        )),
    ]  # fmt: skip
    digests = [_digest(base), *map(_digest, changed)]
    assert len(set(digests)) == len(digests)
    hidden = Slide(text_shape("three"), ' show="0"')
    unseen = [
        deck(Slide(text_shape("one")), Slide(text_shape("two"), notes=text_shape("m"))),
        deck(Slide(text_shape("one")), hidden, Slide(text_shape("two"))),
    ]
    assert {_digest(one) for one in unseen} == {_digest(base)}
    assert _digest(_pictured(b"first")) != _digest(_pictured(b"other"))
    assert _digest(_pictured(link="none")) == _digest(_pictured(b"other", link="none"))


def test_the_digest_passes_over_what_saving_changes() -> None:
    shape = text_shape("one")
    base = deck(Slide(shape))
    resaved = shape.replace("<a:r>", '<a:r><a:rPr lang="ja-JP" dirty="0"/>', 1).replace(
        'id="2" name="Text"/>',
        'id="2" name="Text"><a:extLst><a:ext uri="{F}"><a16:creationId xmlns:a16="urn:x" '
        'id="{1}"/></a:ext></a:extLst></p:cNvPr>',
    )
    modified = '<p:extLst><p:ext uri="x"><p14:modId xmlns:p14="urn:y" val="7"/></p:ext></p:extLst>'
    more = {"ppt/viewProps.xml": "<x/>", "docProps/app.xml": "<x/>"}
    model = text_shape("click here", ph="title")
    again = deck(Slide(resaved, after=modified), more=more, layout=model, master=model)
    assert _digest(again) == _digest(base)
    split = shape.replace("one</a:t></a:r>", "o</a:t></a:r><a:r><a:t>ne</a:t></a:r>")
    assert _digest(deck(Slide(split))) == _digest(base)


def test_a_long_film_is_digested_in_pieces_as_a_whole() -> None:
    film = random.Random(5).randbytes(9 << 20)

    def digest(data: bytes) -> str:
        return _digest(_pictured(data))

    assert len(film) > 8 << 20
    assert digest(film) == digest(film)
    assert digest(film) != digest(film[:-1] + b"x")
    assert digest(PNG + film) != digest(film)


def test_marks_are_found_where_they_stand() -> None:
    low = 6858000 * 9 // 10
    first = (
        text_shape("社外秘", y=10000) + text_shape("機密性2情報の取扱い", y=3000000)
        + text_shape("取扱注意", y=low) + text_shape("極秘", ph="ftr")
    )  # fmt: skip
    second = text_shape("部外秘", y=3000000) + text_shape("機密性3情報", ph="title")
    file = deck(
        Slide(first, notes=text_shape("社外秘")), Slide(second), layout=text_shape("特定秘密"),
        master=text_shape("㊙", y=10) + text_shape("機密性1情報", ph="body"),
    )  # fmt: skip
    assert _marks(file) == {
        ("slide 1", "社外秘"),
        ("body 1", "機密性2情報の取扱い"),
        ("slide 1", "取扱注意"),
        ("footer 1", "極秘"),
        ("body 2", "機密性3情報"),
        ("layout", "特定秘密"),
        ("master", "㊙"),
    }


def test_a_mark_in_a_group_is_judged_by_its_place_on_the_slide() -> None:
    def grouped(top: int) -> io.BytesIO:
        frame = (
            f'<a:xfrm><a:off x="0" y="{top}"/><a:ext cx="9" cy="300000"/>'
            '<a:chOff x="0" y="5000000"/><a:chExt cx="9" cy="600000"/></a:xfrm>'
        )
        group = (
            '<p:grpSp><p:nvGrpSpPr><p:cNvPr id="7" name="g"/></p:nvGrpSpPr>'
            f"<p:grpSpPr>{frame}</p:grpSpPr>{text_shape('社外秘', y=5000000)}</p:grpSp>"
        )
        return deck(Slide(), Slide(group))

    assert _marks(grouped(100000)) == {("slide 2", "社外秘")}
    assert _marks(grouped(3000000)) == set()


@pytest.mark.parametrize("runs", [("社外", "秘"), ("機密", "性", "3情報"), ("C2 ", "I1A1")])
def test_a_mark_split_into_runs_is_found_on_a_layout(runs: tuple[str, ...]) -> None:
    split = "".join(f"<a:r><a:t>{one}</a:t></a:r>" for one in runs)
    shape = text_shape("X").replace("<a:r><a:t>X</a:t></a:r>", split)
    seen = PPTX.inspect(deck(Slide(), layout=shape), Wants(digest=False)).marks
    assert seen == (MarkFound("".join(runs), "layout"),)


def test_marks_in_the_properties_count() -> None:
    core = (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
        'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>社外秘</dc:title>'
        "</cp:coreProperties>"
    )
    members: dict[str, str | bytes] = dict(members_of(deck(Slide())))
    links = members["_rels/.rels"]
    assert isinstance(links, bytes)
    kind = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    row = f'<Relationship Id="c" Type="{kind}" Target="core.xml"/></Relationships>'
    members["_rels/.rels"] = links.decode().replace("</Relationships>", row)
    assert _marks(zipped(members | {"core.xml": core})) == {("property", "社外秘")}


@pytest.mark.parametrize(
    ("kind", "variant"),
    [
        ("openxmlformats-officedocument.presentationml.presentation.main", "pptx"),
        ("openxmlformats-officedocument.presentationml.template.main", "potx"),
        ("openxmlformats-officedocument.presentationml.slideshow.main", "ppsx"),
        ("ms-powerpoint.presentation.macroEnabled.main", "pptm"),
        ("ms-powerpoint.template.macroEnabled.main", "potm"),
        ("ms-powerpoint.slideshow.macroEnabled.main", "ppsm"),
    ],
)
def test_variants_go_by_the_content_type(kind: str, variant: str) -> None:
    file = deck(Slide(text_shape("x")), main_type=f"application/vnd.{kind}+xml")
    assert PPTX.recognise(file.getvalue()[:4096], file) == variant
    out = io.BytesIO()
    order = LabelOrder({LABEL_KEY: "C2;I1;A1"}, "機密性2情報")
    PPTX.write_label(file, out, order)
    PPTX.verify_label(file, out, order)
    assert PPTX.inspect(out, Wants()).format == variant


def test_other_documents_are_left_to_their_families() -> None:
    file = deck(Slide(), main_type="application/vnd.ms-excel.sheet.macroEnabled.main+xml")
    assert PPTX.recognise(file.getvalue()[:4096], file) is None
