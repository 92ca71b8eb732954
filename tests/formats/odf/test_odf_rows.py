"""Large workbooks are scrubbed and audited row by row, with the result of doing it at once."""

import os
import random
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest

from meti_desk.domain.errors import InvalidInput, MetiDeskError
from meti_desk.formats.base import Finding, Purpose, ScrubOrder
from meti_desk.formats.odf import audit, audit_rows, rows, scrub
from meti_desk.formats.odf.family import ODF
from tests.formats.odf.builder import members_for, p, zipped

CORPUS = os.environ.get("METI_DESK_CORPUS")
FULL = bool(os.environ.get("METI_DESK_FULL"))
_NEVER = 1 << 40


@contextmanager
def large(size: int, worth: int = 0) -> Iterator[None]:
    """Let contents of this size count as large, for the removal and for the auditor."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows, "LARGE", size)
        patch.setattr(rows, "_WORTH", worth)
        patch.setattr(audit_rows, "LARGE", size)
        yield


def scrubbed(file: BytesIO, order: ScrubOrder) -> tuple[object, dict[str, bytes], list[Finding]]:
    """Scrub and audit; what was told, what is in the result, and what was found before."""
    target = BytesIO()
    found = sorted(scrub.findings_of(file, order), key=repr)
    try:
        report = ODF.scrub(file, target, order)
        ODF.verify_scrub(file, target, order)
    except MetiDeskError as refused:
        return (refused.code, refused.params), {}, found
    with zipfile.ZipFile(target) as box:
        return (
            (report.removed, sorted(report.left, key=repr)),
            {name: box.read(name) for name in box.namelist()},
            found,
        )


def same_both_ways(file: BytesIO, order: ScrubOrder) -> bool:
    """Compare both ways; tell whether rows were cut out."""
    with large(_NEVER):
        at_once = scrubbed(file, order)
    cut: list[int] = []
    with large(0), pytest.MonkeyPatch.context() as patch:
        clean = rows.Rows.clean

        def counted(self: rows.Rows, *given: object) -> None:
            clean(self, *given)  # type: ignore[arg-type] # passed on as it came
            cut.append(1)

        patch.setattr(rows.Rows, "clean", counted)
        assert scrubbed(file, order) == at_once
    return bool(cut)


def row(inside: str, more: str = "") -> str:
    return f"<table:table-row><table:table-cell{more}>{inside}</table:table-cell></table:table-row>"


def book(*sheets: str, before: str = "", automatic: str = "") -> BytesIO:
    body = before + "".join(
        f'<table:table table:name="S{n}"><table:table-column/>{one}</table:table>'
        for n, one in enumerate(sheets)
    )
    return zipped(members_for("ods", body, automatic=automatic))


def _bound(file: BytesIO, more: bytes) -> BytesIO:
    """Bind one more name in the root of the content."""
    with zipfile.ZipFile(file) as box:
        members: dict[str, bytes | str] = {name: box.read(name) for name in box.namelist()}
    content = members["content.xml"]
    assert isinstance(content, bytes)
    start = b"<office:document-content"
    members["content.xml"] = content.replace(start, start + more, 1)
    return zipped(members)


PLAIN = "".join(row(p(f"語{n}")) + "\n  " for n in range(50))
LEAKS = (
    row(p("a") + f"<office:annotation><dc:creator>x</dc:creator>{p('c')}</office:annotation>")
    + row(p("b"), ' table:formula="of:=file:///C:/Users/x/a.ods"')
    + row(p('<text:a xlink:href="file:///home/x/y">shown</text:a>'))
    + row(p("<text:title>T</text:title>") + p(r"C:\Users\x\y.txt"))
    + row('<draw:frame draw:name="/home/x/z"><draw:object xlink:href="./Object 1"/>'
          '<draw:image xlink:href="Pictures/a.png"/></draw:frame>')
    + '<table:table-row table:visibility="collapse"><table:table-cell/></table:table-row>'
    + row(p('<text:span text:style-name="Gone">hidden</text:span>shown'))
)  # fmt: skip
HIDING = (
    '<style:style style:name="Gone" style:family="text"><style:text-properties'
    ' text:display="none"/></style:style>'
)
GROUPED = (
    f"<table:table-header-rows>{PLAIN}</table:table-header-rows><table:table-row-group>{LEAKS}"
    f"<table:table-row-group>{PLAIN}</table:table-row-group></table:table-row-group>"
)
NESTED = row(f'<table:table table:name="inner">{PLAIN}</table:table>') + PLAIN
CACHE = (
    "<table:table table:name=\"'file:///C:/a.ods'#$S\"><table:table-source xlink:href='/home/x'/>"
    f"{PLAIN}{LEAKS}</table:table>"
)
CHANGES = (
    "<table:tracked-changes><table:cell-content-change><dc:creator>x</dc:creator>"
    f"<table:previous><table:change-track-table-cell>{p('old')}</table:change-track-table-cell>"
    "</table:previous></table:cell-content-change></table:tracked-changes>"
)
CUT = {
    "plain": book(PLAIN, PLAIN),
    "leaks": book(PLAIN + LEAKS, LEAKS, automatic=HIDING),
    "groups": book(GROUPED, PLAIN, automatic=HIDING),
    "changes": book(PLAIN + LEAKS, before=CHANGES),
}
WHOLE = {
    "a table in a cell": book(NESTED),
    "a cache of another file": book(PLAIN, before=CACHE),
    "a remark": book(PLAIN + "<!-- <table:table-row> -->" + LEAKS),
    "an instruction": book(PLAIN + "<?x </table:table-row>?>"),
    "text as it is": book(PLAIN + row(p("<![CDATA[<table:table-row>]]>")) + LEAKS),
    "names bound anew": book(PLAIN.replace("<text:p>", '<text:p xmlns:a="urn:a" a:rsid="1">')),
    "an odd namespace": _bound(book(PLAIN + LEAKS), b' xmlns:odd="urn:a&amp;b"'),
    "no rows": book(""),
}


@pytest.mark.parametrize("purpose", ["provide", "publish"])
@pytest.mark.parametrize("name", [*CUT, *WHOLE])
def test_row_by_row_gives_the_same_as_at_once(name: str, purpose: Purpose) -> None:
    keep = ("odf.hidden-cells", "4") if purpose == "publish" else ()
    by_rows = same_both_ways({**CUT, **WHOLE}[name], ScrubOrder(purpose, keep))
    assert by_rows is (name in CUT)


@pytest.mark.parametrize("keep", ["odf.comment", "odf.path", "7", "6"])
def test_what_a_person_keeps_stays_row_by_row(keep: str) -> None:
    assert same_both_ways(CUT["leaks"], ScrubOrder(keep=(keep,)))


def test_damage_is_told_as_ever() -> None:
    held = book(PLAIN)
    with zipfile.ZipFile(held) as box:
        members = {name: box.read(name) for name in box.namelist()}
    members["content.xml"] = members["content.xml"].replace(b"</table:table-row>", b"", 1)
    file = zipped(members)
    told = []
    for size in (_NEVER, 0):
        with large(size), pytest.raises(InvalidInput) as refused:
            scrub.findings_of(file, ScrubOrder())
        told.append((refused.value.code, refused.value.params))
    assert told[0] == told[1]


@pytest.mark.parametrize(
    ("leak", "kind"),
    [
        ("<office:annotation><text:p>x</text:p></office:annotation>", "odf.comment"),
        ('<draw:frame draw:name="/home/x/y"/>', "odf.path"),
        ('<text:p xmlns:o="urn:o" o:rsid="1">x</text:p>', "odf.rsid"),
        ("<!-- who -->", "odf.editing-state"),
        ('<draw:object-ole xlink:href="./a"/>', "odf.embedded"),
    ],
)
def test_the_auditor_sees_what_is_left_in_a_row(leak: str, kind: str) -> None:
    file, target = book(PLAIN), BytesIO()
    ODF.scrub(file, target, ScrubOrder())
    left = _with(target, b"</table:table-cell>", leak.encode() + b"</table:table-cell>")
    with large(0), pytest.raises(InvalidInput) as refused:
        audit.audit(file, left, ScrubOrder())
    assert (refused.value.code, refused.value.params["kind"]) == ("scrub.left-behind", kind)


def test_the_auditor_sees_words_that_changed_in_a_row() -> None:
    file, target = book(PLAIN, PLAIN), BytesIO()
    ODF.scrub(file, target, ScrubOrder())
    for old, new in (("語3<".encode(), b"<"), (b"<text:p>", b"x<text:p>"), (b"\n", b" y ")):
        with large(0), pytest.raises(InvalidInput) as refused:
            audit.audit(file, _with(target, old, new), ScrubOrder())
        assert refused.value.code == "scrub.text-changed"


def test_the_rows_are_never_all_there(monkeypatch: pytest.MonkeyPatch) -> None:
    file, target = book("".join(row(p(f"語{n}")) for n in range(40_000))), BytesIO()
    parsed: list[int] = []
    parse = rows.parse

    def measured(data: bytes, part: str) -> object:
        parsed.append(len(data))
        return parse(data, part)

    monkeypatch.setattr(rows, "parse", measured)
    ODF.scrub(file, target, ScrubOrder())
    ODF.verify_scrub(file, target, ScrubOrder())
    with zipfile.ZipFile(target) as box:
        content = box.read("content.xml")
    assert len(content) > 3 * max(parsed)
    assert len(parsed) > 3


def test_the_auditor_lets_go_of_what_it_saw() -> None:
    with zipfile.ZipFile(book(GROUPED, NESTED)) as box:
        content = box.read("content.xml")
    seen: list[int] = []
    rest = audit_rows.by_rows(content, lambda one: seen.append(len(one)) or "words")  # type: ignore[func-returns-value] # to count on the way
    held = list(rest.iter("{*}table-row"))
    assert len(seen) == len(held) == 50 + LEAKS.count("<table:table-row") + 50 + 51
    assert all(len(one) == 0 and one.text == "words" for one in held)
    assert "".join(held[0].itertext()) == "words"
    assert held[0].tail == "\n  "


def _with(file: BytesIO, old: bytes, new: bytes) -> BytesIO:
    """Change the content once, far inside, and nothing else."""
    made = BytesIO()
    with zipfile.ZipFile(file) as box, zipfile.ZipFile(made, "w") as out:
        for info in box.infolist():
            data = box.read(info)
            if info.filename == "content.xml":
                before, found, after = data.partition(b"</table:table-row>")
                assert found
                data = before + found + after.replace(old, new, 1)
            out.writestr(zipfile.ZipInfo(info.filename), data)
    return made


@pytest.mark.skipif(not CORPUS, reason="METI_DESK_CORPUS is not set")
def test_real_workbooks_give_the_same_both_ways() -> None:
    files = sorted(Path(str(CORPUS)).rglob("*.ods"))
    random.Random(3).shuffle(files)
    cut = 0
    for path in files if FULL else files[:12]:
        cut += same_both_ways(BytesIO(path.read_bytes()), ScrubOrder())
    assert cut
