import io
import os
import re
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.base import (
    HANDLING_KEY,
    LABEL_KEY,
    LabelOrder,
    MarkFound,
    Wants,
)
from meti_desk.formats.odf.family import ODF
from meti_desk.formats.odf.package import OdfFile
from meti_desk.formats.odf.properties import read_custom
from tests.formats.odf.builder import (
    LAYOUT,
    MARK,
    STANDARD,
    document,
    flat,
    master,
    members_for,
    members_of,
    p,
    part,
    sheet,
    slide,
    zipped,
)

ORDER = LabelOrder({LABEL_KEY: "C2;I2;A1", HANDLING_KEY: "複製禁止"}, MARK)
LOWER = "機密性1情報（完全性1・可用性1）"
EXAMPLES = 500 if os.environ.get("METI_DESK_FULL") else 40

_HEADER = f"<style:header>{p('HEADER')}</style:header>"
_LEFT = f"<style:header-left>{p('LEFT')}</style:header-left>"
_FIRST = f"<style:header-first>{p('FIRST')}</style:header-first>"
_OFF = '<style:header style:display="false"/>'
_LEFT_OFF = '<style:header-left style:display="false"/>'
_TABLE = f"<table:table><table:table-row><table:table-cell>{p('C')}</table:table-cell></table:table-row></table:table>"  # noqa: E501 - one piece of XML
_NAME = "<text:p><text:sheet-name>???</text:sheet-name></text:p>"
_RIGHT = f"<style:region-right>{p('RIGHT')}</style:region-right>"
_NOTE = '<text:p>x<text:note text:note-class="endnote"><text:note-citation>i</text:note-citation><text:note-body><text:p>END</text:p></text:note-body></text:note></text:p>'  # noqa: E501
_HIDING = '<style:style style:name="Gone" style:family="paragraph"><style:text-properties text:display="none"/></style:style>'  # noqa: E501

PAGES = {
    # name: (master pages, marks that have to stand)
    "none": (STANDARD, 1),
    "open": (master("Standard", "pm1"), 1),
    "header": (master("Standard", "pm1", _HEADER), 1),
    "left": (master("Standard", "pm1", _HEADER + _LEFT), 2),
    "left-off": (master("Standard", "pm1", _HEADER + _LEFT_OFF), 1),
    "first": (master("Standard", "pm1", _HEADER + _FIRST), 2),
    "old-first": (master("Standard", "pm1", (_HEADER + _FIRST).replace("style:header-first", "loext:header-first")), 2),  # noqa: E501
    "footer-first": (master("Standard", "pm1", f"<style:footer>{p('F')}</style:footer><style:footer-first>{p('G')}</style:footer-first>"), 2),  # noqa: E501
    "off": (master("Standard", "pm1", _OFF), 1),
    "table": (master("Standard", "pm1", f"<style:header>{_TABLE}</style:header>"), 1),
    "empty": (master("Standard", "pm1", "<style:header/>"), 1),
    "hidden": (master("Standard", "pm1", f"<style:header>{p('x', 'Gone')}</style:header>"), 1),
    "several": (master("Standard", "pm1", _HEADER) + master("Second", "pm1") + master("Third", "pm1"), 3),  # noqa: E501
    "no-layout": ('<style:master-page style:name="Standard"/>', 1),
    "unknown-layout": (master("Standard", "nowhere"), 1),
    "nothing": ("<!-- -->", 1),
}  # fmt: skip


def written(file: io.BytesIO, order: LabelOrder = ORDER) -> io.BytesIO:
    """Write a label and prove it."""
    out = io.BytesIO()
    ODF.write_label(file, out, order)
    ODF.verify_label(file, out, order)
    return out


def digest(file: io.BytesIO) -> str:
    return ODF.inspect(file, Wants(findings=False)).digest


def _everything(file: io.BytesIO) -> str:
    return "".join(data.decode() for data in members_of(file).values())


def _cycle(file: io.BytesIO, marks: int) -> io.BytesIO:
    """Mark, mark again, mark otherwise, and take away; give the last."""
    out = written(file)
    text = _everything(out)
    assert text.count("機密性2情報") == marks
    seen = ODF.inspect(out, Wants(text=True))
    assert seen.properties == ORDER.properties
    assert {one for one in seen.marks if one.own} == {
        MarkFound(MARK, seen.marks[0].place, own=True)
    }
    assert seen.digest == digest(file)
    assert seen.text == ODF.inspect(file, Wants(text=True)).text
    assert written(out).getvalue() == out.getvalue()
    other = written(out, LabelOrder(ORDER.properties, LOWER))
    assert "機密性2" not in _everything(other)
    assert _everything(other).count("機密性1情報") == marks
    removed = written(other, LabelOrder({}, ""))
    assert "機密性1" not in _everything(removed)
    assert "jp.go.meti" not in _everything(removed)
    assert digest(removed) == digest(file)
    return removed


