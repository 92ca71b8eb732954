"""What a picture shows, as a digest: coded data, how it stands and its colours (rules)."""

import hashlib

from meti_desk.formats.image.data import Data
from meti_desk.formats.image.model import Picture
from meti_desk.formats.image.profile import without_device


def digests(data: Data, picture: Picture) -> tuple[str, tuple[str, ...]]:
    """Digest what a reader sees; neither a label nor removing metadata changes it.

    SHA-256 in hex over the kind of file, orientation, colour profile and the coded picture. What
    the profile tells of a device does not count; the second value has the digest that counted it,
    where there is a difference (decision 020).
    """
    plain = without_device(picture.profile)
    now = _digest(data, picture, plain, leaves_out=True)
    before = _digest(data, picture, picture.profile) if _tells(picture, plain) else now
    return now, () if before == now else (before,)


def _tells(picture: Picture, plain: bytes) -> bool:
    return plain != picture.profile or any(part.plain for part in picture.seen)


def _digest(data: Data, picture: Picture, profile: bytes, *, leaves_out: bool = False) -> str:
    seen = hashlib.sha256()
    head = f"{picture.variant}\0{picture.orientation}\0{hashlib.sha256(profile).hexdigest()}"
    seen.update(head.encode())
    for part in picture.seen:
        seen.update(f"\0{part.name}\0{part.hash(data, plain=leaves_out)}".encode())
    return seen.hexdigest()
