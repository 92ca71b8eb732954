"""What a proof borrows from the original is only what lies in the result as the same bytes."""

import io
import zipfile
from collections.abc import Mapping

import docx
import pytest

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.base import LabelOrder, Wants
from meti_desk.formats.ooxml.docx import DOCX
from meti_desk.formats.ooxml.package import Package

_ORDER = LabelOrder({"jp.go.meti.label": "C2;I1;A1", "jp.go.meti.id": "0" * 32}, "機密性2情報")
_BODY, _STYLES, _TYPES = "word/document.xml", "word/styles.xml", "[Content_Types].xml"


def _document(text: str = "審査の結果") -> bytes:
    made = docx.Document()
    made.add_paragraph(text)
    made.add_paragraph("脚注のない段落")
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _labelled(source: io.BytesIO) -> bytes:
    target = io.BytesIO()
    DOCX.write_label(source, target, _ORDER)
    return target.getvalue()


def _with(data: bytes, changed: Mapping[str, tuple[bytes, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            content = old.read(name)
            if name in changed:
                before, after = changed[name]
                assert before in content
                content = content.replace(before, after)
            new.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        (_BODY, "結果".encode(), "結論".encode()),
        (_STYLES, b"</w:styles>", b"<w:style w:type='paragraph' w:styleId='X'/></w:styles>"),
        (_BODY, "脚注のない".encode(), b""),
    ],
)
def test_a_result_that_says_something_else_is_not_proven(
    name: str, before: bytes, after: bytes
) -> None:
    source = io.BytesIO(_document())
    DOCX.inspect(source, Wants(findings=False))
    result = _with(_labelled(source), {name: (before, after)})
    if name == _BODY:
        with pytest.raises(InvalidInput) as caught:
            DOCX.verify_label(source, io.BytesIO(result), _ORDER)
        assert caught.value.params["what"] == "content"
    else:
        # A style that hides nothing changes nothing that is seen, and is read anew.
        DOCX.verify_label(source, io.BytesIO(result), _ORDER)


def test_a_style_that_hides_in_the_result_alone_is_found() -> None:
    source = io.BytesIO(_document())
    DOCX.inspect(source, Wants(findings=False))
    hiding = b'<w:style w:type="paragraph" w:styleId="Normal"><w:rPr><w:vanish/></w:rPr></w:style>'
    result = _with(_labelled(source), {_STYLES: (b"</w:styles>", hiding + b"</w:styles>")})
    used = _with(
        result, {_BODY: (b"<w:p><w:r>", b'<w:p><w:pPr><w:pStyle w:val="Normal"/></w:pPr><w:r>')}
    )
    with pytest.raises(InvalidInput) as caught:
        DOCX.verify_label(source, io.BytesIO(used), _ORDER)
    assert caught.value.params["what"] == "content"


def test_trees_are_shared_where_the_bytes_are_the_same_and_nowhere_else() -> None:
    source = io.BytesIO(_document())
    before = Package.seen(source)
    after = Package(io.BytesIO(_labelled(source)), beside=before)
    assert after.look(_STYLES) is before.look(_STYLES)
    assert after.about(_STYLES) is before.about(_STYLES)
    for name in (_TYPES, _BODY):
        assert after.look(name) is not before.look(name)
        assert after.about(name) is not before.about(name)
    assert after.type_of("docProps/custom.xml") != before.type_of("docProps/custom.xml")


def test_who_writes_has_trees_of_its_own() -> None:
    source = io.BytesIO(_document())
    seen = Package.seen(source)
    writing = Package(source)
    assert writing.look(_BODY) is seen.look(_BODY)
    own = writing.xml(_BODY)
    assert own is not seen.look(_BODY)
    assert writing.look(_BODY) is own
    assert writing.about(_STYLES) is seen.about(_STYLES)
    writing.set_data(_STYLES, b"<other/>")
    assert writing.about(_STYLES) is None
    assert writing.look(_STYLES).tag == "other"
    assert seen.look(_STYLES).tag != "other"


def test_a_link_that_leads_nowhere_may_lead_to_a_part_of_the_result() -> None:
    held = _document()
    link = b'<Relationship Id="rId77" Type="http://x/comments" Target="later.xml"/>'
    rels = "word/_rels/document.xml.rels"
    held = _with(held, {rels: (b"</Relationships>", link + b"</Relationships>")})
    out = io.BytesIO(held)
    with zipfile.ZipFile(out, "a") as more:
        more.writestr("word/Later.xml", b"<later/>")
    before = Package.seen(io.BytesIO(held))
    after = Package(io.BytesIO(out.getvalue()), beside=before)
    assert before.target(before.main(), "comments") is None
    assert after.target(after.main(), "comments") == "word/Later.xml"
