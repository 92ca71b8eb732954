"""Enrolment by a certificate: a real TLS proxy that asks for one and tells whose it is."""

import datetime as dt
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from meti_desk.domain.errors import EnvironmentProblem, InvalidInput, MetiDeskError
from meti_desk.server import keys, people, storage
from meti_desk.server.settings import Proxy, Settings
from meti_desk.server.syncing import Server
from meti_desk.server.web import application
from meti_desk.services.syncing import Syncing
from meti_desk.sync.line import HttpLine
from tests.unit.server.test_attacks import call
from tests.unit.services.fakes import World

NOW = 1_795_000_000_000


class Authority:
    """Makes certificates that end in a day."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "root")])
        self.root = self._made(self.name, self.key.public_key(), None)
        self.path = folder / "root.pem"
        self.path.write_bytes(self.root.public_bytes(serialization.Encoding.PEM))

    def give(self, name: str, mail: str = "", password: bytes = b"") -> Path:
        key = ec.generate_private_key(ec.SECP256R1())
        parts = [x509.NameAttribute(NameOID.COMMON_NAME, name)]
        if mail:
            parts.append(x509.NameAttribute(NameOID.EMAIL_ADDRESS, mail))
        made = self._made(x509.Name(parts), key.public_key(), name)
        how = (
            serialization.BestAvailableEncryption(password)
            if password else serialization.NoEncryption()
        )  # fmt: skip
        path = self.folder / f"{name}.pem"
        path.write_bytes(
            made.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, how)
        )
        return path

    def _made(
        self, name: x509.Name, key: ec.EllipticCurvePublicKey, host: str | None
    ) -> x509.Certificate:
        now = dt.datetime.now(dt.UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self.name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(hours=1))
            .not_valid_after(now + dt.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=host is None, path_length=None), critical=True)
        )
        if host is not None:
            names = x509.SubjectAlternativeName([x509.DNSName(host)])
            builder = builder.add_extension(names, critical=False)
        return builder.sign(self.key, hashes.SHA256())


class Front(HTTPServer):
    """The proxy: it believes certificates of the authority, and takes its header from others."""

    app: Any


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_all: object) -> None:
        pass

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        given: Any = self.connection
        assert isinstance(self.server, Front)
        subject = {name: value for ((name, value),) in given.getpeercert()["subject"]}
        headers = {"x-client-mail": subject.get("emailAddress", "")}
        status, answer = call(self.server.app, self.path, body, headers)
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)


class Quiet(Front):
    def handle_error(self, *_all: object) -> None:
        """Say nothing of who shows no certificate."""


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    made = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.path))
    return made


@pytest.fixture
def url(authority: Authority, tmp_path: Path) -> Iterator[str]:
    folder = tmp_path / "ministry"
    folder.mkdir()
    storage.make(folder)
    server = Server(storage.Database(folder), keys.make(folder))
    people.put_person(server.database, people.Person("y1", "山田", "政策課", "y@x.jp"), NOW)
    # The tests' requests come from 192.0.2.7.
    proxy = Proxy(addresses=("192.0.2.7",), person_header="x-client-mail")
    front = Quiet(("127.0.0.1", 0), Handler)
    front.app = application(server, lambda: NOW, Settings(proxy=proxy))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(authority.path))
    context.load_cert_chain(authority.give("localhost"))
    context.verify_mode = ssl.CERT_REQUIRED
    front.socket = context.wrap_socket(front.socket, server_side=True)
    thread = threading.Thread(target=front.serve_forever)
    thread.start()
    yield f"https://localhost:{front.server_port}"
    front.shutdown()
    thread.join(20)
    front.server_close()
    server.database.close()


def test_who_shows_a_certificate_gets_a_device(
    world: World, authority: Authority, url: str
) -> None:
    area = Syncing(world.ctx, HttpLine())
    stranger = HttpLine(authority.give("stranger", "stranger@x.jp"))
    with pytest.raises(MetiDeskError, match=r"proxy\.refused"):
        area.enrol_by_certificate(url, stranger)
    with pytest.raises(EnvironmentProblem):
        area.enrol_by_certificate(url, HttpLine())
    assert not area.status().enrolled
    line = HttpLine(authority.give("yamada", "Y@x.jp"))
    with pytest.raises(MetiDeskError, match=r"sync\.other-server"):
        area.enrol_by_certificate(url, line, "0" * 16)
    with pytest.raises(InvalidInput, match=r"enrol\.code-form"):
        area.enrol_by_certificate(url, line, "short")
    assert area.enrol_by_certificate(url, line).person == "y1"
    with pytest.raises(MetiDeskError, match=r"sync\.enrolled-already"):
        area.enrol_by_certificate(url, line)


def test_a_file_that_is_none_is_told(
    world: World, authority: Authority, url: str, tmp_path: Path
) -> None:
    (tmp_path / "text.pem").write_text("no certificate", encoding="ascii")
    bad = [tmp_path / "nowhere.pem", tmp_path / "text.pem", authority.path,
           authority.give("locked", "y@x.jp", b"a password")]  # fmt: skip
    for path in bad:
        with pytest.raises(InvalidInput, match=r"sync\.certificate"):
            Syncing(world.ctx, HttpLine(path)).enrol_by_certificate(url, HttpLine(path))
