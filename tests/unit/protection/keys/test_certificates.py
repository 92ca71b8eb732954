"""Certificates from outside: read from every wrapping, described, and judged by roots and lists."""

import base64
import io

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.hazmat.primitives.serialization.pkcs7 import serialize_certificates
from hypothesis import given, settings
from hypothesis import strategies as st

from meti_desk.domain.errors import InvalidInput
from meti_desk.protection.keys.certificates import ders_of, read
from meti_desk.protection.keys.facts import CertificateFacts, CertificatesOrder
from tests.unit.protection.keys.key_material import (
    DAY,
    NOW,
    YEAR,
    Authority,
    der,
    ec_key,
    make,
    p12,
    pem,
    rsa_key,
)

ROOT = Authority()
BETWEEN = Authority("検査用中間認証局", ec_key(901), ROOT)


def order(**more: object) -> CertificatesOrder:
    return CertificatesOrder(  # type: ignore[arg-type]
        **{"now": NOW.isoformat(), "roots": (der(ROOT.certificate),), **more}  # type: ignore[arg-type]
    )


def judged(certificate: x509.Certificate, **more: object) -> CertificateFacts:
    others = {"others": (der(BETWEEN.certificate),), **more}
    report = read(order(**others), io.BytesIO(der(certificate)))
    return report.certificates[0]


def refused(data: bytes) -> str:
    with pytest.raises(InvalidInput) as told:
        read(order(), io.BytesIO(data))
    return told.value.code


def test_every_wrapping_gives_the_same() -> None:
    one, other = make("甲", rsa_key(), ROOT), make("乙", ec_key(), ROOT)
    both = (der(one), der(other))
    wrapped = (
        pem(one) + pem(other),
        b"Bag Attributes\n  friendlyName: x\n" + pem(one).replace(b"\n", b"\r\n") + pem(other),
        serialize_certificates([one, other], Encoding.DER),
        serialize_certificates([one, other], Encoding.PEM),
        pem(one) + pem(other) + pem(one),
    )
    for data in wrapped:
        assert set(ders_of(data)) == set(both)
    assert ders_of(der(one)) == (der(one),)


def test_facts() -> None:
    facts = judged(make("経済 太郎", rsa_key(), BETWEEN, mail="taro@example.go.jp"))
    assert (facts.name, facts.issuer) == ("経済 太郎", "検査用中間認証局")
    assert facts.mails == ("taro@example.go.jp",)
    assert (facts.kind, facts.algorithm) == ("rsa-3072", "rsa-oaep-3072")
    assert facts.uses == ("encrypt", "sign")
    assert facts.ends.startswith("2027-11-20")
    assert len(facts.fingerprint) == 64
    assert (facts.state, facts.why, facts.revocation) == ("valid", "", False)
    assert judged(make("花子", ec_key(), ROOT)).algorithm == "ecdh-256"


def test_states_by_time() -> None:
    assert judged(make("甲", ec_key(), ROOT, ends=NOW - DAY)).state == "expired"
    assert judged(make("甲", ec_key(), ROOT, begins=NOW + DAY)).state == "not-yet"
    soon = make("甲", ec_key(), ROOT, ends=NOW + 20 * DAY)
    assert judged(soon).state == "expiring"
    assert judged(soon, warn_days=10).state == "valid"


def test_states_by_chain() -> None:
    leaf = make("甲", ec_key(), BETWEEN)
    assert judged(leaf).state == "valid"
    assert (judged(leaf, others=()).state, judged(leaf, roots=()).why) == (
        "untrusted",
        "chain.no-root",
    )
    together = read(order(), io.BytesIO(pem(leaf) + pem(BETWEEN.certificate)))
    assert together.certificates[0].state == "valid"
    itself = make("甲", ec_key())
    assert judged(itself).state == "self-signed"
    assert judged(itself, roots=(der(itself),)).state == "valid"
    impostor = Authority(key=ec_key(902))
    assert judged(make("甲", ec_key(), impostor)).state == "untrusted"
    ended = Authority("期限切れ認証局", ec_key(903), ROOT, ends=NOW - DAY)
    assert judged(make("甲", ec_key(), ended), others=(der(ended.certificate),)).why == (
        "chain.expired"
    )