@pytest.mark.parametrize("name", PAGES)
def test_every_header_of_a_text_gets_the_mark_once(name: str) -> None:
    masters, marks = PAGES[name]
    file = document("odt", p("text"), masters=masters, layouts=LAYOUT + _HIDING)
    removed = _cycle(file, marks)
    if name in {"none", "header", "left", "left-off", "first", "footer-first", "nothing"}:
        assert members_of(removed) == members_of(file)


def test_a_page_without_header_keeps_its_room_and_others_their_layout() -> None:
    file = document("odt", "", masters=master("Standard", "pm1", _HEADER) + master("B", "pm1"))
    styles = members_of(written(file))["styles.xml"].decode()
    assert LAYOUT in styles
    assert 'style:name="jp.go.meti.layout.pm1"' in styles
    copy = styles.partition('style:name="jp.go.meti.layout.pm1"')[2]
    assert 'fo:margin-top="1.9cm"' in copy
    assert 'fo:min-height="0.1cm"' in copy
    assert '<style:master-page style:name="Standard" style:page-layout-name="pm1">' in styles
    assert 'style:name="B" style:page-layout-name="jp.go.meti.layout.pm1"' in styles


def test_endnotes_stand_on_a_marked_page() -> None:
    removed = _cycle(document("odt", _NOTE), 2)
    assert "Endnote" not in _everything(removed)


def test_a_mark_hangs_on_no_hidden_paragraph() -> None:
    masters = master("Standard", "pm1", f"<style:header>{p('x', 'Gone')}</style:header>")
    styles = members_of(written(document("odt", "", masters=masters, layouts=LAYOUT + _HIDING)))
    assert f"{p('x', 'Gone')}<text:p" in styles["styles.xml"].decode()


@pytest.mark.parametrize(
    ("name", "masters", "marks"),
    [
        ("bare", master("Default", "pm1"), 1),
        ("name", master("Default", "pm1", f"<style:header>{_NAME}</style:header>" + _LEFT_OFF), 1),
        ("off", master("Default", "pm1", f'<style:header style:display="false">{_NAME}</style:header>' + _LEFT_OFF), 1),  # noqa: E501
        ("right", master("Default", "pm1", f"<style:header>{_RIGHT}</style:header>"), 1),
        ("empty", master("Default", "pm1", "<style:header><style:region-right><text:p/></style:region-right></style:header>"), 1),  # noqa: E501
        ("left", master("Default", "pm1", f"<style:header>{_NAME}</style:header>" + _LEFT), 2),
        ("two", master("Default", "pm1") + master("Report", "pm1", f"<style:header>{_RIGHT}</style:header>"), 2),  # noqa: E501
        ("nothing", "<!-- -->", 1),
    ],
)  # fmt: skip
def test_every_page_style_of_a_workbook_gets_the_mark(name: str, masters: str, marks: int) -> None:
    file = document("ods", sheet("一覧", ("a", "b")), masters=masters)
    removed = _cycle(file, marks)
    if name in {"off", "right", "nothing"}:
        assert members_of(removed) == members_of(file)
    styles = members_of(written(file))["styles.xml"].decode()
    if name == "name":
        assert "<text:sheet-name>???</text:sheet-name></text:p></style:region-center>" in styles


def test_a_line_of_a_workbook_is_ours_after_a_program_renamed_its_style() -> None:
    out = members_of(written(document("ods", sheet("a", ("b",)))))
    out["styles.xml"] = out["styles.xml"].replace(b"jp.go.meti.text", b"T1")
    changed = zipped(out)
    assert [one.own for one in ODF.inspect(changed, Wants()).marks] == [True]
    again = written(changed, LabelOrder(ORDER.properties, LOWER))
    assert _everything(again).count("機密性") == 1


_ANIMATED = "<anim:par><anim:seq/></anim:par><presentation:notes/>"


