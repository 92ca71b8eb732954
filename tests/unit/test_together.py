"""What many threads ask for at once is done in one go, after all of them asked."""

import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from meti_desk.together import Together


def test_alone_it_is_done_at_once_and_again_each_time() -> None:
    rounds: list[list[int]] = []
    shared: Together[int] = Together(lambda items: rounds.append([*items]))
    shared.do(1)
    shared.do(2)
    assert rounds == [[1], [2]]


def test_those_who_ask_during_a_round_share_the_next_one() -> None:
    rounds: list[list[int]] = []
    began, go_on = threading.Event(), threading.Event()

    def work(items: Sequence[int]) -> None:
        rounds.append(sorted(items))
        if 0 in items:
            began.set()
            assert go_on.wait(20)

    shared: Together[int] = Together(work)
    asked = threading.Barrier(6)

    def ask(number: int) -> None:
        asked.wait(20)
        shared.do(number)

    with ThreadPoolExecutor(6) as pool:
        first = pool.submit(shared.do, 0)
        assert began.wait(20)
        others = [pool.submit(ask, number) for number in range(1, 6)]
        asked.wait(20)
        while len(shared._waiting) < 5:
            os.sched_yield()
        go_on.set()
        for one in (first, *others):
            one.result(20)
    assert rounds == [[0], [1, 2, 3, 4, 5]]


def test_an_error_reaches_everybody_of_the_round_and_nobody_else() -> None:
    def work(items: Sequence[int]) -> None:
        if 13 in items:
            raise ValueError(items)

    shared: Together[int] = Together(work)
    with pytest.raises(ValueError, match="13"):
        shared.do(13)
    shared.do(14)
