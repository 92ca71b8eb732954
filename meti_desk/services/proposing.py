"""Which method is proposed for these files and recipients, and why (Arts. 14-1, 14-2).

A proposal follows from what can be told: who has a certificate, who works inside, what arrives
there, the kind and size of the files, their labels and the policy. The person may choose otherwise;
every method is offered with the sentence that says what it meets.
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from meti_desk.domain.errors import InvalidInput, MetiDeskError
from meti_desk.domain.label import AnyLabel, Label
from meti_desk.domain.recipients import Recipient
from meti_desk.protection.registry import METHODS, choose
from meti_desk.services.context import Context
from meti_desk.services.facts import Facts, opened
from meti_desk.services.paper import sendable
from meti_desk.services.recipient_messages import RecipientView
from meti_desk.services.recipients import Recipients, address_of
from meti_desk.services.suggest import QUICK

_MOST_LOOKED_AT = 30
"""Files that are looked at; among many the rest is alike, or is refused by name."""
_HIGHEST = 3
_OF_ENCRYPTED_MAIL = frozenset({"office", "pdf", "zip"})
"""What gateways see to be encrypted, and stop."""


class MethodOffer(msgspec.Struct, frozen=True, kw_only=True):
    """A method: whether it suits all files, arrives at all recipients, and takes certificates.

    `sentence` is the code of what it meets and what not.
    """

    id: str
    sentence: str
    suits: bool = True
    arrives: bool = True
    certificates: bool = False


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """What is proposed; `why` and `notes` are codes (`propose.…`).

    `by_certificate`: every recipient has one that can be used now. `agreed`: there is a password
    agreed with each of them. `without` are the recipients without a usable certificate, `short`
    tells that a certificate has a short key, so that a reason is asked (Art. 30-1).
    """

    method: str
    why: str
    offers: tuple[MethodOffer, ...]
    by_certificate: bool = False
    agreed: bool = False
    inside: bool = False
    short: bool = False
    without: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class _Kind(msgspec.Struct, frozen=True):
    variant: str
    size: int
    signed: bool
    encrypt: bool


def propose(ctx: Context, paths: Sequence[str], mails: Sequence[str]) -> Proposal:
    """Propose a method for files and recipients.

    A file that cannot be read is left out here: protecting it will tell. Raises
    `InvalidInput("recipient.invalid")`.
    """
    kinds = _kinds(ctx, paths)
    rows = [_recipient(ctx, address_of(mail)) for mail in mails]
    inside = bool(rows) and all(one.inside for one in rows)
    ready = bool(rows) and all(one.ready for one in rows)
    offers = _offers(kinds, rows)
    reached = any(one.certificates and one.suits and one.arrives for one in offers)
    method, why = _chosen(kinds, offers, ready=ready and reached, inside=inside)
    return Proposal(
        method=method,
        why=why,
        offers=offers,
        by_certificate=ready,
        agreed=bool(rows) and all(ctx.open_store().agreed.current(one.mail) for one in rows),
        inside=inside,
        short=ready and any(c.short for one in rows for c in one.certificates if c.usable),
        without=tuple(one.mail for one in rows if not one.ready),
        notes=("propose.gateway",) if any(one.blocks_encrypted for one in rows) else (),
    )


def method_of(
    ctx: Context, facts: Facts, rows: Sequence[RecipientView], *, label: AnyLabel | None,
    certificates: bool, encrypt: bool = False,
) -> tuple[str, str]:  # fmt: skip
    """Propose the method for one file whose label may be decided just now; gives method and why.

    `rows` are the recipients as `known_of` gives them, `certificates`: the file is closed for
    theirs; `encrypt`: encryption by listed algorithms was found necessary (Art. 14-2).
    """
    kind = _kind(ctx, facts, label)
    kind = _Kind(kind.variant, kind.size, signed=kind.signed, encrypt=kind.encrypt or encrypt)
    inside = bool(rows) and all(one.inside for one in rows)
    return _chosen([kind], _offers([kind], rows), ready=certificates, inside=inside)


def known_of(ctx: Context, name: str) -> RecipientView:
    """Give what is known of somebody who was named in any way; of most who are no address: none."""
    return _recipient(ctx, address_of(name)) if sendable(name.strip()) else RecipientView(mail=name)


def certificates_arrive(rows: Sequence[RecipientView]) -> bool:
    """Tell whether each of the recipients receives a method that closes for certificates."""
    return any(
        all(_arrives(method.id, one) for one in rows)
        for method in METHODS.values()
        if method.takes_certificates
    )


def _offers(kinds: Sequence[_Kind], rows: Sequence[RecipientView]) -> tuple[MethodOffer, ...]:
    return tuple(
        MethodOffer(
            id=method.id,
            sentence=method.sentence,
            suits=all(method.suits(kind.variant, kind.size) for kind in kinds),
            arrives=all(_arrives(method.id, one) for one in rows),
            certificates=method.takes_certificates,
        )
        for method in METHODS.values()
    )


def _chosen(
    kinds: Sequence[_Kind], offers: Sequence[MethodOffer], *, ready: bool, inside: bool
) -> tuple[str, str]:
    """Take the best method that suits all files and arrives; where none arrives, one that suits."""
    encrypt = any(kind.encrypt for kind in kinds)
    best = {
        choose(
            kind.variant, kind.size, signed=kind.signed, certificates=ready, inside=inside,
            encrypt=encrypt,
        )
        for kind in kinds
    }  # fmt: skip
    able = [one for one in offers if one.suits and (one.certificates or not ready)]
    first = [*(best if len(best) == 1 else ()), *_IN_DOUBT]
    order = sorted(able, key=lambda one: first.index(one.id) if one.id in first else len(first))
    chosen = next((one for one in order if one.arrives), order[0] if order else offers[0])
    if order and chosen is not order[0]:
        return chosen.id, "propose.accepts"
    if ready:
        return chosen.id, "propose.certificates"
    return chosen.id, _WHY.get(chosen.id, "propose.everybody")


_IN_DOUBT = ("zip", "cms", "html")
"""For files that would each want another method; for certificates that is `cms`."""
_WHY = {
    "office": "propose.own-format",
    "pdf": "propose.own-format",
    "metienc": "propose.inside",
    "html": "propose.listed",
}


def _arrives(method: str, one: RecipientView) -> bool:
    if one.accepts:
        return method in one.accepts
    return not (one.blocks_encrypted and method in _OF_ENCRYPTED_MAIL)


def _recipient(ctx: Context, mail: str) -> RecipientView:
    """Give a recipient from the book, or one of whom nothing is known."""
    try:
        return Recipients(ctx).show(mail)
    except InvalidInput as error:
        if error.code != "recipient.unknown":
            raise
        return RecipientView(mail=Recipient(mail=mail).mail, inside=ctx.policy.is_inside(mail))


def _kinds(ctx: Context, paths: Sequence[str]) -> list[_Kind]:
    found = []
    for path in list(paths)[:_MOST_LOOKED_AT]:
        try:
            with opened(ctx, Path(path), QUICK) as facts:
                found.append(_kind(ctx, facts, facts.label))
        except (MetiDeskError, OSError):
            continue
    return found


def _kind(ctx: Context, facts: Facts, label: AnyLabel | None) -> _Kind:
    encrypt = isinstance(label, Label) and (
        label.confidentiality >= _HIGHEST or ctx.policy.is_raised("encryption", label)
    )
    signed = facts.inspection.obstacle == "signed"
    return _Kind(facts.inspection.format, facts.size, signed=signed, encrypt=encrypt)
