"""A password never goes with its file: what is looked for, and the one way around it."""

import email
import email.policy
from pathlib import Path
from typing import Any

import pytest

from meti_desk.domain.errors import RuleViolation
from meti_desk.services.classify import classify
from meti_desk.services.giving import write_slip
from meti_desk.services.handle import handle
from meti_desk.services.messages import ClassifyRequest, HandleRequest, PlanRequest
from tests.unit.services.fakes import World

PASSWORD = "かめ-9147-marigold-Qx"
TO = ("iin@example.com",)


def sent(world: World, *paths: Path, **more: Any) -> Any:
    for path in paths:
        classify(world.ctx, ClassifyRequest(paths=(str(path),), c=2))
    plan = PlanRequest(
        action="provide", paths=tuple(map(str, paths)), to=TO, permit_noted="課長, 11/19, 口頭"
    )
    order = HandleRequest(plan=plan, out=str(world.out), **more)
    return handle(world.ctx, order)


def test_a_document_that_says_the_password_is_refused(world: World) -> None:
    plain = world.word("案.docx")
    telling = world.word("送付.docx", f"開くときは {PASSWORD} を入力")
    with pytest.raises(RuleViolation) as caught:
        sent(world, plain, telling, password=PASSWORD)
    assert caught.value.code == "mail.password-with-file"
    assert caught.value.params["name"] == "送付.docx"
    assert PASSWORD not in str(caught.value)
    assert [*world.out.iterdir()] == []


def test_full_width_and_spaces_do_not_hide_it(world: World) -> None:
    telling = world.word("送付.docx", "かめ－９１４７－marigold - Qx")
    with pytest.raises(RuleViolation, match=r"mail\.password-with-file"):
        sent(world, telling, password=PASSWORD)


def test_a_text_in_another_encoding_does_not_hide_it(world: World) -> None:
    path = world.folder / "読んで.dat"
    path.write_bytes(b"\x00\x01" + PASSWORD.encode("utf-16-le"))
    with pytest.raises(RuleViolation, match=r"mail\.password-with-file"):
        sent(world, path, password=PASSWORD)


def test_a_slip_does_not_go_along(world: World) -> None:
    slip = Path(write_slip(world.ctx, world.folder, ["案.docx"], PASSWORD))
    renamed = slip.rename(world.folder / "ご参考.docx")
    with pytest.raises(RuleViolation, match=r"mail\.password-with-file"):
        sent(world, world.word("案.docx"), renamed)


def test_a_reason_lets_it_through_and_is_recorded(world: World) -> None:
    telling = world.word("送付.docx", f"開くときは {PASSWORD} を入力")
    reason = "訓練用の見本のため"
    done = sent(world, telling, password=PASSWORD, same_route_reason=reason)
    assert done.files[0].error is None
    assert world.records("handle")[-1]["reason"] == reason


def test_what_says_nothing_goes_through_and_the_draft_has_no_password(world: World) -> None:
    done = sent(world, world.word("案.docx"), password=PASSWORD)
    assert done.files[0].error is None
    assert PASSWORD.encode() not in Path(done.mail).read_bytes()


def test_a_weak_password_is_told_before_it_is_looked_for(world: World) -> None:
    with pytest.raises(RuleViolation, match=r"password\.too-weak"):
        sent(world, world.word("案.docx", "aaaa"), password="a")


def test_an_agreed_password_makes_no_slip_and_the_draft_says_so(world: World) -> None:
    done = sent(world, world.word("案.docx"), password=PASSWORD, agreed=True)
    assert done.files[0].error is None
    assert done.password == ""
    assert done.password_slip == ""
    draft = email.message_from_bytes(Path(done.mail).read_bytes(), policy=email.policy.default)
    body = draft.get_body()
    assert body is not None
    assert "合意したパスワード" in body.get_content()
    assert all(PASSWORD.encode() not in one.read_bytes() for one in world.out.iterdir())
