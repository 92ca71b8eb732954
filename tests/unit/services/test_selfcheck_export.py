import csv
import io
import json
import re
import shutil
import subprocess
import zipfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from meti_desk.domain.errors import InvalidInput
from meti_desk.services.selfcheck_views import AnswerRequest, FormView
from meti_desk.standard.selfcheck_file import shipped
from tests.unit.services.selfcheck_world import World

REASON = "=権限が課全員に開いていた。"
PLAN = "担当者だけに改める。"
BY_WHEN = "2026-12-15"


@pytest.fixture
def world() -> World:
    made = World()
    for number in range(3):
        made.handle("provide", "remove-metadata", document=f"d{number}")
    made.handle("provide", "remove-metadata=open", document="d3")
    checks = made.checks()
    values = ("done", "partly", "unknown")
    for at, item in enumerate(shipped()[0].form.items):
        if item.link_id in {"publish-metadata", "care-mail"}:
            continue
        checks.answer(AnswerRequest(form="", link_id=item.link_id, value=values[at % 3]))
    checks.answer(AnswerRequest(form="", link_id="publish-c1", value="not-applicable"))
    checks.answer(
        AnswerRequest(
            form="", link_id="use-access", value="not-done",
            reason=REASON, plan=PLAN, by_when=BY_WHEN,
        )
    )  # fmt: skip
    return made


def rows_of(path: Path) -> dict[str, list[str]]:
    """Read the section tables back: question number to the texts of its cells."""
    found = {}
    for table in docx.Document(str(path)).tables[2:]:
        for row in table.rows[1:]:
            cells = [cell.text for cell in row.cells]
            found[cells[0]] = cells
    return found


def check_against(view: FormView, rows: dict[str, list[str]]) -> None:
    asked = [item for item in view.items if item.enabled]
    assert list(rows) == [str(item.number) for item in asked]
    for item in asked:
        _, clause, question, answer, reason, _ = rows[str(item.number)]
        assert (clause, question) == (item.clause_text, item.text)
        if item.answer is None:
            assert answer in {"未回答", "Unanswered"}
            continue
        assert answer.splitlines()[0] == item.answer.text
        for told in (item.answer.reason, item.answer.plan, item.answer.by_when):
            assert told in reason


def test_the_paper_holds_every_answer(world: World, tmp_path: Path) -> None:
    path = world.checks().export("staff", tmp_path / "自己点検票.docx")
    assert path == tmp_path / "自己点検票.docx"
    view = world.checks().show()
    rows = rows_of(path)
    check_against(view, rows)
    assert "publish-metadata" not in {item.link_id for item in view.items if item.enabled}
    number = next(str(item.number) for item in view.items if item.link_id == "provide-metadata")
    evidence = rows[number][5].splitlines()
    assert evidence == [
        "4件　今年度の省外への提供",
        "3件　付加情報を除去して提供",
        "1件　除去の記録なし",
    ]
    document = docx.Document(str(path))
    person = "\n".join(cell.text for row in document.tables[0].rows for cell in row.cells)
    assert "経産 花子" in person
    assert "未提出" in person


def test_the_english_paper_holds_every_answer_too(world: World, tmp_path: Path) -> None:
    path = world.checks("en").export("", tmp_path / "check.docx")
    check_against(world.checks("en").show(), rows_of(path))


def test_the_paper_carries_its_own_mark(world: World, tmp_path: Path) -> None:
    usual = world.checks().export("", tmp_path / "a.docx")
    header = docx.Document(str(usual)).sections[0].header.paragraphs[0]
    assert header.text.endswith("機密性2情報")
    other = world.checks().export("", tmp_path / "b.docx", mark="機密性2情報 課内限り")
    header = docx.Document(str(other)).sections[0].header.paragraphs[0]
    assert header.text.endswith("課内限り")
    codes = [element.text for element in header._p.iter(qn("w:instrText"))]
    assert codes == [" PAGE ", " NUMPAGES "]


def test_rows_stay_whole_and_titles_repeat(world: World, tmp_path: Path) -> None:
    path = world.checks().export("", tmp_path / "a.docx")
    for table in docx.Document(str(path)).tables[2:]:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)


