"""Real documents: labelled and proven, or refused by a code; LibreOffice as the reader."""

import io
import os
import random
import zipfile
from pathlib import Path

import pytest

from meti_desk.domain.errors import MetiDeskError
from meti_desk.formats.base import LabelOrder, Wants
from meti_desk.formats.odf.family import ODF
from meti_desk.formats.registry import find
from tests.formats.libreoffice import SOFFICE, convert, pages
from tests.formats.odf.builder import MARK, members_of

CORPUS = os.environ.get("METI_DESK_CORPUS")
FULL = bool(os.environ.get("METI_DESK_FULL"))
ORDER = LabelOrder({"jp.go.meti.label": "C2;I2;A1"}, MARK)
KINDS = ("odt", "ods", "odp", "odg", "odf", "ott", "ots", "otp", "fodt", "fods", "fodp")
needs_corpus = pytest.mark.skipif(CORPUS is None, reason="METI_DESK_CORPUS is not set")
EMPTY_SHEETS = {"OpenDoc.ods"}
"""A workbook with no cell filled: its only page is one that no page style has."""


def _files(count: int, seed: int = 7) -> list[Path]:
    found = sorted(
        path for kind in KINDS for path in Path(CORPUS or "/nonexistent").rglob(f"*.{kind}")
    )
    if FULL or len(found) <= count:
        return found
    rare = [path for path in found if path.suffix != ".odt"]
    return sorted(random.Random(seed).sample(found, count - len(rare)) + rare)


def _label(path: Path) -> tuple[str, io.BytesIO | None]:
    source = io.BytesIO(path.read_bytes())
    family = find(source).family.id
    if family != "odf":
        return family, None
    try:
        seen = ODF.inspect(source, Wants(text=True))
        if seen.obstacle:
            return seen.obstacle, None
        out = io.BytesIO()
        ODF.write_label(source, out, ORDER)
    except MetiDeskError as refused:
        return refused.code, None
    ODF.verify_label(source, out, ORDER)
    again = ODF.inspect(out, Wants(text=True))
    assert again.properties == ORDER.properties, path
    assert (again.digest, again.text) == (seen.digest, seen.text), path
    assert not seen.markable or {one.text for one in again.marks if one.own} == {MARK}, path
    return "", out


def _raw(file: io.BytesIO) -> dict[str, bytes]:
    found = {}
    with zipfile.ZipFile(file) as source:
        for info in source.infolist():
            file.seek(info.header_offset + 26)
            name, extra = (int.from_bytes(file.read(2), "little") for _ in range(2))
            file.seek(info.header_offset + 30 + name + extra)
            found[info.filename] = file.read(info.compress_size)
    return found


@needs_corpus
def test_real_documents_are_labelled_or_refused_by_code() -> None:
    refused = {}
    files = _files(40)
    for path in files:
        code, out = _label(path)
        if out is None:
            refused[path.name] = code
            continue
        source = io.BytesIO(path.read_bytes())
        before, after = _raw(source), _raw(out)
        changed = {name for name in before if before[name] != after[name]}
        assert changed <= {"meta.xml", "styles.xml", "content.xml", "META-INF/manifest.xml"}, path
        assert ("content.xml" in changed) is (path.suffix in {".odp", ".odg"}), path
        assert list(after)[: len(before)] == list(before), path
        again = io.BytesIO()
        ODF.write_label(out, again, ORDER)
        assert again.getvalue() == out.getvalue(), path
        removed = io.BytesIO()
        ODF.write_label(out, removed, LabelOrder({}, ""))
        assert b"jp.go.meti" not in b"".join(members_of(removed).values()), path
    assert set(refused.values()) <= {"document.damaged", "encrypted", "other", "text"}, refused
    assert len(refused) <= max(1, len(files) * 0.05), refused


@needs_corpus
@pytest.mark.libreoffice
@pytest.mark.skipif(SOFFICE is None, reason="soffice is missing")
@pytest.mark.timeout(900)
def test_libreoffice_shows_the_mark_on_every_page_and_moves_nothing(tmp_path: Path) -> None:
    made = {}
    for number, path in enumerate(_files(14, seed=11)):
        _, out = _label(path)
        if out is None or not ODF.inspect(out, Wants()).markable:
            continue
        one, two = (tmp_path / f"{number}{word}{path.suffix}" for word in "ab")
        one.write_bytes(path.read_bytes())
        two.write_bytes(out.getvalue())
        made[path] = (one, two)
    convert(tmp_path, [one for pair in made.values() for one in pair], "pdf")
    mark = "".join(MARK.split())
    checked = 0
    for path, pair in made.items():
        before, after = (one.with_suffix(".pdf") for one in pair)
        if not before.exists():
            continue
        old, new = pages(before), pages(after)
        assert len(old) == len(new), path
        marked = [text.count(mark) for text in new]
        assert set(marked) == {1} or path.name in EMPTY_SHEETS, path
        assert sorted("".join(old)) == sorted("".join(new).replace(mark, "")), path
        checked += 1
    assert checked >= len(made) - 1 >= 10
