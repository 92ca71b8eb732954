import os
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.store import keys, local
from meti_desk.store.database import connect
from meti_desk.store.words import plain, texts

EXAMPLES = 300 if os.environ.get("METI_DESK_FULL") else 40


def fill(store: local.LocalStore, at: datetime, number: int = 12) -> None:
    for each in range(number):
        body = {"document": f"d{each % 3}", "title": f"会議資料{each}", "count": each}
        store.ledger.append(("classify", "handle")[each % 2], body, at + timedelta(minutes=each))


class Raw:
    """The database file as someone with the key and without this application sees it."""

    def __init__(self, folder: Path, passphrase: str) -> None:
        self.connection: Any = connect(
            folder / "store.db", keys.unlock_with_passphrase(folder / "store.key", passphrase)
        )

    def __call__(self, *statements: str) -> None:
        for statement in statements:
            self.connection.execute(statement)


@pytest.fixture
def raw(folder: Path, passphrase: str) -> Iterator[Raw]:
    opened = Raw(folder, passphrase)
    yield opened
    opened.connection.close()


def test_events_come_back_as_they_were_appended(store: local.LocalStore, at: datetime) -> None:
    first = store.ledger.append("classify", {"title": "案"}, at)
    second = store.ledger.append("handle", {}, at)
    assert (first.seq, second.seq) == (1, 2)
    assert second.prev_hash == first.hash
    assert first.at == at.isoformat()
    assert list(store.ledger.events()) == [first, second]
    assert store.ledger.last() == second


def test_a_time_without_offset_is_a_mistake(store: local.LocalStore, at: datetime) -> None:
    with pytest.raises(ValueError, match="offset"):
        store.ledger.append("classify", {}, at.replace(tzinfo=None))


def test_events_are_chosen_by_kind_and_document_in_both_orders(
    store: local.LocalStore, at: datetime
) -> None:
    fill(store, at)

    def chosen(**wanted: Any) -> list[int]:
        return [event.seq for event in store.ledger.events(**wanted)]

    assert chosen() == list(range(1, 13))
    assert chosen(newest_first=True, limit=3) == [12, 11, 10]
    assert chosen(kinds=["classify"]) == [1, 3, 5, 7, 9, 11]
    assert chosen(kinds=["handle", "classify", "handle"]) == list(range(1, 13))
    assert chosen(kinds=["handle", "classify"], newest_first=True, limit=2) == [12, 11]
    assert chosen(document="d0") == [1, 4, 7, 10]
    assert chosen(document="d0", kinds=["handle"], newest_first=True) == [10, 4]
    assert chosen(kinds=["scrub"]) == []
    assert chosen(document="none") == []


def test_many_events_come_in_chunks_and_without_those_appended_meanwhile(
    store: local.LocalStore, at: datetime
) -> None:
    with store.transaction():
        fill(store, at, 1100)
    seen = store.ledger.events()
    first = next(seen)
    store.ledger.append("classify", {}, at)
    assert [first.seq, *(event.seq for event in seen)] == list(range(1, 1101))
    backwards = [event.seq for event in store.ledger.events(newest_first=True)]
    assert backwards == list(range(1101, 0, -1))


def test_an_empty_and_a_long_chain_hold(store: local.LocalStore, at: datetime) -> None:
    assert store.ledger.verify().events == 0
    assert store.ledger.verify().intact
    fill(store, at)
    state = store.ledger.verify()
    assert (state.events, state.intact, state.first_bad) == (12, True, None)


COPY_OF_THIRD = " SELECT {}, kind, version, at, '{{}}', prev_hash, hash FROM events WHERE seq = 3"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET body = '{}' WHERE seq = 3",
        "DELETE FROM events WHERE seq = 12",
        "DELETE FROM events",
        "INSERT OR REPLACE INTO events (seq, id, kind, version, at, body, prev_hash, hash)"
        + COPY_OF_THIRD.format("seq, id"),
        "INSERT INTO events (seq, id, kind, version, at, body, prev_hash, hash)"
        + COPY_OF_THIRD.format("14, 'new'"),
    ],
)
def test_the_table_refuses_changes(
    store: local.LocalStore, at: datetime, raw: Raw, statement: str
) -> None:
    fill(store, at)
    with pytest.raises(Exception, match="ledger:"):
        raw(statement)
    assert store.ledger.verify().intact
    assert store.ledger.verify().events == 12


SWAP = (
    "UPDATE events SET seq = 100 WHERE seq = 4",
    "UPDATE events SET seq = 4 WHERE seq = 5",
    "UPDATE events SET seq = 5 WHERE seq = 100",
)


