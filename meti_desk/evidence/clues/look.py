"""Looks for all clues of a text (手掛かり, Art. 4-1): what is found is evidence, never more."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

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
from meti_desk.evidence.clues.sheet import Sheet, blocks

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


class Words(NamedTuple):
    """A list of words to look for; its clue is called `word.ID`."""

    id: str
    words: Sequence[str]
    but: Sequence[str] = ()


class Found(NamedTuple):
    """What a detector found in a text: the first value as it may be shown, and how many."""

    detector: str
    value: str
    times: int


def look(text: str, lists: Iterable[Words] = ()) -> tuple[Found, ...]:
    """Find all clues in a text, one entry for each kind; 10 MB/s of UTF-8 and more."""
    lists = tuple(lists)
    found: dict[str, Found] = {}
    for block in blocks(text):
        for one in _in_block(Sheet(block), lists):
            before = found.get(one.detector, Found(one.detector, one.value, 0))
            found[one.detector] = before._replace(times=before.times + one.times)
    order = [*IDS, *(f"word.{one.id}" for one in lists)]
    return tuple(found[name] for name in order if name in found)


def _in_block(sheet: Sheet, lists: Sequence[Words]) -> Iterable[Found]:
    for detector in DETECTORS:
        spans = detector.find(sheet)
        if len(spans):
            first = sheet.raw[int(spans[0][0]) : int(spans[0][1])]
            yield Found(detector.id, detector.shown(first), len(spans))
    for one in lists:
        spans = listed_words.find(sheet, one.words, one.but)
        if len(spans):
            first = sheet.raw[int(spans[0][0]) : int(spans[0][1])]
            yield Found(f"word.{one.id}", plainly(first), len(spans))
