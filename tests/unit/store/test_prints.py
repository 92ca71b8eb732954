"""Texts and fingerprints in the encrypted store: kept once, found, replaced, forgotten (Art. 6)."""

import random
from dataclasses import replace

import pytest

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.domain.kept_text import MOST_SHARED, MOST_TEXTS, KeptDocument, KeptText, Shared
from meti_desk.domain.records import DocumentRecord
from meti_desk.store import local
from meti_desk.store.prints import _SLICE

HIGHEST = (1 << 40) - 1


def one(name: str, path: str = "", file_hash: str = "") -> KeptDocument:
    return KeptDocument(
        document=name, title=f"{name}.docx", path=path or f"/x/{name}", file_hash=file_hash or "f0"
    )


def text(words: str) -> KeptText:
    return KeptText((("page 1", words), ("page 2", "あ\udc80")))


def rows(store: local.LocalStore, table: str) -> int:
    return int(store._database.run(f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608 - our own tables


def test_a_text_comes_back_and_is_found_by_its_fingerprints(store: local.LocalStore) -> None:
    store.prints.put(one("a"), text("補助金"), [0, 7, HIGHEST])
    store.prints.put(one("b"), text("審査"), [7, 8])
    assert store.prints.shared([8, 7, 9, HIGHEST, 0, 6]) == (
        Shared(0, (1,)),
        Shared(7, (1, 2)),
        Shared(8, (2,)),
        Shared(HIGHEST, (1,)),
    )
    assert store.prints.text(1) == text("補助金")
    assert store.prints.text_of("b") == text("審査")
    assert store.prints.text_of("c") is None
    assert store.prints.text(3) is None
    assert store.prints.documents(2) == (one("b"),)
    assert store.prints.shared([]) == ()


def test_the_same_is_found_in_both_tables(store: local.LocalStore) -> None:
    chosen = random.Random(1)
    held: dict[int, set[int]] = {}
    for number in range(1, 40):
        hashes = {chosen.randrange(300) for _ in range(100)}
        held[number] = hashes
        store.prints.put(one(f"d{number}"), text(str(number)), sorted(hashes))
        if number % 10 == 0:
            while store.prints.merge():
                pass
    assert 0 < store.prints.to_merge() < 39 * 100
    expected = [
        Shared(value, tuple(n for n, hashes in held.items() if value in hashes))
        for value in range(300)
    ]
    assert list(store.prints.shared(range(300))) == [row for row in expected if row.texts]
    while store.prints.merge():
        pass
    assert store.prints.to_merge() == 0
    assert list(store.prints.shared(range(300))) == [row for row in expected if row.texts]


def test_merging_goes_by_slices(store: local.LocalStore) -> None:
    store.prints.put(one("a"), text("a"), range(_SLICE + 5))
    assert store.prints.merge()
    assert store.prints.to_merge() == 5
    assert not store.prints.merge()
    assert rows(store, "prints") == _SLICE + 5


def test_of_what_many_have_the_first_are_named(store: local.LocalStore) -> None:
    for number in range(MOST_SHARED + 10):
        store.prints.put(one(f"d{number}"), text(str(number)), [5])
        if number == MOST_SHARED // 2:
            store.prints.merge()
    assert store.prints.shared([5]) == (Shared(5, tuple(range(1, MOST_SHARED + 2))),)


def test_equal_texts_are_kept_once_and_go_with_the_last(store: local.LocalStore) -> None:
    store.prints.put(one("a"), text("同じ"), [1, 2])
    store.prints.put(one("b"), text("同じ"), [1, 2])
    assert store.prints.documents(1) == (one("a"), one("b"))
    assert (rows(store, "texts"), rows(store, "prints_new")) == (1, 2)
    store.prints.forget("a")
    assert store.prints.shared([1]) == (Shared(1, (1,)),)
    store.prints.merge()
    store.prints.forget("b")
    assert [rows(store, name) for name in ("texts", "prints_new", "prints")] == [0, 0, 0]


def test_a_changed_document_leaves_nothing_of_the_earlier_text(store: local.LocalStore) -> None:
    store.prints.put(one("a"), text("前"), [1, 2])
    store.prints.put(one("a", file_hash="f1"), text("後"), [2, 3])
    assert store.prints.shared([1, 2, 3]) == (Shared(2, (2,)), Shared(3, (2,)))
    kept = store.prints.kept("a")
    assert kept is not None
    assert kept.file_hash == "f1"


def test_an_undecided_file_gives_way_to_what_lies_at_its_path(store: local.LocalStore) -> None:
    store.prints.put(one("h1", "/x/案", "h1"), text("前"), [1])
    store.prints.put(one("decided", "/x/案", "h9"), text("前の前"), [4])
    assert store.prints.kept("h1") is None
    store.prints.put(one("h2", "/x/案", "h2"), text("後"), [2])
    assert store.prints.kept("decided") is not None
    assert [row.hash for row in store.prints.shared([1, 2, 4])] == [2, 4]


def test_a_file_that_was_seen_first_and_then_decided_keeps_its_text(
    store: local.LocalStore,
) -> None:
    """Its text is the same: dropping the entry of the undecided file must leave it there."""
    seen = one("f1", path="/x/a", file_hash="f1")
    store.prints.put(seen, text("補助金"), [1, 2])
    decided = one("id", path="/x/a", file_hash="f2")
    store.prints.put(decided, text("補助金"), [1, 2])
    assert store.prints.kept("f1") is None
    assert store.prints.kept("id") == decided
    assert store.prints.text_of("id") == text("補助金")
    assert store.prints.shared([1]) == (Shared(1, (1,)),)
    assert rows(store, "texts") == 1


def test_a_number_that_became_free_is_given_again_and_too_many_are_told(
    store: local.LocalStore,
) -> None:
    for name in "abc":
        store.prints.put(one(name), text(name), [ord(name)])
    with store._database.transaction():
        store._database.run("PRAGMA defer_foreign_keys = ON")
        for table in ("texts", "text_documents"):
            store._database.run(
                f"UPDATE {table} SET number = ? WHERE number = 3",  # noqa: S608 - our own tables
                (MOST_TEXTS - 1,),
            )
    store.prints.forget("a")
    store.prints.put(one("d"), text("d"), [1])
    assert store.prints.shared([1]) == (Shared(1, (1,)),)
    store.prints.put(one("e"), text("e"), [1])
    assert store.prints.shared([1]) == (Shared(1, (1, 3)),)


def test_a_full_index_says_so(store: local.LocalStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("meti_desk.store.prints.MOST_TEXTS", 3)
    for name in "ab":
        store.prints.put(one(name), text(name), [1])
    with pytest.raises(EnvironmentProblem) as error:
        store.prints.put(one("c"), text("c"), [1])
    assert error.value.code == "store.prints-full"
    assert store.prints.kept("c") is None
    store.prints.put(one("a"), text("b"), [1])


def test_custom_is_remembered(store: local.LocalStore) -> None:
    store.prints.ignore([3, HIGHEST, 3])
    store.prints.ignore([3, 4])
    assert store.prints.ignored([1, 3, 4, HIGHEST]) == {3, 4, HIGHEST}


DOCUMENT = DocumentRecord(
    id="d1", title="案", path="/x/案.docx", file_hash="aa", digest="bb", label="", handling="",
    decided_by="", decided_at="",
)  # fmt: skip


def test_what_is_recorded_waits_to_be_read_until_it_was(store: local.LocalStore) -> None:
    store.documents.put(DOCUMENT)
    waits = KeptDocument(document="d1", title="案", path="/x/案.docx", file_hash="aa")
    assert store.prints.waiting(9) == (waits,)
    store.prints.put(waits, text("補助金"), [1])
    assert store.prints.waiting(9) == ()
    store.documents.put(replace(DOCUMENT, label="{}", file_hash="cc"))
    assert store.prints.waiting(9) == ()
    store.documents.put(replace(DOCUMENT, digest="dd"))
    assert len(store.prints.waiting(9)) == 1
    store.prints.skip("d1")
    store.documents.put(replace(DOCUMENT, digest="dd", path="/y/案.docx", title="本案"))
    assert len(store.prints.waiting(9)) == 1
    (known,) = store.prints.documents(1)
    assert (known.path, known.title) == ("/y/案.docx", "本案")


def test_without_a_path_or_a_digest(store: local.LocalStore) -> None:
    store.documents.put(replace(DOCUMENT, path=""))
    assert store.prints.waiting(9) == ()
    store.documents.put(replace(DOCUMENT, id="d2", digest=""))
    store.prints.skip("d2")
    store.documents.put(replace(DOCUMENT, id="d2", digest=""))
    assert [one.document for one in store.prints.waiting(9)] == ["d2"]


def test_what_was_only_seen_is_noted_once(store: local.LocalStore) -> None:
    store.prints.want([one("a"), one("b")])
    store.prints.want([one("a")])
    assert [found.document for found in store.prints.waiting(9)] == ["a", "b"]
    assert [found.document for found in store.prints.waiting(1)] == ["a"]
    store.prints.put(one("a"), text("a"), [])
    store.prints.want([one("a")])
    assert [found.document for found in store.prints.waiting(9)] == ["b"]


def test_nothing_of_a_text_lies_in_clear(store: local.LocalStore) -> None:
    store.prints.put(one("a", "/x/極秘の案"), KeptText((("", "秘密の文章" * 50),)), [1])
    store.close()
    for file in store.folder.rglob("*"):
        if file.is_file():
            raw = file.read_bytes()
            assert "秘密の文章".encode() not in raw
            assert "極秘の案".encode() not in raw
