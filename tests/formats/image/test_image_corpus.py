"""Real pictures: labelled without a changed pixel and read back, or refused by a code."""

import io
import itertools
import json
import os
import random
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageSequence

from meti_desk.domain.errors import MetiDeskError
from meti_desk.formats.base import Wants
from meti_desk.formats.image.containers import opened
from meti_desk.formats.image.family import IMAGES
from tests.formats.image.pictures import CHANGED, NOTHING, PROPERTIES, inspected, labelled
from tests.formats.image.test_image_scrub import first_picture, scrubbed

CORPUS = os.environ.get("METI_DESK_CORPUS", "")
FULL = os.environ.get("METI_DESK_FULL") == "1"
SLICE = 16
KINDS = ("jpg", "jpeg", "png", "webp", "gif", "tif", "tiff", "heic", "heif", "avif")
RAW = {"CanonRaw.cr2", "DNG.dng"}


def corpus() -> list[Path]:
    found = sorted(
        path
        for path in (Path(CORPUS).rglob("*") if CORPUS else ())
        if path.suffix.lower().lstrip(".") in KINDS or path.name in RAW
    )
    return found if FULL or len(found) <= SLICE else random.Random(3).sample(found, SLICE)


FILES = corpus()
pytestmark = pytest.mark.skipif(not FILES, reason="METI_DESK_CORPUS names no folder with pictures")


def decoded(data: bytes) -> list[tuple[object, ...]] | str:
    """Decode with Pillow what it can open; else tell that it cannot."""
    try:
        with Image.open(io.BytesIO(data)) as seen:
            return [
                (one.mode, one.size, one.tobytes(), one.getexif().get(0x0112),
                 one.info.get("icc_profile"))
                for one in ImageSequence.Iterator(seen)
            ]  # fmt: skip
    except Exception as error:  # noqa: BLE001 - whatever a broken picture makes it raise
        return type(error).__name__


@pytest.mark.filterwarnings("ignore")  # Pillow's, about broken metadata of the originals
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_real_pictures_are_labelled_and_show_the_same(path: Path) -> None:
    data = path.read_bytes()
    if path.name in RAW:
        assert IMAGES.recognise(data[:4096], io.BytesIO(data)) is None
        return
    before = inspected(data)
    done = labelled(data)
    after = inspected(done)
    assert after.properties == PROPERTIES
    assert after.digest == before.digest
    assert labelled(done) == done
    changed = labelled(done, CHANGED)
    none = labelled(changed, NOTHING)
    assert inspected(none).properties == {}
    pixels = decoded(data)
    for one in (done, changed, none):
        assert decoded(one) == pixels
        if before.format in ("heic", "heif", "avif"):
            assert coded_items(one) == coded_items(data)


def coded_items(data: bytes) -> list[str]:
    _, source, found = opened(io.BytesIO(data))
    return [one.hash(source) for one in found.seen]


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
def test_an_independent_reader_finds_all_that_was_there_before(tmp_path: Path) -> None:
    for number, path in enumerate(FILES):
        if path.name not in RAW:
            name = f"{number}{path.suffix.lower()}"
            (tmp_path / f"old{name}").write_bytes(path.read_bytes())
            (tmp_path / f"new{name}").write_bytes(labelled(path.read_bytes()))
    told = subprocess.run(
        ["exiftool", "-j", "-a", "-G1:4", "-s", "-u", "-ee", str(tmp_path)],
        capture_output=True, check=False,
    ).stdout  # fmt: skip
    rows = {Path(row["SourceFile"]).name: row for row in json.loads(told)}
    for name, old in rows.items():
        if name.startswith("old"):
            new = rows["new" + name[3:]]
            assert facts(new) == facts(old), name
            assert new["XMP-metilabel:Label"] == "C2;I2;A1"


