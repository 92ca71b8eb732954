"""Entries of the register in words (Art. 11-2)."""

from typing import TYPE_CHECKING

from meti_desk.ui.strings import term, tr
from meti_desk.ui.widgets.dates import shown_day, shown_moment

if TYPE_CHECKING:
    from meti_desk.services.register_messages import CopyRow, HistoryRow, RegisterRow


def number_word(number: str, *, provisional: bool) -> str:
    """Write a number; one that the server has not given yet is said as such."""
    # The number itself begins with the Japanese word, which says nothing to everybody.
    return tr("{number}（仮）", number=number.removeprefix("仮-")) if provisional else number


def entry_title(row: "RegisterRow") -> str:
    """Name an entry."""
    return row.title or tr("題名を読めない文書（{id}）", id=row.document[:8])


def entry_state(row: "RegisterRow") -> str:
    """Say how an entry stands; what is to be done comes first."""
    if row.flags:
        return tr("要対応")
    return term(f"register.state.{row.state}", row.state)


def stock_word(result: str) -> str:
    """Name what a stock-taking found."""
    return term(f"register.stock.{result}", result) if result else tr("未確認")


def copy_state(copy: "CopyRow") -> str:
    """Say how a copy stands."""
    return term(f"register.state.{copy.state}", copy.state)


def copy_line(copy: "CopyRow") -> str:
    """Write a copy in one line: number, who has it, where, until when."""
    due = tr("{day}までに返却", day=shown_day(copy.due)) if copy.due else ""
    number = number_word(copy.number, provisional=copy.provisional)
    return "　".join(filter(None, (number, copy.holder, copy.location, due)))


def history_line(row: "HistoryRow") -> str:
    """Write a line of the history."""
    what = term(f"register.what.{row.what}", row.what)
    parts = (shown_moment(row.at), what, row.copy, row.detail, row.reason, row.by)
    return "　".join(filter(None, parts))


def entry_facts(row: "RegisterRow") -> list[tuple[str, str]]:
    """Tell what is known of an entry."""
    stock = " ".join(
        filter(None, (stock_word(row.stock), shown_day(row.stock_at[:10]), row.stock_note))
    )
    facts = [
        (tr("番号"), number_word(row.number, provisional=row.provisional)),
        (tr("持っている人"), row.keeper),
        (tr("所在"), row.location),
        (tr("指定された場所"), row.designated),
        (tr("見てよい人"), "、".join(row.access)),
        (tr("取扱制限"), row.restrictions),
        (tr("決めた人"), "　".join(filter(None, (row.decided_by, shown_day(row.decided_at[:10]))))),
        (tr("記載した日"), shown_day(row.entered_at[:10])),
        (tr("棚卸し"), stock if row.stock else ""),
        (tr("終えた日時"), shown_moment(row.ended_at) if row.ended_at else ""),
        (tr("終えた方法"), row.ended_how),
    ]
    return [(name, value) for name, value in facts if value]
