"""Labels of other products in OpenDocument: read, set, replaced; all else stays."""

import io

import pytest

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.base import LabelOrder, Wants
from meti_desk.formats.odf.family import ODF
from tests.formats.odf.builder import document, members_of, p

SPACE = "urn:bails:IntellectualProperty:"
NAME = SPACE + "BusinessAuthorizationCategory:Name"
OWN = {"jp.go.meti.label": "C2;I2;A1"}
GUID = "2096f6a2-d2f7-48be-b329-b73aaa526e5d"


def _written(file: io.BytesIO, foreign: dict[str, str]) -> io.BytesIO:
    out, again = io.BytesIO(), io.BytesIO()
    order = LabelOrder(OWN, foreign=foreign)
    ODF.write_label(file, out, order)
    ODF.verify_label(file, out, order)
    ODF.write_label(out, again, order)
    assert again.getvalue() == out.getvalue()
    return out


def _names(file: io.BytesIO) -> list[tuple[str, str]]:
    return [(one.scheme, one.name) for one in ODF.inspect(file, Wants()).foreign]


def test_a_label_is_exported_and_replaced_as_a_whole() -> None:
    file = document("odt", p("text"))
    first = _written(file, {NAME: "秘密 <A>", SPACE + "Impact:Scale": "UK-Cabinet"})
    assert _names(first) == [("tscp", "秘密 <A>")]
    microsoft = {f"MSIP_Label_{GUID}_Enabled": "true", f"MSIP_Label_{GUID}_Name": "M"}
    both = _written(first, microsoft)
    assert _names(both) == [("msip", "M"), ("tscp", "秘密 <A>")]
    second = _written(both, {NAME: "B"})
    assert _names(second) == [("msip", "M"), ("tscp", "B")]
    assert b"UK-Cabinet" not in members_of(second)["meta.xml"]
    assert members_of(second)["content.xml"] == members_of(file)["content.xml"]


def test_labels_that_are_not_named_stay_when_ours_goes() -> None:
    labelled = _written(document("ods"), {NAME: "A"})
    out = io.BytesIO()
    ODF.write_label(labelled, out, LabelOrder({}, ""))
    ODF.verify_label(labelled, out, LabelOrder({}, ""))
    assert _names(out) == [("tscp", "A")]


@pytest.mark.parametrize(
    ("foreign", "code"),
    [({"Author": "x"}, "label.foreign-key"), ({NAME: "a\0"}, "label.text-not-storable")],
)
def test_what_is_no_label_or_no_text_is_refused(foreign: dict[str, str], code: str) -> None:
    with pytest.raises(InvalidInput) as told:
        ODF.write_label(document("odt"), io.BytesIO(), LabelOrder(OWN, foreign=foreign))
    assert told.value.code == code


def test_the_proof_finds_another_label_than_ordered() -> None:
    file = document("odt")
    out = _written(file, {NAME: "A"})
    with pytest.raises(InvalidInput) as told:
        ODF.verify_label(file, out, LabelOrder(OWN, foreign={NAME: "B"}))
    assert told.value.params["what"] == "properties"
