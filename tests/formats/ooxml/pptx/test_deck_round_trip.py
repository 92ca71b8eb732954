"""A marked presentation after LibreOffice saved it: the label, the mark and others' labels stay."""

import io
from pathlib import Path

import pytest
from pptx import Presentation

from meti_desk.formats.base import LABEL_KEY, Inspection, LabelOrder, Wants
from meti_desk.formats.registry import find
from tests.formats.libreoffice import SOFFICE, convert

MARK = "機密性2情報（完全性2・可用性1）"
OTHER = "機密性3情報（完全性2・可用性1）"
GUID = "2096f6a2-d2f7-48be-b329-b73aaa526e5d"
FOREIGN = {
    "urn:bails:IntellectualProperty:BusinessAuthorizationCategory:Name": "Confidential",
    f"MSIP_Label_{GUID}_Enabled": "true",
}


def _label(path: Path, mark: str) -> Path:
    out = path.with_name(f"marked-{path.name}")
    order = LabelOrder({LABEL_KEY: "C2;I2;A1"}, mark, foreign=FOREIGN)
    with path.open("rb") as source, out.open("w+b") as target:
        family = find(source).family
        assert family.write_label(source, target, order).marked == 2
        family.verify_label(source, target, order)
    return out


def _seen(path: Path) -> Inspection:
    source = io.BytesIO(path.read_bytes())
    return find(source).family.inspect(source, Wants(text=True))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a marked presentation, saved again by LibreOffice, as OpenDocument, and back."""
    if SOFFICE is None:
        pytest.skip("soffice is missing")
    made = tmp_path_factory.mktemp("trip")
    deck = Presentation()
    for _ in range(2):
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = "題"
        slide.placeholders[1].text = "本文"
    deck.save(str(made / "a.pptx"))
    marked = _label(made / "a.pptx", MARK)
    for name in ("saved", "open", "back"):
        (made / name).mkdir()
    convert(made, [marked], "pptx", made / "saved")
    convert(made, [marked], "odp", made / "open")
    remarked = _label(made / "open" / "marked-a.odp", OTHER)
    convert(made, [remarked], "pptx", made / "back")
    return made


@pytest.mark.libreoffice
def test_label_mark_and_digest_survive_saving_and_the_way_through_opendocument(
    folder: Path,
) -> None:
    before = _seen(folder / "marked-a.pptx")
    for path, mark in (
        (folder / "saved" / "marked-a.pptx", MARK),
        (folder / "open" / "marked-a.odp", MARK),
        (folder / "open" / "marked-marked-a.odp", OTHER),
        (folder / "back" / "marked-marked-a.pptx", OTHER),
    ):
        seen = _seen(path)
        assert {(one.text, one.own) for one in seen.marks} == {(mark, True)}, path
        assert seen.properties == before.properties, path
        assert {one.scheme for one in seen.foreign} == {"msip", "tscp"}, path
        assert not any(mark in one.text for one in seen.text), path
        if path.suffix == ".pptx":
            assert seen.digest == before.digest, path
            again = _seen(_label(path, MARK))
            assert {(one.text, one.own) for one in again.marks} == {(MARK, True)}, path
            assert again.digest == before.digest, path
