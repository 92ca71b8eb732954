"""Permits in words: their state, what they are for, and what was decided."""

from typing import TYPE_CHECKING

from meti_desk.ui.permits.wish import system_name
from meti_desk.ui.strings import article, measure, term, tr
from meti_desk.ui.widgets.dates import shown_day, shown_moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from meti_desk.services.permit_messages import NotedRow, PermitDocument, PermitRow

_TONES = {
    "requested": "warning",
    "granted": "success",
    "conditional": "success",
    "acknowledged": "success",
    "refused": "danger",
    "revoked": "danger",
}
_NAMED = 3
"""Titles that are named in one line; the others are counted."""
Fact = tuple[str, str]


def state_word(row: "PermitRow") -> str:
    """Say where a request stands."""
    if row.refusal and row.state == "refused" and not row.decider:
        return tr("受付不可")
    if row.state == "lapsed":
        word = tr("期限切れ（決定なし）")
        return tr("{state}（登録を外す前）", state=word) if row.left else word
    waiting = {
        "permit-asked": tr("申請中（未送信）"),
        "permit-decided": tr("決定（未送信）"),
        "permit-withdrawn": tr("取下げ（未送信）"),
        "permit-revoked": tr("取消し（未送信）"),
        "permit-reported": tr("報告済（未送信）"),
    }
    if row.pending in waiting:
        return waiting[row.pending]
    words = {
        "requested": tr("申請中"),
        "granted": tr("許可"),
        "conditional": tr("条件付許可"),
        "refused": tr("却下"),
        "withdrawn": tr("取下げ"),
        "expired": tr("報告待ち") if row.report_due else tr("期限切れ"),
        "acknowledged": tr("受理"),
        "reported": tr("終了報告済"),
        "revoked": tr("取消し"),
    }
    if row.state == "left":
        return tr("返事なし（登録を外す前）")
    word = words.get(row.state, row.state)
    return tr("{state}（登録を外す前）", state=word) if row.left else word


def state_tone(row: "PermitRow") -> str:
    """Give the colour that goes with the word."""
    if row.left or row.state == "lapsed":
        return ""
    if row.pending:
        return "warning"
    if row.report_due:
        return "danger"
    return _TONES.get(row.state, "")


def noted_word(row: "NotedRow") -> str:
    """Say where a noted permission stands."""
    if row.state == "left":
        return tr("返事なし（登録を外す前）")
    if row.pending:
        return tr("回答（未送信）")
    words = {
        "unsent": tr("要確認（未送信）"),
        "waiting": tr("要確認"),
        "confirmed": tr("確認済"),
        "denied": tr("許可なしとの回答"),
    }
    word = words.get(row.state, row.state)
    return tr("{state}（登録を外す前）", state=word) if row.left else word


def noted_tone(row: "NotedRow") -> str:
    """Give the colour that goes with the word."""
    if row.left:
        return ""
    return {"confirmed": "success", "denied": "danger"}.get(row.state, "warning")


def unsound() -> str:
    """Say that words may have been exchanged since they were told."""
    return tr(
        "題名・理由・措置が、はじめに伝えられたものと確かめられません。決定や確認はできません。"
    )


def action_names(actions: "Sequence[str]") -> str:
    """Name what is to be done."""
    return "・".join(term(f"action.{one}", one) for one in actions)


def article_names(articles: "Sequence[str]") -> str:
    """Name the articles."""
    return "・".join(article(one) for one in articles)


def document_name(one: "PermitDocument") -> str:
    """Name a document; one whose title this device cannot read by the beginning of its id."""
    return one.title or tr("題名を読めない文書（{id}）", id=one.id[:8])


def documents_line(row: "PermitRow") -> str:
    """Name what it is about in one line."""
    if row.blanket:
        return tr("包括：{kind}", kind=row.blanket)
    if not row.documents:
        return system_name(row.articles) or action_names(row.actions)
    names = [document_name(one) for one in row.documents]
    if len(names) > _NAMED:
        more = tr("ほか{n}件", n=len(names) - _NAMED)
        return "、".join([*names[:_NAMED], more])
    return "、".join(names)


