"""A bucket gives what it holds, then what it gains; nobody takes another's tokens."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meti_desk.server import rates
from meti_desk.server.rates import Buckets


def test_a_bucket_is_emptied_and_fills_again() -> None:
    held = Buckets(rate=2.0, burst=3)
    assert [held.take("a", 10.0) for _ in range(4)] == [0, 0, 0, 1]
    assert held.take("b", 10.0) == 0
    assert held.take("a", 10.6) == 0
    assert held.take("a", 10.6) > 0
    assert [held.take("a", 99.0) for _ in range(4)] == [0, 0, 0, 1]


def test_who_waits_as_long_as_told_gets_a_token() -> None:
    held = Buckets(rate=0.1, burst=1)
    assert held.take("a", 0.0) == 0
    wait = held.take("a", 0.0)
    assert 10 <= wait <= 11
    assert held.take("a", float(wait)) == 0


def test_no_rate_is_no_limit() -> None:
    held = Buckets(rate=0, burst=1)
    assert not any(held.take("a", 0.0) for _ in range(1000))


def test_what_is_kept_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "_MOST", 10)
    held = Buckets(rate=1.0, burst=1)
    for number in range(100):
        assert held.take(str(number), 0.0) == 0
    assert len(held._held) == 10
    assert held.take("99", 0.0) > 0


@settings(max_examples=100, derandomize=True)
@given(st.lists(st.floats(0, 0.5), min_size=1, max_size=200))
def test_over_time_nobody_gets_more_than_burst_and_rate(waits: list[float]) -> None:
    held, now, given = Buckets(rate=5.0, burst=4), 0.0, 0
    for wait in waits:
        now += wait
        given += held.take("a", now) == 0
    assert given <= 4 + 5.0 * now + 1e-6
