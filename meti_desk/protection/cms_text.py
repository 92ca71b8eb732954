"""Envelopes written as text: PEM, and S/MIME as `openssl cms` and mail programs write it."""

import base64
import io
import re
from typing import BinaryIO

from meti_desk.domain.errors import InvalidInput
from meti_desk.protection.der import damaged

MOST_BYTES = 96 << 20
"""A larger envelope comes as it is and not as text; this one is decoded in memory."""

_PEM = re.compile(rb"-----BEGIN (CMS|PKCS7)-----\r?\n(.*)\r?\n-----END \1-----\s*\Z", re.DOTALL)
_BEGIN = (b"-----BEGIN CMS-----", b"-----BEGIN PKCS7-----")
_KIND = re.compile(rb"^content-type:\s*application/(x-)?pkcs7-mime\b", re.IGNORECASE | re.MULTILINE)
_BASE64 = re.compile(rb"^content-transfer-encoding:\s*base64\s*$", re.IGNORECASE | re.MULTILINE)
_BLANK = re.compile(rb"\r?\n\r?\n")
_SPACE = bytes(range(33))


def is_text(start: bytes) -> bool:
    """Tell by the first bytes whether a file may be an envelope written as text."""
    if start.startswith(_BEGIN):
        return True
    header = _BLANK.split(start, maxsplit=1)[0]
    return _KIND.search(header) is not None and _BASE64.search(header) is not None


def plain(source: BinaryIO) -> BinaryIO:
    """Give the envelope itself: the same file, or what the text in it decodes to.

    Raises `InvalidInput`: `document.damaged`, `document.too-large`.
    """
    source.seek(0)
    if not is_text(source.read(4096)):
        return source
    if source.seek(0, 2) > MOST_BYTES:
        raise InvalidInput("document.too-large", limit=MOST_BYTES)
    source.seek(0)
    text = source.read()
    if text.startswith(_BEGIN):
        found = _PEM.match(text)
        if found is None:
            raise damaged("PEM")
        body = found[2]
    else:
        body = _BLANK.split(text, maxsplit=1)[-1]
    try:
        return io.BytesIO(base64.b64decode(body.translate(None, _SPACE), validate=True))
    except ValueError:
        raise damaged("base64") from None
