"""`openssl cms` as an independent maker and opener of envelopes."""

import shutil
import subprocess
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

OAEP = ("-keyopt", "rsa_padding_mode:oaep", "-keyopt", "rsa_oaep_md:sha256")
ECDH = ("-keyopt", "ecdh_kdf_md:sha256")


def available() -> bool:
    """Tell whether the program is there."""
    return shutil.which("openssl") is not None


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    """Run `openssl cms` in a folder; gives exit code and what it said."""
    done = subprocess.run(
        ["openssl", "cms", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stderr


def put(folder: Path, key: Private, certificate: bytes) -> tuple[str, str]:
    """Write a key and its certificate as PEM; gives both names."""
    pem = x509.load_der_x509_certificate(certificate).public_bytes(Encoding.PEM)
    (folder / "certificate.pem").write_bytes(pem)
    (folder / "key.pem").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return "certificate.pem", "key.pem"


def opens_for(folder: Path, envelope: bytes, key: Private, certificate: bytes) -> bytes | None:
    """Open an envelope with a private key; `None` when it is refused."""
    (folder / "ours.p7m").write_bytes(envelope)
    names = put(folder, key, certificate)
    return _opened(folder, "-recip", names[0], "-inkey", names[1])


def opens_by(folder: Path, envelope: bytes, password: str) -> bytes | None:
    """Open an envelope with a password; `None` when it is refused."""
    (folder / "ours.p7m").write_bytes(envelope)
    return _opened(folder, "-pwri_password", password)


def makes(folder: Path, content: bytes, *arguments: str) -> bytes:
    """Make an envelope (DER, or BER with `-stream`)."""
    (folder / "content").write_bytes(content)
    arguments = ("-encrypt", "-binary", "-outform", "DER", *arguments)
    code, said = run(folder, *arguments, "-in", "content", "-out", "theirs.p7m")
    assert code == 0, said
    return (folder / "theirs.p7m").read_bytes()


def _opened(folder: Path, *arguments: str) -> bytes | None:
    out = folder / "opened"
    out.unlink(missing_ok=True)
    given = ("-decrypt", "-inform", "DER", "-binary", "-in", "ours.p7m", "-out", "opened")
    code, _ = run(folder, *given, *arguments)
    return out.read_bytes() if code == 0 else None
