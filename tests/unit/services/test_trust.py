"""What is trusted comes from policy and from the office's folder, and from nowhere else."""

import dataclasses
from pathlib import Path

import pytest

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.services.trust import TrustSet, trusted
from tests.unit.protection.keys.key_material import Authority, der, pem
from tests.unit.services.fakes import World


def place(world: World, folder: Path, roots: tuple[str, ...] = ()) -> None:
    rules = dataclasses.replace(world.ctx.policy.certificates, folder=str(folder), roots=roots)
    world.ctx.policy = dataclasses.replace(world.ctx.policy, certificates=rules)


def test_roots_lists_and_what_lies_between(world: World, tmp_path: Path) -> None:
    first, second = Authority("一"), Authority("二")
    for name in ("roots", "others", "crls"):
        (tmp_path / name).mkdir()
    (tmp_path / "gpki.pem").write_bytes(pem(first.certificate))
    (tmp_path / "roots" / "b.cer").write_bytes(der(second.certificate))
    (tmp_path / "roots" / "notes.txt").write_text("読むもの")
    (tmp_path / "others" / "c.crt").write_bytes(der(first.certificate))
    (tmp_path / "crls" / "d.crl").write_bytes(first.revoke())
    place(world, tmp_path, ("gpki.pem",))
    found = trusted(world.ctx)
    assert found.roots == (der(first.certificate), der(second.certificate))
    assert found.others == (der(first.certificate),)
    assert len(found.crls) == 1


def test_nothing_is_there(world: World, tmp_path: Path) -> None:
    place(world, tmp_path / "nowhere")
    assert trusted(world.ctx) == TrustSet()


@pytest.mark.parametrize("name", ["roots/a.pem", "crls/a.crl"])
def test_a_broken_file_is_told(world: World, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir()
    path.write_bytes(b"broken")
    place(world, tmp_path)
    with pytest.raises(EnvironmentProblem) as told:
        trusted(world.ctx)
    assert (told.value.code, told.value.params["path"]) == ("trust.unreadable", str(path))


def test_a_named_root_that_is_away_is_told(world: World, tmp_path: Path) -> None:
    place(world, tmp_path, ("gpki.pem",))
    with pytest.raises(EnvironmentProblem) as told:
        trusted(world.ctx)
    assert told.value.code == "trust.unreadable"
