"""Protecting for certificates, and opening with the own key in two steps."""

import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

from meti_desk.domain.classification import Availability, Confidentiality, Integrity
from meti_desk.domain.errors import EnvironmentProblem, RuleViolation
from meti_desk.domain.label import Label
from meti_desk.formats.jobs import OpenOrder
from meti_desk.protection.keys.software import SoftwareKey
from meti_desk.services import opening, own_key
from meti_desk.services.classify import classify
from meti_desk.services.facts import sidecar_of
from meti_desk.services.messages import (
    ClassifyRequest,
    Done,
    OpenRequest,
    ProtectRequest,
)
from meti_desk.services.opening import open_files
from meti_desk.services.protect import label_inside, protect
from tests.unit.services.fakes import World

sys.path.insert(0, str(Path(__file__).parents[1] / "protection"))
from protection_people import certificate, person

KEY_PASSWORD = "Kanaria-key-4711"
PASSWORD = "ひみつ-kokoro-4711-Zebra"
LONG = (-5000, 5000)


class Somebody:
    """A person with a certificate that is valid at any time of these tests, and a key file."""

    def __init__(self, world: World, kind: str = "p-256", number: int = 0) -> None:
        self.key = person(kind, number).key
        self.certificate = certificate(self.key, f"{kind} {number}", days=LONG)
        read = x509.load_der_x509_certificate(self.certificate)
        self.pem = world.folder / f"{kind}-{number}.pem"
        self.pem.write_bytes(read.public_bytes(Encoding.PEM))
        self.p12 = world.folder / f"{kind}-{number}.p12"
        locked = BestAvailableEncryption(KEY_PASSWORD.encode())
        self.p12.write_bytes(serialize_key_and_certificates(b"own", self.key, read, None, locked))


def guard(world: World, *paths: Path, **more: Any) -> Done:
    request = ProtectRequest(paths=tuple(map(str, paths)), out=str(world.out), **more)
    return protect(world.ctx, request)


def back(world: World, path: str, **more: Any) -> Done:
    request = OpenRequest(paths=(path,), out=str(world.folder / "戻し"), **more)
    return open_files(world.ctx, request)


def code(done: Done, row: int = 0) -> str:
    error = done.files[row].error
    return error.code if error else ""


@pytest.mark.parametrize("method", ["cms", "metienc"])
@pytest.mark.parametrize("kind", ["p-256", "rsa-3072"])
def test_for_a_certificate_and_back_with_the_key_file(world: World, kind: str, method: str) -> None:
    somebody = Somebody(world, kind)
    path = world.text("名簿.txt")
    done = guard(world, path, method=method, certificates=(somebody.certificate,))
    assert (code(done), done.password, done.password_slip) == ("", "", "")
    [out] = done.files[0].out
    again = back(world, out, key=str(somebody.p12), key_password=KEY_PASSWORD)
    assert code(again) == ""
    [opened] = map(Path, again.files[0].out)
    assert (opened.name, opened.read_bytes()) == (path.name, path.read_bytes())
    assert [event.kind for event in world.store.ledger.held] == ["protect", "open"]
    [body] = world.records("protect")
    assert body["listed"]
    assert KEY_PASSWORD not in world.store.everything()


def test_for_certificates_an_envelope_is_proposed(world: World) -> None:
    somebody = Somebody(world)
    done = guard(world, world.word(), world.text(), certificates=(somebody.certificate,))
    assert [row.method for row in done.files] == ["cms", "cms"]
    assert [Path(row.out[0]).name for row in done.files] == ["案.docx.p7m", "メモ.txt.p7m"]
    refused = guard(world, world.word(), method="zip", certificates=(somebody.certificate,))
    assert code(refused) == "protect.no-certificates"


def test_the_private_key_never_reaches_a_worker(world: World) -> None:
    somebody = Somebody(world)
    done = guard(world, world.text(), certificates=(somebody.certificate,), password=PASSWORD)
    seen: list[OpenOrder] = []
    for name in ("contents", "open"):
        real = world.workers.jobs[name]

        def watched(order: OpenOrder, files: Any, real: Any = real) -> Any:
            seen.append(order)
            return real(order, files)

        world.workers.jobs[name] = watched
    [out] = done.files[0].out
    assert code(back(world, out, key=str(somebody.p12), key_password=KEY_PASSWORD)) == ""
    assert [order.password for order in seen] == ["", ""]
    assert all(len(order.content_key) == 32 for order in seen)
    assert "wraps" in world.workers.ran
    assert KEY_PASSWORD not in repr(seen)


def test_the_own_key_that_is_named_opens(world: World) -> None:
    somebody = Somebody(world)
    own_key.use_p12(world.ctx, str(somebody.p12), KEY_PASSWORD)
    done = guard(world, world.text(), certificates=(somebody.certificate,))
    again = back(world, done.files[0].out[0], own_key=True, key_password=KEY_PASSWORD)
    assert code(again) == ""


def test_a_stranger_is_told_so_and_nothing_is_left(world: World) -> None:
    somebody, stranger = Somebody(world), Somebody(world, "p-256", 1)
    done = guard(world, world.text(), certificates=(somebody.certificate,))
    [out] = done.files[0].out
    again = back(world, out, key=str(stranger.p12), key_password=KEY_PASSWORD)
    assert code(again) == "open.not-for-you"
    assert code(back(world, out, password=PASSWORD)) == "open.needs-key"
    assert [*(world.folder / "戻し").iterdir()] == []


