import errno
import os
import stat
import sys
from pathlib import Path

import pytest

from meti_desk.domain.errors import EnvironmentProblem, InvalidInput, MetiDeskError
from meti_desk.system import placing
from meti_desk.system.files import DiskFiles, write_all

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="rights and links of POSIX")

LINKLESS = "linkless"


@pytest.fixture(params=["nameless", "named", LINKLESS])
def files(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> DiskFiles:
    """With O_TMPFILE, without, and on a file system that has no links either (FAT)."""
    if request.param == LINKLESS:

        def no_link(*_: object, **__: object) -> None:
            raise OSError(errno.EPERM, "no links")

        monkeypatch.setattr(placing.os, "link", no_link)
    return DiskFiles(nameless=request.param == "nameless")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def code(caught: "pytest.ExceptionInfo[MetiDeskError]") -> str:
    return caught.value.code


# opening


def test_opens_a_regular_file_and_follows_a_link(files: DiskFiles, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"text")
    (tmp_path / "link").symlink_to("a.txt")
    for name in ("a.txt", "link"):
        with files.open_source(tmp_path / name) as file:
            assert file.read() == b"text"
            with pytest.raises(OSError, match="write"):
                file.write(b"x")


def test_refuses_what_is_no_regular_file_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "pipe", tmp_path / "folder", Path(os.devnull)):
        with pytest.raises(InvalidInput) as caught:
            DiskFiles().open_source(path)
        assert code(caught) == "file.not-regular"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("missing", "file.missing"),
        ("a.txt/below", "file.missing"),
        ("circle", "file.missing"),
        ("名" * 100, "file.name-too-long"),
        ("nul\0byte", "file.outside"),
    ],
)
def test_names_why_a_file_cannot_be_opened(tmp_path: Path, name: str, expected: str) -> None:
    (tmp_path / "a.txt").write_bytes(b"")
    (tmp_path / "circle").symlink_to("circle")
    with pytest.raises(MetiDeskError) as caught:
        DiskFiles().open_source(tmp_path / name)
    assert code(caught) == expected


