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
