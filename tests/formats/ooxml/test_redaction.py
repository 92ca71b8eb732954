"""Words that are taken out of a Word document are in none of its parts any more."""

import io
import os
import re
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from meti_desk.domain.errors import InvalidInput, MetiDeskError, RuleViolation
from meti_desk.formats.base import Wants
from meti_desk.formats.ooxml.docx import DOCX
from meti_desk.formats.ooxml.redaction import redact, redaction_places
from meti_desk.formats.redaction import RedactionArea, RedactOrder, RedactReport

FULL = os.environ.get("METI_DESK_FULL") == "1"
CORPUS = os.environ.get("METI_DESK_CORPUS")


def saved(made: "docx.document.Document") -> io.BytesIO:
    out = io.BytesIO()
    made.save(out)
    out.seek(0)
    return out


def redacted(source: io.BytesIO, *words: str, **more: object) -> tuple[bytes, RedactReport]:
    target = io.BytesIO()
    report = redact(source, target, RedactOrder(words=words, **more))  # type: ignore[arg-type]
    return target.getvalue(), report


def members(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as box:
        return {name: box.read(name).decode("utf-8", "replace") for name in box.namelist()}


def bare(data: bytes) -> str:
    """Give the text of all members without tags and blanks."""
    return "".join("".join(re.sub(r"<[^>]*>", "", one).split()) for one in members(data).values())


def test_a_word_in_several_runs_becomes_black_signs_of_its_length() -> None:
    made = docx.Document()
    paragraph = made.add_paragraph("部長は山")
    paragraph.add_run("田").bold = True
    paragraph.add_run(" 太郎です。")
    made.add_paragraph("ＹＡＭＡＤＡとYamadaは")
    result, report = redacted(saved(made), "山田太郎", "yamada")
    texts = [one.text for one in docx.Document(io.BytesIO(result)).paragraphs]
    assert texts == ["部長は██ ██です。", "██████と██████は"]
    assert docx.Document(io.BytesIO(result)).paragraphs[0].runs[1].bold
    assert {(one.place, one.reason, one.count) for one in report.places} == {("body", "word", 1)}


def test_every_story_and_table() -> None:
    made = docx.Document()
    made.add_paragraph("本文 山田太郎")
    made.sections[0].header.paragraphs[0].text = "頁眉 山田太郎"
    made.sections[0].footer.paragraphs[0].text = "頁脚 山田太郎"
    cells = made.add_table(1, 2).rows[0].cells
    cells[0].text, cells[1].text = "山田", "太郎"
    box = parse_xml(
        f'<w:r {nsdecls("w", "wp", "a")} xmlns:wps="http://schemas.microsoft.com/office/word/2010/'
        'wordprocessingShape"><w:drawing><wp:inline><wp:extent cx="900000" cy="900000"/>'
        '<wp:docPr id="7" name="山田太郎の枠" descr="山田太郎の写真"/><a:graphic><a:graphicData '
        'uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>'
        "<wps:spPr/><wps:txbx><w:txbxContent><w:p><w:r><w:t>枠の中の山田太郎</w:t></w:r></w:p>"
        "</w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic>"
        "</wp:inline></w:drawing></w:r>"
    )
    made.paragraphs[0]._p.append(box)
    result, report = redacted(saved(made), "山田太郎")
    assert "山田" not in bare(result)
    assert "山田" not in "".join(members(result).values())
    assert "枠の中の████" in bare(result)
    places = {(one.place, one.count) for one in report.places}
    assert ("header", 1) in places
    assert ("footer", 1) in places
    assert ("body", 2) in places


def test_changes_and_comments_go_with_the_scrub() -> None:
    made = docx.Document()
    paragraph = made.add_paragraph("課長は ")
    insertion = OxmlElement("w:ins")
    insertion.set(qn("w:author"), "山田太郎")
    insertion.set(qn("w:id"), "9")
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "山田太郎です"
    run.append(text)
    insertion.append(run)
    paragraph._p.append(insertion)
    made.add_comment(paragraph.runs, text="山田太郎に聞く", author="山田太郎", initials="YT")
    made.core_properties.author = made.core_properties.title = "山田太郎"
    result, _ = redacted(saved(made), "山田太郎")
    assert "山田" not in "".join(members(result).values())
    assert docx.Document(io.BytesIO(result)).paragraphs[0].text == "課長は ████です"


def test_fields_links_bookmarks_and_styles() -> None:
    made = docx.Document()
    made.styles.add_style("山田様式", 1)
    made.styles.add_style("YamadaStyle", 1)
    first = made.add_paragraph("見出し", style="YamadaStyle")
    link = made.part.relate_to("mailto:yamada@example.com", docx.opc.constants.RELATIONSHIP_TYPE
                               .HYPERLINK, is_external=True)  # fmt: skip
    first._p.append(parse_xml(
        f'<w:hyperlink {nsdecls("w", "r")} r:id="{link}" w:tooltip="Yamadaへ"><w:r><w:t>連絡先'
        "</w:t></w:r></w:hyperlink>"
    ))  # fmt: skip
    second = made.add_paragraph("参照 ")
    for piece in (
        '<w:r {n}><w:fldChar w:fldCharType="begin"/></w:r>',
        '<w:r {n}><w:instrText> HYPERLINK "https://example.com/Ya</w:instrText></w:r>',
        '<w:r {n}><w:instrText>mada" </w:instrText></w:r>',
        '<w:r {n}><w:fldChar w:fldCharType="separate"/></w:r>',
        "<w:r {n}><w:t>ここ</w:t></w:r>",
        '<w:r {n}><w:fldChar w:fldCharType="end"/></w:r>',
        '<w:bookmarkStart {n} w:id="5" w:name="Yamada1"/>',
        '<w:bookmarkEnd {n} w:id="5"/>',
    ):
        second._p.append(parse_xml(piece.format(n=nsdecls("w"))))
    result, report = redacted(saved(made), "yamada", "山田")
    whole = "".join(members(result).values()).lower()
    assert "yamada" not in whole.replace("</w:instrtext>", "")
    assert "山田" not in whole
    texts = [one.text for one in docx.Document(io.BytesIO(result)).paragraphs]
    assert texts == ["見出し連絡先", "参照 ここ"]
    assert {"redact.links-removed:1", "redact.fields-frozen:1"} <= set(report.notes)


def test_words_of_the_format_itself_can_be_taken_out_of_the_text() -> None:
    made = docx.Document()
    made.add_heading("Heading of the document", 1)
    made.add_paragraph("The word text stands in the body, centered.")
    result, _ = redacted(saved(made), "text", "Heading", "document", "center", "word")
    again = docx.Document(io.BytesIO(result))
    assert [one.text for one in again.paragraphs] == [
        "███████ of the ████████", "The ████ ████ stands in the body, ██████ed.",
    ]  # fmt: skip
    assert again.paragraphs[0].style.name == "Heading 1"


def test_personal_data() -> None:
    made = docx.Document()
    made.add_paragraph("個人番号 1234 5678 9018、電話 03-3501-1511、メール taro@abcdef.co.jp")
    result, report = redacted(saved(made), detectors=("my-number", "phone", "mail-address"))
    text = docx.Document(io.BytesIO(result)).paragraphs[0].text
    assert text == "個人番号 ████ ████ ████、電話 ████████████、メール █████████████████"
    assert {one.text for one in report.places if one.reason == "my-number"} == {"********9018"}


def test_areas_nothing_and_macros_are_refused() -> None:
    source = saved(docx.Document())
    with pytest.raises(InvalidInput) as refused:
        redacted(source, areas=(RedactionArea(1, 0, 0, 9, 9),))
    assert refused.value.code == "redact.areas-pdf-only"
    with pytest.raises(InvalidInput) as refused:
        redacted(source, "山田")
    assert refused.value.code == "redact.nothing-found"
    made = docx.Document()
    made.add_paragraph("山田")
    macro = io.BytesIO()
    with zipfile.ZipFile(saved(made)) as old, zipfile.ZipFile(macro, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/_rels/document.xml.rels":
                row = (
                    b'<Relationship Id="rIdM" Type="http://schemas.microsoft.com/office/2006/'
                    b'relationships/vbaProject" Target="vbaProject.bin"/></Relationships>'
                )
                data = data.replace(b"</Relationships>", row)
            new.writestr(name, data)
        new.writestr("word/vbaProject.bin", b"\xd0\xcf\x11\xe0" + bytes(200))
    with pytest.raises(RuleViolation) as stopped:
        redacted(macro, "山田")
    assert stopped.value.code in {"redact.not-possible", "scrub.blocked"}


def test_the_places_are_told_before() -> None:
    made = docx.Document()
    made.add_paragraph("Yamada")
    found = redaction_places(saved(made), RedactOrder(words=("yamada",)))
    assert [(one.place, one.text, one.count) for one in found.places] == [("body", "Yamada", 1)]


def _opens(data: bytes) -> bool:
    """Tell whether python-docx opens a document; some real ones lack parts that it wants."""
    try:
        docx.Document(io.BytesIO(data))
    except KeyError:
        return False
    return True


@pytest.mark.skipif(not CORPUS, reason="needs METI_DESK_CORPUS, the folder of real files")
def test_real_documents() -> None:
    files = sorted(Path(CORPUS or "").rglob("*.docx"))
    done, refused = 0, []
    for path in files if FULL else files[::8]:
        source = io.BytesIO(path.read_bytes())
        try:
            parts = DOCX.inspect(source, Wants(findings=False, digest=False, text=True)).text
        except MetiDeskError:
            continue
        words = sorted({word for part in parts for word in re.findall(r"\w{3,8}", part.text)})
        if not words:
            continue
        word = words[len(words) // 2]
        try:
            result, report = redacted(source, word)
        except MetiDeskError as error:
            refused.append((error.code, path.name))
            continue
        assert report.places, path
        if _opens(path.read_bytes()):
            assert _opens(result), path
        done += 1
    assert done > len(files) // 20
    assert {code for code, _ in refused} <= {"document.damaged", "scrub.blocked"}, refused
