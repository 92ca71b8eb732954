"""What of an event of 取扱記録 leaves this device: facts by an allow-list, never a text.

Titles, places, reasons, names of recipients and the words of letters stay here. The hash of the
whole event goes along, so that the records on this device can be held against the server's later.
"""

import re
from collections.abc import Mapping

import msgspec

from meti_desk.domain.ledger import Event
from meti_desk.sync.wire import MOST_BODY

VERSION = 1
_PLAIN = (
    "document", "removed", "method", "algorithms", "listed", "action", "acts", "marked",
    "purpose", "form", "version", "form_hash", "receipt", "sources", "recovered", "what", "count",
)  # fmt: skip
"""Keys of a body whose values are codes, ids, hashes and numbers."""
_LABEL = ("c", "i", "a", "decided")
"""Of a label: the audience names people, and stays; the restrictions are words of the policy."""
_MEASURE = ("id", "state")
_REMOVED = ("class", "count")
_CODE = re.compile(r"[0-9A-Za-z._:+/-]{0,128}")
"""A code, an id or a hash. An id may come from a file that somebody else made: were it a text, it
stays here all the same."""
_LEFT_OUT = "left_out"


MOST_SAID = 48 << 10
"""Bytes that may go with an event beside its facts; `services.saying` refuses more."""


def project(event: Event, said: bytes = b"") -> bytes:
    """Give the body that is sent for an event (MessagePack, keys in order).

    `said` is what a person tells others by it - a request, a decision -, already in the form of
    its kind, with all words sealed for those who may read them. The body is never longer than the
    server takes (`MOST_BODY`): of an event with thousands of sources the longest parts stay here,
    and `left_out` names them. Otherwise nothing behind it would go.
    """
    told = _facts(event.data())
    whole: dict[str, object] = {
        "at": event.at, "ledger": bytes.fromhex(event.hash), "facts": told,
    }  # fmt: skip
    if said:
        whole["said"] = said
    left_out: list[str] = []
    while len(body := msgspec.msgpack.encode(whole, order="sorted")) > MOST_BODY:
        longest = max(
            (name for name in told if name != _LEFT_OUT),
            key=lambda name: len(msgspec.msgpack.encode(told[name])),
        )
        del told[longest]
        left_out.append(longest)
        told[_LEFT_OUT] = left_out
    return body


def _facts(data: Mapping[str, object]) -> dict[str, object]:
    told: dict[str, object] = {}
    for name in _PLAIN:
        if name in data:
            told[name] = _plain(data[name], _REMOVED)
    label = data.get("label")
    if isinstance(label, Mapping):
        words = label.get("restrictions")
        kept = [one for one in words if isinstance(one, str)] if isinstance(words, list) else None
        told["label"] = _of(label, _LABEL) | ({} if kept is None else {"restrictions": kept})
    measures = data.get("measures")
    if isinstance(measures, list):
        told["measures"] = [_of(one, _MEASURE) for one in measures]
    permit = data.get("permit")
    if isinstance(permit, Mapping):
        told["permit"] = _of(permit, ("kind", "id"))
    recipients = data.get("recipients")
    if isinstance(recipients, list):
        told["recipients"] = len(recipients)
    return {name: value for name, value in told.items() if value is not None}


def _of(value: object, names: tuple[str, ...]) -> dict[str, object]:
    held = value if isinstance(value, Mapping) else {}
    plain = {name: _plain(held[name], ()) for name in names if name in held}
    return {name: one for name, one in plain.items() if one is not None}


def _plain(value: object, names: tuple[str, ...]) -> object:
    """Give a value that is a number or a code, or a list of such; `None` for anything else."""
    if isinstance(value, int):  # and bool
        return value
    if isinstance(value, str):
        return value if _CODE.fullmatch(value) else None
    if isinstance(value, Mapping) and names:
        return _of(value, names)
    if isinstance(value, list):
        plain = [_plain(one, names) for one in value if not isinstance(one, list)]
        return [one for one in plain if one is not None]
    return None