@pytest.mark.parametrize("variant", ["odp", "odg"])
def test_every_slide_gets_a_frame_on_top_of_it(variant: str) -> None:
    inner = _ANIMATED if variant == "odp" else "<draw:rect/>"
    file = document(variant, slide("one", "A", inner=inner) + slide("two"))
    removed = _cycle(file, 2)
    assert members_of(removed)["styles.xml"] == members_of(file)["styles.xml"]
    content = members_of(written(file))["content.xml"].decode()
    assert members_of(written(file))["styles.xml"] == members_of(file)["styles.xml"]
    first = content.partition('draw:name="one"')[2].partition("</draw:page>")[0]
    assert first.index("A</text:p>") < first.index("機密性2")
    if variant == "odp":
        assert first.index("機密性2") < first.index("<anim:par>") < first.index("notes")
    else:
        assert first.index("<draw:rect/>") < first.index("機密性2")


def test_a_presentation_without_slides_has_nothing_to_mark() -> None:
    out = io.BytesIO()
    assert ODF.write_label(document("odp"), out, ORDER).marked == 0
    ODF.verify_label(document("odp"), out, ORDER)


@pytest.mark.parametrize(
    ("variant", "body", "marks"),
    [("odt", p("t"), 1), ("ods", sheet("s", ("c",)), 1), ("odp", slide("a", "b"), 1)],
)
def test_flat_files_are_labelled_too(variant: str, body: str, marks: int) -> None:
    file = flat(variant, body)
    assert ODF.recognise(file.getvalue()[:4096], file) == "f" + variant
    out = written(file)
    assert out.getvalue().decode().count("機密性2情報") == marks
    assert written(out).getvalue() == out.getvalue()
    assert digest(out) == digest(file)
    seen = ODF.inspect(out, Wants())
    assert (seen.properties, seen.markable) == (ORDER.properties, True)
    removed = written(out, LabelOrder({}, ""))
    assert b"jp.go" not in removed.getvalue()


def test_kinds_without_pages_take_the_properties_alone() -> None:
    members = members_for("odt", p("x"))
    members["mimetype"] = "application/vnd.oasis.opendocument.formula"
    members["content.xml"] = '<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math>'
    file = zipped(members)
    assert ODF.recognise(file.getvalue()[:4096], file) == "odf"
    seen = ODF.inspect(file, Wants(text=True))
    assert (seen.markable, seen.embeds) == (False, True)
    assert [one.text for one in seen.text] == ["x"]
    out = written(file)
    changed = {n for n, d in members_of(file).items() if members_of(out)[n] != d}
    assert changed == {"meta.xml"}


def _packed(file: io.BytesIO) -> dict[str, tuple[bytes, int]]:
    """Read the members as they lie compressed."""
    found = {}
    with zipfile.ZipFile(file) as source:
        for info in source.infolist():
            file.seek(info.header_offset + 26)
            name, extra = (int.from_bytes(file.read(2), "little") for _ in range(2))
            file.seek(info.header_offset + 30 + name + extra)
            found[info.filename] = (file.read(info.compress_size), info.compress_type)
    return found


@pytest.mark.parametrize("first", ["mimetype", "content.xml"])
def test_untouched_members_stay_compressed_as_they_are_in_their_order(first: str) -> None:
    members = members_for("odt", p("x") * 50)
    members["Pictures/a.png"] = b"\x89PNG" + bytes(500)
    file = zipped(members, first=first)
    out = written(file)
    before, after = _packed(file), _packed(out)
    assert list(before) == list(after)
    assert next(iter(after)) == first
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"styles.xml", "meta.xml"}
    assert after["mimetype"][1] == zipfile.ZIP_STORED


def test_only_what_was_put_in_differs() -> None:
    strange = "<?xml version='1.0'   encoding='utf-8' ?>\n<!-- k&eep -->\n"
    members = members_for("odt", p("x"))
    for name in ("styles.xml", "meta.xml"):
        plain = (
            str(members[name])
            .partition("\n")[2]
            .replace('name="Standard"', 'name="Stan&#100;ard"')
            .replace(">t<", ">&#116;<")
        )
        members[name] = strange + plain.replace(
            ' office:version="1.2"', "\n  office:version = '1.2' "
        )
    file = zipped(members)
    out = members_of(written(file))
    for name in ("styles.xml", "meta.xml"):
        before, after = str(members[name]), out[name].decode()
        kept = re.split(r"jp\.go\.meti|</office:meta>", after)[0]
        assert before.startswith(kept[:400])
        assert after.startswith(strange)
    back = members_of(written(zipped(out), LabelOrder({}, "")))
    assert {n: d.decode() for n, d in back.items()} == {n: str(d) for n, d in members.items()}


