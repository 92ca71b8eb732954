"""The CRYPTREC table: which algorithms may be used, as data that a policy replaces (Arts. 28-30).

Every operation that encrypts, signs or derives asks here first. Ids are lower case with the key
length behind (`aes-256`, `rsa-oaep-3072`); an id without a length stands for the family. What has
no category in the list (PBKDF2, HKDF, …) is never called listed: it is judged by the parts that it
is built of.
"""

import tomllib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Literal

import msgspec

from meti_desk.data import read_text
from meti_desk.domain.errors import InvalidInput, RuleViolation

ListName = Literal["listed", "candidate", "monitored", "none"]
State = Literal["listed", "candidate", "monitored", "none", "compromised"]

COMPATIBILITY = "compatibility"
"""The reason, as a code, for 運用監視 algorithms: kept in use so that others can open it."""


class KeyTerm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A least key length in bits, and the last day (ISO) that the list allows it; empty: no end."""

    bits: int
    until: str = ""


class Algorithm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row: name, 区分, list, conditions, key lengths and, in an emergency, the 危殆化 mark."""

    id: str
    name: str
    category: str = ""
    on: ListName = msgspec.field(name="list")
    conditions: str = ""
    keys: tuple[KeyTerm, ...] = ()
    own_bits: int = 0
    built_of: tuple[str, ...] = ()
    compromised_since: str = ""
    compromised_reference: str = ""


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which documents the table follows, and whether a person compared it with them."""

    list: str
    list_revision: str
    list_date: str
    strength: str
    strength_revision: str
    address: str = ""
    checked_by_person: bool = False


class Note(msgspec.Struct, frozen=True):
    """An algorithm that was used although not listed, and the reason to record (Art. 30-1)."""

    algorithm: str
    state: State
    reason: str


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole table; immutable, so that it can be handed around by value."""

    source: Source
    algorithm: tuple[Algorithm, ...]

    @staticmethod
    def load() -> "Table":
        """Read the table that is shipped; read once per process, before a worker is confined."""
        return _shipped()

    @staticmethod
    def parse(text: str) -> "Table":
        """Build a table from TOML text, as a signed policy brings it.

        Raises `InvalidInput("crypto.table-damaged")` when the text is no such table: two rows with
        one id and parts that do not exist are errors too.
        """
        try:
            table = msgspec.convert(tomllib.loads(text), Table)
        except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
            raise InvalidInput("crypto.table-damaged", what=str(error)[:200]) from None
        ids = [row.id for row in table.algorithm]
        if len(set(ids)) != len(ids):
            raise InvalidInput("crypto.table-damaged", what="two rows with one id")
        for row in table.algorithm:
            for part in row.built_of:
                if table.find(part) is None:
                    raise InvalidInput("crypto.table-damaged", what=f"{row.id}: {part}")
        return table

    def find(self, algorithm_id: str) -> Algorithm | None:
        """Give the row of an id, with or without its key length."""
        wanted = {algorithm_id, _split(algorithm_id)[0]}
        exact = [row for row in self.algorithm if row.id == algorithm_id]
        return next(iter(exact or (row for row in self.algorithm if row.id in wanted)), None)

    def state(self, algorithm_id: str, *, on: str = "") -> State:
        """Tell on which list an algorithm stands; unknown ones and too short keys are `none`.

        `on` is a day in ISO form: a key length whose term ended before it is `none`. What is built
        of other parts has no list of its own and gives `none`, unless a part is compromised.
        """
        row = self.find(algorithm_id)
        if row is None:
            return "none"
        if row.compromised_since or any(
            self.state(part, on=on) == "compromised" for part in row.built_of
        ):
            return "compromised"
        bits = 0 if row.id == algorithm_id else _split(algorithm_id)[1]
        if bits and row.keys and not _long_enough(row.keys, bits, on):
            return "none"
        return row.on

    def parts(self, algorithm_id: str) -> Iterator[str]:
        """Give what an algorithm is judged by: itself, or all that it is built of."""
        row = self.find(algorithm_id)
        if row is None or not row.built_of:
            yield algorithm_id
            return
        for part in row.built_of:
            yield from self.parts(part)

    def all_listed(self, algorithms: Sequence[str], *, on: str = "") -> bool:
        """Tell whether everything used stands on the 電子政府推奨暗号リスト or is built of it."""
        parts = [part for name in algorithms for part in self.parts(name)]
        return bool(parts) and all(self.state(part, on=on) == "listed" for part in parts)

    def require(
        self, algorithms: Sequence[str], *, reason: str = "", on: str = ""
    ) -> tuple[Note, ...]:
        """Allow a new use of algorithms, or refuse it (Arts. 30-1, 30-2).

        A reason (やむを得ない場合) lets through what is not listed; it comes back in the notes,
        to be recorded. Raises `RuleViolation`: `crypto.compromised` whatever the reason, and
        without one `crypto.not-listed` or `crypto.key-too-short`.
        """
        notes: list[Note] = []
        for part in dict.fromkeys(p for name in algorithms for p in self.parts(name)):
            state = self.state(part, on=on)
            if state == "compromised":
                raise RuleViolation("crypto.compromised", articles=("30-2",), algorithm=part)
            short = self._too_short(part)
            if state == "listed" and not short:
                continue
            if not reason:
                code = "crypto.key-too-short" if short else "crypto.not-listed"
                raise RuleViolation(code, articles=("30-1",), algorithm=part, state=state)
            notes.append(Note(part, state, reason))
        return tuple(notes)

    def mark_compromised(self, ids: Sequence[str], *, since: str, reference: str = "") -> "Table":
        """Give the table with these rows marked 危殆化, as an emergency notice asks (Art. 30-2).

        `since` is a day in ISO form. Raises `InvalidInput("crypto.unknown-algorithm")` for an id
        without a row: an emergency must not be lost to a slip of the pen.
        """
        known = {row.id for row in self.algorithm}
        for name in ids:
            if name not in known:
                raise InvalidInput("crypto.unknown-algorithm", algorithm=name)
        rows = tuple(
            msgspec.structs.replace(row, compromised_since=since, compromised_reference=reference)
            if row.id in ids
            else row
            for row in self.algorithm
        )
        return Table(self.source, rows)

    def _too_short(self, algorithm_id: str) -> bool:
        """Tell whether a key is shorter than what meti-desk makes new (`own_bits`)."""
        row = self.find(algorithm_id)
        if row is None or row.id == algorithm_id:
            return False
        return _split(algorithm_id)[1] < row.own_bits


def require(
    algorithms: Sequence[str], *, reason: str = "", table: Table | None = None
) -> tuple[Note, ...]:
    """Ask the given table, or the shipped one; see `Table.require` (Art. 30-1)."""
    return (table or Table.load()).require(algorithms, reason=reason)


@lru_cache(maxsize=1)
def _shipped() -> Table:
    return Table.parse(read_text("resources", "cryptrec.toml"))


def _split(algorithm_id: str) -> tuple[str, int]:
    """Take the key length off an id: `aes-256` is `("aes", 256)`."""
    family, _, length = algorithm_id.rpartition("-")
    if family and length.isascii() and length.isdigit():
        return family, int(length)
    return algorithm_id, 0


def _long_enough(terms: Sequence[KeyTerm], bits: int, on: str) -> bool:
    """Tell whether a key length is allowed on a day; the longest term that it reaches decides."""
    reached = [term for term in terms if bits >= term.bits]
    return any(not term.until or not on or on <= term.until for term in reached)
