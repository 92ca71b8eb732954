"""Files as an office program writes them: tagged, PDF/A, Japanese."""

import os
import shutil
import subprocess
from pathlib import Path

import pikepdf
import pytest

from tests.formats.pdf.helpers import inspected, labelled, qpdf_complains, scrubbed, texts

pytestmark = [
    pytest.mark.libreoffice,
    pytest.mark.skipif(not shutil.which("soffice"), reason="soffice is not installed"),
]

PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>見出し</title>
<meta name="author" content="山田太郎"></head><body><h1>審査委員会</h1>

<p>本日の資料は別紙のとおり。<a href="https://example.jp/">参考</a></p>
<table border="1"><tr><td>項目</td><td>内容</td></tr></table></body></html>"""
KINDS = {"PDF/A-1": 1, "PDF/A-2": 2, "PDF/A-3": 3, "PDF 1.7": 17}


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("office")
    (folder / "page.html").write_text(PAGE, encoding="utf-8")
    made = {}
    for kind, number in KINDS.items():
        options = (
            f'{{"SelectPdfVersion":{{"type":"long","value":"{number}"}},'
            '"UseTaggedPDF":{"type":"boolean","value":"true"}}'
        )
        command = [
            "soffice",
            "--headless",
            f"-env:UserInstallation=file://{folder}/profile",
            "--convert-to",
            f"pdf:writer_web_pdf_Export:{options}",
            "--outdir",
            folder,
            folder / "page.html",
        ]
        home = {**os.environ, "HOME": str(folder)}
        subprocess.run(command, check=True, capture_output=True, timeout=120, env=home)
        made[kind] = (folder / "page.pdf").read_bytes()
    return made


@pytest.mark.parametrize("kind", KINDS)
def test_exports_are_labelled_and_scrubbed_and_stay_what_they_claim_to_be(
    exported: dict[str, bytes], kind: str, tmp_path: Path
) -> None:
    data = exported[kind]
    marked, report = labelled(data)
    assert report.notes == ()
    assert report.marked == inspected(data).pages
    assert "本日の資料" in "".join(page.text for page in texts(marked))
    assert qpdf_complains(marked, tmp_path) == 0
    clean = scrubbed(marked)
    assert qpdf_complains(clean, tmp_path) == 0
    assert inspected(clean).digest == inspected(data).digest
    assert inspected(clean).findings == ()
    assert "山田太郎".encode("utf-16-be") not in clean
    claims = []
    for one in (data, marked, clean):
        path = tmp_path / "claims.pdf"
        path.write_bytes(one)
        with pikepdf.open(path) as pdf:
            with pdf.open_metadata(update_docinfo=False) as packet:
                claims.append((packet.get("pdfaid:part"), packet.get("pdfaid:conformance")))
            assert "/StructTreeRoot" in pdf.Root
            assert pdf.Root.MarkInfo.Marked
            links = [a for p in pdf.pages for a in p.get("/Annots", []) if a.Subtype == "/Link"]
            assert [str(a.A.URI) for a in links] == ["https://example.jp/"]
    assert claims[0] == claims[1] == claims[2]
    assert (claims[0][0] is not None) == kind.startswith("PDF/A")
