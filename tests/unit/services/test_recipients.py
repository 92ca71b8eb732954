"""宛先: certificates are taken, judged each time, and only those that may be used are given."""

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509

from meti_desk.domain.errors import InvalidInput, MetiDeskError, RuleViolation
from meti_desk.domain.policy import Certificates
from meti_desk.services.own_key import forget, own_key, show, use_p12
from meti_desk.services.recipient_messages import ImportRequest, RecipientRequest
from meti_desk.services.recipients import Recipients, certificates_for
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
from tests.unit.services.fakes import World

ROOT = Authority()
BETWEEN = Authority("検査用中間認証局", ec_key(901), ROOT)
MAIL = "taro@example.jp"


@pytest.fixture
def book(world: World, tmp_path: Path) -> Recipients:
    """Give the address book of an office that trusts one root."""
    roots = tmp_path / "office" / "roots"
    roots.mkdir(parents=True)
    (roots.parent / "crls").mkdir()
    (roots / "root.pem").write_bytes(pem(ROOT.certificate))
    world.rules(certificates=Certificates(folder=str(roots.parent)))
    return Recipients(world.ctx)


def write(world: World, *certificates: x509.Certificate) -> str:
    path = world.folder / "証明書.pem"
    path.write_bytes(b"".join(map(pem, certificates)))
    return str(path)


def taken(world: World, book: Recipients, *certificates: x509.Certificate, **more: object) -> str:
    done = book.import_from(ImportRequest(path=write(world, *certificates), mail=MAIL, **more))  # type: ignore[arg-type]
    return done.certificates[-1].state


def code_of(world: World, mail: str = MAIL) -> str:
    with pytest.raises(MetiDeskError) as told:
        certificates_for(world.ctx, [mail])
    return told.value.code


def test_adding_changing_and_removing(book: Recipients) -> None:
    made = book.put(
        RecipientRequest(mail=" Taro@Example.JP ", name="経済 太郎", accepts=("zip", "zip"))
    )
    assert (made.mail, made.inside, made.accepts, made.ready) == (MAIL, False, ("zip",), False)
    assert book.put(RecipientRequest(mail="a@meti.go.jp")).inside
    assert [one.mail for one in book.list()] == ["a@meti.go.jp", MAIL]
    assert [one.mail for one in book.list("経済 EXAMPLE")] == [MAIL]
    book.put(RecipientRequest(mail="new@example.jp", before=MAIL, name="改名"))
    assert [one.mail for one in book.list("example")] == ["new@example.jp"]
    book.remove("new@example.jp")
    for attempt, code in (
        (lambda: book.remove("new@example.jp"), "recipient.unknown"),
        (lambda: book.put(RecipientRequest(mail="a@meti.go.jp")), "recipient.exists"),
        (lambda: book.put(RecipientRequest(mail="no address")), "recipient.invalid"),
        (lambda: book.put(RecipientRequest(mail="x@y.jp", accepts=("fax",))),
         "protect.unknown-method"),
    ):  # fmt: skip
        with pytest.raises(InvalidInput) as told:
            attempt()
        assert told.value.code == code


def test_a_certificate_with_its_authority_is_taken_and_given(
    world: World, book: Recipients
) -> None:
    leaf = make("経済 太郎", rsa_key(), BETWEEN, mail=MAIL)
    done = book.import_from(ImportRequest(path=write(world, leaf, BETWEEN.certificate)))
    assert (done.recipient.mail, done.recipient.name) == (MAIL, "経済 太郎")
    (one,) = done.recipient.certificates
    assert (one.state, one.usable, one.short, one.kind) == ("valid", True, False, "rsa-3072")
    assert certificates_for(world.ctx, [MAIL]) == (der(leaf),)
    assert book.show(MAIL).ready


