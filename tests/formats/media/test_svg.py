"""Scrubbed drawings: planted strings are gone, what is drawn stays, twice is once."""

import base64
import io
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest

from meti_desk.domain.errors import InvalidInput, MetiDeskError
from meti_desk.formats.base import Finding, Purpose, ScrubOrder, ScrubReport, Wants
from meti_desk.formats.media.svg import DRAWINGS
from meti_desk.formats.registry import find
from tests.formats.planted.media import svg
from tests.formats.planted.pictures import Planted

PURPOSES: tuple[Purpose, ...] = ("provide", "publish")
HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'


def drawing(inside: str, head: str = HEAD) -> bytes:
    return f"{head}{inside}</svg>".encode()


def scrubbed_with_report(data: bytes, order: ScrubOrder) -> tuple[bytes, ScrubReport]:
    source, target = io.BytesIO(data), io.BytesIO()
    report = DRAWINGS.scrub(source, target, order)
    DRAWINGS.verify_scrub(source, target, order)
    return target.getvalue(), report


def scrubbed(data: bytes, purpose: Purpose = "provide", *keep: str) -> bytes:
    return scrubbed_with_report(data, ScrubOrder(purpose, keep))[0]


def findings(data: bytes) -> tuple[Finding, ...]:
    return DRAWINGS.inspect(io.BytesIO(data), Wants()).findings


def digest(data: bytes) -> str:
    return DRAWINGS.inspect(io.BytesIO(data), Wants(findings=False)).digest


def refusal(data: bytes, purpose: Purpose = "provide") -> MetiDeskError:
    with pytest.raises(MetiDeskError) as caught:
        scrubbed(data, purpose)
    return caught.value


def opened(data: bytes) -> bytes:
    """Add what pictures inside hold."""
    packed = re.findall(rb"base64,([A-Za-z0-9+/=]+)", data)
    plain = re.findall(rb"data:image/svg\+xml,([^\"']+)", data)
    return b"\n".join(
        (data, *map(base64.b64decode, packed), *(unquote_to_bytes(one) for one in plain))
    )


def left(data: bytes, p: Planted) -> list[str]:
    whole = opened(data)
    return [one for one in p.leaks if one.encode() in whole or one.encode("utf-16-le") in whole]


@pytest.mark.parametrize("purpose", PURPOSES)
def test_every_planted_string_goes_and_what_is_drawn_stays(purpose: Purpose) -> None:
    p = Planted()
    data = svg(p)
    # One is the name in a thumbnail, which is packed.
    assert len(left(data, p)) >= len(p.leaks) - 1 >= 26
    clean, _ = scrubbed_with_report(data, ScrubOrder(purpose))
    assert left(clean, p) == []
    assert digest(clean) == digest(data)
    assert findings(clean) == ()
    assert scrubbed_with_report(clean, ScrubOrder(purpose)) == (clean, ScrubReport())
    for stays in ("見える文字", "機密性２情報", "https://www.meti.go.jp/", "fill: red"):
        assert stays in clean.decode()
    assert "内" in opened(clean).decode(errors="replace")


def test_every_hiding_place_is_shown_before() -> None:
    found = {one.kind for one in findings(svg(Planted()))}
    assert found == {
        "svg.comment", "svg.document-type", "svg.editor-data", "svg.metadata", "svg.path",
        "svg.script", "image.comment", "image.exif", "image.location", "image.maker-note",
        "image.thumbnail",
    }  # fmt: skip


def test_text_and_marks_are_read() -> None:
    seen = DRAWINGS.inspect(
        io.BytesIO(
            drawing("<text>機密性２情報</text><title>題</title><text>本<tspan>文</tspan></text>")
        ),
        Wants(text=True),
    )
    assert seen.text[0].text == "機密性２情報\n題\n本文"
    assert [one.text for one in seen.marks] == ["機密性２情報"]
    assert (seen.embeds, seen.markable) == (False, False)


def test_a_drawing_without_anything_is_carried_over_byte_for_byte() -> None:
    data = b'<?xml version="1.0"?>\r\n' + drawing("\r\n <g  id='a'\n><path d='M0 0'/></g>\r\n")
    for purpose in PURPOSES:
        assert scrubbed_with_report(data, ScrubOrder(purpose)) == (data, ScrubReport())