def test_the_paper_tells_nothing_that_we_did_not_write(world: World, tmp_path: Path) -> None:
    zone = timezone(timedelta(hours=9))
    world.clock.moment = datetime(2026, 11, 3, 8, 30, tzinfo=zone)
    path = world.checks().export("", tmp_path / "a.docx")
    with zipfile.ZipFile(path) as members:
        names = members.namelist()
        everything = b"".join(members.read(name) for name in names)
        core = members.read("docProps/core.xml").decode()
        styles = members.read("word/styles.xml").decode()
    assert not [name for name in names if re.search("thumbnail|app.xml|customXml|Effects", name)]
    assert b"python-docx" not in everything
    assert b"w:rsid" not in everything
    assert "<dc:creator></dc:creator>" in core or "<dc:creator/>" in core
    assert "2026-11-02T23:30:00Z" in core, "the moment in UTC"
    assert 'w:eastAsia="Noto Sans CJK JP"' in styles
    assert "Theme" not in styles.split("</w:docDefaults>")[0]
    assert b'altName w:val="Yu Gothic"' in everything


def test_the_table_of_answers_is_read_by_a_spreadsheet(world: World, tmp_path: Path) -> None:
    path = world.checks().export("", tmp_path / "a.csv")
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    view = world.checks().show()
    asked = [item for item in view.items if item.enabled]
    assert [row["設問ID"] for row in rows] == [item.link_id for item in asked]
    row = next(row for row in rows if row["設問ID"] == "use-access")
    assert row["回答"] == "実施していない"
    assert row["理由・計画"] == f"'{REASON}", "what a spreadsheet takes for a formula is text"
    assert (row["計画"], row["いつまでに"]) == (PLAN, BY_WHEN)


def test_the_data_follow_oscal(world: World, tmp_path: Path) -> None:
    path = world.checks().export("", tmp_path / "a.json")
    results = json.loads(path.read_text(encoding="utf-8"))["assessment-results"]
    assert set(results) == {"uuid", "metadata", "import-ap", "results"}
    (result,) = results["results"]
    view = world.checks().show()
    states = {
        finding["target"]["target-id"]: finding["target"]["status"]["state"]
        for finding in result["findings"]
    }
    expected = {"done": "satisfied", "not-applicable": "satisfied"}
    for item in view.items:
        if item.enabled and item.answer:
            assert states[item.clause] == expected.get(item.answer.value, "not-satisfied")
    observations = {one["uuid"]: one for one in result["observations"]}
    finding = next(f for f in result["findings"] if f["target"]["target-id"] == "art-14_p7")
    (related,) = finding["related-observations"]
    observed = observations[related["observation-uuid"]]
    assert {"name": "provided-scrubbed.not-scrubbed", "value": "1"} in observed["props"]
    again = world.checks().export("", tmp_path / "b.json")
    assert again.read_bytes() == path.read_bytes(), "the same form gives the same ids"


def test_the_procedure_is_written_with_all_its_steps(world: World, tmp_path: Path) -> None:
    path = world.checks().export("", tmp_path / "手順.docx", procedure=True)
    text = "\n".join(paragraph.text for paragraph in docx.Document(str(path)).paragraphs)
    for step in shipped()[0].procedure.steps:
        assert step.title.ja in text
        assert step.text.ja in text


def test_a_name_that_is_taken_is_not_written_over(world: World, tmp_path: Path) -> None:
    taken = tmp_path / "a.csv"
    taken.write_text("mine")
    assert world.checks().export("", taken) != taken
    assert taken.read_text() == "mine"


@pytest.mark.parametrize(("name", "procedure"), [("a.txt", False), ("a", False), ("a.csv", True)])
def test_another_format_is_refused(
    world: World, tmp_path: Path, name: str, *, procedure: bool
) -> None:
    with pytest.raises(InvalidInput, match=r"export\.format"):
        world.checks().export("", tmp_path / name, procedure=procedure)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.libreoffice
def test_libreoffice_opens_and_prints_it(world: World, tmp_path: Path) -> None:
    if shutil.which("soffice") is None or shutil.which("pdftotext") is None:
        pytest.skip("soffice and pdftotext are not installed")
    path = world.checks().export("", tmp_path / "check.docx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(path)], check=True, capture_output=True, timeout=240)
    printed = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "check.pdf"), "-"],
        check=True, capture_output=True, timeout=60,
    ).stdout.decode()  # fmt: skip
    pages = printed.rstrip("\f").split("\f")
    assert 3 <= len(pages) <= 6
    for number, page in enumerate(pages, start=1):
        squeezed = re.sub(r"\s", "", page)
        assert "機密性2情報" in squeezed
        assert f"{number}/{len(pages)}ページ" in squeezed
        assert "番号条項設問回答" in squeezed, "each page begins with or repeats the titles"
    assert REASON in re.sub(r"\s", "", printed) or PLAN[:4] in printed
