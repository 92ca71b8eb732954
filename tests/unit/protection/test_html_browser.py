"""The page in a real browser, which knows nothing of us."""

import io
import os
from pathlib import Path

import pytest
from protection_chromium import Browser, browser, program

from meti_desk.protection import registry
from meti_desk.protection.base import Lock

pytestmark = pytest.mark.skipif(program() is None, reason="Chromium is not installed")

NAME = "会議 資料.docx"
LABEL = "C2;I2;A1\nr=複製禁止;only=%u007530中;embargo=2026-12-01"
TYPE = "document.getElementById('password').value = {0!r}; document.getElementById('open').click()"


def text(page: Browser, name: str) -> str:
    return str(page.run(f"document.getElementById({name!r}).innerText"))


def wait_for_text(page: Browser, name: str) -> str:
    return str(page.wait_for(f"document.getElementById({name!r}).textContent"))


def page_of(folder: Path, sources: list[tuple[str, bytes]], lock: Lock) -> Path:
    path = folder / "page.html"
    with path.open("w+b") as target:
        files = [(name, io.BytesIO(content)) for name, content in sources]
        registry.protect_many(files, target, lock, method_id="html", label=LABEL)
    return path


def test_the_right_password_gives_the_same_bytes(tmp_path: Path) -> None:
    sources = [(NAME, os.urandom(70_000)), ("folder/空.txt", b""), ("large.bin", b"7" * 3_000_000)]
    path = page_of(tmp_path, sources, Lock("日本語の鍵 1"))
    with browser(tmp_path) as page:
        page.show(path)
        assert (
            text(page, "label-text")
            == "機密性2・完全性2・可用性1・複製禁止・田中限り・2026-12-01まで公表禁止"
        )
        assert NAME not in str(page.run("document.documentElement.outerHTML"))
        page.run(TYPE.format("wrong"))
        assert wait_for_text(page, "error").startswith("開けませんでした。パスワードが違うか")
        assert page.run("document.activeElement.id") == "password"
        assert page.run("document.getElementById('list').children.length") == 0
        page.run(TYPE.format("日本語の鍵 １"))
        page.wait_for("document.getElementById('list').children.length")
        assert text(page, "error") == ""
        assert page.run("document.getElementById('password').value") == ""
        assert page.run("document.activeElement.id") == "files-title"
        for number, (name, content) in enumerate(sources):
            page.run(f"document.querySelectorAll('#list a')[{number}].click()")
            saved = page.download()
            assert saved.name == name.rpartition("/")[2]
            assert saved.read_bytes() == content
        said = {"Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled"}
        assert [one for one in page.events if one.get("method") in said] == []
        asked = [
            one["params"]["request"]["url"]
            for one in page.events
            if one.get("method") == "Network.requestWillBeSent"
        ]
        assert [url for url in asked if not url.startswith(("file:", "blob:"))] == []


def test_it_speaks_english_and_says_what_is_wrong(tmp_path: Path) -> None:
    path = page_of(tmp_path, [(NAME, b"content")], Lock("pass", rounds=1000))
    raw = path.read_bytes()
    at = raw.index(b'id="data">') + 40
    path.write_bytes(raw[:at] + (b"A" if raw[at : at + 1] != b"A" else b"B") + raw[at + 1 :])
    with browser(tmp_path) as page:
        page.show(path)
        assert page.run("document.documentElement.lang") == "ja"
        page.run("document.getElementById('language').click()")
        assert page.run("document.documentElement.lang") == "en"
        assert text(page, "open") == "Open"
        page.run("document.getElementById('open').click()")
        assert wait_for_text(page, "error") == "Type the password."
        page.run(TYPE.format("pass"))
        page.wait_for("document.getElementById('error').textContent.startsWith('It could not')")
        page.run("document.getElementById('language').click()")
        assert text(page, "error").startswith("開けませんでした。")
        assert page.run("document.getElementById('list').children.length") == 0


def test_nothing_runs_that_was_slipped_in(tmp_path: Path) -> None:
    path = page_of(tmp_path, [(NAME, b"content")], Lock("pass", rounds=1000))
    raw = path.read_bytes()
    evil = b"<script>window.evil = 1</script><img src='http://127.0.0.1:9/x' onerror='evil = 2'>"
    path.write_bytes(raw.replace(b"</main>", evil + b"</main>"))
    with browser(tmp_path) as page:
        page.show(path)
        assert page.run("typeof window.evil") == "undefined"
        page.run(TYPE.format("pass"))
        page.wait_for("document.getElementById('list').children.length")
        assert page.run("typeof window.evil") == "undefined"
