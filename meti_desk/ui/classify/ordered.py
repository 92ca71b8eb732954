"""修正の指示 on the decision screen: what the responsible person ordered, and why (Art. 4-2)."""

from typing import TYPE_CHECKING

from meti_desk.ui.strings import article, tr, whole_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from meti_desk.services.review_messages import CorrectionTask


def order_for(tasks: "Sequence[CorrectionTask]", paths: "Sequence[str]") -> "CorrectionTask | None":
    """Give the open order about a document that is decided alone; several may differ."""
    if len(paths) != 1:
        return None
    return next((one for one in tasks if one.path == paths[0] and not one.said), None)


def order_line(one: "CorrectionTask | None") -> str:
    """Say what was ordered, by whom and why; nothing where nothing was."""
    if one is None:
        return ""
    return tr(
        "修正の指示（{ref}）：{label}　{by}「{note}」",
        ref=article("4-2"), label=whole_label(one.ordered), by=one.by, note=one.note,
    )  # fmt: skip
