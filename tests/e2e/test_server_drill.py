"""The drill: two devices of staff, one of who decides, a server that is killed, on both engines.

Every command is a process of its own. Offline request, online, permit, offline use for taking a
document out, report of the end, records; then both chains are verified.
"""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docx
import pytest

from meti_desk.server import storage
from tests.e2e.conftest import PASSPHRASE
from tests.e2e.test_permits_cli import ANSWERS, AWAY
from tests.faults.processes import STAFF, Ministry
from tests.postgres import Cluster

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="SIGKILL")


class Pc:
    """A device: a store, and the command line over it as a process each time."""

    def __init__(self, folder: Path, person: str) -> None:
        self.folder, self.person = folder, person
        folder.mkdir()
        (folder / "passphrase").write_text(PASSPHRASE, encoding="utf-8")
        name = next(one.name for one in STAFF if one.id == person)
        self("init", "--name", name, "--unit", "政策課")

    def run(self, *words: str | Path) -> tuple[int, dict[str, Any]]:
        """Run a command; gives exit code and answer."""
        ran = subprocess.run(
            [sys.executable, "-m", "meti_desk", *map(str, words), "--json",
             "--store", str(self.folder / "store"),
             "--passphrase-file", str(self.folder / "passphrase")],
            capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
            env={**os.environ, "HOME": str(self.folder)},
        )  # fmt: skip
        assert ran.stdout, ran.stderr
        return ran.returncode, json.loads(ran.stdout)

    def __call__(self, *words: str | Path) -> dict[str, Any]:
        """Run a command that has to go well."""
        code, told = self.run(*words)
        assert code == 0, told
        return told

    def refused(self, *words: str | Path) -> str:
        """Run a command that has to be refused, and give the code of it."""
        code, told = self.run(*words)
        assert code in (3, 4), told
        error = told["error"] if "error" in told else told["files"][0]["error"]
        return str(error["code"])

    def enrol(self, ministry: Ministry) -> None:
        """Enrol at the server by a code, and hear who decides."""
        url = f"http://127.0.0.1:{ministry.ports()[0]}"
        self("enroll", ministry.code(self.person), "--server", url)
        self("sync", "now")


class Drill:
    """The ministry of a drill: servers that are killed, a database that crashes."""

    def __init__(self, ministry: Ministry, crash: Callable[[], None]) -> None:
        self.ministry, self.crash = ministry, crash

    def blow(self) -> None:
        """Kill every server, crash the database, and start all anew."""
        self.ministry.kill()
        self.crash()
        self.ministry.start()


@pytest.fixture(params=["sqlite", "postgresql"])
def drill(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Drill]:
    folder = tmp_path / "ministry"
    if request.param == "sqlite":
        made = Drill(Ministry(folder, folder, 1), lambda: None)
        yield made
        made.ministry.kill()
        return
    cluster = Cluster(durable=True)
    try:
        place = cluster.fresh()
        storage.make(place)

        def crash() -> None:
            cluster.stop("immediate")
            cluster.start()

        made = Drill(Ministry(folder, place, 2), crash)
        yield made
        made.ministry.kill()
    finally:
        cluster.end()


@pytest.mark.timeout(900)
def test_from_a_request_offline_to_records_with_a_server_killed_in_between(
    drill: Drill, tmp_path: Path
) -> None:
    office, laptop, head = (
        Pc(tmp_path / name, who) for name, who in (("pc1", "y1"), ("pc2", "y1"), ("pc3", "b1"))
    )
    ministry = drill.ministry
    ministry.start()
    for one in (head, laptop, office):
        one.enrol(ministry)
    path = tmp_path / "案.docx"
    made = docx.Document()
    made.add_paragraph("補助金の審査の結果")
    made.save(str(path))
    office("classify", path, "-c", "2", "-i", "2", "--reason", "審査中のため")

    ministry.kill()  # offline: a request, and no permission
    ask = ("permit", "request", "take-out", path, "--area", "0", "--reason", "出張先で直すため")
    permit = office(*ask)["permit"]["id"]
    assert office.refused("sync", "now") == "sync.unreachable"
    take = (
        "handle", "take-out", path, "--area", "0", "--out", tmp_path / "out", "--permit", permit,
        *ANSWERS, *AWAY,
    )  # fmt: skip
    assert office.refused(*take) == "permission.waiting"

    ministry.start()  # online: it reaches who decides
    office("sync", "now")
    drill.blow()
    head("sync", "now")
    (row,) = head("permit", "list", "--to-decide")["permits"]
    assert (row["id"], row["reason"]) == (permit, "出張先で直すため")
    assert office.refused("permit", "decide", permit, "--grant") == "permit.own-request"
    head("permit", "decide", permit, "--grant", "--note", "一日だけ")
    head("sync", "now")
    drill.blow()
    assert office("sync", "now")["sync"]["unsent"] == 0

    ministry.kill()  # offline again: the permission holds, for this document alone
    office(*take)
    other = tmp_path / "別の案.docx"
    made.add_paragraph("書き足した一語")
    made.save(str(other))
    office("classify", other, "-c", "2", "-i", "2", "--reason", "審査中のため")
    assert office.refused(*take[:2], other, *take[3:]) == "permit.other-content"
    office("permit", "report", permit, "--text", "持ち帰り、消去しました")

    ministry.start()
    for one in (office, head, laptop):
        assert one("sync", "now")["sync"]["unsent"] == 0
    for one in (office, head, laptop):  # two devices of one person, and who decided
        told = one("permit", "show", permit)["permit"]
        assert (told["state"], told["verified"]) == ("reported", True)
    _records(office, permit)
    for one in (office, laptop, head):
        assert one("ledger", "verify")["intact"]
    code, state = ministry.command("audit", "verify")
    assert (code, state["intact"], state["devices"]) == (0, True, 3)
    events = sum(len(one("ledger", "list")["events"]) for one in (office, laptop, head))
    assert state["events"] == events


def _records(office: Pc, permit: str) -> None:
    out = Path(office("permit", "record", "--out", office.folder / "記録.docx")["out"])
    document = docx.Document(str(out))
    cells = [c.text for table in document.tables for row in table.rows for c in row.cells]
    text = "\n".join([*cells, *(one.text for one in document.paragraphs)])
    for word in ("持ち出す", "案.docx", "田中"):
        assert word in text, word
    with zipfile.ZipFile(out) as packed:
        assert permit in packed.read("word/document.xml").decode()
    if shutil.which("soffice"):
        profile = f"-env:UserInstallation=file://{office.folder / 'lo'}"
        subprocess.run(
            ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir",
             str(office.folder), str(out)], check=True, capture_output=True, timeout=180,
        )  # fmt: skip
        assert out.with_suffix(".pdf").stat().st_size > 1000
