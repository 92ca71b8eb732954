"""The copy of a sidecar in the file's own metadata counts only for the content it speaks of."""

import shutil
from pathlib import Path

import pytest

from meti_desk.services.classify import classify
from meti_desk.services.facts import opened, sidecar_of
from meti_desk.services.messages import ClassifyRequest
from meti_desk.services.suggest import QUICK
from meti_desk.system import label_cache
from tests.unit.services.fakes import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Give a device whose folder keeps such metadata."""
    probe = tmp_path / "probe"
    probe.write_bytes(b"x")
    if not label_cache.write(probe, b"y"):
        pytest.skip("this file system keeps no metadata of users")
    probe.unlink()
    return World(tmp_path)


def read(path: Path) -> bytes:
    with path.open("rb") as file:
        return label_cache.read(path, file)


def decided(world: World) -> Path:
    path = world.text()
    request = ClassifyRequest(paths=(str(path),), c=2)
    assert classify(world.ctx, request).files[0].error is None
    return path


def test_what_was_kept_is_read_and_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"x")
    kept = label_cache.write(path, b"label")
    assert read(path) == (b"label" if kept else b"")
    label_cache.forget(path)
    label_cache.forget(path)
    assert read(path) == b""


def test_where_it_cannot_be_kept_nothing_is_said(tmp_path: Path) -> None:
    assert label_cache.write(tmp_path / "missing", b"x") is False
    assert label_cache.write(tmp_path / "a\0b", b"x") is False
    path = tmp_path / "a.txt"
    path.write_bytes(b"x")
    assert label_cache.write(path, bytes(1 << 20)) is False
    assert read(path) == b""


def test_bytes_are_handed_over_as_an_open_file() -> None:
    with label_cache.as_file(b"label") as file:
        assert file.read() == b"label"
        assert file.fileno() >= 0


def test_a_file_keeps_its_label_when_it_leaves_its_sidecar_behind(world: World) -> None:
    path = decided(world)
    assert read(path) == sidecar_of(path).read_bytes()
    moved = path.rename(world.folder / "別名.txt")
    with opened(world.locked(), moved, QUICK) as facts:
        assert facts.label is not None
        assert facts.seal == "sealed"
        assert not facts.from_record
        assert facts.inspection.findings == ()


def test_a_sidecar_beside_the_file_speaks_first(world: World) -> None:
    path = decided(world)
    label_cache.write(path, sidecar_of(path).read_bytes().replace(b"C2;I1;A1", b"C1;I1;A1"))
    with opened(world.locked(), path, QUICK) as facts:
        assert facts.inspection.properties["jp.go.meti.label"] == "C2;I1;A1"


def test_what_was_kept_for_other_content_says_nothing(world: World) -> None:
    path = decided(world)
    kept = read(path)
    sidecar_of(path).unlink()
    path.write_text("別の内容", encoding="utf-8")
    assert read(path) == kept
    for data in (kept, b"nonsense", b""):
        label_cache.write(path, data)
        with opened(world.locked(), path, QUICK) as facts:
            assert facts.label is None
            assert facts.inspection.findings == ()


def test_a_copy_without_metadata_is_found_by_its_content(world: World) -> None:
    path = decided(world)
    copy = world.folder / "写し.txt"
    shutil.copyfile(path, copy)
    assert read(copy) == b""
    with opened(world.ctx, copy, QUICK) as facts:
        assert facts.from_record
