import io
import random
from pathlib import Path

import protection_openssl as openssl
import pytest
from protection_people import KINDS, person

from meti_desk.domain.errors import InvalidInput, MetiDeskError
from meti_desk.protection import registry
from meti_desk.protection.base import Key, Lock
from meti_desk.protection.recipients import unwrap_mine

CMS = registry.CMS
PASSWORD = "日本語の鍵 pass"
STREAMS = [(), ("-stream",)]
CIPHERS = ["-aes-256-gcm", "-aes-128-gcm", "-aes-256-cbc", "-aes-192-cbc"]

pytestmark = pytest.mark.skipif(not openssl.available(), reason="openssl is not installed")


def ours(content: bytes, password: str = "", *kinds: str) -> bytes:
    """Make an envelope of ours, with a name and a label inside."""
    certificates = tuple(person(kind).certificate for kind in kinds)
    out = io.BytesIO()
    lock = Lock(password, certificates, 1000)
    registry.protect("cms", io.BytesIO(content), out, lock, name="案.docx", label="C2;I1;A1")
    return out.getvalue()


def opened(envelope: bytes, key: Key) -> bytes:
    target = io.BytesIO()
    assert registry.open_any(io.BytesIO(envelope), target, key) == ""
    return target.getvalue()


def key_of(envelope: bytes, kind: str) -> Key:
    wraps = registry.wraps(io.BytesIO(envelope))
    return Key(content_key=bytes(unwrap_mine(wraps, person(kind).own)))


@pytest.mark.parametrize("size", [0, 1, 70_000])
def test_openssl_opens_ours_byte_for_byte(tmp_path: Path, size: int) -> None:
    content = random.Random(size).randbytes(size)
    envelope = ours(content, PASSWORD, *KINDS)
    assert openssl.opens_by(tmp_path, envelope, PASSWORD) == content
    for kind in KINDS:
        assert openssl.opens_for(tmp_path, envelope, *person(kind)) == content


def test_openssl_opens_ours_for_nobody_else(tmp_path: Path) -> None:
    envelope = ours(b"secret", PASSWORD, "p-256")
    assert openssl.opens_by(tmp_path, envelope, "other") is None
    assert openssl.opens_for(tmp_path, envelope, *person("p-256", 7)) is None
    alone = ours(b"secret", "", "rsa-3072")
    assert openssl.opens_by(tmp_path, alone, PASSWORD) is None
    assert openssl.opens_for(tmp_path, alone, *person("p-256")) is None


def test_openssl_sees_a_change_in_ours(tmp_path: Path) -> None:
    envelope = bytearray(ours(b"secret " * 100, PASSWORD))
    envelope[-200] ^= 1
    assert openssl.opens_by(tmp_path, bytes(envelope), PASSWORD) is None
    target = io.BytesIO()
    with pytest.raises(InvalidInput) as refused:
        CMS.open(io.BytesIO(bytes(envelope)), target, Key(PASSWORD))
    assert (refused.value.code, target.getvalue()) == ("open.tampered", b"")


@pytest.mark.parametrize("stream", STREAMS)
@pytest.mark.parametrize("cipher", CIPHERS)
def test_ours_opens_what_openssl_made_for_certificates(
    tmp_path: Path, cipher: str, stream: tuple[str, ...]
) -> None:
    content = random.Random(5).randbytes(20_000)
    for kind in KINDS:
        name, _ = openssl.put(tmp_path, *person(kind))
        ways = [openssl.OAEP] if kind.startswith("rsa") else [openssl.ECDH, ()]
        for way in ways:
            made = openssl.makes(tmp_path, content, *stream, cipher, "-recip", name, *way)
            assert opened(made, key_of(made, kind)) == content
            found = registry.detect(io.BytesIO(made))
            assert found is not None
            expected = ("open.no-integrity",) if "cbc" in cipher else ()
            assert found.notes == expected
            with pytest.raises(MetiDeskError) as refused:
                key_of(made, "p-256" if kind != "p-256" else "p-384")
            assert refused.value.code == "open.not-for-you"


@pytest.mark.parametrize("stream", STREAMS)
@pytest.mark.parametrize("size", [0, 15, 16, 50_000])
def test_ours_opens_what_openssl_made_with_a_password(
    tmp_path: Path, stream: tuple[str, ...], size: int
) -> None:
    content = random.Random(size).randbytes(size)
    made = openssl.makes(tmp_path, content, *stream, "-aes-256-cbc", "-pwri_password", PASSWORD)
    assert opened(made, Key(PASSWORD)) == content
    with pytest.raises(InvalidInput) as refused:
        opened(made, Key("other"))
    assert refused.value.code == "open.wrong-password"


