"""Kinds of what mails tell besides their text (Arts. 14-7, 15-2), and which lines stay."""

from meti_desk.formats.inner import Kinds
from meti_desk.formats.noting import Kind
from meti_desk.formats.text.kinds import HTML_KINDS

UNSUPPORTED = "mail.member-unsupported"
REFUSED = "mail.member-refused"
TNEF = "mail.tnef"
UUENCODED = "mail.uuencoded"
REPORT = "mail.report"
CALENDAR = "mail.calendar"
LOCATION = "mail.part-location"
PATH = "mail.path"
RECIPIENT = "mail.recipient"
ROUTE = "mail.route"
MESSAGE_ID = "mail.message-id"
PROGRAM = "mail.program"
HEADER = "mail.header"
ADDRESS_COMMENT = "mail.address-comment"
ENVELOPE = "mail.envelope"
PREAMBLE = "mail.preamble"
BOUNDARY = "mail.boundary"
CONTENT_ID = "mail.content-id"
PART_HEADER = "mail.part-header"
ENCODING = "mail.encoding"
OWN = "mail.own-property"

KINDS: dict[str, Kind] = {
    **HTML_KINDS,
    UNSUPPORTED: Kind(3, "high", "blocks", "blocks"),
    REFUSED: Kind(3, "high", "blocks", "blocks"),
    TNEF: Kind(3, "high", "blocks", "blocks"),
    UUENCODED: Kind(3, "high", "blocks", "blocks"),
    REPORT: Kind(15, "high", "blocks", "blocks"),
    CALENDAR: Kind(15, "medium", "kept", "blocks"),
    LOCATION: Kind(6, "high", "blocks", "blocks"),
    PATH: Kind(6, "high"),
    RECIPIENT: Kind(15, "high"),
    ROUTE: Kind(15, "high"),
    MESSAGE_ID: Kind(15, "high"),
    PROGRAM: Kind(15, "medium"),
    HEADER: Kind(15, "high"),
    ADDRESS_COMMENT: Kind(15, "medium"),
    ENVELOPE: Kind(15, "high"),
    PREAMBLE: Kind(7, "high"),
    BOUNDARY: Kind(15, "low"),
    CONTENT_ID: Kind(15, "medium"),
    PART_HEADER: Kind(15, "medium"),
    ENCODING: Kind(13, "medium"),
    OWN: Kind(15, "low"),
}
INSIDE = Kinds(UNSUPPORTED, REFUSED)

SHOWN = frozenset({"from", "to", "cc", "subject", "date"})
"""Lines that every reader of a mail sees."""
STRUCTURE = frozenset({"mime-version", "content-type", "content-transfer-encoding"})
OF_PARTS = frozenset({*STRUCTURE, "content-disposition", "content-id", "content-location"})

_KINDS_OF_LINES = {
    **dict.fromkeys(
        (
            *("received", "return-path", "delivered-to", "authentication-results", "envelope-to"),
            *("received-spf", "dkim-signature", "domainkey-signature", "arc-seal"),
            *("arc-message-signature", "arc-authentication-results", "x-originating-ip"),
            *("x-received", "x-original-to", "x-forwarded-to", "x-sender-ip", "x-forwarded-for"),
        ),
        ROUTE,
    ),
    **dict.fromkeys(
        (
            *("message-id", "references", "in-reply-to", "thread-index", "thread-topic"),
            *("x-message-id", "original-message-id", "resent-message-id"),
        ),
        MESSAGE_ID,
    ),
    **dict.fromkeys(("user-agent", "x-mailer", "x-mimeole", "x-newsreader"), PROGRAM),
    **dict.fromkeys(("bcc", "resent-bcc", "resent-to", "resent-cc", "x-bcc"), RECIPIENT),
}


def kind_of_line(name: str) -> str:
    """Name the kind of a header line that no reader sees, by its name in small letters."""
    return _KINDS_OF_LINES.get(name, HEADER)
