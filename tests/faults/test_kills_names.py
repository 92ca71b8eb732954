"""What the next start has to tell apart: namesakes, shortened names, symbolic links."""

import signal
import sys
import time
from pathlib import Path

import pytest

from meti_desk.app import make_desk
from tests.faults.harness import KILLED, PASSPHRASE, Kind, Scene, Template, check, points
from tests.faults.test_kills import STEP

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="SIGKILL and nameless files")


def number_of(template: Template, folder: Path, kind: Kind, point: str, *, last: bool) -> int:
    """Give the number of a point in the course of an act."""
    scene = template.scene(folder / "course", kind)
    log = scene.folder / "log"
    assert scene.start(log=log).wait() == 0, scene.told()
    names = [line.split()[1] for line in log.read_text().splitlines()]
    return (len(names) - names[::-1].index(point)) if last else names.index(point) + 1


def recovered(scene: Scene) -> list[str]:
    """Start again; give the paths under which the records know what was labelled."""
    desk = make_desk(str(scene.store))
    try:
        desk.unlock(PASSPHRASE)
        store = desk._ctx.open_store()
        assert store.journal.open_operations() == ()
        assert desk.verify_ledger().intact
        told = [event.data() for event in store.ledger.events()]
        records = [store.documents.get(str(body["document"])) for body in told]
        return [record.path for record in records if record is not None]
    finally:
        desk.close()


def killed(scene: Scene, at: int) -> list[str]:
    assert scene.start(at=at).wait() == KILLED, scene.told()
    return recovered(scene)[1:]


def test_a_second_program_leaves_alone_what_the_first_is_doing(
    template: Template, tmp_path: Path
) -> None:
    scene = template.scene(tmp_path / "scene", "in place")
    with points(scene.folder) as heard:
        first = scene.start(log=heard.path)
        assert heard.until(time.monotonic() + 60, "store.committed")
        first.send_signal(signal.SIGSTOP)
        try:
            desk = make_desk(str(scene.store))
            desk.unlock(PASSPHRASE)
            begun = len(desk._ctx.open_store().journal.open_operations())
            desk.close()
        finally:
            first.send_signal(signal.SIGCONT)
        assert first.wait() == 0, scene.told()
    assert begun <= 1
    assert check(scene, template).done


def test_a_namesake_of_the_same_bytes_is_not_taken_for_the_result(
    template: Template, tmp_path: Path
) -> None:
    before = number_of(template, tmp_path, "sidecar copy", "publish.link", last=False)
    scene = template.scene(tmp_path / "before", "sidecar copy")
    namesake = scene.out / scene.original.name
    namesake.write_bytes(scene.before)
    assert killed(scene, before) == []
    assert list(scene.out.iterdir()) == [namesake]
    scene = template.scene(tmp_path / "after", "sidecar copy")
    (scene.out / scene.original.name).write_bytes(scene.before)
    # The taken name costs one more attempt at linking.
    second = scene.out / "資料 (2).bin"
    assert killed(scene, before + 2) == [str(second)]
    assert {path.name for path in scene.out.iterdir()} == {
        "資料.bin", "資料 (2).bin", "資料 (2).bin.metilabel.json",
    }  # fmt: skip


def test_a_name_that_had_to_be_shortened_is_found_again(template: Template, tmp_path: Path) -> None:
    after = number_of(template, tmp_path, "copy", "publish.folder-fsync", last=False)
    scene = template.scene(tmp_path / "scene", "copy")
    scene.original = scene.original.rename(scene.original.with_name("あ" * 83 + "a.docx"))
    (scene.out / scene.original.name).write_bytes(b"taken")
    found = killed(scene, after + 1)
    assert len(found) == 1
    assert found[0].endswith(" (2).docx")
    assert Path(found[0]).is_file()


@pytest.mark.parametrize("done", [False, True])
def test_a_file_behind_a_symbolic_link_is_recorded_when_it_was_replaced(
    template: Template, tmp_path: Path, *, done: bool
) -> None:
    point = "replace.folder-fsync" if done else STEP["in place"]
    at = number_of(template, tmp_path, "in place", point, last=False)
    scene = template.scene(tmp_path / "scene", "in place")
    real = scene.folder / "elsewhere" / "本体.docx"
    real.parent.mkdir()
    scene.original.rename(real)
    scene.original.symlink_to(real)
    found = killed(scene, at)
    assert len(found) == int(done)
    assert scene.original.is_symlink()
    assert [path.name for path in real.parent.iterdir()] == [real.name]
    assert (real.read_bytes() != scene.before) == done