def facts(row: dict[str, Any]) -> dict[str, Any]:
    """Keep what labelling may not change: no places and sizes of the file itself."""
    changes = ("File:", "System:", "XMP-metilabel:", "XMP-x:", "SourceFile", "ExifTool:")
    inside = ("MediaData", "MPImageLength", "WebP_Flags")
    return {
        key: value
        for key, value in row.items()
        if not key.startswith(changes) and not any(word in key for word in inside)
    }


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_real_pictures_are_scrubbed_and_show_the_same(path: Path) -> None:
    data = path.read_bytes()
    if path.name in RAW:
        return
    before = inspected(data)
    marked = labelled(data)
    for source, purpose in itertools.product((data, marked), ("provide", "publish")):
        clean = scrubbed(source, purpose)  # type: ignore[arg-type] # both are purposes
        after = IMAGES.inspect(io.BytesIO(clean), Wants())
        assert after.digest == before.digest
        wanted = {"label", "handling"} if source is marked and purpose == "provide" else set()
        assert after.properties.keys() == {f"jp.go.meti.{one}" for one in wanted}
        assert [one for one in after.findings if one.kind != "image.own-property"] == []
        assert first_decoded(clean) == first_decoded(data)
        assert scrubbed(clean, purpose) == clean  # type: ignore[arg-type] # the same


def first_decoded(data: bytes) -> tuple[object, ...] | str:
    """Decode the first picture: further ones of a multi-picture file are meant to go."""
    try:
        return first_picture(data)
    except Exception as error:  # noqa: BLE001 - whatever a broken picture makes it raise
        return type(error).__name__


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
def test_an_independent_reader_finds_nothing_that_tells(tmp_path: Path) -> None:
    for number, path in enumerate(FILES):
        if path.name not in RAW:
            clean = scrubbed(path.read_bytes(), "publish")
            (tmp_path / f"{number}{path.suffix.lower()}").write_bytes(clean)
    told = subprocess.run(
        ["exiftool", "-j", "-a", "-G1:4", "-s", "-u", "-ee", str(tmp_path)],
        capture_output=True, check=False,
    ).stdout  # fmt: skip
    words = re.compile(
        r"GPS|ExifIFD|MakerNotes|XMP|IPTC|Photoshop|IFD1|Artist|Software|Make$|Model$|Comment|"
        r"Date|Description|Owner|Serial|Thumb|MPImage|Trailer"
    )
    for row in json.loads(told):
        keys = [key for key in row if not key.startswith(("File:", "System:", "ICC", "Composite:"))]
        assert [key for key in keys if words.search(key)] == [], row["SourceFile"]


@pytest.mark.parametrize("path", FILES[:6], ids=lambda path: path.name)
def test_damage_to_real_pictures_ends_in_a_label_or_a_code(path: Path) -> None:
    chance = random.Random(path.name)
    data = path.read_bytes()
    for _ in range(40 if FULL else 5):
        harmed = bytearray(data)
        for _ in range(20):
            harmed[chance.randrange(min(len(harmed), 4000))] = chance.randrange(256)
        try:
            if IMAGES.recognise(bytes(harmed[:4096]), io.BytesIO(harmed)) is not None:
                labelled(bytes(harmed))
        except MetiDeskError as error:
            assert error.code.startswith(("document.", "label.not-proven"))  # noqa: PT017


@pytest.mark.skipif(shutil.which("heif-convert") is None, reason="heif-convert is not installed")
def test_a_decoder_shows_the_same_heif(tmp_path: Path) -> None:
    found = [path for path in FILES if path.suffix.lower() in (".heic", ".heif", ".avif")]
    for path in found:
        data = path.read_bytes()
        done = labelled(data)
        pixels = heif_decoded(data, tmp_path)
        for one in (done, scrubbed(done), scrubbed(done, "publish")):
            assert heif_decoded(one, tmp_path) == pixels, path.name


def heif_decoded(data: bytes, folder: Path) -> list[bytes]:
    for old in folder.iterdir():
        old.unlink()
    (folder / "one.heic").write_bytes(data)
    command = ["heif-convert", str(folder / "one.heic"), str(folder / "out.png")]
    subprocess.run(command, capture_output=True, check=False)
    found = []
    for path in sorted(folder.glob("out*.png")):
        with Image.open(path) as seen:
            found.append(seen.tobytes())
    return found
