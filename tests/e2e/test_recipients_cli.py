"""宛先 and 自分の鍵 on the command line, over the real store and confined workers."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509

from tests.e2e.conftest import Cli
from tests.unit.protection.keys.key_material import (
    DAY,
    NOW,
    SOFTHSM,
    Authority,
    Card,
    ec_key,
    has_softhsm,
    make,
    p12,
    pem,
    rsa_key,
)

LATER = dt.datetime.now(dt.UTC) + 300 * DAY
"""These run by the real clock."""
ROOT = Authority(ends=LATER + 300 * DAY)
PASSWORD = "canary-鍵のパスワード"


@pytest.fixture(autouse=True)
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the folder of the office lie in this test's folder."""
    folder = tmp_path / "certificates"
    (folder / "roots").mkdir(parents=True)
    (folder / "crls").mkdir()
    (folder / "roots" / "root.pem").write_bytes(pem(ROOT.certificate))
    monkeypatch.setattr("meti_desk.services.trust.office_folder", lambda: folder.parent)
    return folder


def issued(name: str, mail: str, key: object = None, **more: object) -> x509.Certificate:
    return make(name, key or rsa_key(), ROOT, ends=LATER, mail=mail, **more)  # type: ignore[arg-type]


def file_of(tmp_path: Path, certificate: x509.Certificate) -> Path:
    path = tmp_path / "cert.pem"
    path.write_bytes(pem(certificate))
    return path


def test_from_certificate_to_opened_file(
    cli: Cli, tmp_path: Path, document: Callable[..., Path]
) -> None:
    certificate = issued("経済 太郎", "taro@example.jp")
    code, done = cli("recipients", "import-cert", file_of(tmp_path, certificate))
    assert code == 0, done
    assert done["certificates"][0]["state"] == "valid"
    code, _ = cli("recipients", "add", "taro@example.jp", "--organisation", "試験会社",
                  "--accepts", "zip", "--blocks-encrypted")  # fmt: skip
    assert code == 0
    code, shown = cli("recipients", "show", "TARO@example.jp")
    row = shown["recipient"]
    assert (row["name"], row["organisation"], row["ready"], row["inside"]) == (
        "経済 太郎", "試験会社", True, False,
    )  # fmt: skip
    source = document()
    code, done = cli("protect", source, "--to", "taro@example.jp", "--out", tmp_path / "out")
    assert code == 0, done
    (protected,) = done["files"][0]["out"]
    key = tmp_path / "taro.p12"
    key.write_bytes(p12(rsa_key(), certificate, PASSWORD))
    secret = tmp_path / "secret"
    secret.write_text(PASSWORD)
    code, held = cli("key", "use-p12", key, "--key-password-file", secret)
    assert (code, held["key"]["certificate"]["name"]) == (0, "経済 太郎")
    code, done = cli(
        "open", protected, "--own-key", "--key-password-file", secret, "--out", tmp_path / "back"
    )
    assert code == 0, done
    assert Path(done["files"][0]["out"][0]).read_bytes() == source.read_bytes()


@pytest.mark.parametrize(
    ("certificate", "code"),
    [
        (issued("a", "a@example.jp", begins=dt.datetime.now(dt.UTC) + DAY), "not-yet"),
        (make("a", ec_key(), ROOT, begins=NOW - 900 * DAY, ends=NOW - 600 * DAY), "expired"),
        (issued("a", "a@example.jp", uses=("digital_signature",)), "unusable"),
        (make("a", ec_key(), ends=LATER), "unconfirmed"),
    ],
)
def test_what_may_not_be_used_protects_nothing(
    cli: Cli, tmp_path: Path, document: Callable[..., Path], certificate: x509.Certificate,
    code: str,
) -> None:  # fmt: skip
    done = cli("recipients", "import-cert", file_of(tmp_path, certificate), "--mail",
               "a@example.jp")  # fmt: skip
    assert done[0] == 0
    exit_code, answer = cli(
        "protect", document(), "--to", "a@example.jp", "--out", tmp_path / "out"
    )
    errors = [answer.get("error"), *(row["error"] for row in answer.get("files", ()))]
    assert [one["code"] for one in errors if one] == [f"certificate.{code}"]
    assert exit_code == 3
    assert not [*(tmp_path / "out").glob("*")] if (tmp_path / "out").exists() else True


