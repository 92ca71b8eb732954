"""Records of permits as papers: read by Word and Excel, with nothing that a sheet would run."""

import csv
import os
import shutil
import subprocess
from pathlib import Path

import docx
import pytest

from meti_desk.domain.errors import InvalidInput
from tests.unit.services.permit_office import Three, granted


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [*csv.DictReader(file)]


def test_the_record_tells_request_decision_use_and_report(three: Three) -> None:
    _, staff, head = three
    path = staff.document()
    permit = granted(staff, head, path, designated=("朱書きする",), note="よろしい")
    staff.give(path, decisions={**_no(), "designated:朱書きする": "yes"})
    staff.permits.report(permit, "渡しました")
    staff.sync()
    (line,) = rows(staff.permits.record(staff.world.folder / "記録.csv"))
    told = {name.removeprefix("permit.record."): text for name, text in line.items()}
    assert told["id"] == permit
    assert told["articles"] == "permit.record.article"
    assert told["decided_at"] == "2026-11-20 09:30"
    assert told["state"] == "permit.state.reported"
    assert told["documents"] == "案.docx（機密性2 完全性2 可用性1）"
    assert told["decider"] == "鈴木課長（課室情報セキュリティ責任者）"
    assert (told["designated"], told["note"]) == ("朱書きする", "よろしい")
    assert "案.docx" in told["uses"]
    assert "action.provide" in told["uses"]
    assert told["report"] == "渡しました"
    head.sync()
    (theirs,) = rows(head.permits.record(head.world.folder / "記録.csv"))
    assert theirs["permit.record.uses"] == told["uses"]
    assert theirs["permit.record.report"] == "渡しました"
    again = staff.permits.record(staff.world.folder / "記録.csv")
    assert again.name != "記録.csv"


def _no() -> dict[str, str]:
    from tests.unit.services.permit_office import NO

    return NO


def test_no_cell_is_taken_for_a_formula_and_no_letter_is_lost(three: Three) -> None:
    _, staff, head = three
    asked = staff.ask(staff.document("𠮷野案.docx"), reason='=HYPERLINK("http://x")\n次の行')
    staff.sync()
    head.sync()
    (line,) = rows(head.permits.record(head.world.folder / "記録.csv"))
    cells = [*line.values()]
    assert asked.id in cells
    assert not [one for one in cells if one[:1] in set("=+-@")]
    assert "𠮷野案.docx（機密性2 完全性2 可用性1）" in cells
    paper = head.permits.record(head.world.folder / "記録.docx")
    text = _text(paper)
    assert "𠮷野案.docx" in text
    assert "次の行" in text


def _text(path: Path) -> str:
    document = docx.Document(str(path))
    header = document.sections[0].header.paragraphs[0].text
    cells = [c.text for table in document.tables for row in table.rows for c in row.cells]
    return "\n".join([header, *(p.text for p in document.paragraphs), *cells])


def test_the_paper_carries_the_mark_of_what_it_names(three: Three) -> None:
    _, staff, _ = three
    empty = _text(staff.permits.record(staff.world.folder / "空.docx"))
    assert "機密性2情報" in empty
    assert "permit.record.none" in empty
    staff.ask(staff.document(c=3))
    assert "機密性3情報" in _text(staff.permits.record(staff.world.folder / "記録.docx"))


def test_another_kind_of_file_is_refused(three: Three) -> None:
    _, staff, _ = three
    for name in ("記録.xlsx", "記録", ".docx"):
        with pytest.raises(InvalidInput, match=r"permit\.record-suffix"):
            staff.permits.record(staff.world.folder / name)


def test_control_characters_in_words_break_no_paper(three: Three) -> None:
    _, staff, _ = three
    staff.ask(staff.document(), reason="理由\x00\x0b\ufffeです")
    assert "理由です" in _text(staff.permits.record(staff.world.folder / "記録.docx"))


@pytest.mark.skipif(shutil.which("soffice") is None, reason="soffice is not installed")
def test_libreoffice_opens_the_paper(three: Three, tmp_path: Path) -> None:
    _, staff, head = three
    granted(staff, head, staff.document(), note="よろしい")
    paper = staff.permits.record(staff.world.folder / "許可の記録.docx")
    profile = (tmp_path / "profile").as_uri()
    subprocess.run(
        ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "txt:Text",
         "--outdir", str(tmp_path), str(paper)],
        check=True, capture_output=True, timeout=120, env={**os.environ, "HOME": str(tmp_path)},
    )  # fmt: skip
    text = (tmp_path / "許可の記録.txt").read_text(encoding="utf-8-sig")
    assert "案.docx（機密性2 完全性2 可用性1）" in text
    assert "よろしい" in text
