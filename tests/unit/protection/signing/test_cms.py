"""Signatures beside a file: openssl takes ours, we take openssl's, and no change passes unseen."""

import os
import random
import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import cms, core
from cryptography.hazmat.primitives.serialization import Encoding

from meti_desk.domain.errors import InvalidInput
from meti_desk.protection.keys.software import SoftwareKey
from meti_desk.protection.signing import build, judge
from meti_desk.protection.signing.base import FoundSignature
from tests.unit.protection.signing.signing_world import (
    DAY,
    ME,
    MIDDLE,
    MIDDLE_KEY,
    NOW,
    certificate,
    der,
    detached,
    key_of,
    pem_files,
    person,
    private,
    revoking,
    trust,
    verified,
)

CONTENT = "取決めの内容\n".encode()
FULL = os.environ.get("METI_DESK_FULL") == "1"


def openssl(*words: str | Path) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(["openssl", *map(str, words)], capture_output=True, check=False)


def only(found: tuple[FoundSignature, ...]) -> FoundSignature:
    assert len(found) == 1
    return found[0]


def is_whole(signature: bytes, content: bytes | None) -> bool:
    """Tell whether anything in it is called intact; a refusal is a no."""
    try:
        return any(one.intact for one in verified(signature, content, trust(roots=False)))
    except InvalidInput:
        return False


@pytest.mark.parametrize("kind", ["rsa3072", "p256", "p384"])
def test_ours_says_who_when_and_by_what(kind: str) -> None:
    one = only(verified(detached(CONTENT, key_of(kind), label="C2;I2;A1"), CONTENT))
    assert (one.intact, one.problems, one.chain) == (True, (), "trusted")
    assert one.signer == ME
    assert datetime.fromisoformat(one.claimed) == NOW
    assert one.stamped == ""
    assert one.told_label == "C2;I2;A1"
    names = {"rsa3072": "rsa-pss-3072", "p256": "ecdsa-256", "p384": "ecdsa-384"}
    assert one.algorithms == (names[kind], "sha-256")
    assert "signature.revocation-unknown" in one.notes


@pytest.mark.parametrize("kind", ["rsa3072", "p256"])
def test_openssl_verifies_ours(tmp_path: Path, kind: str) -> None:
    openssl_verifies(tmp_path, kind)


def openssl_verifies(folder: Path, kind: str = "p256") -> None:
    """Let openssl verify our signature, as CAdES, and refuse it with another content."""
    *_, root = pem_files(folder, kind)
    content, other = folder / "content", folder / "other"
    content.write_bytes(CONTENT)
    other.write_bytes(CONTENT + b"!")
    signature = folder / "content.p7s"
    signature.write_bytes(detached(CONTENT, key_of(kind), label="C2"))
    command = ("cms", "-verify", "-binary", "-inform", "DER", "-in", signature, "-CAfile", root,
               "-cades", "-content")  # fmt: skip
    done = openssl(*command, content)
    assert (done.returncode, done.stdout) == (0, CONTENT), done.stderr
    assert openssl(*command, other).returncode != 0


@pytest.mark.parametrize("form", ["DER", "PEM"])
@pytest.mark.parametrize(
    ("kind", "more", "algorithm"),
    [
        ("rsa3072", ("-keyopt", "rsa_padding_mode:pss"), "rsa-pss-3072"),
        ("rsa3072", (), "rsassa-pkcs1-v1_5-3072"),
        ("rsa2048", (), "rsassa-pkcs1-v1_5-2048"),
        ("p256", (), "ecdsa-256"),
        ("p384", ("-md", "sha384", "-cades"), "ecdsa-384"),
        ("p256", ("-keyid",), "ecdsa-256"),
    ],
)
def test_we_verify_what_openssl_made(
    tmp_path: Path, kind: str, more: tuple[str, ...], algorithm: str, form: str
) -> None:
    one = only(verified(openssl_signs(tmp_path, kind, more, form), CONTENT))
    assert (one.problems, one.intact, one.chain) == ((), True, "trusted")
    assert one.algorithms[0] == algorithm
    again = only(verified(openssl_signs(tmp_path, kind, more, form), CONTENT + b" "))
    assert again.problems == ("signature.content-changed",)


