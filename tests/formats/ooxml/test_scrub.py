import io
import os
import re

import pytest

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.formats.base import ScrubOrder, ScrubReport, Wants
from meti_desk.formats.ooxml.docx import DOCX
from meti_desk.formats.ooxml.notes import KINDS
from tests.formats.ooxml.builder import document, members_of, paragraph, zipped
from tests.formats.ooxml.planted import Planted, planted

WHO = 'w:id="1" w:author="Yamada" w:date="2026-01-01T00:00:00Z"'


def _scrubbed(file: io.BytesIO, order: ScrubOrder | None = None) -> tuple[io.BytesIO, ScrubReport]:
    order = order or ScrubOrder()
    out = io.BytesIO()
    report = DOCX.scrub(file, out, order)
    DOCX.verify_scrub(file, out, order)
    again = io.BytesIO()
    DOCX.scrub(out, again, order)
    assert again.getvalue() == out.getvalue(), "scrubbing twice changes nothing"
    return out, report


def _bytes(file: io.BytesIO) -> bytes:
    return file.getvalue() + b"\0".join(members_of(file).values())


@pytest.fixture(scope="module")
def garden() -> tuple[io.BytesIO, Planted, io.BytesIO]:
    file, plants = planted()
    out, _ = _scrubbed(file)
    return file, plants, out


def test_nothing_that_was_planted_is_left(garden: tuple[io.BytesIO, Planted, io.BytesIO]) -> None:
    file, plants, out = garden
    assert len(plants.leaks) >= 100
    before, after = _bytes(file), _bytes(out)
    assert [leak for leak in plants.leaks if leak.encode() not in before] == []
    assert [leak for leak in plants.leaks if leak.encode() in after] == []


def test_all_that_is_seen_stayed(garden: tuple[io.BytesIO, Planted, io.BytesIO]) -> None:
    file, plants, out = garden
    after = _bytes(out)
    assert [shown for shown in plants.visible if shown.encode() not in after] == []
    wants = Wants(findings=False)
    assert DOCX.inspect(out, wants).digest == DOCX.inspect(file, wants).digest
    assert b"https://www.example.go.jp/" in after


def test_the_label_stays_and_seal_and_id_go(
    garden: tuple[io.BytesIO, Planted, io.BytesIO],
) -> None:
    properties = DOCX.inspect(garden[2], Wants(findings=False)).properties
    assert properties == {"jp.go.meti.label": "C2;I1;A1"}


def test_every_class_is_shown_before_it_goes(
    garden: tuple[io.BytesIO, Planted, io.BytesIO],
) -> None:
    findings = DOCX.inspect(garden[0], Wants()).findings
    assert {one.group for one in findings} == {1, 2, 3, 5, 6, 7, 8, 12, 13, 15}
    told = " ".join(one.value for one in findings)
    missing = [leak for leak in garden[1].leaks if leak.startswith("PLANT") and leak not in told]
    # Values are shortened, so not every one is told; most are.
    assert len(missing) < len(garden[1].leaks) // 2
    assert DOCX.inspect(garden[2], Wants()).findings == ()


@pytest.mark.parametrize("kept", sorted(KINDS) + [str(number) for number in range(1, 16)])
def test_a_person_may_keep_every_kind(
    garden: tuple[io.BytesIO, Planted, io.BytesIO], kept: str
) -> None:
    _, report = _scrubbed(garden[0], ScrubOrder(keep=(kept,)))
    left = {one.kind for one in report.left} | {str(one.group) for one in report.left}
    found = DOCX.inspect(garden[0], Wants(digest=False)).findings
    assert (kept in left) == any(kept in {one.kind, str(one.group)} for one in found)


def test_types_and_relationships_name_only_what_is_there(
    garden: tuple[io.BytesIO, Planted, io.BytesIO],
) -> None:
    members = members_of(garden[2])
    parts = re.findall(r'PartName="/([^"]+)"', members["[Content_Types].xml"].decode())
    assert set(parts) <= set(members)
    links = members["word/_rels/document.xml.rels"].decode()
    inner = re.findall(r'Target="([^":]+)"', links)
    assert {"word/" + target for target in inner} <= set(members)
    used = set(re.findall(r'r:(?:id|embed)="([^"]+)"', members["word/document.xml"].decode()))
    assert used <= set(re.findall(r'Id="([^"]+)"', links))


def test_publishing_takes_label_and_mark_too() -> None:
    from meti_desk.formats.base import LabelOrder

    file, out = document(paragraph("seen")), io.BytesIO()
    DOCX.write_label(file, out, LabelOrder({"jp.go.meti.label": "C1;I1;A1"}, "機密性1情報"))
    result, report = _scrubbed(out, ScrubOrder(purpose="publish"))
    assert b"jp.go.meti" not in _bytes(result)
    assert "機密性" not in _bytes(result).decode("utf-8", "ignore")
    assert "docx.own-property" in {one.kind for one in report.removed}
    provided, _ = _scrubbed(out)
    assert "機密性1情報" in _bytes(provided).decode("utf-8", "ignore")


