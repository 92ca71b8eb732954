"""暗号の危殆化 as a drill: mark, list, protect anew, remove the old copies (Art. 30-2)."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from meti_desk.app import make_desk
from meti_desk.services.desk import Desk
from meti_desk.services.emergency_messages import ReprotectRequest
from meti_desk.services.messages import OpenRequest, ProtectRequest
from tests.e2e.conftest import PASSPHRASE, Cli

MANY = 200 if os.environ.get("METI_DESK_FULL") else 12
OLD, NEW = "以前の パスワード 7301-Xq", "あたらしい パスワード 9150-Zr"
REFERENCE = "統括情報セキュリティ責任者の通知（令和8年第3号）"


@pytest.fixture
def desk(cli: Cli) -> Any:
    desk = make_desk(str(cli.store))
    desk.unlock(PASSPHRASE)
    yield desk
    desk.close()


def protected(desk: Desk, folder: Path, count: int) -> list[Path]:
    """Protect files by ZIP, which rests on SHA-1."""
    plain = folder / "平文"
    plain.mkdir()
    for number in range(count):
        (plain / f"調書{number:03d}.csv").write_text(f"番号,{number}\n", encoding="utf-8")
    done = desk.protect(
        ProtectRequest(
            paths=tuple(str(one) for one in sorted(plain.iterdir())),
            out=str(folder / "渡した物"), method="zip", password=OLD,
        )
    )  # fmt: skip
    assert not [row.error for row in done.files if row.error]
    return [Path(row.out[0]) for row in done.files]


@pytest.mark.timeout(1800)  # two hundred files are protected three times in `make full`
def test_the_drill(desk: Desk, tmp_path: Path) -> None:
    files = protected(desk, tmp_path, MANY)
    assert desk.emergency.affected().files == ()
    found = desk.emergency.mark(["sha-1"], REFERENCE)
    assert [(one.path, one.state) for one in found.files] == [
        (str(path), "waiting") for path in files
    ]
    used = {one.id: one.used for one in desk.emergency.algorithms()}
    assert used["sha-1"] == MANY

    again = desk.protect(
        ProtectRequest(paths=(str(tmp_path / "平文" / "調書000.csv"),),
                       out=str(tmp_path / "no"), method="zip", password=OLD)
    )  # fmt: skip
    assert again.files[0].error is not None
    assert again.files[0].error.code == "crypto.compromised"

    before = {path: path.read_bytes() for path in files}
    done = desk.emergency.reprotect(ReprotectRequest(password=OLD, new_password=NEW))
    assert not [row.error for row in done.files if row.error]
    assert {path: path.read_bytes() for path in files} == before, "the old ones stay for now"
    made = [Path(row.out[0]) for row in done.files]
    assert {row.method for row in done.files} != {"zip"}
    assert {one.state for one in desk.emergency.affected().files} == {"replaced"}

    removed = desk.emergency.remove_old()
    assert [one.path for one in removed if one.error is None] == [str(path) for path in files]
    assert not [path for path in files if path.exists()]
    assert {one.state for one in desk.emergency.affected().files} == {"removed"}
    out = tmp_path / "開いた物"
    opened = desk.open(
        OpenRequest(paths=tuple(str(one) for one in made), out=str(out), password=NEW)
    )
    assert not [row.error for row in opened.files if row.error]
    assert {one.read_text(encoding="utf-8") for one in out.iterdir()} == {
        f"番号,{number}\n" for number in range(MANY)
    }
    assert desk.verify_ledger().intact
    labels = [row.label for row in desk.ledger("", 10 * MANY) if row.kind == "protect"]
    assert len(labels) == 2 * MANY
    assert len(set(map(str, labels))) == 1, "the label stays what it was"


def test_what_cannot_be_done_anew_is_told_and_stays(desk: Desk, tmp_path: Path) -> None:
    first, second, third = protected(desk, tmp_path, 3)
    first.unlink()
    second.write_bytes(second.read_bytes() + b"x")
    found = desk.emergency.mark(["sha-1"], REFERENCE)
    assert [one.state for one in found.files] == ["gone", "changed", "waiting"]
    wrong = desk.emergency.reprotect(ReprotectRequest(password="not this one 1234"))
    (row,) = wrong.files
    assert row.error is not None
    assert row.error.code == "open.wrong-password"
    assert wrong.password_slip == ""
    assert sorted(path.name for path in third.parent.iterdir()) == [second.name, third.name]
    by_name = desk.emergency.reprotect(
        ReprotectRequest(password=OLD, ids=tuple(one.id for one in found.files))
    )
    codes = [row.error.code if row.error else "" for row in by_name.files]
    assert codes == ["reprotect.gone", "reprotect.changed", ""]
    assert Path(by_name.password_slip).is_file()
    new = Path(by_name.files[2].out[0])
    new.write_bytes(b"lost")
    (kept,) = desk.emergency.remove_old()
    assert kept.error is not None
    assert kept.error.code == "reprotect.new-gone"
    assert third.is_file()


def test_parts_of_a_split_are_listed_and_left_to_their_owner(
    cli: Cli, desk: Desk, tmp_path: Path
) -> None:
    (tmp_path / "名簿.csv").write_text("番号,氏名\n", encoding="utf-8")
    desk.lock()
    parts = ("--parts", "3", "--out", str(tmp_path / "parts"))
    assert cli("split", str(tmp_path / "名簿.csv"), *parts)[0] == 0
    code, told = cli("crypto", "mark", "aes", "--reference", REFERENCE)
    assert code == 0
    assert {one["state"] for one in told["files"]} == {"by-hand"}
    old = tmp_path / "old"
    old.write_text(OLD, encoding="utf-8")
    chosen = ("--id", told["files"][0]["id"], "--password-file", str(old))
    code, told = cli("crypto", "reprotect", *chosen)
    assert (code, told["files"][0]["error"]["code"]) == (5, "reprotect.by-hand")
    code, told = cli("split", str(tmp_path / "名簿.csv"), *parts)
    assert told["files"][0]["error"]["code"] == "crypto.compromised"


def test_on_the_command_line(cli: Cli, desk: Desk, tmp_path: Path) -> None:
    protected(desk, tmp_path, 2)
    desk.lock()
    code, told = cli("crypto", "mark", "sha-1", "--reference", REFERENCE)
    assert (code, len(told["files"])) == (0, 2)
    code, told = cli("crypto", "mark", "no-such", "--reference", REFERENCE)
    assert (code, told["error"]["code"]) == (5, "crypto.unknown-algorithm")
    code, told = cli("crypto", "list")
    (row,) = [one for one in told["algorithms"] if one["id"] == "sha-1"]
    assert (row["state"], row["used"], row["reference"]) == ("compromised", 2, REFERENCE)
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_text(OLD, encoding="utf-8")
    new.write_text(NEW, encoding="utf-8")
    code, told = cli(
        "crypto", "reprotect", "--password-file", str(old), "--new-password-file", str(new)
    )
    assert code == 0, told
    code, told = cli("crypto", "remove-old")
    assert (code, [one["error"] for one in told["files"]]) == (0, [None, None])
    code, told = cli("crypto", "affected")
    assert [one["state"] for one in told["files"]] == ["removed", "removed"]
    code, told = cli("crypto", "lift", "sha-1", "--reference", "通知の取消し")
    assert (code, told["files"]) == (0, [])


def office(folder: Path) -> tuple[Path, Path, str]:
    """Make a root and a signer of notices with openssl: root, key, fingerprint of the signer."""

    def run(*words: str) -> str:
        return subprocess.run(
            ["openssl", *words], cwd=folder, check=True, capture_output=True, text=True
        ).stdout

    new = ("req", "-newkey", "rsa:3072", "-nodes")
    usage = ("-addext", "keyUsage=keyCertSign,cRLSign")
    run(*new, "-x509", "-keyout", "root.key", "-out", "root.pem", "-days", "30",
        "-subj", "/CN=Root", *usage)  # fmt: skip
    run(*new, "-keyout", "office.key", "-out", "office.csr", "-subj", "/CN=Office")
    (folder / "ext").write_text("keyUsage=digitalSignature\nbasicConstraints=CA:FALSE\n")
    run("x509", "-req", "-in", "office.csr", "-CA", "root.pem", "-CAkey", "root.key",
        "-days", "20", "-out", "office.pem", "-extfile", "ext")  # fmt: skip
    shown = run("x509", "-in", "office.pem", "-noout", "-fingerprint", "-sha256")
    return folder / "root.pem", folder / "office.key", shown.strip().partition("=")[2]


def sign(folder: Path, name: str) -> None:
    subprocess.run(
        ["openssl", "cms", "-sign", "-binary", "-in", name, "-signer", "office.pem", "-inkey",
         "office.key", "-outform", "DER", "-out", f"{name}.p7s", "-certfile", "root.pem"],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip


def notice(folder: Path, name: str, serial: int, **more: object) -> Path:
    marks = [{"id": "sha-1", "since": "2026-11-01", "reference": REFERENCE}]
    told = {"format": "meti-desk-crypto-notice/1", "serial": serial, "marks": marks, **more}
    (folder / name).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    sign(folder, name)
    return folder / name


def code_of(told: dict[str, Any]) -> str:
    return str(told["error"]["code"])


def test_a_notice_is_believed_by_its_signature_alone(desk: Desk, tmp_path: Path) -> None:
    from dataclasses import replace

    from meti_desk.domain.errors import MetiDeskError

    root, _key, signer = office(tmp_path)
    policy = desk._ctx.policy
    judged = replace(policy.certificates, roots=(str(root),), notice_signers=(signer,))
    desk._ctx.policy = replace(policy, certificates=judged)

    def refused(path: Path) -> str:
        with pytest.raises(MetiDeskError) as error:
            desk.emergency.take_notice(str(path))
        return error.value.code

    first = notice(tmp_path, "第1号.json", 1)
    forged = tmp_path / "偽.json"
    forged.write_bytes(first.read_bytes().replace(b"sha-1", b"aes"))
    assert refused(forged) == "crypto.notice-unsigned"
    (tmp_path / "偽.json.p7s").write_bytes((tmp_path / "第1号.json.p7s").read_bytes())
    assert refused(forged) == "crypto.notice-unsigned"
    desk.emergency.take_notice(str(first))
    assert refused(first) == "crypto.notice-old"
    with pytest.raises(MetiDeskError) as error:
        desk.emergency.lift(["sha-1"], "よくわからないが")
    assert error.value.code == "crypto.marked-by-notice"
    rows = {one.id: one for one in desk.emergency.algorithms()}
    assert (rows["sha-1"].state, rows["sha-1"].by_notice) == ("compromised", True)
    desk.emergency.take_notice(str(notice(tmp_path, "第2号.json", 2, marks=[], lifted=["sha-1"])))
    rows = {one.id: one for one in desk.emergency.algorithms()}
    assert rows["sha-1"].state == "monitored"
    desk._ctx.policy = replace(policy, certificates=replace(judged, notice_signers=()))
    assert refused(notice(tmp_path, "第3号.json", 3)) == "crypto.notice-unsigned"
