"""The own key on a card, with a token of SoftHSM: login, use, and the card pulled out midway."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pkcs11 as library
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from meti_desk.domain.errors import EnvironmentProblem, InvalidInput, MetiDeskError
from meti_desk.protection.keys import pkcs11
from meti_desk.protection.keys.pkcs11 import certificates_on, find_token, open_card, tokens
from tests.unit.protection.keys.key_material import (
    SOFTHSM,
    Authority,
    Card,
    ec_key,
    has_softhsm,
    make,
    rsa_key,
)

pytestmark = pytest.mark.skipif(not has_softhsm(), reason="needs softhsm2 and opensc")

RSA_ID, EC_ID = "01", "02"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Card:
    card = Card(tmp_path_factory.mktemp("card"))
    root = Authority()
    card.add(rsa_key(), make("経済 太郎", rsa_key(), root), RSA_ID)
    card.add(ec_key(), make("経済 花子", ec_key(), root), EC_ID)
    return card


@pytest.fixture
def card(made: Card, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Card]:
    """Give a copy of the card that this test alone may spoil."""
    copy = object.__new__(Card)
    copy.folder, copy.tokens = tmp_path, tmp_path / "tokens"
    copy.conf, copy.label = tmp_path / "softhsm2.conf", made.label
    shutil.copytree(made.tokens, copy.tokens)
    copy.conf.write_text(made.conf.read_text().replace(str(made.tokens), str(copy.tokens)))
    monkeypatch.setenv("SOFTHSM2_CONF", str(copy.conf))
    library.unload(SOFTHSM)
    yield copy
    library.unload(SOFTHSM)


def code_of(told: "pytest.ExceptionInfo[MetiDeskError]") -> str:
    return told.value.code


def test_cards_and_certificates_are_listed_without_the_pin(card: Card) -> None:
    (one,) = tokens(SOFTHSM)
    assert (one.label, one.pin, one.own_keys) == (card.label, "", False)
    assert find_token(SOFTHSM, one.serial) == one
    held = {c.key_id: x509.load_der_x509_certificate(c.data) for c in certificates_on(SOFTHSM)}
    assert set(held) == {RSA_ID, EC_ID}
    assert held[RSA_ID].public_key() == rsa_key().public_key()


@pytest.mark.parametrize(
    ("name", "kind"), [("sha1", hashes.SHA1), ("sha256", hashes.SHA256), ("sha512", hashes.SHA512)]
)
def test_rsa_oaep(card: Card, name: str, kind: type[hashes.HashAlgorithm]) -> None:
    key = open_card(SOFTHSM, card.PIN, key_id=RSA_ID)
    pad = padding.OAEP(padding.MGF1(kind()), kind(), None)
    content_key = bytes(range(32))
    assert key.decrypt_oaep(rsa_key().public_key().encrypt(content_key, pad), name) == content_key
    with pytest.raises(InvalidInput) as told:
        key.decrypt_oaep(b"\1" * 384, name)
    assert code_of(told) == "key.no-match"
    key.close()


def test_rsa_signs(card: Card) -> None:
    key = open_card(SOFTHSM, card.PIN, key_id=RSA_ID)
    algorithm, signature = key.sign(b"text")
    assert algorithm == "rsa-pss"
    rsa_key().public_key().verify(
        signature, b"text", padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256()
    )
    with pytest.raises(InvalidInput):
        key.agree(b"")
    key.close()


def test_elliptic_curve(card: Card) -> None:
    key = open_card(SOFTHSM, card.PIN, key_id=EC_ID)
    assert x509.load_der_x509_certificate(key.certificate).public_key() == ec_key().public_key()
    assert len(key.chain) == 1
    other = ec_key(1)
    public = other.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert key.agree(public) == other.exchange(ec.ECDH(), ec_key().public_key())
    algorithm, signature = key.sign(b"text")
    assert algorithm == "ecdsa"
    ec_key().public_key().verify(signature, b"text", ec.ECDSA(hashes.SHA256()))
    for wrong in (b"no key", rsa_key().public_key().public_bytes(
        Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    )):  # fmt: skip
        with pytest.raises(InvalidInput) as told:
            key.agree(wrong)
        assert code_of(told) == "key.no-match"
    with pytest.raises(InvalidInput):
        key.decrypt_oaep(b"x", "sha256")
    key.close()


def test_wrong_pin_and_after_it_the_right_one(card: Card) -> None:
    for pin in ("000000", "1", ""):
        with pytest.raises(InvalidInput) as told:
            open_card(SOFTHSM, pin)
        assert code_of(told).startswith("key.wrong-pin")
        assert "000000" not in str(told.value)
    open_card(SOFTHSM, card.PIN).close()


def test_one_key_after_the_other(card: Card) -> None:
    for _ in range(3):
        with pytest.raises(InvalidInput) as told:
            open_card(SOFTHSM, card.PIN, key_id="ff")
        assert code_of(told) == "key.no-private-key"
        open_card(SOFTHSM, card.PIN).close()


@pytest.mark.parametrize("use", ["sign", "decrypt"])
def test_card_pulled_out_midway(card: Card, use: str) -> None:
    key = open_card(SOFTHSM, card.PIN, key_id=RSA_ID)
    card.pull_out()
    with pytest.raises(EnvironmentProblem) as told:
        _ = key.sign(b"text") if use == "sign" else key.decrypt_oaep(b"x" * 384, "sha256")
    assert code_of(told) == "key.removed"
    key.close()


def test_no_card_no_module_several_cards(card: Card, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem) as told:
        open_card(SOFTHSM, card.PIN, serial="none such")
    assert code_of(told) == "key.token-missing"
    no_module = tmp_path / "module.so"
    no_module.write_bytes(b"text")
    for path in (tmp_path / "nowhere.so", no_module):
        with pytest.raises(EnvironmentProblem) as told:
            tokens(str(path))
        assert code_of(told) == "key.module-missing"
    Card(tmp_path / "second", "別のカード")
    shutil.copytree(tmp_path / "second" / "tokens", card.tokens, dirs_exist_ok=True)
    library.unload(SOFTHSM)
    with pytest.raises(InvalidInput) as several:
        find_token(SOFTHSM)
    assert code_of(several) == "key.several-tokens"
    second = next(one for one in tokens(SOFTHSM) if one.label != card.label)
    with pytest.raises(InvalidInput) as told_empty:
        open_card(SOFTHSM, Card.PIN, serial=second.serial)
    assert code_of(told_empty) == "key.no-private-key"


class Refusing:
    """A token as cards behave that count wrong PINs; SoftHSM never locks."""

    def __init__(self, flags: library.TokenFlag, error: type[Exception]) -> None:
        self.flags, self._error = flags, error
        self.label, self.serial, self.slot = "職員証", b"1", self

    def get_token(self) -> "Refusing":
        return self

    def open(self, user_pin: object) -> None:
        self.asked = user_pin
        raise self._error


@pytest.mark.parametrize(
    ("flag", "error", "code"),
    [
        (library.TokenFlag.USER_PIN_COUNT_LOW, library.PinIncorrect, "key.wrong-pin-few"),
        (library.TokenFlag.USER_PIN_FINAL_TRY, library.PinIncorrect, "key.wrong-pin-last"),
        (library.TokenFlag.USER_PIN_LOCKED, library.PinIncorrect, "key.pin-locked"),
        (library.TokenFlag.USER_PIN_INITIALIZED, library.PinLocked, "key.pin-locked"),
        (library.TokenFlag.USER_PIN_INITIALIZED, library.DeviceRemoved, "key.removed"),
        (library.TokenFlag.USER_PIN_INITIALIZED, library.FunctionFailed, "key.card-failed"),
    ],
)
def test_what_cards_tell_of_their_pin(
    flag: library.TokenFlag, error: type[Exception], code: str, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(pkcs11, "_tokens", lambda _module: [Refusing(flag, error)])
    with pytest.raises(MetiDeskError) as told:
        open_card(SOFTHSM, "0000")
    assert code_of(told) == code


def test_pin_typed_at_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    token = Refusing(library.TokenFlag.PROTECTED_AUTHENTICATION_PATH, library.DeviceRemoved)
    monkeypatch.setattr(pkcs11, "_tokens", lambda _module: [token])
    with pytest.raises(EnvironmentProblem):
        open_card(SOFTHSM, "")
    assert token.asked is pkcs11.PROTECTED_AUTH