def test_the_newest_usable_one_is_given(world: World, book: Recipients) -> None:
    old = make("太郎", ec_key(), ROOT, begins=NOW - 300 * DAY, ends=NOW + 20 * DAY)
    new = make("太郎", ec_key(1), ROOT)
    assert taken(world, book, old) == "expiring"
    assert taken(world, book, new) == "valid"
    assert taken(world, book, make("太郎", ec_key(2), ROOT, begins=NOW + DAY)) == "not-yet"
    assert certificates_for(world.ctx, [MAIL, MAIL.upper()]) == (der(new),)


def test_what_may_not_be_used_is_told_by_name(world: World, book: Recipients) -> None:
    assert code_of(world) == "recipient.unknown"
    book.put(RecipientRequest(mail=MAIL))
    assert code_of(world) == "certificate.none-kept"
    for certificate, code in (
        (make("太郎", ec_key(), ROOT, ends=NOW - DAY), "certificate.expired"),
        (make("太郎", ec_key(), ROOT, begins=NOW + DAY), "certificate.not-yet"),
        (make("太郎", ec_key(), ROOT, uses=("digital_signature",)), "certificate.unusable"),
        (make("太郎", ec_key()), "certificate.unconfirmed"),
    ):
        taken(world, book, certificate)
        assert code_of(world) == code
        book.remove(MAIL)
    taken(world, book, make("太郎", ec_key(), ROOT, ends=NOW - DAY))
    with pytest.raises(RuleViolation) as told:
        certificates_for(world.ctx, [MAIL])
    assert told.value.params == {"recipient": MAIL, "day": (NOW - DAY).date().isoformat()}


def test_time_and_revocation_go_on(world: World, book: Recipients) -> None:
    leaf = make("太郎", ec_key(), ROOT, ends=NOW + YEAR)
    assert taken(world, book, leaf) == "valid"
    lists = Path(world.ctx.policy.certificates.folder) / "crls"
    (lists / "root.crl").write_bytes(ROOT.revoke(leaf))
    assert code_of(world) == "certificate.revoked"
    (lists / "root.crl").unlink()
    assert certificates_for(world.ctx, [MAIL])
    world.clock.moment += timedelta(days=400)
    assert code_of(world) == "certificate.expired"


def test_self_signed_only_after_a_call(world: World, book: Recipients) -> None:
    itself = make("太郎", ec_key())
    assert taken(world, book, itself) == "self-signed"
    (one,) = book.show(MAIL).certificates
    assert one.needs_phone
    assert not one.usable
    confirmed = book.confirm(MAIL, one.fingerprint).certificates[0]
    assert (confirmed.usable, confirmed.needs_phone, confirmed.confirmed_by) == (
        True,
        False,
        "山田太郎",
    )
    assert certificates_for(world.ctx, [MAIL]) == (der(itself),)
    assert not book.remove_certificate(MAIL, one.fingerprint).certificates
    assert taken(world, book, itself, compared=True) == "self-signed"
    assert certificates_for(world.ctx, [MAIL])
    world.clock.moment += timedelta(days=400)
    assert code_of(world) == "certificate.expired"


def test_a_call_never_helps_a_revoked_or_expired_one(world: World, book: Recipients) -> None:
    taken(world, book, make("太郎", ec_key(), ROOT, ends=NOW - DAY), compared=True)
    assert code_of(world) == "certificate.expired"


def test_short_rsa_is_marked(world: World, book: Recipients) -> None:
    taken(world, book, make("太郎", rsa_key(2048), ROOT))
    (one,) = book.show(MAIL).certificates
    assert (one.kind, one.short, one.usable) == ("rsa-2048", True, True)


def test_a_certificate_of_somebody_else(world: World, book: Recipients) -> None:
    other = make("次郎", ec_key(), ROOT, mail="jiro@example.jp")
    with pytest.raises(RuleViolation) as told:
        taken(world, book, other)
    assert told.value.code == "certificate.other-mail"
    assert book.list() == ()
    assert taken(world, book, other, compared=True) == "valid"


