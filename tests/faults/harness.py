"""Runs the real program until it is killed, looks at what lies there, and starts it again."""

import hashlib
import io
import json
import os
import select
import shutil
import signal
import stat
import struct
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import BinaryIO, Literal, cast

import docx

from meti_desk.app import make_desk
from meti_desk.domain.events_store import STORE
from meti_desk.protection.base import Key
from meti_desk.protection.registry import open_any
from meti_desk.services.messages import Person
from meti_desk.store import keys, local
from meti_desk.system.naming import is_temporary

FULL = bool(os.environ.get("METI_DESK_FULL"))
KILLED = -signal.SIGKILL
PASSPHRASE = "とても長いパスフレーズ 2026"
PASSWORD = "青い空に白い雲が3つ"
MARKER = hashlib.sha256(b"marker").digest() * 4
"""Bytes that stand uncompressed in every original: wherever they turn up lies its plain content."""

Kind = Literal["in place", "copy", "sidecar", "sidecar copy", "provide"]
KINDS: tuple[Kind, ...] = ("in place", "copy", "sidecar", "sidecar copy", "provide")
PLAIN_COPIES: frozenset[Kind] = frozenset({"in place", "copy", "sidecar", "sidecar copy"})
"""Acts whose result is the original with its label: it may hold what the original holds."""

_WITHOUT_TMPFILE = (
    "import os, sys\ndel os.O_TMPFILE\nfrom meti_desk.__main__ import main\nsys.exit(main())\n"
)
"""The same program as on a file system that has no nameless files."""


def word_file(text: str = "補助金の審査の結果") -> bytes:
    """Make a Word document with a comment and a picture that holds the marker, nothing deflated."""
    made = docx.Document()
    paragraph = made.add_paragraph(text)
    made.add_comment(paragraph.runs, text="内緒のコメント", author="佐藤花子", initials="SH")
    made.add_picture(io.BytesIO(_picture()))
    buffer, stored = io.BytesIO(), io.BytesIO()
    made.save(buffer)
    with zipfile.ZipFile(buffer) as packed, zipfile.ZipFile(stored, "w") as plain:
        for name in packed.namelist():
            plain.writestr(name, packed.read(name))
    return stored.getvalue()


