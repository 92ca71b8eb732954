"""What the files in an archive or a mail say of its label: their join (Art. 6, rule 8)."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from meti_desk.domain import foreign, stored_label
from meti_desk.domain.label import AnyLabel, Label, Undecided, join
from meti_desk.formats.base import Member
from meti_desk.services.context import Context
from meti_desk.services.marks import marks_of_member


class Voice(NamedTuple):
    """A label that files inside have: the place of the first of them, and how many there are."""

    label: AnyLabel
    place: str
    times: int


def join_of(ctx: Context, members: Sequence[Member]) -> AnyLabel:
    """Join the labels of all files inside; of none: undecided.

    A file without label, or one that could not be looked at, makes it undecided with the floor of
    the others and of the marks that stand in it; it never lowers (rule 6).
    """
    labels = (_with_marks(ctx, member, label) for member, label in _labelled(ctx, members))
    return join(labels)


def least_of(ctx: Context, members: Sequence[Member]) -> AnyLabel | None:
    """Give what the labels of the files inside demand of the whole; `None` when there are none.

    Marks are left out: what they demand is checked where they stand (Art. 5-2).
    """
    return join(label for _, label in _labelled(ctx, members)) if members else None


def voices_of(ctx: Context, members: Sequence[Member]) -> tuple[Voice, ...]:
    """Give the labels of the files inside, each once, without what marks say (`marks_of` does)."""
    voices: list[Voice] = []
    for member, label in _labelled(ctx, members):
        at = next((at for at, one in enumerate(voices) if one.label == label), None)
        if at is None:
            voices.append(Voice(label, member.place, 1))
        else:
            voices[at] = voices[at]._replace(times=voices[at].times + 1)
    return tuple(voices)


def _labelled(ctx: Context, members: Sequence[Member]) -> Iterator[tuple[Member, AnyLabel]]:
    """Give each file that counts with its label.

    What holds listed files and has no label is what these are. What has a decided label covers the
    files in it that have none. An empty file says nothing.
    """
    covering: list[str] = []
    for at, member in enumerate(members):
        label = _label_of(ctx, member)
        if isinstance(label, Label):
            covering.append(f"{member.place}/")
        elif label == Undecided():
            inside = f"{member.place}/"
            holds = any(one.place.startswith(inside) for one in members[at + 1 : at + 2])
            if holds or member.format == "empty" or _is_covered(member, covering):
                continue
        yield member, label


def _is_covered(member: Member, covering: Sequence[str]) -> bool:
    return any(member.place.startswith(one) for one in covering)


def _label_of(ctx: Context, member: Member) -> AnyLabel:
    """Give the label in the file, else that of its record, else what other products wrote."""
    own = stored_label.parse(member.properties, ctx.policy.vocabulary)
    if own is not None:
        return own
    if ctx.store is not None and member.digest:
        record = ctx.store.documents.by_digest(member.digest)
        if record is not None:
            vocabulary = ctx.policy.vocabulary
            return stored_label.parse_texts(record.label, record.handling, vocabulary)
    return join(_foreign(ctx, member))


def _foreign(ctx: Context, member: Member) -> Iterator[AnyLabel]:
    for one in member.foreign:
        rule = foreign.rule_for(ctx.policy.foreign_labels, one.scheme, one.id, one.owner)
        label = rule.label(ctx.policy.vocabulary) if rule is not None else Undecided()
        chosen = isinstance(label, Label) and not foreign.is_automatic(one.details)
        yield label if chosen else _as_floor(label)


def _with_marks(ctx: Context, member: Member, label: AnyLabel) -> AnyLabel:
    marked = [mark.label for mark in marks_of_member(ctx, member) if mark.label is not None]
    return join((label, *marked))


def _as_floor(label: AnyLabel) -> Undecided:
    return Undecided(label) if isinstance(label, Label) else label
