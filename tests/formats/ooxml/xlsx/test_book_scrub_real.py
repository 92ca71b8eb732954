"""Real workbooks: scrubbed and proven, or refused by a code; other programs read the same."""

import io
import os
import random
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path

import openpyxl
import pytest

from meti_desk.domain.errors import MetiDeskError
from meti_desk.formats.base import Purpose, ScrubOrder, Wants
from meti_desk.formats.ooxml.xlsx import XLSX
from meti_desk.formats.registry import find
from tests.formats.libreoffice import SAVED_AGAIN, SOFFICE, convert
from tests.formats.ooxml.builder import members_of
from tests.formats.ooxml.xlsx.test_book_scrub import scrubbed
from tests.formats.ooxml.xlsx.test_large import SHEET
from tests.formats.ooxml.xlsx.workbooks import book, row, sheet

CORPUS = os.environ.get("METI_DESK_CORPUS")
FULL = bool(os.environ.get("METI_DESK_FULL"))
needs_corpus = pytest.mark.skipif(CORPUS is None, reason="METI_DESK_CORPUS is not set")
ALL = Wants(findings=False, text=True)
REFUSED = {"document.encrypted", "document.signed", "scrub.blocked"}
ROWS = 1_048_576 if FULL else 60_000
LIMIT_KB = 250 << 10 if FULL else 150 << 10
PROGRAM = """
import sys
from meti_desk.formats.base import ScrubOrder, Wants
from meti_desk.formats.ooxml.xlsx import XLSX
with open(sys.argv[1], "rb") as source, open(sys.argv[2], "w+b") as target:
    report = XLSX.scrub(source, target, ScrubOrder())
    XLSX.verify_scrub(source, target, ScrubOrder())
print(sum(one.count for one in report.removed if one.kind == "xlsx.external-link"))
for line in open("/proc/self/status"):
    if line.startswith("VmHWM"):
        print(line.split()[1])
"""


def _files() -> list[Path]:
    kinds = ("xlsx", "xlsm", "xltx", "xltm")
    return sorted(p for kind in kinds for p in Path(CORPUS or "/nonexistent").rglob(f"*.{kind}"))


def _scrubbed(path: Path, purpose: Purpose = "provide") -> tuple[io.BytesIO, io.BytesIO] | str:
    source = io.BytesIO(path.read_bytes())
    if find(source).variant != "xlsx":
        return "document.encrypted"
    try:
        return source, scrubbed(source, ScrubOrder(purpose=purpose))[0]
    except MetiDeskError as refused:
        return refused.code


@needs_corpus
@pytest.mark.parametrize("purpose", ["provide", "publish"])
def test_real_workbooks_are_scrubbed_or_refused_by_code(purpose: Purpose) -> None:
    files = _files()
    refused = {}
    for path in files:
        made = _scrubbed(path, purpose)
        if isinstance(made, str):
            refused[path.name] = made
            continue
        source, out = made
        left = XLSX.inspect(out, Wants(digest=False)).findings
        kept = {"xlsx.hidden-rows", "xlsx.hidden-columns"}
        assert [one for one in left if one.severity == "high" and one.kind not in kept] == [], path
        one, two = XLSX.inspect(source, ALL), XLSX.inspect(out, ALL)
        shown = [part for part in one.text if not part.place.startswith("hidden-sheet")]
        assert list(two.text) == shown, path
        if len(shown) == len(one.text):
            assert one.digest == two.digest, path
    assert set(refused.values()) <= REFUSED, refused
    assert list(refused.values()).count("scrub.blocked") <= 1
    assert len(files) - len(refused) >= 0.8 * len(files)


@needs_corpus
def test_other_readers_open_the_result_and_read_the_same_cells() -> None:
    read = 0
    for path in _files():
        made = _scrubbed(path)
        if isinstance(made, str):
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                before = openpyxl.load_workbook(made[0], data_only=True)
            except Exception:  # noqa: BLE001, S112 - what it cannot read proves nothing
                continue
            after = openpyxl.load_workbook(made[1], data_only=True)
        seen = [one.title for one in before.worksheets if one.sheet_state == "visible"]
        assert [one.title for one in after.worksheets] == seen, path
        for name in seen:
            assert list(after[name].values) == list(before[name].values), (path, name)
        read += 1
    assert read >= 20


@needs_corpus
@pytest.mark.libreoffice
@pytest.mark.timeout(1800)
def test_libreoffice_reads_the_same(tmp_path: Path) -> None:
    if SOFFICE is None:
        pytest.skip("soffice is missing")
    files = _files() if FULL else sorted(random.Random(7).sample(_files(), 8))
    (tmp_path / "out").mkdir()
    pairs = []
    for number, path in enumerate(files):
        made = _scrubbed(path)
        if not isinstance(made, str):
            names = [tmp_path / f"{number}{letter}.xlsx" for letter in "ab"]
            for name, file in zip(names, made, strict=True):
                name.write_bytes(file.getvalue())
            pairs.append((path, *(tmp_path / "out" / name.name for name in names)))
    convert(tmp_path, sorted(tmp_path.glob("*.xlsx")), SAVED_AGAIN, tmp_path / "out")
    checked = 0
    for path, before, after in pairs:
        if not before.exists():
            continue
        one, two = (XLSX.inspect(io.BytesIO(p.read_bytes()), ALL) for p in (before, after))
        seen = [part for part in one.text if not part.place.startswith("hidden-sheet")]
        assert list(two.text) == seen, path
        checked += 1
    assert checked >= 3


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc/self/status")
@pytest.mark.parametrize("frozen", [0, 3])
def test_a_large_sheet_is_scrubbed_in_little_memory(tmp_path: Path, frozen: int) -> None:
    source, target = tmp_path / "large.xlsx", tmp_path / "out.xlsx"
    frame = members_of(book(sheet("@")))
    head, tail = frame.pop(SHEET).split(b"@")
    with zipfile.ZipFile(source, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as box:
        for name, data in frame.items():
            box.writestr(name, data)
        with box.open(SHEET, "w") as member:
            member.write(head)
            for start in range(1, ROWS + 1, 4096):
                rows = []
                for at in range(start, min(start + 4096, ROWS + 1)):
                    calls = "[1]S!A1" if at <= frozen else f"B{at}*2"
                    cell = f'<{{x}}c r="A{at}"><{{x}}f>{calls}</{{x}}f>'
                    cell += f"<{{x}}v>{at}</{{x}}v></{{x}}c>"
                    more = [f'<{{x}}c r="{c}{at}"><{{x}}v>{at * 7}</{{x}}v></{{x}}c>' for c in "BC"]
                    rows.append(row(at, cell, *more))
                member.write("".join(rows).replace("{x}", "").encode())
            member.write(tail)
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM, source, target], check=True, capture_output=True, text=True
    ).stdout.split()
    assert int(told[0]) == frozen
    assert int(told[1]) < LIMIT_KB
    with zipfile.ZipFile(target) as box, box.open(SHEET) as made:
        begin = made.read(4096).decode()
    assert begin.count("<f>B") > 10
    assert "[1]" not in begin
