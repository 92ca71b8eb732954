import base64
import io

import pytest

from meti_desk.formats.base import Wants
from meti_desk.formats.odf.family import ODF
from tests.formats.odf.builder import (
    MEDIA,
    document,
    flat,
    manifest,
    master,
    members_for,
    p,
    part,
    sheet,
    slide,
    zipped,
)

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
_CHANGES = (
    "<text:tracked-changes><text:changed-region><text:deletion><office:change-info/>"
    "<text:p>DELETED</text:p></text:deletion></text:changed-region></text:tracked-changes>"
)
_NOTE = (
    '<text:p>word<text:note text:note-class="footnote"><text:note-citation>9</text:note-citation>'
    "<text:note-body><text:p>the note</text:p></text:note-body></text:note></text:p>"
)
_STYLES = (
    '<style:style style:name="Gone" style:family="text">'
    '<style:text-properties text:display="none"/></style:style>'
    '<style:style style:name="Child" style:family="text" style:parent-style-name="Gone"/>'
)


def texts(file: io.BytesIO) -> dict[str, str]:
    return {one.place: one.text for one in ODF.inspect(file, Wants(text=True)).text}


def digest(file: io.BytesIO) -> str:
    return ODF.inspect(file, Wants()).digest


def test_text_is_what_a_reader_sees() -> None:
    body = (
        _CHANGES + p("one<text:s text:c='2'/>two<text:tab/>three<text:line-break/>four")
        + p('<text:change-start text:change-id="a"/>inserted<text:change-end text:change-id="a"/>')
        + p("a<office:annotation><dc:creator>X</dc:creator><text:p>COMMENT</text:p>"
            "</office:annotation>b")
        + p('<text:span text:style-name="Gone">HIDDEN</text:span>'
            '<text:span text:style-name="Child">HIDDEN</text:span>shown')
        + '<text:section text:display="none"><text:p>HIDDEN</text:p></text:section>'
        + "<text:h>   head\n  line </text:h>" + _NOTE
        + "<text:p><text:ruby><text:ruby-base>漢字</text:ruby-base>"
          "<text:ruby-text>かんじ</text:ruby-text></text:ruby></text:p>"
    )  # fmt: skip
    found = texts(document("odt", body, automatic=_STYLES))
    assert found["body"].splitlines() == [
        "one  two\tthree", "four", "inserted", "ab", "shown", " head line ", "word", "漢字 かんじ",
    ]  # fmt: skip
    assert found["footnote"].strip() == "the note"


def test_sheets_slides_notes_and_headers_have_places_of_their_own() -> None:
    book = texts(
        document("ods", sheet("一覧", ("a", "b"), ("c", "d")) + sheet("2", ("e",)),
                 masters=master("Default", "pm1", f"<style:footer>{p('foot')}</style:footer>"))
    )  # fmt: skip
    assert book == {"sheet 一覧": "a\tb\t\nc\td\t\n", "sheet 2": "e\t\n", "footer": "foot\n"}
    notes = f"<presentation:notes><draw:frame><draw:text-box>{p('say')}</draw:text-box></draw:frame></presentation:notes>"  # noqa: E501
    show = texts(document("odp", slide("A", "x", inner=notes) + slide("B", "y")))
    assert {place: text.strip() for place, text in show.items()} == {
        "slide 1": "x", "notes 1": "say", "slide 2": "y"
    }  # fmt: skip


def test_prompts_of_empty_placeholders_are_no_text() -> None:
    empty = f'<draw:frame presentation:placeholder="true"><draw:text-box>{p("Click")}</draw:text-box></draw:frame>'  # noqa: E501
    assert texts(document("odp", slide("A", inner=empty))) == {}


_PLAIN = p("The price is 100 yen")


@pytest.mark.parametrize(
    ("variant", "before", "after"),
    [
        ("odt", _PLAIN, p("The price is 101 yen")),
        ("odt", _NOTE, _NOTE.replace("the note", "another")),
        ("odt", p("a"), p("a") + "<draw:frame><draw:text-box><text:p>b</text:p></draw:text-box></draw:frame>"),  # noqa: E501
        ("ods", '<table:table table:name="a"><table:table-row><table:table-cell table:formula="of:=1+1"><text:p>2</text:p></table:table-cell></table:table-row></table:table>',  # noqa: E501
         '<table:table table:name="a"><table:table-row><table:table-cell table:formula="of:=2*1"><text:p>2</text:p></table:table-cell></table:table-row></table:table>'),  # noqa: E501
        ("ods", '<table:table table:name="a"><table:table-row><table:table-cell office:value="2.4"><text:p>2</text:p></table:table-cell></table:table-row></table:table>',  # noqa: E501
         '<table:table table:name="a"><table:table-row><table:table-cell office:value="2.3"><text:p>2</text:p></table:table-cell></table:table-row></table:table>'),  # noqa: E501
        ("ods", sheet("a", ("x",)), sheet("b", ("x",))),
        ("odp", slide("a", "x"), slide("a", "y")),
        ("odp", slide("a", "x") + slide("b", "y"), slide("b", "y") + slide("a", "x")),
    ],
)  # fmt: skip
def test_the_digest_changes_with_what_is_seen(variant: str, before: str, after: str) -> None:
    assert digest(document(variant, before)) != digest(document(variant, after))


