"""The own key in a PKCS#12 file: what opens it, and that everything else is told by name."""

import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from meti_desk.domain.errors import InvalidInput
from meti_desk.protection.keys.p12 import load_p12
from tests.unit.protection.keys.key_material import Authority, der, ec_key, make, p12, rsa_key

PASSWORD = "桜 さくら-2026"


def refused(data: bytes, password: str = PASSWORD) -> str:
    with pytest.raises(InvalidInput) as told:
        load_p12(data, password)
    assert PASSWORD not in str(told.value)
    return told.value.code


def public(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def test_rsa_decrypts_and_signs() -> None:
    root = Authority()
    certificate = make("経済 太郎", rsa_key(), root)
    held = load_p12(p12(rsa_key(), certificate, PASSWORD, (root.certificate,)), PASSWORD)
    assert held.certificate == der(certificate)
    assert held.chain == (der(root.certificate),)
    for name, kind in (("sha1", hashes.SHA1), ("sha256", hashes.SHA256), ("sha512", hashes.SHA512)):
        pad = padding.OAEP(padding.MGF1(kind()), kind(), None)
        assert held.decrypt_oaep(rsa_key().public_key().encrypt(b"key", pad), name) == b"key"
    algorithm, signature = held.sign(b"text")
    assert algorithm == "rsa-pss"
    rsa_key().public_key().verify(
        signature, b"text", padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256()
    )


def test_elliptic_curve_agrees_and_signs() -> None:
    held = load_p12(p12(ec_key(), make("経済 花子", ec_key()), PASSWORD), PASSWORD)
    other = ec_key(1)
    assert held.agree(public(other)) == other.exchange(ec.ECDH(), ec_key().public_key())
    algorithm, signature = held.sign(b"text")
    assert algorithm == "ecdsa"
    ec_key().public_key().verify(signature, b"text", ec.ECDSA(hashes.SHA256()))


def test_a_key_does_only_what_its_kind_can() -> None:
    rsa_held = load_p12(p12(rsa_key(), make("甲", rsa_key()), PASSWORD), PASSWORD)
    ec_held = load_p12(p12(ec_key(), make("乙", ec_key()), PASSWORD), PASSWORD)
    other_curve = ec.generate_private_key(ec.SECP384R1())
    for attempt, code in (
        (lambda: rsa_held.agree(public(ec_key())), "key.unusable"),
        (lambda: ec_held.decrypt_oaep(b"x", "sha256"), "key.unusable"),
        (lambda: rsa_held.decrypt_oaep(b"x", "md5"), "key.unusable"),
        (lambda: rsa_held.decrypt_oaep(b"x" * 384, "sha256"), "key.no-match"),
        (lambda: ec_held.agree(b"no key"), "key.no-match"),
        (lambda: ec_held.agree(public(other_curve)), "key.no-match"),
    ):
        with pytest.raises(InvalidInput) as told:
            attempt()
        assert told.value.code == code


def test_a_closed_key_does_nothing_any_more() -> None:
    held = load_p12(p12(ec_key(), make("甲", ec_key()), PASSWORD), PASSWORD)
    held.close()
    assert repr(held) == "SoftwareKey()"
    with pytest.raises(InvalidInput):
        held.sign(b"text")


def test_without_a_password() -> None:
    data = p12(ec_key(), make("甲", ec_key()), "")
    assert load_p12(data, "").certificate
    assert refused(data, "guess") == "key.wrong-password"


def test_what_openssl_writes_opens(tmp_path: Path) -> None:
    certificate = make("甲", ec_key())
    whole = tmp_path / "all.pem"
    from cryptography.hazmat.primitives.serialization import NoEncryption, PrivateFormat

    whole.write_bytes(
        ec_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + certificate.public_bytes(Encoding.PEM)
    )
    (tmp_path / "password").write_text(PASSWORD)
    for more in ([], ["-nomac"], ["-legacy"], ["-keypbe", "NONE", "-certpbe", "NONE"]):
        out = tmp_path / "key.p12"
        subprocess.run(
            ["openssl", "pkcs12", "-export", "-in", str(whole), "-out", str(out), "-passout",
             f"file:{tmp_path / 'password'}", *more],
            check=True, capture_output=True,
        )  # fmt: skip
        assert load_p12(out.read_bytes(), PASSWORD).certificate == der(certificate), more


def test_wrong_password_and_damage() -> None:
    data = p12(ec_key(), make("甲", ec_key()), PASSWORD)
    assert refused(data, "wrong") == "key.wrong-password"
    assert refused(data, "") == "key.wrong-password"
    for damaged in (b"", b"text", data[:-1], data[:100], data + b"x", b"0" * (2 << 20)):
        assert refused(damaged) == "key.damaged"


def test_without_key_or_with_another_kind() -> None:
    certificate = make("甲", ec_key())
    assert refused(p12(None, None, PASSWORD, (certificate,))) == "key.no-private-key"
    assert refused(p12(ec_key(), None, PASSWORD)) == "key.no-private-key"
    other = ed25519.Ed25519PrivateKey.generate()
    assert refused(p12(other, make("乙", other), PASSWORD)) == "key.unusable"


def test_absurd_counts_are_refused_before_any_work() -> None:
    from asn1crypto import pkcs12

    data = p12(ec_key(), make("甲", ec_key()), PASSWORD)
    pfx = pkcs12.Pfx.load(data)
    pfx["mac_data"]["iterations"] = 2**31 - 1
    assert refused(pfx.dump(force=True)) == "key.absurd-count"
    safes = pkcs12.AuthenticatedSafe.load(pkcs12.Pfx.load(data)["auth_safe"]["content"].native)
    for safe in safes:
        if safe["content_type"].native == "encrypted_data":
            info = safe["content"]["encrypted_content_info"]["content_encryption_algorithm"]
            info["parameters"]["key_derivation_func"]["parameters"]["iteration_count"] = 2**31 - 1
    pfx = pkcs12.Pfx.load(data)
    pfx["auth_safe"]["content"] = safes.dump(force=True)
    assert refused(pfx.dump(force=True)) == "key.absurd-count"


@settings(max_examples=150, derandomize=True, deadline=None)
@given(place=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_no_changed_bit_gives_another_key(place: int, bit: int) -> None:
    data = bytearray(_sample())
    data[place % len(data)] ^= 1 << bit
    try:
        held = load_p12(bytes(data), PASSWORD)
    except InvalidInput as told:
        assert told.code.startswith("key.")  # noqa: PT017 - either way is right, this code or none
    else:
        assert held.certificate == _certificate()


_made: list[bytes] = []


def _sample() -> bytes:
    if not _made:
        certificate = make("甲", ec_key())
        _made.extend((p12(ec_key(), certificate, PASSWORD), der(certificate)))
    return _made[0]


def _certificate() -> bytes:
    _sample()
    return _made[1]