def test_titles_stay_when_provided_and_go_when_published() -> None:
    data = drawing("<title>図1</title><desc>説明</desc><rect width='1' height='1'/>")
    clean, report = scrubbed_with_report(data, ScrubOrder("provide"))
    assert clean == data
    assert {(one.kind, one.removal) for one in report.left} == {("svg.description", "kept")}
    assert b"desc" not in scrubbed(data, "publish")
    assert scrubbed(data, "publish", "svg.description") == data
    assert digest(scrubbed(data, "publish")) == digest(data)


HIDDEN = (
    '<g display="none"><text>秘</text></g>',
    '<text style="visibility: hidden">秘</text>',
    '<g opacity="0"><rect width="9" height="9"/></g>',
    '<style>.st0{display:none;}</style><g class="st0"><text>秘</text></g>',
    "<style>#a, text.b { opacity: 0% }</style><text id='a'>秘</text>",
    '<text fill="none">秘</text>',
    '<text style="font-size:0px">秘</text>',
    "<defs><text id='t'>秘</text></defs>",
    "<symbol id='s'><text>秘</text></symbol>",
)


@pytest.mark.parametrize("inside", HIDDEN)
def test_what_is_there_and_not_shown_needs_a_person(inside: str) -> None:
    data = drawing(inside)
    told = [one for one in findings(data) if one.kind == "svg.hidden"]
    assert [(one.severity, one.removal) for one in told] == [("high", "blocks")]
    for purpose in PURPOSES:
        refused = refusal(data, purpose)
        assert (refused.code, refused.params["kind"]) == ("scrub.blocked", "svg.hidden")
    assert scrubbed(data, "publish", "svg.hidden") == data


SHOWN = (
    "<defs><text id='t'>見</text></defs><use href='#t'/>",
    "<symbol id='s'><text>見</text></symbol><use xlink:href='#s'/>",
    "<rect opacity='0' width='1' height='1'><animate attributeName='opacity' to='1'/></rect>",
    "<text fill='none' stroke='red'>見</text>",
    "<g display='none'/>",
    "<clipPath id='c'><path d='M0 0'/></clipPath>",
)


@pytest.mark.parametrize("inside", SHOWN)
def test_what_is_shown_somewhere_is_not_hidden(inside: str) -> None:
    assert findings(drawing(inside)) == ()


ELSEWHERE = (
    '<image xlink:href="https://example.jp/a.png"/>',
    '<use href="//example.jp/a.svg#x"/>',
    "<style>@import 'https://example.jp/a.css';</style>",
    '<rect style="fill:url(https://example.jp/a.svg#b)"/>',
    '<foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="#"/></foreignObject>',
    '<image href="data:application/pdf;base64,JVBERi0="/>',
    '<image href="data:image/png;base64,!!!"/>',
)


@pytest.mark.parametrize("inside", ELSEWHERE)
def test_what_comes_from_elsewhere_or_is_unknown_needs_a_person(inside: str) -> None:
    told = [one.kind for one in findings(drawing(inside)) if one.removal == "blocks"]
    assert told in (["svg.external"], ["svg.embedded-unchecked"])
    assert refusal(drawing(inside)).code == "scrub.blocked"


GOING = {
    "svg.script": '<rect onclick="a()"/><a xlink:href=" JavaScript:a()"><path d="M0 0"/></a>',
    "svg.path": '<rect my-file="/home/yamada/a.svg"/><image href="file:///C:/a.png"/>'
                '<a href="..\\b.html"><path d="M0 0"/></a>',
    "svg.editor-data": '<g data-name="レイヤー"><x:y xmlns:x="urn:x"><x:z/></x:y>'
                       '<path d="M0 0" style="-inkscape-stroke:none;fill:red"/></g>',
    "svg.comment": "<!-- a --><style>/* b */ .c { fill: red }</style><!-- c -->",
    "svg.metadata": "<metadata>a<b/></metadata>",
}  # fmt: skip


