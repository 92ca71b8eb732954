"""宛先 as a use case: who receives what how, and which certificates may be used now (Art. 14-2).

Files with certificates come from outside, so they are read in a confined worker. What is kept is
judged anew whenever it is shown or used: time and revocation lists go on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.domain.recipients import KeptCertificate, Recipient
from meti_desk.protection.keys.facts import CertificateFacts
from meti_desk.services import certificate_judging as judging
from meti_desk.services.context import Context
from meti_desk.services.paper import sendable
from meti_desk.services.plain import plain
from meti_desk.services.ports_recipients import RecipientBook
from meti_desk.services.recipient_messages import (
    CertificateView,
    Imported,
    ImportRequest,
    RecipientRequest,
    RecipientView,
    Reminder,
)

if TYPE_CHECKING:
    from meti_desk.services.closing import Closing
    from meti_desk.services.messages import HandleRequest
    from meti_desk.services.proposing import Proposal

_REFUSED = {
    "expired": "certificate.expired",
    "not-yet": "certificate.not-yet",
    "revoked": "certificate.revoked",
    "unusable": "certificate.unusable",
    "untrusted": "certificate.unconfirmed",
    "self-signed": "certificate.unconfirmed",
}
_LONGEST = 200
"""Characters of a name or note."""


class Recipients:
    """The address book; methods block and may be called from any thread."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def list(self, words: str = "") -> tuple[RecipientView, ...]:
        """Give the recipients in whom all of the words are found, by name."""
        wanted = words.casefold().split()
        rows = [one for one in self._book.all() if _has(one, wanted)]
        return self._views(rows)

    def show(self, mail: str) -> RecipientView:
        """Give one recipient (`recipient.unknown`)."""
        return self._view(self._known(mail))

    def put(self, request: RecipientRequest) -> RecipientView:
        """Add a recipient or change one; certificates stay.

        Raises `InvalidInput`: `recipient.invalid`, `recipient.exists` (another one has this mail
        address), `recipient.unknown`, `protect.unknown-method`.
        """
        from meti_desk.protection.registry import get

        mail = address_of(request.mail)
        before = address_of(request.before) if request.before else ""
        held = self._known(before) if before else None
        if mail != before and self._book.get(mail) is not None:
            raise InvalidInput("recipient.exists", recipient=mail)
        made = Recipient(
            mail=mail,
            name=_short(request.name),
            organisation=_short(request.organisation),
            accepts=tuple(dict.fromkeys(get(one).id for one in request.accepts)),
            blocks_encrypted=request.blocks_encrypted,
            note=_short(request.note),
            certificates=held.certificates if held else (),
        )
        with self._ctx.open_store().transaction():
            if before and mail != before:
                self._book.remove(before)
            self._book.put(made)
        return self._view(made)

    def remove(self, mail: str) -> None:
        """Drop a recipient with the certificates (`recipient.unknown`)."""
        if not self._book.remove(address_of(mail)):
            raise InvalidInput("recipient.unknown", recipient=plain(mail)[:100])

    def look_at(self, path: str) -> tuple[CertificateView, ...]:
        """Tell what certificates a file holds and keep nothing; errors as `import_from`."""
        facts = judging.read_file(self._ctx, Path(path))
        return tuple(judging.view(self._ctx, one) for one in facts if not _between(one))

    def import_from(self, request: ImportRequest) -> Imported:
        """Take the certificates of a file (PEM, DER, P7B) for a recipient.

        Raises `InvalidInput`: `certificate.damaged`, `certificate.none`, `certificate.too-many`,
        `certificate.holds-key`, `recipient.invalid` (no mail address is given, and the file tells
        not exactly one); `RuleViolation("certificate.other-mail")` when it is made out to another
        address and the fingerprint was not compared.
        """
        facts = judging.read_file(self._ctx, Path(request.path))
        leaves = [one for one in facts if not _between(one)]
        if not leaves:
            raise InvalidInput("certificate.none")
        mail = address_of(request.mail or _told(leaves))
        if not request.compared:
            _require_same(mail, leaves)
        held = self._book.get(mail) or Recipient(mail=mail, name=_short(leaves[0].name))
        kept = {one.fingerprint: one for one in held.certificates}
        for one in facts:
            before = kept.get(one.fingerprint)
            made = before or self._kept(one)
            if request.compared and one in leaves:
                made = self._confirmed(made)
            kept[one.fingerprint] = made
        made_of = replace(held, certificates=tuple(kept.values()))
        self._book.put(made_of)
        shown = self._view(made_of)
        taken = {one.fingerprint for one in leaves}
        rows = tuple(one for one in shown.certificates if one.fingerprint in taken)
        notes = tuple(dict.fromkeys(one.why for one in rows if one.why))
        return Imported(recipient=shown, certificates=rows, notes=notes)

    def confirm(self, mail: str, fingerprint: str) -> RecipientView:
        """Note that the fingerprint was compared with the recipient by phone (`certificate.none`).

        Only that makes a certificate usable that no root vouches for.
        """
        held = self._known(mail)
        if not any(one.fingerprint == fingerprint for one in held.certificates):
            raise InvalidInput("certificate.none")
        rows = tuple(
            self._confirmed(one) if one.fingerprint == fingerprint else one
            for one in held.certificates
        )
        changed = replace(held, certificates=rows)
        self._book.put(changed)
        return self._view(changed)

    def remove_certificate(self, mail: str, fingerprint: str) -> RecipientView:
        """Drop a certificate of a recipient; with the last one those between go as well."""
        held = self._known(mail)
        rows = tuple(one for one in held.certificates if one.fingerprint != fingerprint)
        if len(rows) == len(held.certificates):
            raise InvalidInput("certificate.none")
        if all(one.between for one in rows):
            rows = ()
        changed = replace(held, certificates=rows)
        self._book.put(changed)
        return self._view(changed)

    def propose(self, paths: Sequence[str], mails: Sequence[str]) -> "Proposal":
        """Propose a method for files and recipients, with its reason; see `services.proposing`."""
        from meti_desk.services.proposing import propose

        return propose(self._ctx, paths, mails)

    def closing(self, request: "HandleRequest") -> "Closing":
        """Tell how the files of an act would be protected, and why; see `services.closing`."""
        from meti_desk.services.closing import closing

        return closing(self._ctx, request)

    def reminders(self) -> tuple[Reminder, ...]:
        """Give the certificates that end soon or have ended, the person's own first.

        Asks no worker: it is told on ホーム, from the dates as they were read. A recipient whose
        newer certificate lasts is left out.
        """
        days = self._ctx.policy.certificates.warn_days
        found = [one for one in map(self._reminder, self._book.all()) if one is not None]
        own = judging.own_reminder(self._ctx)
        rows = ([own] if own is not None else []) + sorted(found, key=lambda one: one.days_left)
        return tuple(one for one in rows if one.days_left < days)

    def _reminder(self, held: Recipient) -> Reminder | None:
        leaves = [judging.facts_of(one) for one in held.certificates if not one.between]
        usable = [one for one in leaves if one.algorithm]
        if not usable:
            return None
        last = max(usable, key=lambda one: one.ends)
        days = judging.days_left(self._ctx, last)
        return Reminder(mail=held.mail, name=held.name, ends=last.ends, days_left=days)

    @property
    def _book(self) -> RecipientBook:
        return self._ctx.open_store().recipients

    def _known(self, mail: str) -> Recipient:
        held = self._book.get(address_of(mail))
        if held is None:
            raise InvalidInput("recipient.unknown", recipient=plain(mail)[:100])
        return held

    def _kept(self, facts: CertificateFacts) -> KeptCertificate:
        return KeptCertificate(
            fingerprint=facts.fingerprint,
            data=facts.data,
            facts=msgspec.json.encode(facts),
            added_at=self._ctx.clock.now().isoformat(),
            between=_between(facts),
        )

    def _confirmed(self, kept: KeptCertificate) -> KeptCertificate:
        now = self._ctx.clock.now().isoformat()
        return replace(kept, confirmed_by=self._ctx.actor(), confirmed_at=now)

    def _view(self, held: Recipient) -> RecipientView:
        return self._views([held])[0]

    def _views(self, rows: Sequence[Recipient]) -> tuple[RecipientView, ...]:
        judged = judging.judged(self._ctx, [c for one in rows for c in one.certificates])
        return tuple(_shown(self._ctx, one, judged) for one in rows)


