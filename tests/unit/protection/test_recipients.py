import datetime as dt
import os

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from protection_people import KINDS, certificate, person

from meti_desk.domain.errors import InvalidInput, MetiDeskError, RuleViolation
from meti_desk.protection.cryptrec import Table
from meti_desk.protection.keys.base import Wrap
from meti_desk.protection.recipients import (
    algorithms_for,
    algorithms_of,
    check,
    is_for,
    unwrap,
    unwrap_mine,
    wrap_for,
)

KEY = bytes(range(32))
TODAY = dt.datetime.now(dt.UTC).date()


def refused(data: bytes, on: str = "") -> str:
    """Give the code by which a certificate is refused, the same way by `check` and `wrap_for`."""
    with pytest.raises(MetiDeskError) as one:
        wrap_for(data, KEY, on=on)
    with pytest.raises(MetiDeskError) as other:
        check(data, on=on)
    assert one.value.code == other.value.code
    return one.value.code


@pytest.mark.parametrize("kind", KINDS)
def test_there_and_back(kind: str) -> None:
    somebody, other = person(kind), person(kind, 1)
    wrap = wrap_for(somebody.certificate, KEY)
    assert unwrap(wrap, somebody.own) == KEY
    assert is_for(wrap, somebody.certificate)
    assert not is_for(wrap, other.certificate)
    assert KEY not in msgspec.json.encode(wrap)
    assert wrap_for(somebody.certificate, KEY).encrypted != wrap.encrypted
    assert Table.load().all_listed(algorithms_for(somebody.certificate))
    assert Table.load().all_listed(algorithms_of(wrap))


def test_each_finds_the_own_wrap_and_a_stranger_none() -> None:
    people = [person(kind) for kind in KINDS]
    wraps = tuple(wrap_for(one.certificate, KEY) for one in people)
    for one in people:
        assert unwrap_mine(wraps, one.own) == KEY
    for kind in KINDS:
        with pytest.raises(InvalidInput) as nobody:
            unwrap_mine(wraps, person(kind, 9).own)
        assert nobody.value.code == "open.not-for-you"


def test_a_key_identifier_names_a_certificate_too() -> None:
    from cryptography import x509

    somebody = person()
    read = x509.load_der_x509_certificate(somebody.certificate)
    identifier = read.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    wrap = msgspec.structs.replace(
        wrap_for(somebody.certificate, KEY), issuer=b"", serial="", key_id=identifier
    )
    assert unwrap_mine((wrap,), somebody.own) == KEY
    assert not is_for(wrap, person("p-256", 1).certificate)


@pytest.mark.parametrize("kind", ["rsa-3072", "p-256"])
def test_a_changed_wrap_is_found(kind: str) -> None:
    somebody = person(kind)
    wrap = wrap_for(somebody.certificate, KEY)
    for part in ("encrypted", "ephemeral", "shared_info"):
        value = getattr(wrap, part)
        for at in range(0, len(value), 7):
            flipped = value[:at] + bytes([value[at] ^ 1]) + value[at + 1 :]
            with pytest.raises(InvalidInput) as found:
                unwrap(msgspec.structs.replace(wrap, **{part: flipped}), somebody.own)
            assert found.value.code == "open.tampered"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"digest": "md5"}, "open.unsupported"),
        ({"wrap_bits": 64}, "open.unsupported"),
        ({"digest": "sha384"}, "open.tampered"),
        ({"encrypted": b""}, "open.tampered"),
    ],
)
def test_other_algorithms_in_a_wrap(change: dict[str, object], code: str) -> None:
    wrap = msgspec.structs.replace(wrap_for(person().certificate, KEY), **change)
    with pytest.raises(InvalidInput) as found:
        unwrap(wrap, person().own)
    assert found.value.code == code


def test_a_short_rsa_key_needs_a_reason() -> None:
    short = person("rsa-2048")
    assert refused_by_table(short.certificate) == "crypto.key-too-short"
    wrap = wrap_for(short.certificate, KEY, reason="相手の設備の更改まで")
    assert unwrap(wrap, short.own) == KEY


def refused_by_table(data: bytes) -> str:
    """Give the code of the table; `check` does not ask it, because there may be a reason."""
    with pytest.raises(RuleViolation) as found:
        wrap_for(data, KEY)
    return found.value.code


def test_a_compromised_algorithm_is_refused_whatever_the_reason() -> None:
    table = Table.load().mark_compromised(["ecdh"], since="2026-11-01")
    with pytest.raises(RuleViolation) as found:
        wrap_for(person().certificate, KEY, reason="急", table=table)
    assert found.value.code == "crypto.compromised"


def test_certificates_that_do_not_fit() -> None:
    key = person().key
    agreeing, signing = ("key_agreement",), ("digital_signature",)
    assert refused(certificate(key, days=(-30, -1))) == "protect.certificate-expired"
    assert refused(certificate(key, days=(1, 30))) == "protect.certificate-not-yet"
    assert refused(certificate(key, uses=signing)) == "protect.certificate-unfit"
    rsa = person("rsa-3072").key
    assert refused(certificate(rsa, uses=agreeing)) == "protect.certificate-unfit"
    curve = person("k-256").certificate
    assert refused(curve) == "protect.certificate-unfit"
    edwards = certificate(ed25519.Ed25519PrivateKey.generate())
    assert refused(edwards) == "protect.certificate-unfit"
    check(certificate(key, uses=agreeing))
    check(certificate(rsa, uses=("key_encipherment",)))


def test_the_day_decides() -> None:
    data = certificate(ec.generate_private_key(ec.SECP256R1()), days=(-5, 5))
    later = (TODAY + dt.timedelta(days=20)).isoformat()
    assert refused(data, later) == "protect.certificate-expired"
    earlier = (TODAY - dt.timedelta(days=20)).isoformat()
    assert refused(data, earlier) == "protect.certificate-not-yet"
    wrap_for(data, KEY, on=TODAY.isoformat())


def test_what_is_no_certificate() -> None:
    whole = person().certificate
    for data in (b"", b"x", whole[:-1], whole + b"\0", os.urandom(300), b"\x30" * (2 << 20)):
        assert refused(data) == "protect.certificate-damaged"
    for end in range(0, len(whole), 5):
        assert refused(whole[:end]) == "protect.certificate-damaged"


def test_a_wrap_for_nobody_names_nobody() -> None:
    assert not is_for(Wrap(kind="ecdh", encrypted=b""), person().certificate)
