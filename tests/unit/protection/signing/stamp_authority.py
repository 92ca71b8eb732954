"""A time stamp authority of one's own: `openssl ts` behind a small HTTP server on this machine."""

import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.unit.protection.signing.signing_world import (
    MIDDLE,
    MIDDLE_KEY,
    STAMPING,
    certificate,
    private,
)

CONFIG = """
[tsa]
default_tsa = it
[it]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
certs = {folder}/chain.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


class Authority:
    """Stamps what it is asked to; `spoil` changes its answers before they leave."""

    def __init__(self, folder: Path, *, uses: tuple[x509.ObjectIdentifier, ...] = STAMPING) -> None:
        self._folder = folder
        self.questions: list[bytes] = []
        self.spoil = lambda answer: answer
        self.kind = "application/timestamp-reply"
        self.status = 200
        key = private("p256", 20)
        self.certificate = certificate(
            key, "試験時刻認証局", issuer=MIDDLE, by=MIDDLE_KEY, uses=uses
        )
        folder.mkdir(exist_ok=True)
        (folder / "tsa.key").write_bytes(
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        )
        (folder / "tsa.pem").write_bytes(self.certificate.public_bytes(Encoding.PEM))
        (folder / "chain.pem").write_bytes(MIDDLE.public_bytes(Encoding.PEM))
        (folder / "serial").write_text("1000\n")
        (folder / "tsa.cnf").write_text(CONFIG.format(folder=folder))
        self._server = HTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/tsa"

    def answer(self, question: bytes) -> bytes:
        """Stamp a question; an answer in DER, also where it is a refusal."""
        self.questions.append(question)
        asked, made = self._folder / "question", self._folder / "answer"
        asked.write_bytes(question)
        subprocess.run(
            ["openssl", "ts", "-reply", "-config", self._folder / "tsa.cnf", "-queryfile", asked,
             "-out", made],
            check=True, capture_output=True,
        )  # fmt: skip
        return self.spoil(made.read_bytes())

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                size = int(self.headers["Content-Length"])
                assert self.headers["Content-Type"] == "application/timestamp-query"
                answer = authority.answer(self.rfile.read(size))
                self.send_response(authority.status)
                if authority.status in (301, 302):
                    self.send_header("Location", authority.url + "/elsewhere")
                self.send_header("Content-Type", authority.kind)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


@contextmanager
def authority_in(folder: Path) -> Iterator[Authority]:
    """Run an authority; skips where openssl is not installed."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    with Authority(folder) as running:
        yield running
