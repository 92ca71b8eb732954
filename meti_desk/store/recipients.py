"""The address book (宛先): to whom an office writes is kept in the encrypted database alone."""

import json
from collections.abc import Sequence
from typing import Any

from meti_desk.domain.recipients import KeptCertificate, Recipient
from meti_desk.store.database import Database

_SELECT = "SELECT mail, name, organisation, accepts, blocks, note FROM recipients "


class EncryptedRecipients:
    """One row per recipient; certificates in a table of their own, in the order they came."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, recipient: Recipient) -> None:
        """Insert or replace, with all certificates."""
        with self._database.transaction():
            self._database.run(
                "INSERT INTO recipients (mail, name, organisation, accepts, blocks, note)"
                " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (mail) DO UPDATE SET name = excluded.name,"
                " organisation = excluded.organisation, accepts = excluded.accepts,"
                " blocks = excluded.blocks, note = excluded.note",
                (
                    recipient.mail,
                    recipient.name,
                    recipient.organisation,
                    json.dumps(recipient.accepts),
                    int(recipient.blocks_encrypted),
                    recipient.note,
                ),
            )
            self._drop_certificates(recipient.mail)
            for place, one in enumerate(recipient.certificates):
                self._database.run(
                    "INSERT INTO recipient_certificates (mail, place, fingerprint, data, facts,"
                    " added_at, between_ca, confirmed_by, confirmed_at)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        recipient.mail,
                        place,
                        one.fingerprint,
                        one.data,
                        one.facts,
                        one.added_at,
                        int(one.between),
                        one.confirmed_by,
                        one.confirmed_at,
                    ),
                )

    def get(self, mail: str) -> Recipient | None:
        """Find by the mail address in small letters."""
        rows = self._database.run(_SELECT + "WHERE mail = ?", (mail,))
        return self._recipient(rows[0]) if rows else None

    def all(self) -> Sequence[Recipient]:
        """Give all, by name and mail address."""
        return tuple(map(self._recipient, self._database.run(_SELECT + "ORDER BY name, mail")))

    def remove(self, mail: str) -> bool:
        """Drop one with its certificates; tells whether it was there."""
        with self._database.transaction():
            known = self.get(mail) is not None
            self._drop_certificates(mail)
            self._database.run("DELETE FROM recipients WHERE mail = ?", (mail,))
        return known

    def _drop_certificates(self, mail: str) -> None:
        self._database.run("DELETE FROM recipient_certificates WHERE mail = ?", (mail,))

    def _recipient(self, row: tuple[Any, ...]) -> Recipient:
        mail, name, organisation, accepts, blocks, note = row
        held = self._database.run(
            "SELECT fingerprint, data, facts, added_at, between_ca, confirmed_by, confirmed_at"
            " FROM recipient_certificates WHERE mail = ? ORDER BY place",
            (mail,),
        )
        return Recipient(
            mail=mail,
            name=name,
            organisation=organisation,
            accepts=tuple(json.loads(accepts)),
            blocks_encrypted=bool(blocks),
            note=note,
            certificates=tuple(
                KeptCertificate(
                    fingerprint=fingerprint,
                    data=data,
                    facts=facts,
                    added_at=added_at,
                    between=bool(between),
                    confirmed_by=confirmed_by,
                    confirmed_at=confirmed_at,
                )
                for fingerprint, data, facts, added_at, between, confirmed_by, confirmed_at in held
            ),
        )
