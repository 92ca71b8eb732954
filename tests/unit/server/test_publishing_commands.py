"""The commands by which the office publishes: validated, listed, exit codes as everywhere."""

import json
from pathlib import Path
from typing import Any

import pytest

from meti_desk.data import read_text
from meti_desk.server import commands, keys, storage
from meti_desk.sync.snapshots import unpack


class Office:
    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys
        storage.make(folder)
        keys.make(folder)

    def __call__(self, *words: str, code: int = 0) -> dict[str, Any]:
        assert commands.main([*words, "--json", "--data", str(self.folder)]) == code
        answer: dict[str, Any] = json.loads(self._capsys.readouterr().out)
        return answer

    def write(self, name: str, text: str) -> str:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Office:
    return Office(tmp_path, capsys)


def test_a_policy_is_published_and_shown(office: Office, tmp_path: Path) -> None:
    assert office("policy", "show", code=5)["error"]["code"] == "publish.nothing"
    text = read_text("forms", "policy.toml")
    made = office("policy", "publish", office.write("policy.toml", text))
    assert (made["version"], made["new"]) == ("2026.1", True)
    assert not office("policy", "publish", str(tmp_path / "policy.toml"))["new"]
    out = tmp_path / "out.toml"
    shown = office("policy", "show", "--out", str(out))
    assert shown["sha256"] == made["sha256"]
    assert out.read_text(encoding="utf-8") == text
    assert office("policy", "show", "--out", str(out), code=4)["error"]["code"]
    database = storage.Database(tmp_path)
    ((body,),) = database.run("SELECT body FROM snapshots")
    assert unpack(body, "policy").text == text
    told = [one.what for one in database.entries()]
    assert any(b"published" in one for one in told)
    database.close()


def test_a_mistake_is_told_with_its_place(office: Office) -> None:
    text = read_text("forms", "policy.toml").replace("days = 31", "dayz = 31")
    told = office("policy", "publish", office.write("policy.toml", text), code=5)["error"]
    assert told["code"] == "policy.invalid"
    assert told["params"]["path"] == "permits.dayz"
    assert text.splitlines()[told["params"]["line"] - 1].startswith("dayz")
    (office.folder / "binary").write_bytes(b"\xff\xfe\x00")
    told = office("policy", "publish", str(office.folder / "binary"), code=5)["error"]
    assert told["code"] == "publish.not-text"
    assert office("policy", "publish", str(office.folder / "no"), code=4)["error"]["code"]


def test_forms_are_published_with_their_procedure(office: Office) -> None:
    form = office.write("staff.toml", read_text("forms", "selfcheck/staff.toml"))
    told = office("form", "publish", form, code=5)["error"]
    assert told["code"] == "publish.no-procedure"
    office.write("staff-procedure.toml", read_text("forms", "selfcheck/staff-procedure.toml"))
    made = office("form", "publish", form)
    assert (made["name"], made["version"]) == ("staff", "2026.1")
    assert [one["topic"] for one in office("form", "list")["forms"]] == [made["topic"]]
    url = made["topic"].removeprefix("form:")
    assert office("form", "show", url)["number"] == made["number"]
    assert office("form", "show", "urn:none", code=5)["error"]["code"] == "publish.nothing"


def test_a_notice_is_published(office: Office) -> None:
    notice = {
        "format": "meti-desk-crypto-notice/1", "serial": 4,
        "marks": [{"id": "rsa-oaep", "since": "2026-11-01", "reference": "通知"}],
    }  # fmt: skip
    path = office.write("notice.json", json.dumps(notice))
    assert office("notice", "publish", path)["version"] == "4"
    assert office("notice", "show")["topic"] == "crypto"
    bad = office.write("bad.json", json.dumps({**notice, "serial": 0}))
    assert office("notice", "publish", bad, code=5)["error"]["code"] == "crypto.notice-damaged"
