"""Who opens what: every method with the programs of strangers, both ways."""

import io
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "protection"))

import protection_chromium as chromium
import protection_libreoffice as libreoffice
import protection_openssl as openssl
from protection_people import person

from meti_desk.protection import registry
from meti_desk.protection.base import Lock

PASSWORD, WRONG = "Correct-horse-7-staple", "wrong-password"
TEXT = "confidential-4711"
CONTENT = b"confidential-4711 " * 3000


class Opener(NamedTuple):
    """A program that opens what a method makes; `tries` gives `True` where it gave the content."""

    method: str
    kind: str
    program: str
    command: str
    tries: Callable[[Path, str], bool]


class Maker(NamedTuple):
    """A program whose protected files we open; `makes` gives the file and options of `open`."""

    program: str
    kind: str
    method: str
    command: str
    makes: Callable[[Path], tuple[Path, bytes, tuple[str, ...]]]


def missing() -> list[str]:
    """Name the programs that are not installed."""
    wanted = {one.command for one in OPENERS} | {one.command for one in MAKERS}
    there = {name for name in wanted if shutil.which(name)}
    if chromium.program():
        there.add("chromium")
    return sorted(wanted - there - {"python"})


def made(
    folder: Path, method: str, source: io.BytesIO, ending: str, lock: Lock | None = None
) -> Path:
    """Protect a file as the application does."""
    path = folder / f"ours{ending}"
    if not path.exists():
        with path.open("w+b") as target:
            registry.protect(method, source, target, lock or Lock(PASSWORD), name="inside.bin")
    return path


def ran(folder: Path, *command: str) -> subprocess.CompletedProcess[bytes]:
    """Run a program; it has a minute."""
    return subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=120,
        check=False,
    )


def docx() -> io.BytesIO:
    """Make a Word document."""
    from docx import Document

    document = Document()
    document.add_paragraph(TEXT)
    return _saved(document.save)


def xlsx() -> io.BytesIO:
    """Make a workbook."""
    from openpyxl import Workbook

    book = Workbook()
    book.worksheets[0]["A1"] = TEXT
    return _saved(book.save)


def pptx() -> io.BytesIO:
    """Make a presentation."""
    from pptx import Presentation

    deck = Presentation()
    deck.slides.add_slide(deck.slide_layouts[0]).shapes.title.text = TEXT
    return _saved(deck.save)


