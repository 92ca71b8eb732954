import io
import os
import random
import subprocess
from pathlib import Path

import pikepdf
import pytest
from protection_samples import FULL

from meti_desk.domain.errors import InvalidInput
from meti_desk.protection import registry
from meti_desk.protection.base import Key, Lock
from meti_desk.protection.pdf import Pdf, normalized
from meti_desk.protection.pdf_compare import same

PDF = Pdf()
CORPUS = os.environ.get("METI_DESK_CORPUS", "")


def code_of(action: object, *arguments: object, **named: object) -> str:
    with pytest.raises(InvalidInput) as refused:
        action(*arguments, **named)  # type: ignore[operator]
    return refused.value.code


def protected(source: io.BytesIO, password: str = "pass") -> io.BytesIO:
    out = io.BytesIO()
    registry.protect("pdf", source, out, Lock(password))
    return out


def equal(one: io.BytesIO, two: io.BytesIO) -> bool:
    one.seek(0)
    two.seek(0)
    with pikepdf.open(one) as first, pikepdf.open(two) as second:
        return same(first, second)


@pytest.mark.parametrize(
    "password",
    ["a", "日本語のパスワード", "ＡＢＣ１２３", "絵文字😀", " a b ", "x" * 127, "鍵" * 42],
)
def test_round_trip(pdf: io.BytesIO, password: str) -> None:
    out = protected(pdf, password)
    opened = io.BytesIO()
    PDF.open(out, opened, Key(password))
    assert equal(pdf, opened)
    out.seek(0)
    with pikepdf.open(out, password=normalized(password)) as file:
        assert (file.encryption.R, file.encryption.bits) == (6, 256)
        assert file.encryption.stream_method.name == "aesv3"


def test_neither_text_nor_properties_show(pdf: io.BytesIO) -> None:
    out = protected(pdf)
    raw = out.getvalue()
    assert b"Keizai" in pdf.getvalue()
    assert b"Keizai" not in raw
    out.seek(0)
    with pikepdf.open(out, password="pass") as file:
        assert str(file.docinfo["/Author"]) == "Keizai Taro"
        assert file.trailer["/Encrypt"].get("/EncryptMetadata", True) is True


def test_full_width_and_plain_letters_are_one_password(pdf: io.BytesIO) -> None:
    out = protected(pdf, "ＡＢＣ　１２３")
    PDF.open(out, io.BytesIO(), Key("ABC 123"))
    assert normalized("a\u00adb\u3000") == "ab "


def test_a_password_that_others_did_not_normalize_opens(pdf: io.BytesIO) -> None:
    pdf.seek(0)
    theirs = io.BytesIO()
    with pikepdf.open(pdf) as file:
        file.save(
            theirs,
            encryption=pikepdf.Encryption(owner="１２", user="１２", R=6),
            compress_streams=False,
        )
    opened = io.BytesIO()
    PDF.open(theirs, opened, Key("１２"))
    assert equal(pdf, opened)


@pytest.mark.parametrize("revision", [2, 3, 4, 6])
def test_what_others_encrypted_is_opened_and_named(pdf: io.BytesIO, revision: int) -> None:
    pdf.seek(0)
    theirs = io.BytesIO()
    options = {"aes": revision >= 4, "metadata": revision >= 4}
    with pikepdf.open(pdf) as file:
        file.save(
            theirs,
            encryption=pikepdf.Encryption(owner="o", user="u", R=revision, **options),  # type: ignore[arg-type]
            compress_streams=False,
        )
    found = registry.detect(theirs)
    assert found is not None
    expected = {2: "rc4", 3: "rc4", 4: "aes-128", 6: "aes-256"}[revision]
    assert found.algorithms[0] == expected
    assert registry.listed(found) is (revision == 6)
    for password in ("u", "o"):
        opened = io.BytesIO()
        PDF.open(theirs, opened, Key(password))
        assert equal(pdf, opened)
    assert (
        code_of(PDF.protect, theirs, io.BytesIO(), Lock("p"), name="")
        == "protect.already-protected"
    )


def test_a_wrong_password_is_named_and_leaves_nothing(pdf: io.BytesIO) -> None:
    target = io.BytesIO()
    assert code_of(PDF.open, protected(pdf), target, Key("Pass")) == "open.wrong-password"
    assert target.getvalue() == b""


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "password.empty"),
        ("x" * 128, "password.too-long"),
        ("鍵" * 43, "password.too-long"),
        ("a\x00b", "password.bad-character"),
        ("\ud800", "password.bad-character"),
    ],
)
def test_passwords_that_pdf_cannot_carry(pdf: io.BytesIO, password: str, code: str) -> None:
    assert code_of(PDF.protect, pdf, io.BytesIO(), Lock(password), name="") == code


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "protect.wrong-kind"),
        (b"PK\x03\x04", "protect.wrong-kind"),
        (b"%PDF-1.7\n", "document.damaged"),
        (b"%PDF-1.7\ntrailer <<>>\n%%EOF", "document.damaged"),
    ],
)
def test_what_is_no_pdf_is_refused(content: bytes, code: str) -> None:
    target = io.BytesIO()
    assert code_of(PDF.protect, io.BytesIO(content), target, Lock("p"), name="") == code
    assert target.getvalue() == b""


