"""What the protection tests share: files made on the spot."""

import io
import os
import random
import zipfile

FULL = os.environ.get("METI_DESK_FULL") == "1"


def package(payload: int = 3000, seed: int = 7) -> io.BytesIO:
    """Make the smallest thing that counts as an OOXML package, with a random payload."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<?xml version="1.0"?><Types '
            'xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        )
        archive.writestr("word/document.xml", random.Random(seed).randbytes(payload))
    return out
