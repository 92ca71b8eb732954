"""Holds what is said of permits to its bounds, before anything is believed, signed or told."""

import re
from collections.abc import Iterable
from datetime import date

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.domain.permit import PermitScope
from meti_desk.server.people import Person
from meti_desk.server.words import one_line
from meti_desk.sync.permit_scope import scope_of
from meti_desk.sync.permits import PermitAsked, PermitDecided, StandingSaid
from meti_desk.sync.sealed import readers_of

MALFORMED = "permit.malformed"
_ID = re.compile(r"[0-9A-Za-z._:-]{1,64}")
_CODE = re.compile(r"[0-9A-Za-z._:+/-]{1,128}")
_LABEL = re.compile(r"[CIAU0-9;]{1,12}")
_MOST, _MOST_MEASURES = 500, 50
_WORDS, _NOTE, _ADDRESS = 100, 2_000, 254
_DIGEST = 32
CHANGED_WORDS = "permit.words-changed"


def identity(told: str) -> str:
    """Give an id that is one."""
    if not _ID.fullmatch(told):
        raise InvalidInput(MALFORMED)
    return told


def active(person: Person) -> None:
    """Refuse who has left (`permit.left`), whatever their log brings still."""
    if not person.active:
        raise RuleViolation("permit.left")


def code(told: str) -> str:
    """Give a code or a hash that is one."""
    if not _CODE.fullmatch(told):
        raise InvalidInput(MALFORMED)
    return told


def sealed(words: bytes) -> bytes:
    """Give words that are sealed for somebody: the server takes none that it could read."""
    if not readers_of(words):
        raise InvalidInput(MALFORMED)
    return words


def digest(told: bytes) -> bytes:
    """Give a digest that is one, or none."""
    if len(told) not in (0, _DIGEST):
        raise InvalidInput(MALFORMED)
    return told


def note(text: str) -> str:
    """Give a note that is no book."""
    if len(text) > _NOTE:
        raise InvalidInput(MALFORMED)
    return text.strip()


def day(text: str) -> date:
    """Read a day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(MALFORMED) from None


def asked(told: PermitAsked) -> PermitScope:
    """Read the scope of a request; raises `InvalidInput("permit.malformed")`."""
    scope = told.scope
    named = (scope.digests, scope.articles, scope.actions, scope.restrictions, scope.recipients)
    fits = (
        all(len(one) <= _MOST for one in (*named, told.documents, told.labels))
        and all(map(_CODE.fullmatch, (*scope.digests, *told.documents, *scope.articles)))
        and all(map(_CODE.fullmatch, scope.actions))
        and all(map(_LABEL.fullmatch, told.labels))
        and _short((scope.blanket, *scope.restrictions), _WORDS)
        and _short(scope.recipients, _ADDRESS)
        and len(told.labels) in (0, len(told.documents))
        # Who decides sees the documents: no content rides along that none of them stands for.
        and len(set(scope.digests)) <= len(told.documents)
    )
    if not fits:
        raise InvalidInput(MALFORMED)
    identity(told.id)
    sealed(told.words)
    digest(told.digest)
    try:
        return scope_of(scope)
    except ValueError:
        raise InvalidInput(MALFORMED) from None


def decided(told: PermitDecided) -> None:
    """Hold a decision to its bounds."""
    if len(told.designated) > _MOST_MEASURES or not _short(told.designated, _NOTE):
        raise InvalidInput(MALFORMED)
    if not all(one.strip() for one in told.designated):
        raise InvalidInput(MALFORMED)
    note(told.note)


def standing(told: StandingSaid) -> None:
    """Hold a decision in advance to its bounds."""
    identity(told.id)
    note(told.reason)
    fits = len(told.recipients) <= _MOST and len(told.levels) <= _MOST
    if not fits or not _short(told.recipients, _ADDRESS):
        raise InvalidInput(MALFORMED)


def renews(held: bytes, told: bytes, *, same_words: bool) -> bool:
    """Tell whether words that came again are bound anew: those of a request without a digest.

    A seal may be renewed, what lies in it may not change: the decider might have read other words
    than those decided about (`permit.words-changed`). Where nothing bound them so far, they have to
    be bound now.
    """
    if (same_words and not told) or (held and held == told):
        return False
    if held or not told:
        raise RuleViolation(CHANGED_WORDS)
    return True


def _short(texts: Iterable[str], most: int) -> bool:
    return all(len(one) <= most and one_line(one) for one in texts)
