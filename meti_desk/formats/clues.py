"""Clues in the text of any family, told by the page, sheet or part in which they stand."""

from collections import Counter
from collections.abc import Iterator, Sequence

from meti_desk.formats.base import Clue, TextPart, WordList

MOST_PLACES = 100
"""Places that are told for each kind of clue; what stands in further ones is only counted."""

ELSEWHERE = "elsewhere"
"""The place of all those."""


def clues_of(parts: Sequence[TextPart], lists: Sequence[WordList]) -> tuple[Clue, ...]:
    """Find the clues in a text: an entry for each kind and place (Art. 4-1)."""
    from meti_desk.evidence.clues import Words, look

    found = look(
        [part.text for part in parts], [Words(one.id, one.words, one.but) for one in lists]
    )
    clues = (
        Clue(detector=one.detector, place=parts[one.part].place, value=one.value, count=one.times)
        for one in found
    )
    return tuple(_shortened(clues))


def _shortened(clues: Iterator[Clue]) -> Iterator[Clue]:
    places: Counter[str] = Counter()
    rest: dict[str, Clue] = {}
    for clue in clues:
        places[clue.detector] += 1
        if places[clue.detector] <= MOST_PLACES:
            yield clue
            continue
        before = rest.get(clue.detector)
        rest[clue.detector] = Clue(
            detector=clue.detector,
            place=ELSEWHERE,
            value=clue.value,
            count=clue.count + (before.count if before else 0),
        )
    yield from rest.values()
