import base64
import hashlib
import io
import json
import os
import re
from html.parser import HTMLParser

import pytest

from meti_desk.domain.errors import InvalidInput
from meti_desk.protection import registry
from meti_desk.protection.base import Key, Lock, Member
from meti_desk.protection.html_method import LARGEST
from meti_desk.protection.html_page import MOST_PAGE, MOST_ROUNDS, read_page

HTML = registry.HTML
NAME = "会議 資料.docx"
LABEL = "C2;I2;A1\nonly=経済 </script> 太郎"
QUICK = Lock("pass", rounds=10)


def code_of(action: object, *arguments: object, **named: object) -> str:
    with pytest.raises(InvalidInput) as refused:
        action(*arguments, **named)  # type: ignore[operator]
    return refused.value.code


def made(content: bytes, lock: Lock = QUICK, *, label: str = LABEL) -> io.BytesIO:
    out = io.BytesIO()
    registry.protect("html", io.BytesIO(content), out, lock, name=NAME, label=label)
    return out


def opened(source: io.BytesIO, password: str = "pass") -> bytes:
    out = io.BytesIO()
    registry.open_any(source, out, Key(password))
    return out.getvalue()


@pytest.mark.parametrize("size", [0, 1, 2, 3, 100_000, 196_607, 196_608, 196_609])
def test_round_trip(size: int) -> None:
    content = os.urandom(size)
    out = made(content)
    assert opened(out) == content
    assert registry.contents(out, Key("pass")) == (Member(NAME, size, LABEL),)
    found = registry.detect(out)
    assert found is not None
    assert found.method == "html"
    assert registry.listed(found)


def test_several_files() -> None:
    sources = [("a.txt", b"one"), ("b/空.txt", b""), ("c", os.urandom(5000))]
    out, together = io.BytesIO(), io.BytesIO()
    registry.protect_many(
        [(name, io.BytesIO(content)) for name, content in sources], out, QUICK, method_id="html"
    )
    members = registry.open_all(out, together, Key("pass"))
    assert [(member.name, member.size) for member in members] == [(n, len(c)) for n, c in sources]
    assert together.getvalue() == b"".join(content for _, content in sources)


def test_a_new_page_takes_the_full_number_of_rounds() -> None:
    assert read_page(made(b"", Lock("pass"))).head.iterations == 600_000


class Reader(HTMLParser):
    """Collects what a page refers to and what it says."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.blocks: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Note what stands in a script or style."""
        if self.cdata_elem:
            self.blocks.append(data)


def parsed(raw: bytes) -> Reader:
    reader = Reader()
    reader.feed(raw.decode())
    return reader


def test_the_page_loads_nothing_and_runs_what_was_shipped() -> None:
    page = parsed(made(b"content").getvalue())
    for tag, attributes in page.tags:
        assert tag not in {"link", "img", "iframe", "object", "embed", "base"}
        outside = {"src", "href", "action", "style", "srcset", "data"}
        assert not outside & attributes.keys(), tag
        assert not [name for name in attributes if name.startswith("on")], tag
    (policy,) = (
        attributes["content"] or ""
        for tag, attributes in page.tags
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    for kind, block in (("style", page.blocks[0]), ("script", page.blocks[-1])):
        digest = base64.b64encode(hashlib.sha256(block.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
        assert "http" not in block
        assert "url(" not in block


def test_every_text_stands_there_in_both_languages() -> None:
    raw = made(b"").getvalue().decode()
    page = parsed(raw.encode())
    both = [attributes for _, attributes in page.tags if "data-ja" in attributes]
    assert len(both) >= 8
    assert all(attributes.get("data-en") for attributes in both)
    script = page.blocks[-1]
    words = {
        language: set(re.findall(r"^      (\w+):", block, re.MULTILINE))
        for language, block in re.findall(
            r"^    (ja|en): \{\n(.*?)\n    \},$", script, re.MULTILINE | re.DOTALL
        )
    }
    assert words["ja"] == words["en"]
    assert len(words["ja"]) >= 8


def test_fields_have_labels() -> None:
    page = parsed(made(b"").getvalue())
    named = {attributes.get("for") for tag, attributes in page.tags if tag == "label"}
    fields = {attributes.get("id") for tag, attributes in page.tags if tag == "input"}
    assert fields == named == {"password", "show"}
    assert any(attributes.get("aria-live") == "assertive" for _, attributes in page.tags)


def test_the_label_shows_and_the_name_does_not() -> None:
    raw = made(b"confidential " * 9).getvalue()
    assert json.loads(parsed(raw).blocks[1])["label"] == LABEL
    assert b"</script> \\u" not in raw
    for word in (NAME, "docx", "confidential"):
        assert word.encode() not in raw
        assert json.dumps(word)[1:-1].encode() not in raw


def test_what_is_too_large_is_refused() -> None:
    target = io.BytesIO()
    large = io.BytesIO(bytes(LARGEST + 1))
    assert code_of(HTML.protect, large, target, QUICK, name="a") == "protect.too-large"
    assert target.getvalue() == b""
    assert not HTML.suits("", LARGEST + 1)
    assert HTML.suits("", LARGEST)
    assert code_of(read_page, io.BytesIO(bytes(MOST_PAGE + 1))) == "document.too-large"


def test_it_takes_no_certificates() -> None:
    lock = Lock("pass", (b"certificate",), 10)
    assert code_of(made, b"x", lock) == "protect.no-certificates"


def test_a_wrong_password_is_named_and_leaves_nothing() -> None:
    target = io.BytesIO()
    assert code_of(HTML.open, made(b"secret"), target, Key("no")) == "open.wrong-password"
    assert target.getvalue() == b""


def changed(raw: bytes, **head: object) -> io.BytesIO:
    found = re.search(rb'id="head">(.*?)</script>', raw)
    assert found is not None
    held = json.loads(found[1]) | head
    text = json.dumps(held, separators=(",", ":")).replace("<", "\\u003c").replace(">", "\\u003e")
    return io.BytesIO(raw[: found.start(1)] + text.encode() + raw[found.end(1) :])


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ({"label": "C1;I1;A1"}, "open.wrong-password"),
        ({"iterations": 9}, "open.wrong-password"),
        ({"iterations": 0}, "open.kdf-too-costly"),
        ({"iterations": MOST_ROUNDS + 1}, "open.kdf-too-costly"),
        ({"version": 2}, "open.unsupported"),
        ({"nonce": "AAAA"}, "document.damaged"),
        ({"salt": "*"}, "document.damaged"),
        ({"more": 1}, "document.damaged"),
        ({"label": 7}, "document.damaged"),
    ],
)
def test_a_changed_head_does_not_open(head: dict[str, object], code: str) -> None:
    raw = made(b"x").getvalue()
    assert opened(changed(raw)) == b"x"
    assert code_of(opened, changed(raw, **head)) == code


def test_two_blocks_of_data_are_refused() -> None:
    raw = made(b"x").getvalue()
    block = re.search(rb'<script type="text/plain".*?</script>', raw)
    assert block is not None
    doubled = io.BytesIO(raw.replace(block[0], block[0] * 2))
    assert code_of(opened, doubled) == "document.damaged"
    missing = io.BytesIO(raw.replace(block[0], b""))
    assert code_of(opened, missing) == "document.damaged"


def test_another_page_is_not_ours() -> None:
    page = io.BytesIO(b"<!DOCTYPE html><html><body>x</body></html>")
    assert registry.detect(page) is None
    assert code_of(opened, page) == "open.not-protected"
