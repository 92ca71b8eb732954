"""Plain XML: comments, instructions and local document types go, the data stays."""

import io
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.formats.base import ScrubOrder
from meti_desk.formats.registry import find
from tests.formats.ooxml.planted import Planted
from tests.formats.planted.archives import zipped
from tests.formats.planted.scrubbing import findings, kinds, outcome, proven, scrubbed

CORPUS = os.environ.get("METI_DESK_CORPUS", "")
FULL = bool(os.environ.get("METI_DESK_FULL"))
HEAD = "<?xml version='1.0' encoding='UTF-8'?>\n"
TELLING = (
    HEAD
    + "<!-- 山田: LEAK1 --><?xml-stylesheet href='a.xsl' type='text/xsl'?>"
    + '<?editor LEAK2?><!DOCTYPE a SYSTEM "file:///C:/Users/yamada/LEAK3.dtd">\n'
    + "<a b='c > d'>見える<!-- LEAK4 -->文<![CDATA[<!-- SHOWN -->]]><?x LEAK5?>\n"
    + "<dc:creator xmlns:dc='http://purl.org/dc/elements/1.1/'>佐藤</dc:creator></a>"
    + "<!-- LEAK6 -->"
)


def test_what_is_not_data_goes_and_the_data_stays() -> None:
    data = TELLING.encode()
    clean = scrubbed(data)
    assert b"LEAK" not in clean
    assert "見える文<![CDATA[<!-- SHOWN -->]]>".encode() in clean
    assert b"xml-stylesheet" in clean
    assert clean.startswith(HEAD.encode())
    assert kinds(clean) == {"xml.person"}
    assert kinds(data) == {"xml.comment", "xml.instruction", "xml.doctype", "xml.person"}
    told = {one.kind: (one.value, one.removal) for one in findings(data)}
    assert told["xml.person"] == ("佐藤", "kept")


@pytest.mark.parametrize("coding", ["utf-8-sig", "utf-16", "shift_jis", "euc-jp"])
def test_every_coding_keeps_its_bytes(coding: str) -> None:
    name = coding.removesuffix("-sig")
    text = f"<?xml version='1.0' encoding='{name}'?><a>表示ソ<!-- 秘密 --><b c='能'/></a>"
    clean = scrubbed(text.encode(coding))
    assert clean == text.replace("<!-- 秘密 -->", "").encode(coding)


def test_paths_and_names_in_the_data_are_told_and_stay() -> None:
    data = f"{HEAD}<a f='C:\\\\Users\\\\yamada\\\\x.txt'><author>山田</author></a>".encode()
    assert kinds(data) == {"xml.path", "xml.person"}
    assert scrubbed(data, "publish") == data


def test_what_a_person_keeps_stays() -> None:
    data = f"{HEAD}<a><!-- 注 --></a>".encode()
    assert scrubbed(data, "provide", "xml.comment") == data


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<!DOCTYPE a [<!ENTITY e 'seen'>]><a>&e;</a>", "scrub.blocked"),
        ("<w:d xmlns:w='http://schemas.microsoft.com/office/word/2003/wordml'/>", ""),
        ("<x:xmpmeta xmlns:x='adobe:ns:meta/'/>", ""),
        ("<a><!-- open", "document.damaged"),
        ("<a b='<'></a>", "document.damaged"),
        ("<a></b>", "document.damaged"),
        ("<!DOCTYPE a SYSTEM 'x'", "document.damaged"),
    ],
)
def test_what_cannot_be_told_apart_is_refused(text: str, code: str) -> None:
    assert outcome((HEAD + text).encode()) == (code or "scrub.unsupported-format")


def test_xml_in_a_zip_is_cleaned() -> None:
    p = Planted()
    clean = scrubbed(zipped(p, {"a.xml": TELLING.encode()}))
    assert b"LEAK" not in clean
    assert not any(one.kind == "zip.member-unsupported" for one in findings(clean))


def test_the_auditor_sees_what_a_removal_missed_or_changed() -> None:
    before = f"{HEAD}<a>見<!-- 注 -->る</a>".encode()
    with pytest.raises(InvalidInput, match="left-behind"):
        proven(before, before)
    with pytest.raises(InvalidInput, match="text-changed"):
        proven(before, f"{HEAD}<a>見た</a>".encode())
    with pytest.raises(InvalidInput, match="left-behind"):
        proven(before, f"{HEAD}<a>見る</a><?x y?>".encode())


NAMES = st.sampled_from(["a", "b", "x:c"])
INSIDE = st.text(st.sampled_from("あa ]>-?'\""), max_size=8)


@st.composite
def trees(draw: st.DrawFn, depth: int = 2) -> str:
    name = draw(st.sampled_from(["a", "b", "creator"]))
    parts = []
    for _ in range(draw(st.integers(0, 4))):
        kind = draw(st.integers(0, 4 if depth else 3))
        text = draw(INSIDE)
        if kind == 0:
            parts.append(f"<!--{text.replace('-', ' ')}-->")
        elif kind == 1:
            parts.append(f"<?pi {text.replace('?', ' ')}?>")
        elif kind == 2:
            parts.append(f"<![CDATA[{text.replace(']', ' ')}]]>")
        elif kind == 3:
            parts.append(text.replace("]", "").replace(">", "&gt;"))
        else:
            parts.append(draw(trees(depth=depth - 1)))
    value = draw(INSIDE).replace('"', "&quot;")
    return f'<{name} k="{value}">{"".join(parts)}</{name}>'


@settings(derandomize=True, max_examples=2000 if FULL else 150, deadline=None)
@given(trees())
def test_any_well_formed_xml_is_cleaned_and_proven(text: str) -> None:
    data = (HEAD + text).encode()
    etree.fromstring(data)
    clean = scrubbed(data)
    assert b"<!--" not in clean.replace(b"<![CDATA[", b"")
    assert b"<?pi" not in clean


@pytest.mark.skipif(not CORPUS, reason="METI_DESK_CORPUS is not set")
def test_real_xml_is_cleaned_or_refused_by_a_code() -> None:
    seen = 0
    for path in sorted(Path(CORPUS).rglob("*.xml")):
        data = path.read_bytes()
        if find(io.BytesIO(data)).variant != "xml":
            continue
        assert outcome(data) in ("", "scrub.blocked", "scrub.unsupported-format",
                                 "document.damaged")  # fmt: skip
        seen += 1
    if not seen:
        pytest.skip("no XML among the real files")


def test_codings_in_which_signs_are_parts_of_letters_are_refused() -> None:
    text = "<?xml version='1.0' encoding='ISO-2022-JP'?><a>日本</a>"
    with pytest.raises(RuleViolation):
        find(io.BytesIO(text.encode("iso2022_jp"))).family.scrub(
            io.BytesIO(text.encode("iso2022_jp")), io.BytesIO(), ScrubOrder()
        )


@pytest.mark.parametrize("coding", ["utf-8-sig", "utf-16"])
def test_a_page_with_a_byte_order_mark_is_a_page(coding: str) -> None:
    page = "<!DOCTYPE html><html><head><title>題</title></head><body>文<!-- 秘密 --></body></html>"
    data = page.encode(coding)
    assert find(io.BytesIO(data)).variant == "html"
    clean = scrubbed(data)
    assert "秘密".encode(coding)[-4:] not in clean
    assert "文" in clean.decode(coding)
