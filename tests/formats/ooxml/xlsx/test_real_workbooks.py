"""Real workbooks: labelled and proven, or refused by a code; nothing else in them changes."""

import io
import os
import random
import shutil
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from lxml import etree

from meti_desk.domain.errors import MetiDeskError
from meti_desk.formats.base import Inspection, LabelOrder, Wants
from meti_desk.formats.container import Container
from meti_desk.formats.ooxml.xlsx import XLSX
from meti_desk.formats.registry import find
from tests.formats.libreoffice import SAVED_AGAIN, SOFFICE, convert
from tests.formats.ooxml.xlsx.workbooks import MARK, ORDER, REMOVE, labelled

CORPUS = os.environ.get("METI_DESK_CORPUS")
FULL = bool(os.environ.get("METI_DESK_FULL"))
needs_corpus = pytest.mark.skipif(CORPUS is None, reason="METI_DESK_CORPUS is not set")
ALL = Wants(findings=False, text=True)
FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
FOREIGN = LabelOrder(
    {**ORDER.properties, "jp.go.meti.id": "01J", "jp.go.meti.handling": "複製禁止"}, MARK
)


def _files(count: int) -> list[Path]:
    kinds = ("xlsx", "xlsm", "xltx", "xltm", "xlsb")
    found = sorted(p for kind in kinds for p in Path(CORPUS or "/nonexistent").rglob(f"*.{kind}"))
    if FULL or len(found) <= count:
        return found
    return sorted(random.Random(5).sample(found, count))


def _labelled(path: Path, order: LabelOrder = FOREIGN) -> tuple[io.BytesIO, io.BytesIO] | str:
    source = io.BytesIO(path.read_bytes())
    variant = find(source).variant
    if variant != "xlsx":
        return variant
    seen = XLSX.inspect(source, ALL)
    if seen.obstacle:
        return seen.obstacle
    try:
        return source, labelled(source, order)
    except MetiDeskError as refused:
        return refused.code


@needs_corpus
def test_real_workbooks_are_labelled_or_refused_by_code() -> None:
    files = _files(40)
    refused = {}
    for path in files:
        made = _labelled(path)
        if isinstance(made, str):
            refused[path.name] = made
            continue
        source, out = made
        before, after = XLSX.inspect(source, ALL), XLSX.inspect(out, ALL)
        assert after.properties == FOREIGN.properties, path
        assert (after.digest, after.text) == (before.digest, before.text), path
        assert {mark.text for mark in after.marks if mark.own} == {MARK}, path
        assert labelled(out, FOREIGN).getvalue() == out.getvalue(), path
        bare = XLSX.inspect(labelled(out, REMOVE), ALL)
        assert (bare.properties, bare.digest) == ({}, before.digest), path
        assert not any(mark.own for mark in bare.marks), path
    assert set(refused.values()) <= {"ooxml-encrypted", "signed"}, refused
    assert len(files) - len(refused) >= 0.8 * len(files)


@needs_corpus
def test_members_that_a_label_does_not_concern_stay_compressed_as_they_are() -> None:
    for path in _files(40):
        made = _labelled(path)
        if isinstance(made, str):
            continue
        one, two = (Container(file) for file in made)
        for name, member in one.members.items():
            touched = "sheets/" in name or name.startswith(("[Content", "_rels/", "docProps/cus"))
            if (touched and not name.endswith((".rels", ".bin", "/"))) or name == "_rels/.rels":
                continue
            assert two.packed(name) == one.packed(name), (path, name)
            assert two.members[name].method == member.method, (path, name)
        assert [n for n in two.members if n in one.members] == list(one.members), path


@needs_corpus
def test_other_readers_find_properties_and_mark() -> None:
    read = 0
    for path in _files(40):
        made = _labelled(path)
        if isinstance(made, str):
            continue
        source, out = made
        _check_custom_part(out)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                openpyxl.load_workbook(source)
            except Exception:  # noqa: BLE001, S112 - what it cannot read proves nothing
                continue
            seen = openpyxl.load_workbook(out)
        assert {p.name: p.value for p in seen.custom_doc_props.props}.items() >= (
            FOREIGN.properties.items()
        )
        for sheet in seen.worksheets:
            assert sheet.oddHeader.right.text.startswith(MARK), path
        read += 1
    assert read >= 20


def _check_custom_part(file: io.BytesIO) -> None:
    """Hold the part against what Microsoft's readers demand of it."""
    with zipfile.ZipFile(file) as box:
        types = etree.fromstring(box.read("[Content_Types].xml"))
        links = etree.fromstring(box.read("_rels/.rels"))
        kinds = [str(one.get("Type")).rpartition("/")[2] for one in links]
        assert kinds.count("custom-properties") + kinds.count("customProperties") == 1
        (target,) = [
            str(one.get("Target")).lstrip("/")
            for one in links
            if "ustom" in str(one.get("Type")).rpartition("/")[2]
        ]
        names = [str(one.get("PartName")) for one in types]
        assert names.count("/" + target) == 1
        entries = list(etree.fromstring(box.read(target)))
    numbers = [int(str(one.get("pid"))) for one in entries]
    assert len(set(numbers)) == len(numbers)
    assert min(numbers) >= 2
    assert len({str(one.get("name")) for one in entries}) == len(entries)
    for one in entries:
        if str(one.get("name")).startswith("jp.go.meti."):
            assert one.get("fmtid") == FORMAT_ID
            assert [etree.QName(inner).localname for inner in one] == ["lpwstr"]


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[tuple[Path, Path, Path]]]:
    """Have LibreOffice save originals and labelled copies anew, in runs of many."""
    if CORPUS is None or SOFFICE is None:
        pytest.skip("METI_DESK_CORPUS or soffice is missing")
    folder = tmp_path_factory.mktemp("office")
    (folder / "out").mkdir()
    made = []
    for number, path in enumerate(_files(3)):
        pair = _labelled(path)
        if isinstance(pair, str):
            continue
        names = [folder / f"{number}{letter}.xlsx" for letter in "ab"]
        for name, file in zip(names, pair, strict=True):
            name.write_bytes(file.getvalue())
        made.append((path, folder / "out" / names[0].name, folder / "out" / names[1].name))
    convert(folder, sorted(folder.glob("*.xlsx")), SAVED_AGAIN, folder / "out")
    yield made
    shutil.rmtree(folder)


@needs_corpus
@pytest.mark.libreoffice
@pytest.mark.timeout(1800)
def test_libreoffice_reads_the_same_text_and_keeps_the_mark(
    converted: list[tuple[Path, Path, Path]],
) -> None:
    checked = 0
    for path, before, after in converted:
        if not before.exists():
            continue
        one, two = (XLSX.inspect(io.BytesIO(p.read_bytes()), ALL) for p in (before, after))
        assert _parts(one, headers=False) == _parts(two, headers=False), path
        # A space at the end of a header is lost on the way, and is no longer at its end with us.
        assert set(_parts(one, headers=True)) == set(_parts(two, headers=True)), path
        assert {mark.text for mark in two.marks if mark.own} == {MARK}, path
        checked += 1
    assert checked >= 1


def _parts(seen: Inspection, *, headers: bool) -> list[tuple[str, tuple[str, ...]]]:
    return [
        (part.place, tuple(line.strip() for line in part.text.splitlines()))
        for part in seen.text
        if (part.place in {"header", "footer"}) is headers
    ]
