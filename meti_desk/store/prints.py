"""Texts of the documents that were seen here, and the index of their fingerprints (Art. 6).

The index has one integer for each fingerprint of each text, `hash << 20 | number`, so that asking
for a hash is asking for a range. New ones go to a small table, because a hash falls anywhere in
the large one; `merge` brings them over when nobody waits. What was labelled and not read yet is
noted by triggers on `documents`, at no cost of its own.
"""

import hashlib
import json
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.domain.kept_text import (
    MOST_SHARED,
    MOST_TEXTS,
    KeptDocument,
    KeptText,
    Shared,
)
from meti_desk.store.database import Database

_BITS = 20
_HASH_BITS = 40
_WIDTH = 5
_ASKED_AT_ONCE = 1000
_SLICE = 20_000
"""Rows that `merge` brings over in one transaction: others wait for less than a second."""

_SHARED = """
    SELECT asked.value, (
        SELECT group_concat(number) FROM (
            SELECT key & {mask} AS number FROM {table}
            WHERE key >= asked.value << {bits} AND key < (asked.value + 1) << {bits}
            ORDER BY key LIMIT {most}
        )
    ) FROM json_each(?) AS asked
"""


def _shared_in(table: str) -> str:
    return _SHARED.format(mask=MOST_TEXTS - 1, bits=_BITS, most=MOST_SHARED + 1, table=table)


_QUESTIONS = (_shared_in("prints"), _shared_in("prints_new"))


