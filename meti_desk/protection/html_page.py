"""The self-decrypting page: written from one template, and read back without running anything.

Script and style are allowed by their hash alone and nothing may be loaded from anywhere, so that
what a browser runs is what was shipped. That holds for a page that nobody altered: a page can not
vouch for itself, and docs say so. Our own reading takes the two data blocks and nothing else.
"""

import base64
import hashlib
import json
import re
from functools import lru_cache
from typing import BinaryIO

import msgspec

from meti_desk.data import read_text
from meti_desk.domain.errors import InvalidInput

GENERATOR = b'<meta name="generator" content="meti-desk protected page 1">'
MOST_PAGE = 40 << 20
"""Bytes of a page that are read at all: 20 MiB in base64 and the template."""
MOST_ROUNDS = 10_000_000
SALT, NONCE = 16, 12
_HEAD = re.compile(rb'<script type="application/json" id="head">([^<]*)</script>')
_DATA = re.compile(rb'<script type="text/plain" id="data">([A-Za-z0-9+/]*={0,2})</script>')
_LINE = 3 << 16


class PageHead(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the page shows and needs before it is opened; bound to the content as it is written."""

    iterations: int
    label: str
    nonce: str
    salt: str
    version: int = 1


class Page(msgspec.Struct, frozen=True):
    """A page that was read: its head, the head's bytes as they stand there, the encrypted rest."""

    head: PageHead
    about: bytes
    sealed: bytes

    def salt(self) -> bytes:
        """Give the salt of the password's key."""
        return _raw(self.head.salt, SALT)

    def nonce(self) -> bytes:
        """Give the nonce of the content."""
        return _raw(self.head.nonce, NONCE)


def written_head(label: str, rounds: int, salt: bytes, nonce: bytes) -> bytes:
    """Write the head, in ASCII and without a character that could end its block."""
    head = {
        "iterations": rounds,
        "label": label,
        "nonce": base64.b64encode(nonce).decode(),
        "salt": base64.b64encode(salt).decode(),
        "version": 1,
    }
    text = json.dumps(head, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").encode()


def write_page(target: BinaryIO, about: bytes, sealed: bytes) -> None:
    """Write a page around its head and its encrypted content."""
    before, between, after = load_template()
    target.write(before + about + between)
    for at in range(0, len(sealed), _LINE):
        line = base64.b64encode(sealed[at : at + _LINE])
        target.write(line)
    target.write(after)


def is_page(head: bytes) -> bool:
    """Tell whether a file begins as a page of ours."""
    return head.lstrip(b"\xef\xbb\xbf").startswith(b"<!DOCTYPE html>") and GENERATOR in head


def read_page(source: BinaryIO) -> Page:
    """Read a page; raises `document.damaged`, `document.too-large`, `open.kdf-too-costly`."""
    source.seek(0)
    raw = source.read(MOST_PAGE + 1)
    if len(raw) > MOST_PAGE:
        raise InvalidInput("document.too-large", limit=MOST_PAGE >> 20)
    heads, data = list(_HEAD.finditer(raw)), list(_DATA.finditer(raw))
    if len(heads) != 1 or len(data) != 1:
        raise _damaged()
    about = heads[0][1]
    try:
        head = msgspec.json.decode(about, type=PageHead)
        sealed = base64.b64decode(memoryview(raw)[slice(*data[0].span(1))], validate=True)
    except (msgspec.MsgspecError, ValueError):
        raise _damaged() from None
    if head.version != 1:
        raise InvalidInput("open.unsupported", what=f"html {head.version}")
    if not 1 <= head.iterations <= MOST_ROUNDS:
        raise InvalidInput("open.kdf-too-costly", count=head.iterations, limit=MOST_ROUNDS)
    return Page(head, about, sealed)


@lru_cache(maxsize=1)
def load_template() -> tuple[bytes, bytes, bytes]:
    """Give what stands before the head, between it and the data, and behind.

    Read once per process, before a worker is confined.
    """
    page, style, script = (
        read_text("resources", f"protected-page/page.{kind}") for kind in ("html", "css", "js")
    )
    policy = (
        f"default-src 'none'; script-src '{_allowed(script)}'; style-src '{_allowed(style)}'; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; "
        "trusted-types 'none'"
    )
    for name, text in (("policy", policy), ("style", style), ("script", script)):
        page = page.replace("{{" + name + "}}", text)
    before, _, rest = page.partition("{{head}}")
    between, _, after = rest.partition("{{data}}")
    return before.encode(), between.encode(), after.encode()


def _allowed(text: str) -> str:
    """Name a script or style by its hash, as a content security policy does."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _raw(text: str, length: int) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        raw = b""
    if len(raw) != length:
        raise _damaged()
    return raw


def _damaged() -> InvalidInput:
    return InvalidInput("document.damaged", what="page")
