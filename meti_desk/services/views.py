"""From domain values to the shapes that cross to window and command line."""

from collections.abc import Mapping

from meti_desk.domain.errors import MetiDeskError
from meti_desk.domain.label import AnyLabel, Label, Undecided
from meti_desk.services.messages import ErrorView, LabelView


def label_view(label: AnyLabel | None) -> LabelView | None:
    """Show a label; an undecided one shows its floor, where there is one, with `decided` false."""
    if label is None:
        return None
    if isinstance(label, Undecided):
        least = label.at_least
        if least is None:
            return LabelView()
        return _shown(least, decided=False)
    return _shown(label, decided=True)


def _shown(label: Label, *, decided: bool) -> LabelView:
    return LabelView(
        c=int(label.confidentiality),
        i=int(label.integrity) if decided else None,
        a=int(label.availability) if decided else None,
        restrictions=tuple(sorted(r.name for r in label.restrictions)),
        audience=tuple(sorted(label.audience or ())),
        decided=decided,
    )


def recorded_label(body: Mapping[str, object]) -> LabelView | None:
    """Show the label that stands in the body of an event (`domain.events.label_body`)."""
    if not body:
        return None

    def number(key: str) -> int | None:
        value = body.get(key)
        return value if isinstance(value, int) else None

    def words(key: str) -> tuple[str, ...]:
        value = body.get(key)
        return tuple(map(str, value)) if isinstance(value, list) else ()

    return LabelView(
        number("c"), number("i"), number("a"), words("restrictions"), words("audience"),
        decided=body.get("decided") is True,
    )  # fmt: skip


def error_view(error: MetiDeskError) -> ErrorView:
    """Show an error by its code; the sentence is made by whoever shows it."""
    return ErrorView(error.code, dict(error.params), error.articles, exit=error.exit_code)