def test_files_that_help_nobody(world: World, book: Recipients) -> None:
    two = [make(n, ec_key(), ROOT, mail=f"{n}@example.jp") for n in ("a", "b")]
    for certificates, code in (
        ([BETWEEN.certificate], "certificate.none"),
        (two, "recipient.invalid"),
    ):
        with pytest.raises(InvalidInput) as told:
            book.import_from(ImportRequest(path=write(world, *certificates)))
        assert told.value.code == code
    assert [one.name for one in book.look_at(write(world, *two))] == ["a", "b"]
    assert book.list() == ()


def test_reminders(world: World, book: Recipients) -> None:
    taken(world, book, make("太郎", ec_key(), ROOT, ends=NOW + 10 * DAY))
    book.put(RecipientRequest(mail="b@example.jp"))
    (one,) = book.reminders()
    assert (one.mail, one.days_left) == (MAIL, 10)
    taken(world, book, make("太郎", ec_key(1), ROOT))
    assert book.reminders() == ()
    path = world.folder / "自分.p12"
    own = make("山田", ec_key(2), ROOT, ends=NOW + 5 * DAY)
    path.write_bytes(p12(ec_key(2), own, "canary-password"))
    use_p12(world.ctx, str(path), "canary-password")
    assert [(one.mail, one.name) for one in book.reminders()] == [("", "山田")]


def test_own_key(world: World, book: Recipients) -> None:
    del book
    with pytest.raises(RuleViolation) as told:
        own_key(world.ctx, "")
    assert told.value.code == "key.none-set"
    path = world.folder / "自分.p12"
    path.write_bytes(p12(ec_key(), make("山田", ec_key(), ROOT), "canary-password"))
    assert use_p12(world.ctx, str(path)).kind == "p12"
    assert show(world.ctx).certificate is None
    with pytest.raises(InvalidInput) as wrong:
        own_key(world.ctx, "wrong")
    assert wrong.value.code == "key.wrong-password"
    key = own_key(world.ctx, "canary-password")
    assert key.sign(b"text")[0] == "ecdsa"
    key.close()
    seen = show(world.ctx)
    assert seen.path == str(path)
    assert seen.certificate is not None
    assert (seen.certificate.name, seen.certificate.state) == ("山田", "valid")
    assert "canary" not in world.store.everything()
    forget(world.ctx)
    assert show(world.ctx).kind == ""
    path.unlink()
    with pytest.raises(MetiDeskError) as away:
        use_p12(world.ctx, str(path))
    assert away.value.code == "file.missing"


def test_home_reminds(world: World, book: Recipients) -> None:
    taken(world, book, make("太郎", ec_key(), ROOT, ends=NOW + 10 * DAY))
    assert world.desk().home().ending == (("太郎", (NOW + 10 * DAY).date().isoformat(), 10),)


def test_a_key_of_a_kind_that_is_compromised_is_used_for_nobody(
    world: World, book: Recipients
) -> None:
    from meti_desk.services import emergency_marks

    first = make("経済太郎", ec_key(41), BETWEEN, mail=MAIL)
    newer = make("経済太郎", rsa_key(), BETWEEN, mail=MAIL, begins=NOW - DAY)
    taken(world, book, first, BETWEEN.certificate)
    taken(world, book, newer)
    assert certificates_for(world.ctx, [MAIL]) == (der(newer),)
    emergency_marks.mark(world.ctx, ["rsa-oaep"], "通知 第1号")
    by_kind = {one.kind: one for one in book.show(MAIL).certificates}
    assert [one.usable for one in by_kind.values()].count(True) == 1
    assert certificates_for(world.ctx, [MAIL]) == (der(first),)
    emergency_marks.mark(world.ctx, ["ecdh"], "通知 第2号")
    assert not book.show(MAIL).ready
    assert {one.why for one in book.show(MAIL).certificates} == {"crypto.compromised"}
    assert code_of(world) == "crypto.compromised"
    emergency_marks.lift(world.ctx, ["ecdh"], "通知 第3号")
    assert certificates_for(world.ctx, [MAIL]) == (der(first),)
