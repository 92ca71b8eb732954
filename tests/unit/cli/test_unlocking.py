"""How the command line opens the store: by passphrase, or by the key ring where that is enough."""

import io
import json
from pathlib import Path

import pytest

from meti_desk.cli.run import run
from meti_desk.services.desk import Desk
from tests.unit.services.fakes import PASSPHRASE, World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def desk(world: World, monkeypatch: pytest.MonkeyPatch) -> Desk:
    made = world.desk()
    world.vault.ring = True
    made.lock()
    monkeypatch.setattr("sys.stdin", io.StringIO())
    return made


def verify(desk: Desk, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str]:
    code = run(["ledger", "verify", "--json", *more], lambda _: desk)
    answer = json.loads(capsys.readouterr().out)
    return code, answer["error"]["code"] if "error" in answer else ""


def test_the_key_ring_is_asked_only_where_the_person_declared_to_be_inside(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(desk, capsys) == (4, "store.locked")
    desk.declare_place(inside=True)
    assert verify(desk, capsys) == (0, "")
    desk.declare_place(inside=False)
    assert verify(desk, capsys) == (4, "store.locked")


def test_a_passphrase_opens_it_anywhere(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE, encoding="utf-8")
    assert verify(desk, capsys, "--passphrase-file", str(secret)) == (0, "")


def test_words_that_are_no_text_are_wrong_usage(
    desk: Desk, world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    desk.unlock(PASSPHRASE)
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE, encoding="utf-8")

    def search(words: str, *, limit: int = 100) -> list[object]:
        del limit
        return [words.encode()]

    monkeypatch.setattr(world.store.ledger, "search", search)
    common = ("--json", "--passphrase-file", str(secret))
    assert run(["ledger", "search", "\udcff", *common], lambda _: desk) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "request.invalid"
    to = ("--to", "a\udcff@b.jp", "--out", str(world.out))
    assert run(["handle", "provide", str(world.text()), *to, *common], lambda _: desk) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "recipient.invalid"
