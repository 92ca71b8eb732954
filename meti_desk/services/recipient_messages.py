"""What the address book (宛先) is asked and answers; as the command `recipients` tells it."""

import msgspec

from meti_desk.protection.keys.facts import State


class CertificateView(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate as it is shown; `state` is judged now, `why` a code for it.

    `days_left` counts to its end, below 0 after it. `needs_phone`: no root vouches for it, so it is
    used only after the fingerprint was compared by phone (`confirmed_by`, `confirmed_at`).
    `short`: its key is shorter than what is made new, so a reason is asked (Art. 30-1).
    """

    fingerprint: str
    name: str
    subject: str
    issuer: str
    serial: str
    mails: tuple[str, ...] = ()
    begins: str
    ends: str
    days_left: int
    kind: str
    state: State
    why: str = ""
    revocation: bool = False
    confirmed_by: str = ""
    confirmed_at: str = ""
    needs_phone: bool = False
    short: bool = False
    usable: bool = False
    """Whether a file can be protected for it now."""


class RecipientView(msgspec.Struct, frozen=True, kw_only=True):
    """A recipient as listed. `inside` follows from the domains that policy names, from no wish."""

    mail: str
    name: str = ""
    organisation: str = ""
    inside: bool = False
    accepts: tuple[str, ...] = ()
    blocks_encrypted: bool = False
    note: str = ""
    certificates: tuple[CertificateView, ...] = ()
    ready: bool = False
    """Whether there is a certificate that can be used now."""


class RecipientRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Add a recipient, or change one; `before` is the mail address that it had until now."""

    mail: str
    name: str = ""
    organisation: str = ""
    accepts: tuple[str, ...] = ()
    blocks_encrypted: bool = False
    note: str = ""
    before: str = ""


class ImportRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Take the certificates of a file for a recipient.

    `mail` empty: the one address that stands in the certificate. `compared`: the person compared
    the fingerprint with the recipient by phone.
    """

    path: str
    mail: str = ""
    compared: bool = False


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What was taken; `notes` are codes of what the person has to know."""

    recipient: RecipientView
    certificates: tuple[CertificateView, ...] = ()
    notes: tuple[str, ...] = ()


class Reminder(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate that ends soon or has ended; `mail` empty: it is the person's own."""

    mail: str
    name: str
    ends: str
    days_left: int
