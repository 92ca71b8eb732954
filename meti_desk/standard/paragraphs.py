"""How many paragraphs each article of the standard has, so that a reference can be checked.

Only numbers: the text of the standard is imported by the ministry and is no part of this project.
"""

import re

REVISION = "令和元年5月31日改正（20190529官第2号）"
"""The revision that these numbers were counted in."""

# fmt: off
_PARAGRAPHS = (
    1, 1, 2, 2, 2, 2, 3, 1, 1, 4,  # 1-10
    6, 1, 1, 7, 2, 2, 1, 9, 6, 2,  # 11-20
    1, 1, 3, 9, 3, 1, 1, 5, 2, 4,  # 21-30
    6, 3, 2, 3, 1, 3, 13, 9, 1, 1,  # 31-40
    3, 1, 5, 2, 2, 1, 4, 4, 1, 3,  # 41-50
    1, 4, 3, 2, 1, 4, 3, 3, 5, 11,  # 51-60
    4, 1, 1, 1, 2, 1, 2, 3, 1, 4,  # 61-70
    1, 4, 3, 3, 5, 2, 8, 2, 1, 1,  # 71-80
    1, 2, 1, 1, 2, 1, 2, 2, 3, 5,  # 81-90
    3, 2, 3, 2, 6, 4, 2, 10, 6, 2,  # 91-100
    1, 1, 3,  # 101-103
)
# fmt: on

_CLAUSE = re.compile(r"art-(\d+)_p(\d+)")


def clauses() -> frozenset[str]:
    """Give every clause that exists, written `art-14_p7` for 第14条第7項."""
    return frozenset(
        f"art-{article}_p{paragraph}"
        for article, count in enumerate(_PARAGRAPHS, start=1)
        for paragraph in range(1, count + 1)
    )


def numbers(clause: str) -> tuple[int, int]:
    """Give article and paragraph of a clause; `ValueError` for what is not written as one."""
    found = _CLAUSE.fullmatch(clause)
    if found is None:
        raise ValueError(clause)
    return int(found.group(1)), int(found.group(2))


def article(clause: str) -> str:
    """Write a clause as errors and lists name it: `14-7`."""
    return "{}-{}".format(*numbers(clause))


def told(clause: str, language: str = "ja") -> str:
    """Write a clause as a reader knows it: 第14条第7項, or Art. 14-7.

    An article of one paragraph is named without it, as the standard does.
    """
    number, paragraph = numbers(clause)
    if language == "en":
        return f"Art. {number}-{paragraph}"
    single = _PARAGRAPHS[number - 1] == 1
    return f"第{number}条" if single else f"第{number}条第{paragraph}項"