def _picture() -> bytes:
    """Make a grey PNG whose pixels are the marker, in a stored block of deflate."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">2I5B", len(MARKER), 1, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0" + MARKER, 0)
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", pixels), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@dataclass(frozen=True)
class Template:
    """A store with one person, and the originals; copied for every kill."""

    folder: Path
    plain: bytes
    labelled: bytes
    other: bytes
    events: int

    @classmethod
    def make(cls, folder: Path) -> "Template":
        """Make store and documents, once for all tests of a process."""
        store = folder / "store"
        opened = local.create(store, PASSPHRASE, iterations=keys.FLOOR)
        person = Person("山田太郎", "課長補佐", "政策課", "yamada@meti.go.jp")
        for key in ("name", "post", "unit", "mail"):
            opened.settings.put(f"person.{key}", str(getattr(person, key)))
        opened.close()
        plain = word_file()
        scene = Scene(folder, "in place", plain, folder / "案.docx", plain)
        scene.original.write_bytes(plain)
        scene.prepare()
        ended = scene.start().wait()
        assert ended == 0, scene.told()
        labelled = scene.original.read_bytes()
        return cls(store, plain, labelled, b"\0other" + MARKER + b"\xff" * 5000, events=1)

    def scene(self, folder: Path, kind: Kind) -> "Scene":
        """Set up one act: its own copy of the store, its original, and an empty folder for out."""
        content = {"provide": self.labelled, "in place": self.plain, "copy": self.plain}
        before = content.get(kind, self.other)
        name = "資料.bin" if kind.startswith("sidecar") else "案.docx"
        folder.mkdir()
        scene = Scene(folder, kind, before, folder / "docs" / name, MARKER)
        scene.prepare()
        scene.original.write_bytes(before)
        shutil.copytree(self.folder, scene.store)
        return scene


@dataclass
class Scene:
    """One act on one original, in folders of its own."""

    folder: Path
    kind: Kind
    before: bytes
    original: Path
    marker: bytes

    def __post_init__(self) -> None:
        """Name the folders."""
        self.store = self.folder / "store"
        self.out = self.folder / "out"
        self.temporary = self.folder / "tmp"
        self.answer = self.folder / "answer"

    def prepare(self) -> None:
        """Make the folders and the two secrets."""
        for one in (self.out, self.temporary, self.original.parent, self.folder / "secrets"):
            one.mkdir(exist_ok=True)
        (self.folder / "secrets" / "passphrase").write_text(PASSPHRASE, encoding="utf-8")
        (self.folder / "secrets" / "password").write_text(PASSWORD, encoding="utf-8")

    @property
    def words(self) -> list[str]:
        """Give the command line of the act."""
        secrets = self.folder / "secrets"
        ours = ["--json", "--store", str(self.store)]
        ours += ["--passphrase-file", str(secrets / "passphrase")]
        path = str(self.original)
        if self.kind == "provide":
            act = ["handle", "provide", path, "--to", "someone@example.com", "--out", str(self.out)]
            act += ["--permit-noted", "鈴木課長, 2026年11月20日, 口頭"]
            return [*act, "--password-file", str(secrets / "password"), *ours]
        out = ["--out", str(self.out)] if self.kind.endswith("copy") else []
        return ["classify", path, "-c", "2", *out, *ours]

    def start(
        self, *, at: int = 0, log: Path | None = None, nameless: bool = True
    ) -> subprocess.Popen[bytes]:
        """Start the program; it dies at its `at`-th fault point (0: never)."""
        program = ["-m", "meti_desk"] if nameless else ["-c", _WITHOUT_TMPFILE]
        environment = {**os.environ, "TMPDIR": str(self.temporary), "HOME": str(self.temporary)}
        environment |= {"METI_DESK_FAULT_AT": str(at), "METI_DESK_FAULT_LOG": str(log or "")}
        with self.answer.open("wb") as answer:
            return subprocess.Popen(
                [sys.executable, *program, *self.words],
                stdout=answer,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env=environment,
                start_new_session=True,
            )

    def told(self) -> str:
        """Give what the program printed."""
        return self.answer.read_text(encoding="utf-8")

    def files(self) -> dict[Path, bytes]:
        """Read all files that the act may have written, the store apart."""
        folders = (self.original.parent, self.out, self.temporary)
        return {
            path: path.read_bytes()
            for folder in folders
            for path in folder.rglob("*")
            if path.is_file()
        }


@dataclass(frozen=True)
class After:
    """What the next start found: new events, and the files once it has tidied up."""

    events: int
    files: Mapping[Path, bytes]
    done: bool
    """Tells whether the result lies there."""


def check(scene: Scene, template: Template, *, nameless: bool = True) -> After:
    """Look at what a kill left, start again, and look once more: nothing half, nothing stray."""
    killed = scene.files()
    _no_stray_plaintext(scene, killed, nameless=nameless)
    for path in killed:
        if is_temporary(path):
            # What is whole and waits to be renamed has the rights of what it will replace.
            wider = path.stat().st_mode & ~scene.original.stat().st_mode
            assert stat.S_IMODE(wider) == 0, path
    events, labels = _start_again(scene)
    after = scene.files()
    assert not [path for path in after if is_temporary(path)], list(after)
    for path, content in killed.items():
        if not is_temporary(path):
            assert after[path] == content, f"the next start touched {path}"
    assert set(after) - set(killed) <= {_sidecar(path) for path in killed}
    done = _results(scene, after, labels)
    assert events == template.events + int(done), (events, sorted(after))
    return After(events - template.events, after, done)


def _no_stray_plaintext(scene: Scene, files: Mapping[Path, bytes], *, nameless: bool) -> None:
    """Allow the marker in the original and in its whole labelled copies only."""
    held = [path for path, content in files.items() if scene.marker in content]
    assert scene.original in held
    for path in held:
        if path == scene.original:
            continue
        assert scene.kind in PLAIN_COPIES, f"plaintext in {path}"
        if nameless or not is_temporary(path):
            _whole_copy(scene, files[path])
    for path in scene.store.rglob("*"):
        assert not path.is_file() or scene.marker not in path.read_bytes(), path


def _whole_copy(scene: Scene, content: bytes) -> None:
    if scene.kind.startswith("sidecar"):
        assert content == scene.before
    else:
        _whole_docx(content)


def _start_again(scene: Scene) -> tuple[int, dict[Path, tuple[int | None, str]]]:
    """Unlock, which recovers; give the number of events, and label and seal of what lies there."""
    desk = make_desk(str(scene.store))
    try:
        desk.unlock(PASSPHRASE)
        chain = desk.verify_ledger()
        assert chain.intact
        held = desk._ctx.open_store()
        assert held.journal.open_operations() == ()
        named = [path for path in scene.files() if path.suffix in (".docx", ".bin")]
        looked = desk.inspect([str(path) for path in named])
        labels = {Path(row.path): (row.label.c if row.label else None, row.seal) for row in looked}
        # A kill while the passphrase is being tried counts as a wrong one, and is told as such.
        told = sum(event.kind == STORE for event in held.ledger.events())
        return chain.events - told, labels
    finally:
        desk.close()


def _results(
    scene: Scene, files: Mapping[Path, bytes], labels: Mapping[Path, tuple[int | None, str]]
) -> bool:
    """Tell whether the result lies there; whatever lies there is whole."""
    original = files[scene.original]
    if scene.kind == "in place":
        if original == scene.before:
            return False
        _whole_docx(original)
        assert labels[scene.original] == (2, "sealed")
        return True
    assert original == scene.before
    if scene.kind == "sidecar":
        return _sidecar_result(scene.original, files, labels)
    result = scene.out / scene.original.name
    if result not in files:
        assert not [path for path in files if path.parent == scene.out]
        return False
    if scene.kind == "sidecar copy":
        assert files[result] == scene.before
        assert _sidecar_result(result, files, labels)
    elif scene.kind == "copy":
        _whole_docx(files[result])
        assert labels[result] == (2, "sealed")
    else:
        _provided(scene, files, result)
    return True


def _sidecar(path: Path) -> Path:
    return path.with_name(path.name + ".metilabel.json")


def _sidecar_result(
    path: Path, files: Mapping[Path, bytes], labels: Mapping[Path, tuple[int | None, str]]
) -> bool:
    sidecar = files.get(_sidecar(path))
    if sidecar is None:
        return False
    assert json.loads(sidecar)["sha256"] == hashlib.sha256(files[path]).hexdigest()
    assert labels[path] == (2, "sealed")
    return True


def _whole_docx(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
    docx.Document(io.BytesIO(content))


def _provided(scene: Scene, files: Mapping[Path, bytes], result: Path) -> None:
    opened = io.BytesIO()
    open_any(cast("BinaryIO", io.BytesIO(files[result])), cast("BinaryIO", opened), Key(PASSWORD))
    _whole_docx(opened.getvalue())
    assert MARKER in opened.getvalue()
    assert "内緒のコメント".encode() not in opened.getvalue()
    for path, content in files.items():
        if path.parent != scene.out or path == result:
            continue
        if path.suffix == ".docx":
            _whole_docx(content)
        else:
            assert path.suffix == ".eml"
            message = message_from_bytes(content, policy=default)
            assert not message.defects
            names = [part.get_filename() for part in message.iter_attachments()]
            assert names == [scene.original.name, "取扱依頼書.docx"]


class Points:
    """Hears, through a pipe, the fault points as the program passes them."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "points"
        os.mkfifo(self.path)
        # Open for both, so that neither side waits for the other.
        self._file = os.open(self.path, os.O_RDWR | os.O_NONBLOCK)
        self._rest = b""
        self.passed: list[tuple[str, float]] = []

    def close(self) -> None:
        """Let go of the pipe."""
        os.close(self._file)

    def names(self) -> list[str]:
        """Give the names of the points passed so far."""
        return [name for name, _ in self.passed]

    def until(self, deadline: float, point: str = "") -> bool:
        """Listen until a moment of the monotonic clock, or until a point is passed."""
        while (left := deadline - time.monotonic()) > 0:
            if select.select([self._file], [], [], left)[0]:
                self.drain()
            if point and point in self.names():
                return True
        return False

    def drain(self) -> None:
        """Take what was told up to now."""
        try:
            raw = self._rest + os.read(self._file, 65536)
        except BlockingIOError:
            return
        *lines, self._rest = raw.split(b"\n")
        now = time.monotonic()
        self.passed += [(line.decode().split()[1], now) for line in lines]


@contextmanager
def points(folder: Path) -> Iterator[Points]:
    """Listen to the points of one run."""
    heard = Points(folder)
    try:
        yield heard
    finally:
        heard.close()


def descendants(pid: int) -> list[int]:
    """Give the ids of all processes below one, from the kernel's own list."""
    found: list[int] = []
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = [int(word) for word in listed.read_text().split()]
        except OSError:
            continue
        for child in children:
            found += [child, *descendants(child)]
    return found


def handles(pids: list[int]) -> list[int]:
    """Open handles on processes, which speak of these and of no later ones of the same number."""
    opened = []
    for pid in pids:
        try:
            opened.append(os.pidfd_open(pid))
        except ProcessLookupError:
            continue
    return opened


def all_gone(opened: list[int], seconds: float = 20.0) -> bool:
    """Wait until all of these processes have ended; closes the handles."""
    deadline = time.monotonic() + seconds
    gone = True
    for one in opened:
        left = max(0.0, deadline - time.monotonic())
        gone = bool(select.select([one], [], [], left)[0]) and gone
        os.close(one)
    return gone
