"""The office publishes, a device takes over; a person logs in: real processes, real HTTP."""

import threading
import time
import urllib.request
import webbrowser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from meti_desk.data import read_text
from tests.e2e.conftest import Cli
from tests.e2e.test_sync import Ministry, code_for, ministry
from tests.unit.server import provider as small

__all__ = ["ministry"]
POLICY = read_text("forms", "policy.toml")


def published(version: str, folder: Path, days: int = 31) -> str:
    text = POLICY.replace('version = "2026.1"', f'version = "{version}"', 1)
    path = folder / f"{version}.toml"
    path.write_text(text.replace("days = 31", f"days = {days}", 1), encoding="utf-8")
    return str(path)


def in_force(cli: Cli) -> str:
    code, told = cli("doctor")
    assert code in (0, 1)
    (row,) = [one for one in told["checks"] if one["code"] == "policy.in-force"]
    return str(row["detail"])


def test_what_the_office_publishes_is_in_force_on_the_device(
    cli: Cli, ministry: Ministry, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(POLICY.replace("days = 31", "days = 0.5"), encoding="utf-8")
    assert ministry("policy", "publish", str(wrong), code=5)["error"]["code"] == "policy.invalid"
    made = ministry("policy", "publish", published("2026.2", tmp_path, days=14))
    form = tmp_path / "staff.toml"
    for name in ("staff.toml", "staff-procedure.toml"):
        text = read_text("forms", f"selfcheck/{name}").replace("2026.1", "2026.7", 1)
        (tmp_path / name).write_text(text, encoding="utf-8")
    ministry("form", "publish", str(form))
    assert in_force(cli) == "2026.1"
    with ministry.running():
        assert cli("enroll", code_for(ministry), "--server", ministry.url)[0] == 0
        assert cli("sync", "now")[0] == 0
        assert in_force(cli).startswith(f"2026.2 {ministry.url}")
        _, told = cli("selfcheck", "list")
        assert [one["version"] for one in told["forms"]] == ["2026.7"]
        assert cli("sync", "now")[0] == 0
    # Offline it stays in force, and the records tell which it was.
    _, told = cli("ledger", "search", "2026.2")
    assert [one["detail"]["form_hash"] for one in told["events"]] == [made["sha256"]]
    assert cli("sync", "leave")[0] == 0
    assert in_force(cli).startswith("2026.2 ")


def test_the_report_counts_what_arrived(cli: Cli, ministry: Ministry, document: Any) -> None:
    out = document().parent / "out"
    assert cli("classify", str(document()), "-c", "2", "--reason", "審査", "--out", out)[0] == 0
    with ministry.running():
        assert cli("enroll", code_for(ministry), "--server", ministry.url)[0] == 0
        assert cli("sync", "now")[0] == 0
    told = ministry("report")
    lines = {(one["unit"], one["kind"], one["name"]): one["n"] for one in told["lines"]}
    assert lines["政策課", "label", "C2"] == 1
    assert {"unit": "政策課", "what": "devices", "n": 1} in told["now"]


@pytest.fixture
def idp() -> Iterator[small.Provider]:
    made = small.Provider()
    yield made
    made.close()


def test_a_person_enrols_by_a_login(
    cli: Cli, ministry: Ministry, idp: small.Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = ministry.folder / "server.toml"
    settings.write_text('[oidc]\nissue = "https://x"\n', encoding="utf-8")
    assert ministry("run", code=5)["error"]["code"] == "server.settings"
    settings.write_text(
        f'[oidc]\nissuer = "{idp.issuer}"\nclient_id = "{small.CLIENT}"\n', encoding="utf-8"
    )
    idp.change = lambda claims: claims.update(iat=int(time.time()), exp=int(time.time()) + 300)
    visits: list[threading.Thread] = []

    def person(address: str) -> bool:
        def visit() -> None:
            with urllib.request.urlopen(idp.log_in(address)) as answer:  # noqa: S310 - our own
                assert answer.status == 200

        visits.append(threading.Thread(target=visit))
        visits[0].start()
        return True

    monkeypatch.setattr(webbrowser, "open", person)
    with ministry.running():
        code, told = cli("enroll", "--oidc", "--server", ministry.url)
        visits[0].join(30)
        assert (code, told["sync"]["person"]) == (0, "y1")
        assert cli("sync", "now")[0] == 0
    assert cli("enroll", "--server", ministry.url)[0] == 2
    assert cli("enroll", "CODE", "--oidc", "--server", ministry.url)[0] == 2
    assert ministry("audit", "verify")["intact"]
