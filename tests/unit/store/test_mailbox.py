"""The mailbox of the real store, and that of the tests, which has to be like it."""

from typing import TYPE_CHECKING

import pytest

from meti_desk.domain.mailbox import Held
from meti_desk.store import local
from tests.unit.services.fake_mailbox import MemoryMailbox

if TYPE_CHECKING:
    from meti_desk.services.ports_sync import Mailbox


@pytest.mark.parametrize("real", [True, False])
@pytest.mark.parametrize(
    ("also", "left"), [("", ["a-own", "b-own"]), ("a-own", ["b-own"]), ("told", ["a-own", "b-own"])]
)
def test_what_was_told_is_forgotten_and_of_one_kind_everything(
    store: local.LocalStore, *, real: bool, also: str, left: list[str]
) -> None:
    mailbox: Mailbox = store.mailbox if real else MemoryMailbox()
    for kind, revision in (("told", 3), ("a-own", 0), ("b-own", 0)):
        assert mailbox.put(Held(kind, "x", revision, "", b"x", "2026-11-20T09:30:00+09:00"))
    mailbox.move("mail", 4)
    mailbox.forget(also)
    assert dict(mailbox.cursors()) == {}
    assert [one for one in ("a-own", "b-own", "told") if mailbox.get(one, "x")] == left


@pytest.mark.parametrize("real", [True, False])
def test_one_thing_is_forgotten_whatever_its_revision(
    store: local.LocalStore, *, real: bool
) -> None:
    mailbox: Mailbox = store.mailbox if real else MemoryMailbox()
    for number, revision in (("a", 7), ("b", 0)):
        mailbox.put(Held("review", number, revision, "", b"x", "2026-11-23"))
    mailbox.drop("review", "a")
    mailbox.drop("review", "nothing")
    assert [one.id for one in mailbox.of("review")] == ["b"]
    # What the server tells after that comes in again, even under the same revision.
    assert mailbox.put(Held("review", "a", 7, "", b"x", "2026-11-23"))
