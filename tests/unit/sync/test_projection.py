"""What leaves the device: codes and numbers of every kind of event, and no word of anybody."""

from typing import Any

import msgspec
import pytest

from meti_desk.domain import events, events_crypto, events_signing, events_split, ledger
from meti_desk.domain.routes import Route
from meti_desk.sync.projection import project
from meti_desk.sync.wire import MOST_BODY

WORD = "極秘の相手先"


def sent(body: events.Body) -> dict[str, Any]:
    event = ledger.follow(None, event_id="e", kind="x", at="2026-11-23T05:00:00+00:00", body=body)
    raw = project(event)
    assert len(raw) <= MOST_BODY
    told: dict[str, Any] = msgspec.msgpack.decode(raw)
    assert told["ledger"] == bytes.fromhex(event.hash)
    facts: dict[str, Any] = told["facts"]
    assert WORD not in str(facts)
    return facts


def test_no_event_tells_a_title_a_place_or_a_name() -> None:
    document = {"document": "0123abcd", "title": WORD, "label": None}
    common: dict[str, Any] = {**document, "method": "cms", "algorithms": ["aes-256"]}
    protect = events.protect_body(**common, listed=True, reason=WORD)
    located = events_crypto.located(protect, f"/home/{WORD}/x", "00" * 32)
    assert sent(located) == {
        "document": "0123abcd", "label": {}, "method": "cms", "algorithms": ["aes-256"],
        "listed": True,
    }  # fmt: skip
    sent(events_crypto.removed_body(events=["e"], titles=[WORD]))
    sent(events_crypto.marks_body(what="marked", algorithms=["rsa-oaep"], reference=WORD))
    sent(events_signing.sign_body(
        **common, sha256="00", signer=WORD, certificate="ab", listed=True, reason=WORD,
        unlisted=WORD, stamped="",
    ))  # fmt: skip
    split = events_split.split_body(
        **common, set_id="s", n=3, k=2, routes=[Route("mail", WORD)], listed=True, sha256="00"
    )
    sent(split)
    sent(events_split.join_body(title=WORD, label=None, set_id="s", parts=[1], signer=WORD))
    sent(events_split.password_body(recipient=WORD, told_by=WORD, reason=WORD, rotated=False))
    redact = events.redact_body(
        **document, places={(WORD, WORD): 2}, removed={"comments": 3}, purpose="provide"
    )
    assert sent(redact)["removed"] == [{"class": "comments", "count": 3}]
    measure = events.MeasureEntry("m", "declined", WORD)
    permit = events.PermitEntry(events.PERMIT_NOTED, WORD, WORD)
    assert sent({
        **document, "recipients": [WORD, WORD], "reason": WORD,
        "measures": [{"id": measure.id, "state": measure.state, "reason": measure.reason}],
        "permit": {"kind": permit.kind, "note": permit.note, "id": permit.id},
        "label": {"c": 2, "audience": [WORD], "restrictions": ["複製禁止"], "decided": True},
    }) == {
        "document": "0123abcd", "recipients": 2, "measures": [{"id": "m", "state": "declined"}],
        "permit": {"kind": "noted"},
        "label": {"c": 2, "restrictions": ["複製禁止"], "decided": True},
    }  # fmt: skip


@pytest.mark.parametrize("key", ["document", "method", "action", "purpose", "receipt", "what"])
def test_a_text_where_a_code_belongs_stays_here(key: str) -> None:
    assert sent({key: WORD}) == {}
    assert sent({key: ["x", WORD, {"class": WORD, "text": "t"}]}) == {key: ["x", {}]}


def test_an_event_with_thousands_of_sources_still_goes() -> None:
    sources = [f"{number:032x}" for number in range(5000)]
    facts = sent({"sources": sources, "acts": ["copy"] * 20_000, "marked": True})
    assert facts == {"marked": True, "left_out": ["sources", "acts"]}
    assert sent({"sources": sources[:100]}) == {"sources": sources[:100]}