def test_hidden_text_blocks_publishing_until_a_person_decides() -> None:
    hidden = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r></w:p>"
    file = document(paragraph("seen") + hidden)
    with pytest.raises(RuleViolation) as told:
        _scrubbed(file, ScrubOrder(purpose="publish"))
    assert told.value.code == "scrub.blocked"
    assert told.value.params["kind"] == "docx.hidden-text"
    assert "secret" not in _bytes(_scrubbed(file)[0]).decode("utf-8", "ignore")
    kept, report = _scrubbed(file, ScrubOrder(purpose="publish", keep=("docx.hidden-text",)))
    assert b"secret" in _bytes(kept)
    assert [one.kind for one in report.left] == ["docx.hidden-text"]


def test_an_index_entry_is_told_and_blocks_publishing() -> None:
    entry = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>XE "unseen"</w:instrText>'
        '</w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    file = document(f"<w:p>{entry}</w:p>" + paragraph("seen"))
    _, report = _scrubbed(file)
    assert [(one.kind, one.removal) for one in report.left] == [("docx.index-entry", "kept")]
    with pytest.raises(RuleViolation):
        _scrubbed(file, ScrubOrder(purpose="publish"))


CHANGED = (
    f"<w:p>{{}}<w:ins {WHO}><w:r><w:t>new</w:t></w:r></w:ins>"
    f"<w:del {WHO}><w:r><w:delText>old</w:delText></w:r></w:del><w:r><w:t>same</w:t></w:r></w:p>"
)


def _text(file: io.BytesIO) -> str:
    return "".join(re.findall(r"<w:t[^>]*>([^<]*)", members_of(file)["word/document.xml"].decode()))


def test_changes_are_accepted_rejected_or_refused() -> None:
    file = document(CHANGED.format(""))
    assert _text(_scrubbed(file)[0]) == "newsame"
    assert _text(_scrubbed(file, ScrubOrder(revisions="reject"))[0]) == "oldsame"
    with pytest.raises(RuleViolation) as told:
        _scrubbed(file, ScrubOrder(revisions="refuse"))
    assert (told.value.code, told.value.params["kind"]) == ("scrub.blocked", "docx.revision")
    kept, report = _scrubbed(file, ScrubOrder(keep=("1",)))
    assert b"Yamada" in _bytes(kept)
    assert {one.kind for one in report.left} == {"docx.revision"}


def _mark(kind: str) -> str:
    return f"<w:pPr><w:rPr><w:{kind} {WHO}/></w:rPr></w:pPr>"


def _paragraphs(file: io.BytesIO) -> list[str]:
    body = members_of(file)["word/document.xml"].decode()
    found = re.findall(r"<w:p>.*?</w:p>|<w:p/>", body)
    return ["".join(re.findall(r"<w:t[^>]*>([^<]*)", one)) for one in found]


@pytest.mark.parametrize(
    ("kind", "accepted", "rejected"),
    [
        ("del", ["ab", "c"], ["a", "b", "c"]),
        ("ins", ["a", "b", "c"], ["ab", "c"]),
        ("moveFrom", ["ab", "c"], ["a", "b", "c"]),
        ("moveTo", ["a", "b", "c"], ["ab", "c"]),
    ],
)
def test_a_changed_paragraph_mark_joins_or_parts(
    kind: str, accepted: list[str], rejected: list[str]
) -> None:
    file = document(paragraph("a", _mark(kind)) + paragraph("b") + paragraph("c"))
    assert _paragraphs(_scrubbed(file)[0]) == accepted
    assert _paragraphs(_scrubbed(file, ScrubOrder(revisions="reject"))[0]) == rejected


def test_formats_go_back_when_rejected() -> None:
    change = f"<w:rPrChange {WHO}><w:rPr><w:i/></w:rPr></w:rPrChange>"
    paragraphs = f'<w:pPrChange {WHO}><w:pPr><w:jc w:val="left"/></w:pPr></w:pPrChange>'
    body = (
        f'<w:p><w:pPr><w:jc w:val="right"/>{paragraphs}</w:pPr>'
        f"<w:r><w:rPr><w:b/>{change}</w:rPr><w:t>x</w:t></w:r></w:p>"
    )
    after = members_of(_scrubbed(document(body))[0])["word/document.xml"]
    assert b"<w:b/>" in after
    assert b'"right"' in after
    order = ScrubOrder(revisions="reject")
    before = members_of(_scrubbed(document(body), order)[0])["word/document.xml"]
    assert b"<w:i/>" in before
    assert b"<w:b/>" not in before
    assert b'"left"' in before


