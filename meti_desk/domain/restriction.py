"""取扱制限: what may not, or must, be done with information (Arts. 4, 6, 9)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Strength(IntEnum):
    """How a restriction binds; a larger value is stricter for the same verb."""

    REQUIRED = 1
    """必須: it has to be done."""
    NEEDS_PERMIT = 2
    """要許可: only with permission."""
    FORBIDDEN = 3
    """禁止: not at all."""


class Serves(StrEnum):
    """Which part of the 格付 a restriction protects; 機密性 alone is inherited (Art. 6)."""

    CONFIDENTIALITY = "confidentiality"
    INTEGRITY = "integrity"
    AVAILABILITY = "availability"


@dataclass(frozen=True, slots=True, order=True)
class Restriction:
    """One 取扱制限, such as 複製禁止: a verb, its strength and the part of the 格付 it serves.

    `verb` is the policy's id of what is restricted (`copy`, `print`, `send`, `encrypt`, …); two
    restrictions with one verb are joined to the stricter one. `name` is the word that is written.
    """

    verb: str
    strength: Strength
    name: str
    serves: Serves = Serves.CONFIDENTIALITY


def stricter(restrictions: Iterable[Restriction]) -> frozenset[Restriction]:
    """Keep per verb the strictest restriction: 禁止 over 要許可 over 必須 (Art. 6 join, rule 3).

    必須 and 禁止 of one verb are kept apart by the policy, which gives them different verbs.
    """
    best: dict[str, Restriction] = {}
    for one in restrictions:
        held = best.get(one.verb)
        if held is None or (one.strength, one.name) > (held.strength, held.name):
            best[one.verb] = one
    return frozenset(best.values())


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The restrictions that a policy knows, by the word that is written."""

    by_name: Mapping[str, Restriction]

    def get(self, name: str) -> Restriction | None:
        """Find a restriction by the word that people write, or nothing."""
        return self.by_name.get(name)
