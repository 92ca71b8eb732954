"""Time stamps: the answer of an authority is believed only when all of it fits."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import tsp

from meti_desk.domain.errors import EnvironmentProblem, InvalidInput
from meti_desk.protection.signing import build, stamps
from meti_desk.protection.signing.base import StampOrder, Trust
from meti_desk.system import tsa
from tests.unit.protection.signing.signing_world import (
    DAY,
    NOW,
    detached,
    key_of,
    person,
    revoking,
    trust,
    verified,
)
from tests.unit.protection.signing.stamp_authority import Authority, authority_in

CONTENT = b"agreement"
NONCE = 0x1234567890ABCDEF


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with authority_in(tmp_path_factory.mktemp("tsa")) as running:
        yield running


@pytest.fixture(autouse=True)
def honest(authority: Authority) -> None:
    authority.spoil = lambda answer: answer
    authority.kind, authority.status = "application/timestamp-reply", 200


def order(imprint: bytes, *, nonce: int = NONCE, by: Trust | None = None) -> StampOrder:
    return StampOrder(imprint=imprint, nonce=nonce, trust=by or trust())


def stamped(authority: Authority, *, days: tuple[float, float] = (-400, 400)) -> bytes:
    """Sign the content and have the signature stamped."""
    import hashlib

    key = key_of(days=days)
    attributes = build.signed_attributes(key, hashlib.sha256(CONTENT).digest(), when=NOW - 5 * DAY)
    signature = build.sign(key, attributes)
    imprint = stamps.imprint_of(signature)
    answer = tsa.ask(authority.url, stamps.request(imprint, NONCE))
    token = stamps.read_answer(answer, order(imprint)).token
    return build.signed_data(key, attributes, signature, token)


def test_a_stamp_proves_the_time(authority: Authority) -> None:
    (one,) = verified(stamped(authority), CONTENT)
    assert (one.intact, one.problems, one.chain) == (True, (), "trusted")
    assert (one.stamp_authority, one.stamp_chain) == ("試験時刻認証局", "trusted")
    assert abs(datetime.fromisoformat(one.stamped) - datetime.now(UTC)) < timedelta(minutes=5)
    assert datetime.fromisoformat(one.claimed) == NOW - 5 * DAY


def test_only_the_hash_of_the_signature_leaves(authority: Authority) -> None:
    authority.questions.clear()
    stamped(authority)
    (question,) = authority.questions
    assert len(question) < 100
    asked = tsp.TimeStampReq.load(question, strict=True)
    assert asked["cert_req"].native is True
    assert asked["nonce"].native == NONCE


def test_openssl_takes_our_question(authority: Authority, tmp_path: Path) -> None:
    import subprocess

    question = tmp_path / "question"
    question.write_bytes(stamps.request(b"x" * 32, NONCE))
    done = subprocess.run(
        ["openssl", "ts", "-query", "-in", question, "-text"], capture_output=True, check=True
    )
    assert b"sha256" in done.stdout
    assert b"Certificate required: yes" in done.stdout
    del authority


def test_a_stamp_keeps_a_signature_good_after_the_certificate_ended(authority: Authority) -> None:
    """What was stamped while the certificate held is trusted when it has ended since."""
    made = stamped(authority, days=(-400, 10))
    later = trust(now=NOW + 20 * DAY)
    (one,) = verified(made, CONTENT, later)
    assert (one.chain, one.stamp_chain) == ("trusted", "trusted")
    (plain,) = verified(detached(CONTENT, key_of(days=(-400, 10))), CONTENT, later)
    assert plain.chain == "expired"


def test_a_revocation_after_the_stamp_changes_nothing_and_one_before_does(
    authority: Authority,
) -> None:
    made = stamped(authority)
    _, held = person()
    now = NOW + 10 * DAY
    after = trust(crls=(revoking(held, NOW + DAY),), now=now)
    before = trust(crls=(revoking(held, NOW - DAY),), now=now)
    assert verified(made, CONTENT, after)[0].chain == "trusted"
    assert verified(made, CONTENT, before)[0].chain == "revoked"


def test_the_stamp_of_an_authority_that_is_not_trusted_proves_nothing(
    authority: Authority,
) -> None:
    made = stamped(authority, days=(-400, 10))
    (one,) = verified(made, CONTENT, trust(roots=False, now=NOW + 20 * DAY))
    assert (one.stamp_chain, one.intact) == ("untrusted", True)
    gone = trust(crls=(revoking(authority.certificate, NOW - DAY),), now=NOW + 20 * DAY)
    (one,) = verified(made, CONTENT, gone)
    assert (one.stamp_chain, one.chain) == ("revoked", "expired")


def test_no_byte_of_a_stamp_can_be_changed(authority: Authority) -> None:
    """Whatever is changed, the time is not called proven any more.

    The certificates between root and authority are signed by nobody but their issuers; one that was
    changed leaves the content as whole as it is, and the stamp without a trusted chain.
    """
    made = stamped(authority)
    start = made.index(stamps.asn1.core.ObjectIdentifier(stamps.asn1.TIME_STAMP).dump())
    for at in range(start, len(made), 3):
        changed = bytearray(made)
        changed[at] ^= 0x01
        try:
            found = verified(bytes(changed), CONTENT)
        except InvalidInput:
            continue
        assert not any(one.intact and one.stamp_chain == "trusted" for one in found), at


def test_the_stamp_of_another_signature_is_found(authority: Authority) -> None:
    imprint = stamps.imprint_of(b"another signature")
    answer = tsa.ask(authority.url, stamps.request(imprint, NONCE))
    token = stamps.read_answer(answer, order(imprint)).token
    (one,) = verified(detached(CONTENT, token=token), CONTENT)
    assert (one.intact, one.problems, one.stamped) == (False, ("signature.stamp-wrong",), "")


@pytest.mark.parametrize(
    ("asked", "wanted", "code", "what"),
    [
        ((b"a" * 32, NONCE), order(b"a" * 32, nonce=NONCE + 1), "stamp.wrong", "nonce"),
        ((b"a" * 32, NONCE), order(b"b" * 32), "stamp.wrong", "imprint"),
        ((b"a" * 32, NONCE), order(b"a" * 32, by=trust(roots=False)), "stamp.untrusted", None),
        (
            (b"a" * 32, NONCE),
            order(b"a" * 32, by=trust(now=NOW + 0.5 * DAY)),
            "stamp.wrong-time",
            None,
        ),
    ],
)
def test_answers_that_do_not_fit(
    authority: Authority, asked: tuple[bytes, int], wanted: StampOrder, code: str, what: str | None
) -> None:
    answer = tsa.ask(authority.url, stamps.request(*asked))
    with pytest.raises(InvalidInput) as caught:
        stamps.read_answer(answer, wanted)
    assert caught.value.code == code
    assert caught.value.params.get("what") == what


def test_a_refusal_is_told(authority: Authority) -> None:
    odd = tsp.TimeStampReq.load(stamps.request(b"a" * 32, NONCE))
    odd["message_imprint"]["hash_algorithm"] = {"algorithm": "sha512"}
    odd["message_imprint"]["hashed_message"] = b"a" * 64
    answer = authority.answer(odd.dump(force=True))
    with pytest.raises(InvalidInput, match=r"stamp\.refused"):
        stamps.read_answer(answer, order(b"a" * 32))


def test_damaged_answers(authority: Authority) -> None:
    answer = authority.answer(stamps.request(b"a" * 32, NONCE))
    assert stamps.read_answer(answer, order(b"a" * 32)).authority == "試験時刻認証局"
    for at in range(0, len(answer), 5):
        changed = bytearray(answer)
        changed[at] ^= 0x11
        with pytest.raises(InvalidInput, match=r"stamp\."):
            stamps.read_answer(bytes(changed), order(b"a" * 32))
    for end in (0, 1, 10, len(answer) // 2, len(answer) - 1):
        with pytest.raises(InvalidInput, match=r"stamp\."):
            stamps.read_answer(answer[:end], order(b"a" * 32))


def test_a_certificate_that_is_not_for_stamping(tmp_path: Path) -> None:
    from cryptography.x509.oid import ExtendedKeyUsageOID

    from meti_desk.protection.signing import chain

    both = (ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.CODE_SIGNING)
    held = Authority(tmp_path / "odd", uses=both)
    held._server.server_close()
    _, person_held = person()
    from tests.unit.protection.signing.signing_world import MIDDLE, ROOT, der

    for one in (held.certificate, person_held):
        judged = chain.check(
            der(one), [der(MIDDLE)], roots=[der(ROOT)], moment=datetime.now(UTC), purpose="stamp"
        )
        assert (judged.state, judged.why) == ("untrusted", "chain.wrong-usage")


def _status(held: Authority) -> None:
    held.status = 500


def _redirect(held: Authority) -> None:
    held.status = 302


def _kind(held: Authority) -> None:
    held.kind = "text/html"


def _huge(held: Authority) -> None:
    held.spoil = lambda _answer: b"x" * (tsa.LARGEST + 2)


@pytest.mark.parametrize("spoil", [_status, _redirect, _kind, _huge])
def test_answers_of_the_wrong_kind(
    authority: Authority, spoil: Callable[[Authority], None]
) -> None:
    spoil(authority)
    with pytest.raises(EnvironmentProblem, match=r"stamp\.unreachable"):
        tsa.ask(authority.url, stamps.request(b"a" * 32, NONCE))


@pytest.mark.parametrize("address", ["", "ftp://a/b", "file:///etc/passwd", "http://", "tsa"])
def test_addresses_that_are_none(address: str) -> None:
    with pytest.raises(InvalidInput, match=r"stamp\.address"):
        tsa.ask(address, b"")


def test_nobody_there() -> None:
    with pytest.raises(EnvironmentProblem, match=r"stamp\.unreachable"):
        tsa.ask("http://127.0.0.1:1/tsa", b"")
