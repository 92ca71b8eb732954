"""The two properties of a label and the seal over them."""

from dataclasses import replace
from datetime import date

import pytest

from meti_desk.domain import stored_label
from meti_desk.domain.classification import Availability, Confidentiality, Integrity
from meti_desk.domain.label import Label, Terms, Undecided
from meti_desk.domain.restriction import Restriction, Strength, Vocabulary
from meti_desk.domain.stored_label import Seal, decode_seal, parse, seal_state, to_properties
from meti_desk.formats import base

COPY = Restriction("copy", Strength.FORBIDDEN, "複製禁止")
WORDS = Vocabulary({"複製禁止": COPY})
C2 = Confidentiality.C2
SEAL = Seal("C2;I1;A1", "r=複製禁止", "doc-1", "経産花子", "2026-11-22T09:00:00+09:00", "ab", "k1")


def verify(key: str, message: bytes, signature: bytes) -> bool:
    return signature == key.encode() + message


SIGNED = replace(SEAL, signature=b"k1" + SEAL.message())


def test_the_keys_are_those_of_the_formats() -> None:
    for name in ("LABEL_KEY", "HANDLING_KEY", "ID_KEY", "SEAL_KEY"):
        assert getattr(stored_label, name) == getattr(base, name)


def test_how_a_label_is_written() -> None:
    label = Label(
        C2, Integrity.I2, Availability.A1, frozenset({COPY}), frozenset({"委員;A=B", "課内"}),
        Terms(date(2026, 12, 1), None, date(2031, 3, 31), 24),
    )  # fmt: skip
    assert to_properties(label) == {
        "jp.go.meti.label": "C2;I2;A1",
        "jp.go.meti.handling": (
            "r=複製禁止;only=委員%3BA%3DB;only=課内;embargo=2026-12-01;keep=2031-03-31;restore=24"
        ),
    }


def test_undecided_is_never_written_as_a_level() -> None:
    assert to_properties(Undecided()) == {"jp.go.meti.label": "U"}
    assert to_properties(Undecided(Label(C2)))["jp.go.meti.label"] == "U;C2;I1;A1"


def test_without_our_property_there_is_no_label() -> None:
    assert parse({"jp.go.meti.handling": "r=複製禁止", "other": "C1;I1;A1"}, WORDS) is None


@pytest.mark.parametrize("text", ["", "C0;I1;A1", "C1", "c1;i1;a1", "C1;I1;A1;", "公開"])
def test_what_cannot_be_read_is_undecided_and_at_least_c2(text: str) -> None:
    assert parse({"jp.go.meti.label": text}, WORDS) == Undecided(Label(C2))


def test_words_that_the_policy_does_not_know_are_kept_and_forbid() -> None:
    read = parse(
        {"jp.go.meti.label": "C2;I1;A1", "jp.go.meti.handling": "r=閲覧制限;x;keep=soon"}, WORDS
    )
    assert isinstance(read, Label)
    assert {(one.verb, one.strength) for one in read.restrictions} == {
        ("unknown:閲覧制限", Strength.FORBIDDEN),
        ("unknown:x", Strength.FORBIDDEN),
        ("unknown:keep=soon", Strength.FORBIDDEN),
    }


def test_an_audience_of_nobody_survives() -> None:
    label = Label(C2, audience=frozenset())
    assert parse(to_properties(label), WORDS) == label


def state(seal: Seal | None, **changed: str) -> str:
    now = {"label": SEAL.label, "handling": SEAL.handling, "digest": SEAL.digest} | changed
    return seal_state(seal, **now, verify=verify)


def test_the_states_of_a_seal() -> None:
    assert state(None) == "none"
    assert state(SIGNED) == "sealed"
    assert state(SIGNED, label="C1;I1;A1") == "label-changed"
    assert state(SIGNED, handling="") == "label-changed"
    assert state(SIGNED, digest="cd") == "content-changed"
    assert state(SIGNED, label="C1;I1;A1", digest="cd") == "label-changed"


@pytest.mark.parametrize("field", ["label", "handling", "document", "by", "at", "digest", "key"])
def test_a_seal_with_any_field_changed_vouches_for_nothing(field: str) -> None:
    forged = replace(SIGNED, **{field: "x"})
    now = {"label": forged.label, "handling": forged.handling, "digest": forged.digest}
    assert seal_state(forged, **now, verify=verify) == "label-changed"


def test_fields_cannot_be_moved_across_their_border() -> None:
    assert replace(SEAL, label="C2;I1;A1r", handling="=複製禁止").message() != SEAL.message()


@pytest.mark.parametrize(
    "text", ["", "あ", "e30", "W10", "WzJd", "WzEsMSwxLDEsMSwxLDEsMSwxXQ", "####"]
)
def test_what_is_no_seal(text: str) -> None:
    assert decode_seal(text) is None


def test_a_seal_is_one_word() -> None:
    assert decode_seal(SIGNED.encode()) == SIGNED
    assert SIGNED.encode().replace("-", "").replace("_", "").isalnum()