def certificates_for(ctx: Context, mails: Sequence[str]) -> tuple[bytes, ...]:
    """Give one certificate (DER) for each recipient: of those that can be used the newest.

    Whether a short key is allowed is asked of the CRYPTREC table when it is used (Art. 30-1).
    Raises `InvalidInput`: `recipient.unknown`, `certificate.none-kept`, and with the recipient
    named `RuleViolation`: `certificate.expired`, `certificate.not-yet`, `certificate.revoked`,
    `certificate.unusable`, `certificate.unconfirmed` (no root vouches for it, and nobody compared
    the fingerprint by phone), `crypto.compromised` (its kind of key is marked 危殆化, Art. 30-2).
    """
    return tuple(dict.fromkeys(_one_for(ctx, mail) for mail in mails))


def _one_for(ctx: Context, mail: str) -> bytes:
    recipient = Recipients(ctx).show(mail)
    if not recipient.certificates:
        raise InvalidInput("certificate.none-kept", recipient=recipient.mail)
    usable = [one for one in recipient.certificates if one.usable]
    if not usable:
        last = max(recipient.certificates, key=lambda one: one.ends)
        if last.why == judging.COMPROMISED:
            raise RuleViolation(
                judging.COMPROMISED,
                articles=("30-2",),
                algorithm=last.kind,
                recipient=recipient.mail,
            )
        code = _REFUSED[last.state]
        raise RuleViolation(
            code,
            articles=("14-2",),
            recipient=recipient.mail,
            day=(last.begins if last.state == "not-yet" else last.ends)[:10],
        )
    chosen = newest(usable).fingerprint
    held = ctx.open_store().recipients.get(recipient.mail)
    return next(c.data for c in held.certificates if c.fingerprint == chosen) if held else b""


