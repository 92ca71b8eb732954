import io
import itertools
import os
import re
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.base import HANDLING_KEY, LABEL_KEY, LabelOrder, Wants
from meti_desk.formats.ooxml.docx import DOCX
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.properties import read_custom
from meti_desk.formats.ooxml.sections import shown_headers
from tests.formats.ooxml.builder import document, members_of, paragraph, types, zipped

MARK = "機密性2情報（完全性2・可用性1） 複製禁止"
ORDER = LabelOrder({LABEL_KEY: "C2;I2;A1", HANDLING_KEY: "複製禁止"}, MARK)
EXAMPLES = 500 if os.environ.get("METI_DESK_FULL") else 40


def _written(file: io.BytesIO, order: LabelOrder) -> io.BytesIO:
    out = io.BytesIO()
    DOCX.write_label(file, out, order)
    DOCX.verify_label(file, out, order)
    return out


def _digest(file: io.BytesIO) -> str:
    return DOCX.inspect(file, Wants(findings=False)).digest


def _reference(kind: str, link: str) -> str:
    return f'<w:headerReference w:type="{kind}" r:id="{link}"/>'


def _combination(
    *, strict: bool, title: bool, even: bool, sections: int, headers: str
) -> io.BytesIO:
    """Make one of all combinations; `headers`: none, first (inherited by the rest), all, every."""
    made: dict[str, str] = {}
    body = ""
    for number in range(sections):
        references = ""
        wanted = {"none": (), "own": ("default",), "every": ("default", "first", "even")}
        kinds = wanted[
            "none" if headers == "none" else headers if headers != "inherited" else "own"
        ]
        if headers == "inherited" and number:
            kinds = ()
        for kind in kinds:
            link = f"h{number}{kind}"
            made[link] = paragraph(f"header {number} {kind}")
            references += _reference(kind, link)
        inner = references + ("<w:titlePg/>" if title else "")
        section = f"<w:sectPr>{inner}</w:sectPr>"
        last = number == sections - 1
        text = paragraph(f"text {number}", "" if last else f"<w:pPr>{section}</w:pPr>")
        body += text + (section if last else "")
    odd = "<w:evenAndOddHeaders/>" if even else ""
    return document(body or paragraph("alone"), strict=strict, headers=made, settings=odd)


@pytest.mark.parametrize(
    ("strict", "title", "even", "sections", "headers"),
    list(
        itertools.product(
            (False, True), (False, True), (False, True), (0, 1, 3),
            ("none", "own", "inherited", "every"),
        )
    ),
)  # fmt: skip
def test_every_page_gets_the_mark_once(
    strict: bool,  # noqa: FBT001 - the parameters of a table
    title: bool,  # noqa: FBT001
    even: bool,  # noqa: FBT001
    sections: int,
    headers: str,
) -> None:
    file = _combination(strict=strict, title=title, even=even, sections=sections, headers=headers)
    out = _written(file, ORDER)
    shown = shown_headers(Package(out))
    kinds = {"default", *(["first"] if title and sections else []), *(["even"] if even else [])}
    assert {kind for _, kind in shown} == kinds
    members = members_of(out)
    for part in shown.values():
        assert part is not None
        assert members[part].decode().count("機密性2情報") == 1
    # What a section showed before is still what it shows.
    before = shown_headers(Package(file))
    for place, part in before.items():
        if part is not None:
            assert shown[place] == part
    if headers in {"none", "inherited"} and sections:
        assert len(set(shown.values())) <= 3
    assert _digest(out) == _digest(file)
    again = _written(out, ORDER)
    assert again.getvalue() == out.getvalue()
    other = _written(out, LabelOrder(ORDER.properties, "機密性1情報"))
    assert b"\xe6\xa9\x9f\xe5\xaf\x86\xe6\x80\xa72" not in b"".join(members_of(other).values())
    removed = _written(other, LabelOrder({}, ""))
    assert set(members_of(removed)) == set(members_of(file))
    if sections:
        assert shown_headers(Package(removed)) == before


