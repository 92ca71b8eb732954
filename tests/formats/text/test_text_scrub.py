"""Texts, pages and RTF: what is hidden goes or is told, what is seen stays (Art. 14-7)."""

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meti_desk.domain.errors import InvalidInput, MetiDeskError, RuleViolation
from meti_desk.formats.base import ScrubOrder
from meti_desk.formats.text.kinds import HTML_KINDS, RTF_KINDS
from meti_desk.wording import wording
from tests.formats.ooxml.planted import Planted
from tests.formats.planted.archives import leaks, shown
from tests.formats.planted.mail import page, rtf
from tests.formats.planted.scrubbing import (
    ends_well,
    findings,
    kinds,
    outcome,
    proven,
    scrubbed,
    scrubbed_with_report,
)

CORPUS = os.environ.get("METI_DESK_CORPUS")
BUILDERS: dict[str, Callable[[Planted], bytes]] = {"html": page, "rtf": rtf}


@pytest.mark.parametrize("name", BUILDERS)
def test_every_planted_string_goes_and_every_visible_one_stays(name: str) -> None:
    p = Planted()
    data = BUILDERS[name](p)
    result = scrubbed(data)
    assert len(p.leaks) - len(leaks(data)) <= 2  # some are written in other ways
    assert leaks(result) == set()
    assert shown(result) == {one.encode() for one in p.visible}
    with pytest.raises(RuleViolation, match=rf"scrub\.blocked.*{name}\.hidden"):
        scrubbed(data, "publish")
    open_to_all = scrubbed(data, "publish", f"{name}.hidden", f"{name}.hidden-text")
    assert shown(open_to_all) == {one.encode() for one in p.visible}


@pytest.mark.parametrize("name", BUILDERS)
def test_the_auditor_finds_what_was_not_removed_and_what_was_changed(name: str) -> None:
    data = BUILDERS[name](Planted())
    with pytest.raises(InvalidInput, match=r"scrub\.left-behind"):
        proven(data, data)
    clean = scrubbed(data)
    proven(data, clean)
    with pytest.raises(InvalidInput, match=r"scrub\.text-changed"):
        proven(data, clean.replace(b"SHOWN002X", b"OTHER", 1))


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_kind_has_its_words(language: str) -> None:
    words = wording(language)
    assert all(words.knows(f"finding.{kind}") for kind in (*HTML_KINDS, *RTF_KINDS))


@pytest.mark.parametrize(
    "data",
    [
        "氏名,金額\r\n山田,100\r\n".encode("cp932"),
        "\ufeff氏名,金額\r\n".encode(),
        "氏名".encode("utf-16"),
        "本文".encode("iso2022_jp"),
        "👨\u200d👩\u200d👧 نمی\u200cخواهم 葛\U000e0100".encode(),
        b'{"a": 1}\n',
        b"# title\n<!-- seen as it is -->\n",
    ],
)
def test_a_text_with_nothing_hidden_is_copied_byte_for_byte(data: bytes) -> None:
    assert scrubbed(data) == data
    assert scrubbed(data, "publish") == data
    assert findings(data) == ()


@pytest.mark.parametrize("text", ["a\u200bb", "a\u202eb", "x\ufeffy", "a\u00adb", "k\U000e0041"])
def test_what_cannot_be_seen_is_told_and_not_published(text: str) -> None:
    assert kinds(text.encode()) == {"text.invisible-characters"}
    assert scrubbed(text.encode()) == text.encode()
    with pytest.raises(RuleViolation, match=r"scrub\.blocked.*text\.invisible"):
        scrubbed(text.encode(), "publish")
    assert scrubbed(text.encode(), "publish", "text.invisible-characters") == text.encode()


def test_what_steers_a_terminal_or_stands_unseen_in_a_page_is_told() -> None:
    hiding = b"seen \x1b[8m unseen \x1b[0m\n"
    assert kinds(hiding) == {"text.control-characters"}
    assert outcome(hiding, "publish") == "scrub.blocked"
    assert scrubbed(hiding) == hiding
    assert "text.invisible-characters" in kinds(html("a\u202eb"))


def test_zeros_behind_the_end_go() -> None:
    text = b"line\n" * 1000
    assert scrubbed(text + bytes(5000)) == text
    with pytest.raises(InvalidInput, match=r"text\.trailing"):
        proven(text + bytes(5000), text + bytes(5000))


def html(body: str) -> bytes:
    return f"<!DOCTYPE html><html><body>{body}</body></html>".encode()