def test_revoked() -> None:
    leaf = make("甲", ec_key(), BETWEEN)
    rest = (ROOT.revoke(),)
    found = judged(leaf, crls=(BETWEEN.revoke(leaf), *rest))
    assert (found.state, found.why, found.revocation) == ("revoked", "certificate.revoked", True)
    old = BETWEEN.revoke(leaf, until=NOW - 3 * DAY)
    assert judged(leaf, crls=(old, *rest)).state == "revoked"
    clean = judged(leaf, crls=(BETWEEN.revoke(), *rest))
    assert (clean.state, clean.revocation) == ("valid", True)
    assert judged(leaf, crls=(ROOT.revoke(BETWEEN.certificate),)).state == "revoked"
    forged = Authority("検査用中間認証局", ec_key(904)).revoke(leaf)
    assert judged(leaf, crls=(forged,)).state == "valid"


def test_what_nothing_can_be_encrypted_for() -> None:
    assert judged(make("甲", rsa_key(), ROOT, uses=("digital_signature",))).why == (
        "certificate.wrong-usage"
    )
    assert judged(make("甲", ec_key(), ROOT, uses=("key_encipherment",))).state == "unusable"
    assert judged(BETWEEN.certificate).state == "unusable"
    other = ed25519.Ed25519PrivateKey.generate()
    found = judged(make("甲", other, ROOT))
    assert (found.state, found.why, found.kind) == (
        "unusable",
        "certificate.wrong-kind",
        "ed25519",
    )
    curve = ec.generate_private_key(ec.SECP256K1())
    assert judged(make("甲", curve, ROOT)).state == "unusable"
    assert judged(make("甲", rsa_key(), ROOT, uses=None)).uses == ("encrypt", "sign")


def test_what_is_no_file_of_certificates() -> None:
    whole = der(make("甲", ec_key()))
    for damaged in (b"", b"text", whole[:-1], whole[:40], b"\x30\x80" * 10_000):
        assert refused(damaged) == "certificate.damaged"
    assert refused(pem(make("甲", ec_key())).replace(b"MII", b"!!!")) == "certificate.damaged"
    empty = b"-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n"
    assert refused(empty) == "certificate.none"
    many = b"".join(pem(make(str(n), ec_key())) for n in range(201))
    assert refused(many) == "certificate.too-many"


def test_a_private_key_is_refused_by_name() -> None:
    key = ec_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    assert refused(pem(make("甲", ec_key())) + key) == "certificate.holds-key"
    assert refused(p12(ec_key(), make("甲", ec_key()), "password")) == "certificate.holds-key"


def test_kept_ones_are_judged_anew() -> None:
    kept = der(make("甲", ec_key(), ROOT, ends=NOW + YEAR))
    later = order(held=(kept,), now=(NOW + 2 * YEAR).isoformat())
    assert read(order(held=(kept,)), None).certificates[0].state == "valid"
    assert read(later, None).certificates[0].state == "expired"


SAMPLE = der(make("経済 太郎", ec_key(), ROOT, mail="taro@example.go.jp"))


@settings(max_examples=300, derandomize=True, deadline=None)
@given(place=st.integers(0, len(SAMPLE) - 1), value=st.integers(0, 255))
def test_a_changed_byte_is_refused_or_told(place: int, value: int) -> None:
    data = bytearray(SAMPLE)
    data[place] = value
    for source in (bytes(data), _framed(bytes(data))):
        try:
            (found,) = read(order(), io.BytesIO(source)).certificates
        except InvalidInput as told:
            assert told.code.startswith("certificate.")  # noqa: PT017 - either way is right
        else:
            assert found.state != "valid" or found.data == SAMPLE


def _framed(data: bytes) -> bytes:
    body = base64.b64encode(data)
    return b"-----BEGIN CERTIFICATE-----\n" + body + b"\n-----END CERTIFICATE-----\n"
