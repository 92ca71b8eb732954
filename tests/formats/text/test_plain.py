import hashlib
import io
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meti_desk.domain.errors import RuleViolation
from meti_desk.formats.base import Inspection, LabelOrder, ScrubOrder, Wants
from meti_desk.formats.inspecting import inspect
from meti_desk.formats.registry import find
from meti_desk.formats.text.encoding import decode
from meti_desk.formats.text.html import read as read_html
from meti_desk.formats.text.plain import PLAIN
from meti_desk.formats.text.rtf import joined
from meti_desk.formats.text.rtf import read as read_rtf

CORPUS = os.environ.get("METI_DESK_CORPUS")
JAPANESE = "機密性２情報（複製禁止）\n\n入札の予定価格は、次のとおりとする。ｱｲｳ\n"


def seen(data: bytes, name: str = "") -> Inspection:
    return inspect(io.BytesIO(data), None, Wants(text=True, name=name))


def text_of(data: bytes) -> str:
    return "\n".join(one.text for one in seen(data).text)


@pytest.mark.parametrize(
    "codec",
    [
        *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"),
        *("cp932", "euc_jp", "iso2022_jp_ext"),
    ],
)
def test_text_is_read_in_every_usual_encoding(codec: str) -> None:
    assert decode(JAPANESE.encode(codec)) == JAPANESE
    if codec not in ("utf-16-le", "utf-16-be", "utf-32"):
        found = seen(JAPANESE.encode(codec))
        assert found.format == "txt"
        assert [(one.place, one.text) for one in found.marks] == [
            ("top", "機密性２情報（複製禁止）")
        ]


@pytest.mark.parametrize(
    ("data", "declared", "text"),
    [
        (b"caf\xe9 au lait", "iso-8859-1", "café au lait"),
        (b"caf\xe9 au lait", "", "café au lait"),
        ("日本語".encode("cp932"), "utf-8", "日本語"),
        ("日本".encode("cp932"), "no-such-charset", "日本"),
        (b"abc", "rot13", "abc"),
        (b"abc", "idna", "abc"),
        (b"abc", "raw_unicode_escape", "abc"),
        ("①②㈱".encode("cp932"), "Shift_JIS", "①②㈱"),
        (b"", "", ""),
        ("本文".encode() * 50 + b"\xff", "", "本文" * 50 + "\ufffd"),
    ],
)
def test_what_is_declared_is_believed_where_the_bytes_agree(
    data: bytes, declared: str, text: str
) -> None:
    assert decode(data, declared) == text


@settings(derandomize=True, max_examples=200)
@given(st.binary(max_size=300), st.sampled_from(["", "utf-8", "Shift_JIS", "zip", "hex", "utf-16"]))
def test_decoding_never_fails(data: bytes, declared: str) -> None:
    assert isinstance(decode(data, declared), str)


def test_a_character_cut_off_at_the_end_is_left_out() -> None:
    data = JAPANESE.encode() * 3
    for cut in (1, 2):
        assert decode(data[:-1][:-cut]) == decode(data[:-1]).rstrip()[:-1]


def test_only_the_beginning_of_a_text_holds_marks() -> None:
    lines = [f"{number} 行目の文章です。" for number in range(20)]
    assert seen("\n".join([*lines, "機密性3情報"]).encode()).marks == ()
    assert (
        seen("\n".join(["　【機密性3情報】", *lines]).encode()).marks[0].text == "【機密性3情報】"
    )
    assert seen(b"a," + "機密性2情報".encode() + b"\n1,2\n").marks[0].place == "top"
    long = "機密性2情報という言葉は、" + "この基準の中で何度も使われている。" * 10
    assert seen(long.encode()).marks == ()


def test_a_page_is_read_as_it_is_seen() -> None:
    page = (
        '<!DOCTYPE html><html><head><meta charset="Shift_JIS"><title>極秘</title>'
        "<style>p{color:red}</style></head><body><!-- 見えない --><h1>見出し</h1>"
        "<p>一 &amp; 二<br>三</p><script>var x = '機密性3情報'</script><td>甲<td>乙</body>"
    )
    found = seen(page.encode("cp932"))
    assert found.format == "html"
    assert [(one.place, one.text) for one in found.marks] == [("property", "極秘")]
    assert [one.text for one in found.text] == ["極秘", "見出し\n一 & 二\n三\n甲 乙"]
    assert read_html("<p>a<script>b") == ("", "a")


def test_markup_is_read_without_its_tags() -> None:
    data = (
        '<?xml version="1.0" encoding="EUC-JP"?><a><!-- x --><b c="d">機密性2情報</b>'
        "<![CDATA[<甲>]]>&lt;乙&gt;</a>"
    )
    found = seen(data.encode("euc_jp"))
    assert found.format == "xml"
    assert [one.text for one in found.marks] == ["機密性2情報"]
    assert found.text[0].text == "機密性2情報\n<甲>\n<乙>"


