from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.domain.records import DocumentRecord, Pending
from meti_desk.store import local

DOCUMENT = DocumentRecord(
    id="d1",
    title="案",
    path="/home/x/案.docx",
    file_hash="aa",
    digest="bb",
    label='{"c":2}',
    handling="審査委員限り",
    decided_by="山田",
    decided_at="2026-04-01T09:30:00+09:00",
    sources=("s2", "s1"),
)
PENDING = Pending(
    id="p1",
    temporary="",
    final="/x/案.docx",
    result_hash="cc",
    event_kind="classify",
    event_body=b'{"a":1}',
)


def test_a_document_comes_back_whole_and_is_replaced_by_id(store: local.LocalStore) -> None:
    store.documents.put(DOCUMENT)
    assert store.documents.get("d1") == DOCUMENT
    changed = replace(DOCUMENT, file_hash="dd", sources=())
    store.documents.put(changed)
    assert store.documents.get("d1") == changed
    assert store.documents.by_hash("aa") is None
    assert store.documents.get("d2") is None


def test_of_copies_the_one_handled_last_is_found(store: local.LocalStore) -> None:
    for number in (1, 2, 1):
        store.documents.put(replace(DOCUMENT, id=f"d{number}", title=str(number)))
    for found in (store.documents.by_hash("aa"), store.documents.by_digest("bb")):
        assert found is not None
        assert found.id == "d1"


def test_unknown_hashes_are_no_copies(store: local.LocalStore) -> None:
    store.documents.put(replace(DOCUMENT, file_hash="", digest=""))
    assert store.documents.by_hash("") is None
    assert store.documents.by_digest("") is None


def test_recent_documents_come_newest_first(store: local.LocalStore) -> None:
    for number in (1, 2, 3, 1):
        store.documents.put(replace(DOCUMENT, id=f"d{number}"))
    assert [record.id for record in store.documents.recent()] == ["d1", "d3", "d2"]
    assert [record.id for record in store.documents.recent(1)] == ["d1"]


def test_what_was_made_from_a_document_is_known(store: local.LocalStore) -> None:
    for number in (1, 2):
        store.documents.put(replace(DOCUMENT, id=f"d{number}", sources=(f"s{number}", "s")))
    assert [record.id for record in store.documents.made_from("s")] == ["d1", "d2"]
    assert [record.id for record in store.documents.made_from("s2")] == ["d2"]


def test_the_journal_gives_what_was_not_ended_in_order(store: local.LocalStore) -> None:
    second = replace(PENDING, id="p0")
    store.journal.begin(PENDING)
    store.journal.begin(second)
    assert store.journal.open_operations() == (PENDING, second)
    store.journal.begin(replace(PENDING, final="/y"))
    store.journal.end("p0")
    store.journal.end("p0")
    assert store.journal.open_operations() == (replace(PENDING, final="/y"),)


def test_settings_have_defaults_and_are_replaced(store: local.LocalStore) -> None:
    assert store.settings.get("theme", "light") == "light"
    store.settings.put("theme", "dark")
    store.settings.put("theme", "明るい")
    assert store.settings.get("theme", "light") == "明るい"


def test_answers_are_kept_by_form_and_item(store: local.LocalStore) -> None:
    store.answers.save("staff@1", "q1", b'{"a":1}')
    store.answers.save("staff@1", "q2", b"2")
    store.answers.save("staff@2", "q1", b"3")
    store.answers.save("staff@1", "q2", b"4")
    assert store.answers.load("staff@1") == {"q1": b'{"a":1}', "q2": b"4"}
    assert store.answers.load("none") == {}


def test_seals_can_be_checked_while_the_store_is_locked(
    store: local.LocalStore, folder: Path
) -> None:
    signature = store.sealer.sign(b"label")
    assert store.sealer.public_key() == local.device_public_key(folder)
    store.close()
    public = Ed25519PublicKey.from_public_bytes(local.device_public_key(folder))
    public.verify(signature, b"label")
    with pytest.raises(InvalidSignature):
        public.verify(signature, b"other")


def test_a_device_key_is_made_once(store: local.LocalStore) -> None:
    public = store.sealer.public_key()
    store.sealer.make()
    assert store.sealer.public_key() == public


def test_a_public_key_that_was_exchanged_is_set_right(
    store: local.LocalStore, folder: Path, passphrase: str
) -> None:
    public = store.sealer.public_key()
    store.close()
    (folder / "device.pub").write_bytes(b"short")
    with pytest.raises(EnvironmentProblem) as error:
        local.device_public_key(folder)
    assert error.value.code == "store.key-damaged"
    local.open_with_passphrase(folder, passphrase).close()
    assert local.device_public_key(folder) == public
