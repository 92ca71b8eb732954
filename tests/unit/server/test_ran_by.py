"""The chain names the operating-system user who ran a command, and nobody by a variable."""

import os
from pathlib import Path
from typing import Any

import msgspec
import pytest

from meti_desk.data import read_text
from meti_desk.server import auditing, command, commands, keys, people, storage

pwd = pytest.importorskip("pwd", reason="users of POSIX")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder of a server; nobody logged in as another one."""
    for variable in ("LOGNAME", "USER", "LNAME", "USERNAME", "SUDO_USER"):
        monkeypatch.setenv(variable, "somebody-else")
    monkeypatch.setattr(command, "_LOGIN", tmp_path / "no-login")
    made = tmp_path / "server"
    made.mkdir()
    storage.make(made)
    keys.make(made)
    return made


def ran(folder: Path, *words: str) -> None:
    assert commands.main([*words, "--json", "--data", str(folder)]) == 0


def entries(folder: Path) -> list[dict[str, Any]]:
    database = storage.Database(folder)
    told = [msgspec.msgpack.decode(one.what) for one in database.entries()]
    assert auditing.verify(database).bad_entry is None
    database.close()
    return told


def me() -> str:
    return f"os:{pwd.getpwuid(os.getuid()).pw_name}"


def test_every_command_of_the_office_says_who_ran_it(folder: Path, tmp_path: Path) -> None:
    csv = tmp_path / "staff.csv"
    csv.write_text("id,name,unit,mail,role\ny1,山田,政策課,,staff\n", encoding="utf-8")
    ran(folder, "people", str(csv))
    ran(folder, "enroll", "--person", "y1")
    policy = tmp_path / "policy.toml"
    policy.write_text(read_text("forms", "policy.toml"), encoding="utf-8")
    ran(folder, "policy", "publish", str(policy))
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("長い長い合言葉をここに書く\n", encoding="utf-8")
    ran(folder, "backup", str(tmp_path / "out"), "--passphrase-file", str(passphrase))
    database = storage.Database(folder)
    code = people.new_code(database, "y1", "0" * 16, 1).code
    device = people.enrol(database, code, bytes(32), "PC", 1).id
    database.close()
    ran(folder, "revoke", device)
    told = [(one["what"], one.get("by")) for one in entries(folder)]
    assert told == [
        ("person", me()), ("code", me()), ("published", me()), ("backup", me()),
        ("code", None), ("device", None), ("revoked", me()),
    ]  # fmt: skip


def test_who_restored_a_server_stands_in_its_chain(folder: Path, tmp_path: Path) -> None:
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("長い長い合言葉をここに書く\n", encoding="utf-8")
    out = tmp_path / "out"
    ran(folder, "backup", str(out), "--passphrase-file", str(passphrase))
    new = tmp_path / "new"
    ran(new, "restore", str(out), "--passphrase-file", str(passphrase))
    told = [(one["what"], one.get("by")) for one in entries(new)]
    assert told == [("restored", me())]


def test_who_logged_in_stands_in_front_of_whom_they_became(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    login = tmp_path / "loginuid"
    monkeypatch.setattr(command, "_LOGIN", login)
    login.write_text(str(2**31 - 7), encoding="ascii")
    assert command.ran_by() == f"os:{2**31 - 7}/{me()[3:]}"
    for same in (str(os.getuid()), str(2**32 - 1), "no number"):
        login.write_text(same, encoding="ascii")
        assert command.ran_by() == me()


def test_whom_an_entry_names_itself_stays(folder: Path) -> None:
    database = storage.Database(folder)
    database.ran_by = "os:office"
    database.together(lambda: database.record(1, {"what": "permit", "by": "k1"}))
    database.together(lambda: database.record(1, {"what": "person"}))
    database.close()
    assert [one["by"] for one in entries(folder)] == ["k1", "os:office"]