@pytest.mark.parametrize(
    ("statements", "bad", "events"),
    [
        (('UPDATE events SET body = \'{"title":"別"}\' WHERE seq = 4',), "event-0004", 12),
        (("UPDATE events SET body = 'no json' WHERE seq = 4",), "event-0004", 12),
        (("UPDATE events SET kind = 'scrub' WHERE seq = 1",), "event-0001", 12),
        (("UPDATE events SET at = '2020' WHERE seq = 12",), "event-0012", 12),
        (("UPDATE events SET id = 'other' WHERE seq = 6",), "other", 12),
        (("UPDATE events SET version = 2 WHERE seq = 6",), "event-0006", 12),
        (("UPDATE events SET hash = prev_hash WHERE seq = 6",), "event-0006", 12),
        (("UPDATE events SET prev_hash = 'x' WHERE seq = 6",), "event-0006", 12),
        (("UPDATE events SET seq = 0 WHERE seq = 1",), "event-0001", 12),
        (("UPDATE events SET seq = 99 WHERE seq = 12",), "event-0012", 12),
        (("DELETE FROM events WHERE seq = 4",), "event-0005", 11),
        (("DELETE FROM events WHERE seq = 1",), "event-0002", 11),
        (("DELETE FROM events WHERE seq = 12",), "event-0012", 11),
        (("DELETE FROM events",), "event-0012", 0),
        (("DELETE FROM chain_head",), None, 12),
        (SWAP, "event-0005", 12),
    ],
)
def test_whoever_goes_around_the_triggers_is_found(
    store: local.LocalStore,
    at: datetime,
    raw: Raw,
    statements: tuple[str, ...],
    bad: str | None,
    events: int,
) -> None:
    fill(store, at)
    raw("DROP TRIGGER events_unchanged", "DROP TRIGGER events_kept", *statements)
    state = store.ledger.verify()
    assert (state.events, state.intact, state.first_bad) == (events, False, bad)


def test_threads_append_to_one_chain(store: local.LocalStore, at: datetime) -> None:
    threads = [threading.Thread(target=fill, args=(store, at, 25)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    state = store.ledger.verify()
    assert (state.events, state.intact) == (100, True)


def test_appending_to_a_full_store_is_told_and_loses_nothing(
    store: local.LocalStore, at: datetime
) -> None:
    fill(store, at)
    (pages,) = store._database.run("PRAGMA page_count")[0]
    store._database.run(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(EnvironmentProblem) as error, store.transaction():
        store.ledger.append("classify", {"title": "x" * 100_000}, at)
    assert error.value.code == "store.full"
    state = store.ledger.verify()
    assert (state.events, state.intact) == (12, True)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("機密性2", [1]),
        ("機密性２情報", [1]),
        ("機密", [2, 1]),
        ("機", [2, 1]),
        ("麒麟", [3]),
        ("麟", [3]),
        ("末", [3]),
        ("DOCX", [2, 1]),
        ("dｏｃx 会議", [1]),
        ("会議　資料", [1]),
        ("会議 麒麟", []),
        ("c2", [2]),
        ("無", []),
        ("title", []),
        ("深い", [3]),
        ('"', [2]),
        ("a*", [2]),
        ("NEAR(", [2]),
        ("0123456789abcdef0123", [1]),
        ("0123456789abcdef0", [1]),
        ("0123456789abcdef1", []),
        ("01234567", [1]),
        ("", []),
        ("　 ", []),
    ],
)
def test_words_are_found_newest_first(
    store: local.LocalStore, at: datetime, words: str, found: list[int]
) -> None:
    hashed = "0123456789abcdef" * 4
    store.ledger.append("a", {"title": "機密性2情報 会議資料.docx", "hash": hashed}, at)
    store.ledger.append("a", {"title": '機密C2 "NEAR(a*)".docx'}, at)
    store.ledger.append("a", {"deep": [{"深さ": "麒麟"}, "深い", True, None, 7], "e": "末"}, at)
    assert [event.seq for event in store.ledger.search(words)] == found


def test_a_search_stops_at_its_limit(store: local.LocalStore, at: datetime) -> None:
    fill(store, at)
    for words in ("会議資料", "会", "会 議"):
        assert [event.seq for event in store.ledger.search(words, limit=2)] == [12, 11]


def test_a_common_short_word_is_found_among_many_others(
    store: local.LocalStore, at: datetime
) -> None:
    with store.transaction():
        for number in range(600):
            store.ledger.append("a", {"title": f"会{chr(0x4E00 + number)}{number}"}, at)
    assert len(store.ledger.search("会", limit=1000)) == 600
    assert [event.seq for event in store.ledger.search("会 599")] == [600]


def test_a_short_word_that_was_common_long_ago_is_still_found(
    store: local.LocalStore, at: datetime
) -> None:
    with store.transaction():
        for number in range(100):
            store.ledger.append("a", {"title": f"会{chr(0x4E00 + number)}.docx"}, at)
        for number in range(2100):
            store.ledger.append("a", {"title": f"{number}.docx"}, at)
        store.ledger.append("a", {"title": "会.docx"}, at)
    expected = [2201, *range(100, 0, -1)]
    for words in ("会", "会 docx", "docx 会 x"):
        assert [event.seq for event in store.ledger.search(words, limit=1000)] == expected
        assert [event.seq for event in store.ledger.search(words, limit=3)] == expected[:3]


ALPHABET = "あいう機密性2２ａA\"'*() \u3000\n\0ß𠮷0f"


@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    titles=st.lists(st.text(ALPHABET, max_size=8), min_size=1, max_size=4),
    words=st.text(ALPHABET, max_size=5),
)
def test_the_index_hides_and_invents_nothing(
    store: local.LocalStore, at: datetime, titles: list[str], words: str
) -> None:
    store.ledger.append("a", {"titles": titles}, at)
    asked = plain(words).split()
    expected = [
        event.seq
        for event in store.ledger.events(newest_first=True)
        if asked and all(any(word in text for text in texts(event.body)) for word in asked)
    ]
    assert [event.seq for event in store.ledger.search(words, limit=1 << 30)] == expected