def test_a_signed_pdf_is_refused_and_goes_into_a_zip(pdf: io.BytesIO) -> None:
    pdf.seek(0)
    signed = io.BytesIO()
    with pikepdf.open(pdf) as file:
        value = file.make_indirect(
            pikepdf.Dictionary(Type=pikepdf.Name.Sig, ByteRange=[0, 1, 2, 3], Contents=b"x")
        )
        field = file.make_indirect(pikepdf.Dictionary(FT=pikepdf.Name.Sig, T="s", V=value))
        file.Root.AcroForm = pikepdf.Dictionary(Fields=[field], SigFlags=3)
        file.save(signed)
    assert code_of(PDF.protect, signed, io.BytesIO(), Lock("p"), name="") == "document.signed"
    assert registry.choose("pdf", 1000, signed=True) == "zip"


def test_the_proof_sees_any_difference(pdf: io.BytesIO) -> None:
    out = protected(pdf)
    for change in ("text", "property", "page"):
        pdf.seek(0)
        other = io.BytesIO()
        with pikepdf.open(pdf) as file:
            if change == "text":
                file.pages[0].Contents = file.make_stream(b"BT ET")
            elif change == "property":
                file.docinfo["/Author"] = "Somebody"
            else:
                del file.pages[1]
            file.save(other)
        assert code_of(registry.prove, "pdf", other, out, Key("pass")) == "protect.not-proven"
    assert code_of(registry.prove, "pdf", pdf, pdf, Key("pass")) == "protect.not-proven"


def test_the_proof_sees_an_empty_password(pdf: io.BytesIO) -> None:
    pdf.seek(0)
    weak = io.BytesIO()
    with pikepdf.open(pdf) as file:
        file.save(weak, encryption=pikepdf.Encryption(owner="pass", user="", R=6))
    assert code_of(registry.prove, "pdf", pdf, weak, Key("pass")) == "protect.not-proven"


def test_damage_gives_an_error_by_name_or_a_document(pdf: io.BytesIO) -> None:
    raw = protected(pdf).getvalue()
    rng = random.Random(4)
    for _ in range(1500 if FULL else 120):
        at = rng.randrange(len(raw))
        flipped = raw[:at] + bytes([raw[at] ^ (1 << rng.randrange(8))]) + raw[at + 1 :]
        target = io.BytesIO()
        try:
            registry.open_any(io.BytesIO(flipped), target, Key("pass"))
        except InvalidInput:
            assert target.getvalue() == b""


def test_no_truncation_passes(pdf: io.BytesIO) -> None:
    raw = protected(pdf).getvalue()
    for length in range(0, len(raw) - 16, 3 if FULL else 41):
        target = io.BytesIO()
        code = code_of(registry.open_any, io.BytesIO(raw[:length]), target, Key("pass"))
        assert code in {"document.damaged", "open.not-protected", "open.unsupported"}
        assert target.getvalue() == b""


def test_every_pdf_of_the_corpus_is_protected_or_already_is() -> None:
    if not CORPUS:
        pytest.skip("METI_DESK_CORPUS is not set")
    paths = sorted(Path(CORPUS).rglob("*.pdf"))
    assert paths
    refused = set()
    for path in paths if FULL else paths[::3]:
        with path.open("rb") as source:
            try:
                registry.protect("pdf", source, io.BytesIO(), Lock("コーパス"))
            except InvalidInput as error:
                refused.add(error.code)
    assert refused <= {"protect.already-protected", "document.signed"}


def test_qpdf_opens_ours_and_refuses_without(pdf: io.BytesIO, tmp_path: Path) -> None:
    (tmp_path / "ours.pdf").write_bytes(protected(pdf, "a鍵b").getvalue())

    def qpdf(*arguments: str) -> int:
        command = ["qpdf", *arguments]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode

    assert qpdf("--check", "--password=a鍵b", "ours.pdf") == 0
    assert qpdf("--check", "--password=no", "ours.pdf") == 2
    assert qpdf("--check", "ours.pdf") == 2
    text = subprocess.run(
        ["pdftotext", "-upw", "a鍵b", "ours.pdf", "-"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    assert b"confidential page 2" in text.stdout


def test_ours_opens_what_qpdf_made(pdf: io.BytesIO, tmp_path: Path) -> None:
    (tmp_path / "plain.pdf").write_bytes(pdf.getvalue())
    command = ["qpdf", "--encrypt", "鍵", "鍵", "256", "--", "plain.pdf", "theirs.pdf"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    opened = io.BytesIO()
    with (tmp_path / "theirs.pdf").open("rb") as theirs:
        registry.open_any(theirs, opened, Key("鍵"))
    opened.seek(0)
    with pikepdf.open(opened) as file:
        assert not file.is_encrypted
        assert len(file.pages) == 2