def openssl_signs(folder: Path, kind: str, more: tuple[str, ...] = (), form: str = "DER") -> bytes:
    """Let openssl sign the content beside it."""
    key, cert, middle, _ = pem_files(folder, kind)
    content = folder / "content"
    content.write_bytes(CONTENT)
    done = openssl(
        "cms", "-sign", "-binary", "-in", content, "-signer", cert, "-inkey", key, "-certfile",
        middle, "-outform", form, *more,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_content_inside_is_verified_by_itself(tmp_path: Path) -> None:
    for more in (("-nodetach",), ("-nodetach", "-stream")):
        made = openssl_signs(tmp_path, "p256", more)
        assert only(verified(made, None)).intact
        assert not is_whole(made.replace(CONTENT, CONTENT[::-1]), None)
    with pytest.raises(InvalidInput, match=r"signature\.content-inside"):
        verified(made, CONTENT)
    with pytest.raises(InvalidInput, match=r"signature\.content-missing"):
        verified(detached(CONTENT), None)


def test_two_signers_are_two_rows(tmp_path: Path) -> None:
    first = openssl_signs(tmp_path, "p256")
    (tmp_path / "first").write_bytes(first)
    key, cert, middle, _ = pem_files(tmp_path, "rsa3072")
    done = openssl(
        "cms", "-resign", "-binary", "-inform", "DER", "-in", tmp_path / "first", "-signer", cert,
        "-inkey", key, "-certfile", middle, "-outform", "DER",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = verified(done.stdout, CONTENT)
    assert [one.intact for one in found] == [True, True]
    assert {one.algorithms[0] for one in found} == {"ecdsa-256", "rsassa-pkcs1-v1_5-3072"}


@pytest.mark.parametrize("how", [0x01, 0x20, 0x80, 0xFF] if FULL else [0x01])
def test_no_byte_can_be_changed(how: int) -> None:
    made = detached(CONTENT, label="C2")
    whole = [at for at in range(len(made)) if is_whole(_flipped(made, at, how), CONTENT)]
    assert whole == []


def test_no_byte_of_the_content_can_be_changed() -> None:
    made = detached(CONTENT)
    assert not any(is_whole(made, _flipped(CONTENT, at, 1)) for at in range(len(CONTENT)))
    assert not is_whole(made, b"")


def test_no_end_can_be_cut_off() -> None:
    made = detached(CONTENT, key_of("rsa3072"))
    picked = random.Random(5).sample(range(len(made)), 60 if not FULL else len(made))
    assert not any(is_whole(made[:end], CONTENT) for end in picked)
    assert not is_whole(made + b"\0", CONTENT)
    assert not is_whole(made + made, CONTENT)


def _flipped(data: bytes, at: int, how: int) -> bytes:
    changed = bytearray(data)
    changed[at] ^= how
    return bytes(changed)


def changed(made: bytes, change: Callable[[cms.SignedData], None]) -> bytes:
    info = cms.ContentInfo.load(made)
    change(info["content"])
    raw: bytes = info.dump(force=True)
    return raw


def test_an_algorithm_cannot_be_exchanged_for_a_weaker_one() -> None:
    made = detached(CONTENT, key_of("rsa3072"))

    def to_pkcs1(data: cms.SignedData) -> None:
        data["signer_infos"][0]["signature_algorithm"] = {"algorithm": "rsassa_pkcs1v15"}

    def to_sha1(data: cms.SignedData) -> None:
        data["signer_infos"][0]["digest_algorithm"] = {"algorithm": "sha1"}
        data["digest_algorithms"] = [{"algorithm": "sha1"}]

    for change in (to_pkcs1, to_sha1):
        one = only(verified(changed(made, change), CONTENT))
        assert not one.intact
        assert "signature.algorithm-mismatch" in one.problems


def test_the_certificate_cannot_be_exchanged() -> None:
    """Another certificate for the same key and the same name: the signed hash tells them apart."""
    key, held = person()
    made = detached(CONTENT)
    twin = certificate(key, ME, issuer=MIDDLE, by=MIDDLE_KEY)

    def exchange(data: cms.SignedData) -> None:
        for number, one in enumerate(data["certificates"]):
            if one.chosen.dump() == der(held):
                data["certificates"][number] = cms.CertificateChoices.load(der(twin))
        data["signer_infos"][0]["sid"].chosen["serial_number"] = twin.serial_number

    one = only(verified(changed(made, exchange), CONTENT))
    assert "signature.certificate-mismatch" in one.problems


def test_nothing_can_be_added_beside_the_signature() -> None:
    made = detached(CONTENT)

    def add(data: cms.SignedData) -> None:
        data["signer_infos"][0]["unsigned_attrs"] = [
            {"type": "1.2.3.4", "values": [core.Integer(1)]}
        ]

    def stranger(data: cms.SignedData) -> None:
        other = certificate(private("p384", 9), "他人")
        data["certificates"].append(cms.CertificateChoices.load(der(other)))

    assert only(verified(changed(made, add), CONTENT)).problems == ("signature.added-to",)
    problems = only(verified(changed(made, stranger), CONTENT)).problems
    assert problems == ("signature.certificate-mismatch",)


def test_a_signature_without_signed_attributes_is_not_called_whole(tmp_path: Path) -> None:
    one = only(verified(openssl_signs(tmp_path, "p256", ("-noattr",)), CONTENT))
    assert (one.intact, one.problems) == (False, ("signature.no-attributes",))


def test_old_hashes_are_told_and_broken_ones_refused(tmp_path: Path) -> None:
    sha1 = only(verified(openssl_signs(tmp_path, "rsa2048", ("-md", "sha1")), CONTENT))
    assert sha1.intact
    assert "sha-1" in sha1.algorithms
    md5 = only(verified(openssl_signs(tmp_path, "rsa2048", ("-md", "md5")), CONTENT))
    assert md5.problems == ("signature.broken-hash",)


@pytest.mark.parametrize(
    ("days", "state", "why"),
    [
        ((-400, 400), "trusted", ""),
        ((-400, -1), "expired", "chain.expired"),
        ((1, 400), "expired", "chain.not-yet"),
    ],
)
def test_the_term_of_the_certificate(days: tuple[float, float], state: str, why: str) -> None:
    one = only(verified(detached(CONTENT, key_of(days=days)), CONTENT))
    assert (one.chain, one.chain_why, one.intact) == (state, why, True)


def test_the_chain_needs_a_root_that_policy_trusts() -> None:
    one = only(verified(detached(CONTENT), CONTENT, trust(roots=False)))
    assert (one.chain, one.chain_why) == ("untrusted", "chain.no-root")
    key = private("p256", 7)
    alone = SoftwareKey(key, der(certificate(key, ME)))
    one = only(verified(detached(CONTENT, alone), CONTENT))
    assert (one.chain, one.intact, one.signer) == ("untrusted", True, ME)


def test_a_certificate_for_something_else_signs_nothing() -> None:
    key = private("p256", 8)
    held = certificate(key, ME, issuer=MIDDLE, by=MIDDLE_KEY, signs=False)
    made = detached(CONTENT, SoftwareKey(key, der(held), (der(MIDDLE),)))
    one = only(verified(made, CONTENT))
    assert (one.chain, one.chain_why) == ("untrusted", "chain.wrong-usage")


def test_revoked_certificates_are_found_even_in_an_old_list() -> None:
    _, held = person()
    made = detached(CONTENT)
    for updated in (-0.2, -90):
        crls = (revoking(held, NOW - 100 * DAY, updated=updated),)
        one = only(verified(made, CONTENT, trust(crls=crls)))
        assert (one.chain, one.intact) == ("revoked", True)
    forged = (revoking(held, NOW - DAY, by=private("p256", 6)),)
    assert only(verified(made, CONTENT, trust(crls=forged))).chain == "trusted"
    later = (revoking(held, NOW + DAY),)
    assert only(verified(made, CONTENT, trust(crls=later))).chain == "trusted"
    other = (revoking(MIDDLE, NOW - DAY),)
    assert only(verified(made, CONTENT, trust(crls=other))).chain == "trusted"


def test_what_is_no_signature() -> None:
    for data in (b"", b"hello", CONTENT * 100, der(MIDDLE), b"\x30\x80" * 5000):
        with pytest.raises(InvalidInput, match=r"signature\.not-cms"):
            verified(data, CONTENT)


def test_certificates_without_a_signer_are_no_signature() -> None:
    def nobody(data: cms.SignedData) -> None:
        data["signer_infos"] = []

    assert verified(changed(detached(CONTENT), nobody), CONTENT) == ()


def test_a_large_file_is_hashed_piece_by_piece() -> None:
    """Nobody reads the whole of it: the largest piece that is asked for stays small."""

    class Watching(BytesIO):
        largest = 0

        def read(self, size: int | None = -1, /) -> bytes:
            assert size is not None
            assert size >= 0
            self.largest = max(self.largest, size)
            return super().read(size)

    content = b"x" * (3 << 20)
    made = detached(content)
    file = Watching(content)
    report = judge.verify_cms(BytesIO(made), file, trust())
    assert report.signatures[0].intact
    assert 0 < file.largest <= 1 << 20


def test_names_of_the_owner_are_found_in_any_part() -> None:
    assert build.signer_of(key_of("rsa3072")).algorithms == ("rsa-pss-3072", "sha-256")
    assert build.signer_of(key_of()).name == ME
    broken = SoftwareKey(private("p256", 3), MIDDLE.public_bytes(Encoding.DER)[:50])  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match=r"key\.unusable"):
        build.signer_of(broken)


def test_the_moment_of_verifying_decides_without_a_stamp() -> None:
    made = detached(CONTENT)
    late = trust(now=NOW + timedelta(days=500))
    assert only(verified(made, CONTENT, late)).chain == "expired"
