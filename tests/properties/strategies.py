"""Labels, names and restrictions as Hypothesis makes them, and how many of them."""

import os
from datetime import date

from hypothesis import settings
from hypothesis import strategies as st

from meti_desk.domain.classification import Availability, Confidentiality, Integrity
from meti_desk.domain.label import AnyLabel, Label, Terms, Undecided
from meti_desk.domain.restriction import Restriction, Serves, Strength, Vocabulary

FULL = os.environ.get("METI_DESK_FULL") == "1"

exact = settings(
    derandomize=True, deadline=None, max_examples=10_000 if FULL else 300, database=None
)
"""The same cases in every run: 300 by default, 10,000 in the full run."""

F, P, R = Strength.FORBIDDEN, Strength.NEEDS_PERMIT, Strength.REQUIRED
VOCABULARY = Vocabulary(
    {
        one.name: one
        for one in (
            Restriction("copy", F, "複製禁止"),
            Restriction("copy", P, "複製要許可"),
            Restriction("distribute", F, "配付禁止"),
            Restriction("print", P, "印刷要許可"),
            Restriction("send", F, "送信禁止"),
            Restriction("encrypt", R, "暗号化必須"),
            Restriction("encrypt-stored", R, "保存時暗号化必須"),
            Restriction("overwrite", F, "書換禁止", Serves.INTEGRITY),
            Restriction("place", R, "保存場所指定", Serves.AVAILABILITY),
        )
    }
)

readable = st.characters(exclude_categories=["Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"])
tricky = st.sampled_from(
    "・、;=%「」（）限り複製禁止 秘年月日まで保存12時間以内復旧機密性.ー々Aａ２ｱ㊙"
)
names = st.text(readable | tricky, min_size=1, max_size=12).map(str.strip).filter(bool)
days = st.dates(date(1, 1, 1), date(9999, 12, 31)) | st.dates(date(2020, 1, 1), date(2035, 1, 1))
terms = st.builds(
    Terms,
    embargo=st.none() | days,
    use_until=st.none() | days,
    keep_until=st.none() | days,
    restore_hours=st.none() | st.integers(1, 9999),
)
restrictions = st.frozensets(st.sampled_from(sorted(VOCABULARY.by_name.values())), max_size=5)


def labels(audience: st.SearchStrategy[frozenset[str]]) -> st.SearchStrategy[Label]:
    """Make decided labels with this audience or none."""
    return st.builds(
        Label,
        confidentiality=st.sampled_from(Confidentiality),
        integrity=st.sampled_from(Integrity),
        availability=st.sampled_from(Availability),
        restrictions=restrictions,
        audience=st.none() | audience,
        terms=terms,
    )


wide_labels = labels(st.frozensets(names, max_size=3))
"""Labels with any audience, also the empty one that stops."""

marked_labels = labels(st.frozensets(names, min_size=1, max_size=3))
"""Labels that can be written as a mark."""

few_names = st.frozensets(st.sampled_from(["審査委員", "課内", "委託先"]), max_size=3)
any_labels: st.SearchStrategy[AnyLabel] = labels(few_names) | st.builds(
    Undecided, st.none() | labels(few_names)
)
"""Labels that overlap, and undecided ones, for the laws of the join."""
