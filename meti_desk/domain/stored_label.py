"""Label <-> the two properties that travel inside a document, and the seal over them.

`jp.go.meti.label` = `C2;I2;A1` (`U` in front: undecided, with the floor that is known) and
`jp.go.meti.handling` = restrictions, audience and terms in one line, every doubtful character
escaped. What cannot be understood is kept and forbids: reading never makes a label milder.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from meti_desk.domain.classification import Availability, Confidentiality, Integrity
from meti_desk.domain.label import AnyLabel, Label, Terms, Undecided
from meti_desk.domain.patterns import lazily
from meti_desk.domain.restriction import Restriction, Strength, Vocabulary

LABEL_KEY = "jp.go.meti.label"
HANDLING_KEY = "jp.go.meti.handling"
ID_KEY = "jp.go.meti.id"
SEAL_KEY = "jp.go.meti.seal"

UNKNOWN = "unknown:"
"""Verb of a restriction that the policy does not know: it forbids until a person has looked."""

_LEVELS = lazily(r"C([123]);I([12]);A([12])")
_UNDECIDED = "U"
_ESCAPE = lazily(r"%u([0-9A-F]{6})|%([0-9A-F]{2})")
_PLAIN = lazily(
    r"[^%;=\x00-\x1f\x7f-\xa0\u2000-\u200f\u2028-\u202f\u3000\ud800-\udfff\ufeff\ufffe\uffff]"
)
_LAST_BYTE = 0xFF


def label_text(label: AnyLabel) -> str:
    """Write the 格付: `C2;I2;A1`, undecided `U` or with a floor `U;C2;I2;A1`."""
    if isinstance(label, Undecided):
        return f"{_UNDECIDED};{label_text(label.at_least)}" if label.at_least else _UNDECIDED
    return f"C{label.confidentiality:d};I{label.integrity:d};A{label.availability:d}"


def handling_text(label: AnyLabel) -> str:
    """Write restrictions, audience and terms in one line; empty when there are none."""
    held = label if isinstance(label, Label) else label.at_least
    return ";".join(_parts(held)) if held else ""


def to_properties(label: AnyLabel) -> dict[str, str]:
    """Give both properties; the handling is left out where it says nothing."""
    properties = {LABEL_KEY: label_text(label)}
    handling = handling_text(label)
    if handling:
        properties[HANDLING_KEY] = handling
    return properties


def parse(properties: Mapping[str, str], vocabulary: Vocabulary) -> AnyLabel | None:
    """Read a label from a document's properties; `None` when there is none of ours.

    `parse(to_properties(label), vocabulary) == label`. A 格付 that cannot be read gives an
    undecided label, never C1; restrictions that the policy does not know are kept as forbidding.
    """
    if LABEL_KEY not in properties:
        return None
    return parse_texts(properties[LABEL_KEY], properties.get(HANDLING_KEY, ""), vocabulary)


def parse_texts(label: str, handling: str, vocabulary: Vocabulary) -> AnyLabel:
    """Read the two texts as the store keeps them."""
    text = label.strip()
    if text == _UNDECIDED:
        return Undecided()
    undecided = text.startswith(f"{_UNDECIDED};")
    found = _LEVELS.fullmatch(text.removeprefix(f"{_UNDECIDED};"))
    c, i, a = (int(level) for level in found.groups()) if found else (2, 1, 1)
    read = _with_handling(
        Label(Confidentiality(c), Integrity(i), Availability(a)), handling.strip(), vocabulary
    )
    return Undecided(at_least=read) if undecided or not found else read


def _parts(label: Label) -> Iterator[str]:
    for restriction in sorted(label.restrictions):
        yield f"r={_escape(restriction.name)}"
    if label.audience is not None:
        yield from (f"only={_escape(name)}" for name in sorted(label.audience))
        if not label.audience:
            yield "nobody"
    terms = label.terms
    days = (("embargo", terms.embargo), ("use", terms.use_until), ("keep", terms.keep_until))
    yield from (f"{key}={day.isoformat()}" for key, day in days if day)
    if terms.restore_hours is not None:
        yield f"restore={terms.restore_hours}"


def _with_handling(label: Label, handling: str, vocabulary: Vocabulary) -> Label:
    restrictions: set[Restriction] = set()
    audience: set[str] | None = None
    days: dict[str, date] = {}
    hours: int | None = None
    for part in filter(None, handling.split(";")):
        key, _, raw = part.partition("=")
        value = _unescape(raw)
        day = _day(value) if key in ("embargo", "use", "keep") else None
        if key == "r" and value:
            restrictions.add(vocabulary.get(value) or unknown_restriction(value))
        elif key == "only" and value:
            audience = (audience or set()) | {value}
        elif part == "nobody":
            audience = audience or set()
        elif day is not None:
            days[key] = day
        elif key == "restore" and value.isascii() and value.isdigit():
            hours = int(value)
        else:
            restrictions.add(unknown_restriction(part))
    return Label(
        label.confidentiality, label.integrity, label.availability, frozenset(restrictions),
        frozenset(audience) if audience is not None else None,
        Terms(days.get("embargo"), days.get("use"), days.get("keep"), hours),
    )  # fmt: skip


def unknown_restriction(name: str) -> Restriction:
    """Make the restriction that stands for a word that the policy does not know: it forbids."""
    return Restriction(f"{UNKNOWN}{name}", Strength.FORBIDDEN, name)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _escape(text: str) -> str:
    """Escape what separates, and what XML or a header line would change or refuse."""
    last = len(text) - 1
    return "".join(
        char if _PLAIN.fullmatch(char) and not (char == " " and at in (0, last)) else _code(char)
        for at, char in enumerate(text)
    )


def _code(char: str) -> str:
    return f"%{ord(char):02X}" if ord(char) <= _LAST_BYTE else f"%u{ord(char):06X}"


def _unescape(text: str) -> str:
    def char(found: re.Match[str]) -> str:
        number = int(found.group(1) or found.group(2), 16)
        return chr(number) if number <= 0x10FFFF else found.group()  # noqa: PLR2004 - last of Unicode

    return _ESCAPE.sub(char, text)


@dataclass(frozen=True, slots=True)
class Seal:
    """封印: who vouched for which label on which content. `digest` is the normalized digest, hex.

    `key` is the id of the device key; the signature covers `seal_message` of the other fields.
    """

    label: str
    handling: str
    document: str
    by: str
    at: str
    digest: str
    key: str
    signature: bytes = b""

    def message(self) -> bytes:
        """Give the bytes that are signed."""
        return seal_message(
            label=self.label, handling=self.handling, document=self.document, by=self.by,
            at=self.at, digest=self.digest, key=self.key,
        )  # fmt: skip

    def encode(self) -> str:
        """Write it for the property `jp.go.meti.seal`: base64url of JSON, without padding."""
        body = [
            1, self.label, self.handling, self.document, self.by, self.at, self.digest, self.key,
            base64.b64encode(self.signature).decode(),
        ]  # fmt: skip
        raw = json.dumps(body, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")


_SEAL_FIELDS = 9


def decode_seal(text: str) -> Seal | None:
    """Read a seal; `None` when it is none, which is shown as not sealed."""
    if not text:
        return None
    padded = text.strip() + "=" * (-len(text.strip()) % 4)
    try:
        body = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if not isinstance(body, list) or len(body) != _SEAL_FIELDS or body[0] != 1:
            return None
        if not all(isinstance(part, str) for part in body[1:]):
            return None
        signature = base64.b64decode(body[8], validate=True)
    except (ValueError, binascii.Error, RecursionError):
        return None
    label, handling, document, by, at, digest, key = body[1:8]
    return Seal(label, handling, document, by, at, digest, key, signature)


def seal_message(
    *, label: str, handling: str, document: str, by: str, at: str, digest: str, key: str
) -> bytes:
    """Give the bytes to sign: a purpose, then every field with its length in front.

    Lengths make two different seals two different messages; the purpose keeps a signature made
    for something else from passing as a seal.
    """
    message = b"jp.go.meti.seal/1"
    for part in (label, handling, document, by, at, digest, key):
        raw = part.encode("utf-8", "surrogatepass")
        message += len(raw).to_bytes(8, "big") + raw
    return message


SealState = Literal["sealed", "label-changed", "content-changed", "none"]


def seal_state(
    seal: Seal | None,
    *,
    label: str,
    handling: str,
    digest: str,
    verify: Callable[[str, bytes, bytes], bool],
    earlier: Collection[str] = (),
) -> SealState:
    """Compare a seal with what stands in the document now.

    `verify(key id, message, signature)` tells whether a known key made the signature. A seal that
    does not verify vouches for nothing, so the label counts as changed outside the application.
    `earlier` are digests of the same content as earlier versions took them.
    """
    if seal is None:
        return "none"
    same = (seal.label, seal.handling) == (label, handling)
    if not same or not verify(seal.key, seal.message(), seal.signature):
        return "label-changed"
    return "sealed" if seal.digest in (digest, *earlier) else "content-changed"