@pytest.mark.parametrize("kind", GOING)
def test_each_kind_goes_stays_by_choice_and_is_audited(kind: str) -> None:
    data = drawing(GOING[kind])
    assert {one.kind for one in findings(data)} == {kind}
    clean, report = scrubbed_with_report(data, ScrubOrder())
    assert [one.kind for one in report.removed] == [kind]
    assert findings(clean) == ()
    assert digest(clean) == digest(data)
    assert scrubbed(data, "publish", kind) == data
    with pytest.raises(InvalidInput) as caught:
        DRAWINGS.verify_scrub(io.BytesIO(data), io.BytesIO(data), ScrubOrder())
    assert (caught.value.code, caught.value.params["kind"]) == ("scrub.left-behind", kind)


CHANGES = (
    ("<text>一</text>", "<text>二</text>"),
    ("<rect width='1'/>", "<rect width='2'/>"),
    ("<rect style='fill:red'/>", "<rect style='fill:blue'/>"),
    ("<g><path d='M0 0'/></g>", "<path d='M0 0'/>"),
    ("<title>a</title>", ""),
    ("<a href='https://a.jp/'/>", "<a href='https://b.jp/'/>"),
)


@pytest.mark.parametrize(("before", "after"), CHANGES)
def test_the_auditor_finds_a_changed_drawing(before: str, after: str) -> None:
    source, result = io.BytesIO(drawing(before)), io.BytesIO(drawing(after))
    with pytest.raises(InvalidInput) as caught:
        DRAWINGS.verify_scrub(source, result, ScrubOrder())
    assert caught.value.code == "scrub.text-changed"
    assert "title" in before or digest(drawing(before)) != digest(drawing(after))


def test_the_auditor_looks_into_pictures() -> None:
    data = svg(Planted())
    clean = scrubbed(data)
    old, new = (re.findall(rb"data:image/jpeg;base64,[^\"]+", one)[0] for one in (data, clean))
    with pytest.raises(InvalidInput) as caught:
        DRAWINGS.verify_scrub(
            io.BytesIO(data), io.BytesIO(clean.replace(new, old)), ScrubOrder()
        )  # fmt: skip
    assert caught.value.params["kind"] == "image.comment"


def test_other_encodings_and_broken_files() -> None:
    text = drawing("<!-- x --><text>文字</text>").decode()
    for encoding in ("UTF-16", "Shift_JIS", "EUC-JP", "ISO-2022-JP"):
        data = f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding)
        assert find(io.BytesIO(data)).variant == "svg"
        assert "<text>文字</text>" in scrubbed(data).decode()
    broken = HEAD.encode() + b"<text>"
    seen = DRAWINGS.inspect(io.BytesIO(broken), Wants(text=True))
    assert [(one.kind, one.removal) for one in seen.findings] == [("svg.unchecked", "blocks")]
    assert len(seen.digest) == 64
    assert refusal(broken).code == "document.damaged"


def test_entities_from_elsewhere_and_bombs_are_refused() -> None:
    away = b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/hostname">]>' + drawing(
        "<text>&a;</text>"
    )
    assert refusal(away).code in ("scrub.unsupported-format", "document.damaged")
    lots = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    bomb = (
        f'<!DOCTYPE svg [<!ENTITY a0 "{"x" * 50}">{lots}]>{drawing("<text>&a11;</text>").decode()}'
    )
    assert refusal(bomb.encode()).code == "document.damaged"
    deep = drawing("<g>" * 5000 + "</g>" * 5000)
    assert refusal(deep).code == "document.damaged"


def test_pages_of_text_that_hold_a_drawing_are_none() -> None:
    for text in (b"<html><body><svg/></body></html>", b"<?xml version='1.0'?><page><svg/></page>",
                 b"about <svg> files"):  # fmt: skip
        assert find(io.BytesIO(text)).family.id == "text"


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_another_program_draws_the_same(tmp_path: Path) -> None:
    data = svg(Planted()).replace(b'"file:///', b'"https://')
    drawn = []
    for name, block in (("a", data), ("b", scrubbed(data, "publish"))):
        (tmp_path / f"{name}.svg").write_bytes(block)
    command = ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
               "--convert-to", "png", "--outdir", str(tmp_path), str(tmp_path / "a.svg"),
               str(tmp_path / "b.svg")]  # fmt: skip
    subprocess.run(command, capture_output=True, check=True)
    drawn = [(tmp_path / f"{name}.png").read_bytes() for name in "ab"]
    assert drawn[0] == drawn[1]
