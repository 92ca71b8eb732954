"""What the centre publishes, on the wire: 取扱方針, 自己点検票 and notices of 危殆化, signed whole.

A snapshot is a download of its own topic; its number only grows, and the server's key signs topic,
number and content together, so that neither an older one nor one of another topic can take its
place. The texts are the very files that people wrote: both sides read them with the same loader.
"""

import hashlib
import re
from typing import Literal

import msgspec
import zstandard

from meti_desk.domain.errors import InvalidInput

POLICY = "policy"
CRYPTO = "crypto"
FORM = "form"
MOST_TEXT = 2 << 20
"""Bytes of all texts of a snapshot, unpacked."""
_TOPIC = re.compile(r"policy|crypto|form:[A-Za-z0-9._:+/-]{1,120}")
_LEVEL = 9
MALFORMED = "published.malformed"

Kind = Literal["policy", "form", "crypto"]


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """One version: `label` is the version that its text names, `text` the file (TOML or JSON).

    A form brings its 実施手順 along as `procedure`, and the short `name` by which people call it.
    """

    kind: Kind
    label: str
    text: str
    name: str = ""
    procedure: str = ""

    @property
    def digest(self) -> str:
        """Give the SHA-256 of the texts (hex), each with its length in front."""
        digest = hashlib.sha256()
        for part in (self.kind, self.name, self.text, self.procedure):
            raw = part.encode()
            digest.update(len(raw).to_bytes(8, "big") + raw)
        return digest.hexdigest()


def topic_of(kind: Kind, identity: str = "") -> str:
    """Give the topic of a snapshot; a form is named by its `url`.

    Raises `InvalidInput("published.topic")` for a url that cannot stand in a topic.
    """
    topic = f"{kind}:{identity}" if identity else kind
    if not _TOPIC.fullmatch(topic):
        raise InvalidInput("published.topic", topic=identity[:100])
    return topic


def pack(snapshot: Snapshot) -> bytes:
    """Write a snapshot as the body of a download (`published.too-large`)."""
    raw = msgspec.msgpack.encode(snapshot)
    if len(raw) > MOST_TEXT:
        raise InvalidInput("published.too-large", limit=MOST_TEXT)
    return zstandard.ZstdCompressor(level=_LEVEL).compress(raw)


def unpack(body: bytes, topic: str) -> Snapshot:
    """Read a snapshot that came under a topic; `InvalidInput("published.malformed")`.

    Nothing is unpacked that says it were larger than a snapshot may be.
    """
    try:
        size = zstandard.frame_content_size(body)
        if not 0 <= size <= MOST_TEXT:
            raise InvalidInput(MALFORMED)
        unpacker = zstandard.ZstdDecompressor().decompressobj()
        raw = unpacker.decompress(body)
        whole = unpacker.eof and not unpacker.unused_data
        snapshot = msgspec.msgpack.decode(raw, type=Snapshot)
    except (zstandard.ZstdError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise InvalidInput(MALFORMED) from None
    if not whole or topic.partition(":")[0] != snapshot.kind:
        raise InvalidInput(MALFORMED)
    return snapshot