RTF = rb"""{\rtf1\ansi\ansicpg932\deff0
{\fonttbl{\f0\fcharset128 \'82\'6c\'82\'72;}{\f1\fcharset0 Arial;}}
{\colortbl;\red0\green0\blue0;}{\info{\upr{\title ?}{\*\ud{\title \u26989?\'3f}}}{\author me}}
{\header \pard\f0 \'8b\'40\'96\'a7\'90\'ab2\'8f\'ee\'95\'f1\par}{\*\unknown hidden}
\pard\f0 \'96\'7b\'95\'b6 \{a\}\par\f1 caf\'e9 \uc1\u-10179?\u-8704?\line
{\field{\*\fldinst HYPERLINK x}{\fldrslt link}}
{\pict\bin4 }}{{}\par end}"""  # fmt: skip


def test_rtf_is_read_with_its_headers_and_properties() -> None:
    found = seen(RTF)
    assert found.format == "rtf"
    assert {one.place: one.text.strip() for one in found.text} == {
        "title": "業?",
        "header": "機密性2情報",
        "body": "本文 {a}\ncafé 😀\nlink\n\nend".replace("\n\n", "\n"),
    }
    assert ("header", "機密性2情報") in [(one.place, one.text) for one in found.marks]


@settings(derandomize=True, max_examples=200)
@given(
    st.lists(
        st.sampled_from(
            [rb"\par", rb"\'8b", rb"\u-5", rb"{", rb"}", rb"\bin99999", rb"\*", rb"\f1", rb"\uc9",
             rb"text", b"\\", rb"\ansicpg99999", b"\xff", rb"\header"]
        ), max_size=40,
    )
)  # fmt: skip
def test_no_rtf_brings_it_down(tokens: list[bytes]) -> None:
    assert isinstance(joined(read_rtf(b"{\\rtf1" + b" ".join(tokens)).text("body")), str)


def test_texts_carry_no_label_and_their_digest_is_that_of_their_bytes() -> None:
    data = JAPANESE.encode()
    assert seen(data).digest == hashlib.sha256(data).hexdigest()
    assert (seen(data).embeds, seen(data).markable) == (False, False)
    source = io.BytesIO(data)
    with pytest.raises(RuleViolation, match=r"format\.not-embeddable"):
        PLAIN.write_label(source, io.BytesIO(), LabelOrder({}))
    with pytest.raises(RuleViolation, match=r"format\.not-embeddable"):
        PLAIN.verify_label(source, io.BytesIO(), LabelOrder({}))
    drawing = io.BytesIO(b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>")
    with pytest.raises(RuleViolation, match=r"scrub\.unsupported-format"):
        PLAIN.scrub(drawing, io.BytesIO(), ScrubOrder())
    with pytest.raises(RuleViolation, match=r"scrub\.unsupported-format"):
        PLAIN.verify_scrub(drawing, io.BytesIO(), ScrubOrder())


def test_what_is_no_text_goes_on() -> None:
    for data in (b"", b"\x00\x01", b"-----BEGIN CERTIFICATE-----\n", b"\x01\x02abc"):
        assert find(io.BytesIO(data)).family.id == "other"


@pytest.mark.skipif(CORPUS is None, reason="METI_DESK_CORPUS is not set")
def test_real_texts_are_read() -> None:
    paths = [p for p in Path(CORPUS or "").rglob("*") if p.suffix in (".txt", ".rtf", ".svg")]
    assert len(paths) > 20
    for path in paths:
        found = seen(path.read_bytes(), path.name)
        assert found.digest, path
        assert found.format in {"txt", "rtf", "svg", "xml"}, path
        assert all("\ufffd" not in one.text for one in found.text), path
    assert "AFFERO" in text_of(next(p for p in paths if p.name == "license.rtf").read_bytes())


@pytest.mark.parametrize("piece", ["<", "<!", "<!--", "<a b='", "</", "<script>", "&#", "<a "])
@pytest.mark.timeout(20)
def test_no_page_is_slow_because_of_how_it_is_built(piece: str) -> None:
    assert seen(b"<html>" + piece.encode() * (400_000 // len(piece))).format == "html"


def test_tags_are_read_as_browsers_read_them() -> None:
    page = '<p title="a > b">一<p title=it\'s>二</p><P\nclass=x>三</P>1 < 2<br/>四<a href="x>五</a>'
    assert read_html(page).text == "一\n二\n三\n1 < 2\n四五"