def newest(usable: Sequence[CertificateView]) -> CertificateView:
    """Give of the certificates that can be used the one that is: the newest."""
    return max(usable, key=lambda one: (one.begins, one.ends))


def address_of(mail: str) -> str:
    """Take a mail address as the book knows it: small letters (`recipient.invalid`)."""
    address = mail.strip().lower()
    if not sendable(address):
        raise InvalidInput("recipient.invalid", name=plain(mail)[:100])
    return address


def _has(one: Recipient, words: Sequence[str]) -> bool:
    text = f"{one.mail} {one.name} {one.organisation} {one.note}".casefold()
    return all(word in text for word in words)


def _short(text: str) -> str:
    return plain(text.strip())[:_LONGEST]


def _between(facts: CertificateFacts) -> bool:
    return "ca" in facts.uses


def _told(leaves: Sequence[CertificateFacts]) -> str:
    """Give the one mail address that stands in the certificates, or nothing."""
    found = {mail.lower() for one in leaves for mail in one.mails}
    return found.pop() if len(found) == 1 else ""


def _require_same(mail: str, leaves: Sequence[CertificateFacts]) -> None:
    """Refuse a certificate that names other addresses: the file would be for somebody else."""
    for one in leaves:
        if one.mails and mail not in {told.lower() for told in one.mails}:
            raise RuleViolation(
                "certificate.other-mail",
                articles=("14-2",),
                recipient=mail,
                other=plain(one.mails[0])[:100],
            )


def _shown(ctx: Context, held: Recipient, judged: Mapping[str, CertificateFacts]) -> RecipientView:
    rows = tuple(
        judging.view(ctx, judged[one.fingerprint], one)
        for one in held.certificates
        if not one.between
    )
    return RecipientView(
        mail=held.mail,
        name=held.name,
        organisation=held.organisation,
        inside=ctx.policy.is_inside(held.mail),
        accepts=held.accepts,
        blocks_encrypted=held.blocks_encrypted,
        note=held.note,
        certificates=rows,
        ready=any(one.usable for one in rows),
    )