@pytest.mark.parametrize(
    ("variant", "before", "after"),
    [
        ("odt", _PLAIN, _CHANGES + p('The <text:span text:style-name="T1">price</text:span> is 100 yen')),  # noqa: E501
        ("odt", _PLAIN, p("The price <text:bookmark text:name='b'/>is <text:soft-page-break/>100 yen")),  # noqa: E501
        ("odt", p("page <text:page-number>1</text:page-number>"), p("page <text:page-number>7</text:page-number>")),  # noqa: E501
        ("odt", p("by <text:creator>A</text:creator>"), p("by <text:creator/>")),
        ("odt", p("a"), p("a<office:annotation><text:p>c</text:p></office:annotation>")),
        ("odp", slide("a", "x"), slide("z", "x", inner=f"<presentation:notes>{p('n')}</presentation:notes>")),  # noqa: E501
    ],
)  # fmt: skip
def test_the_digest_stays_where_nothing_seen_changed(variant: str, before: str, after: str) -> None:
    assert digest(document(variant, before)) == digest(document(variant, after))


def test_properties_settings_and_thumbnails_are_no_content() -> None:
    members = members_for("odt", p("x"))
    other = {
        **members, "settings.xml": part("document-settings", "<office:settings/>"),
        "Thumbnails/thumbnail.png": PNG,
        "meta.xml": part("document-meta", "<office:meta><dc:title>other</dc:title></office:meta>"),
    }  # fmt: skip
    assert digest(zipped(members)) == digest(zipped(other))


def _with_picture(data: bytes) -> io.BytesIO:
    frame = '<draw:frame draw:name="p"><draw:image xlink:href="Pictures/a.png"/></draw:frame>'
    return zipped({**members_for("odt", p(frame)), "Pictures/a.png": data})


def test_pictures_count_by_what_they_show() -> None:
    comment = b"\0\0\0\5tEXta\0bcd\0\0\0\0"
    noted = PNG[:33] + comment + PNG[33:]
    assert digest(_with_picture(PNG)) == digest(_with_picture(noted))
    assert digest(_with_picture(PNG)) != digest(_with_picture(b"other"))
    inline = flat("odt", p(
        "<draw:frame><draw:image><office:binary-data>" + base64.b64encode(PNG).decode()
        + "</office:binary-data></draw:image></draw:frame>"
    ))  # fmt: skip
    other = io.BytesIO(inline.getvalue().replace(b"iVBOR", b"iVBOS"))
    assert digest(inline) == digest(_with_picture(PNG))
    assert digest(inline) != digest(other)


def _with_object(word: str, kind: str = "chart", drawn: bytes = b"drawn") -> io.BytesIO:
    frame = (
        '<draw:frame><draw:object xlink:href="./Object 1"/>'
        '<draw:image xlink:href="./ObjectReplacements/Object 1"/></draw:frame>'
    )
    inner = f"<office:body><office:text>{p(word)}</office:text></office:body>"
    members = members_for("odt", p(frame))
    members["Object 1/content.xml"] = part("document-content", inner)
    members["ObjectReplacements/Object 1"] = drawn
    entry = (
        f'<manifest:file-entry manifest:full-path="Object 1/" manifest:media-type="{MEDIA}{kind}"/>'
    )
    members["META-INF/manifest.xml"] = manifest("text", {}, entry)
    return zipped(members)


def test_charts_and_formulas_count_by_what_they_say() -> None:
    assert "inside" in texts(_with_object("inside"))["body"]
    assert digest(_with_object("inside")) != digest(_with_object("else"))
    assert digest(_with_object("inside")) == digest(_with_object("inside", drawn=b"drawn anew"))


def test_other_embedded_documents_count_by_their_picture() -> None:
    book = _with_object("inside", "spreadsheet")
    assert "inside" in texts(book)["body"]
    assert digest(book) == digest(_with_object("else", "spreadsheet"))
    assert digest(book) != digest(_with_object("inside", "spreadsheet", b"other"))


def test_an_object_that_holds_itself_ends() -> None:
    members = members_for("odt", p('<draw:frame><draw:object xlink:href="./A"/></draw:frame>'))
    for name, other in (("A", "../B"), ("B", "../A"), ("A", ".")):
        members[f"{name}/content.xml"] = part(
            "document-content",
            "<office:body><office:text>"
            + p(f'<draw:frame><draw:object xlink:href="{other}"/></draw:frame>')
            + "</office:text></office:body>",
        )
    assert digest(zipped(members))


def test_a_frame_with_our_name_in_the_text_is_text() -> None:
    frame = '<draw:frame draw:name="jp.go.meti.mark.1"><draw:text-box><text:p>極秘の文</text:p></draw:text-box></draw:frame>'  # noqa: E501
    file = document("odt", p("a" + frame))
    assert "極秘の文" in texts(file)["body"]
    assert digest(file) != digest(document("odt", p("a")))


def test_a_mark_with_more_than_a_line_is_text() -> None:
    two = '<draw:frame draw:name="jp.go.meti.mark.1"><draw:text-box><text:p>a</text:p><text:p>b</text:p></draw:text-box></draw:frame>'  # noqa: E501
    assert "b" in texts(document("odp", slide("s", inner=two)))["slide 1"]


def test_hidden_slides_are_text_but_no_content() -> None:
    style = (
        '<style:style style:name="dp" style:family="drawing-page"><style:drawing-page-properties'
        ' presentation:visibility="hidden"/></style:style>'
    )
    both = document("odp", slide("a", "x") + slide("b", "HIDDEN", style="dp"), automatic=style)
    assert "HIDDEN" in texts(both)["slide 2"]
    assert digest(both) == digest(document("odp", slide("a", "x"), automatic=style))


def test_the_cache_of_a_linked_file_is_no_content() -> None:
    linked = sheet("'file:///a.ods'#$S", ("cached",)).replace(
        "<table:table-row>", '<table:table-source xlink:href="a.ods"/><table:table-row>', 1
    )
    file = document("ods", sheet("a", ("x",)) + linked)
    assert "cached" not in "".join(texts(file).values())
