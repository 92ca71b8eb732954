"""Large sheets: little memory, and the same bytes as small ones would have."""

import io
import os
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from meti_desk.formats.base import Wants
from meti_desk.formats.ooxml.sheet_frame import read_frame
from meti_desk.formats.ooxml.xlsx import XLSX
from tests.formats.ooxml.builder import members_of
from tests.formats.ooxml.xlsx.workbooks import MARK, ORDER, book, labelled, number, row, sheet, text

SIZE = (100 if os.environ.get("METI_DESK_FULL") else 24) << 20
SHEET = "xl/worksheets/sheet1.xml"
PROGRAM = """
import sys
from meti_desk.formats.base import LabelOrder, Wants
from meti_desk.formats.ooxml.xlsx import XLSX
order = LabelOrder({"jp.go.meti.label": "C2;I2;A1"}, sys.argv[3])
with open(sys.argv[1], "rb") as source, open(sys.argv[2], "w+b") as target:
    before = XLSX.inspect(source, Wants(findings=False)).digest
    XLSX.write_label(source, target, order)
    XLSX.verify_label(source, target, order)
    after = XLSX.inspect(target, Wants(findings=False))
assert before == after.digest
assert [mark.text for mark in after.marks if mark.own] == [sys.argv[3]]
for line in open("/proc/self/status"):
    if line.startswith("VmHWM"):
        print(line.split()[1])
"""


def _write(path: Path, size: int) -> None:
    """Write a workbook whose sheet is so large, a piece at a time."""
    frame = members_of(book(sheet("@")))
    head, tail = frame.pop(SHEET).split(b"@")
    chosen = random.Random(3)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as box:
        for name, data in frame.items():
            box.writestr(name, data)
        with box.open(SHEET, "w") as member:
            member.write(head)
            written = at = 0
            while written < size:
                rows = []
                for _ in range(2000):
                    at += 1
                    cells = [number(f"{c}{at}", str(chosen.random())) for c in "ABCDE"]
                    rows.append(row(at, *cells, text(f"F{at}", f"氏名{at}")))
                written += member.write("".join(rows).replace("{x}", "").encode())
            member.write(tail)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc/self/status")
def test_a_large_sheet_needs_little_memory(tmp_path: Path) -> None:
    source, target = tmp_path / "large.xlsx", tmp_path / "out.xlsx"
    _write(source, SIZE)
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM, source, target, MARK],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert int(told.stdout) < 120 << 10
    with zipfile.ZipFile(source) as one, zipfile.ZipFile(target) as two:
        before, after = one.open(SHEET), two.open(SHEET)
        while piece := before.read(1 << 20):
            kept = after.read(len(piece))
            if kept != piece:
                break
        text = f"&amp;R&amp;K000001&amp;9{MARK}"
        header = f"<headerFooter><oddHeader>{text}</oddHeader></headerFooter>"
        assert (kept + after.read()).replace(header.encode(), b"") == piece
        assert not before.read(1)


@pytest.mark.parametrize("rows", [0, 1, 5000, 60_000])
@pytest.mark.parametrize("behind", ["", "<pageSetup/><drawing r:id='r'/>"])
def test_each_size_is_cut_and_put_together_alike(rows: int, behind: str) -> None:
    data = "".join(row(n, number(f"A{n}", str(n * 7919))) for n in range(1, rows + 1))
    file = book(sheet(data, behind))
    out = labelled(file)
    before, after = (members_of(one)[SHEET].decode() for one in (file, out))
    header = f"<headerFooter><oddHeader>&amp;R&amp;K000001&amp;9{MARK}</oddHeader></headerFooter>"
    assert after.replace(header, "") == before
    assert after.count(header) == 1
    seen = XLSX.inspect(out, Wants(findings=False, text=True))
    lines = [one.text for one in seen.text if one.place == "sheet 表1"]
    assert lines == (["\n".join(str(n * 7919) for n in range(1, rows + 1))] if rows else [])
    assert labelled(out).getvalue() == out.getvalue()


def test_the_frame_of_a_sheet_has_no_cells() -> None:
    from meti_desk.formats.ooxml.package import Package

    data = "".join(row(n, number(f"A{n}", str(n))) for n in range(1, 30_000))
    frame = read_frame(Package(book(sheet(data, "<pageSetup/>"))), SHEET)
    assert b"<row" not in frame.data
    assert frame.size == len(data.replace("{x}", ""))
    assert len(frame.data) < 1000


def test_a_row_that_is_cut_by_a_piece_is_read_whole() -> None:
    # Long rows, so that the borders of the pieces fall into names, numbers and characters.
    data = "".join(row(n, *(text(f"A{n}", "長い文字列" * 3000),)) for n in range(1, 60))
    out = XLSX.inspect(book(sheet(data)), Wants(findings=False, text=True))
    assert out.text[0].text == "\n".join(["長い文字列" * 3000] * 59)


def test_the_label_of_a_closed_file_is_not_needed_again() -> None:
    file = book(sheet(row(1, number("A1", "1"))))
    out = io.BytesIO()
    XLSX.write_label(file, out, ORDER)
    again = io.BytesIO(out.getvalue())
    assert XLSX.inspect(again, Wants()).properties == ORDER.properties