class EncryptedPrints:
    """Implements the port `Prints`; everything lies in the encrypted database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, document: KeptDocument, text: KeptText, hashes: Sequence[int]) -> None:
        """Keep the text of a document, in the place of an earlier one, and its fingerprints.

        Equal texts are kept once. A document that was never decided gives way to another at its
        path: it is the same file, changed. Raises `store.prints-full` when 2**20 texts are kept.
        """
        packed = json.dumps(text.parts, ensure_ascii=False, separators=(",", ":")).encode(
            "utf-8", "surrogatepass"
        )
        digest = hashlib.sha256(packed).digest()
        with self._database.transaction():
            held = self._database.run("SELECT number FROM texts WHERE digest = ?", (digest,))
            number = held[0][0] if held else self._add(digest, packed, hashes)
            self._drop("document = ? AND number <> ?", (document.document, number))
            self._database.run(
                "INSERT OR REPLACE INTO text_documents (document, number, title, path, file_hash)"
                " VALUES (?, ?, ?, ?, ?)",
                (document.document, number, document.title, document.path, document.file_hash),
            )
            # Only now: the earlier one may have this very text, which must not go with it.
            self._drop(
                "path = ? AND path <> '' AND document <> ? AND document = file_hash",
                (document.path, document.document),
            )
            self.skip(document.document)

    def forget(self, document: str) -> None:
        """Drop what is kept of a document, and its text unless another has the same."""
        with self._database.transaction():
            self._drop("document = ?", (document,))
            self.skip(document)

    def shared(self, hashes: Sequence[int]) -> Sequence[Shared]:
        """Tell which kept texts have these fingerprints, in order; without those of nobody.

        Costs a page of the database for each hash at most, in the order in which they lie there.
        """
        ordered = sorted(set(hashes))
        found: dict[int, list[int]] = {}
        for at in range(0, len(ordered), _ASKED_AT_ONCE):
            asked = json.dumps(ordered[at : at + _ASKED_AT_ONCE])
            for question in _QUESTIONS:
                for one, numbers in self._database.run(question, (asked,)):
                    if numbers is not None:
                        found.setdefault(one, []).extend(map(int, numbers.split(",")))
        most = MOST_SHARED + 1
        return tuple(Shared(one, tuple(sorted(found[one])[:most])) for one in sorted(found))

    def text(self, number: int) -> KeptText | None:
        """Give a kept text by its number."""
        rows = self._database.run("SELECT text FROM texts WHERE number = ?", (number,))
        if not rows:
            return None
        raw = zlib.decompress(rows[0][0]).decode("utf-8", "surrogatepass")
        return KeptText(tuple((place, text) for place, text in json.loads(raw)))

    def documents(self, number: int) -> Sequence[KeptDocument]:
        """Give the documents with this text, as the records name them now; by their ids."""
        rows = self._database.run(
            "SELECT t.document, coalesce(d.title, t.title), coalesce(d.path, t.path), t.file_hash"
            " FROM text_documents AS t LEFT JOIN documents AS d ON d.id = t.document"
            " WHERE t.number = ? ORDER BY t.document",
            (number,),
        )
        return tuple(_document(row) for row in rows)

    def kept(self, document: str) -> KeptDocument | None:
        """Tell what is kept under an id, to see whether it is still what lies there."""
        rows = self._database.run(
            "SELECT document, title, path, file_hash FROM text_documents WHERE document = ?",
            (document,),
        )
        return _document(rows[0]) if rows else None

    def text_of(self, document: str) -> KeptText | None:
        """Give the text that is kept of a document, to see what was changed since (Art. 7-3)."""
        rows = self._database.run(
            "SELECT number FROM text_documents WHERE document = ?", (document,)
        )
        return self.text(rows[0][0]) if rows else None

    def waiting(self, limit: int) -> Sequence[KeptDocument]:
        """Give documents whose text was not read yet, those handled last first."""
        rows = self._database.run(
            "SELECT document, title, path, file_hash FROM prints_wanted"
            " ORDER BY place DESC LIMIT ?",
            (limit,),
        )
        return tuple(_document(row) for row in rows)

    def to_read(self) -> int:
        """Count those whose text was not read yet."""
        return int(self._database.run("SELECT count(*) FROM prints_wanted")[0][0])

    def want(self, documents: Sequence[KeptDocument]) -> None:
        """Note documents to be read when there is time; those that are kept already are not."""
        with self._database.transaction():
            for one in documents:
                held = self.kept(one.document)
                if held is None or held.file_hash != one.file_hash:
                    self._database.run(
                        "INSERT OR REPLACE INTO prints_wanted (document, title, path, file_hash)"
                        " VALUES (?, ?, ?, ?)",
                        (one.document, one.title, one.path, one.file_hash),
                    )

    def skip(self, document: str) -> None:
        """Wait for this document no longer: it was read, or is gone."""
        with self._database.transaction():
            self._database.run("DELETE FROM prints_wanted WHERE document = ?", (document,))

    def ignore(self, hashes: Sequence[int]) -> None:
        """Take fingerprints for 定型文 from now on: the person said that they name no source."""
        with self._database.transaction():
            self._database.run(
                "INSERT OR IGNORE INTO prints_ignored (hash) SELECT value FROM json_each(?)",
                (json.dumps(sorted(set(hashes))),),
            )

    def ignored(self, hashes: Sequence[int]) -> frozenset[int]:
        """Tell which of these fingerprints are 定型文."""
        rows = self._database.run(
            "SELECT hash FROM json_each(?) AS asked JOIN prints_ignored ON hash = asked.value",
            (json.dumps(sorted(set(hashes))),),
        )
        return frozenset(one for (one,) in rows)

    def merge(self) -> bool:
        """Bring a slice of the new fingerprints into the large table; tells whether more wait."""
        with self._database.transaction():
            rows = self._database.run(
                "SELECT key FROM prints_new ORDER BY key LIMIT 1 OFFSET ?", (_SLICE,)
            )
            end = rows[0][0] if rows else 1 << (_HASH_BITS + _BITS)
            self._database.run(
                "INSERT INTO prints (key) SELECT key FROM prints_new WHERE key < ? ORDER BY key",
                (end,),
            )
            self._database.run("DELETE FROM prints_new WHERE key < ?", (end,))
        return bool(rows)

    def to_merge(self) -> int:
        """Count the fingerprints that wait for `merge`."""
        return int(self._database.run("SELECT count(*) FROM prints_new")[0][0])

    def _add(self, digest: bytes, packed: bytes, hashes: Sequence[int]) -> int:
        number = self._free_number()
        ordered = sorted(set(hashes))
        self._database.run(
            "INSERT INTO texts (number, digest, text, prints) VALUES (?, ?, ?, ?)",
            (number, digest, zlib.compress(packed), _bytes(ordered)),
        )
        self._database.run(
            f"INSERT INTO prints_new (key) SELECT value << {_BITS} | ? FROM json_each(?)",  # noqa: S608 - our own words
            (number, json.dumps(ordered)),
        )
        return number

    def _free_number(self) -> int:
        """Give the number behind the last, or one that has become free."""
        last = self._database.run("SELECT coalesce(max(number), 0) FROM texts")[0][0]
        if last + 1 < MOST_TEXTS:
            return int(last) + 1
        rows = self._database.run(
            "SELECT n + 1 FROM (SELECT 0 AS n UNION ALL SELECT number FROM texts) AS held"
            " WHERE n + 1 < ? AND NOT EXISTS (SELECT 1 FROM texts WHERE number = n + 1) LIMIT 1",
            (MOST_TEXTS,),
        )
        if not rows:
            raise EnvironmentProblem("store.prints-full", most=MOST_TEXTS)
        return int(rows[0][0])

    def _drop(self, which: str, values: Sequence[str | int]) -> None:
        """Drop documents, and the texts that nobody has any more."""
        numbers = self._database.run(
            f"DELETE FROM text_documents WHERE {which} RETURNING number",  # noqa: S608 - our own words
            values,
        )
        for (number,) in dict.fromkeys(numbers):
            if self._database.run(
                "SELECT 1 FROM text_documents WHERE number = ? LIMIT 1", (number,)
            ):
                continue
            rows = self._database.run("SELECT prints FROM texts WHERE number = ?", (number,))
            keys = json.dumps([one << _BITS | number for one in _hashes(rows[0][0])])
            for table in ("prints", "prints_new"):
                self._database.run(
                    f"DELETE FROM {table} WHERE key IN (SELECT value FROM json_each(?))",  # noqa: S608 - our own words
                    (keys,),
                )
            self._database.run("DELETE FROM texts WHERE number = ?", (number,))


def _document(row: tuple[Any, ...]) -> KeptDocument:
    return KeptDocument(document=row[0], title=row[1], path=row[2], file_hash=row[3])


def _bytes(hashes: Iterable[int]) -> bytes:
    return b"".join(one.to_bytes(_WIDTH, "little") for one in hashes)


def _hashes(raw: bytes) -> list[int]:
    places = range(0, len(raw), _WIDTH)
    return [int.from_bytes(raw[at : at + _WIDTH], "little") for at in places]
