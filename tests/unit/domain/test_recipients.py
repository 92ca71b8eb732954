"""One address is one address: no second one beside it speaks for the first."""

import pytest

from meti_desk.domain.recipients import all_named, domain_of


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("A@Example.COM", "example.com"), (" a@example.com. ", "example.com"),
        ("学 花子 <a@univ.example>", "univ.example"), ("@univ.example", "univ.example"),
        ("x@evil.example,a@univ.example", ""), ("x@evil.example <a@univ.example>", ""),
        ("x@evil.example@univ.example", ""), ("univ.example", ""), ("a@", ""), ("", ""),
    ],
)  # fmt: skip
def test_the_domain_of_one_address(address: str, domain: str) -> None:
    assert domain_of(address) == domain


@pytest.mark.parametrize(
    ("recipients", "right"),
    [
        (["a@UNIV.example"], True), (["花子 <a@univ.example>"], True), (["B@example.com"], True),
        (["x@evil.example, a@univ.example"], False), (["a@sub.univ.example"], False),
        (["a@univ.example", "x@evil.example"], False), (["univ.example"], False), ([], False),
    ],
)  # fmt: skip
def test_whoever_receives_it_is_named(recipients: list[str], *, right: bool) -> None:
    assert all_named({"@Univ.example", "b@example.com"}, recipients) is right


def test_where_nobody_is_named_nobody_receives() -> None:
    assert all_named((), ())
    assert not all_named((), ["a@univ.example"])
    assert not all_named(["@"], ["a@"])
