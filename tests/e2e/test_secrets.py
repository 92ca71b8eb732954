"""No secret where it may not be: files, temporary files, output, arguments, environment."""

import base64
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import docx
import pytest

PASSPHRASE = "canary 麒麟 passphrase 7301"
PASSWORD = "canary-鳳凰-password-9150-Xq"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def forms(secret: str) -> Iterator[bytes]:
    """Give the ways in which a secret could be written down."""
    for encoded in (secret.encode(), secret.encode("utf-16-le"), secret.encode("utf-16-be")):
        yield encoded
        yield encoded.hex().encode()
        yield base64.b64encode(encoded).rstrip(b"=")
    yield secret.encode("unicode_escape")


class Watch:
    """Reads arguments and environment of every process below this one, over and over."""

    def __init__(self) -> None:
        self.seen: set[bytes] = set()
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ends.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ends.wait(0.002):
            for folder in Path("/proc").iterdir():
                if not folder.name.isdigit():
                    continue
                for name in ("cmdline", "environ"):
                    try:
                        self.seen.add((folder / name).read_bytes())
                    except OSError:
                        continue


class Commands:
    """The command line as processes of their own, in a folder that holds all they may write."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.secrets = folder / "secrets"
        self.work = folder / "work"
        self.temporary = folder / "temporary"
        for one in (self.secrets, self.work, self.temporary):
            one.mkdir()
        self.output = b""

    def secret(self, name: str, text: str) -> str:
        path = self.secrets / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    def __call__(self, *words: str, code: int = 0, lines: str = "") -> None:
        ran = subprocess.run(
            [sys.executable, "-m", "meti_desk", *words, "--json",
             "--store", str(self.work / "store")],
            capture_output=True, check=False, input=lines.encode(),
            env={**os.environ, "TMPDIR": str(self.temporary), "HOME": str(self.work)},
        )  # fmt: skip
        self.output += ran.stdout + ran.stderr
        assert ran.returncode == code, ran.stdout + ran.stderr

    def written(self) -> Iterator[tuple[str, bytes]]:
        """Give every file below the working and the temporary folder."""
        for folder in (self.work, self.temporary):
            for path in folder.rglob("*"):
                if path.is_file():
                    yield str(path), path.read_bytes()


@pytest.fixture
def commands(tmp_path: Path) -> Commands:
    return Commands(tmp_path)


def protect_all(run: Commands, unlock: tuple[str, ...], given: str) -> None:
    """Use the password in every method that the command line offers."""
    from meti_desk.cli.parser import METHODS

    work = run.work
    document = docx.Document()
    document.add_paragraph("補助金の審査の結果")
    document.save(str(work / "案.docx"))
    (work / "表.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    for method in METHODS:
        source = {"office": "案.docx"}.get(method, "表.csv")
        if method == "pdf":
            continue
        out = work / method
        run("protect", str(work / source), "--method", method, "--out", str(out),
            "--password-file", given, *unlock)  # fmt: skip
        (made,) = out.iterdir()
        run("open", str(made), "--out", str(out / "open"), "--password-file", given, *unlock)
        run("open", str(made), "--out", str(out / "no"), "--password-file", "-", *unlock,
            code=5, lines=f"{PASSWORD}-not\n")  # fmt: skip
        run("inspect", str(made), *unlock)


def test_secrets_are_nowhere(commands: Commands) -> None:
    run = commands
    passphrase = run.secret("passphrase", PASSPHRASE)
    given = run.secret("password", PASSWORD)
    unlock = ("--passphrase-file", passphrase)
    with Watch() as watch:
        run("init", "--name", "山田太郎", *unlock)
        protect_all(run, unlock, given)
        again = run.secret("again", PASSPHRASE + " again")
        run("store", "passphrase", "--new-passphrase-file", again, *unlock)
        unlock = ("--passphrase-file", again)
        run("store", "rekey", *unlock)
        run("ledger", "export", "--out", str(run.work / "記録.csv"), *unlock)
        run("ledger", "list", "--passphrase-file", given, code=4)
    found = [
        (place, form)
        for place, data in (*run.written(), ("output", run.output))
        for form in (*forms(PASSPHRASE), *forms(PASSWORD))
        if form in data
    ]
    assert found == []
    assert any(b"meti_desk" in one for one in watch.seen), "the watch saw the commands"
    told = [
        form for one in watch.seen for form in (*forms(PASSPHRASE), *forms(PASSWORD)) if form in one
    ]
    assert told == []


def test_the_search_finds_what_is_there(commands: Commands) -> None:
    (commands.work / "note").write_bytes(b"x" + base64.b64encode(PASSWORD.encode()) + b"y")
    (commands.temporary / "log").write_bytes("…".encode() + PASSPHRASE.encode("utf-16-le"))
    found = {
        path.rsplit("/", 1)[-1]
        for path, data in commands.written()
        for form in (*forms(PASSPHRASE), *forms(PASSWORD))
        if form in data
    }
    assert found == {"note", "log"}


def test_a_crash_tells_no_secret(commands: Commands) -> None:
    """An error that nobody foresaw, in the midst of the work, prints no local variable."""
    code = (
        "import sys\n"
        "from meti_desk.store import keys\n"
        "keys.derive = lambda *_a: 1 / 0\n"
        "from meti_desk.app import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    passphrase = commands.secret("passphrase", PASSPHRASE)
    ran = subprocess.run(
        [sys.executable, "-c", code, "init", "--store", str(commands.work / "s"),
         "--passphrase-file", passphrase],
        capture_output=True, check=False,
    )  # fmt: skip
    assert ran.returncode != 0
    assert b"ZeroDivisionError" in ran.stderr
    assert not [form for form in forms(PASSPHRASE) if form in ran.stdout + ran.stderr]