def test_where_the_key_does_not_fit_the_password_is_tried(world: World) -> None:
    somebody = Somebody(world)
    done = guard(world, world.text(), world.word(), password=PASSWORD)
    request = OpenRequest(
        paths=tuple(row.out[0] for row in done.files),
        out=str(world.folder / "戻し"),
        password=PASSWORD,
        key=str(somebody.p12),
        key_password=KEY_PASSWORD,
    )
    again = open_files(world.ctx, request)
    assert [code(again, row) for row in (0, 1)] == ["", ""]
    alone = back(world, done.files[0].out[0], key=str(somebody.p12), key_password=KEY_PASSWORD)
    assert code(alone) == "protect.no-certificates"


def test_the_label_travels_inside(world: World) -> None:
    path = world.text("案.txt")
    request = ClassifyRequest(paths=(str(path),), c=2, i=2, reason="調査")
    assert classify(world.ctx, request).files[0].error is None
    done = guard(world, path, method="cms", password=PASSWORD)
    again = back(world, done.files[0].out[0], password=PASSWORD)
    [row] = again.files
    assert row.label is not None
    assert (row.label.c, row.label.i) == (2, 2)
    assert sidecar_of(Path(row.out[0])).is_file()
    assert world.records("open")[0]["label"]


def test_labels_are_written_in_two_lines() -> None:
    label = Label(Confidentiality.C2, Integrity.I1, Availability.A1, audience=frozenset({"課長"}))
    assert label_inside(label).split("\n") == ["C2;I1;A1", "only=課長"]
    assert label_inside(None) == ""


def test_a_name_that_is_not_to_be_seen(world: World) -> None:
    done = guard(world, world.text("極秘人事.txt"), method="cms", password=PASSWORD, hide_name=True)
    [out] = done.files[0].out
    assert Path(out).name == "保護ファイル.p7m"
    assert "人事".encode() not in Path(out).read_bytes()
    again = back(world, out, password=PASSWORD)
    assert Path(again.files[0].out[0]).name == "極秘人事.txt"
    shown = guard(world, world.word("人事.docx"), password=PASSWORD, hide_name=True)
    assert Path(shown.files[0].out[0]).name == "人事.docx"


def test_certificates_out_of_a_file(world: World) -> None:
    somebody = Somebody(world)
    path = world.text()
    with pytest.raises(RuleViolation) as refused:
        guard(world, path, certificate_files=(str(somebody.pem),))
    assert refused.value.code == "certificate.unconfirmed"
    done = guard(world, path, certificate_files=(str(somebody.pem),), compared=True)
    assert code(done) == ""
    expired = world.folder / "old.pem"
    read = x509.load_der_x509_certificate(certificate(somebody.key, days=(-9000, -8000)))
    expired.write_bytes(read.public_bytes(Encoding.PEM))
    with pytest.raises(RuleViolation) as refused:
        guard(world, path, certificate_files=(str(expired),), compared=True)
    assert refused.value.code == "certificate.expired"


def test_an_expired_certificate_is_refused_where_it_is_used(world: World) -> None:
    somebody = Somebody(world)
    old = certificate(somebody.key, days=(-9000, -8000))
    done = guard(world, world.text(), certificates=(old,))
    assert code(done) == "protect.certificate-expired"
    assert [*world.out.iterdir()] == []


def test_a_short_key_needs_a_reason_which_is_recorded(world: World) -> None:
    somebody = Somebody(world, "rsa-2048")
    path = world.text()
    done = guard(world, path, certificates=(somebody.certificate,))
    assert code(done) == "crypto.key-too-short"
    done = guard(
        world, path, certificates=(somebody.certificate,), reason_unlisted="相手の更改まで"
    )
    assert code(done) == ""
    assert "相手の更改まで" in str(world.records("protect")[0])


def test_requests_show_no_secret() -> None:
    shown = repr(ProtectRequest(paths=("a",), out="b", password=PASSWORD))
    shown += repr(OpenRequest(paths=("a",), out="b", password=PASSWORD, key_password=KEY_PASSWORD))
    assert PASSWORD not in shown
    assert KEY_PASSWORD not in shown


class Pulled(SoftwareKey):
    """A card that somebody takes out of its reader after some files."""

    left = 1
    closed = False

    def agree(self, public_key: bytes) -> bytearray:
        """Answer as long as the card is there."""
        if not self.left:
            raise EnvironmentProblem("key.removed")
        self.left -= 1
        return super().agree(public_key)

    def close(self) -> None:
        """Remember that it was let go of."""
        self.closed = True


def test_a_card_pulled_out_midway_leaves_nothing_of_the_file(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    somebody = Somebody(world)
    done = guard(world, world.text(), world.word(), certificates=(somebody.certificate,))
    card = Pulled(somebody.key, somebody.certificate)
    monkeypatch.setattr(opening, "own_key", lambda *_: card)
    request = OpenRequest(
        paths=tuple(row.out[0] for row in done.files), out=str(world.folder / "戻し"), own_key=True
    )
    again = open_files(world.ctx, request)
    assert sorted(code(again, row) for row in (0, 1)) == ["", "key.removed"]
    assert len([*(world.folder / "戻し").iterdir()]) == 1
    assert card.closed
    assert all(Path(row.out[0]).is_file() for row in done.files)