def pdf() -> io.BytesIO:
    """Make a PDF."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawString(72, 720, TEXT)
    canvas.save()
    return out


def _saved(save: Callable[[io.BytesIO], object]) -> io.BytesIO:
    out = io.BytesIO()
    save(out)
    return out


def _libreoffice(kind: str, target: str) -> Callable[[Path, str], bool]:
    source = {"docx": docx, "xlsx": xlsx, "pptx": pptx}[kind]

    def tries(folder: Path, password: str) -> bool:
        ours = made(folder, "office", source(), f".{kind}")
        out = folder / f"{kind}-{len(password)}.out"
        if not libreoffice.convert(folder, ours, out, target, password):
            return False
        return TEXT in _readable(out)

    return tries


def _readable(path: Path) -> str:
    """Give the text of what LibreOffice saved: text as it is, or the text of a PDF."""
    raw = path.read_bytes()
    if not raw.startswith(b"%PDF"):
        return raw.decode("utf-8-sig", "replace")
    return ran(path.parent, "pdftotext", str(path), "-").stdout.decode("utf-8", "replace")


def _qpdf(folder: Path, password: str) -> bool:
    ours = made(folder, "pdf", pdf(), ".pdf")
    (folder / "plain.pdf").unlink(missing_ok=True)
    done = ran(folder, "qpdf", f"--password={password}", "--decrypt", str(ours), "plain.pdf")
    return done.returncode == 0 and TEXT in _readable(folder / "plain.pdf")


def _pdftotext(folder: Path, password: str) -> bool:
    ours = made(folder, "pdf", pdf(), ".pdf")
    done = ran(folder, "pdftotext", "-upw", password, str(ours), "-")
    return done.returncode == 0 and TEXT in done.stdout.decode()


def _mutool(folder: Path, password: str) -> bool:
    ours = made(folder, "pdf", pdf(), ".pdf")
    done = ran(folder, "mutool", "draw", "-p", password, "-F", "txt", str(ours))
    return done.returncode == 0 and TEXT in done.stdout.decode()


def _seven(folder: Path, password: str) -> bool:
    ours = made(folder, "zip", io.BytesIO(CONTENT), ".zip")
    (folder / "inside.bin").unlink(missing_ok=True)
    done = ran(folder, "7z", "x", "-y", f"-p{password}", str(ours))
    taken = folder / "inside.bin"
    return done.returncode == 0 and taken.read_bytes() == CONTENT


def _openssl_password(folder: Path, password: str) -> bool:
    ours = made(folder, "cms", io.BytesIO(CONTENT), ".p7m")
    got = openssl.opens_by(folder, ours.read_bytes(), password or " ")
    return got is not None and CONTENT in got


def _openssl_key(kind: str) -> Callable[[Path, str], bool]:
    def tries(folder: Path, password: str) -> bool:
        lock = Lock(certificates=(person(kind).certificate,))
        ours = made(folder, "cms", io.BytesIO(CONTENT), f"-{kind}.p7m", lock)
        # Another's key takes the place of a wrong password.
        one = person(kind, 0 if password == PASSWORD else 1)
        got = openssl.opens_for(folder, ours.read_bytes(), one.key, one.certificate)
        return got is not None and CONTENT in got

    return tries


def _chromium(folder: Path, password: str) -> bool:
    ours = made(folder, "html", io.BytesIO(CONTENT), ".html")
    place = folder / f"browser-{len(password)}"
    place.mkdir()
    with chromium.browser(place) as page:
        page.show(ours)
        page.run(f"document.getElementById('password').value = {password!r}")
        page.run("document.getElementById('open').click()")
        error = "document.getElementById('error').textContent"
        links = "document.querySelectorAll('#list a')"
        page.wait_for(f"{error} || {links}.length")
        if page.run(error):
            return False
        page.run(f"{links}[0].click()")
        return page.download().read_bytes() == CONTENT


OPENERS = (
    Opener("office", "docx", "LibreOffice", "soffice", _libreoffice("docx", "Text")),
    Opener("office", "xlsx", "LibreOffice", "soffice", _libreoffice("xlsx", "calc_pdf_Export")),
    Opener("office", "pptx", "LibreOffice", "soffice", _libreoffice("pptx", "impress_pdf_Export")),
    Opener("pdf", "pdf", "qpdf", "qpdf", _qpdf),
    Opener("pdf", "pdf", "pdftotext (Poppler)", "pdftotext", _pdftotext),
    Opener("pdf", "pdf", "mutool (MuPDF)", "mutool", _mutool),
    Opener("zip", "zip", "7-Zip", "7z", _seven),
    Opener("cms", "p7m、パスワード", "openssl cms", "openssl", _openssl_password),
    Opener("cms", "p7m、RSA の証明書", "openssl cms", "openssl", _openssl_key("rsa-3072")),
    Opener("cms", "p7m、P-256 の証明書", "openssl cms", "openssl", _openssl_key("p-256")),
    Opener("html", "html", "Chromium", "chromium", _chromium),
)


def _by_seven(kind: str) -> Callable[[Path], tuple[Path, bytes, tuple[str, ...]]]:
    def makes(folder: Path) -> tuple[Path, bytes, tuple[str, ...]]:
        (folder / "a.bin").write_bytes(CONTENT)
        command = ("a", "-tzip", f"-mem={kind}", f"-p{PASSWORD}", "theirs.zip", "a.bin")
        assert ran(folder, "7z", *command).returncode == 0
        return folder / "theirs.zip", CONTENT, ()

    return makes


def _by_qpdf(bits: str, *more: str) -> Callable[[Path], tuple[Path, bytes, tuple[str, ...]]]:
    def makes(folder: Path) -> tuple[Path, bytes, tuple[str, ...]]:
        (folder / "plain.pdf").write_bytes(pdf().getvalue())
        lock = ("--encrypt", PASSWORD, PASSWORD, bits, *more, "--")
        assert ran(folder, "qpdf", *lock, "plain.pdf", "theirs.pdf").returncode == 0
        return folder / "theirs.pdf", TEXT.encode(), ()

    return makes


def _by_msoffcrypto(folder: Path) -> tuple[Path, bytes, tuple[str, ...]]:
    import msoffcrypto

    source = docx()
    with (folder / "theirs.docx").open("wb") as target:
        msoffcrypto.OfficeFile(source).encrypt(PASSWORD, target)
    return folder / "theirs.docx", source.getvalue(), ()


def _by_openssl(*options: str) -> Callable[[Path], tuple[Path, bytes, tuple[str, ...]]]:
    def makes(folder: Path) -> tuple[Path, bytes, tuple[str, ...]]:
        (folder / "theirs.p7m").write_bytes(openssl.makes(folder, CONTENT, *options))
        return folder / "theirs.p7m", CONTENT, ()

    return makes


def _by_openssl_for(
    kind: str, *options: str
) -> Callable[[Path], tuple[Path, bytes, tuple[str, ...]]]:
    def makes(folder: Path) -> tuple[Path, bytes, tuple[str, ...]]:
        from cryptography import x509
        from cryptography.hazmat.primitives.serialization import (
            BestAvailableEncryption,
            pkcs12,
        )

        one = person(kind)
        certificate, _ = openssl.put(folder, one.key, one.certificate)
        envelope = openssl.makes(folder, CONTENT, "-recip", certificate, *options)
        (folder / "theirs.p7m").write_bytes(envelope)
        held = pkcs12.serialize_key_and_certificates(
            b"key",
            one.key,
            x509.load_der_x509_certificate(one.certificate),
            None,
            BestAvailableEncryption(PASSWORD.encode()),
        )
        (folder / "own.p12").write_bytes(held)
        return folder / "theirs.p7m", CONTENT, ("--key", str(folder / "own.p12"))

    return makes


_GCM, _CBC = ("-aes-256-gcm",), ("-aes-256-cbc",)
_PWRI = ("-pwri_password", PASSWORD)
MAKERS = (
    Maker("7-Zip", "AES-256", "zip", "7z", _by_seven("AES256")),
    Maker("7-Zip", "AES-128", "zip", "7z", _by_seven("AES128")),
    Maker("7-Zip", "ZipCrypto（弱い）", "zip", "7z", _by_seven("ZipCrypto")),
    Maker("qpdf", "AES-256（R6）", "pdf", "qpdf", _by_qpdf("256")),
    Maker("qpdf", "AES-128（R4）", "pdf", "qpdf", _by_qpdf("128", "--use-aes=y")),
    Maker("msoffcrypto", "docx、agile", "office", "python", _by_msoffcrypto),
    Maker(
        "openssl cms",
        "RSA-OAEP と AES-256-GCM",
        "cms",
        "openssl",
        _by_openssl_for("rsa-3072", *_GCM, *openssl.OAEP),
    ),
    Maker(
        "openssl cms",
        "ECDH（P-256）と AES-256-GCM",
        "cms",
        "openssl",
        _by_openssl_for("p-256", *_GCM, *openssl.ECDH),
    ),
    Maker(
        "openssl cms",
        "パスワードと AES-256-CBC（改ざんを検知できない）",
        "cms",
        "openssl",
        _by_openssl(*_CBC, *_PWRI),
    ),
)
