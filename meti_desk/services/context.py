"""What every use case is given: the ports, the policy and, when unlocked, the store."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.domain.policy import Policy
from meti_desk.services.messages import Person

UNNAMED = "本人"
"""Who decided, in records of a person who gave no name."""

if TYPE_CHECKING:
    from meti_desk.protection.cryptrec import Table
    from meti_desk.services.ports import Clock, Ids, Settings, Store, Words, Workers
    from meti_desk.services.ports_files import Files

PERSON_KEYS = ("name", "post", "unit", "mail")


@dataclass(slots=True)
class Context:
    """The surroundings of a use case; made once by `meti_desk.app`.

    `known_keys` are the raw public keys whose seals are trusted here, by their ids; `verify` checks
    a signature (public key, message, signature). `shipped_table` gives the CRYPTREC table without
    the marks of an emergency, `words` the sentences of reports. `store` is `None` while locked.
    `memory` gives small values that lie beside the store: a store that is restored from a backup
    does not take them back. They are no secrets, and nothing is believed for their sake.
    """

    workers: "Workers"
    files: "Files"
    clock: "Clock"
    ids: "Ids"
    policy: Policy
    verify: Callable[[bytes, bytes, bytes], bool]
    shipped_table: Callable[[], "Table"]
    words: "Words"
    known_keys: dict[str, bytes] = field(default_factory=dict)
    store: "Store | None" = None
    memory: "Callable[[], Settings] | None" = None

    def table(self) -> "Table":
        """Give the CRYPTREC table with what is marked 危殆化 here (Art. 30-2).

        The marks lie in the store: while it is locked they are not known, and nothing is made new.
        """
        table = self.shipped_table()
        if self.store is None:
            return table
        from meti_desk.services.emergency_marks import laid_over, marks

        return laid_over(table, marks(self))

    def listed(self, algorithms: Sequence[str]) -> bool:
        """Tell whether all of these stand on the 電子政府推奨暗号リスト (Art. 30-1)."""
        return self.table().all_listed(algorithms)

    def trust(self, keys: Sequence[bytes]) -> None:
        """Trust seals made by these raw public keys."""
        self.known_keys.update({key_id(key): key for key in keys})

    def verify_seal(self, key: str, message: bytes, signature: bytes) -> bool:
        """Tell whether a known key, named by its id, made this signature."""
        public = self.known_keys.get(key)
        return public is not None and self.verify(public, message, signature)

    def open_store(self) -> "Store":
        """Give the store, or refuse while it is locked (`store.locked`)."""
        if self.store is None:
            raise EnvironmentProblem("store.locked")
        return self.store

    def person(self) -> Person:
        """Tell who works here (私は誰か), as set at the first run."""
        settings = self.open_store().settings
        return Person(**{key: settings.get(f"person.{key}") for key in PERSON_KEYS})

    def actor(self) -> str:
        """Name who decides here; on a device where nobody gave a name it is the device's owner."""
        return who(self.person())

    def set_person(self, person: Person) -> None:
        """Keep who works here."""
        settings = self.open_store().settings
        for key in PERSON_KEYS:
            settings.put(f"person.{key}", str(getattr(person, key)))


def who(person: Person) -> str:
    """Name a person in records."""
    return person.name or person.mail or UNNAMED


def key_id(public_key: bytes) -> str:
    """Name a public key: the first 16 hex digits of its SHA-256."""
    return hashlib.sha256(public_key).hexdigest()[:16]
