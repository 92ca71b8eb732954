"""References to the standard."""

import pytest

from meti_desk.domain.measures import PERMISSIONS, RESTRICTION_ARTICLES, ROWS
from meti_desk.domain.permit import DECIDERS
from meti_desk.domain.policy_check import EXEMPTION_LIMITS
from meti_desk.standard.articles import exists, title


@pytest.mark.parametrize(
    "reference",
    ["1", "103", "13", "13-1", "14-7", "20-1(4)", "2(27)", "2-1(48)", "38-9(2)", "103-3"],
)
def test_references_that_exist(reference: str) -> None:
    assert exists(reference)


@pytest.mark.parametrize(
    "reference",
    [
        "0",
        "104",
        "13-2",
        "14-8",
        "20-1(7)",
        "20(1)",
        "14-7(1)",
        "2(49)",
        "014",
        "14-",
        "14-07",
        "x",
        "",
    ],
)
def test_references_that_do_not(reference: str) -> None:
    assert not exists(reference)
    with pytest.raises(KeyError):
        title(reference)


def test_every_article_has_a_title_in_both_languages() -> None:
    titles = [(title(str(number)), title(str(number), "en")) for number in range(1, 104)]
    assert len({japanese for japanese, _ in titles}) == 103
    assert len({english for _, english in titles}) == 103
    assert all(japanese and english.isascii() for japanese, english in titles)


def test_titles_stand_at_their_articles() -> None:
    assert title("13") == "移送・提供の許可"
    assert title("53-2", "en") == "Using mail"
    assert title("77-3").startswith("区域外の情報処理")
    assert title("92") == "自己点検の実施"


def test_every_article_that_the_rules_name_exists() -> None:
    named = {*RESTRICTION_ARTICLES, *PERMISSIONS.values(), *DECIDERS, *EXEMPTION_LIMITS}
    named |= {article for articles in ROWS.values() for article in articles}
    assert [one for one in sorted(named) if not exists(one)] == []