def label_word(code: str) -> str:
    """Write a label code such as `C3I2A1` as 機密性3・完全性2・可用性1."""
    held = dict(zip(code[::2], code[1::2], strict=False))
    words = {
        "C": tr("機密性{n}", n=held.get("C", "")),
        "I": tr("完全性{n}", n=held.get("I", "")),
        "A": tr("可用性{n}", n=held.get("A", "")),
    }
    return "・".join(words[one] for one in "CIA" if one in held)


def label_short(code: str) -> str:
    """Write a label code in a narrow place: 完全性1 and 可用性1 say nothing and are left out."""
    return label_word(code.replace("I1", "").replace("A1", ""))


def labels_line(row: "PermitRow") -> str:
    """Name the labels of its documents, each once."""
    return "、".join(dict.fromkeys(label_word(one.label) for one in row.documents if one.label))


def period(row: "PermitRow") -> str:
    """Write from when to when."""
    if not row.since:
        return tr("{until}まで", until=shown_day(row.until)) if row.until else ""
    return tr("{since}から{until}まで", since=shown_day(row.since), until=shown_day(row.until))


def last_day(row: "PermitRow") -> str:
    """Write the last day."""
    return shown_day(row.until) if row.until else ""


def measure_names(measures: "Sequence[str]") -> str:
    """Name measures: those of the standard by their titles, others as they were written."""
    return "、".join(measure_name(one) for one in measures)


def measure_name(one: str) -> str:
    """Name one measure."""
    title = measure(one)[0] if one.isascii() else ""
    return title or one


def wish_facts(row: "PermitRow") -> list[Fact]:
    """Tell what was asked for; empty values are left out."""
    facts = [
        (tr("取扱い"), action_names(row.actions)),
        (tr("根拠"), article_names(row.articles)),
        (tr("文書"), documents_line(row)),
        (tr("格付"), labels_line(row)),
        (tr("相手"), "、".join(row.recipients)),
        (tr("期間"), period(row)),
        (tr("取扱制限の許可"), "・".join(row.restrictions)),
        (tr("複製"), tr("承認を含む（第10条第4項）") if row.includes_copies else ""),
        (tr("講じる措置"), measure_names(row.measures)),
        (tr("理由"), row.reason),
    ]
    return [(name, value) for name, value in facts if value]


def answer_facts(row: "PermitRow") -> list[Fact]:
    """Tell what was decided, and what was reported."""
    report = tr("終了の報告は要りません") if row.report_waived else ""
    if row.unreported:
        report = tr("終了の報告がありません")
    facts = [
        (tr("決めた人"), "\n".join(filter(None, (row.post, row.decider)))),
        (tr("決めた日時"), shown_moment(row.decided_at) if row.decided_at else ""),
        (tr("指定された措置"), measure_names(row.designated)),
        (tr("却下の理由") if row.state == "refused" else tr("付記"), row.note),
        (tr("終了報告"), report or row.report),
        (tr("報告した人"), row.reporter if row.reporter != row.requester else ""),
        (tr("報告した日時"), shown_moment(row.reported_at) if row.reported_at else ""),
        (tr("終えた人"), row.ender if row.ended_at else ""),
        (tr("終えた日時"), shown_moment(row.ended_at) if row.ended_at else ""),
        (tr("終えた理由"), term(row.ended_note, row.ended_note)),
    ]
    return [(name, value) for name, value in facts if value]


def noted_facts(row: "NotedRow") -> list[Fact]:
    """Tell what was noted of a permission, and what was said of it."""
    facts = [
        (tr("取扱い"), term(f"action.{row.action}", row.action) if row.action else ""),
        (tr("文書"), row.title),
        (tr("記入した人"), row.person),
        (tr("許可した人"), row.who),
        (tr("許可の日"), row.when),
        (tr("許可の方法"), row.how),
        (tr("記入した日時"), shown_moment(row.at) if row.at else ""),
        (tr("確認した人"), row.judged_by),
        (tr("付記"), row.note),
    ]
    return [(name, value) for name, value in facts if value]