def test_tells_that_reading_is_not_allowed(tmp_path: Path) -> None:
    path = tmp_path / "closed"
    path.touch(mode=0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    with pytest.raises(EnvironmentProblem) as caught:
        DiskFiles().open_source(path)
    assert code(caught) == "file.no-access"


# scratch and publish


def test_a_scratch_file_has_no_name_and_no_reader(files: DiskFiles, tmp_path: Path) -> None:
    with files.scratch(tmp_path) as file:
        file.write(b"secret")
        file.flush()
        assert names(tmp_path) == []
        assert stat.S_IMODE(os.fstat(file.fileno()).st_mode) == 0o600
    assert names(tmp_path) == []


def test_a_missing_folder_is_told(files: DiskFiles, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem) as caught:
        files.scratch(tmp_path / "missing")
    assert code(caught) == "folder.missing"


def test_a_read_only_folder_is_told(files: DiskFiles) -> None:
    with pytest.raises(EnvironmentProblem) as caught:
        files.scratch(Path("/proc/self"))
    assert code(caught) in ("folder.read-only", "folder.missing")


def test_publishes_under_the_wished_name(files: DiskFiles, tmp_path: Path) -> None:
    with files.scratch(tmp_path) as file:
        file.write(b"result")
        placed = files.publish(file, tmp_path / "結果.docx", mode=0o640)
    assert placed == tmp_path / "結果.docx"
    assert placed.read_bytes() == b"result"
    assert stat.S_IMODE(placed.stat().st_mode) == 0o640
    assert names(tmp_path) == ["結果.docx"]


def test_never_goes_over_another_file(files: DiskFiles, tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"other")
    (tmp_path / "a (2).docx").symlink_to("nowhere")
    with files.scratch(tmp_path) as file:
        file.write(b"result")
        placed = files.publish(file, tmp_path / "a.docx")
    assert placed.name == "a (3).docx"
    assert (tmp_path / "a.docx").read_bytes() == b"other"
    assert placed.read_bytes() == b"result"
    assert names(tmp_path) == ["a (2).docx", "a (3).docx", "a.docx"]


@pytest.mark.parametrize("name", ["two\nlines.docx", " ", "-rf", "名" * 90 + ".docx", "a" * 300])
def test_odd_names_are_taken_or_shortened(files: DiskFiles, tmp_path: Path, name: str) -> None:
    for _ in range(2):
        with files.scratch(tmp_path) as file:
            file.write(b"x")
            placed = files.publish(file, tmp_path / name)
            assert placed.suffix == Path(name).suffix
    assert len(names(tmp_path)) == 2
    assert all(len(os.fsencode(n)) <= 255 for n in names(tmp_path))


def test_a_folder_that_vanished_is_told_and_nothing_stays(files: DiskFiles, tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    with files.scratch(folder) as file:
        folder.rmdir()
        with pytest.raises(EnvironmentProblem) as caught:
            files.publish(file, folder / "a.txt")
    assert code(caught) == "folder.missing"


def test_a_full_disk_is_told() -> None:
    with (
        Path("/dev/full").open("wb", buffering=0) as full,
        DiskFiles().scratch(
            Path("/dev/shm")  # noqa: S108 - a file system in memory, the file has no name
        ) as source,
    ):
        source.write(b"x")
        with pytest.raises(EnvironmentProblem) as caught:
            write_all(full, source)  # type: ignore[arg-type]  # unbuffered, so that it fails here
    assert code(caught) == "disk.full"


# replace


@pytest.fixture
def original(tmp_path: Path) -> Path:
    path = tmp_path / "original.docx"
    path.write_bytes(b"before")
    path.chmod(0o640)
    return path


def replace(files: DiskFiles, original: Path, *, meddle: object = None, sha256: str = "") -> None:
    with files.open_source(original) as opened, files.scratch(original.parent) as file:
        file.write(b"after")
        if callable(meddle):
            meddle()
        temporary = files.temporary(original, "operation-1")
        files.replace(file, original, temporary, opened=opened, sha256=sha256)


def test_replaces_and_keeps_rights_and_attributes(files: DiskFiles, original: Path) -> None:
    try:
        os.setxattr(original, "user.note", b"kept")
    except OSError:
        pytest.skip("no extended attributes here")
    replace(files, original)
    assert original.read_bytes() == b"after"
    assert stat.S_IMODE(original.stat().st_mode) == 0o640
    assert os.getxattr(original, "user.note") == b"kept"
    assert names(original.parent) == ["original.docx"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_replacing_keeps_the_owner(files: DiskFiles, original: Path) -> None:
    os.chown(original, 1234, 2345)
    replace(files, original)
    assert (original.stat().st_uid, original.stat().st_gid) == (1234, 2345)


def test_replaces_what_a_link_points_to(files: DiskFiles, original: Path, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    link = folder / "link.docx"
    link.symlink_to(original)
    with files.scratch(tmp_path) as file:
        file.write(b"after")
        files.replace(file, link, files.temporary(link, "operation"))
    assert link.is_symlink()
    assert original.read_bytes() == b"after"
    assert names(folder) == ["link.docx"]


@pytest.mark.parametrize("how", ["written", "replaced", "removed"])
def test_a_file_that_changed_meanwhile_is_left_alone(
    files: DiskFiles, original: Path, how: str
) -> None:
    def meddle() -> None:
        if how == "written":
            original.write_bytes(b"somebody else's")
        elif how == "replaced":
            other = original.with_name("other")
            other.write_bytes(b"before")
            other.replace(original)
        else:
            original.unlink()

    with pytest.raises(EnvironmentProblem) as caught:
        replace(files, original, meddle=meddle)
    assert code(caught) == "file.changed"
    left = {"written": b"somebody else's", "replaced": b"before"}.get(how)
    assert (original.read_bytes() if original.exists() else None) == left
    assert names(original.parent) == ([] if how == "removed" else ["original.docx"])


def test_a_change_that_time_and_size_do_not_show_is_found_by_hash(
    files: DiskFiles, original: Path
) -> None:
    import hashlib

    before = original.stat()

    def meddle() -> None:
        original.write_bytes(b"BEFORE")
        os.utime(original, ns=(before.st_atime_ns, before.st_mtime_ns))

    with pytest.raises(EnvironmentProblem) as caught:
        replace(files, original, meddle=meddle, sha256=hashlib.sha256(b"before").hexdigest())
    assert code(caught) == "file.changed"
    assert original.read_bytes() == b"BEFORE"


def test_a_left_over_of_the_same_operation_is_no_obstacle(files: DiskFiles, original: Path) -> None:
    files.temporary(original, "operation-1").write_bytes(b"half")
    replace(files, original)
    assert original.read_bytes() == b"after"
    assert names(original.parent) == ["original.docx"]


# put and discard


def test_puts_a_small_file_over_an_older_one(files: DiskFiles, tmp_path: Path) -> None:
    final = tmp_path / "a.zip.metilabel.json"
    for content in (b"{}", b'{"a": 1}'):
        files.put(content, final, files.temporary(final, "operation"))
        assert final.read_bytes() == content
    assert names(tmp_path) == [final.name]


def test_discards_its_own_temporary_files_only(files: DiskFiles, tmp_path: Path) -> None:
    own = files.temporary(tmp_path / "a.docx", "operation")
    own.write_bytes(b"half")
    other = tmp_path / "a.docx"
    other.write_bytes(b"whole")
    assert files.discard(own)
    assert not files.discard(own)
    assert not files.discard(other)
    assert names(tmp_path) == ["a.docx"]


# durable before it has a name


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Count what is synced."""
    seen: list[str] = []
    fsync = os.fsync

    def count(descriptor: int) -> None:
        folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        seen.append("folder" if folder else "file")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", count)
    return seen


def test_what_was_prepared_is_not_synced_again(
    original: Path, tmp_path: Path, synced: list[str]
) -> None:
    files = DiskFiles()
    with files.scratch(tmp_path) as new, files.scratch(tmp_path) as other:
        new.write(b"new")
        other.write(b"after")
        assert files.prepare(new, tmp_path, mode=0o644)
        assert files.prepare(other, tmp_path, like=original)
        assert synced == ["file", "file"]
        original.chmod(0o600)
        named = files.publish(new, tmp_path / "new.txt", mode=0o644)
        files.replace(other, original, files.temporary(original, "operation-1"))
    assert synced == ["file", "file", "folder", "folder"]
    assert (named.read_bytes(), original.read_bytes()) == (b"new", b"after")
    assert stat.S_IMODE(named.stat().st_mode) == 0o644
    # What somebody took away while the file waited for its name is not given back.
    assert stat.S_IMODE(original.stat().st_mode) == 0o600


def test_what_needs_another_copy_is_not_prepared(
    original: Path, tmp_path: Path, synced: list[str]
) -> None:
    files = DiskFiles(nameless=False)
    with files.scratch(tmp_path) as new:
        new.write(b"new")
        assert not files.prepare(new, tmp_path)
        assert synced == []
        files.replace(new, original, files.temporary(original, "operation-1"))
    assert original.read_bytes() == b"new"
    assert "file" in synced


def test_what_cannot_be_made_durable_says_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "no room")

    files = DiskFiles()
    monkeypatch.setattr(os, "fsync", full)
    with files.scratch(tmp_path) as new, pytest.raises(EnvironmentProblem) as caught:
        files.prepare(new, tmp_path)
    assert (code(caught), caught.value.params["path"]) == ("disk.full", str(tmp_path))


def test_folders_are_synced_by_who_places_many(
    files: DiskFiles, original: Path, tmp_path: Path, synced: list[str]
) -> None:
    folders: set[Path] = set()
    with files.scratch(tmp_path) as new, files.scratch(tmp_path) as other:
        new.write(b"new")
        other.write(b"after")
        files.publish(new, tmp_path / "new.txt", folders=folders)
        files.replace(other, original, files.temporary(original, "operation-1"), folders=folders)
    files.put(b"{}", tmp_path / "s.json", tmp_path / ".meti-desk-1.part", folders=folders)
    assert folders == {tmp_path}
    assert "folder" not in synced
    files.settle(tmp_path)
    assert synced[-1] == "folder"
    assert names(tmp_path) == ["new.txt", "original.docx", "s.json"]