def test_a_former_section_is_left_alone() -> None:
    body = paragraph("x") + (
        '<w:sectPr><w:sectPrChange w:id="1" w:author="a"><w:sectPr><w:titlePg/></w:sectPr>'
        "</w:sectPrChange></w:sectPr>"
    )
    out = members_of(_written(document(body), ORDER))["word/document.xml"].decode()
    assert out.index("headerReference") < out.index("sectPrChange")
    assert out.count("headerReference") == 1


def test_the_mark_stands_in_a_frame_that_takes_no_room() -> None:
    header = members_of(_written(document(paragraph("x")), ORDER))["word/headerMeti1.xml"].decode()
    assert 'w:val="jp.go.meti.mark"' in header
    assert 'w:vAnchor="page"' in header
    assert "framePr" in header


def test_a_small_top_margin_is_not_pushed_down() -> None:
    body = paragraph("x") + '<w:sectPr><w:pgMar w:top="500" w:header="720"/></w:sectPr>'
    out = members_of(_written(document(body), ORDER))["word/document.xml"].decode()
    assert 'w:header="180"' in out


def test_a_label_alone_touches_no_other_member() -> None:
    file = document(paragraph("text"))
    out = _written(file, LabelOrder(ORDER.properties))
    before, after = members_of(file), members_of(out)
    assert {n for n in before if before[n] != after[n]} == {"[Content_Types].xml", "_rels/.rels"}
    assert set(after) - set(before) == {"docProps/custom.xml"}


def _with_foreign() -> io.BytesIO:
    members = members_of(_written(document(paragraph("x")), LabelOrder(ORDER.properties)))
    custom = members["docProps/custom.xml"].decode()
    foreign = (
        '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="7" name="Mine" '
        'linkTarget="x"><vt:i4>5</vt:i4></property></Properties>'
    )
    members["docProps/custom.xml"] = custom.replace("</Properties>", foreign).encode()
    return zipped(members)


def test_properties_of_others_stay_as_they_are() -> None:
    file = _with_foreign()
    changed = _written(file, LabelOrder({LABEL_KEY: "C1;I1;A1"}))
    custom = members_of(changed)["docProps/custom.xml"].decode()
    assert "<vt:i4>5</vt:i4>" in custom
    assert 'pid="7" name="Mine" linkTarget="x"' in custom
    assert read_custom(Package(changed)) == {LABEL_KEY: "C1;I1;A1", "Mine": "5"}
    bare = _written(changed, LabelOrder({}))
    assert read_custom(Package(bare)) == {"Mine": "5"}
    fresh = _written(bare, LabelOrder({LABEL_KEY: "C3;I1;A1"}))
    pids = re.findall(r'pid="(\d+)"', members_of(fresh)["docProps/custom.xml"].decode())
    assert sorted(pids) == ["7", "8"]


def test_removing_the_last_property_removes_the_part() -> None:
    file = document(paragraph("x"))
    out = _written(_written(file, LabelOrder(ORDER.properties)), LabelOrder({}))
    assert "docProps/custom.xml" not in members_of(out)
    assert b"custom" not in members_of(out)["[Content_Types].xml"]


_XML_TEXT = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\ufffe\uffff")
    | st.sampled_from("\t\n\r")
)


@settings(derandomize=True, max_examples=EXAMPLES, deadline=None)
@given(st.dictionaries(_XML_TEXT.map(lambda name: "jp.go.meti." + name), _XML_TEXT, max_size=4))
def test_what_is_written_is_what_is_read(properties: dict[str, str]) -> None:
    file = document(paragraph("x"))
    out = io.BytesIO()
    DOCX.write_label(file, out, LabelOrder(properties))
    assert DOCX.inspect(out, Wants(findings=False, digest=False)).properties == properties


