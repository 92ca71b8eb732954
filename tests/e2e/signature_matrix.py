"""Signatures by others and by us, as cells of a table: each tries one thing for real.

`OURS` are programs that verify what we signed: whole, and changed afterwards. `THEIRS` are programs
whose signatures we verify: whole, and changed afterwards.
"""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers

from tests.unit.protection.signing.signing_world import (
    detached,
    in_pdf,
    key_of,
    pem_files,
    pkcs12_of,
    plain_pdf,
    signed_pdf,
    verified,
)

CONTENT = "取決めの内容\n".encode()
Cells = tuple[bool, bool]
"""Whether it is taken as it is, and whether a change is found."""


@dataclass(frozen=True)
class Row:
    """One row: what kind of signature, which program, and what is tried."""

    kind: str
    program: str
    command: str
    tries: Callable[[Path], Cells]


def missing() -> list[str]:
    """Name the programs that are not installed."""
    return sorted({one.command for one in (*OURS, *THEIRS) if shutil.which(one.command) is None})


def ran(*words: str | Path) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run([*map(str, words)], capture_output=True, check=False)


def _changed(data: bytes) -> bytes:
    return data.replace(b"Agreement 100", b"Agreement 900")


def _openssl_verifies(kind: str) -> Callable[[Path], Cells]:
    def tries(folder: Path) -> Cells:
        *_, root = pem_files(folder, kind)
        (folder / "content").write_bytes(CONTENT)
        (folder / "other").write_bytes(CONTENT + b"!")
        (folder / "content.p7s").write_bytes(detached(CONTENT, key_of(kind), label="C2"))
        command = ("openssl", "cms", "-verify", "-binary", "-cades", "-inform", "DER", "-in",
                   folder / "content.p7s", "-CAfile", root, "-content")  # fmt: skip
        good = ran(*command, folder / "content")
        return good.stdout == CONTENT, ran(*command, folder / "other").returncode != 0

    return tries


def _pdf_verifies(command: tuple[str, ...], says: bytes, kind: str) -> Callable[[Path], Cells]:
    def tries(folder: Path) -> Cells:
        path, made = folder / "a.pdf", signed_pdf(plain_pdf(), key_of(kind))
        path.write_bytes(made)
        good = says in ran(*command, path).stdout
        path.write_bytes(_changed(made))
        return good, says not in ran(*command, path).stdout

    return tries


def _qpdf_takes(folder: Path) -> Cells:
    """Check how the file is built; qpdf verifies no signatures, so a broken table is the change."""
    path, made = folder / "a.pdf", signed_pdf(signed_pdf(plain_pdf()))
    path.write_bytes(made)
    good = ran("qpdf", "--check", path).returncode == 0
    path.write_bytes(made.replace(b"startxref\n", b"startxref\n9"))
    return good, ran("qpdf", "--check", path).returncode != 0


def _openssl_signs(kind: str, *more: str) -> Callable[[Path], Cells]:
    def tries(folder: Path) -> Cells:
        key, cert, middle, _ = pem_files(folder, kind)
        (folder / "content").write_bytes(CONTENT)
        made = ran(
            "openssl", "cms", "-sign", "-binary", "-in", folder / "content", "-signer", cert,
            "-inkey", key, "-certfile", middle, "-outform", "DER", *more,
        ).stdout  # fmt: skip
        (good,), (bad,) = verified(made, CONTENT), verified(made, CONTENT + b"!")
        return good.intact and good.chain == "trusted", not bad.intact

    return tries


def _pyhanko_signs(kind: str, *, pss: bool) -> Callable[[Path], Cells]:
    def tries(folder: Path) -> Cells:
        signer = signers.SimpleSigner.load_pkcs12(
            str(pkcs12_of(folder, kind)), passphrase="かぎ".encode(), prefer_pss=pss
        )
        writer = IncrementalPdfFileWriter(BytesIO(plain_pdf()))
        meta = signers.PdfSignatureMetadata(field_name="Other")
        made = signers.sign_pdf(writer, meta, signer=signer).getvalue()
        (good,), (bad,) = in_pdf(made), in_pdf(_changed(made))
        return good.intact and good.chain == "trusted", not bad.intact

    return tries


_POPPLER = "pdfsig (Poppler)"
_VALID = b"Signature is Valid"
_UNCHANGED = b"The document is unchanged since signing"

OURS = (
    Row("`.p7s`、RSA-PSS", "openssl cms（CAdES）", "openssl", _openssl_verifies("rsa3072")),
    Row("`.p7s`、ECDSA", "openssl cms（CAdES）", "openssl", _openssl_verifies("p256")),
    Row("PDF、RSA-PSS", _POPPLER, "pdfsig", _pdf_verifies(("pdfsig",), _VALID, "rsa3072")),
    Row("PDF、ECDSA", _POPPLER, "pdfsig", _pdf_verifies(("pdfsig",), _VALID, "p256")),
    Row(
        "PDF、ECDSA", "mutool (MuPDF)", "mutool",
        _pdf_verifies(("mutool", "sign", "-v"), _UNCHANGED, "p256"),
    ),
    Row("PDF、署名二つ（構造）", "qpdf", "qpdf", _qpdf_takes),
)  # fmt: skip
THEIRS = (
    Row("CMS、RSA-PSS", "openssl cms", "openssl",
        _openssl_signs("rsa3072", "-keyopt", "rsa_padding_mode:pss")),
    Row("CMS、RSASSA-PKCS1-v1_5", "openssl cms", "openssl", _openssl_signs("rsa3072")),
    Row("CMS、ECDSA（CAdES、SHA-384）", "openssl cms", "openssl",
        _openssl_signs("p384", "-md", "sha384", "-cades")),
    Row("PDF、RSA-PSS", "pyHanko", "openssl", _pyhanko_signs("rsa3072", pss=True)),
    Row("PDF、ECDSA", "pyHanko", "openssl", _pyhanko_signs("p256", pss=False)),
)  # fmt: skip
