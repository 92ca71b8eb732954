"""The address book in the real database."""

import pytest

from meti_desk.domain.recipients import KeptCertificate, Recipient
from meti_desk.store.local import LocalStore

ONE = KeptCertificate(
    fingerprint="aa", data=b"\1\2", facts=b"{}", added_at="2026-11-20T09:30:00+09:00",
    confirmed_by="山田太郎", confirmed_at="2026-11-20T09:40:00+09:00",
)  # fmt: skip
BETWEEN = KeptCertificate(
    fingerprint="bb", data=b"\3", facts=b"{}", added_at="2026-11-20T09:30:00+09:00", between=True
)
TARO = Recipient(
    mail="taro@example.jp", name="経済 太郎", organisation="試験株式会社",
    accepts=("zip", "cms"), blocks_encrypted=True, note="電話の後に送る",
    certificates=(ONE, BETWEEN),
)  # fmt: skip
HANAKO = Recipient(mail="hanako@example.jp", name="経済 花子")


def test_all_that_was_put_is_given_back(store: LocalStore) -> None:
    store.recipients.put(TARO)
    store.recipients.put(HANAKO)
    assert store.recipients.get(TARO.mail) == TARO
    assert store.recipients.get("nobody@example.jp") is None
    assert list(store.recipients.all()) == [TARO, HANAKO]


def test_putting_again_replaces(store: LocalStore) -> None:
    store.recipients.put(TARO)
    changed = Recipient(mail=TARO.mail, name="太郎", certificates=(BETWEEN,))
    store.recipients.put(changed)
    assert list(store.recipients.all()) == [changed]


def test_removing_takes_the_certificates_along(store: LocalStore) -> None:
    store.recipients.put(TARO)
    assert store.recipients.remove(TARO.mail)
    assert not store.recipients.remove(TARO.mail)
    store.recipients.put(Recipient(mail=TARO.mail))
    assert store.recipients.get(TARO.mail) == Recipient(mail=TARO.mail)


def test_a_failed_transaction_keeps_what_was_there(store: LocalStore) -> None:
    store.recipients.put(TARO)

    class StopError(Exception):
        pass

    def fail() -> None:
        with store.transaction():
            store.recipients.remove(TARO.mail)
            raise StopError

    with pytest.raises(StopError):
        fail()
    assert store.recipients.get(TARO.mail) == TARO
