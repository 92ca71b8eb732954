"""The marks that stand in a document, in its name and in its subject (Arts. 4, 5)."""

from collections.abc import Iterator

from meti_desk.domain.marking import Mark, Place, find_marks
from meti_desk.services.context import Context
from meti_desk.services.facts import Facts

FILENAME = "filename"
"""The place of a mark in the name of the file."""


def marks_of(ctx: Context, facts: Facts) -> Iterator[tuple[Mark, str]]:
    """Read the marks that stand in a document, with their places; our own are left out."""
    for found in facts.inspection.marks:
        if found.own:
            continue
        for mark in find_marks(
            found.text,
            ctx.policy.vocabulary,
            place=_place(found.place),
            texts=ctx.policy.marks.texts,
        ):
            yield mark, found.place
    for mark in find_marks(
        facts.path.stem, ctx.policy.vocabulary, place=Place.FILENAME, texts=ctx.policy.marks.texts
    ):
        yield mark, FILENAME


def _place(place: str) -> Place:
    word = place.split(" ", maxsplit=1)[0]
    return Place(word) if word in set(Place) else Place.TOP
