"""The service file is one that systemd takes, and shuts the server in; no secret stands in any."""

import re
import shutil
import subprocess
from configparser import RawConfigParser
from pathlib import Path

import pytest

from meti_desk.server import commands

PLACE = Path(__file__).parents[3] / "installer" / "server"
UNIT = PLACE / "meti-desk-server.service"
PROGRAM = "/opt/meti-desk/bin/meti-desk-server"
HARDENED = {
    "NoNewPrivileges": "yes", "ProtectSystem": "strict", "PrivateDevices": "yes",
    "MemoryDenyWriteExecute": "yes", "DynamicUser": "yes", "UMask": "0077",
}  # fmt: skip


class Unit(RawConfigParser):
    def optionxform(self, optionstr: str) -> str:
        return optionstr


def test_the_unit_is_whole_and_hardened() -> None:
    unit = Unit(strict=False)
    unit.read(UNIT, "utf-8")
    service = dict(unit["Service"])
    assert {name: service.get(name) for name in HARDENED} == HARDENED
    assert service["ExecStart"].startswith(f"{PROGRAM} run --data ")
    assert unit["Install"]["WantedBy"] == "multi-user.target"


def test_systemd_takes_the_unit_and_finds_little_exposed(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not installed")
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text("utf-8").replace(PROGRAM, "/bin/true"), "utf-8")
    done = subprocess.run(
        [program, "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False
    )
    ours = [line for line in done.stderr.splitlines() if UNIT.name in line]
    assert (done.returncode, ours) == (0, [])
    told = subprocess.run(
        [program, "security", "--offline=yes", "--no-pager", str(unit)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = re.search(r"Overall exposure level .*?: ([\d.]+)", told.stdout)
    assert found is not None, told.stdout + told.stderr
    assert float(found[1]) < 2.5


def test_what_the_files_call_exists_and_no_secret_is_written_down(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        commands.main(["run", "--help"])
    known = set(re.findall(r"--[a-z-]+", capsys.readouterr().out))
    compose = (PLACE / "compose.yaml").read_text("utf-8")
    example = (PLACE / "environment.example").read_text("utf-8")
    container = (PLACE / "Containerfile").read_text("utf-8")
    command = compose[compose.index("command:") : compose.index("ports:")]
    used = re.findall(r"--[a-z-]+", command + example + container[container.index("ENTRYPOINT") :])
    assert set(used) - known <= {"--interval"}
    for text in (compose, example, container):
        assert not re.search(r"postgresql://[^@\s]*:[^@\s]*@", text)