def test_what_a_script_or_a_style_may_show_again_stays_and_is_told() -> None:
    for body in (
        "<script>show()</script><div style='display:none' data-x=1>later</div>",
        "<style>.m {display:block !important}</style><p style='display:none'>later</p>",
        "<div style='font-size:0'><p style='font-size:12px'>seen</p></div>",
    ):
        assert scrubbed(html(body)) == html(body)
        assert "html.hidden-style" in kinds(html(body))
        with pytest.raises(RuleViolation, match=r"scrub\.blocked"):
            scrubbed(html(body), "publish")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<div hidden>never closed", "html.hidden-open"),
        ("<a href='data:text/html;base64,AAAA'>x</a>", "html.picture-unchecked"),
        ("<img src='data:image/x-odd;base64,AAAA'>", "html.picture-unchecked"),
    ],
)
def test_what_is_not_proven_blocks(body: str, kind: str) -> None:
    with pytest.raises(RuleViolation, match=rf"scrub\.blocked.*{kind}"):
        scrubbed(html(body))


def test_a_page_in_shift_jis_keeps_every_letter() -> None:
    body = "<!-- 秘 --><p title='表示'>ソ能表予十申貼</p>"
    data = b"<html><meta charset=shift_jis>" + body.encode("cp932")
    result = scrubbed(data, "publish")
    assert result == b"<html><meta charset=shift_jis>" + body[10:].encode("cp932")


def test_changes_are_accepted_or_the_file_is_refused() -> None:
    data = b"{\\rtf1 a{\\deleted b}{\\revised c}}"
    assert b"b" not in scrubbed(data).partition(b"rtf1")[2]
    for choice in ("reject", "refuse"):
        with pytest.raises(RuleViolation, match=r"scrub\.blocked.*rtf\.revision"):
            scrubbed_with_report(data, ScrubOrder("provide", (), choice))  # type: ignore[arg-type]


def test_words_of_rtf_are_not_glued_together() -> None:
    data = b"{\\rtf1\\b\\insrsid12 text\\i{\\*\\rsidtbl 1} more}"
    assert scrubbed(data) == b"{\\rtf1\\b text\\i  more}"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"{\\rtf1 {\\object\\objemb{\\*\\objdata 00}}}", r"rtf\.embedded-alone"),
        (b"{\\rtf1 {\\pict\\pngblip 0011}}", r"rtf\.picture-refused"),
        (b"{\\rtf1 {open", r"document\.damaged"),
    ],
)
def test_rtf_that_cannot_be_proven_is_refused(data: bytes, what: str) -> None:
    with pytest.raises(MetiDeskError, match=what):
        scrubbed(data)


@settings(derandomize=True, max_examples=80, deadline=None)
@given(st.sampled_from(sorted(BUILDERS)), st.integers(0, 3_000), st.binary(min_size=1, max_size=5))
def test_damage_ends_in_a_scrub_or_a_code(name: str, at: int, bad: bytes) -> None:
    data = BUILDERS[name](Planted())
    broken = data[:at] + bad + data[at + len(bad) :]
    assert ends_well(broken)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_copied_or_blocked(text: str) -> None:
    data = text.encode("utf-8", "ignore")
    if not data or b"\0" in data or data.startswith((b"PK", b"{\\rtf", b"BM", b"MZ", b"GIF")):
        return
    whole = "文".encode() + data
    assert outcome(whole) == "scrub.unsupported-format" or scrubbed(whole) == whole


@pytest.mark.parametrize("piece", ["<!", "<a ", "<div hidden>", "<p style='", "<!--", "{", '="'])
def test_no_page_is_slow_because_of_how_it_is_built(piece: str) -> None:
    data = html(piece * (200_000 // len(piece)))
    assert ends_well(data)


@pytest.mark.skipif(CORPUS is None, reason="METI_DESK_CORPUS is not set")
def test_real_texts_are_scrubbed_and_show_the_same() -> None:
    found = [
        path for path in Path(str(CORPUS)).rglob("*")
        if path.suffix in (".rtf", ".txt", ".html", ".htm", ".csv")
    ]  # fmt: skip
    for path in random.Random(4).sample(sorted(found), min(len(found), 20)):
        for purpose in ("provide", "publish"):
            data = path.read_bytes()
            told = outcome(data, purpose)
            assert told in {"", "scrub.blocked", "document.damaged"}, path
            left = findings(scrubbed(data, purpose)) if not told else ()
            assert {one.kind for one in left if one.severity == "high"} == set()