def test_several_recipients_of_openssl(tmp_path: Path) -> None:
    names = []
    for kind in ("rsa-3072", "p-256"):
        openssl.put(tmp_path, *person(kind))
        names.append(f"{kind}.pem")
        (tmp_path / "certificate.pem").rename(tmp_path / names[-1])
    both = ("-recip", names[0], *openssl.OAEP, "-recip", names[1])
    made = openssl.makes(tmp_path, b"content", "-aes-256-gcm", "-keyid", *both)
    for kind in ("rsa-3072", "p-256"):
        assert opened(made, key_of(made, kind)) == b"content"


def test_key_transport_without_oaep_is_told_by_name(tmp_path: Path) -> None:
    name, _ = openssl.put(tmp_path, *person("rsa-3072"))
    made = openssl.makes(tmp_path, b"content", "-aes-256-cbc", "-recip", name)
    for work in (
        lambda: registry.wraps(io.BytesIO(made)),
        lambda: registry.contents(io.BytesIO(made), Key(PASSWORD)),
    ):
        with pytest.raises(InvalidInput) as refused:
            work()
        assert refused.value.code == "open.unsupported"
        assert refused.value.params["what"] == "rsaes-pkcs1-v1_5"


def test_a_cipher_that_nobody_should_use_is_not_opened(tmp_path: Path) -> None:
    made = openssl.makes(tmp_path, b"content", "-des3", "-pwri_password", PASSWORD)
    found = registry.detect(io.BytesIO(made))
    assert found is not None
    assert (found.method, found.openable) == ("cms", False)
    with pytest.raises(InvalidInput) as refused:
        opened(made, Key(PASSWORD))
    assert refused.value.code == "open.unsupported"


@pytest.mark.parametrize("stream", STREAMS)
def test_truncated_and_changed_files_of_openssl(tmp_path: Path, stream: tuple[str, ...]) -> None:
    content = random.Random(8).randbytes(9000)
    name, _ = openssl.put(tmp_path, *person("p-256"))
    made = openssl.makes(tmp_path, content, *stream, "-aes-256-gcm", "-recip", name, *openssl.ECDH)
    content_key = key_of(made, "p-256")
    places = random.Random(9).sample(range(len(made)), 400)
    for at in (*range(400), *places, *range(len(made) - 60, len(made))):
        for changed in (made[:at], made[:at] + bytes([made[at] ^ 4]) + made[at + 1 :]):
            target = io.BytesIO()
            try:
                CMS.open(io.BytesIO(changed), target, content_key)
            except InvalidInput:
                assert target.getvalue() == b""
            else:
                assert target.getvalue() == content


def test_cbc_that_was_changed_may_open_and_says_that_it_cannot_tell(tmp_path: Path) -> None:
    made = bytearray(
        openssl.makes(tmp_path, b"x" * 200, "-aes-256-cbc", "-pwri_password", PASSWORD)
    )
    made[-100] ^= 1
    assert opened(bytes(made), Key(PASSWORD)) != b"x" * 200
    found = registry.detect(io.BytesIO(bytes(made)))
    assert found is not None
    assert found.notes == ("open.no-integrity",)
    target = io.BytesIO()
    with pytest.raises(InvalidInput) as refused:
        CMS.open(io.BytesIO(bytes(made[:-16])), target, Key(PASSWORD))
    assert refused.value.code == "document.damaged"
    assert target.getvalue() == b""


@pytest.mark.parametrize("form", ["SMIME", "PEM"])
@pytest.mark.parametrize("cipher", ["-aes-256-gcm", "-aes-256-cbc"])
def test_envelopes_written_as_text(tmp_path: Path, form: str, cipher: str) -> None:
    content = random.Random(4).randbytes(5000)
    name, _ = openssl.put(tmp_path, *person("p-256"))
    more = ("-outform", form, cipher, "-recip", name, *openssl.ECDH)
    made = openssl.makes(tmp_path, content, *more)
    assert made[:1] in {b"M", b"-"}
    assert opened(made, key_of(made, "p-256")) == content
    found = registry.detect(io.BytesIO(made))
    assert found is not None
    assert found.method == "cms"
    content_key = key_of(made, "p-256")
    for at in range(0, len(made), 97):
        for changed in (made[:at], made[:at] + b"!" + made[at + 1 :]):
            target = io.BytesIO()
            try:
                CMS.open(io.BytesIO(changed), target, content_key)
            except InvalidInput:
                assert target.getvalue() == b""
            else:
                assert target.getvalue() == content or "cbc" in cipher


def test_signed_mail_is_no_envelope(tmp_path: Path) -> None:
    text = b"MIME-Version: 1.0\nContent-Type: application/pkcs7-mime\n"
    text += b"Content-Transfer-Encoding: base64\n\n"
    assert registry.detect(io.BytesIO(text + b"MAMCAQA=\n")) is None
    found = registry.detect(io.BytesIO(text + b"====\n"))
    assert found is not None
    assert found.method == "cms"
    large = tmp_path / "large"
    with large.open("w+b") as file:
        file.write(text)
        file.truncate(100 << 20)
        with pytest.raises(InvalidInput) as refused:
            CMS.wraps(file)
    assert refused.value.code == "document.too-large"
