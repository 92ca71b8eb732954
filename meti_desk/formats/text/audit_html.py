"""An independent look at a scrubbed page: read by libxml2, compared with what it showed before.

Shares no code with the removal, which cuts by patterns of its own.
"""

import base64
import binascii
import html
import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from lxml import etree

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.base import ScrubOrder

_SILENT = frozenset({"script", "style", "template", "xml"})
_ALLOWED_META = {"viewport", "robots", "color-scheme", "format-detection", "referrer"}
_ALLOWED_HTTP = {"content-type", "content-language", "x-ua-compatible", "refresh"}
_OFFICE = {"file-list", "edit-time-data", "ole-object-data", "themedata", "colorschememapping",
           "preview", "main-file", "dataset"}  # fmt: skip
_DISK = re.compile(
    r"file:|\b[a-z]:[\\/](?!/)|(?<![\w\\:/])\\\\[\w.-]+\\|(?<![\w/.])/(?:home|users)/\w",
    re.IGNORECASE,
)
_GROUPS = {"html.comment": "2", "html.path": "6", "html.hidden": "7", "html.tracking-picture": "7",
           "html.office-data": "8", "html.data-attribute": "8", "html.picture-metadata": "12",
           "html.meta": "15", "html.script": "3", "html.embedded-object": "3"}  # fmt: skip
_SEEN = ("href", "src", "alt", "title", "value", "placeholder", "colspan", "class", "id")


def audit_html(before: bytes, after: bytes, order: ScrubOrder) -> None:
    """Raise `InvalidInput`: `scrub.text-changed` (`what`), `scrub.left-behind` (`kind`)."""
    was, now = _Seen(_tree(before), order), _Seen(_tree(after), order)
    for kind in now.left():
        if kind not in order.keep and _GROUPS[kind] not in order.keep:
            raise InvalidInput("scrub.left-behind", kind=kind)
    if was.words() != now.words():
        raise InvalidInput("scrub.text-changed", what="text")
    if was.elements() != now.elements():
        raise InvalidInput("scrub.text-changed", what="elements")
    _compare_pictures(list(was.pictures()), list(now.pictures()), order)


def _tree(data: bytes) -> Any:
    codec = "latin-1"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        codec = "utf-16"
    elif b"\x1b$" in data or b"\x1b(" in data:
        codec = "iso2022_jp_ext"
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", " ", data.decode(codec, "replace"))
    text = re.sub(r"\A(?:\ufeff|ï»¿)?\s*<\?xml[^>]*>", "", text)
    parser = etree.HTMLParser(huge_tree=True, no_network=True, remove_comments=False)
    try:
        root = etree.fromstring(text or "<html/>", parser)
    except etree.XMLSyntaxError as bad:
        raise InvalidInput("scrub.left-behind", kind="document.damaged") from bad
    if any("depth" in one.message for one in parser.error_log):
        raise InvalidInput("scrub.left-behind", kind="document.damaged")
    return root if root is not None else etree.fromstring("<html/>", etree.HTMLParser())


