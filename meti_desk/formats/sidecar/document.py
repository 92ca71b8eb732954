"""The sidecar `NAME.metilabel.json`: the label of a file that cannot carry one inside.

It names its file by the SHA-256 of the content, so that it goes on being true when both are
renamed and stops being true when the content changes. What makes it trustworthy is the seal among
the properties, which the services check; a sidecar from outside is as untrusted as any document.
"""

import re

import msgspec

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.base import OWN_PREFIX, own_properties

SUFFIX = ".metilabel.json"
SCHEMA = "jp.go.meti.sidecar/1"
LARGEST = 256 * 1024
"""Bytes; a label with the longest seal takes less than 4 KiB."""

_HASH = re.compile(r"[0-9a-f]{64}\Z")


class Sidecar(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The content of a sidecar: which bytes it speaks of, and our properties."""

    schema: str
    sha256: str
    properties: dict[str, str]


def make_sidecar(sha256: str, properties: dict[str, str]) -> bytes:
    """Write a sidecar; the same label gives the same bytes.

    Raises `InvalidInput("sidecar.damaged")` for a hash that is none.
    """
    if not _HASH.match(sha256):
        raise InvalidInput("sidecar.damaged", what="sha256")
    ours = dict(sorted(own_properties(properties).items()))
    content = Sidecar(schema=SCHEMA, sha256=sha256, properties=ours)
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


def read_sidecar(data: bytes) -> Sidecar:
    """Read a sidecar strictly: size, schema, hash and keys have to be as we write them.

    Raises `InvalidInput`: `sidecar.too-large`, `sidecar.damaged` (`what` names the part),
    `sidecar.newer` for a schema of ours that this version does not know.
    """
    if len(data) > LARGEST:
        raise InvalidInput("sidecar.too-large", limit=LARGEST)
    try:
        found = msgspec.json.decode(data, type=Sidecar)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise InvalidInput("sidecar.damaged", what="json") from None
    if found.schema != SCHEMA:
        code = "sidecar.newer" if found.schema.startswith("jp.go.meti.") else "sidecar.damaged"
        raise InvalidInput(code, what="schema")
    if not _HASH.match(found.sha256):
        raise InvalidInput("sidecar.damaged", what="sha256")
    if any(not key.startswith(OWN_PREFIX) for key in found.properties):
        raise InvalidInput("sidecar.damaged", what="properties")
    return found
