"""The desk: what it opens, when it refuses, and what it loads."""

import subprocess
import sys
from datetime import timedelta
from typing import Any, cast

import pytest

from meti_desk.domain.errors import EnvironmentProblem, RuleViolation
from meti_desk.formats.registry import expected
from meti_desk.services.desk import Desk
from meti_desk.services.messages import Person
from tests.unit.services.fakes import ME, PASSPHRASE, MemorySettings, MemoryVault, World

HEAVY = ("cryptography", "lxml", "docx", "sqlcipher3", "keyring", "zxcvbn", "pikepdf", "PySide6")


@pytest.fixture
def desk(world: World) -> Desk:
    return world.desk()


def test_the_desk_loads_nothing_heavy_until_it_is_asked() -> None:
    program = (
        f"import sys, meti_desk.services.desk\nprint([m for m in {HEAVY} if m in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"


def test_what_many_files_will_need_is_loaded_while_the_store_is_opened(
    world: World, desk: Desk
) -> None:
    desk.expect(["a.docx", "b.docx"])
    assert world.workers.warmed == 0
    desk.expect([*(f"{number}.docx" for number in range(8)), "x.unknown", "none"])
    assert world.workers.warmed == expected(["a.docx"]) != 0


def test_what_cannot_be_loaded_ahead_is_told_when_it_is_needed(
    world: World, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(_: int) -> None:
        raise EnvironmentProblem("worker.cannot-start")

    monkeypatch.setattr(world.workers, "warm", cannot)
    desk.expect(["a.docx"] * 8)


def test_a_new_store_knows_its_person_even_if_the_key_ring_fails(world: World) -> None:
    world.ctx.store = None
    vault = MemoryVault()
    vault.ring_fails = True
    desk = Desk(world.ctx, cast("Any", vault), MemorySettings())
    assert desk.state() == "new"
    with pytest.raises(EnvironmentProblem) as caught:
        desk.create(PASSPHRASE, Person("鈴木次郎"), use_keyring=True)
    assert caught.value.code == "store.keyring-not-kept"
    assert (desk.state(), desk.person().name) == ("open", "鈴木次郎")
    with pytest.raises(EnvironmentProblem) as caught:
        desk.create(PASSPHRASE, ME)
    assert caught.value.code == "store.exists"


def test_outside_the_area_the_key_ring_alone_opens_nothing(world: World, desk: Desk) -> None:
    world.vault.ring = True
    desk.lock()
    assert world.store.closed
    for more in ({}, {"inside": False}):
        with pytest.raises(RuleViolation) as caught:
            desk.unlock("", **more)
        assert caught.value.code == "store.keyring-outside"
        assert desk.state() == "locked"
    desk.unlock(inside=True)
    assert desk.state() == "open"
    desk.lock()
    desk.unlock(PASSPHRASE)
    assert desk.state() == "open"


def test_a_declared_place_holds_for_the_day(world: World, desk: Desk) -> None:
    assert not desk.declared_inside()
    desk.declare_place(inside=True)
    assert desk.declared_inside()
    assert desk.setting("place") == "inside"
    world.clock.moment += timedelta(days=1)
    assert not desk.declared_inside()
    desk.declare_place(inside=True)
    desk.declare_place(inside=False)
    assert not desk.declared_inside()


def test_what_needs_the_store_says_that_it_is_locked(desk: Desk) -> None:
    desk.lock()
    for ask in (desk.home, desk.ledger, desk.verify_ledger, desk.person, desk.selfcheck.list_forms):
        with pytest.raises(EnvironmentProblem) as caught:
            ask()
        assert caught.value.code == "store.locked"


def test_a_wrong_passphrase_leaves_it_locked(desk: Desk) -> None:
    desk.lock()
    with pytest.raises(EnvironmentProblem) as caught:
        desk.unlock("違う")
    assert (caught.value.code, desk.state()) == ("store.wrong-passphrase", "locked")
    desk.unlock(PASSPHRASE)
    desk.store_keys.change_passphrase(PASSPHRASE, "あたらしい 合言葉 です")
    desk.lock()
    desk.unlock("あたらしい 合言葉 です")


def test_a_store_that_cannot_be_settled_stays_closed(
    world: World, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.lock()

    def damaged() -> None:
        raise EnvironmentProblem("store.damaged")

    monkeypatch.setattr(world.store.journal, "open_operations", damaged)
    with pytest.raises(EnvironmentProblem):
        desk.unlock(PASSPHRASE)
    assert desk.state() == "locked"


def test_closing_stops_the_workers(world: World, desk: Desk) -> None:
    desk.close()
    assert world.workers.closed
    assert world.store.closed


def test_the_doctor_tells_what_nobody_confirmed(
    world: World, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from meti_desk.isolation.probe import Layers

    layers = Layers(landlock=4, seccomp=True, limits=True, network_denied=False, escapes=("tcp",))
    monkeypatch.setattr(world.workers, "layers", lambda: layers)
    told = {code: (ok, detail) for code, ok, detail in desk.doctor()}
    assert told["worker.landlock"] == (True, "4")
    assert told["worker.network"][0] is False
    assert told["worker.escapes"] == (False, "tcp")
    assert told["policy.confirmed"] == (False, "C1, C2, C3")
    assert desk.stored() == (("store", "memory"),)
    lists = dict(desk.word_lists())
    assert lists == {f"word.{one.id}": one.title for one in world.ctx.policy.clue_words} != {}