class _Seen:
    """What a page shows and holds."""

    def __init__(self, root: Any, order: ScrubOrder) -> None:
        self._order = order
        self._all = list(root.iter())
        named = [one for one in self._all if isinstance(one.tag, str)]
        self._scripted = any(
            one.tag == "script" or any(str(key).lower().startswith("on") for key in one.attrib)
            for one in named
        )
        styles = " ".join("".join(one.itertext()) for one in named if one.tag == "style")
        inline = " ".join(str(one.get("style", "")) for one in named)
        shown_again = re.search(
            r"display\s*:\s*(?!none)[\w-]+\s*!\s*important", styles + inline, re.IGNORECASE
        )
        self._fixed = not self._scripted and shown_again is None
        self._root = root

    def _hidden(self, one: Any) -> bool:
        if not isinstance(one.tag, str):
            return True
        tag = one.tag.lower()
        if tag in _SILENT or (tag == "input" and one.get("type", "").strip().lower() == "hidden"):
            return True
        if tag in ("html", "body") or not self._fixed:
            return False
        style = str(one.get("style", ""))
        return (
            "hidden" in one.attrib
            or re.search(r"(?<![\w-])display\s*:\s*none", style, re.IGNORECASE) is not None
        )

    def _shown(self) -> Iterator[Any]:
        stack = [self._root]
        while stack:
            one = stack.pop()
            if self._hidden(one):
                continue
            yield one
            stack.extend(reversed(one))

    def words(self) -> str:
        """Give all text that is shown, without blanks."""
        out = []
        for one in self._shown():
            out.append(one.text or "")
            out += [child.tail or "" for child in one]
        # Text and tails come in another order than they stand in, the same for both pages.
        return "".join("".join(out).split())

    def elements(self) -> Counter[tuple[str, str, str]]:
        """Count what links to where, and what is said of pictures."""
        found: Counter[tuple[str, str, str]] = Counter()
        for one in self._shown():
            if _is_dot(one) or one.tag in ("link", "meta"):
                continue
            for key in _SEEN:
                value = str(one.get(key, ""))
                spoken = key in ("alt", "title", "value")
                if value and not _is_data(value) and (spoken or not _on_disk(value)):
                    found[(one.tag, key, value)] += 1
        return found

    def pictures(self) -> Iterator[bytes]:
        """Give the pictures that are written into the page."""
        for one in self._shown():
            for _, value in sorted(one.attrib.items()):
                yield from _coded(str(value))
        for one in self._all:
            if one.tag == "style":
                yield from _coded("".join(one.itertext()))

    def left(self) -> Iterator[str]:
        """Name what should have gone."""
        for one in self._all:
            if not isinstance(one.tag, str):
                yield "html.comment"
                continue
            yield from self._left_in_element(one)
            if one.tag == "style":
                css = re.sub(r"\"[^\"]*\"|'[^']*'", "", "".join(one.itertext()))
                if "/*" in css:
                    yield "html.comment"
            for key, value in one.attrib.items():
                yield from self._left_in_attribute(str(key).lower(), str(value))

    def _left_in_element(self, one: Any) -> Iterator[str]:
        tag = one.tag.lower()
        if tag == "xml" or (tag == "link" and one.get("rel", "").strip().lower() in _OFFICE):
            yield "html.office-data"
        elif tag == "meta":
            named, http = (one.get(k, "").strip().lower() for k in ("name", "http-equiv"))
            if (
                "charset" not in one.attrib
                and named not in _ALLOWED_META
                and http not in _ALLOWED_HTTP
            ):
                yield "html.meta"
        elif tag not in ("script", "style") and self._hidden(one):
            yield "html.hidden"
        if _is_dot(one):
            yield "html.tracking-picture"
        publish = self._order.purpose == "publish"
        if publish and tag == "script":
            yield "html.script"
        if publish and tag in ("object", "embed", "iframe", "applet"):
            yield "html.embedded-object"

    def _left_in_attribute(self, key: str, value: str) -> Iterator[str]:
        if key.startswith("data-") and not self._scripted:
            yield "html.data-attribute"
        if key.startswith(("x-apple-", "u1:", "v:", "o:")):
            yield "html.office-data"
        spoken = key in ("alt", "title", "value", "content") or key.startswith("on")
        script = value.strip().lower().startswith("javascript:")
        told = spoken or script or _is_data(value) or key.startswith("data-")
        if not told and _on_disk(value):
            yield "html.path"


def _on_disk(value: str) -> bool:
    return _DISK.search(unquote(html.unescape(value), "latin-1")) is not None


def _is_data(value: str) -> bool:
    return value.strip().lower().startswith("data:")


def _is_dot(one: Any) -> bool:
    if one.tag != "img" or not re.match(
        r"\s*(?:https?:)?//", str(one.get("src", "")), re.IGNORECASE
    ):
        return False
    return all(
        re.fullmatch(r"\s*[01](?:px)?\s*", str(one.get(k, "")), re.IGNORECASE)
        for k in ("width", "height")
    )


def _coded(value: str) -> Iterator[bytes]:
    for found in re.finditer(
        r"data:image/[\w.+-]+[^,]*;base64,([A-Za-z0-9+/=%]+)", value, re.IGNORECASE
    ):
        try:
            yield binascii.a2b_base64(unquote(found[1]).encode("ascii", "replace"))
        except binascii.Error:
            yield base64.b64encode(found[1].encode())


def _compare_pictures(was: list[bytes], now: list[bytes], order: ScrubOrder) -> None:
    from meti_desk.formats.registry import find

    if len(was) != len(now):
        raise InvalidInput("scrub.text-changed", what="pictures")
    for old, new in zip(was, now, strict=True):
        kept = {"html.picture-unchecked", "html.picture-refused", "12"} & set(order.keep)
        if not (kept and old == new):
            find(io.BytesIO(old)).family.verify_scrub(io.BytesIO(old), io.BytesIO(new), order)
