"""The documents that were labelled or handled on this device, and from what they were made."""

from collections.abc import Sequence
from typing import Any

from meti_desk.domain.records import DocumentRecord
from meti_desk.store.database import Database

_SELECT = (
    "SELECT id, title, path, file_hash, digest, label, handling, decided_by, decided_at"
    " FROM documents "
)


class EncryptedDocuments:
    """One row per document; its sources (Art. 6) in a table of their own, in their order."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, record: DocumentRecord) -> None:
        """Insert or replace by id; the document counts as handled last."""
        with self._database.joined():
            self._database.run(
                "INSERT INTO documents (id, title, path, file_hash, digest, label, handling,"
                " decided_by, decided_at, touched) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?,"
                " (SELECT coalesce(max(touched), 0) + 1 FROM documents))"
                " ON CONFLICT (id) DO UPDATE SET title = excluded.title, path = excluded.path,"
                " file_hash = excluded.file_hash, digest = excluded.digest,"
                " label = excluded.label, handling = excluded.handling,"
                " decided_by = excluded.decided_by, decided_at = excluded.decided_at,"
                " touched = excluded.touched",
                (
                    record.id,
                    record.title,
                    record.path,
                    record.file_hash,
                    record.digest,
                    record.label,
                    record.handling,
                    record.decided_by,
                    record.decided_at,
                ),
            )
            self._database.run("DELETE FROM document_sources WHERE document = ?", (record.id,))
            for place, source in enumerate(record.sources):
                self._database.run(
                    "INSERT INTO document_sources (document, place, source) VALUES (?, ?, ?)",
                    (record.id, place, source),
                )

    def get(self, document_id: str) -> DocumentRecord | None:
        """Find by id."""
        return self._one("WHERE id = ?", document_id)

    def by_hash(self, file_hash: str) -> DocumentRecord | None:
        """Find a copy: the same bytes (Art. 6-2); of several the one handled last."""
        return self._newest("WHERE file_hash = ? ORDER BY touched DESC LIMIT 1", file_hash)

    def by_digest(self, digest: str) -> DocumentRecord | None:
        """Find the same content under other marks or 付加情報; of several the last handled."""
        return self._newest("WHERE digest = ? ORDER BY touched DESC LIMIT 1", digest)

    def recent(self, limit: int = 20) -> Sequence[DocumentRecord]:
        """Give those handled last, newest first."""
        rows = self._database.run(_SELECT + "ORDER BY touched DESC LIMIT ?", (limit,))
        return tuple(self._record(row) for row in rows)

    def made_from(self, source: str) -> Sequence[DocumentRecord]:
        """Give the documents that name this one as a source, in the order of their ids (Art. 6)."""
        named = "WHERE id IN (SELECT document FROM document_sources WHERE source = ?) ORDER BY id"
        return tuple(self._record(row) for row in self._database.run(_SELECT + named, (source,)))

    def _newest(self, where: str, value: str) -> DocumentRecord | None:
        # A document whose hash is not known is no copy of another such.
        return self._one(where, value) if value else None

    def _one(self, where: str, value: str) -> DocumentRecord | None:
        rows = self._database.run(_SELECT + where, (value,))
        return self._record(rows[0]) if rows else None

    def _record(self, row: tuple[Any, ...]) -> DocumentRecord:
        sources = self._database.run(
            "SELECT source FROM document_sources WHERE document = ? ORDER BY place", (row[0],)
        )
        return DocumentRecord(
            id=row[0],
            title=row[1],
            path=row[2],
            file_hash=row[3],
            digest=row[4],
            label=row[5],
            handling=row[6],
            decided_by=row[7],
            decided_at=row[8],
            sources=tuple(source for (source,) in sources),
        )
