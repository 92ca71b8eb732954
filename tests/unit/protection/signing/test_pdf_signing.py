"""Signatures in PDFs: others verify ours, we verify others', and the known ways to cheat fail."""

import os
import re
import shutil
import subprocess
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.protection.keys.software import SoftwareKey
from meti_desk.protection.signing.base import StampPlace
from meti_desk.protection.signing.pdf_write import user_box
from tests.unit.protection.signing.signing_world import (
    ME,
    NOW,
    certificate,
    der,
    in_pdf,
    key_of,
    pem_files,
    pkcs12_of,
    plain_pdf,
    private,
    signed_pdf,
    trust,
)

FULL = os.environ.get("METI_DESK_FULL") == "1"
PLACE = StampPlace(page=1, x=330, y=40)


def is_whole(data: bytes) -> bool:
    """Tell whether any signature in it is called intact; a refusal is a no."""
    try:
        return any(one.intact for one in in_pdf(data, trust(roots=False)))
    except InvalidInput:
        return False


def run(*words: str | Path) -> str:
    if shutil.which(str(words[0])) is None:
        pytest.skip(f"{words[0]} is not installed")
    done = subprocess.run([*map(str, words)], capture_output=True, check=False)
    return (done.stdout + done.stderr).decode(errors="replace")


@pytest.mark.parametrize("kind", ["rsa3072", "p256"])
def test_ours_says_who_when_and_by_what(kind: str) -> None:
    (one,) = in_pdf(signed_pdf(plain_pdf(), key_of(kind)))
    assert (one.intact, one.problems, one.chain) == (True, (), "trusted")
    assert (one.signer, one.reason, one.kind, one.covers) == (ME, "承認", "pades", "whole")
    assert datetime.fromisoformat(one.claimed) == NOW
    assert one.algorithms[0] == {"rsa3072": "rsa-pss-3072", "p256": "ecdsa-256"}[kind]


@pytest.mark.parametrize("kind", ["rsa3072", "p256"])
def test_pdfsig_verifies_ours(tmp_path: Path, kind: str) -> None:
    pdfsig_verifies(tmp_path, kind)


def pdfsig_verifies(folder: Path, kind: str = "p256") -> None:
    """Let Poppler verify a PDF that we signed, and find the change in another."""
    path = folder / "signed.pdf"
    made = signed_pdf(plain_pdf(), key_of(kind), place=PLACE)
    path.write_bytes(made)
    told = run("pdfsig", path)
    assert "Signature is Valid" in told
    assert ME in told
    assert "ETSI.CAdES.detached" in told
    assert "Total document signed" in told
    path.write_bytes(made.replace(b"Agreement 100", b"Agreement 900"))
    assert "Signature is Valid" not in run("pdfsig", path)


def test_mutool_and_qpdf_take_ours(tmp_path: Path) -> None:
    mutool_and_qpdf_accept(tmp_path)


def mutool_and_qpdf_accept(folder: Path) -> None:
    """Let MuPDF verify a PDF with two signatures of ours, and qpdf check how it is built.

    MuPDF 1.21 cannot verify RSA-PSS, whoever made it; so these are ECDSA.
    """
    path = folder / "signed.pdf"
    path.write_bytes(signed_pdf(signed_pdf(plain_pdf(), place=PLACE), key_of("p384")))
    told = run("mutool", "sign", "-v", path)
    assert "The document is unchanged since signing" in told
    assert "Digest error" not in told
    assert "No syntax or stream encoding errors found" in run("qpdf", "--check", path)


def test_we_verify_what_pyhanko_made(tmp_path: Path) -> None:
    for kind, more in (("rsa3072", True), ("rsa3072", False), ("p256", False), ("rsa2048", False)):
        (one,) = in_pdf(pyhanko_signs(tmp_path, kind, pss=more))
        assert (one.problems, one.intact, one.chain, one.kind) == ((), True, "trusted", "pdf")