_NOT_STORABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@settings(derandomize=True, max_examples=EXAMPLES, deadline=None)
@given(st.text(min_size=1))
def test_any_mark_is_written_or_refused(mark: str) -> None:
    file = document(paragraph("x"))
    out = io.BytesIO()
    if _NOT_STORABLE.search(mark):
        with pytest.raises(InvalidInput, match=r"mark\.text-not-storable"):
            DOCX.write_label(file, out, LabelOrder({}, mark))
    else:
        DOCX.write_label(file, out, LabelOrder({}, mark))
        DOCX.verify_label(file, out, LabelOrder({}, mark))


@pytest.mark.parametrize("bad", ["\0", "\x0b", "\ufffe", "\ud800"])
def test_text_that_xml_cannot_hold_is_refused(bad: str) -> None:
    with pytest.raises(InvalidInput) as told:
        DOCX.write_label(document(""), io.BytesIO(), LabelOrder({LABEL_KEY: bad}))
    assert told.value.code == "label.text-not-storable"


def test_a_key_that_is_not_ours_is_refused() -> None:
    with pytest.raises(InvalidInput) as told:
        DOCX.write_label(document(""), io.BytesIO(), LabelOrder({"Title": "x"}))
    assert told.value.code == "label.foreign-key"


def test_the_proof_sees_what_is_missing() -> None:
    file = document(paragraph("one"))
    out = _written(file, ORDER)
    for order, other, what in (
        (LabelOrder({LABEL_KEY: "C1;I1;A1"}), out, "properties"),
        (LabelOrder(ORDER.properties, "another"), out, "mark"),
        (LabelOrder({}), document(paragraph("two")), "content"),
    ):
        with pytest.raises(InvalidInput) as told:
            DOCX.verify_label(file, other, order)
        assert (told.value.code, told.value.params["what"]) == ("label.not-proven", what)


def test_typed_marks_are_found_where_marks_stand() -> None:
    file = document(
        paragraph("【機密性３情報】") + paragraph("秘書が秘密保持契約を読む")
        + paragraph("text") * 9
        + paragraph("極秘") + "<w:sectPr>" + _reference("default", "h1") + "</w:sectPr>",
        headers={"h1": paragraph("取扱注意") + paragraph("C2I2A1")},
    )  # fmt: skip
    marks = DOCX.inspect(file, Wants(findings=False)).marks
    assert {(mark.text, mark.place, mark.own) for mark in marks} == {
        ("【機密性３情報】", "body", False),
        ("取扱注意", "header", False),
        ("C2I2A1", "header", False),
    }
    own = DOCX.inspect(_written(file, ORDER), Wants(findings=False)).marks
    assert [mark.text for mark in own if mark.own] == [MARK]


def test_a_changed_word_changes_the_digest_and_white_space_does_not() -> None:
    assert _digest(document(paragraph("a b"))) == _digest(document(paragraph("ab")))
    assert _digest(document(paragraph("ab"))) != _digest(document(paragraph("ac")))


@pytest.mark.parametrize(
    ("main", "variant"),
    [
        ("openxmlformats-officedocument.wordprocessingml.template.main", "dotx"),
        ("ms-word.document.macroEnabled.main", "docm"),
        ("ms-word.template.macroEnabledTemplate.main", "dotm"),
        ("openxmlformats-officedocument.spreadsheetml.sheet.main", None),
    ],
)
def test_the_variant_is_told_by_content(main: str, variant: str | None) -> None:
    file = document(paragraph("x"), main_type=f"application/vnd.{main}+xml")
    assert DOCX.recognise(file.getvalue()[:4096], file) == variant


def test_a_label_is_written_into_a_package_whose_names_differ_in_case() -> None:
    members = members_of(document(paragraph("x")))
    overrides = {
        "WORD/document.xml": "application/vnd.openxmlformats-officedocument."
        "wordprocessingml.document.main+xml"
    }
    members["[Content_Types].xml"] = types(overrides).encode()
    out = _written(zipped(members), ORDER)
    with zipfile.ZipFile(out) as box:
        assert box.testzip() is None
