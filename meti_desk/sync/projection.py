"""What of an event of 取扱記録 leaves this device: facts by an allow-list, never a text.

Titles, places, reasons, names of recipients and the words of letters stay here. The hash of the
whole event goes along, so that the records on this device can be held against the server's later.
"""

from collections.abc import Mapping

import msgspec

from meti_desk.domain.ledger import Event

VERSION = 1
_PLAIN = (
    "document", "label", "removed", "method", "algorithms", "listed", "action", "acts", "marked",
    "purpose", "form", "version", "form_hash", "receipt", "sources", "recovered", "what", "count",
)  # fmt: skip
"""Keys of a body whose values are codes, ids, hashes and numbers."""
_LABEL = ("c", "i", "a", "restrictions", "decided")
"""Of a label: the audience names people, and stays."""
_MEASURE = ("id", "state")


def project(event: Event) -> bytes:
    """Give the body that is sent for an event (MessagePack, keys in order)."""
    data = event.data()
    told: dict[str, object] = {name: data[name] for name in _PLAIN if name in data}
    if isinstance(told.get("label"), Mapping):
        told["label"] = _of(told["label"], _LABEL)
    measures = data.get("measures")
    if isinstance(measures, list):
        told["measures"] = [_of(one, _MEASURE) for one in measures]
    permit = data.get("permit")
    if isinstance(permit, Mapping):
        told["permit"] = _of(permit, ("kind", "id"))
    recipients = data.get("recipients")
    if isinstance(recipients, list):
        told["recipients"] = len(recipients)
    whole = {"at": event.at, "ledger": bytes.fromhex(event.hash), "facts": told}
    return msgspec.msgpack.encode(whole, order="sorted")


def _of(value: object, names: tuple[str, ...]) -> dict[str, object]:
    held = value if isinstance(value, Mapping) else {}
    return {name: held[name] for name in names if name in held}