def pyhanko_signs(folder: Path, kind: str, *, pss: bool = False, data: bytes = b"") -> bytes:
    """Sign with pyHanko's own simple signer, as adbe.pkcs7.detached."""
    signer = signers.SimpleSigner.load_pkcs12(
        str(pkcs12_of(folder, kind)), passphrase="かぎ".encode(), prefer_pss=pss
    )
    writer = IncrementalPdfFileWriter(BytesIO(data or plain_pdf()))
    name = f"Other{len(data)}"
    made = signers.sign_pdf(writer, signers.PdfSignatureMetadata(field_name=name), signer=signer)
    whole: bytes = made.getvalue()
    return whole


def test_we_verify_what_mutool_made(tmp_path: Path) -> None:
    writer = IncrementalPdfFileWriter(BytesIO(plain_pdf()))
    fields.append_signature_field(writer, fields.SigFieldSpec("Here", box=(20, 20, 200, 80)))
    out = BytesIO()
    writer.write(out)
    (tmp_path / "empty.pdf").write_bytes(out.getvalue())
    with pikepdf.open(tmp_path / "empty.pdf") as pdf:
        number = pdf.Root.AcroForm.Fields[0].objgen[0]
    _legacy_pkcs12(tmp_path)
    told = run(
        "mutool", "sign", "-s", tmp_path / "old.p12", "-P", "abc", "-o", tmp_path / "out.pdf",
        tmp_path / "empty.pdf", str(number),
    )  # fmt: skip
    if not (tmp_path / "out.pdf").exists():
        pytest.skip(f"this mutool cannot sign: {told[:200]}")
    (one,) = in_pdf((tmp_path / "out.pdf").read_bytes())
    assert (one.problems, one.intact) == ((), True)


def _legacy_pkcs12(folder: Path) -> None:
    key, cert, middle, _ = pem_files(folder, "rsa3072")
    run(
        "openssl", "pkcs12", "-export", "-inkey", key, "-in", cert, "-certfile", middle, "-out",
        folder / "old.p12", "-passout", "pass:abc",
    )  # fmt: skip


def test_several_signatures_stay(tmp_path: Path) -> None:
    first = signed_pdf(plain_pdf())
    second = signed_pdf(first, key_of("rsa3072"), place=PLACE)
    third = pyhanko_signs(tmp_path, "p256", data=second)
    assert third.startswith(second)
    assert second.startswith(first)
    found = in_pdf(third)
    assert [one.intact for one in found] == [True, True, True]
    assert [one.covers for one in found] == ["revision", "revision", "whole"]
    assert [one.later for one in found] == ["allowed", "allowed", "none"]
    assert len({one.field for one in found}) == 3
    assert found[0].covered == len(first)
    assert b"pyHanko" not in second


def test_no_byte_can_be_changed() -> None:
    """Every byte of the file, in the gap as well; a tenth of them by default."""
    made = signed_pdf(plain_pdf(), room=1500)
    step = 1 if FULL else 10
    whole = [at for at in range(3, len(made), step) if is_whole(_flipped(made, at))]
    assert whole == []


def _flipped(data: bytes, at: int) -> bytes:
    changed = bytearray(data)
    changed[at] ^= (0x01, 0x20, 0x80, 0xFF)[at % 4]
    return bytes(changed)


def test_the_beginning_of_the_structure_cannot_grow_into_the_padding() -> None:
    made = signed_pdf(plain_pdf())
    start = made.index(b"<3082") + 5
    for at in range(start, start + 4):
        for digit in b"0123456789ABCDEF":
            changed = made[:at] + bytes([digit]) + made[at + 1 :]
            assert changed == made or not is_whole(changed)


