"""An act whose result is split: protected, in parts, a draft for the part that goes by mail."""

import email
import email.policy
from pathlib import Path
from typing import Any

import pytest

from meti_desk.services.classify import classify
from meti_desk.services.handle import handle
from meti_desk.services.joining import join
from meti_desk.services.messages import ClassifyRequest, HandleRequest, PlanRequest
from meti_desk.services.split_wish import SplitWish
from meti_desk.services.splitting_messages import JoinRequest
from tests.unit.services.fakes import World

ROUTES = ("mail", "medium", "paper")


def handled(world: World, path: Path, action: str = "transfer", **more: Any) -> Any:
    classify(world.ctx, ClassifyRequest(paths=(str(path),), c=2))
    plan = PlanRequest(
        action=action,  # type: ignore[arg-type]
        paths=(str(path),), to=("iin@example.com",), permit_noted="課長, 11/19, 口頭",
        decisions={"split": "yes", "encryption": "yes", "password": "yes"},
    )  # fmt: skip
    return handle(world.ctx, HandleRequest(plan=plan, out=str(world.out), **more))


def joined(world: World, done: Any) -> Path:
    back = world.folder / "戻し先"
    back.mkdir()
    paths = [one for one in done.files[0].out if not one.endswith(".docx")]
    answer = join(world.ctx, JoinRequest(paths=tuple(paths), out=str(back)))
    assert answer.error is None
    return Path(answer.out)


def test_a_result_travels_in_parts_and_comes_back(world: World) -> None:
    done = handled(world, world.word("入札予定価格.docx"), split=SplitWish(3, routes=ROUTES))
    row = done.files[0]
    assert row.error is None, row.error
    assert [Path(one).suffix for one in row.out] == [".metipart", ".metipart", ".docx", ".pdf"]
    assert "入札予定価格" not in "".join(one.name for one in world.out.iterdir())
    body = world.records("handle")[-1]
    assert [one["kind"] for one in body["routes"]] == [*ROUTES]
    assert {one["id"]: one["state"] for one in body["measures"]}["split"] == "done"
    assert body["algorithms"][-1] == "xor-split"
    back = joined(world, done)
    assert back.name.endswith("入札予定価格.docx")


def test_only_the_part_that_goes_by_mail_is_enclosed(world: World) -> None:
    done = handled(world, world.word("案.docx"), split=SplitWish(2, routes=("hand", "mail")))
    draft = email.message_from_bytes(Path(done.mail).read_bytes(), policy=email.policy.default)
    names = [one.get_filename() for one in draft.iter_attachments()]
    assert [name for name in names if name and name.endswith(".metipart")] == [
        Path(done.files[0].out[1]).name
    ]


def test_without_numbers_and_ways_nothing_is_made(world: World) -> None:
    done = handled(world, world.word("案.docx"))
    assert done.files[0].error.code == "split.not-told"
    assert [*world.out.iterdir()] == []


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        (SplitWish(1, routes=("mail",)), "split.bad-count"),
        (SplitWish(2, routes=("mail", "general-service")), "route.general-service"),
        (SplitWish(2, routes=("mail",)), "route.count"),
    ],
)
def test_a_wish_that_cannot_be_is_refused_before_anything_is_made(
    world: World, wish: SplitWish, code: str
) -> None:
    done = handled(world, world.word("案.docx"), split=wish)
    assert done.files[0].error.code == code
    assert [*world.out.iterdir()] == []


def test_the_copy_is_known_by_its_content_and_no_part_is_taken_for_it(world: World) -> None:
    done = handled(world, world.word("案.docx"), split=SplitWish(2, routes=("mail", "hand")))
    paths = {one.path for one in world.store.documents.rows.values()}
    assert not paths & set(done.files[0].out)