def test_revoked(cli: Cli, tmp_path: Path, trusted: Path, document: Callable[..., Path]) -> None:
    certificate = issued("a", "a@example.jp")
    cli("recipients", "import-cert", file_of(tmp_path, certificate))
    (trusted / "crls" / "root.crl").write_bytes(ROOT.revoke(certificate))
    _, answer = cli("protect", document(), "--to", "a@example.jp", "--out", tmp_path / "out")
    assert "certificate.revoked" in str(answer)


def test_list_remove_confirm(cli: Cli, tmp_path: Path) -> None:
    itself = make("a", ec_key(), ends=LATER)
    _, done = cli("recipients", "import-cert", file_of(tmp_path, itself), "--mail", "a@example.jp")
    (one,) = done["certificates"]
    assert (one["state"], one["usable"], one["needs_phone"]) == ("self-signed", False, True)
    grouped = ":".join(one["fingerprint"][at : at + 2] for at in range(0, 64, 2)).upper()
    code, shown = cli("recipients", "confirm", "a@example.jp", grouped)
    assert (code, shown["recipient"]["ready"]) == (0, True)
    _, rows = cli("recipients", "list", "example")
    assert [row["mail"] for row in rows["recipients"]] == ["a@example.jp"]
    assert cli("recipients", "remove", "a@example.jp")[0] == 0
    code, answer = cli("recipients", "show", "a@example.jp")
    assert (code, answer["error"]["code"]) == (5, "recipient.unknown")


@pytest.mark.skipif(not has_softhsm(), reason="needs softhsm2 and opensc")
def test_a_card(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, document: Callable[..., Path]
) -> None:
    import pkcs11

    card = Card(tmp_path / "card")
    certificate = issued("経済 花子", "hanako@example.jp")
    card.add(rsa_key(), certificate, "01")
    monkeypatch.setenv("SOFTHSM2_CONF", str(card.conf))
    pkcs11.unload(SOFTHSM)
    code, cards = cli("key", "cards", SOFTHSM)
    assert (code, cards["cards"][0]["label"]) == (0, card.label)
    pin = tmp_path / "pin"
    pin.write_text("000000")
    _, answer = cli("key", "use-card", SOFTHSM, "--key-password-file", pin)
    assert answer["error"]["code"].startswith("key.wrong-pin")
    pin.write_text(card.PIN)
    code, held = cli("key", "use-card", SOFTHSM, "--key-password-file", pin)
    assert (code, held["key"]["kind"]) == (0, "card")
    cli("recipients", "import-cert", file_of(tmp_path, certificate))
    source = document()
    _, done = cli("protect", source, "--to", "hanako@example.jp", "--out", tmp_path / "out")
    (protected,) = done["files"][0]["out"]
    code, done = cli(
        "open", protected, "--own-key", "--key-password-file", pin, "--out", tmp_path / "back"
    )
    assert code == 0, done
    assert Path(done["files"][0]["out"][0]).read_bytes() == source.read_bytes()
    card.pull_out()
    pkcs11.unload(SOFTHSM)
    code, answer = cli(
        "open", protected, "--own-key", "--key-password-file", pin, "--out", tmp_path / "b2"
    )
    assert (code, answer["error"]["code"]) == (4, "key.token-missing")
    assert cli("key", "forget") == (0, {"key": None})


def test_a_short_key_needs_a_reason(
    cli: Cli, tmp_path: Path, document: Callable[..., Path]
) -> None:
    certificate = issued("a", "a@example.jp", rsa_key(2048))
    cli("recipients", "import-cert", file_of(tmp_path, certificate))
    words = ("protect", document(), "--to", "a@example.jp", "--out", tmp_path / "out")
    code, answer = cli(*words)
    assert (code, answer["files"][0]["error"]["code"]) == (3, "crypto.key-too-short")
    assert not [*(tmp_path / "out").iterdir()]
    code, answer = cli(*words, "--unlisted-reason", "相手の更新が来月のため")
    assert code == 0, answer
    assert Path(answer["files"][0]["out"][0]).is_file()
    _, record = cli("ledger", "search", "相手の更新が来月のため")
    assert len(record["events"]) == 1