def test_the_gap_is_written_in_one_way() -> None:
    made = signed_pdf(plain_pdf())
    gap = re.search(rb"/Contents <([0-9A-F]+)>", made)
    assert gap is not None
    lower = made[: gap.start(1)] + gap[1].lower() + made[gap.end(1) :]
    assert is_whole(lower)
    mixed = made[: gap.start(1)] + gap[1][:500] + gap[1][500:].lower() + made[gap.end(1) :]
    assert not is_whole(mixed)
    padded = made[: gap.end(1) - 2] + b"01" + made[gap.end(1) :]
    assert not is_whole(padded)


def test_cut_off_ends_are_refused() -> None:
    made = signed_pdf(signed_pdf(plain_pdf()))
    first = made.index(b"%%EOF", made.index(b"ByteRange")) + len(b"%%EOF\n")
    picked = {*range(1, len(made), len(made) // 40), *range(first - 9, first + 30)}
    assert {end for end in picked if is_whole(made[:end])} <= {first}
    assert is_whole(made)


def test_what_stands_behind_the_end_is_found() -> None:
    made = signed_pdf(plain_pdf())
    assert not is_whole(made + b"99 0 obj << /Evil true >> endobj\n")
    twice = signed_pdf(made)
    assert not is_whole(twice + b"%%EOF junk")


def updated(data: bytes, change: "object") -> bytes:
    """Append an incremental update, as an attacker would."""
    writer = IncrementalPdfFileWriter(BytesIO(data), strict=False)
    change(writer)  # type: ignore[operator] # a function of the test
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _new_content(writer: IncrementalPdfFileWriter) -> None:
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    stream = generic.StreamObject(stream_data=b"BT /F1 12 Tf 60 700 Td (Agreement 900) Tj ET")
    page["/Contents"] = writer.add_object(stream)
    writer.update_container(page)


def _new_page(writer: IncrementalPdfFileWriter) -> None:
    pages = writer.root["/Pages"]
    copied = generic.DictionaryObject(pages["/Kids"][0].get_object())
    pages["/Kids"].append(writer.add_object(copied))
    pages["/Count"] = generic.NumberObject(len(pages["/Kids"]))
    writer.update_container(pages)


def _overlay(writer: IncrementalPdfFileWriter) -> None:
    """Lay an annotation over the text (evil annotation)."""
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    form = generic.StreamObject(stream_data=b"1 g 0 0 300 40 re f")
    form["/Type"], form["/Subtype"] = pdf_name("/XObject"), pdf_name("/Form")
    form["/BBox"] = generic.ArrayObject(map(generic.NumberObject, (0, 0, 300, 40)))
    annotation = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/Stamp"),
            pdf_name("/F"): generic.NumberObject(4),
            pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (50, 690, 350, 730))),
            pdf_name("/AP"): generic.DictionaryObject({pdf_name("/N"): writer.add_object(form)}),
        }
    )
    held = page.get("/Annots", generic.ArrayObject())
    page["/Annots"] = generic.ArrayObject([*held, writer.add_object(annotation)])
    writer.update_container(page)


def _new_font(writer: IncrementalPdfFileWriter) -> None:
    """Let the same letters look like others (a shadow attack of the kind "replace")."""
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    font = page["/Resources"]["/Font"]["/F1"]
    font["/Encoding"] = generic.DictionaryObject(
        {
            pdf_name("/Differences"): generic.ArrayObject(
                [generic.NumberObject(49), pdf_name("/nine")]
            )
        }
    )
    writer.update_container(font)


def _new_catalog(writer: IncrementalPdfFileWriter) -> None:
    """Show other pages than the signed ones, which stay in the file (hide and replace)."""
    pages = writer.root["/Pages"]
    page = generic.DictionaryObject(pages["/Kids"][0].get_object())
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"0 0 99 99 re f"))
    fresh = generic.DictionaryObject({pdf_name("/Type"): pdf_name("/Pages")})
    fresh["/Count"] = generic.NumberObject(1)
    reference = writer.add_object(fresh)
    page["/Parent"] = reference
    fresh["/Kids"] = generic.ArrayObject([writer.add_object(page)])
    writer.root["/Pages"] = reference
    writer.update_root()


