"""What a picture shows, as a digest: coded data, how it stands and its colours (rules)."""

import hashlib

from meti_desk.formats.image.data import Data
from meti_desk.formats.image.model import Picture


def digest(data: Data, picture: Picture) -> str:
    """Digest what a reader sees; neither a label nor removing metadata changes it.

    SHA-256 in hex over the kind of file, orientation, colour profile and the coded picture.
    """
    seen = hashlib.sha256()
    head = (
        f"{picture.variant}\0{picture.orientation}\0{hashlib.sha256(picture.profile).hexdigest()}"
    )
    seen.update(head.encode())
    for part in picture.seen:
        seen.update(f"\0{part.name}\0{part.hash(data)}".encode())
    return seen.hexdigest()