def test_rows_and_cells_follow_the_choice() -> None:
    cell = "<w:tc><w:tcPr>{}</w:tcPr>" + paragraph("{}") + "</w:tc>"
    rows = (
        f"<w:tr>{cell.format('', 'a')}{cell.format(f'<w:cellIns {WHO}/>', 'b')}</w:tr>"
        f"<w:tr><w:trPr><w:ins {WHO}/></w:trPr>{cell.format('', 'c')}</w:tr>"
        f"<w:tr><w:trPr><w:del {WHO}/></w:trPr>{cell.format('', 'd')}</w:tr>"
    )
    file = document(f"<w:tbl>{rows}</w:tbl>" + paragraph("e"))
    assert _text(_scrubbed(file)[0]) == "abce"
    assert _text(_scrubbed(file, ScrubOrder(revisions="reject"))[0]) == "ade"


def test_a_cell_that_becomes_empty_keeps_a_paragraph() -> None:
    cell = f"<w:tc>{paragraph('x', _mark('del')).replace('<w:r>', f'<w:del {WHO}><w:r>', 1)}</w:tc>"
    cell = cell.replace("</w:r></w:p>", "</w:r></w:del></w:p>")
    file = document(f"<w:tbl><w:tr>{cell}</w:tr></w:tbl>" + paragraph("e"))
    body = members_of(_scrubbed(file)[0])["word/document.xml"].decode()
    assert re.search(r"<w:tc>\s*<w:p", body)


@pytest.mark.parametrize("inner", ['<w:altChunk r:id="x"/>', '<w:p><w:subDoc r:id="x"/></w:p>'])
def test_what_cannot_be_looked_into_blocks(inner: str) -> None:
    with pytest.raises(RuleViolation) as told:
        _scrubbed(document(paragraph("x") + inner))
    assert told.value.code == "scrub.blocked"


def test_macros_are_told_and_block_publishing() -> None:
    members: dict[str, str | bytes] = dict(members_of(document(paragraph("x"))))
    links = bytes(members["word/_rels/document.xml.rels"]).decode()  # type: ignore[arg-type]
    microsoft = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
    row = f'<Relationship Id="v" Type="{microsoft}" Target="vbaProject.bin"/></Relationships>'
    members["word/_rels/document.xml.rels"] = links.replace("</Relationships>", row)
    members["word/vbaProject.bin"] = b"macro"
    file = zipped(members)
    _, report = _scrubbed(file)
    assert [(one.kind, one.removal) for one in report.left] == [("docx.macro", "kept")]
    with pytest.raises(RuleViolation):
        _scrubbed(file, ScrubOrder(purpose="publish"))


LEFT_BEHIND = {
    "docx.revision": f"<w:ins {WHO}><w:r><w:t>x</w:t></w:r></w:ins>",
    "docx.comment": '<w:r><w:commentReference w:id="1"/></w:r>',
    "docx.rsid": '<w:r w:rsidR="00112233"><w:t>x</w:t></w:r>',
    "docx.path": '<w:bookmarkStart w:id="1" w:name="C:\\Users\\x"/>',
}


@pytest.mark.parametrize("kind", LEFT_BEHIND)
def test_the_auditor_finds_what_the_removal_forgot(kind: str) -> None:
    clean, _ = _scrubbed(document(paragraph("x")))
    members = dict(members_of(clean))
    body = members["word/document.xml"].decode()
    members["word/document.xml"] = body.replace("</w:p>", LEFT_BEHIND[kind] + "</w:p>").encode()
    forged = io.BytesIO()
    import zipfile

    with zipfile.ZipFile(forged, "w") as box:
        for name, data in members.items():
            box.writestr(zipfile.ZipInfo(name), data)
    with pytest.raises(InvalidInput) as told:
        DOCX.verify_scrub(clean, forged, ScrubOrder())
    assert (told.value.code, told.value.params["kind"]) == ("scrub.left-behind", kind)


def test_the_auditor_sees_a_changed_word() -> None:
    one, _ = _scrubbed(document(paragraph("one")))
    two, _ = _scrubbed(document(paragraph("two")))
    with pytest.raises(InvalidInput) as told:
        DOCX.verify_scrub(one, two, ScrubOrder())
    assert told.value.code == "scrub.text-changed"


def test_a_strict_document_is_cleaned_alike() -> None:
    out, _ = _scrubbed(document(CHANGED.format(""), strict=True))
    assert _text(out) == "newsame"
    assert b"Yamada" not in _bytes(out)


@pytest.mark.skipif("METI_DESK_CORPUS" not in os.environ, reason="METI_DESK_CORPUS is not set")
def test_the_dirty_file_of_others_comes_out_clean() -> None:
    from pathlib import Path

    path = Path(os.environ["METI_DESK_CORPUS"]) / "mat2/tests/data/dirty.docx"
    out, _ = _scrubbed(io.BytesIO(path.read_bytes()))
    left = DOCX.inspect(out, Wants()).findings
    assert [one for one in left if one.severity == "high"] == []