def test_a_missing_meta_is_made_with_its_entry_and_taken_away_again() -> None:
    file = document("odt", p("x"), meta=None)
    out = written(file, LabelOrder(ORDER.properties))
    members = members_of(out)
    assert next(iter(members)) == "mimetype"
    assert members["META-INF/manifest.xml"].count(b'"meta.xml"') == 1
    assert read_custom(OdfFile(out)) == ORDER.properties
    assert members_of(written(out, LabelOrder({}))) == members_of(file)


def test_missing_styles_are_made_with_their_entry() -> None:
    members = members_for("odt", p("x"))
    del members["styles.xml"]
    members["META-INF/manifest.xml"] = str(members["META-INF/manifest.xml"]).replace(
        '<manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/>', ""
    )
    file = zipped(members)
    assert members_of(_cycle(file, 1)) == members_of(file)


_FOREIGN = (
    '<meta:user-defined meta:name="Mine" meta:value-type="float">5</meta:user-defined>'
    '<meta:user-defined meta:name="jp.go.meti.label">old</meta:user-defined>'
    '<meta:user-defined meta:name="jp.go.meti.label">double</meta:user-defined>'
    '<meta:user-defined meta:name="urn:bails:IntellectualProperty:BusinessAuthorizationCategory:'
    'Name">Confidential</meta:user-defined>'
)


def test_properties_of_others_stay_and_are_read_as_labels() -> None:
    file = document("odt", p("x"), meta=_FOREIGN)
    out = written(file, LabelOrder({LABEL_KEY: "C1;I1;A1"}))
    meta = members_of(out)["meta.xml"].decode()
    assert _FOREIGN.split("</meta:user-defined>", maxsplit=1)[0] in meta
    assert meta.count("jp.go.meti.label") == 1
    seen = ODF.inspect(out, Wants())
    assert seen.properties == {LABEL_KEY: "C1;I1;A1"}
    assert [(one.scheme, one.id, one.place) for one in seen.foreign] == [
        ("tscp", "Confidential", "meta.xml")
    ]


def test_a_label_alone_touches_only_the_properties() -> None:
    file = document("odt", p("text"))
    out = written(file, LabelOrder(ORDER.properties))
    before, after = members_of(file), members_of(out)
    assert {n for n in before if before[n] != after[n]} == {"meta.xml"}


_XML_TEXT = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\ufffe\uffff")
    | st.sampled_from("\t\n\r")
)
_NOT_STORABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@settings(derandomize=True, max_examples=EXAMPLES, deadline=None)
@given(st.dictionaries(_XML_TEXT.map(lambda name: "jp.go.meti." + name), _XML_TEXT, max_size=4))
def test_what_is_written_is_what_is_read(properties: dict[str, str]) -> None:
    file = document("odt", p("x"))
    out = io.BytesIO()
    ODF.write_label(file, out, LabelOrder(properties))
    assert ODF.inspect(out, Wants(findings=False, digest=False)).properties == properties
    back = io.BytesIO()
    ODF.write_label(out, back, LabelOrder({}))
    assert members_of(back) == members_of(file)


@pytest.mark.parametrize(
    ("variant", "body"), [("odt", p("x")), ("ods", sheet("s", ("c",))), ("odp", slide("a"))]
)
@settings(derandomize=True, max_examples=EXAMPLES, deadline=None)
@given(mark=st.text(min_size=1) | st.text(st.sampled_from(" \t\na密<&\"'"), min_size=1))
def test_any_mark_is_written_or_refused(variant: str, body: str, mark: str) -> None:
    file = document(variant, body)
    out = io.BytesIO()
    if _NOT_STORABLE.search(mark):
        with pytest.raises(InvalidInput, match=r"mark\.text-not-storable"):
            ODF.write_label(file, out, LabelOrder({}, mark))
    else:
        ODF.write_label(file, out, LabelOrder({}, mark))
        ODF.verify_label(file, out, LabelOrder({}, mark))


@pytest.mark.parametrize("bad", ["\0", "\x0b", "\ufffe", "\ud800"])
def test_text_that_xml_cannot_hold_is_refused(bad: str) -> None:
    with pytest.raises(InvalidInput) as told:
        ODF.write_label(document(), io.BytesIO(), LabelOrder({LABEL_KEY: bad}))
    assert told.value.code == "label.text-not-storable"


