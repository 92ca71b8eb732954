"""Looks for all clues of a text (手掛かり, Art. 4-1): what is found is evidence, never more."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from meti_desk.evidence.clues import (
    bank_account,
    birth_date,
    corporate_number,
    identity_document,
    listed_words,
    mail_address,
    my_number,
    phone,
    postal_address,
)
from meti_desk.evidence.clues.detector import Detector, plainly
from meti_desk.evidence.clues.sheet import BLOCK, Ints, Sheet, blocks

DETECTORS: tuple[Detector, ...] = (
    my_number.DETECTOR,
    identity_document.PASSPORT_NUMBER,
    identity_document.LICENCE_NUMBER,
    bank_account.DETECTOR,
    birth_date.DETECTOR,
    corporate_number.DETECTOR,
    phone.DETECTOR,
    mail_address.DETECTOR,
    postal_address.DETECTOR,
)
"""All kinds, the gravest first."""

IDS = tuple(one.id for one in DETECTORS)
"""The ids that a policy may speak of."""

_BETWEEN = "\n\f\n"


class Words(NamedTuple):
    """A list of words to look for; its clue is called `word.ID`."""

    id: str
    words: Sequence[str]
    but: Sequence[str] = ()


class Found(NamedTuple):
    """What a detector found in one part: the first value as it may be shown, and how many."""

    detector: str
    part: int
    value: str
    times: int


class _Page(NamedTuple):
    """Parts that are looked at together; `starts` tells where each of them begins."""

    text: str
    parts: list[int]
    starts: list[int]


def look(parts: Sequence[str], lists: Iterable[Words] = ()) -> tuple[Found, ...]:
    """Find all clues in the parts of a text: an entry for each kind and part, gravest kinds first.

    10 MB/s of UTF-8 and more, whatever stands there. What belongs together may stand in two parts
    that follow each other: a number below its head.
    """
    lists = tuple(lists)
    found: dict[tuple[str, int], Found] = {}
    for page in _pages(parts):
        for one in _on_page(page, lists):
            key = (one.detector, one.part)
            before = found.get(key, one._replace(times=0))
            found[key] = before._replace(times=before.times + one.times)
    order = {name: at for at, name in enumerate((*IDS, *(f"word.{one.id}" for one in lists)))}
    return tuple(sorted(found.values(), key=lambda one: (order[one.detector], one.part)))


def _pages(parts: Sequence[str]) -> Iterator[_Page]:
    """Put small parts together and cut large ones, so that the work is done for few texts."""
    texts: list[str] = []
    page = _Page("", [], [])
    size = 0
    for number, part in enumerate(parts):
        for block in blocks(part):
            if texts and size + len(block) > BLOCK:
                yield page._replace(text=_BETWEEN.join(texts))
                texts, page, size = [], _Page("", [], []), 0
            texts.append(block)
            page.parts.append(number)
            page.starts.append(size)
            size += len(block) + len(_BETWEEN)
    if texts:
        yield page._replace(text=_BETWEEN.join(texts))


def _on_page(page: _Page, lists: Sequence[Words]) -> Iterator[Found]:
    sheet = Sheet(page.text)
    for detector in DETECTORS:
        yield from _told(page, detector.id, detector.shown, detector.find(sheet))
    for one in lists:
        spans = listed_words.find(sheet, one.words, one.but)
        yield from _told(page, f"word.{one.id}", plainly, spans)


def _told(page: _Page, detector: str, show: Callable[[str], str], spans: Ints) -> Iterator[Found]:
    """Count what was found by part."""
    if not len(spans):
        return
    places = np.searchsorted(np.array(page.starts), spans[:, 0], "right") - 1
    numbers, first, times = np.unique(places, return_index=True, return_counts=True)
    for number, at, count in zip(numbers, first, times, strict=True):
        start, end = map(int, spans[at])
        shown = show(page.text[start:end])
        yield Found(detector, page.parts[int(number)], shown, int(count))
