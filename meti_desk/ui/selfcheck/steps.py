"""Moving through a form, and taking a saved answer into the form that is shown. No Qt."""

from collections.abc import Sequence

import msgspec

from meti_desk.services.selfcheck_views import Answered, FormView, ItemView


def next_item(items: Sequence[ItemView], current: str, step: int) -> str:
    """Give the link id of the question before (-1) or after (1) that applies, or nothing.

    Before the first one stays at the first.
    """
    asked = [one.link_id for one in items if one.enabled]
    if current not in asked:
        return asked[-1] if asked and step < 0 else ""
    place = asked.index(current) + step
    if place >= len(asked):
        return ""
    return asked[max(0, place)]


def updated(view: FormView, done: Answered) -> FormView:
    """Give the form with one answer taken in, and with the questions that apply now."""
    enabled = set(done.enabled)
    items = tuple(
        done.item
        if one.link_id == done.item.link_id
        else msgspec.structs.replace(one, enabled=one.link_id in enabled)
        for one in view.items
    )
    return msgspec.structs.replace(
        view, items=items, answered=done.answered, applicable=done.applicable
    )