def test_a_key_that_is_not_ours_is_refused() -> None:
    with pytest.raises(InvalidInput) as told:
        ODF.write_label(document(), io.BytesIO(), LabelOrder({"Title": "x"}))
    assert told.value.code == "label.foreign-key"


def test_the_proof_sees_what_is_missing() -> None:
    file = document("odt", p("one"))
    out = written(file)
    bare = members_of(out)
    bare["extra.xml"] = b"<x/>"
    for before, order, other, what in (
        (file, LabelOrder({LABEL_KEY: "C1;I1;A1"}), out, "properties"),
        (file, LabelOrder(ORDER.properties, "another"), out, "mark"),
        (file, LabelOrder(ORDER.properties), out, "mark"),
        (file, LabelOrder({}), document("odt", p("two")), "content"),
        (zipped(bare), ORDER, out, "parts"),
    ):
        with pytest.raises(InvalidInput) as told:
            ODF.verify_label(before, other, order)
        assert (told.value.code, told.value.params["what"]) == ("label.not-proven", what)


def test_typed_marks_are_found_where_marks_stand() -> None:
    masters = master(
        "Standard", "pm1",
        f"<style:header>{p('秘')}</style:header><style:footer>{p('取扱注意')}</style:footer>",
    )  # fmt: skip
    body = p("【機密性３情報】") + p("秘書が秘密保持契約を読む") + p("text") * 9 + p("極秘")
    file = document("odt", body, masters=masters, meta="<dc:title>部外秘</dc:title>")
    found = {(one.text, one.place, one.own) for one in ODF.inspect(file, Wants()).marks}
    assert found == {
        ("秘", "header", False), ("取扱注意", "footer", False),
        ("【機密性３情報】", "body", False), ("部外秘", "property", False),
    }  # fmt: skip


def test_part_written_in_another_encoding_is_marked() -> None:
    members = members_for("odt", p("x"))
    utf16 = str(members["styles.xml"]).replace("UTF-8", "UTF-16").encode("utf-16")
    sjis = str(members["meta.xml"]).replace("UTF-8", "Shift_JIS").replace(">t<", ">題<")
    file = zipped({**members, "styles.xml": utf16, "meta.xml": sjis.encode("shift_jis")})
    out = members_of(written(file))
    assert MARK in out["styles.xml"].decode()
    assert "<dc:title>題</dc:title>" in out["meta.xml"].decode()


def test_default_namespaces_and_odd_prefixes_are_understood() -> None:
    styles = part("document-styles", f"<office:automatic-styles>{LAYOUT}</office:automatic-styles>"
                  f"<office:master-styles>{STANDARD}</office:master-styles>")  # fmt: skip
    odd = re.sub(r"(</?|xmlns:|\s)style([:=])", r"\1s\2", styles)
    file = zipped({**members_for("odt", p("x")), "styles.xml": odd})
    removed = _cycle(file, 1)
    assert members_of(removed) == members_of(file)


def _converted(text: str, name: str = "jp.go.meti.mark", more: str = "") -> str:
    """Write a slide's mark of PowerPoint as LibreOffice converts it."""
    return (
        f'<draw:custom-shape draw:name="{name}" svg:x="9cm" svg:y="1cm" svg:width="7cm" '
        f'svg:height="1cm">{p(text)}{more}<draw:enhanced-geometry/></draw:custom-shape>'
    )


def test_a_mark_that_comes_from_a_presentation_is_ours_and_replaced() -> None:
    file = document("odp", slide("one", "text", inner=_converted("機密性3情報")))
    assert ODF.inspect(file, Wants()).marks == (MarkFound("機密性3情報", "slide", own=True),)
    assert digest(file) == digest(document("odp", slide("one", "text")))
    out = written(file)
    assert [one.text for one in ODF.inspect(out, Wants()).marks] == [MARK]
    assert "機密性3情報" not in members_of(out)["content.xml"].decode()


@pytest.mark.parametrize(
    "inner", [_converted("words", "mine"), _converted("words", more=p("second line"))]
)
def test_other_shapes_on_a_slide_are_content(inner: str) -> None:
    file = document("odp", slide("one", "text", inner=inner))
    assert digest(file) != digest(document("odp", slide("one", "text")))
    assert "words" in members_of(written(file))["content.xml"].decode()
