"""What `enroll` and `sync` take and print for people."""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from meti_desk.cli.run import run
from meti_desk.domain.permit import UNIT_HEAD
from meti_desk.server import people
from meti_desk.sync import line
from tests.unit.services.fakes import PASSPHRASE, World
from tests.unit.services.permit_office import HEAD, NAMES, UNIT, Device, Ministry
from tests.unit.services.test_syncing import URL, Wire


class Fresh(Device):
    """A device of the responsible person before it is enrolled."""

    def __init__(self, ministry: Ministry) -> None:
        folder = ministry.folder / "fresh"
        folder.mkdir()
        self.world = World(folder, clock=ministry.clock)
        self.ctx = self.world.ctx
        self.wire = Wire(ministry.server, ministry.now)


class Typed:
    """A standard input of bytes, as of a pipe."""

    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)


@pytest.fixture
def ministry(tmp_path: Path) -> Iterator[Ministry]:
    made = Ministry(tmp_path)
    yield made
    made.close()


def said(device: Device, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    secret = device.world.folder / "passphrase"
    secret.write_text(PASSPHRASE, encoding="utf-8")
    capsys.readouterr()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(line, "HttpLine", lambda: device.wire)
        code = run([*words, "--passphrase-file", str(secret)], lambda _: device.world.desk())
    device.ctx.store = device.world.store  # type: ignore[assignment] # locked by the command
    told = capsys.readouterr()
    return code, told.out + told.err


def test_the_status_names_the_person_the_unit_and_the_posts(
    ministry: Ministry, capsys: pytest.CaptureFixture[str]
) -> None:
    head = ministry.device(HEAD)
    head.sync()
    _, told = said(head, capsys, "sync", "status")
    lines = dict(one.split(": ", 1) for one in told.splitlines())
    assert (lines["職員"], lines["課室"], lines["役職"]) == (NAMES[HEAD], UNIT, UNIT_HEAD)
    assert lines["最終同期"] == f"{ministry.clock.now().astimezone():%Y-%m-%d %H:%M}"


def test_a_code_is_read_from_standard_input(
    ministry: Ministry, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    head, server = Fresh(ministry), ministry.server
    code = people.new_code(server.database, HEAD, server.key.fingerprint, ministry.now()).code
    for typed in (b"", b"\n", b"\xff\xfe\n", b"no code at all\n"):
        monkeypatch.setattr(sys, "stdin", Typed(typed))
        result, told = said(head, capsys, "enroll", "-", "--server", URL)
        assert (result, "番号" in told) == (5, True), told
    monkeypatch.setattr(sys, "stdin", Typed(b"\xef\xbb\xbf" + code.encode() + b" \r\n"))
    result, told = said(head, capsys, "enroll", "-", "--server", URL)
    assert result == 0, told
    assert "役職: なし\n" in told
    assert code not in told