def _open_action(writer: IncrementalPdfFileWriter) -> None:
    writer.root["/OpenAction"] = generic.DictionaryObject(
        {pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): generic.pdf_string("app.alert")}
    )
    writer.update_root()


@pytest.mark.parametrize(
    "change", [_new_content, _new_page, _overlay, _new_font, _new_catalog, _open_action]
)
def test_what_an_update_changes_is_found(change: "object") -> None:
    made = signed_pdf(plain_pdf())
    (one,) = in_pdf(updated(made, change))
    assert (one.intact, one.later, one.covers) == (False, "changed", "revision")
    assert one.problems == ("signature.changed-later",)
    assert one.chain == "trusted"


def test_a_filled_field_is_a_change() -> None:
    """Other programs allow it; whoever signed a form signed what stood in it."""
    writer = IncrementalPdfFileWriter(BytesIO(plain_pdf()))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    field = generic.DictionaryObject(
        {
            pdf_name("/FT"): pdf_name("/Tx"),
            pdf_name("/T"): generic.pdf_string("amount"),
            pdf_name("/V"): generic.pdf_string("100"),
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/Widget"),
            pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (10, 10, 90, 30))),
        }
    )
    reference = writer.add_object(field)
    page["/Annots"] = generic.ArrayObject([reference])
    writer.update_container(page)
    form = generic.DictionaryObject({pdf_name("/Fields"): generic.ArrayObject([reference])})
    writer.root["/AcroForm"] = writer.add_object(form)
    writer.update_root()
    out = BytesIO()
    writer.write(out)
    made = signed_pdf(out.getvalue())
    assert is_whole(made)

    def fill(update: IncrementalPdfFileWriter) -> None:
        held = update.root["/AcroForm"]["/Fields"][0].get_object()
        held["/V"] = generic.pdf_string("900")
        update.update_container(held)

    (one,) = in_pdf(updated(made, fill))
    assert one.problems == ("signature.changed-later",)


def test_a_removed_signature_is_told() -> None:
    def remove(writer: IncrementalPdfFileWriter) -> None:
        writer.root["/AcroForm"]["/Fields"] = generic.ArrayObject()
        writer.update_container(writer.root["/AcroForm"])

    (one,) = in_pdf(updated(signed_pdf(plain_pdf()), remove))
    assert (one.intact, one.problems) == (False, ("signature.removed",))


