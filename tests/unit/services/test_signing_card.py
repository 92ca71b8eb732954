"""Signing with a card: the key never leaves it, and one that is pulled out signs nothing more."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pkcs11 as library
import pytest

from meti_desk.domain.errors import MetiDeskError
from meti_desk.services import own_key
from meti_desk.services.classify import classify
from meti_desk.services.messages import ClassifyRequest
from meti_desk.services.signing import sign
from meti_desk.services.signing_messages import SignRequest
from meti_desk.services.verifying import verify
from tests.unit.protection.keys.key_material import (
    SOFTHSM,
    Authority,
    Card,
    ec_key,
    has_softhsm,
    make,
    rsa_key,
)
from tests.unit.protection.signing.signing_world import plain_pdf
from tests.unit.services.fakes import World

pytestmark = pytest.mark.skipif(not has_softhsm(), reason="needs softhsm2 and opensc")


@pytest.fixture
def card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Card]:
    """Give a card with an RSA and an elliptic-curve key."""
    made, root = Card(tmp_path), Authority()
    made.add(rsa_key(), make("経済 太郎", rsa_key(), root), "01")
    made.add(ec_key(), make("経済 花子", ec_key(), root), "02")
    monkeypatch.setenv("SOFTHSM2_CONF", str(made.conf))
    library.unload(SOFTHSM)
    yield made
    library.unload(SOFTHSM)


@pytest.mark.parametrize(
    ("key_id", "name", "algorithm"),
    [("01", "経済 太郎", "rsa-pss-3072"), ("02", "経済 花子", "ecdsa-256")],
)
def test_a_card_signs_inside_and_beside(
    world: World, card: Card, key_id: str, name: str, algorithm: str
) -> None:
    world.clock.moment = datetime.now(UTC)
    paper, text = world.folder / "合意.pdf", world.text()
    paper.write_bytes(plain_pdf())
    paths = (str(paper), str(text))
    classify(world.ctx, ClassifyRequest(paths=paths, c=2))
    own_key.use_card(world.ctx, SOFTHSM, key_id=key_id)
    done = sign(world.ctx, SignRequest(paths=paths, secret=card.PIN))
    assert [row.error for row in done.files] == [None, None]
    for row in done.files:
        (found,) = verify(world.ctx, (row.out[0],))
        (one,) = found.signatures
        assert (one.signer, one.intact, one.algorithms[0]) == (name, True, algorithm)
    assert card.PIN not in world.store.everything()


def test_a_wrong_pin_signs_nothing(world: World, card: Card) -> None:
    paper = world.folder / "合意.pdf"
    paper.write_bytes(plain_pdf())
    own_key.use_card(world.ctx, SOFTHSM, key_id="01")
    with pytest.raises(MetiDeskError) as caught:
        sign(world.ctx, SignRequest(paths=(str(paper),), secret="000000"))
    assert caught.value.code.startswith("key.wrong-pin")
    assert card.PIN not in repr(caught.value)
    assert world.records("sign") == []
