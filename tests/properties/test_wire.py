"""The device log: what follows is new, what was there is known, anything else is refused."""

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from meti_desk.sync.wire import GENESIS, WireEvent, event_hash, follow, judge, unbroken

BODIES = st.lists(st.binary(max_size=40), max_size=12)


def log(bodies: list[bytes]) -> list[WireEvent]:
    events: list[WireEvent] = []
    seq, head = 0, GENESIS
    for body in bodies:
        events.append(follow(seq, head, "classify", 1, body))
        seq, head = events[-1].seq, events[-1].hash
    return events


def head_of(events: list[WireEvent]) -> tuple[int, bytes]:
    return (events[-1].seq, events[-1].hash) if events else (0, GENESIS)


@given(BODIES, st.binary(max_size=40))
def test_only_the_next_event_is_new(bodies: list[bytes], more: bytes) -> None:
    held = log(bodies)
    seq, head = head_of(held)
    following = follow(seq, head, "scrub", 1, more)
    assert judge(seq, head, following, None) == "new"
    for one in held:
        assert judge(seq, head, one, one.hash) == "known"
        assert judge(seq, head, one, GENESIS) == "forked"
    later = follow(following.seq, following.hash, "scrub", 1, more)
    assert judge(seq, head, later, None) == "gap"
    assert unbroken([*held, following, later])


@given(BODIES.filter(bool), st.data())
def test_whatever_is_changed_of_an_event_breaks_it(
    bodies: list[bytes], data: st.DataObject
) -> None:
    held = log(bodies)
    one = data.draw(st.sampled_from(held))
    changed = data.draw(
        st.sampled_from(
            [
                WireEvent(one.seq + 1, one.kind, one.version, one.body, one.prev, one.hash),
                WireEvent(one.seq, one.kind + "x", one.version, one.body, one.prev, one.hash),
                WireEvent(one.seq, one.kind, one.version + 1, one.body, one.prev, one.hash),
                WireEvent(one.seq, one.kind, one.version, one.body + b"x", one.prev, one.hash),
                WireEvent(one.seq, one.kind, one.version, one.body, bytes(31) + b"x", one.hash),
                WireEvent(one.seq, one.kind, one.version, one.body, one.prev, bytes(31) + b"x"),
            ]
        )
    )
    assert judge(*head_of(held), changed, one.hash) == "broken"
    place = held.index(one)
    assert not unbroken([*held[:place], changed, *held[place + 1 :]])


@given(BODIES.filter(lambda bodies: len(bodies) > 1), st.data())
def test_a_log_with_something_left_out_does_not_hold(
    bodies: list[bytes], data: st.DataObject
) -> None:
    held = log(bodies)
    place = data.draw(st.integers(0, len(held) - 2))
    assert not unbroken([*held[:place], *held[place + 1 :]]) or place == 0


@given(st.binary(max_size=20), st.text(max_size=8), st.text(max_size=8), st.binary(max_size=20))
def test_fields_do_not_run_into_each_other(
    first: bytes, kind: str, other: str, second: bytes
) -> None:
    here = event_hash(GENESIS, 1, kind, 1, first)
    there = event_hash(GENESIS, 1, other, 1, second)
    assert (here == there) is ((kind, first) == (other, second))


def test_the_example_of_the_document_is_right() -> None:
    text = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| `(prev|body|hash)` \| `([0-9a-f]+)` \|$", text, re.MULTILINE))
    hashed = event_hash(bytes.fromhex(told["prev"]), 1, "classify", 1, bytes.fromhex(told["body"]))
    assert hashed.hex() == told["hash"]
