"""Reviews of labels in words (確認, Art. 4-2)."""

from typing import TYPE_CHECKING

from meti_desk.ui.strings import label_line, term, tr
from meti_desk.ui.widgets.dates import shown_moment

if TYPE_CHECKING:
    from meti_desk.services.review_messages import ReviewRow, ReviewStep

_NAMED = 3


def review_state(row: "ReviewRow") -> str:
    """Say where a review stands."""
    if row.said:
        return tr("回答（未送信）")
    return term(f"review.state.{row.state}", row.state)


def titles_line(row: "ReviewRow") -> str:
    """Name the documents of a review in one line."""
    names = [one.title or tr("題名を読めない文書（{id}）", id=one.id[:8]) for one in row.documents]
    if len(names) > _NAMED:
        return "、".join([*names[:_NAMED], tr("ほか{n}件", n=len(names) - _NAMED)])
    return "、".join(names)


def evidence_line(code: str, words: str) -> str:
    """Say what speaks for a label, or what a reviewer should look at."""
    if code == "detector":
        return term(f"detector.{words}", words)
    said = {
        "source": tr("元の文書：{words}", words=words),
        "consulted": tr("相談：{words}", words=words),
        "changed": tr("内容の変更：{words}", words=words),
        "inherited": tr("受け継いだもの：{words}", words=words),
        "lowered": tr("引き下げ：{words}", words=words),
        "same-words": tr("同じ文のある文書：{words}", words=words),
    }
    return said.get(code) or f"{term(f'review.evidence.{code}', code)} {words}".rstrip()


def evidence_short(row: "ReviewRow") -> str:
    """Say in a narrow place what to look at first: a lowered label before all else."""
    codes = [code for code, _words in row.evidence]
    if "lowered" in codes:
        return tr("引き下げ")
    if "consulted" in codes:
        return tr("相談して変更")
    if row.evidence:
        return evidence_line(*row.evidence[0])
    return tr("根拠なし")


def step_line(step: "ReviewStep") -> str:
    """Write one line of what was said."""
    what = term(f"review.step.{step.what}", step.what)
    label = label_line(step.label) if step.label is not None else ""
    parts = (shown_moment(step.at) if step.at else "", what, label, step.by, step.note)
    return "　".join(filter(None, parts))


def review_facts(row: "ReviewRow") -> list[tuple[str, str]]:
    """Tell what is known of a review."""
    label = row.label
    levels = [tr("完全性{n}", n=label.i), tr("可用性{n}", n=label.a)] if label.i and label.a else []
    facts = [
        (tr("格付"), "・".join([label_line(label), *levels])),
        (tr("決めた人"), "　".join(filter(None, (row.owner, row.unit)))),
        (tr("決めた日時"), shown_moment(row.decided_at)),
        (tr("理由"), row.reason),
        (tr("根拠"), "\n".join(evidence_line(*one) for one in row.evidence)),
        (tr("これまで"), "\n".join(map(step_line, row.steps))),
    ]
    return [(name, value) for name, value in facts if value]
