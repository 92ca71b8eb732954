"""The book of agreed passwords in the real encrypted database."""

from dataclasses import replace
from pathlib import Path

from meti_desk.domain.agreed import KEPT, Agreed
from meti_desk.store import local

ONE = Agreed("iin@example.com", 1, "canary-合言葉-41f7", "2026-11-20T09:30:00+09:00", "phone")


def test_the_newest_is_in_use_and_a_few_former_ones_stay(store: local.LocalStore) -> None:
    for number in range(1, 7):
        store.agreed.put(replace(ONE, number=number, password=f"p{number}"))
    store.agreed.put(replace(ONE, recipient="a@example.com"))
    assert [one.password for one in store.agreed.of(ONE.recipient)] == ["p6", "p5", "p4", "p3"]
    assert len(store.agreed.of(ONE.recipient)) == KEPT + 1
    current = store.agreed.current(ONE.recipient)
    assert current is not None
    assert current.password == "p6"
    assert [one.recipient for one in store.agreed.all()] == ["a@example.com", ONE.recipient]


def test_use_is_noted_and_forgetting_drops_all(store: local.LocalStore) -> None:
    store.agreed.put(ONE)
    store.agreed.used(ONE.recipient, "2026-12-01T00:00:00+09:00")
    current = store.agreed.current(ONE.recipient)
    assert current is not None
    assert current.last_used.startswith("2026-12-01")
    assert store.agreed.forget(ONE.recipient) == 1
    assert store.agreed.current(ONE.recipient) is None
    assert store.agreed.forget(ONE.recipient) == 0


def test_no_password_lies_readable_on_the_disk(
    store: local.LocalStore, folder: Path, passphrase: str
) -> None:
    store.agreed.put(ONE)
    assert ONE.password not in repr(ONE)
    store.close()
    for path in folder.rglob("*"):
        if path.is_file():
            assert ONE.password.encode() not in path.read_bytes()
    again = local.open_with_passphrase(folder, passphrase)
    current = again.agreed.current(ONE.recipient)
    assert current == ONE
    again.close()
