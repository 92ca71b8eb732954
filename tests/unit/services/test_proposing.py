"""The proposal of a method follows from files, recipients, label and policy."""

from collections.abc import Callable
from pathlib import Path

import pytest

from meti_desk.domain.errors import InvalidInput
from meti_desk.domain.policy import Certificates
from meti_desk.services.messages import ClassifyRequest
from meti_desk.services.recipient_messages import ImportRequest, RecipientRequest
from meti_desk.services.recipients import Recipients
from tests.unit.protection.keys.key_material import Authority, ec_key, make, pem, rsa_key
from tests.unit.services.fakes import World

OUT, IN = "taro@example.jp", "hanako@meti.go.jp"
ROOT = Authority()


@pytest.fixture
def book(world: World, tmp_path: Path) -> Recipients:
    (tmp_path / "office" / "roots").mkdir(parents=True)
    (tmp_path / "office" / "roots" / "root.pem").write_bytes(pem(ROOT.certificate))
    world.rules(certificates=Certificates(folder=str(tmp_path / "office")))
    return Recipients(world.ctx)


@pytest.fixture
def certify(world: World, book: Recipients) -> Callable[..., None]:
    def give(mail: str, key: object = None) -> None:
        path = world.folder / "cert.pem"
        path.write_bytes(pem(make("x", key or ec_key(), ROOT)))  # type: ignore[arg-type]
        book.import_from(ImportRequest(path=str(path), mail=mail))

    return give


def text(world: World, name: str = "一覧.txt") -> str:
    path = world.folder / name
    path.write_text("試験の一覧")
    return str(path)


def test_by_the_file_and_the_recipient(world: World, book: Recipients) -> None:
    word, plain = str(world.word()), text(world)
    assert (book.propose([word], []).method, book.propose([word], []).why) == (
        "office",
        "propose.own-format",
    )
    assert book.propose([plain], [OUT]).method == "zip"
    inside = book.propose([plain], [IN])
    assert (inside.method, inside.why, inside.inside) == ("metienc", "propose.inside", True)
    assert book.propose([plain], [IN, OUT]).method == "zip"
    assert book.propose([word, plain], [OUT]).method == "zip"
    assert {one.id for one in book.propose([plain], []).offers if not one.suits} >= {
        "office",
        "pdf",
    }


def test_certificates_first(world: World, book: Recipients, certify: Callable[..., None]) -> None:
    certify(OUT)
    found = book.propose([str(world.word())], [OUT])
    assert (found.by_certificate, found.why) == (True, "propose.certificates")
    assert next(one for one in found.offers if one.id == found.method).certificates
    mixed = book.propose([str(world.word())], [OUT, "jiro@example.jp"])
    assert (mixed.by_certificate, mixed.without) == (False, ("jiro@example.jp",))
    certify("short@example.jp", rsa_key(2048))
    assert book.propose([text(world)], ["short@example.jp"]).short


def test_what_arrives_there(world: World, book: Recipients) -> None:
    book.put(RecipientRequest(mail=OUT, accepts=("html",)))
    found = book.propose([str(world.word())], [OUT])
    assert (found.method, found.why) == ("html", "propose.accepts")
    book.put(RecipientRequest(mail=OUT, before=OUT, blocks_encrypted=True))
    found = book.propose([text(world)], [OUT])
    assert found.notes == ("propose.gateway",)
    assert found.method not in {"office", "pdf", "zip"}
    book.put(RecipientRequest(mail=OUT, before=OUT, accepts=("pdf",)))
    assert book.propose([text(world)], [OUT]).method == "zip"


def test_the_label_asks_for_listed_algorithms(world: World, book: Recipients) -> None:
    path = text(world)
    world.desk().classify(ClassifyRequest(paths=(path,), c=3, reason="秘密文書に当たるため"))
    found = book.propose([path], [OUT])
    assert (found.method, found.why) == ("html", "propose.listed")


def test_unreadable_files_and_odd_addresses(world: World, book: Recipients) -> None:
    assert book.propose([str(world.folder / "away.txt")], []).offers
    with pytest.raises(InvalidInput) as told:
        book.propose([], ["two words"])
    assert told.value.code == "recipient.invalid"