def _of_signature(key: str, value: generic.PdfObject | None) -> "object":
    """Change or leave out an entry of the signature by an update (universal signature forgery)."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        held = writer.root["/AcroForm"]["/Fields"][0].get_object()["/V"]
        if value is None:
            del held[key]
        else:
            held[pdf_name(key)] = value
        writer.update_container(held)

    return change


NUMBERS = generic.ArrayObject


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("/Contents", None),
        ("/Contents", generic.ByteStringObject(b"")),
        ("/Contents", generic.ByteStringObject(b"\0")),
        ("/Contents", generic.NullObject()),
        ("/ByteRange", None),
        ("/ByteRange", generic.NullObject()),
        ("/ByteRange", NUMBERS()),
        ("/ByteRange", NUMBERS(map(generic.NumberObject, (0, 0, 0, 0)))),
        ("/ByteRange", NUMBERS(map(generic.NumberObject, (0, -1, 0, 99)))),
        ("/ByteRange", NUMBERS(map(generic.NumberObject, (0, 10, 20)))),
        ("/ByteRange", NUMBERS([generic.NumberObject(0), generic.pdf_string("a")])),
        ("/SubFilter", pdf_name("/adbe.x509.rsa_sha1")),
        ("/SubFilter", None),
    ],
)
def test_a_signature_without_its_parts_is_none(key: str, value: generic.PdfObject | None) -> None:
    made = updated(signed_pdf(plain_pdf()), _of_signature(key, value))
    assert not is_whole(made)


def _ranges(made: bytes) -> tuple[int, int, int, int]:
    found = re.search(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)\]", made)
    assert found is not None
    first, second, third, fourth = map(int, found.groups())
    return first, second, third, fourth


def _with_ranges(made: bytes, text: str) -> bytes:
    found = re.search(rb"/ByteRange (\[[^\]]*\] *)", made)
    assert found is not None
    room = len(found[1])
    assert len(text) <= room
    return made[: found.start(1)] + text.encode().ljust(room) + made[found.end(1) :]


def test_ranges_that_leave_out_more_than_the_signature() -> None:
    """Bytes moved out of the range, one more range, a range that begins later (wrapping)."""
    made = signed_pdf(plain_pdf())
    _, first, second, rest = _ranges(made)
    for text in (
        f"[0 {first - 50} {second} {rest}]",
        f"[0 {first} {second + 50} {rest - 50}]",
        f"[0 {first} {second} {rest - 1}]",
        f"[1 {first - 1} {second} {rest}]",
        f"[0 {first} {second} {rest} {second + rest} 0]",
        f"[0 {first} {first} {rest}]",
        f"[0 {first}.0 {second} {rest}]",
        f"[0 +{first} {second} {rest}]",
        f"[0 {first} {second} {rest + 100}]",
    ):
        assert not is_whole(_with_ranges(made, text)), text


def test_a_wrapped_signature_is_found() -> None:
    """The signed bytes are moved to the end, other content stands between (signature wrapping)."""
    made = signed_pdf(plain_pdf())
    _, first, second, rest = _ranges(made)
    evil = b"\n99 0 obj << /Evil true >> endobj\n"
    wrapped = made[:second] + evil + made[second:]
    moved = _with_ranges(wrapped, f"[0 {first} {second + len(evil)} {rest}]")
    assert not is_whole(moved)
    assert not is_whole(wrapped)


def test_a_second_byte_range_is_refused() -> None:
    made = signed_pdf(plain_pdf())
    found = re.search(rb"/ByteRange \[[^\]]*\] *", made)
    assert found is not None
    numbers = " ".join(map(str, _ranges(made)))
    twice = f"/ByteRange [{numbers}]"
    changed = made[: found.start()] + twice.encode() + made[found.start() :]
    assert not is_whole(changed)
    _, first, second, rest = _ranges(made)
    more = len(twice)
    fitting = re.sub(
        rb"/ByteRange \[[^\]]*\]",
        f"/ByteRange [0 {first + more} {second + more} {rest}]".encode(),
        changed,
    )
    assert not is_whole(fitting)


def test_a_false_later_signature_speaks_against_the_first() -> None:
    made = signed_pdf(plain_pdf())
    stranger = SoftwareKey(private("p256", 5), der(certificate(private("p256", 5), "他人")))
    twice = signed_pdf(made, stranger, place=PLACE)
    first, second = in_pdf(twice)
    assert (first.intact, second.intact, second.chain) == (True, True, "untrusted")
    start = twice.rindex(b"/Contents <") + 200
    first, second = in_pdf(twice[:start] + b"0" * 64 + twice[start + 64 :])
    assert not second.intact
    assert (first.intact, first.problems) == (False, ("signature.changed-later",))


def test_the_same_signature_behind_two_fields_counts_once() -> None:
    made = signed_pdf(plain_pdf())

    def twin(writer: IncrementalPdfFileWriter) -> None:
        held = writer.root["/AcroForm"]["/Fields"][0].get_object()
        copied = generic.DictionaryObject(held)
        copied["/T"] = generic.pdf_string("Twin")
        writer.root["/AcroForm"]["/Fields"].append(writer.add_object(copied))
        writer.update_container(writer.root["/AcroForm"])

    found = in_pdf(updated(made, twin))
    assert len(found) == 1
    assert not found[0].intact


def test_a_certified_document_takes_no_signature(tmp_path: Path) -> None:
    signer = signers.SimpleSigner.load_pkcs12(str(pkcs12_of(tmp_path)), passphrase="かぎ".encode())
    meta = signers.PdfSignatureMetadata(
        field_name="Author", certify=True, docmdp_permissions=fields.MDPPerm.NO_CHANGES
    )
    made = signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(plain_pdf())), meta, signer=signer)
    data = made.getvalue()
    assert is_whole(data)
    with pytest.raises(RuleViolation, match=r"sign\.certified"):
        signed_pdf(data)


def test_the_stamp_is_seen_and_read(tmp_path: Path) -> None:
    path = tmp_path / "signed.pdf"
    path.write_bytes(signed_pdf(plain_pdf(pages=2), place=StampPlace(page=2, x=330, y=40)))
    assert ME not in run("pdftotext", "-l", "1", path, "-")
    told = run("pdftotext", "-f", "2", path, "-")
    assert f"署名者 {ME}" in told
    assert "承認" in told


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_the_stamp_stands_where_it_is_wanted(turned: int, tmp_path: Path) -> None:
    """However the page is turned, it is seen at its place and upright."""
    out = BytesIO()
    with pikepdf.open(BytesIO(plain_pdf(""))) as pdf:
        pdf.pages[0].Rotate = turned
        pdf.save(out)
    path = tmp_path / "signed.pdf"
    path.write_bytes(signed_pdf(out.getvalue(), place=StampPlace(page=1, x=100, y=60)))
    told = run("pdftotext", "-bbox", path, "-")
    words = re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)" .*>(.*)</word>', told)
    places = {word: (float(x), float(y)) for x, y, word in words}
    across, down = places["電子署名"]
    assert 100 <= across <= 125
    assert 60 <= down <= 80
    assert places["署名者"][1] > down
    assert abs(places["署名者"][0] - across) < 3


@pytest.mark.parametrize(
    ("place", "code"),
    [
        (StampPlace(page=2, x=0, y=0), "sign.no-such-page"),
        (StampPlace(page=0, x=0, y=0), "sign.no-such-page"),
        (StampPlace(page=1, x=500, y=0), "sign.stamp-outside"),
        (StampPlace(page=1, x=-1, y=0), "sign.stamp-outside"),
        (StampPlace(page=1, x=10, y=10, width=0.5, height=10), "sign.stamp-outside"),
    ],
)
def test_places_that_are_none(place: StampPlace, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        signed_pdf(plain_pdf(), place=place)
    assert caught.value.code == code


def test_places_are_turned_with_the_page() -> None:
    place = StampPlace(page=1, x=10, y=20, width=30, height=40)
    crop = (0.0, 0.0, 100.0, 200.0)
    assert user_box(place, crop, 0) == (10, 140, 40, 180)
    assert user_box(place, crop, 90) == (20, 10, 60, 40)
    assert user_box(place, crop, 180) == (60, 20, 90, 60)
    assert user_box(place, crop, 270) == (40, 160, 80, 190)


def test_files_that_programs_read_differently_are_not_signed() -> None:
    for data in (b"", b"%PDF-1.4\n", plain_pdf()[:-200], b"hello"):
        with pytest.raises(InvalidInput, match=r"sign\.pdf-irregular"):
            signed_pdf(data)
        assert not is_whole(data)


def test_a_signature_larger_than_its_gap_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"sign\.too-large"):
        signed_pdf(plain_pdf(), room=100)


def test_the_chain_is_told_of_pdfs_too() -> None:
    (one,) = in_pdf(signed_pdf(plain_pdf()), trust(roots=False))
    assert (one.intact, one.chain, one.chain_why) == (True, "untrusted", "chain.no-root")
    (one,) = in_pdf(signed_pdf(plain_pdf(), key_of(days=(-400, -1))))
    assert (one.intact, one.chain) == (True, "expired")
