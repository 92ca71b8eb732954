import pytest

from meti_desk.data import read_text
from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.protection.cryptrec import Note, Table, require

ROW = """
[source]
list = "L"
list_revision = "R1"
list_date = "2026-03-30"
strength = "S"
strength_revision = "R1"
[[algorithm]]
id = "aes"
name = "AES"
list = "listed"
"""


@pytest.mark.parametrize(
    ("algorithm", "state"),
    [
        ("aes-256", "listed"),
        ("aes-128", "listed"),
        ("aes-64", "none"),
        ("camellia-256", "listed"),
        ("sha-256", "listed"),
        ("sha-512-256", "listed"),
        ("sha-1", "monitored"),
        ("tdes-3key", "monitored"),
        ("rsaes-pkcs1-v1_5", "monitored"),
        ("ml-kem-768", "listed"),
        ("rsa-oaep-3072", "listed"),
        ("rsa-oaep-1024", "none"),
        ("pbkdf2-hmac-sha-256", "none"),
        ("hkdf-sha-256", "none"),
        ("argon2id", "none"),
        ("rc4", "none"),
        ("not-heard-of", "none"),
    ],
)
def test_state_follows_the_list(algorithm: str, state: str) -> None:
    assert Table.load().state(algorithm) == state


def test_a_short_key_is_listed_until_its_term_ends() -> None:
    table = Table.load()
    assert table.state("rsa-pss-2048", on="2030-12-31") == "listed"
    assert table.state("rsa-pss-2048", on="2031-01-01") == "none"
    assert table.state("rsa-pss-3072", on="2031-01-01") == "listed"


def test_the_shipped_table_tells_its_source_and_that_nobody_checked_it() -> None:
    source = Table.load().source
    assert (source.list, source.list_revision) == ("CRYPTREC LS-0001-2022", "R2")
    assert source.list_date == "2026-03-30"
    assert source.checked_by_person is False


def test_what_has_no_category_is_judged_by_its_parts() -> None:
    table = Table.load()
    assert table.all_listed(["pbkdf2-hmac-sha-256", "aes-256"])
    assert not table.all_listed(["pbkdf2-hmac-sha-1"])
    assert not table.all_listed([])
    for row in table.algorithm:
        assert row.on == "none" or row.category, row.id
        assert not (row.built_of and row.on != "none"), row.id


def test_require_refuses_what_is_not_listed_and_names_the_article() -> None:
    with pytest.raises(RuleViolation) as refused:
        require(["aes-256", "rc4"])
    assert refused.value.code == "crypto.not-listed"
    assert refused.value.articles == ("30-1",)
    assert refused.value.params["algorithm"] == "rc4"


def test_require_gives_back_the_reason_to_record() -> None:
    assert require(["aes-256", "sha-1"], reason="相手の装置が古い") == (
        Note("sha-1", "monitored", "相手の装置が古い"),
    )
    assert require(["aes-256", "cbc", "hmac", "sha-512"]) == ()


def test_require_wants_the_long_keys_for_new_use() -> None:
    with pytest.raises(RuleViolation) as refused:
        require(["aes-128"])
    assert refused.value.code == "crypto.key-too-short"


def test_compromised_is_refused_even_with_a_reason_and_through_parts() -> None:
    table = Table.load().mark_compromised(["sha-256"], since="2026-11-01", reference="通知1号")
    assert table.state("sha-256") == "compromised"
    assert table.state("pbkdf2-hmac-sha-256") == "compromised"
    assert Table.load().state("sha-256") == "listed"
    for use in ("sha-256", "pdf-r6-kdf"):
        with pytest.raises(RuleViolation) as refused:
            table.require([use], reason="急ぎ")
        assert refused.value.code == "crypto.compromised"
        assert refused.value.articles == ("30-2",)


def test_an_emergency_for_an_unknown_id_is_an_error() -> None:
    with pytest.raises(InvalidInput) as refused:
        Table.load().mark_compromised(["sha-257"], since="2026-11-01")
    assert refused.value.code == "crypto.unknown-algorithm"


@pytest.mark.parametrize(
    "text",
    [
        "not toml =",
        "",
        ROW + '[[algorithm]]\nid = "aes"\nname = "again"\nlist = "listed"\n',
        ROW.replace('"listed"', '"recommended"'),
        ROW + 'built_of = ["nothing"]\n',
        ROW + "unknown_field = 1\n",
    ],
)
def test_a_damaged_table_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        Table.parse(text)
    assert refused.value.code == "crypto.table-damaged"


def test_a_table_is_replaced_by_its_text() -> None:
    text = read_text("resources", "cryptrec.toml").replace(
        'id = "sha-1"\nname = "SHA-1"\ncategory = "hash"\nlist = "monitored"',
        'id = "sha-1"\nname = "SHA-1"\ncategory = "hash"\nlist = "none"',
    )
    assert Table.parse(text).state("sha-1") == "none"
    assert Table.load().state("sha-1") == "monitored"
