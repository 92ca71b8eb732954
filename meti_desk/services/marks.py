"""The marks that stand in a document, in its name and in its subject (Arts. 4, 5)."""

from collections.abc import Iterator, Sequence

from meti_desk.domain.marking import Mark, Place, find_marks
from meti_desk.formats.base import MarkFound, Member
from meti_desk.services.context import Context
from meti_desk.services.facts import Facts

FILENAME = "filename"
"""The place of a mark in the name of the file."""


def marks_of(ctx: Context, facts: Facts) -> Iterator[tuple[Mark, str]]:
    """Read the marks that stand in a document, with their places; our own are left out.

    Those of the files in an archive or a mail stand in it too, at the place of the file.
    """
    for mark, place in _read(ctx, facts.inspection.marks):
        yield mark, place
    for mark in _in_name(ctx, facts.path.stem):
        yield mark, FILENAME
    for member in facts.inspection.members:
        for mark in marks_of_member(ctx, member):
            yield mark, member.place


def marks_of_member(ctx: Context, member: Member) -> Iterator[Mark]:
    """Read the marks in a file inside another one, and in its name."""
    yield from (mark for mark, _ in _read(ctx, member.marks))
    name = member.place.rpartition("/")[2]
    yield from _in_name(ctx, name.rpartition(".")[0] or name)


def _read(ctx: Context, marks: Sequence[MarkFound]) -> Iterator[tuple[Mark, str]]:
    for found in marks:
        if found.own:
            continue
        for mark in find_marks(
            found.text,
            ctx.policy.vocabulary,
            place=_place(found.place),
            texts=ctx.policy.marks.texts,
        ):
            yield mark, found.place


def _in_name(ctx: Context, stem: str) -> Iterator[Mark]:
    texts = ctx.policy.marks.texts
    yield from find_marks(stem, ctx.policy.vocabulary, place=Place.FILENAME, texts=texts)


def _place(place: str) -> Place:
    word = place.split(" ", maxsplit=1)[0]
    return Place(word) if word in set(Place) else Place.TOP
