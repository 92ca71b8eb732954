"""Protecting and the way back: one password, several members, names that lie."""

import stat
from pathlib import Path
from typing import Any

import pytest

from meti_desk.domain.errors import EnvironmentProblem, InvalidInput, RuleViolation
from meti_desk.formats.jobs import OpenReport
from meti_desk.services import letters
from meti_desk.services.messages import Done, OpenRequest, ProtectRequest
from meti_desk.services.opening import open_files
from meti_desk.services.protect import password_for, protect, safe_name
from tests.unit.services.fakes import World

PASSWORD = "ひみつ-kokoro-4711-Zebra"


def guard(world: World, *paths: Path, **more: Any) -> Done:
    request = ProtectRequest(paths=tuple(map(str, paths)), out=str(world.out), **more)
    return protect(world.ctx, request)


def back(world: World, path: Path, password: str) -> Done:
    request = OpenRequest(paths=(str(path),), out=str(world.folder / "戻し"), password=password)
    return open_files(world.ctx, request)


def code(done: Done, row: int = 0) -> str:
    error = done.files[row].error
    return error.code if error else ""


@pytest.mark.parametrize(("kind", "method"), [("word", "office"), ("text", "zip")])
def test_there_and_back(world: World, kind: str, method: str) -> None:
    path: Path = getattr(world, kind)()
    done = guard(world, path, password=PASSWORD)
    assert (code(done), done.files[0].method, done.password_slip) == ("", method, "")
    [out] = done.files[0].out
    assert stat.S_IMODE(Path(out).stat().st_mode) == 0o600
    again = back(world, Path(out), PASSWORD)
    assert Path(again.files[0].out[0]).read_bytes() == path.read_bytes()
    assert Path(again.files[0].out[0]).name == path.name
    assert [event.kind for event in world.store.ledger.held] == ["protect", "open"]
    assert PASSWORD not in world.store.everything()
    body = world.records("protect")[0]
    assert body["algorithms"]
    assert isinstance(body["listed"], bool)


def test_a_wrong_password_leaves_nothing(world: World) -> None:
    done = guard(world, world.text(), password=PASSWORD)
    again = back(world, Path(done.files[0].out[0]), "違うもの")
    assert code(again).startswith(("protect.", "open.", "document.", "password."))
    assert [*(world.folder / "戻し").iterdir()] == []
    assert world.records("open") == []


def test_one_made_password_for_all_is_on_one_slip(world: World) -> None:
    done = guard(world, world.word(), world.text())
    assert done.password
    assert Path(done.password_slip).parent == world.out
    for row in done.files:
        assert code(back(world, Path(row.out[0]), done.password)) == ""
    assert done.password not in world.store.everything()


def test_a_slip_that_fails_does_not_lose_the_password(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> bytes:
        raise EnvironmentProblem("disk.full")

    monkeypatch.setattr(letters, "password_slip", full)
    done = guard(world, world.text())
    assert (code(done), done.password_slip) == ("disk.full", "")
    assert code(back(world, Path(done.files[0].out[0]), done.password)) == ""


def test_what_is_protected_already_is_not_protected_again(world: World) -> None:
    done = guard(world, world.word(), password=PASSWORD)
    again = guard(world, Path(done.files[0].out[0]), password=PASSWORD)
    assert code(again) == "protect.already-protected"
    unknown = guard(world, world.word("b.docx"), method="rot13")
    assert code(unknown) == "protect.unknown-method"


@pytest.mark.parametrize("given", ["password", "12345678", "short1!", "aaaaaaaaaaaa"])
def test_a_plain_guess_is_no_password(world: World, given: str) -> None:
    with pytest.raises(RuleViolation) as caught:
        password_for(world.ctx, given)
    assert caught.value.code == "password.too-weak"
    assert caught.value.params == {}


def test_made_passwords_differ_and_are_long(world: World) -> None:
    made = {password_for(world.ctx, "") for _ in range(5)}
    assert len(made) == 5
    assert all(len(one) >= world.policy.keys.password_characters for one in made)


def archive(world: World, *names: str) -> Path:
    """Write a file that the worker takes for a protected archive with these members."""

    def contents(_: Any, __: Any) -> OpenReport:
        return OpenReport(method="zip", names=names)

    def member(order: Any, files: Any) -> OpenReport:
        files["target"].write(f"中身 {names[order.member]}".encode())
        return OpenReport(method="zip", names=(names[order.member],))

    world.workers.jobs |= {"contents": contents, "open": member}
    return world.text("まとめ.zip")


def test_every_member_comes_out_flat_and_over_nothing(world: World) -> None:
    folder = world.folder / "戻し"
    folder.mkdir()
    (folder / "a.txt").write_text("前からある", encoding="utf-8")
    done = back(world, archive(world, "a.txt", "部/a.txt", "b.txt"), "")
    assert code(done) == ""
    assert [Path(out).name for out in done.files[0].out] == ["a (2).txt", "a (3).txt", "b.txt"]
    assert (folder / "a.txt").read_text(encoding="utf-8") == "前からある"
    assert Path(done.files[0].out[1]).read_text(encoding="utf-8") == "中身 部/a.txt"
    assert len(done.events) == 3


def test_a_member_that_fails_keeps_what_came_before_and_says_so(world: World) -> None:
    path = archive(world, "a.txt", "b.txt", "c.txt")
    real = world.workers.jobs["open"]

    def once(order: Any, files: Any) -> OpenReport:
        if order.member == 1:
            raise InvalidInput("document.damaged")
        report = real(order, files)
        assert isinstance(report, OpenReport)
        return report

    world.workers.jobs["open"] = once
    done = back(world, path, "")
    assert code(done) == "document.damaged"
    assert [Path(out).name for out in done.files[0].out] == ["a.txt"]
    assert len(done.events) == len(world.records("open")) == 1
    assert [one.name for one in (world.folder / "戻し").iterdir()] == ["a.txt"]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("a.txt", "a.txt"),
        ("../../etc/passwd", "passwd"),
        ("C:\\窓\\a.txt", "a.txt"),
        ("部/課/案.docx", "案.docx"),
        ("請求\u202excod.exe", "請求_xcod.exe"),
        ("二\n行.txt", "二_行.txt"),
    ],
)
def test_names_from_inside_stay_in_the_folder(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@pytest.mark.parametrize("name", ["", ".", "..", "a/..", "a\0b"])
def test_names_that_are_none(name: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        safe_name(name)
    assert caught.value.code == "file.outside"
