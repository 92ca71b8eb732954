import hashlib
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.formats.base import LabelOrder, ScrubOrder, Wants
from meti_desk.formats.inspecting import inspect
from meti_desk.formats.sidecar import make_sidecar, read_sidecar
from meti_desk.formats.sidecar.document import LARGEST
from meti_desk.formats.sidecar.other import OTHER

HASH = hashlib.sha256(b"content").hexdigest()
LABEL = {"jp.go.meti.label": "C2;I1;A1", "jp.go.meti.handling": "複製禁止"}

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@settings(derandomize=True, max_examples=100)
@given(st.dictionaries(texts.map("jp.go.meti.".__add__), texts, max_size=6))
def test_reading_gives_back_what_was_written(properties: dict[str, str]) -> None:
    written = make_sidecar(HASH, properties)
    found = read_sidecar(written)
    assert (found.sha256, found.properties) == (HASH, properties)
    assert make_sidecar(HASH, dict(reversed(properties.items()))) == written


def test_only_our_own_properties_are_written() -> None:
    assert read_sidecar(make_sidecar(HASH, {**LABEL, "Author": "山田"})).properties == LABEL


def test_it_is_plain_json_for_people() -> None:
    written = make_sidecar(HASH, LABEL)
    assert json.loads(written)["schema"] == "jp.go.meti.sidecar/1"
    assert "複製禁止".encode() in written


GOOD = {"schema": "jp.go.meti.sidecar/1", "sha256": HASH, "properties": LABEL}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "sidecar.damaged"),
        (b"[" * 100_000, "sidecar.damaged"),
        (b"\xff\xfe", "sidecar.damaged"),
        (json.dumps({**GOOD, "more": 1}).encode(), "sidecar.damaged"),
        (json.dumps({**GOOD, "schema": "other"}).encode(), "sidecar.damaged"),
        (json.dumps({**GOOD, "schema": "jp.go.meti.sidecar/2"}).encode(), "sidecar.newer"),
        (json.dumps({**GOOD, "sha256": HASH[:-1]}).encode(), "sidecar.damaged"),
        (json.dumps({**GOOD, "sha256": HASH + "\n"}).encode(), "sidecar.damaged"),
        (json.dumps({**GOOD, "properties": {"Author": "x"}}).encode(), "sidecar.damaged"),
        (json.dumps({**GOOD, "properties": {"jp.go.meti.label": 1}}).encode(), "sidecar.damaged"),
        (b" " * (LARGEST + 1), "sidecar.too-large"),
    ],
)
def test_anything_else_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_sidecar(data)
    assert caught.value.code == code


def test_a_hash_that_is_none_is_not_written() -> None:
    with pytest.raises(InvalidInput):
        make_sidecar("x", LABEL)


# inspecting with a sidecar


def test_the_sidecar_speaks_for_a_file_that_cannot() -> None:
    found = inspect(io.BytesIO(b"content"), io.BytesIO(make_sidecar(HASH, LABEL)), Wants())
    assert (found.format, found.properties, found.digest) == ("txt", LABEL, HASH)
    assert found.findings == ()


def test_a_stale_sidecar_is_shown_and_reported() -> None:
    found = inspect(io.BytesIO(b"changed"), io.BytesIO(make_sidecar(HASH, LABEL)), Wants())
    assert found.properties == LABEL
    assert [one.kind for one in found.findings] == ["sidecar.stale"]


def test_a_damaged_sidecar_is_reported_and_says_nothing() -> None:
    found = inspect(io.BytesIO(b"content"), io.BytesIO(b"{"), Wants())
    assert found.properties == {}
    assert [one.kind for one in found.findings] == ["sidecar.damaged"]


def test_without_a_wish_nothing_is_hashed() -> None:
    assert inspect(io.BytesIO(b"content"), None, Wants(digest=False)).digest == ""


# the family of last resort


def test_other_files_are_never_rewritten() -> None:
    source, target = io.BytesIO(b"\x89PNG\r\n\x1a\n"), io.BytesIO()
    order = LabelOrder(LABEL)
    for attempt in (
        lambda: OTHER.write_label(source, target, order),
        lambda: OTHER.verify_label(source, target, order),
    ):
        with pytest.raises(RuleViolation) as caught:
            attempt()
        assert caught.value.code == "format.not-embeddable"
        assert caught.value.params == {"format": "png"}
    for attempt in (
        lambda: OTHER.scrub(source, target, ScrubOrder()),
        lambda: OTHER.verify_scrub(source, target, ScrubOrder()),
    ):
        with pytest.raises(RuleViolation) as caught:
            attempt()
        assert caught.value.code == "scrub.unsupported-format"
        assert caught.value.articles == ("14-7",)
    assert target.getvalue() == b""
